//! One request and its response on the wire: the only place where a secret joins a request.
//!
//! # Whether a server can have acted
//!
//! A server cannot have acted if no connection was made, or if no byte of an announced body left: the request line and headers
//! may have left by then, but the body that they announce has not. No byte has left if ureq has not read from [`Watched`].
//!
//! This rests on ureq 3.5 (`run.rs`). It reads the body in `send_body` alone, into the output of an established connection and
//! after the headers. It takes the body's mode from the headers and the type, not by reading. It waits for `100 Continue` only if
//! the request has `Expect`; ours has none and ureq adds none. It repeats no request by itself and follows no redirect here.
//! Every byte that was read counts as sent, even if it got no further than a buffer.

use std::cell::Cell;
use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nexus_types::{Request, Response, TransportCause, TransportProblem};
use ureq::http::{self, HeaderValue};
use ureq::{Agent, AsSendBody, SendBody};
use zeroize::Zeroizing;

use crate::connecting::Unconnected;
use crate::resolver::Unresolved;

/// The most memory that is reserved for the body that a response announces.
const ROOM: u64 = 1024 * 1024;

/// See the manifest: at level trace, ureq would write out secrets.
const _: () = assert!(log::STATIC_MAX_LEVEL as usize <= log::LevelFilter::Debug as usize);

/// An exchange that brought no usable response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) problem: TransportProblem,
    /// The cause, where it is known.
    pub(crate) cause: Option<TransportCause>,
    /// Whether the server can have acted on it.
    pub(crate) sent: bool,
}

/// Sends a request and reads its response. `time`, counted from `began`, bounds all of it, from the name lookup to the last byte
/// of the body. The body is not begun after `not_after`, in seconds since 1970: no other limit counts the time during which a
/// machine was suspended.
pub(crate) fn exchange(
    agent: &Agent,
    url: &str,
    request: &Request,
    secret: &str,
    (began, time): (Instant, Duration),
    body_limit: u64,
    not_after: Option<i64>,
) -> Result<Response, Broken> {
    // Whether ureq has read from the body, or there is no body to read.
    let touched = Cell::new(false);
    let end = began + time;
    let attempt = || {
        let response = send(agent, url, request, secret, time, not_after, &touched)?;
        receive(response, body_limit)
    };
    // After a panic, `touched` still says whether the request can have left.
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(judge(&error, touched.get(), end)),
        Err(_) => {
            let problem = if touched.get() { TransportProblem::Io } else { TransportProblem::Connect };
            Err(Broken { problem, cause: Some(TransportCause::Internal), sent: touched.get() })
        }
    }
}

fn send(
    agent: &Agent,
    url: &str,
    request: &Request,
    secret: &str,
    time: Duration,
    not_after: Option<i64>,
    touched: &Cell<bool>,
) -> Result<http::Response<ureq::Body>, ureq::Error> {
    let mut token = HeaderValue::from_str(secret).map_err(http::Error::from)?;
    token.set_sensitive(true);
    let mut builder = http::Request::builder().method(request.method.as_str()).uri(url);
    for (name, value) in request.headers() {
        builder = builder.header(name, value);
    }
    builder = builder.header(request.auth.header_name(), token);
    match &request.body {
        None => {
            // Without a body the headers are the whole request, and nothing shows when they leave.
            touched.set(true);
            let built = builder.body(())?;
            agent.run(within(agent, built, time))
        }
        Some(body) => {
            if body.is_empty() {
                touched.set(true);
            }
            let mut reader = Watched { rest: body, not_after, touched };
            let built = builder.header("Content-Length", body.len()).body(SendBody::from_reader(&mut reader))?;
            agent.run(within(agent, built, time))
        }
    }
}

/// Sets the request's time limit, unless the agent has the same one.
fn within<S: AsSendBody>(agent: &Agent, request: http::Request<S>, time: Duration) -> http::Request<S> {
    if agent.config().timeouts().global == Some(time) {
        return request;
    }
    agent.configure_request(request).timeout_global(Some(time)).build()
}

fn receive(response: http::Response<ureq::Body>, limit: u64) -> Result<Response, ureq::Error> {
    let (head, body) = response.into_parts();
    let retry_after = head.headers.get("retry-after").and_then(|value| value.to_str().ok());
    // Room at once for what is announced, within reason: an announcement costs a hostile server nothing.
    let announced = usize::try_from(body.content_length().unwrap_or(0).min(ROOM)).unwrap_or(0);
    let mut read = read_all(body.into_with_config().limit(limit).reader(), announced)?;
    let mut response = Response::new(head.status.as_u16(), std::mem::take(&mut *read));
    if let Some(retry_after) = retry_after {
        response = response.with_retry_after(retry_after);
    }
    Ok(response)
}

/// Reads to the end. Every buffer that is outgrown or not returned is wiped: it can hold account numbers.
fn read_all(mut reader: impl Read, announced: usize) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut read = Zeroizing::new(Vec::with_capacity(announced + 1));
    loop {
        let room = read.capacity() - read.len();
        reader.by_ref().take(u64::try_from(room).unwrap_or(u64::MAX)).read_to_end(&mut read)?;
        if read.len() < read.capacity() {
            return Ok(read);
        }
        let mut larger = Zeroizing::new(Vec::with_capacity(read.capacity().saturating_mul(2).max(1024)));
        larger.extend_from_slice(&read);
        read = larger;
    }
}

fn judge(error: &ureq::Error, touched: bool, end: Instant) -> Broken {
    use nexus_types::TransportProblem::{Connect, Io, Protocol, Timeout, Tls, TooLarge};
    let (unconnected, error) = match error {
        ureq::Error::Other(inner) => match inner.downcast_ref::<Unconnected>() {
            Some(Unconnected(inner)) => (true, inner),
            None => (false, error),
        },
        _ => (false, error),
    };
    let unresolved = match error {
        ureq::Error::Other(inner) => inner.downcast_ref::<Unresolved>().map(|unresolved| unresolved.0),
        _ => None,
    };
    let sent = touched && !unconnected && unresolved.is_none();
    if let Some(cause) = unresolved {
        let problem = if cause == TransportCause::NameServiceSilent { Timeout } else { Connect };
        return Broken { problem, cause: Some(cause), sent };
    }
    let problem = match error {
        ureq::Error::Timeout(_) => Timeout,
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::BadUri(_)
        | ureq::Error::RequireHttpsOnly(_) => Connect,
        ureq::Error::Tls(_) | ureq::Error::Pem(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired => Tls,
        ureq::Error::BodyExceedsLimit(_) => TooLarge,
        ureq::Error::Protocol(_)
        | ureq::Error::LargeResponseHeader(..)
        | ureq::Error::Http(_)
        | ureq::Error::BodyStalled => Protocol,
        ureq::Error::Io(error) => match error.get_ref() {
            Some(inner) if inner.is::<TooLate>() => {
                return Broken { problem: Timeout, cause: Some(TransportCause::TooLate), sent };
            }
            // ureq wraps an error of rustls in an I/O error.
            Some(inner) if inner.is::<rustls::Error>() => Tls,
            _ if error.kind() == io::ErrorKind::TimedOut => Timeout,
            _ if !sent => Connect,
            _ => Io,
        },
        _ => Io,
    };
    // A read that was interrupted at the deadline can look like a broken connection.
    if problem == Io && Instant::now() >= end {
        return Broken { problem: Timeout, cause: None, sent };
    }
    Broken { problem, cause: crate::cause::of(error), sent }
}

struct Watched<'a> {
    rest: &'a [u8],
    not_after: Option<i64>,
    touched: &'a Cell<bool>,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if !self.touched.get() && self.not_after.is_some_and(|moment| now() > moment) {
            return Err(io::Error::other(TooLate));
        }
        self.touched.set(true);
        self.rest.read(buffer)
    }
}

/// The moment until which a body may be begun has passed.
#[derive(Debug)]
struct TooLate;

impl std::fmt::Display for TooLate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        TransportCause::TooLate.fmt(f)
    }
}

impl std::error::Error for TooLate {}

/// Seconds since 1970, by the clock on the wall.
fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

#[cfg(test)]
#[path = "exchange_tests.rs"]
mod tests;
