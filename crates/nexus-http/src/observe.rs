//! [`Observer`]: sees every exchange, without a logging dependency and without secrets.

use std::time::Duration;

use nexus_types::{MicrodepositGuid, Operation, TransportCause, TransportProblem};

/// Receives an [`Observation`] of each step of an exchange, in the thread of the call. It should return quickly and must
/// not call the client. A panic in it is caught.
pub trait Observer: Send + Sync {
    /// Receives one observation.
    fn observe(&self, event: &Observation);
}

/// What an [`Observer`] sees. Nothing in it is secret: no address, no header, no body. A guid is an identifier; it is shown masked
/// where it can be none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observation {
    /// A request is being sent.
    #[non_exhaustive]
    Sending {
        /// What is being done.
        operation: Operation,
        /// Which request of the call it is, from 1.
        attempt: u32,
        /// The microdeposit that the request names, if it names one.
        guid: Option<MicrodepositGuid>,
    },
    /// A response arrived.
    #[non_exhaustive]
    Responded {
        /// What is being done.
        operation: Operation,
        /// The HTTP status.
        status: u16,
        /// How long it took, the body included.
        elapsed: Duration,
        /// The microdeposit that the request names, if it names one.
        guid: Option<MicrodepositGuid>,
    },
    /// No usable response arrived.
    #[non_exhaustive]
    Failed {
        /// What is being done.
        operation: Operation,
        /// What happened.
        problem: TransportProblem,
        /// The cause, if it is known.
        cause: Option<TransportCause>,
        /// How long it took.
        elapsed: Duration,
        /// The microdeposit that the request names, if it names one.
        guid: Option<MicrodepositGuid>,
    },
    /// The same request will be sent again after a pause.
    #[non_exhaustive]
    Retrying {
        /// The pause.
        after: Duration,
    },
    /// A new session is being opened, for all threads that need one.
    Renewing,
    /// The outcome of a create or verify is unknown; the client reconciles: it reads or lists at the server.
    #[non_exhaustive]
    Reconciling {
        /// What is being done.
        operation: Operation,
        /// The microdeposit that the request names, if it names one.
        guid: Option<MicrodepositGuid>,
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
        let shown = |guid: &Option<MicrodepositGuid>| guid.as_ref().map(ToString::to_string);
        match event {
            Observation::Sending { operation, attempt, guid } => {
                tracing::debug!(operation = operation.name(), attempt, guid = shown(guid), "sending");
            }
            Observation::Responded { operation, status, elapsed, guid } => {
                tracing::debug!(operation = operation.name(), status, ?elapsed, guid = shown(guid), "responded");
            }
            Observation::Failed { operation, problem, cause, elapsed, guid } => {
                let cause = cause.map(TransportCause::name);
                tracing::debug!(operation = operation.name(), %problem, cause, ?elapsed, guid = shown(guid), "failed");
            }
            Observation::Retrying { after } => tracing::warn!(?after, "retrying"),
            Observation::Renewing => tracing::debug!("renewing the session"),
            Observation::Reconciling { operation, guid } => {
                let (operation, guid) = (operation.name(), shown(guid));
                tracing::warn!(operation, guid, "the outcome is unknown: reconciling");
            }
        }
    }
}
