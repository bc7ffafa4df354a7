//! What every function of the interface runs in: a panic goes no further, and an error becomes a code and a handle.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use nexus_types::{BoundaryProblem, Error, MicrodepositGuid, Operation, TransportCause, TransportProblem};

use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{Out, OutHandle};
use crate::table::{Given, Handle};

/// Runs one function. `error` may be NULL; it is cleared first, and filled on failure. A place for it is kept before
/// anything is done.
pub(crate) fn call(
    name: &'static str,
    error: *mut *mut nexus_error,
    body: impl FnOnce() -> Result<(), Error>,
) -> nexus_code {
    staked(name, error, |_| body())
}

/// As [`call`], for functions that may change something on the server.
pub(crate) fn staked(
    name: &'static str,
    error: *mut *mut nexus_error,
    body: impl FnOnce(&Stake) -> Result<(), Error>,
) -> nexus_code {
    let place = if error.is_null() { None } else { Some(Out::handle(error, "error")) };
    let place = match place.transpose() {
        Ok(place) => place,
        Err(full) => return nexus_code::of(full.kind()),
    };
    told(name, place, body)
}

/// As [`staked`], for what is told after something was sent: no place for the error does not keep it from being told, and it
/// can be asked for again.
pub(crate) fn ended(
    name: &'static str,
    error: *mut *mut nexus_error,
    body: impl FnOnce(&Stake) -> Result<(), Error>,
) -> nexus_code {
    told(name, Out::handle(error, "error").ok(), body)
}

fn told(
    name: &'static str,
    place: Option<OutHandle<nexus_error>>,
    body: impl FnOnce(&Stake) -> Result<(), Error>,
) -> nexus_code {
    match caught(name, body) {
        Ok(()) => nexus_code::NEXUS_OK,
        Err(failure) => {
            let code = nexus_code::of(failure.kind());
            // Without a handle the code still tells what happened.
            let _ = catch_unwind(AssertUnwindSafe(|| place.map(|place| place.give(failure.into()))));
            code
        }
    }
}

/// What is told of a defect in this library: once something may have been sent, that its outcome is unknown.
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

/// As [`call`], for functions whose code says everything.
pub(crate) fn brief(name: &'static str, body: impl FnOnce() -> Result<(), Error>) -> nexus_code {
    match caught(name, |_| body()) {
        Ok(()) => nexus_code::NEXUS_OK,
        Err(failure) => nexus_code::of(failure.kind()),
    }
}

/// Frees a handle; NULL is nothing to free.
pub(crate) fn free<H: Handle>(name: &'static str, handle: *mut H) -> nexus_code {
    brief(name, || {
        if handle.is_null() {
            return Ok(());
        }
        let ended = H::table().remove(handle.addr() as u64);
        ended.map(drop).ok_or_else(|| Error::boundary(BoundaryProblem::Handle, name))
    })
}

/// For functions that cannot fail but by a defect: what they say then.
pub(crate) fn plain<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

/// Lends an object to a callback as a handle that ends with it.
pub(crate) fn lend<H: Handle>(object: H::Object, show: impl FnOnce(*const H)) {
    // A table that is full shows nothing, rather than failing what is being watched.
    let given: Option<Given<H>> = H::reserve().map(|place| place.fill(object));
    show(given.as_ref().map_or(std::ptr::null(), Given::lent));
}

fn caught(name: &'static str, body: impl FnOnce(&Stake) -> Result<(), Error>) -> Result<(), Error> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_a_code_and_an_error() {
        let mut error = std::ptr::without_provenance_mut(1);
        let code = call("nexus_any", &mut error, || panic!("333312345"));
        assert_eq!(code, nexus_code::NEXUS_ERROR_PANIC);
        let told = crate::raw::live::<nexus_error>(error, "error").unwrap();
        assert_eq!(told.error().to_string(), "nexus_any: an internal error was caught");
        assert_eq!(free("nexus_error_free", error), nexus_code::NEXUS_OK);
        assert_eq!(free("nexus_error_free", error), nexus_code::NEXUS_ERROR_BAD_HANDLE);
        assert_eq!(plain(7, || panic!("again")), 7);
    }

    #[test]
    fn a_panic_after_something_may_have_been_sent_says_so() {
        let guid = MicrodepositGuid::new("MIC-1").unwrap();
        let mut error = std::ptr::null_mut();
        let code = staked("nexus_any", &mut error, |stake| {
            stake.raise(Operation::Verify, Some(&guid));
            panic!("333312345")
        });
        assert_eq!(code, nexus_code::NEXUS_ERROR_IO);
        let told = crate::raw::live::<nexus_error>(error, "error").unwrap();
        assert_eq!((told.error().outcome_unknown(), told.error().guid()), (true, Some(&guid)));
        assert_eq!(told.error().cause(), Some(TransportCause::Internal));
        assert_eq!(free("nexus_error_free", error), nexus_code::NEXUS_OK);
    }

    #[test]
    fn a_table_of_errors_that_is_full_is_noticed_before_anything_is_done() {
        crate::table::MOST.set(0);
        let mut error = std::ptr::without_provenance_mut(1);
        let code = call("nexus_any", &mut error, || panic!("nothing is done"));
        assert_eq!((code, error.is_null()), (nexus_code::NEXUS_ERROR_INVALID_INPUT, true));
        crate::table::MOST.set(usize::MAX);
        assert_eq!(call("nexus_any", &mut error, || Ok(())), nexus_code::NEXUS_OK);
    }

    #[test]
    fn success_clears_the_error() {
        let mut error = std::ptr::without_provenance_mut(1);
        assert_eq!(call("nexus_any", &mut error, || Ok(())), nexus_code::NEXUS_OK);
        assert!(error.is_null());
        assert_eq!(call("nexus_any", std::ptr::null_mut(), || Ok(())), nexus_code::NEXUS_OK);
    }
}
