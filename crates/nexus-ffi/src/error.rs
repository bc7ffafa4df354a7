//! The error handle.

use nexus_types::{Error, Operation, TransportCause};

use crate::brief::{brief, free};
use crate::code::nexus_code;
use crate::panic::plain;
use crate::raw::live;
use crate::record::{Record, nexus_microdeposit};
use crate::structures::{Growing, Out};
use crate::table::handle;
use crate::text::{Span, Texts, nexus_str};
use crate::{NEXUS_NONE, cause, outcome};

/// What went wrong, with everything that is known about it. It holds no account number, token, name or e-mail.
///
/// Functions fill an output `nexus_error **error` where one is given (it may be NULL) and fail; the caller frees it. Any
/// thread may use it.
///
/// Functions: nexus_error_view_of, nexus_error_retryable, nexus_error_last_seen, nexus_error_candidate, nexus_error_free.
pub struct nexus_error(());

handle!(nexus_error, 2, Failure);

/// What is known about an error. Its texts live as long as the error.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_error_view {
    /// The code that the function returned.
    pub code: nexus_code,
    /// Whether the server may have acted although no usable response came. Then nothing may be sent again before somebody
    /// has looked: see `advice`.
    pub outcome_unknown: bool,
    /// Whether nexus_error_last_seen gives a record.
    pub has_last_seen: bool,
    /// What was being done: a NEXUS_OPERATION number, or 0.
    pub operation: i32,
    /// The HTTP status, or 0 where no response came.
    pub http_status: i32,
    /// How many requests went out for the call.
    pub attempts: u32,
    /// The server's own numeric code, such as 4011, or NEXUS_NONE. Informational.
    pub server_code: i64,
    /// How long the server asked to be left alone, in milliseconds, or NEXUS_NONE.
    pub retry_after_ms: i64,
    /// Line in the response's body, from 1; 0 where there is no position.
    pub line: u64,
    /// Column in that line, from 1; 0 where there is no position.
    pub column: u64,
    /// Why no usable response came, where that is known: a NEXUS_CAUSE number, or 0.
    pub cause: i32,
    /// The assumption behind "not carried out", if the response alone does not prove it: a NEXUS_ASSUMPTION number, or 0.
    pub assumption: i32,
    /// After a wait or a reconcile: the failure of the last read that failed, a nexus_code, or 0.
    pub last_failure: i32,
    /// After a create whose outcome is unknown: how many new records fit it; see nexus_error_candidate.
    pub candidates: usize,
    /// The code's name, such as "not_found".
    pub name: nexus_str,
    /// All of it in one line, for logs. English.
    pub message: nexus_str,
    /// What the caller may safely do next, in words for a person. English.
    pub advice: nexus_str,
    /// The field, setting, argument or path in the response that it is about; absent where there is none.
    pub field: nexus_str,
    /// The rule that the field breaks; absent but for NEXUS_ERROR_INVALID_INPUT.
    pub rule: nexus_str,
    /// The microdeposit that the call was about; absent where there is none.
    pub guid: nexus_str,
    /// The name of the operation, such as "verify"; absent where there is none.
    pub operation_name: nexus_str,
    /// Why no usable response came, where that is known: the name of `cause`, such as "certificate_expired"; absent otherwise.
    pub cause_name: nexus_str,
}

impl Growing for nexus_error_view {
    const FIRST: usize = std::mem::offset_of!(nexus_error_view, cause_name);
}

/// What a [`nexus_error`] leads to.
pub(crate) struct Failure {
    error: Error,
    texts: Texts,
    spans: [Span; 8],
    candidates: Vec<Span>,
}

impl Failure {
    pub(crate) fn error(&self) -> &Error {
        &self.error
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        let mut texts = Texts::shown(512);
        let rule = match &error {
            Error::Input(input) => Some(input.rule()),
            _ => None,
        };
        let spans = [
            texts.push(error.kind().name()),
            texts.print(&error),
            texts.push(error.advice()),
            texts.optional(error.field()),
            texts.optional(rule),
            texts.optional(error.guid().map(|guid| guid.as_str())),
            texts.optional(error.operation().map(Operation::name)),
            texts.optional(error.cause().map(TransportCause::name)),
        ];
        let candidates = error.candidates().iter().map(|guid| texts.push(guid.as_str())).collect();
        Failure { error, texts, spans, candidates }
    }
}

/// Looks at an error.
///
/// @param error The error.
/// @param out   Receives what is known; its texts live as long as `error`.
/// @param size  sizeof *out.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_error_view_of(
    error: *const nexus_error,
    out: *mut nexus_error_view,
    size: usize,
) -> nexus_code {
    brief("nexus_error_view_of", || {
        let out = Out::sized(out, size, EMPTY, "out")?;
        let failure = live(error, "error")?;
        let (error, view) = (&failure.error, |span| failure.texts.view(span));
        let [name, message, advice, field, rule, guid, operation_name, cause_name] = failure.spans;
        let (line, column) = match error {
            Error::Decode { line, column, .. } => (*line as u64, *column as u64),
            _ => (0, 0),
        };
        let retry_after = error.retry_after().and_then(|wait| i64::try_from(wait.as_millis()).ok());
        out.set(nexus_error_view {
            code: nexus_code::of(error.kind()),
            operation: error.operation().map_or(0, |operation| i32::from(operation.number())),
            http_status: error.http_status().map_or(0, i32::from),
            attempts: error.attempts(),
            server_code: error.server_code().map_or(NEXUS_NONE, i64::from),
            retry_after_ms: retry_after.unwrap_or(NEXUS_NONE),
            line,
            column,
            cause: cause::number_of(error.cause()),
            assumption: outcome::number_of(error.assumption()),
            last_failure: error.last_failure().map_or(0, |kind| i32::from(kind.number())),
            candidates: failure.candidates.len(),
            name: view(name),
            message: view(message),
            advice: view(advice),
            field: view(field),
            rule: view(rule),
            guid: view(guid),
            operation_name: view(operation_name),
            cause_name: view(cause_name),
            outcome_unknown: error.outcome_unknown(),
            has_last_seen: error.last_seen().is_some(),
        });
        Ok(())
    })
}

/// Whether the same call may be made again, later and as it is: nothing was changed, and what failed may pass. Not after an
/// unknown outcome, nor for what another call would meet again.
///
/// @param error The error.
/// @return false for NULL and for what is no live error, too. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_error_retryable(error: *const nexus_error) -> bool {
    plain(false, || live(error, "error").is_ok_and(|failure| failure.error.is_retryable()))
}

/// The last record of the microdeposit that was seen during the call.
///
/// @param error The error.
/// @param out   Receives a record of the caller's own, to be freed; NULL where none was seen.
/// @return NEXUS_OK (also where none was seen), NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_error_last_seen(error: *const nexus_error, out: *mut *mut nexus_microdeposit) -> nexus_code {
    brief("nexus_error_last_seen", || {
        let out = Out::handle(out, "out")?;
        if let Some(record) = live(error, "error")?.error.last_seen() {
            out.give(Record::one(record.clone()));
        }
        Ok(())
    })
}

/// After a create whose outcome is unknown: the guid of one of the new records that fit it.
///
/// @param error The error.
/// @param index From 0; below `candidates` of the view.
/// @param out   Receives the guid; it lives as long as `error`.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for an index that is too large, NEXUS_ERROR_NULL_POINTER or
///         NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_error_candidate(error: *const nexus_error, index: usize, out: *mut nexus_str) -> nexus_code {
    brief("nexus_error_candidate", || {
        let out = Out::new(out, nexus_str::ABSENT, "out")?;
        let failure = live(error, "error")?;
        let span = failure.candidates.get(index).ok_or_else(|| Error::input("index", "must be below the count"))?;
        out.set(failure.texts.view(*span));
        Ok(())
    })
}

/// Frees an error.
///
/// @param error The error, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live error. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_error_free(error: *mut nexus_error) -> nexus_code {
    free("nexus_error_free", error)
}

const EMPTY: nexus_error_view = nexus_error_view {
    code: nexus_code::NEXUS_OK,
    operation: 0,
    http_status: 0,
    attempts: 0,
    server_code: NEXUS_NONE,
    retry_after_ms: NEXUS_NONE,
    line: 0,
    column: 0,
    cause: 0,
    assumption: 0,
    last_failure: 0,
    candidates: 0,
    name: nexus_str::ABSENT,
    message: nexus_str::ABSENT,
    advice: nexus_str::ABSENT,
    field: nexus_str::ABSENT,
    rule: nexus_str::ABSENT,
    guid: nexus_str::ABSENT,
    operation_name: nexus_str::ABSENT,
    cause_name: nexus_str::ABSENT,
    outcome_unknown: false,
    has_last_seen: false,
};
