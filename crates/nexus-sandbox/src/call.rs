//! [`Call`] and [`Reply`]: an HTTP request and its response as plain values, so that the world needs no socket.

use std::borrow::Cow;

use serde::Serialize;

use crate::faults::Delivery;
use crate::why::Why;
use nexus_types::{MEDIA_TYPE, SSO_MEDIA_TYPE};

/// What the sandbox looks at in a request. Printing it shows neither headers nor body.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Call<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// The path as it came, percent-encoded, with its query if there is one.
    pub path: &'a str,
    /// The header `Accept`.
    pub accept: Option<&'a str>,
    /// The header `Content-Type`.
    pub content_type: Option<&'a str>,
    /// The header `MD-SESSION-TOKEN`.
    pub session_token: Option<&'a str>,
    /// The header `MD-API-TOKEN`.
    pub api_token: Option<&'a str>,
    /// The header `MD-API-KEY`.
    pub api_key: Option<&'a str>,
    /// The header `Authorization`; only the widget's page sends it.
    pub authorization: Option<&'a str>,
    /// The header `Sec-Fetch-Dest`, by which a browser says what it will do with the response.
    pub fetch_dest: Option<&'a str>,
    /// The header `Sec-Purpose`, by which a browser says that it only looks ahead.
    pub purpose: Option<&'a str>,
    /// The body; empty where there is none.
    pub body: &'a [u8],
}

impl<'a> Call<'a> {
    /// A request without headers and body; set the fields that it has.
    pub fn new(method: &'a str, path: &'a str) -> Call<'a> {
        Call { method, path, ..Call::default() }
    }

    /// The path without its query.
    pub(crate) fn plain_path(&self) -> &'a str {
        self.path.split_once('?').map_or(self.path, |(path, _)| path)
    }

    /// One parameter of the query, as it came.
    pub(crate) fn parameter(&self, name: &str) -> Option<&'a str> {
        parameter(self.path, name)
    }
}

/// One parameter of the query of a path, as it came.
pub(crate) fn parameter<'a>(path: &'a str, name: &str) -> Option<&'a str> {
    let (_, query) = path.split_once('?')?;
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

impl std::fmt::Debug for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// Headers beside those that every response may have: names in small letters, and values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreHeaders(pub Vec<(&'static str, Cow<'static, str>)>);

/// What the sandbox responds with. Printing it does not show the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The header `Content-Type`.
    pub content_type: &'static str,
    /// The header `Allow`, with a 405.
    pub allow: Option<&'static str>,
    /// The header `Retry-After`, where a fault says so.
    pub retry_after: Option<Box<str>>,
    /// The header `Location`, where a fault says so.
    pub location: Option<Box<str>>,
    /// More headers: those of pages and of their files. Few responses have any.
    pub headers: Option<Box<MoreHeaders>>,
    /// How it is delivered; not as it should be where a fault says so.
    pub delivery: Delivery,
    /// The body.
    pub body: Vec<u8>,
    /// Whether a server is to wait until every webhook that is due has been sent, and to ask again what there is to say.
    pub(crate) waits: bool,
    /// Why it is so, for the log of requests; it is not sent.
    pub(crate) why: Option<Box<Why>>,
}

/// The media type of the admin interface.
const JSON: &str = "application/json";

impl Reply {
    pub(crate) fn with_body(status: u16, content_type: &'static str, body: Vec<u8>) -> Reply {
        let (allow, retry_after, location, headers) = (None, None, None, None);
        Reply {
            status,
            content_type,
            allow,
            retry_after,
            location,
            headers,
            delivery: Delivery::Whole,
            body,
            waits: false,
            why: None,
        }
    }

    pub(crate) fn with_headers(mut self, headers: Vec<(&'static str, Cow<'static, str>)>) -> Reply {
        self.headers = Some(Box::new(MoreHeaders(headers)));
        self
    }

    fn json(status: u16, content_type: &'static str, value: &impl Serialize) -> Reply {
        // Plain structs of text and numbers cannot fail to serialise.
        Reply::with_body(status, content_type, serde_json::to_vec(value).unwrap_or_default())
    }

    /// A success of the data API.
    pub(crate) fn data(value: &impl Serialize) -> Reply {
        Reply::json(200, MEDIA_TYPE, value)
    }

    /// A success of the SSO API.
    pub(crate) fn sso(value: &impl Serialize) -> Reply {
        Reply::json(200, SSO_MEDIA_TYPE, value)
    }

    /// A success of the admin interface.
    pub(crate) fn admin(value: &impl Serialize) -> Reply {
        Reply::json(200, JSON, value)
    }

    /// The same, to be asked for again when what is on its way has arrived.
    pub(crate) fn waiting(mut self, waits: bool) -> Reply {
        self.waits = waits;
        self
    }

    /// JSON text that is ready.
    pub(crate) fn ready(body: &str) -> Reply {
        Reply::with_body(200, JSON, body.as_bytes().to_vec())
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reply")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
