//! [`Receiver`]: a receiver of webhooks on loopback that answers as it is told, for tests and for a look at what arrives.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::mpsc;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::sending::basic;

/// No event is longer.
const LONGEST: usize = 1024 * 1024;

/// How a receiver answers.
#[derive(Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Receiving {
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// The HTTP statuses of its answers, one after the other, the last one again and again. 204 where there are none.
    pub answers: Vec<u16>,
    /// User name and password; who brings others gets a 401, which uses up no answer.
    pub basic: Option<(String, String)>,
    /// How long it takes to answer.
    pub delay: Duration,
}

/// A request that arrived. Printing it shows neither body nor credentials.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Arrival {
    /// The path with its query.
    pub path: String,
    /// The headers, their names in lower case, in order.
    pub headers: Vec<(String, String)>,
    /// The body, as far as it came.
    pub body: Vec<u8>,
    /// Whether all of the body came.
    pub whole: bool,
    /// Whether it showed the user name and password that were asked for, if any were.
    pub authorized: bool,
    /// What it was answered with.
    pub status: u16,
}

/// A receiver that listens until it is dropped.
///
/// ```
/// use std::time::Duration;
///
/// use nexus_sandbox::{Options, Receiver, Receiving, Sandbox, Subscription};
/// use nexus_types::{Endpoint, Person, Preinitiate, WebhookEvent};
///
/// let receiver = Receiver::start(Receiving::default(), |_| ())?;
/// let sandbox = Sandbox::start(Options::default())?;
/// sandbox.with_world(|world| world.subscribe(Subscription::new(receiver.url())))?;
/// let token = sandbox.credentials().session_token.clone();
/// let preinitiate = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com")?);
/// sandbox.with_world(|world| world.handle(&preinitiate.request(), &token));
/// // What is due by now has been sent when this is over.
/// sandbox.advance(Duration::ZERO);
/// let arrived = receiver.arrivals();
/// assert_eq!(WebhookEvent::parse(&arrived[0].body)?.record.status.name(), "PREINITIATED");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Receiver {
    url: String,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

type Told = dyn Fn(&Arrival) + Send + Sync;

struct Shared {
    receiving: Receiving,
    authorization: Option<HeaderValue>,
    answered: Mutex<usize>,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
    told: Box<Told>,
}

impl Receiver {
    /// Starts. Whatever arrives is told, before it is answered.
    ///
    /// # Errors
    /// When the port cannot be bound, no thread started, or the credentials cannot stand in a header.
    pub fn start(receiving: Receiving, told: impl Fn(&Arrival) + Send + Sync + 'static) -> io::Result<Receiver> {
        let authorization = receiving.basic.as_ref().map(|(username, password)| basic(username, password));
        let authorization =
            authorization.map(|value| HeaderValue::try_from(value).map_err(io::Error::other)).transpose()?;
        let arrivals = Arc::new(Mutex::new(Vec::new()));
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, receiving.port));
        let (answered, told) = (Mutex::new(0), Box::new(told));
        let shared = Arc::new(Shared { receiving, authorization, answered, arrivals: Arc::clone(&arrivals), told });
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let thread = std::thread::Builder::new().name("nexus-receiver".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(serve(address, shared, stopped, &ready)),
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        let bound = is_ready.recv().map_err(|_| io::Error::other("the receiver ended before it was ready"))??;
        Ok(Receiver { url: format!("http://{bound}/"), arrivals, stop: Some(stop), thread: Some(thread) })
    }

    /// Its address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What has arrived so far, in order.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in that thread has been reported there.
            let _ = thread.join();
        }
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
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(_) => {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            _ = &mut stopped => return,
        };
        let shared = Arc::clone(&shared);
        let service = service_fn(move |request| answer(Arc::clone(&shared), request));
        tokio::spawn(async move {
            // What a sender breaks is its own business.
            let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Response<Empty<Bytes>>, io::Error> {
    let (head, body) = request.into_parts();
    let authorized = shared.authorization.as_ref().is_none_or(|wanted| head.headers.get(AUTHORIZATION) == Some(wanted));
    let (body, whole) = read(Limited::new(body, LONGEST)).await;
    let status = match (&head.method, authorized) {
        (&Method::POST, true) => shared.next(),
        (&Method::POST, false) => StatusCode::UNAUTHORIZED.as_u16(),
        _ => StatusCode::METHOD_NOT_ALLOWED.as_u16(),
    };
    let header = |(name, value): (&hyper::header::HeaderName, &HeaderValue)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let arrival = Arrival {
        path: head.uri.path_and_query().map_or_else(String::new, |path| path.as_str().to_owned()),
        headers: head.headers.iter().map(header).collect(),
        body,
        whole,
        authorized,
        status,
    };
    (shared.told)(&arrival);
    shared.arrivals.lock().unwrap_or_else(PoisonError::into_inner).push(arrival);
    if !whole {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    if !shared.receiving.delay.is_zero() {
        tokio::time::sleep(shared.receiving.delay).await;
    }
    let mut response = Response::new(Empty::new());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or_default();
    if status == StatusCode::UNAUTHORIZED && shared.authorization.is_some() {
        response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"webhooks\""));
    }
    Ok(response)
}

/// The body as far as it comes, and whether that is all of it.
async fn read(mut body: Limited<Incoming>) -> (Vec<u8>, bool) {
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(frame) = frame else { return (kept, false) };
        if let Ok(data) = frame.into_data() {
            kept.extend_from_slice(&data);
        }
    }
    (kept, true)
}

impl Shared {
    fn next(&self) -> u16 {
        let mut answered = self.answered.lock().unwrap_or_else(PoisonError::into_inner);
        let answers = &self.receiving.answers;
        let status = answers.get(*answered).or(answers.last()).copied().unwrap_or(204);
        *answered = answered.saturating_add(1);
        status
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").field("url", &self.url).finish_non_exhaustive()
    }
}

impl fmt::Debug for Receiving {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiving")
            .field("port", &self.port)
            .field("answers", &self.answers)
            .field("basic", &self.basic.is_some())
            .field("delay", &self.delay)
            .finish()
    }
}

impl fmt::Debug for Arrival {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Arrival")
            .field("body_bytes", &self.body.len())
            .field("whole", &self.whole)
            .field("authorized", &self.authorized)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
