//! Statuses, by number.

use std::collections::BTreeMap;
use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use nexus_types::{AccountType, KnownStatus, Operation, Status};

use crate::brief::brief;
use crate::code::nexus_code;
use crate::panic::plain;
use crate::raw::text;
use crate::structures::Out;
use crate::text::Names;
use crate::{NEXUS_NONE, raw};

/// Name, definition and next step.
type Words = [CString; 3];

/// The texts of each status by its number, and of an unknown one.
static WORDS: LazyLock<(BTreeMap<i64, Words>, Words)> = LazyLock::new(|| {
    let words = |status: &Status| {
        [status.name(), status.definition(), status.next_step()].map(|text| CString::new(text).unwrap_or_default())
    };
    let known = KnownStatus::ALL.iter().map(|known| (i64::from(known.number()), words(&known.status())));
    (known.collect(), words(&Status::from_number(NEXUS_NONE)))
});

fn word(status: i64, which: usize) -> *const c_char {
    plain(c"".as_ptr(), || {
        let (known, unknown) = &*WORDS;
        known.get(&status).unwrap_or(unknown).get(which).map_or(c"".as_ptr(), |text| text.as_ptr())
    })
}

/// The name of a status.
///
/// @param status Any number.
/// @return Such as "DEPOSITED"; "UNKNOWN" for a number of no known status. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_name(status: i64) -> *const c_char {
    word(status, 0)
}

/// What a status means.
///
/// @param status Any number.
/// @return A sentence. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_definition(status: i64) -> *const c_char {
    word(status, 1)
}

/// What may be done next in a status, in words that a person can act on.
///
/// @param status Any number.
/// @return A sentence. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_next_step(status: i64) -> *const c_char {
    word(status, 2)
}

/// Whether a status is an end, from which no other comes.
///
/// @param status Any number.
/// @return true for VERIFIED, ERRORED, PREVENTED, CONFLICTED and REJECTED; false for unknown ones. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_is_terminal(status: i64) -> bool {
    plain(false, || Status::from_number(status).is_terminal())
}

/// Whether amounts may be submitted in a status.
///
/// @param status Any number.
/// @return true for DEPOSITED and DENIED; false for unknown ones. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_may_verify(status: i64) -> bool {
    plain(false, || Status::from_number(status).may_verify())
}

/// The number of a status by its name.
///
/// @param name Such as "DEPOSITED".
/// @param out  Receives the number; NEXUS_NONE on failure.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for a name of no known status, NEXUS_ERROR_NULL_POINTER or
///         NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_status_from_name(name: *const c_char, out: *mut i64) -> nexus_code {
    brief("nexus_status_from_name", || {
        let out = Out::new(out, NEXUS_NONE, "out")?;
        out.set(i64::from(known_of(&text(name, "name")?)?.number()));
        Ok(())
    })
}

/// The known status of this name.
pub(crate) fn known_of(name: &str) -> Result<KnownStatus, nexus_types::Error> {
    KnownStatus::from_name(name)
        .ok_or_else(|| nexus_types::Error::input("status", "must be the name of a known status, such as DEPOSITED"))
}

/// The number of a type of account by its name.
///
/// @param name "CHECKING" or "SAVINGS", in any case.
/// @param out  Receives the number; 0 on failure.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another name, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any
///         thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_account_type_from_name(name: *const c_char, out: *mut i32) -> nexus_code {
    brief("nexus_account_type_from_name", || {
        let out = Out::new(out, 0, "out")?;
        let kind = AccountType::from_name(&text(name, "name")?);
        let kind = kind.ok_or_else(|| nexus_types::Error::input("account_type", "must be CHECKING or SAVINGS"))?;
        out.set(i32::try_from(kind.number()).unwrap_or_default());
        Ok(())
    })
}

/// The name of an operation.
///
/// @param operation A NEXUS_OPERATION number.
/// @return Such as "verify"; "unknown" for any other number. Static, never NULL. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_operation_name(operation: i32) -> *const c_char {
    static NAMES: LazyLock<Names> = LazyLock::new(|| {
        Names::new(Operation::ALL.iter().map(|one| (i32::from(one.number()), one.name())), c"unknown")
    });
    plain(c"unknown".as_ptr(), || NAMES.of(operation))
}

/// Whether sending an operation twice does no more than sending it once. One that is not repeatable must not be sent again
/// when its response is lost: look at the server's state first.
///
/// @param operation A NEXUS_OPERATION number.
/// @return true for LIST, READ and API_TOKEN; false for any other number. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_operation_repeatable(operation: i32) -> bool {
    plain(false, || u8::try_from(operation).ok().and_then(Operation::from_number).is_some_and(Operation::repeatable))
}

/// Reads the HTTP header Retry-After in both its forms.
///
/// @param text    The header's value.
/// @param now     Seconds since 1970, UTC.
/// @param wait_ms Receives the wait in milliseconds; NEXUS_NONE where the value is no wait.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_retry_after_parse(text: *const c_char, now: i64, wait_ms: *mut i64) -> nexus_code {
    brief("nexus_retry_after_parse", || {
        let out = Out::new(wait_ms, NEXUS_NONE, "wait_ms")?;
        let wait = nexus_types::decide::retry::parse_retry_after(&raw::text(text, "text")?, now);
        out.set(wait.and_then(|wait| i64::try_from(wait.as_millis()).ok()).unwrap_or(NEXUS_NONE));
        Ok(())
    })
}

/// How long to wait before the next read is worth making, for callers who poll by themselves.
///
/// @param production Whether deposits take 12 to 36 hours (true) or about two minutes (false).
/// @param status     The status last seen; any number.
/// @param now        Seconds since 1970, UTC.
/// @param created    When the microdeposit was created, seconds since 1970, UTC; NEXUS_NONE where that is unknown.
/// @param reads      How many reads were made so far.
/// @return Seconds, or NEXUS_NONE where waiting alone brings nothing new: the status is an end, or waits for the person's
///         submission. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_next_read(production: bool, status: i64, now: i64, created: i64, reads: u32) -> i64 {
    use nexus_types::decide::poll::{Environment, next_read};
    plain(NEXUS_NONE, || {
        let environment = if production { Environment::Production } else { Environment::Integration };
        let created = Some(created).filter(|created| *created != NEXUS_NONE);
        let wait = next_read(environment, &Status::from_number(status), now, created, reads);
        wait.and_then(|wait| i64::try_from(wait.as_secs()).ok()).unwrap_or(NEXUS_NONE)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn status_texts_are_the_core_s() {
        // SAFETY: static text that ends with a NUL.
        let text = |pointer| unsafe { CStr::from_ptr(pointer) }.to_str().unwrap();
        for known in KnownStatus::ALL {
            let number = i64::from(known.number());
            assert_eq!(text(nexus_status_name(number)), known.name());
            assert_eq!(text(nexus_status_definition(number)), known.definition());
            assert_eq!(text(nexus_status_next_step(number)), known.next_step());
        }
        for odd in [-1, 99, NEXUS_NONE, i64::MAX] {
            assert_eq!(text(nexus_status_name(odd)), "UNKNOWN");
        }
        for operation in Operation::ALL {
            assert_eq!(text(nexus_operation_name(i32::from(operation.number()))), operation.name());
        }
    }
}
