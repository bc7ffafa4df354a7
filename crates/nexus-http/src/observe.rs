//! [`Observer`]: sees every exchange, without a logging dependency and without secrets.

use std::time::Duration;

use nexus_types::{Operation, TransportProblem};

/// Receives an [`Observation`] of each step of an exchange, in the thread of the call. It should return quickly and must
/// not call the client. A panic in it is caught.
pub trait Observer: Send + Sync {
    /// Receives one observation.
    fn observe(&self, event: &Observation);
}

/// What an [`Observer`] sees. Nothing in it is secret: no address, no header, no body, no guid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observation {
    /// A request is being sent.
    Sending {
        /// What is being done.
        operation: Operation,
        /// Which request of the call it is, from 1.
        attempt: u32,
    },
    /// A response arrived.
    Responded {
        /// What is being done.
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// How long it took, the body included.
        elapsed: Duration,
    },
    /// No usable response arrived.
    Failed {
        /// What is being done.
        operation: Operation,
        /// What happened.
        problem: TransportProblem,
        /// How long it took.
        elapsed: Duration,
    },
    /// The same request will be sent again after a pause.
    Retrying {
        /// The pause.
        after: Duration,
    },
    /// A new session is being opened, for all threads that need one.
    Renewing,
    /// The outcome of a create or verify is unknown; the client reconciles: it reads or lists at the server.
    Reconciling {
        /// What is being done.
        operation: Operation,
    },
}

/// Emits every observation as an event of the `tracing` crate: retries and unknown outcomes at level warn, the others at
/// level debug.
#[cfg(feature = "tracing")]
#[derive(Debug, Clone, Copy, Default)]
pub struct TracingObserver;

#[cfg(feature = "tracing")]
impl Observer for TracingObserver {
    fn observe(&self, event: &Observation) {
        match *event {
            Observation::Sending { operation, attempt } => {
                tracing::debug!(operation = operation.name(), attempt, "sending");
            }
            Observation::Responded { operation, status, elapsed } => {
                tracing::debug!(operation = operation.name(), status, ?elapsed, "responded");
            }
            Observation::Failed { operation, problem, elapsed } => {
                tracing::debug!(operation = operation.name(), %problem, ?elapsed, "failed");
            }
            Observation::Retrying { after } => tracing::warn!(?after, "retrying"),
            Observation::Renewing => tracing::debug!("renewing the session"),
            Observation::Reconciling { operation } => {
                tracing::warn!(operation = operation.name(), "the outcome is unknown: reconciling");
            }
        }
    }
}
