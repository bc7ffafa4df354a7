//! An address at which nobody listens.
#![allow(clippy::expect_used)]

use std::net::{Ipv4Addr, SocketAddr};

use socket2::{Domain, Socket, Type};

/// A port that is bound and not listened at: every connection to it is refused. It stays taken while this lives, so that no
/// other process is given it in between.
pub(crate) struct Nobody {
    socket: Socket,
}

impl Nobody {
    pub(crate) fn new() -> Nobody {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).expect("a port");
        Nobody { socket }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.socket.local_addr().ok().and_then(|address| address.as_socket()).expect("an address")
    }
}
