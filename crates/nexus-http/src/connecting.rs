//! Connecting: names, TCP or a proxy's tunnel, TLS, in the order of ureq's own connector.
//!
//! A failure here is marked as [`Unconnected`]: no part of a request can have left. The addresses that failed are
//! forgotten.

use std::fmt;

use ureq::Error;
use ureq::unversioned::transport::{ConnectProxyConnector, ConnectionDetails, Connector, RustlsConnector, Transport};

use crate::connect_deadline::ConnectDeadline;
use crate::resolver::Resolver;
use crate::tcp::Tcp;

/// A new connection for a caller.
pub(crate) fn connector(resolver: Resolver) -> impl Connector<Out: Transport> {
    let tcp = Tcp { interrupts: resolver.interrupts.clone() };
    let plain = ().chain(ConnectProxyConnector::default()).chain(tcp);
    Marked { way: plain.chain(ConnectDeadline).chain(RustlsConnector::default()), resolver }
}

#[derive(Debug)]
struct Marked<C> {
    way: C,
    resolver: Resolver,
}

impl<C: Connector<()>> Connector<()> for Marked<C> {
    type Out = C::Out;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<()>) -> Result<Option<C::Out>, Error> {
        self.way.connect(details, chained).map_err(|error| {
            self.resolver.forget(details.uri);
            match error {
                // The way to a proxy is part of the way through it.
                Error::Other(inner) if inner.is::<Unconnected>() => Error::Other(inner),
                error => Error::Other(Box::new(Unconnected(error))),
            }
        })
    }
}

/// What kept a connection from being made.
#[derive(Debug)]
pub(crate) struct Unconnected(pub(crate) Error);

impl fmt::Display for Unconnected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Unconnected {}
