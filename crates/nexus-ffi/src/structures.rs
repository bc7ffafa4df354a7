//! Structures of the caller's: copied in, filled out. With `raw.rs` the only file that touches the caller's memory.
//!
//! Most of them may grow at their end without a new number of the interface. So callers pass `sizeof` of what their header knows,
//! and a program and a library of different versions agree on the fields that both know.

use std::ptr::NonNull;

use nexus_types::{BoundaryProblem, Error};

pub(crate) fn null(place: &'static str) -> Error {
    Error::boundary(BoundaryProblem::Null, place)
}

/// A structure that can get further fields at its end.
pub(crate) trait Growing: Copy {
    /// What `sizeof` was when this number of the interface was first published.
    const FIRST: usize;
}

/// More than any structure ever has: a length that is greater is no `sizeof`.
const MAX_STRUCTURE: usize = 4096;

fn size_checked<T: Growing>(size: usize, place: &'static str) -> Result<usize, Error> {
    let possible = (T::FIRST..=MAX_STRUCTURE).contains(&size);
    possible.then_some(size).ok_or_else(|| Error::input(place, "must be given with its own sizeof"))
}

/// A place for a result. It is cleared when this is made, so that a caller who does not look at the code finds nothing.
pub(crate) struct Out<T> {
    start: NonNull<T>,
    size: usize,
}

impl<T: Copy> Out<T> {
    /// Checks and clears an output pointer.
    pub(crate) fn new(pointer: *mut T, empty: T, place: &'static str) -> Result<Out<T>, Error> {
        let out = Out { start: NonNull::new(pointer).ok_or_else(|| null(place))?, size: size_of::<T>() };
        out.set(empty);
        Ok(out)
    }

    /// The same for a structure of which the caller knows `size` bytes. Fields that only the caller knows are zero.
    pub(crate) fn sized(pointer: *mut T, size: usize, empty: T, place: &'static str) -> Result<Out<T>, Error>
    where
        T: Growing,
    {
        let start = NonNull::new(pointer).ok_or_else(|| null(place))?;
        let out = Out { start, size: size_checked::<T>(size, place)? };
        // SAFETY: not NULL, and by the contract `size` bytes are writable; any bytes are values of C's.
        unsafe { start.as_ptr().cast::<u8>().write_bytes(0, size) };
        out.set(empty);
        Ok(out)
    }

    /// Fills it.
    pub(crate) fn set(&self, value: T) {
        let length = self.size.min(size_of::<T>());
        let from = (&raw const value).cast::<u8>();
        // SAFETY: not NULL, and by the contract writable for `size` bytes; `value` is a copy of this function's own, and what
        // was there is C's and has no drop. C finds whole fields, since structures only grow at their end.
        unsafe { self.start.as_ptr().cast::<u8>().copy_from_nonoverlapping(from, length) }
    }
}

/// A structure of plain values, of which the caller knows `size` bytes, copied; none for NULL. Fields that the caller does not
/// know are zero, which is their default everywhere.
pub(crate) fn structure<T: Plain>(pointer: *const T, size: usize, place: &'static str) -> Result<Option<T>, Error> {
    let Some(start) = NonNull::new(pointer.cast_mut()) else { return Ok(None) };
    let (size, own) = (size_checked::<T>(size, place)?, size_of::<T>());
    let mut value = std::mem::MaybeUninit::<T>::zeroed();
    let from = start.as_ptr().cast::<u8>();
    // SAFETY: not NULL, and by the contract `size` bytes are readable; no more than one T is written into one T.
    unsafe { value.as_mut_ptr().cast::<u8>().copy_from_nonoverlapping(from, size.min(own)) };
    // SAFETY: as above; what the caller's header has beyond ours begins behind our last field.
    if (own..size).any(|at| unsafe { from.add(at).read() } != 0) {
        return Err(Error::input(place, "has a field set that this older library does not know"));
    }
    // SAFETY: `Plain` holds that zeros, and whatever C writes, are a T.
    Ok(Some(unsafe { value.assume_init() }))
}

/// A structure whose every field is at its default.
#[cfg(test)]
pub(crate) fn zeroed<T: Plain>() -> T {
    // SAFETY: `Plain` holds that zeros are a T.
    unsafe { std::mem::zeroed() }
}

/// A structure of a fixed size, copied; none for NULL.
pub(crate) fn fixed<T: Fixed>(pointer: *const T) -> Option<T> {
    let pointer = NonNull::new(pointer.cast_mut())?;
    // SAFETY: not NULL, and by the contract a readable T; `Fixed` holds that any bytes C writes there are one.
    Some(unsafe { pointer.as_ptr().read() })
}

/// Structures that consist of numbers, `bool`s, pointers and functions that may be NULL: whatever C assigns to a field, and zero,
/// is a value. (A `bool` that was never assigned is none in C either.)
pub(crate) trait Plain: Growing {}

/// The same without `bool`s, of a size that does not change.
pub(crate) trait Fixed: Copy {}

/// Declares structures that may grow and have not yet.
macro_rules! growing {
    ($($kind:ty)*) => { $(impl $crate::structures::Growing for $kind { const FIRST: usize = size_of::<$kind>(); })* };
}
pub(crate) use growing;

#[cfg(test)]
mod tests {
    use super::*;

    /// A structure as it first was, and with what it got later.
    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct Old {
        one: u32,
        two: u32,
    }

    #[repr(C)]
    #[derive(Clone, Copy, Debug, PartialEq)]
    struct New {
        one: u32,
        two: u32,
        three: u64,
    }

    growing!(Old);
    impl Growing for New {
        const FIRST: usize = size_of::<Old>();
    }
    impl Plain for Old {}
    impl Plain for New {}

    #[test]
    fn structure_of_an_older_header_has_zeros_for_what_it_does_not_know() {
        let mut old = [Old { one: 1, two: 2 }, Old { one: 8, two: 9 }];
        let size = size_of::<Old>();
        let read = structure::<New>(old.as_ptr().cast(), size, "options").unwrap();
        assert_eq!(read, Some(New { one: 1, two: 2, three: 0 }));
        let out = Out::sized(old.as_mut_ptr().cast::<New>(), size, New { one: 0, two: 7, three: 7 }, "out").unwrap();
        assert_eq!(old, [Old { one: 0, two: 7 }, Old { one: 8, two: 9 }]);
        out.set(New { one: 3, two: 4, three: 5 });
        assert_eq!(old, [Old { one: 3, two: 4 }, Old { one: 8, two: 9 }]);
    }

    #[test]
    fn structure_of_a_newer_header_is_refused_if_it_uses_what_is_not_known() {
        let mut new = New { one: 1, two: 2, three: 0 };
        let size = size_of::<New>();
        let read = |new: &New| structure::<Old>((&raw const *new).cast(), size, "options");
        assert_eq!(read(&new).unwrap(), Some(Old { one: 1, two: 2 }));
        new.three = 1 << 60;
        assert_eq!(read(&new).unwrap_err().field(), Some("options"));
        let out = Out::sized((&raw mut new).cast::<Old>(), size, Old { one: 0, two: 0 }, "out").unwrap();
        out.set(Old { one: 5, two: 6 });
        assert_eq!(new, New { one: 5, two: 6, three: 0 });
    }

    #[test]
    fn structure_with_a_size_that_is_no_sizeof_is_refused() {
        let mut new = New { one: 1, two: 2, three: 3 };
        for size in [0, 4, 7, MAX_STRUCTURE + 1, usize::MAX] {
            assert_eq!(structure(&raw const new, size, "options").unwrap_err().field(), Some("options"));
            assert!(Out::sized(&raw mut new, size, Old { one: 0, two: 0 }.into_new(), "out").is_err());
        }
        assert_eq!(new, New { one: 1, two: 2, three: 3 });
        assert_eq!(structure::<New>(std::ptr::null(), 0, "options").unwrap(), None);
    }

    impl Old {
        fn into_new(self) -> New {
            New { one: self.one, two: self.two, three: 0 }
        }
    }
}
