//! Runs functions that have an output for an error, and converts the error to a code and a handle.

use nexus_types::Error;

use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::panic::{Stake, caught, plain};
use crate::raw::OutHandle;
use crate::structures::Out;

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
    report(name, place, body)
}

/// As [`staked`], for a result after something was sent. If there is no place for the error, the code still reports it, and the
/// caller can ask for the error again.
pub(crate) fn ended(
    name: &'static str,
    error: *mut *mut nexus_error,
    body: impl FnOnce(&Stake) -> Result<(), Error>,
) -> nexus_code {
    report(name, Out::handle(error, "error").ok(), body)
}

fn report(
    name: &'static str,
    place: Option<OutHandle<nexus_error>>,
    body: impl FnOnce(&Stake) -> Result<(), Error>,
) -> nexus_code {
    match caught(name, body) {
        Ok(()) => nexus_code::NEXUS_OK,
        Err(failure) => {
            let code = nexus_code::of(failure.kind());
            // Without a handle the code alone reports the failure.
            plain(None, || place.map(|place| place.give(failure.into())));
            code
        }
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::{MicrodepositGuid, Operation, TransportCause};

    use super::*;
    use crate::brief::free;

    #[test]
    fn a_panic_becomes_a_code_and_an_error() {
        let mut error = std::ptr::without_provenance_mut(1);
        let code = call("nexus_any", &mut error, || panic!("333312345"));
        assert_eq!(code, nexus_code::NEXUS_ERROR_PANIC);
        let given = crate::raw::live::<nexus_error>(error, "error").unwrap();
        assert_eq!(given.error().to_string(), "nexus_any: an internal error was caught");
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
        let given = crate::raw::live::<nexus_error>(error, "error").unwrap();
        assert_eq!((given.error().outcome_unknown(), given.error().guid()), (true, Some(&guid)));
        assert_eq!(given.error().cause(), Some(TransportCause::Internal));
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
