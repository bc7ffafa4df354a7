//! The sockets that a server listens on: 127.0.0.1, and \[::1\] with the same port where this machine has it. Many programs
//! try \[::1\] first when they are told `localhost`.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};

use tokio::net::{TcpListener, TcpStream};

use crate::server::serving::Notice;

/// So often a free port is looked for that is free on both.
const TRIES: usize = 16;

pub(crate) struct Listening {
    v4: TcpListener,
    v6: Option<TcpListener>,
    pub(crate) port: u16,
}

impl Listening {
    /// Binds; says so where only 127.0.0.1 could be had although this machine has \[::1\].
    pub(crate) async fn bind(port: u16) -> io::Result<(Listening, Option<Notice>)> {
        let mut left = TRIES;
        loop {
            left -= 1;
            let v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let bound = v4.local_addr()?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, bound)).await {
                Ok(v6) => return Ok((Listening { v4, v6: Some(v6), port: bound }, None)),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse && port == 0 && left > 0 => {}
                Err(error) => {
                    let taken = error.kind() == io::ErrorKind::AddrInUse;
                    let notice = taken.then_some(Notice::OnlyIpv4 { port: bound });
                    return Ok((Listening { v4, v6: None, port: bound }, notice));
                }
            }
        }
    }

    pub(crate) async fn accept(&self) -> io::Result<TcpStream> {
        let accepted = match &self.v6 {
            None => self.v4.accept().await,
            Some(v6) => tokio::select! {
                accepted = self.v4.accept() => accepted,
                accepted = v6.accept() => accepted,
            },
        };
        accepted.map(|(stream, _)| stream)
    }
}
