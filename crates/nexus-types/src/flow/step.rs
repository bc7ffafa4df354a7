//! The values that a flow and its driver exchange: steps, events, moments, and the permit to send once.

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
    /// Time on a monotonic clock, counted from a moment that is fixed for one flow. Deadlines use this clock.
    pub elapsed: Duration,
    /// Seconds since 1970, UTC, on the wall clock. Only times that outlive a process use this clock.
    pub unix: i64,
}

/// The limits and assumptions that a flow keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// For one request and its response. 30 seconds.
    pub attempt: Duration,
    /// For the whole flow. 60 seconds.
    pub call: Duration,
    /// For finding the outcome of a request that got no usable response, within `call`. 5 seconds.
    pub reconcile: Duration,
    /// How often repeatable requests are repeated.
    pub retry: RetryPolicy,
    /// The environment, which determines how long deposits take.
    pub environment: Environment,
    /// What is assumed about the server.
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

/// The next step for the driver.
#[derive(Debug)]
#[must_use]
pub enum Step<T> {
    /// Send this; it may be repeated. The driver reports `Response`, `NotSent`, `MaybeSent`, `NoSession` or `Cancelled`.
    Send(Send),
    /// Send this once, on a new connection. The driver reports the same events as for `Send`.
    SendOnce(Permit),
    /// Do nothing until a moment. The driver reports `Elapsed` or `Cancelled`.
    Sleep(Sleep),
    /// The session was refused: open another, by this time on the clock of [`Moment::elapsed`]. The driver reports
    /// `Renewed`, `NotRenewable`, `NoSession` or `Cancelled`.
    Renew(Duration),
    /// Read the journal or write to it. The driver reports the event that [`JournalStep`] names, `JournalFailed` or
    /// `Cancelled`.
    Journal(JournalStep),
    /// The flow is over.
    Done(T),
}

/// A request and how to send it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Send {
    /// The request without its secret.
    pub request: Arc<Request>,
    /// The time limit for all of it, from the name lookup to the last byte of the body.
    pub timeout: Duration,
    /// The deadline for all of it, including the opening of a session, on the clock of [`Moment::elapsed`].
    pub deadline: Duration,
    /// The purpose of the request.
    pub purpose: Purpose,
    /// The number of the request within the flow, from 1.
    pub number: u32,
    /// The secret to join, if it is a one-time API token that the flow itself received.
    pub token: Option<ApiToken>,
}

/// The purpose of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Purpose {
    /// The call itself: a read, a list, a session.
    Call,
    /// A read or list before a change.
    Before,
    /// The change.
    Change,
    /// A read or list that reconciles: it finds the outcome of a change that got no usable response.
    Reconcile,
    /// A read of a wait.
    Poll,
}

/// The permission to send one request that must not be repeated.
///
/// It cannot be copied. A flow issues it only when every precondition holds, including the claim in the journal. It issues
/// another one only after a 401, which proves that the first request was not carried out.
#[must_use]
pub struct Permit {
    pub(super) send: Send,
    pub(super) not_after: Option<i64>,
}

impl Permit {
    /// Spends the permit and returns the request, to be sent once.
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
    /// The latest second, by the wall clock, at which the first byte may leave. After it, do not send and report `NotSent`:
    /// the machine was suspended, and the claim in the journal may have expired.
    pub not_after: Option<i64>,
}

/// A pause until a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sleep {
    /// The end of the pause, on the clock of [`Moment::elapsed`].
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
    /// The same request is sent again after the pause.
    Retry,
    /// The pause between two reads or lists that reconcile.
    Reconcile,
    /// Until a status can have changed.
    Poll,
}

/// The result of a step, reported by the driver.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event {
    /// A whole HTTP response, of any status.
    Response(Response),
    /// No response, and **certainly** no byte of the request's body left this machine.
    NotSent(Lost),
    /// No whole response, and the server may have acted.
    MaybeSent(Lost),
    /// No session could be had, for this reason. Nothing was sent.
    NoSession(Error),
    /// The pause is over.
    Elapsed,
    /// The caller cancelled a pause, or a request before it was sent. While a request of [`Step::SendOnce`] is out, the
    /// request counts as maybe sent.
    Cancelled,
    /// The session was given from outside and no other can be had.
    NotRenewable,
    /// A new session is open.
    Renewed,
    /// What the journal knows of the key.
    Found(Prior),
    /// The claim is durable.
    Claimed {
        /// The number that the journal gave this attempt.
        attempt: u64,
    },
    /// The outcome is written.
    Settled,
    /// The outcome is not certainly this key's: another key has the record already, or another call of this key has had a 409.
    /// Nothing was written.
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
