//! Runs functions whose only result is a code; frees handles, and lends them for the time of a callback.

use nexus_types::{BoundaryProblem, Error};

use crate::code::nexus_code;
use crate::panic::caught;
use crate::table::{Given, Handle};

/// Runs one function whose code says everything.
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

/// Lends an object to a callback as a handle that ends with it.
pub(crate) fn lend<H: Handle, T>(object: H::Object, show: impl FnOnce(*const H) -> T) -> T {
    // A table that is full shows nothing, rather than failing what is being watched.
    let given: Option<Given<H>> = H::reserve().map(|place| place.fill(object));
    show(given.as_ref().map_or(std::ptr::null(), Given::lent))
}
