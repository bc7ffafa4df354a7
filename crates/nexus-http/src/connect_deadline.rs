//! The time limit for connecting, applied to the whole of it.
//!
//! ureq gives every single read of a proxy's response to CONNECT the whole limit again, so a proxy that sends a byte now and then
//! could hold a call for ever. Here the limit counts from the first byte.

use std::time::Instant;

use ureq::unversioned::transport::time::Duration;
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, NextTimeout, Transport};
use ureq::{Error, Timeout};

/// Gives a connection that is being made the moment at which that must be over.
#[derive(Debug)]
pub(crate) struct ConnectDeadline;

impl<In: Transport> Connector<In> for ConnectDeadline {
    type Out = Limited<In>;

    fn connect(&self, details: &ConnectionDetails<'_>, chained: Option<In>) -> Result<Option<Limited<In>>, Error> {
        let limit = details.timeout.after;
        let end = match limit {
            Duration::Exact(limit) => Instant::now().checked_add(limit),
            Duration::NotHappening => None,
        };
        Ok(chained.map(|inner| Limited { inner, limit, end }))
    }
}

/// A transport that knows when its making must be over.
#[derive(Debug)]
pub(crate) struct Limited<T> {
    inner: T,
    limit: Duration,
    end: Option<Instant>,
}

impl<T> Limited<T> {
    /// What is left of the limit, while it is the one for connecting; every later one is counted down by ureq itself.
    fn left(&self, timeout: NextTimeout) -> Result<NextTimeout, Error> {
        let connecting = timeout.reason == Timeout::Connect || timeout.after == self.limit;
        let Some(end) = self.end.filter(|_| connecting) else { return Ok(timeout) };
        let left = end.saturating_duration_since(Instant::now());
        match timeout.after {
            _ if left.is_zero() => Err(Error::Timeout(timeout.reason)),
            Duration::Exact(after) if after < left => Ok(timeout),
            _ => Ok(NextTimeout { after: Duration::Exact(left), ..timeout }),
        }
    }
}

impl<T: Transport> Transport for Limited<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.inner.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        let timeout = self.left(timeout)?;
        self.inner.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        let timeout = self.left(timeout)?;
        self.inner.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.inner.is_open()
    }

    fn is_tls(&self) -> bool {
        self.inner.is_tls()
    }
}
