//! The values that go between a flow and its driver: steps, events, moments, and the permission to send once.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::journal::{JournalStep, Prior};
use crate::assumptions::Assumptions;
use crate::decide::poll::Environment;
use crate::decide::retry::RetryPolicy;
use crate::error::{Error, TransportCause, TransportProblem};
use crate::secret::ApiToken;
use crate::wire::{Request, Response};

/// A point in time on both clocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Moment {
    /// On a clock that never goes back, since any moment that stays the same for one flow. Deadlines are measured on it.
    pub elapsed: Duration,
    /// Seconds since 1970, UTC, on the wall. Only what outlives a process is measured on it.
    pub unix: i64,
}

/// The limits and assumptions that a flow keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// For one request and its response. 30 seconds.
    pub attempt: Duration,
    /// For the flow in all. 60 seconds.
    pub call: Duration,
    /// For looking after a request that got no usable response, within `call`. 5 seconds.
    pub reconcile: Duration,
    /// How often requests are repeated that may be.
    pub retry: RetryPolicy,
    /// How long deposits take there.
    pub environment: Environment,
    /// What is taken for true about the server.
    pub assumptions: Assumptions,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            attempt: Duration::from_secs(30),
            call: Duration::from_secs(60),
            reconcile: Duration::from_secs(5),
            retry: RetryPolicy::default(),
            environment: Environment::default(),
            assumptions: Assumptions::default(),
        }
    }
}

/// What the driver is to do next.
#[derive(Debug)]
#[must_use]
pub enum Step<T> {
    /// Send this; it may be repeated. Its result is reported by `Response`, `NotSent`, `MaybeSent`, `NoSession` or `Cancelled`.
    Send(Send),
    /// Send this once, on a new connection. Its result is reported as that of `Send` is.
    SendOnce(Permit),
    /// Do nothing until then. Its result is reported by `Elapsed` or `Cancelled`.
    Sleep(Sleep),
    /// The session was refused: open another, by this time on the clock of [`Moment::elapsed`]. Its result is reported by `Renewed`,
    /// `NotRenewable`, `NoSession` or `Cancelled`.
    Renew(Duration),
    /// Look into the journal or write to it. Its result is reported by what the step says, `JournalFailed` or `Cancelled`.
    Journal(JournalStep),
    /// The flow is over.
    Done(T),
}

/// A request and how to send it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Send {
    /// What to send, but for the secret.
    pub request: Arc<Request>,
    /// How long it may take in all, from the name to the last byte of the body.
    pub timeout: Duration,
    /// When everything about it must be over, the opening of a session before it included: on the clock of
    /// [`Moment::elapsed`].
    pub deadline: Duration,
    /// What it is for.
    pub purpose: Purpose,
    /// Which request of the flow it is, from 1.
    pub number: u32,
    /// The secret to join, where it is a one-time API token that the flow itself was given.
    pub token: Option<ApiToken>,
}

/// What a request is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// The call itself: a read, a list, a session.
    Call,
    /// A look at how things stand before something is changed.
    Before,
    /// The change.
    Change,
    /// A look at how a change ended that got no usable response.
    Reconcile,
    /// A look whether a status has come.
    Poll,
}

/// The permission to send one request that must not be repeated.
///
/// It exists once: it cannot be copied, a flow hands it out only when everything is in place (the claim in the journal
/// included), and hands out another one only after a 401, which proves that the first was not carried out.
#[must_use]
pub struct Permit {
    pub(super) send: Send,
    pub(super) not_after: Option<i64>,
}

impl Permit {
    /// Spends it. What comes out is to be sent once.
    pub fn spend(self) -> Once {
        Once { send: self.send, not_after: self.not_after }
    }
}

impl fmt::Debug for Permit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Permit").field(&self.send).finish()
    }
}

/// A request that is to be sent once.
#[derive(Debug)]
#[non_exhaustive]
pub struct Once {
    /// What to send.
    pub send: Send,
    /// When the wall clock is past this second as the first byte is about to leave, it must not leave any more: the machine
    /// was suspended, and what the journal says of it no longer holds. Then it is `NotSent`.
    pub not_after: Option<i64>,
}

/// Nothing to do until a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleep {
    /// Until when, on the clock of [`Moment::elapsed`].
    pub until: Duration,
    /// Why.
    pub pause: Pause,
}

/// The step of a flow that is over.
pub(super) fn rest<T>() -> Step<T> {
    Step::Sleep(Sleep { until: Duration::MAX, pause: Pause::Poll })
}

/// Why a flow sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Pause {
    /// The same request goes out again after it.
    Retry,
    /// Between two looks at how a change ended.
    Reconcile,
    /// Until a status can have changed.
    Poll,
}

/// What came of a step.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A whole HTTP response, of any status.
    Response(Response),
    /// No response, and **certainly** no byte of the request's body left this machine.
    NotSent(Lost),
    /// No whole response, and the server may have acted.
    MaybeSent(Lost),
    /// There is no session to send with, for this reason; nothing was sent.
    NoSession(Error),
    /// The time has come.
    Elapsed,
    /// The caller gave up, instead of a sleep or before a request was sent. While a request of [`Step::SendOnce`] is out it
    /// proves nothing: the request counts as maybe sent.
    Cancelled,
    /// The session was given from outside and no other can be had.
    NotRenewable,
    /// There is a new session.
    Renewed,
    /// What the journal knew.
    Found(Prior),
    /// The claim is durable.
    Claimed {
        /// The number that the journal gave this attempt.
        attempt: u64,
    },
    /// It is written how it ended.
    Settled,
    /// The journal gave this record to another key already.
    Taken,
    /// The journal cannot be used.
    JournalFailed,
}

/// What happened to an exchange that brought no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lost {
    /// What happened.
    pub problem: TransportProblem,
    /// Why, where that is known.
    pub cause: Option<TransportCause>,
}

impl Lost {
    /// This happened.
    pub fn new(problem: TransportProblem) -> Lost {
        Lost { problem, cause: None }
    }

    /// The same for this reason.
    #[must_use]
    pub fn with_cause(self, cause: Option<TransportCause>) -> Lost {
        Lost { cause, ..self }
    }
}
