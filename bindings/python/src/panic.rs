//! Converts a panic to an error, so that no panic reaches Python.

use nexus_types::{BoundaryProblem, Error, Operation, TransportCause, TransportProblem};

/// Runs what is ours; a panic becomes an error, whose words hold nothing of the panic's.
pub(crate) fn guarded<T>(place: &'static str, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| Err(Error::boundary(BoundaryProblem::Panic, place)))
}

/// Runs what changes something. A defect in there must not take with it that something may have been sent.
pub(crate) fn sure<T>(operation: Operation, work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    outcome.unwrap_or_else(|_| {
        let error = Error::transport(TransportProblem::Io, operation).with_outcome_unknown(true);
        Err(error.with_cause(Some(TransportCause::Internal)))
    })
}
