//! Result codes: the numbers of the core's kinds of error.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use nexus_types::ErrorKind;

pub use crate::numbers::nexus_code;
use crate::panic::plain;

impl nexus_code {
    /// The code of a kind. A kind that this file does not know would be a defect; a test checks that there is none.
    pub(crate) fn of(kind: ErrorKind) -> nexus_code {
        let number = i32::from(kind.number());
        let found = nexus_code::ALL.iter().copied().find(|code| *code as i32 == number);
        found.unwrap_or(nexus_code::NEXUS_ERROR_PANIC)
    }
}

/// The name of a code, fit for logs.
///
/// @param code Any number.
/// @return Such as "not_found"; "ok" for 0, "unknown" for a number that this version does not know. Static, never NULL.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_code_name(code: i32) -> *const c_char {
    static NAMES: LazyLock<Vec<(i32, CString)>> = LazyLock::new(|| {
        let kinds = ErrorKind::ALL.iter();
        kinds.map(|kind| (i32::from(kind.number()), CString::new(kind.name()).unwrap_or_default())).collect()
    });
    plain(c"unknown".as_ptr(), || match code {
        0 => c"ok".as_ptr(),
        _ => NAMES.iter().find(|(number, _)| *number == code).map_or(c"unknown".as_ptr(), |(_, name)| name.as_ptr()),
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn codes_are_the_kinds_of_the_core() {
        let ours: Vec<i32> = nexus_code::ALL.iter().map(|code| *code as i32).collect();
        let core: Vec<i32> = ErrorKind::ALL.iter().map(|kind| i32::from(kind.number())).collect();
        assert_eq!(ours, core);
        for kind in ErrorKind::ALL {
            let code = nexus_code::of(*kind);
            let expected = format!("NEXUS_ERROR_{}", kind.name().to_uppercase());
            assert_eq!(format!("{code:?}"), expected);
        }
    }

    #[test]
    fn every_code_has_its_name() {
        let name = |code| {
            let pointer = nexus_code_name(code);
            // SAFETY: static text that ends with a NUL.
            unsafe { CStr::from_ptr(pointer) }.to_str().unwrap()
        };
        assert_eq!((name(0), name(204), name(602), name(-1)), ("ok", "not_found", "bad_handle", "unknown"));
    }
}
