//! Catches a panic in each function of the interface and converts it to an error or a fallback.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nexus_types::{BoundaryProblem, Error, MicrodepositGuid, Operation, TransportCause, TransportProblem};

/// The error for a defect in this library. Once a request may have been sent, its outcome is unknown.
#[derive(Default)]
pub(crate) struct Stake(RefCell<Option<Error>>);

impl Stake {
    /// From here on something may be sent.
    pub(crate) fn raise(&self, operation: Operation, guid: Option<&MicrodepositGuid>) {
        *self.0.borrow_mut() = Some(unknown(operation, guid, TransportCause::Internal));
    }
}

/// This machine failed after something may have been sent.
pub(crate) fn unknown(operation: Operation, guid: Option<&MicrodepositGuid>, cause: TransportCause) -> Error {
    let error = Error::transport(TransportProblem::Io, operation).with_cause(Some(cause));
    error.with_guid(guid.cloned()).with_outcome_unknown(true)
}

/// For functions that cannot fail but by a defect: what they say then.
pub(crate) fn plain<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

/// Runs what may fail; a panic in it becomes an error.
pub(crate) fn caught(name: &'static str, body: impl FnOnce(&Stake) -> Result<(), Error>) -> Result<(), Error> {
    let stake = Stake::default();
    // What a panic leaves behind is either dropped with this call or guarded by locks that expect it.
    match catch_unwind(AssertUnwindSafe(|| body(&stake))) {
        Ok(result) => result,
        Err(payload) => {
            // Its text may hold anything, and so may its drop do anything.
            std::mem::forget(payload);
            Err(stake.0.take().unwrap_or_else(|| Error::boundary(BoundaryProblem::Panic, name)))
        }
    }
}
