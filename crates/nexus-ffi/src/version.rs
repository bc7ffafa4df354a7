//! The number of the ABI and the version of the library.

use std::ffi::c_char;

/// The number of this interface, and of the soname. It changes when a function, a field or a number goes or changes. What comes
/// anew leaves it: functions and numbers are added, structures get fields at their end. So a program runs with the library that
/// it was compiled for and with every later one of the same number.
pub const NEXUS_ABI_VERSION: u32 = 1;

/// The header's version: the first part of "1.2.3".
pub const NEXUS_VERSION_MAJOR: u32 = 0;
/// The second part.
pub const NEXUS_VERSION_MINOR: u32 = 1;
/// The third part.
pub const NEXUS_VERSION_PATCH: u32 = 0;

/// The header's version as one number, for `#if`: 1002003 for "1.2.3". nexus_version_number gives the library's: a program
/// needs one that is not smaller.
pub const NEXUS_VERSION_NUMBER: u32 = NEXUS_VERSION_MAJOR * 1000000 + NEXUS_VERSION_MINOR * 1000 + NEXUS_VERSION_PATCH;

// The header holds numbers, not what Cargo says; they must be the same.
const _: () = {
    assert!(is(env!("CARGO_PKG_VERSION_MAJOR"), NEXUS_VERSION_MAJOR));
    assert!(is(env!("CARGO_PKG_VERSION_MINOR"), NEXUS_VERSION_MINOR));
    assert!(is(env!("CARGO_PKG_VERSION_PATCH"), NEXUS_VERSION_PATCH));
};

const fn is(text: &str, number: u32) -> bool {
    match u32::from_str_radix(text, 10) {
        Ok(read) => read == number,
        Err(_) => false,
    }
}

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

/// The version of the library as one number.
///
/// @return Such as 1002003 for "1.2.3"; compare it with NEXUS_VERSION_NUMBER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_version_number() -> u32 {
    NEXUS_VERSION_NUMBER
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
        let parts: Vec<u32> = env!("CARGO_PKG_VERSION").split('.').map(|part| part.parse().unwrap()).collect();
        assert_eq!(nexus_version_number(), parts[0] * 1_000_000 + parts[1] * 1000 + parts[2]);
    }
}
