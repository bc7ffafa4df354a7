//! What touches the caller's memory; `structures.rs` does the same for structures.
//!
//! The functions here are safe to call in the sense of the header's contract: a pointer is NULL, or it points to as much
//! readable (or, for outputs, writable) memory as its type says, for the time of the call. C cannot be held to more, and
//! nothing can be checked but NULL, the length and the encoding. Nothing read here is kept by reference: all is copied.

use std::ffi::{c_char, c_void};
use std::ptr::NonNull;

use nexus_types::{BoundaryProblem, Error};

use crate::structures::{Out, null};
use crate::table::{Handle, Reserved};

/// The longest text, in bytes without its end: longer than any that is of use.
pub(crate) const MAX_TEXT: usize = 64 * 1024;
/// The longest block of bytes: a response or a bundle of certificates.
pub(crate) const MAX_BYTES: usize = 1 << 30;

impl<H: Handle> Out<*mut H> {
    /// Checks and clears an output pointer for a handle, and keeps a place for what will be given: a table that is full is
    /// noticed before anything is done.
    pub(crate) fn handle(pointer: *mut *mut H, place: &'static str) -> Result<OutHandle<H>, Error> {
        let out = Out::new(pointer, std::ptr::null_mut(), place)?;
        Ok(OutHandle { out, reserved: reserve()? })
    }
}

/// An output for a handle, with the place for its object.
pub(crate) struct OutHandle<H: Handle> {
    out: Out<*mut H>,
    reserved: Reserved<H>,
}

impl<H: Handle> OutHandle<H> {
    /// Gives the caller an object.
    pub(crate) fn give(self, object: H::Object) {
        self.out.set(self.reserved.fill(object).into_pointer());
    }
}

/// Keeps a place for a handle.
pub(crate) fn reserve<H: Handle>() -> Result<Reserved<H>, Error> {
    H::reserve()
        .ok_or_else(|| Error::input("handles", "must be freed: there are more than sixteen million of this type"))
}

/// The object behind a handle.
pub(crate) fn live<H: Handle>(handle: *const H, place: &'static str) -> Result<std::sync::Arc<H::Object>, Error> {
    if handle.is_null() {
        return Err(null(place));
    }
    H::table().get(handle.addr() as u64).ok_or_else(|| Error::boundary(BoundaryProblem::Handle, place))
}

/// A text that must be there.
pub(crate) fn text(pointer: *const c_char, place: &'static str) -> Result<String, Error> {
    optional_text(pointer, place)?.ok_or_else(|| null(place))
}

/// A text that may be NULL.
pub(crate) fn optional_text(pointer: *const c_char, place: &'static str) -> Result<Option<String>, Error> {
    let Some(start) = NonNull::new(pointer.cast_mut().cast::<u8>()) else { return Ok(None) };
    let mut length = 0;
    // SAFETY: by the contract the text ends with a NUL, and this reads no byte behind the first NUL.
    while unsafe { start.add(length).read() } != 0 {
        length += 1;
        if length > MAX_TEXT {
            return Err(Error::input(place, "must be at most 65,536 bytes long"));
        }
    }
    // SAFETY: these bytes were just read.
    let bytes = unsafe { std::slice::from_raw_parts(start.as_ptr(), length) };
    let text = std::str::from_utf8(bytes).map_err(|_| Error::boundary(BoundaryProblem::Utf8, place))?;
    Ok(Some(text.to_owned()))
}

/// A block of bytes, which may be NULL where it is empty. It is only read; a function that keeps it makes a copy.
pub(crate) fn bytes<T>(
    pointer: *const c_void,
    length: usize,
    place: &'static str,
    look: impl FnOnce(&[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    if length == 0 {
        return look(&[]);
    }
    let start = NonNull::new(pointer.cast_mut().cast::<u8>()).ok_or_else(|| null(place))?;
    if length > MAX_BYTES {
        return Err(Error::input(place, "must be at most 1 GiB long"));
    }
    // SAFETY: not NULL, and by the contract this many bytes are readable until the call returns.
    look(unsafe { std::slice::from_raw_parts(start.as_ptr(), length) })
}

/// The n-th number of an array.
pub(crate) fn nth(array: *const i32, index: usize, place: &'static str) -> Result<i32, Error> {
    let array = NonNull::new(array.cast_mut()).ok_or_else(|| null(place))?;
    // SAFETY: not NULL, and by the contract the array has more than `index` elements; callers count up to its length.
    Ok(unsafe { array.as_ptr().add(index).read() })
}

/// The n-th text of an array.
pub(crate) fn nth_text(array: *const *const c_char, index: usize, place: &'static str) -> Result<String, Error> {
    let array = NonNull::new(array.cast_mut()).ok_or_else(|| null(place))?;
    // SAFETY: not NULL, and by the contract the array has more than `index` elements; callers count up to its length.
    text(unsafe { array.as_ptr().add(index).read() }, place)
}

/// Writes the first numbers of a list into an array of the caller's, as many as fit.
pub(crate) fn fill(array: *mut i32, capacity: usize, numbers: &[i32]) {
    let Some(array) = NonNull::new(array) else { return };
    for (index, number) in numbers.iter().take(capacity).enumerate() {
        // SAFETY: not NULL, and by the contract `capacity` elements are writable; `index` is below that.
        unsafe { array.as_ptr().add(index).write(*number) }
    }
}

/// The caller's own pointer, handed back to the caller's functions. What it points to is the caller's business, and so is
/// its use by several threads, as the header says.
pub(crate) struct User(std::sync::atomic::AtomicPtr<c_void>);

impl User {
    pub(crate) fn new(pointer: *mut c_void) -> User {
        User(pointer.into())
    }

    pub(crate) fn get(&self) -> *mut c_void {
        self.0.load(std::sync::atomic::Ordering::Relaxed)
    }
}
