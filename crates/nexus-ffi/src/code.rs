//! Result codes: the numbers of the core's kinds of error.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use nexus_types::ErrorKind;

use crate::border::plain;

/// What a function returns: 0, or the kind of error. The hundreds are the group: 1 input, 2 the server's refusal, 3 an
/// unreadable response, 4 status, 5 transport, 6 misuse of this interface. Numbers are never reused; new ones may come.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(clippy::upper_case_acronyms)]
pub enum nexus_code {
    /// Success: outputs are filled.
    NEXUS_OK = 0,
    /// A value or setting breaks a rule; nothing was sent.
    NEXUS_ERROR_INVALID_INPUT = 101,
    /// 400, 422 and every other 4xx without an entry of its own.
    NEXUS_ERROR_BAD_REQUEST = 201,
    /// 401: the session (or, at the SSO host, the key) is not usable. Proves that the request was not carried out.
    NEXUS_ERROR_UNAUTHORIZED = 202,
    /// 403: not allowed from here or for this client.
    NEXUS_ERROR_FORBIDDEN = 203,
    /// 404: unknown, deleted, or not this user's.
    NEXUS_ERROR_NOT_FOUND = 204,
    /// 409: the microdeposit is in a status that does not admit this.
    NEXUS_ERROR_CONFLICT = 205,
    /// 429: too many requests.
    NEXUS_ERROR_RATE_LIMITED = 206,
    /// 5xx: the server failed.
    NEXUS_ERROR_SERVER = 207,
    /// 3xx: a redirect, which is never followed.
    NEXUS_ERROR_REDIRECT = 208,
    /// Any other status, such as 1xx.
    NEXUS_ERROR_UNEXPECTED_STATUS = 209,
    /// 404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there.
    NEXUS_ERROR_NOT_ENABLED = 210,
    /// The body is not JSON, or was cut short.
    NEXUS_ERROR_NOT_JSON = 301,
    /// A value of another shape than any reading admits.
    NEXUS_ERROR_WRONG_SHAPE = 302,
    /// A part that nothing can be done without is absent.
    NEXUS_ERROR_MISSING_FIELD = 303,
    /// The record of another microdeposit than the one that was asked for.
    NEXUS_ERROR_ANOTHER_RECORD = 304,
    /// A status from which nothing can be concluded about a submission.
    NEXUS_ERROR_UNFORESEEN_STATUS = 305,
    /// A list that shows a sign of more, and the rest could not be fetched.
    NEXUS_ERROR_INCOMPLETE_LIST = 306,
    /// Its status admits no submission.
    NEXUS_ERROR_NOT_VERIFIABLE = 401,
    /// The wait's own time limit was reached.
    NEXUS_ERROR_WAIT_TIMED_OUT = 402,
    /// It came to a status from which waiting leads nowhere.
    NEXUS_ERROR_WAIT_ENDED = 403,
    /// No such move from its present status.
    NEXUS_ERROR_NOT_ALLOWED = 404,
    /// The microdeposit itself failed; nothing was said about the amounts.
    NEXUS_ERROR_MICRODEPOSIT_FAILED = 405,
    /// Another submission for the same microdeposit may still be acted on; nothing was sent.
    NEXUS_ERROR_SUBMISSION_OPEN = 406,
    /// How an earlier request under the same key ended does not show yet.
    NEXUS_ERROR_UNSETTLED = 407,
    /// The journal cannot be read or written; nothing was sent by this call.
    NEXUS_ERROR_JOURNAL_UNUSABLE = 408,
    /// No connection was made, so nothing was sent.
    NEXUS_ERROR_CONNECT = 501,
    /// A time limit was reached.
    NEXUS_ERROR_TIMEOUT = 502,
    /// The connection broke.
    NEXUS_ERROR_IO = 503,
    /// TLS could not be established or the certificate was not accepted; nothing was sent.
    NEXUS_ERROR_TLS = 504,
    /// The response is larger than the limit.
    NEXUS_ERROR_TOO_LARGE = 505,
    /// The caller cancelled.
    NEXUS_ERROR_CANCELLED = 506,
    /// The peer does not speak HTTP as agreed.
    NEXUS_ERROR_PROTOCOL = 507,
    /// A pointer that must not be NULL is.
    NEXUS_ERROR_NULL_POINTER = 601,
    /// A handle that was never given out, is of another type, or is freed.
    NEXUS_ERROR_BAD_HANDLE = 602,
    /// Text that is not UTF-8.
    NEXUS_ERROR_BAD_UTF8 = 603,
    /// A defect in this library; it was caught at the border.
    NEXUS_ERROR_PANIC = 604,
}

impl nexus_code {
    /// Every code but success, in the order of the core's kinds; a test compares.
    const ALL: &[nexus_code] = &[
        nexus_code::NEXUS_ERROR_INVALID_INPUT,
        nexus_code::NEXUS_ERROR_BAD_REQUEST,
        nexus_code::NEXUS_ERROR_UNAUTHORIZED,
        nexus_code::NEXUS_ERROR_FORBIDDEN,
        nexus_code::NEXUS_ERROR_NOT_FOUND,
        nexus_code::NEXUS_ERROR_CONFLICT,
        nexus_code::NEXUS_ERROR_RATE_LIMITED,
        nexus_code::NEXUS_ERROR_SERVER,
        nexus_code::NEXUS_ERROR_REDIRECT,
        nexus_code::NEXUS_ERROR_UNEXPECTED_STATUS,
        nexus_code::NEXUS_ERROR_NOT_ENABLED,
        nexus_code::NEXUS_ERROR_NOT_JSON,
        nexus_code::NEXUS_ERROR_WRONG_SHAPE,
        nexus_code::NEXUS_ERROR_MISSING_FIELD,
        nexus_code::NEXUS_ERROR_ANOTHER_RECORD,
        nexus_code::NEXUS_ERROR_UNFORESEEN_STATUS,
        nexus_code::NEXUS_ERROR_INCOMPLETE_LIST,
        nexus_code::NEXUS_ERROR_NOT_VERIFIABLE,
        nexus_code::NEXUS_ERROR_WAIT_TIMED_OUT,
        nexus_code::NEXUS_ERROR_WAIT_ENDED,
        nexus_code::NEXUS_ERROR_NOT_ALLOWED,
        nexus_code::NEXUS_ERROR_MICRODEPOSIT_FAILED,
        nexus_code::NEXUS_ERROR_SUBMISSION_OPEN,
        nexus_code::NEXUS_ERROR_UNSETTLED,
        nexus_code::NEXUS_ERROR_JOURNAL_UNUSABLE,
        nexus_code::NEXUS_ERROR_CONNECT,
        nexus_code::NEXUS_ERROR_TIMEOUT,
        nexus_code::NEXUS_ERROR_IO,
        nexus_code::NEXUS_ERROR_TLS,
        nexus_code::NEXUS_ERROR_TOO_LARGE,
        nexus_code::NEXUS_ERROR_CANCELLED,
        nexus_code::NEXUS_ERROR_PROTOCOL,
        nexus_code::NEXUS_ERROR_NULL_POINTER,
        nexus_code::NEXUS_ERROR_BAD_HANDLE,
        nexus_code::NEXUS_ERROR_BAD_UTF8,
        nexus_code::NEXUS_ERROR_PANIC,
    ];

    /// The code of a kind. One that this file does not know would be a defect, and a test looks for it.
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
