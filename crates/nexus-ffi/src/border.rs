//! What every function of the interface runs in: a panic goes no further, and an error becomes a code and a handle.

use std::panic::{AssertUnwindSafe, catch_unwind};

use nexus_types::{BoundaryProblem, Error};

use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::Out;
use crate::table::{Given, Handle};

/// Runs one function. `error` may be NULL; it is cleared first, and filled on failure.
pub(crate) fn call(
    name: &'static str,
    error: *mut *mut nexus_error,
    body: impl FnOnce() -> Result<(), Error>,
) -> nexus_code {
    let out = Out::handle(error, "error").ok();
    match caught(name, body) {
        Ok(()) => nexus_code::NEXUS_OK,
        Err(failure) => {
            let code = nexus_code::of(failure.kind());
            // Without a handle the code still tells what happened.
            let _ = catch_unwind(AssertUnwindSafe(|| out.map(|out| out.give(failure.into()))));
            code
        }
    }
}

/// As [`call`], for functions whose code says everything.
pub(crate) fn brief(name: &'static str, body: impl FnOnce() -> Result<(), Error>) -> nexus_code {
    match caught(name, body) {
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
    let given: Option<Given<H>> = H::give(object);
    show(given.as_ref().map_or(std::ptr::null(), Given::lent));
}

fn caught(name: &'static str, body: impl FnOnce() -> Result<(), Error>) -> Result<(), Error> {
    // What a panic leaves behind is either dropped with this call or guarded by locks that expect it.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result,
        Err(payload) => {
            // Its text may hold anything, and so may its drop do anything.
            std::mem::forget(payload);
            Err(Error::boundary(BoundaryProblem::Panic, name))
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
    fn success_clears_the_error() {
        let mut error = std::ptr::without_provenance_mut(1);
        assert_eq!(call("nexus_any", &mut error, || Ok(())), nexus_code::NEXUS_OK);
        assert!(error.is_null());
        assert_eq!(call("nexus_any", std::ptr::null_mut(), || Ok(())), nexus_code::NEXUS_OK);
    }
}
