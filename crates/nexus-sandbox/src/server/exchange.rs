//! One HTTP request and its response: through the gate, to its tenant's world, and back as HTTP.

use std::borrow::Cow;
use std::io;
use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use http_body_util::BodyExt;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Method, StatusCode};
use tokio::sync::watch;

use crate::call::{Call, Reply, parameter};
use crate::faults::Delivery;
use crate::routes::Target;
use crate::server::connection::{Busy, Connection};
use crate::server::cors;
use crate::server::delivery::{Delivered, More};
use crate::server::gate::{Asking, Gate};
use crate::server::live;
use crate::server::own_world::OwnWorld;
use crate::server::place::Place;
use crate::server::tenant_calls;
use crate::server::tenants::Tenants;

/// So much of an oversize body is read and thrown away, so that its sender hears the refusal.
const PATIENCE: usize = 64 * 1024 * 1024;

static SESSION_TOKEN: HeaderName = HeaderName::from_static("md-session-token");
static API_TOKEN: HeaderName = HeaderName::from_static("md-api-token");
static API_KEY: HeaderName = HeaderName::from_static("md-api-key");
static FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
static PURPOSE: HeaderName = HeaderName::from_static("sec-purpose");
static FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
static LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");
static FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");

/// What is served, and to whom.
pub(crate) struct Served {
    pub(crate) tenants: Arc<Tenants>,
    pub(crate) gate: Gate,
    pub(crate) url: String,
    /// Told at the end, so that those who listen let go.
    pub(crate) ending: watch::Sender<bool>,
    /// What tells this server from the next at its address.
    run: String,
}

impl Served {
    pub(crate) fn new(tenants: Arc<Tenants>, gate: Gate, url: String) -> Served {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Served { tenants, gate, url, ending: watch::Sender::new(false), run: format!("{:x}", began.as_nanos()) }
    }
}

type HttpResponse = hyper::Response<Delivered>;

pub(crate) async fn respond(
    served: Arc<Served>,
    connection: Arc<Connection>,
    request: hyper::Request<Incoming>,
) -> Result<HttpResponse, io::Error> {
    let began = Instant::now();
    let (head, body) = request.into_parts();
    let headers = &head.headers;
    let place = Place::of(head.uri.path_and_query().map_or("", |path| path.as_str()));
    let asking = Asking {
        method: head.method.as_str(),
        host: single(headers, &header::HOST),
        authority: head.uri.authority().map(|authority| authority.as_str()),
        origin: single(headers, &header::ORIGIN),
        fetch_site: single(headers, &FETCH_SITE),
        fetch_mode: single(headers, &FETCH_MODE),
        content_type: single(headers, &header::CONTENT_TYPE),
        body: !body.is_end_stream(),
    };
    if let Err(refused) = served.gate.pass(place.guard(), &asking) {
        return Ok(to_http(Reply::refusal(refused.status(), &refused.to_string()), None, None));
    }
    if let (&Method::OPTIONS, Some(route)) = (&head.method, place.route()) {
        let mut response = HttpResponse::new(Delivered::new(Bytes::new(), Delivery::Whole, None, None));
        *response.status_mut() = StatusCode::NO_CONTENT;
        cors::options(response.headers_mut(), &served.gate, route, headers, asking.origin);
        return Ok(response);
    }
    let own = match tenant(&served.tenants, &place, headers) {
        Ok(own) => own,
        Err(refusal) => return Ok(to_http(refusal, None, None)),
    };
    let limit = if body.is_end_stream() { 0 } else { own.body_limit(place.route()) };
    let Some(body) = read(body, limit).await else {
        return Ok(to_http(Reply::refusal(400, "The body was cut short."), None, None));
    };
    let busy = connection.busy();
    if head.method == Method::GET && place.route().is_some_and(|route| route.target == Target::Live) {
        let after = text(headers, &LAST_EVENT_ID).or_else(|| parameter(&place.path, "after"));
        let ending = served.ending.subscribe();
        return Ok(match live::stream(own, after, &served.run, ending) {
            Ok(told) => live::response(Delivered::stream(told, busy)),
            Err(refusal) => to_http(refusal, None, Some(busy)),
        });
    }
    let accept = accept(headers);
    let call = Call {
        // The HTTP library leaves the body away in the response to a HEAD.
        method: if head.method == Method::HEAD { "GET" } else { head.method.as_str() },
        path: &place.path,
        accept: accept.as_deref(),
        content_type: text(headers, &header::CONTENT_TYPE),
        session_token: text(headers, &SESSION_TOKEN),
        api_token: text(headers, &API_TOKEN),
        api_key: text(headers, &API_KEY),
        body: &body,
        ..Call::default()
    };
    let call = if place.token().is_some() { with_browser(call, headers) } else { call };
    let (reply, rest) = match place.server() {
        // A program at the root has a wrong path, and the log says so.
        Some((route, _)) if route.target == Target::Root && !shows_pages(&call) => own.exchange(&call).await,
        Some((route, name)) => (tenant_calls::respond(&served.tenants, &served.url, &call, route, name), None),
        None => own.exchange(&call).await,
    };
    // Only a list that is written in parts holds on to its world.
    let more = rest.map(|mut rest| -> More { Box::new(move || own.world_now().part(&mut rest)) });
    match reply.delivery {
        Delivery::Late(time) => tokio::time::sleep(time).await,
        Delivery::Reset | Delivery::Cut(_) => connection.reset_at_the_end(),
        Delivery::Whole | Delivery::Slow(_) => {}
    }
    if !place.path.starts_with("/_sandbox/") {
        served.tenants.durations.add(began.elapsed());
    }
    if reply.delivery == Delivery::Reset {
        return Err(io::ErrorKind::ConnectionReset.into());
    }
    let refused_method = reply.allow.is_some();
    let mut response = to_http(reply, more, Some(busy));
    if let (true, Some(route)) = (refused_method, place.route())
        && let Ok(allowed) = HeaderValue::from_str(&route.allowed())
    {
        response.headers_mut().insert(header::ALLOW, allowed);
    }
    cors::mark(response.headers_mut(), &served.gate, place.guard(), asking.origin);
    Ok(response)
}

/// Whose world a request is for: the tenant in its path, or the one that issued its secret.
fn tenant(tenants: &Tenants, place: &Place<'_>, headers: &HeaderMap) -> Result<Arc<OwnWorld>, Reply> {
    if let Some(name) = place.tenant {
        return tenants.named(name).ok_or_else(tenant_calls::unknown);
    }
    let gone = || Reply::refusal(401, "The tenant of this token or key is gone.");
    let secret = [&SESSION_TOKEN, &API_TOKEN, &API_KEY].into_iter().find_map(|name| text(headers, name));
    tenants.of_secret(secret.or_else(|| place.token())).ok_or_else(gone)
}

/// Whether a browser asks for a page.
fn shows_pages(call: &Call<'_>) -> bool {
    call.accept.is_some_and(|accept| accept.contains("text/html"))
}

/// What only a page sends whose address has a token, and the browser that shows it.
fn with_browser<'a>(call: Call<'a>, headers: &'a HeaderMap) -> Call<'a> {
    Call {
        authorization: text(headers, &header::AUTHORIZATION),
        fetch_dest: text(headers, &FETCH_DEST),
        purpose: text(headers, &PURPOSE),
        ..call
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    // A value that is no text fits nothing, and absent it fits nothing either, but for `Accept`.
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// A header that may come once only: which of two is meant nobody can say.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut all = headers.get_all(name).iter();
    let first = all.next()?;
    Some(if all.next().is_some() { "?" } else { first.to_str().unwrap_or("?") })
}

/// All of it: a second header goes on with the list of the first.
fn accept(headers: &HeaderMap) -> Option<Cow<'_, str>> {
    let mut all = headers.get_all(header::ACCEPT).iter().map(|value| value.to_str().unwrap_or("?"));
    let first = all.next()?;
    let mut whole = Cow::Borrowed(first);
    for more in all {
        whole = Cow::Owned(format!("{whole}, {more}"));
    }
    Some(whole)
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

fn to_http(reply: Reply, more: Option<More>, busy: Option<Busy>) -> HttpResponse {
    let body = Delivered::new(reply.body.into(), reply.delivery, more, busy);
    let mut response = hyper::Response::new(body);
    *response.status_mut() = StatusCode::from_u16(reply.status).unwrap_or_default();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    if let Some(allow) = reply.allow {
        headers.insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    for (name, value) in reply.headers.map(|headers| headers.0).unwrap_or_default() {
        if let Ok(value) = HeaderValue::from_str(&value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    for (name, value) in [(header::RETRY_AFTER, reply.retry_after), (header::LOCATION, reply.location)] {
        // Both were checked when the fault was taken in; by way of the library they may be anything.
        if let Some(Ok(value)) = value.as_deref().map(HeaderValue::from_str) {
            headers.insert(name, value);
        }
    }
    response
}
