//! The number of the ABI and the version of the library.

use std::ffi::c_char;

/// The number of this interface. It changes whenever a function or a structure comes, changes or goes. It is also the
/// number of the soname.
pub const NEXUS_ABI_VERSION: u32 = 1;

/// "There is no such number": in place of a status, account type or instant that a record does not have.
pub const NEXUS_NONE: i64 = i64::MIN;

/// The number of the interface that the library has. A program that was compiled against another one must not use it.
///
/// @return The library's NEXUS_ABI_VERSION. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_abi_version() -> u32 {
    NEXUS_ABI_VERSION
}

/// The version of the library.
///
/// @return Such as "0.1.0"; static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_names_itself() {
        // SAFETY: static text that ends with a NUL.
        let version = unsafe { std::ffi::CStr::from_ptr(nexus_version()) };
        assert_eq!(version.to_str(), Ok(env!("CARGO_PKG_VERSION")));
        assert_eq!(nexus_abi_version(), NEXUS_ABI_VERSION);
    }
}
