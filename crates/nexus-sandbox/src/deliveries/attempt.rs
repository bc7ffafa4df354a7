//! [`WebhookAttempt`]: one request that is to be sent, and [`WebhookOutcome`]: what came of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use nexus_types::Timestamp;

use super::subscription::WebhookAuth;

/// One request that is to be sent now. Printing it shows neither body nor credentials.
#[derive(Clone)]
#[non_exhaustive]
pub struct WebhookAttempt {
    /// The number of the delivery that it belongs to.
    pub delivery: u64,
    /// The sandbox's time at which it is sent.
    pub at: Timestamp,
    /// Where it goes.
    pub url: String,
    /// How the sender shows who it is.
    pub auth: WebhookAuth,
    /// Whether what shows who the sender is must be made wrong: a fault says so.
    pub wrong_auth: bool,
    /// The body, `application/json`.
    pub body: Arc<[u8]>,
    /// How the body goes out.
    pub manner: WebhookManner,
    /// How long it may take, in real time.
    pub timeout: Duration,
    /// What it is.
    pub kind: AttemptKind,
    /// Of which beginning of the world it is: after a reset it changes nothing.
    pub(crate) generation: u64,
    #[cfg_attr(not(feature = "webhooks"), allow(dead_code, reason = "only what sends keeps a token for it"))]
    pub(crate) subscription: u32,
    pub(crate) millis: i64,
    /// The fault that met it.
    pub(crate) fault: Option<u32>,
}

/// What a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptKind {
    /// One of the schedule's.
    Scheduled,
    /// One more of the same, by a fault.
    Copy,
    /// An event that never happened, by a fault.
    Forged,
    /// Sent again on request, as it was.
    Replay,
    /// Sent again on request, with another body.
    Edited,
}

/// How a body goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookManner {
    /// As it should.
    Whole,
    /// Byte by byte, with this pause between two.
    Slow(Duration),
    /// Half of it; then the connection is closed.
    Reset,
}

/// What came of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// A response with this HTTP status.
    Response(u16),
    /// No response.
    Failed(WebhookTrouble),
}

/// Why no response came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookTrouble {
    /// Nobody listens there.
    Refused,
    /// It took too long.
    Timeout,
    /// The connection ended, or what came was no HTTP.
    Closed,
    /// TLS was not agreed upon.
    Tls,
    /// The host is not known.
    UnknownHost,
    /// No token could be got for it.
    Token,
}

impl AttemptKind {
    /// The name that it has in the log.
    pub fn name(self) -> &'static str {
        match self {
            AttemptKind::Scheduled => "scheduled",
            AttemptKind::Copy => "copy",
            AttemptKind::Forged => "forged",
            AttemptKind::Replay => "replay",
            AttemptKind::Edited => "edited",
        }
    }
}

impl WebhookTrouble {
    /// The name that it has in the log.
    pub fn name(self) -> &'static str {
        match self {
            WebhookTrouble::Refused => "refused",
            WebhookTrouble::Timeout => "timeout",
            WebhookTrouble::Closed => "closed",
            WebhookTrouble::Tls => "tls",
            WebhookTrouble::UnknownHost => "unknown_host",
            WebhookTrouble::Token => "token",
        }
    }
}

impl fmt::Debug for WebhookAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookAttempt")
            .field("delivery", &self.delivery)
            .field("at", &self.at)
            .field("kind", &self.kind)
            .field("auth", &self.auth)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}
