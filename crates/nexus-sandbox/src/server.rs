//! [`Sandbox`]: a [`World`] behind a port on loopback, HTTP/1.1 with keep-alive. Only this file and `wire.rs` use sockets.

use std::borrow::Cow;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

use crate::call::{Call, Reply};
use crate::delivery::{Delivered, More, Wire};
use crate::faults::Delivery;
use crate::options::{Credentials, Options};
use crate::world::World;

/// How long the end waits for requests that are under way.
const GRACE: Duration = Duration::from_secs(1);
/// So much of an oversize body is read and thrown away, so that its sender hears the refusal.
const PATIENCE: usize = 64 * 1024 * 1024;

/// How to serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Serving {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// Whether the world's clock runs with the real one. Otherwise it moves only by
    /// [`World::advance`](crate::World::advance).
    pub real_time: bool,
}

/// A sandbox that serves over HTTP until it is stopped or dropped.
///
/// ```
/// use nexus_sandbox::{Options, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// assert!(sandbox.url().starts_with("http://127.0.0.1:"));
/// sandbox.with_world(|world| assert_eq!(world.now().as_str(), "2026-01-05T09:00:00.000Z"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    credentials: Credentials,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    world: Mutex<World>,
    /// With real time: when the world's clock was last moved.
    moved: Option<Mutex<Instant>>,
}

impl Sandbox {
    /// Starts on a free port, with a clock that moves only on request.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        Sandbox::start_with(options, Serving::default())
    }

    /// Starts.
    ///
    /// # Errors
    /// When the port cannot be bound or no thread started.
    pub fn start_with(options: Options, serving: Serving) -> io::Result<Sandbox> {
        let world = World::new(options);
        let credentials = world.credentials().clone();
        let moved = serving.real_time.then(|| Mutex::new(Instant::now()));
        let shared = Arc::new(Shared { world: Mutex::new(world), moved });
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let served = Arc::clone(&shared);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, serving.port));
        let thread = std::thread::Builder::new().name("nexus-sandbox".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(serve(address, served, stopped, &ready)),
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        let bound = is_ready.recv().map_err(|_| io::Error::other("the sandbox ended before it was ready"))??;
        let url = format!("http://{bound}");
        Ok(Sandbox { url, credentials, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// The base address, for the data API and the SSO API alike.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Who may ask.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// Gives access to the world between two requests.
    pub fn with_world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        look(&mut self.shared.world.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Moves the world's clock.
    pub fn advance(&self, by: Duration) {
        self.with_world(|world| world.advance(by));
    }

    /// Ends: no new connections, requests under way are completed.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in that thread has been reported there.
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}

async fn serve(
    address: SocketAddr,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
    ready: &mpsc::Sender<io::Result<SocketAddr>>,
) {
    let bound = TcpListener::bind(address).await.and_then(|listener| Ok((listener.local_addr()?, listener)));
    let listener = match bound {
        Ok((address, listener)) => {
            let _ = ready.send(Ok(address));
            listener
        }
        Err(error) => return drop(ready.send(Err(error))),
    };
    let graceful = GracefulShutdown::new();
    // No time-outs: who is slow on loopback is being debugged, and a timer for each request costs a part of it.
    let http = hyper::server::conn::http1::Builder::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                // Out of descriptors, for example: others may be closed meanwhile.
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            // The channel signals the stop by a message or by being closed.
            _ = &mut stopped => break,
        };
        let _ = stream.set_nodelay(true);
        let shared = Arc::clone(&shared);
        let stream = Arc::new(stream);
        let socket = Arc::clone(&stream);
        let service = service_fn(move |request| respond(Arc::clone(&shared), Arc::clone(&socket), request));
        let connection = graceful.watch(http.serve_connection(TokioIo::new(Wire(stream)), service));
        tokio::spawn(async move {
            // What a client breaks is its own business.
            let _ = connection.await;
        });
    }
    drop(listener);
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

type HttpResponse = hyper::Response<Delivered>;

async fn respond(
    shared: Arc<Shared>,
    socket: Arc<TcpStream>,
    request: hyper::Request<Incoming>,
) -> Result<HttpResponse, io::Error> {
    let (head, body) = request.into_parts();
    let limit = if body.is_end_stream() { 0 } else { shared.limit(head.uri.path()) };
    let Some(body) = read(body, limit).await else {
        return Ok(to_http(Reply::refusal(400, "The body was cut short."), None));
    };
    let headers = &head.headers;
    let accept = all(headers, &header::ACCEPT);
    let call = Call {
        method: head.method.as_str(),
        path: head.uri.path_and_query().map_or("", |path| path.as_str()),
        accept: accept.as_deref(),
        content_type: text(headers, &header::CONTENT_TYPE),
        session_token: text(headers, &SESSION_TOKEN),
        api_token: text(headers, &API_TOKEN),
        api_key: text(headers, &API_KEY),
        body: &body,
    };
    let (reply, rest) = shared.locked().begin(&call);
    match reply.delivery {
        Delivery::Late(time) => tokio::time::sleep(time).await,
        Delivery::Reset | Delivery::Cut(_) => {
            // Reset instead of an orderly close.
            let _ = socket.set_zero_linger();
        }
        Delivery::Whole | Delivery::Slow(_) => {}
    }
    if reply.delivery == Delivery::Reset {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    let more = rest.map(|mut rest| -> More { Box::new(move || shared.locked().part(&mut rest)) });
    Ok(to_http(reply, more))
}

static SESSION_TOKEN: HeaderName = HeaderName::from_static("md-session-token");
static API_TOKEN: HeaderName = HeaderName::from_static("md-api-token");
static API_KEY: HeaderName = HeaderName::from_static("md-api-key");

impl Shared {
    /// So many bytes the body of a request to this path may have.
    fn limit(&self, path: &str) -> usize {
        self.world.lock().unwrap_or_else(PoisonError::into_inner).limit_of(path)
    }

    /// The world, as of now.
    fn locked(&self) -> std::sync::MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(moved) = &self.moved {
            let mut moved = moved.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            // Whole milliseconds; what is left over counts the next time.
            let passed = Duration::from_millis(u64::try_from((now - *moved).as_millis()).unwrap_or(u64::MAX));
            *moved += passed;
            world.advance(passed);
        }
        world
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    // A value that is no text fits nothing, and absent it fits nothing either, but for `Accept`.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// All values of a header that may come more than once, as one.
fn all<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, str>> {
    let mut values = headers.get_all(name).iter().map(|value| value.to_str().unwrap_or("?"));
    let first = Cow::Borrowed(values.next()?);
    Some(values.fold(first, |all, next| Cow::Owned(format!("{all}, {next}"))))
}

/// The body, at most one byte more than the limit; none where it broke off.
async fn read(mut body: Incoming, limit: usize) -> Option<Bytes> {
    if body.is_end_stream() {
        return Some(Bytes::new());
    }
    let (mut kept, mut seen) = (Vec::new(), 0usize);
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.ok()?.into_data() {
            seen = seen.saturating_add(data.len());
            let room = limit.saturating_add(1).saturating_sub(kept.len());
            kept.extend(data.iter().take(room));
            if seen > PATIENCE {
                break;
            }
        }
    }
    Some(kept.into())
}

fn to_http(reply: Reply, more: Option<More>) -> HttpResponse {
    let body = Delivered::new(reply.body.into(), reply.delivery, more);
    let mut response = hyper::Response::new(body);
    *response.status_mut() = hyper::StatusCode::from_u16(reply.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    if let Some(allow) = reply.allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    for (name, value) in [(header::RETRY_AFTER, reply.retry_after), (header::LOCATION, reply.location)] {
        // Both were checked when the fault was taken in; by way of the library they may be anything.
        if let Some(Ok(value)) = value.as_deref().map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
    response
}
