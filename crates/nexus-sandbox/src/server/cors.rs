//! Responses to `OPTIONS`, and the headers that let a page of a named origin use the data and SSO API.
//!
//! Never `*`, and never with credentials: a page has to send its token itself.

use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::routes::{Guard, Route};
use crate::server::gate::Gate;

/// So long a browser may remember the response to a preflight, in seconds.
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

/// The headers of a response to a request from this origin; none at all where no origin is named.
pub(crate) fn mark(headers: &mut HeaderMap, gate: &Gate, guard: Guard, origin: Option<&str>) {
    if guard != Guard::Api || !gate.names_origins() {
        return;
    }
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = admitted(gate, guard, origin) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // The one header of the API that a page is not shown by itself.
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("Retry-After"));
    }
}

/// The headers of the response to an `OPTIONS`: what the path has, and to a preflight what the page may send.
pub(crate) fn options(headers: &mut HeaderMap, gate: &Gate, route: &Route, asked: &HeaderMap, origin: Option<&str>) {
    let Ok(allowed) = HeaderValue::from_str(&route.allowed()) else { return };
    headers.insert(header::ALLOW, allowed.clone());
    mark(headers, gate, route.guard, origin);
    let preflight = asked.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if !preflight || admitted(gate, route.guard, origin).is_none() {
        return;
    }
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, allowed);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, REMEMBERED);
    let names = asked.get(header::ACCESS_CONTROL_REQUEST_HEADERS).filter(|names| are_names(names));
    if let Some(names) = names {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
}

fn admitted(gate: &Gate, guard: Guard, origin: Option<&str>) -> Option<HeaderValue> {
    let origin = origin.filter(|origin| guard == Guard::Api && gate.is_named(origin))?;
    HeaderValue::from_str(origin).ok()
}

/// Whether this is a list of names of headers: it goes back as it came.
fn are_names(list: &HeaderValue) -> bool {
    let name = |name: &str| HeaderName::from_bytes(name.trim().as_bytes()).is_ok();
    list.to_str().is_ok_and(|list| list.split(',').all(name))
}
