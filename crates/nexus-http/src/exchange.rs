//! One request and its answer on the wire: the only place where a secret joins a request.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nexus_types::{Request, Response, TransportProblem};
use ureq::http::{self, HeaderValue};
use ureq::{Agent, AsSendBody, SendBody, Timeout};

/// So much memory an answer gets on its word alone.
const ROOM: u64 = 64 * 1024;

/// See the manifest: at level trace, ureq would write out secrets.
const _: () = assert!(log::STATIC_MAX_LEVEL as usize <= log::LevelFilter::Debug as usize);

/// An exchange that brought no usable answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) problem: TransportProblem,
    /// Whether the server can have acted on it.
    pub(crate) sent: bool,
}

/// Sends and reads. `time` bounds it all, from the name to the last byte of the body.
pub(crate) fn exchange(
    agent: &Agent,
    url: &str,
    request: &Request,
    secret: &str,
    time: Duration,
    body_limit: u64,
) -> Result<Response, Broken> {
    let touched = Touched::default();
    let end = Instant::now() + time;
    let sent = send(agent, url, request, secret, time, &touched);
    let answer = sent.and_then(|answer| receive(answer, body_limit));
    answer.map_err(|error| {
        let problem = judge(&error, request, &touched);
        // An interrupted read can surface as a broken connection; the clock knows better.
        let late = problem == TransportProblem::Io && Instant::now() >= end;
        Broken { problem: if late { TransportProblem::Timeout } else { problem }, sent: touched.get() }
    })
}

fn send(
    agent: &Agent,
    url: &str,
    request: &Request,
    secret: &str,
    time: Duration,
    touched: &Touched,
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
            // Without a body the headers are all there is to act on, and nothing tells when they leave.
            touched.set();
            let built = builder.body(())?;
            agent.run(within(agent, built, time))
        }
        Some(body) => {
            let mut reader = Watched { rest: body, touched };
            let built = builder.header("Content-Length", body.len()).body(SendBody::from_reader(&mut reader))?;
            agent.run(within(agent, built, time))
        }
    }
}

/// The request with its time limit. Most often that is the agent's own; only another one is worth a configuration of its own.
fn within<S: AsSendBody>(agent: &Agent, request: http::Request<S>, time: Duration) -> http::Request<S> {
    if agent.config().timeouts().global == Some(time) {
        return request;
    }
    agent.configure_request(request).timeout_global(Some(time)).build()
}

fn receive(answer: http::Response<ureq::Body>, limit: u64) -> Result<Response, ureq::Error> {
    let (head, body) = answer.into_parts();
    let text = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let (content_type, retry_after) = (text("content-type"), text("retry-after"));
    // Room at once for what is announced, within reason: an announcement costs a hostile server nothing.
    let announced = body.content_length().unwrap_or(0).min(ROOM);
    let mut read = Vec::with_capacity(usize::try_from(announced).unwrap_or(0) + 1);
    body.into_with_config().limit(limit).reader().read_to_end(&mut read)?;
    let mut response = Response::new(head.status.as_u16(), read);
    if let Some(content_type) = content_type {
        response = response.with_content_type(content_type);
    }
    if let Some(retry_after) = retry_after {
        response = response.with_retry_after(retry_after);
    }
    Ok(response)
}

fn judge(error: &ureq::Error, request: &Request, touched: &Touched) -> TransportProblem {
    use std::io::ErrorKind;
    let before = request.body.is_some() && !touched.get();
    match error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => TransportProblem::Timeout,
        ureq::Error::Timeout(_) => TransportProblem::Timeout,
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::BadUri(_)
        | ureq::Error::RequireHttpsOnly(_) => TransportProblem::Connect,
        ureq::Error::Tls(_) | ureq::Error::Pem(_) | ureq::Error::Rustls(_) | ureq::Error::TlsRequired => {
            TransportProblem::Tls
        }
        ureq::Error::BodyExceedsLimit(_) => TransportProblem::TooLarge,
        ureq::Error::Protocol(_)
        | ureq::Error::LargeResponseHeader(..)
        | ureq::Error::Http(_)
        | ureq::Error::BodyStalled => TransportProblem::Protocol,
        ureq::Error::Io(error) => match error.kind() {
            // What rustls refuses arrives wrapped in this.
            ErrorKind::InvalidData if error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) => {
                TransportProblem::Tls
            }
            ErrorKind::ConnectionRefused | ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable => {
                TransportProblem::Connect
            }
            ErrorKind::TimedOut => TransportProblem::Timeout,
            _ if before => TransportProblem::Connect,
            _ => TransportProblem::Io,
        },
        _ => TransportProblem::Io,
    }
}

/// Whether the first byte of a body was asked for. Before that, the request line and headers may have left, but a server
/// cannot act on a request whose announced body it does not have.
#[derive(Clone, Default)]
struct Touched(Arc<AtomicBool>);

impl Touched {
    fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

struct Watched<'a> {
    rest: &'a [u8],
    touched: &'a Touched,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.touched.set();
        self.rest.read(buffer)
    }
}
