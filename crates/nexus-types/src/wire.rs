//! The two values that a driver carries: [`Request`] and [`Response`].
//!
//! In: what an endpoint wants to say. Out: plain data that any HTTP library can carry. Secrets that prove who is calling
//! (session token, API token, API key) are **not** part of a request; [`Auth`] says which one the carrier must join and
//! under which header name. Bodies hold account numbers, names and tokens, so neither value shows its body when printed, and
//! both wipe it when they are dropped.

use std::fmt;
use std::time::Duration;

use zeroize::Zeroizing;

use crate::decide::retry::parse_retry_after;
use crate::guid::MicrodepositGuid;
use crate::operation::{Method, Operation};

/// The media type of the Nexus API, for `Content-Type` and `Accept` alike (source: domain.md 1.0).
pub const MEDIA_TYPE: &str = "application/vnd.mx.nexus.v1+json";

/// The media type of the SSO API v3 (source: domain.md 7.1).
pub const SSO_MEDIA_TYPE: &str = "application/vnd.moneydesktop.sso.v3+json";

/// Which of the two hosts a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Host {
    /// The Nexus data API, such as `https://int-data.moneydesktop.com/`.
    Data,
    /// The SSO API, such as `https://int-sso.moneydesktop.com/`.
    Sso,
}

/// Which secret the carrier must add to a request, and so in which header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Auth {
    /// The session token of the user, in `MD-SESSION-TOKEN` (source: domain.md 7.2).
    Session,
    /// A one-time API token, in `MD-API-TOKEN` (source: domain.md 7.2).
    ApiToken,
    /// The client's API key, in `MD-API-KEY` (source: domain.md 7.1).
    ApiKey,
}

impl Auth {
    /// The header that carries the secret.
    pub fn header_name(self) -> &'static str {
        match self {
            Auth::Session => "MD-SESSION-TOKEN",
            Auth::ApiToken => "MD-API-TOKEN",
            Auth::ApiKey => "MD-API-KEY",
        }
    }
}

/// One request, ready to be carried, but for its secret (see [`Auth`]).
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Request {
    /// What is being done.
    pub operation: Operation,
    /// The HTTP method.
    pub method: Method,
    /// Which base address the path belongs to.
    pub host: Host,
    /// Absolute path, percent-encoded, beginning with `/`. A query follows where there is one: `?page=2` of a list.
    pub path: String,
    /// The value of `Accept`, and of `Content-Type` where there is a body.
    pub media_type: &'static str,
    /// Which secret to join.
    pub auth: Auth,
    /// The JSON body, if any. Written in one piece of memory, which is wiped; so are clones of it. What a carrier copies is not.
    pub body: Option<Zeroizing<Vec<u8>>>,
    /// The microdeposit that the request is about, where it names one.
    pub guid: Option<MicrodepositGuid>,
}

impl Request {
    /// The headers without the secret one: `Accept`, and `Content-Type` where there is a body.
    pub fn headers(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let content_type = self.body.as_ref().map(|_| ("Content-Type", self.media_type));
        std::iter::once(("Accept", self.media_type)).chain(content_type)
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("host", &self.host)
            .field("guid", &self.guid)
            .field("auth", &self.auth)
            .field("body_bytes", &self.body.as_ref().map(|body| body.len()))
            .finish_non_exhaustive()
    }
}

/// One HTTP response as received, not yet judged.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// The value of `Retry-After`, if any, unparsed.
    pub retry_after: Option<String>,
    /// The whole body. Wiped when dropped (the type is of the crate `zeroize`, and dereferences to the `Vec`).
    pub body: Zeroizing<Vec<u8>>,
}

impl Response {
    /// A response of this status and body, without headers. A `Vec` is taken over as it is, without a copy.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response { status, retry_after: None, body: Zeroizing::new(body.into()) }
    }

    /// The same response with a `Retry-After`.
    pub fn with_retry_after(mut self, value: impl Into<String>) -> Response {
        self.retry_after = Some(value.into());
        self
    }

    /// How long `Retry-After` asks to wait, where it says so; `unix` is the present second since 1970, UTC.
    pub fn wait(&self, unix: i64) -> Option<Duration> {
        self.retry_after.as_deref().and_then(|text| parse_retry_after(text, unix))
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
