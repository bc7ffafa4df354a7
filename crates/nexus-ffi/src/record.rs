//! Records, and lists of them.

use std::sync::{Arc, OnceLock};

use nexus_types::{AccountType, Error, FieldValue, Microdeposit, Reveal};

use crate::NEXUS_NONE;
use crate::brief::{brief, free};
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::panic::plain;
use crate::raw::live;
use crate::structures::{Out, growing};
use crate::table::handle;
use crate::text::{Span, Text, Texts, nexus_str, nexus_text};

/// One microdeposit as the server described it. It does not change; read again for news. Any thread may use it.
///
/// Functions: nexus_microdeposit_view_of, nexus_microdeposit_status, nexus_microdeposit_expose, nexus_microdeposit_to_json,
/// nexus_microdeposit_free.
pub struct nexus_microdeposit(());

handle!(nexus_microdeposit, 3, Record);

/// The records of one response, in the server's order. Any thread may use it.
///
/// Functions: nexus_list_len, nexus_list_get, nexus_list_free.
pub struct nexus_list(());

handle!(nexus_list, 4, Vec<Microdeposit>);

/// A record, fit to be shown: account and routing number as their last four, personal text as its first character. What is
/// masked is given in full by nexus_microdeposit_expose alone. Its texts live as long as the record.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_microdeposit_view {
    /// The identifier.
    pub guid: nexus_str,
    /// The number of the status, a NEXUS_STATUS number for the known ones; NEXUS_NONE where there was none.
    pub status: i64,
    /// Whether the status is an end.
    pub is_terminal: bool,
    /// Whether amounts may be submitted now.
    pub may_verify: bool,
    /// The name of the status; "UNKNOWN" for one that has none.
    pub status_name: nexus_str,
    /// 1 checking, 2 savings, any other number as it came, NEXUS_NONE where there was none.
    pub account_type: i64,
    /// "CHECKING" or "SAVINGS"; absent otherwise.
    pub account_type_name: nexus_str,
    /// Masked: "*****2345".
    pub account_number: nexus_str,
    /// Masked: "*****0019".
    pub routing_number: nexus_str,
    /// Masked.
    pub account_name: nexus_str,
    /// Masked.
    pub first_name: nexus_str,
    /// Masked.
    pub last_name: nexus_str,
    /// Masked.
    pub email: nexus_str,
    /// The bank's name.
    pub institution_name: nexus_str,
    /// The provider's code of a failure, such as an ACH return code.
    pub error_code: nexus_str,
    /// Masked.
    pub error_message: nexus_str,
    /// When it was created, as it came.
    pub created_at: nexus_str,
    /// When it last changed, as it came.
    pub updated_at: nexus_str,
    /// When it was verified, as it came.
    pub verified_at: nexus_str,
    /// `created_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
    pub created_at_ms: i64,
    /// `updated_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
    pub updated_at_ms: i64,
    /// `verified_at` in milliseconds since 1970, UTC; NEXUS_NONE where it says no instant.
    pub verified_at_ms: i64,
}

growing!(nexus_microdeposit_view);

/// What a [`nexus_microdeposit`] leads to.
pub(crate) struct Record {
    source: Source,
    shown: OnceLock<(Texts, [Span; SHOWN])>,
    full: OnceLock<(Texts, Vec<(u8, Span)>)>,
}

enum Source {
    One(Box<Microdeposit>),
    Of(Arc<Vec<Microdeposit>>, usize),
}

/// How many texts a view has.
const SHOWN: usize = 15;

impl Record {
    pub(crate) fn one(record: Microdeposit) -> Record {
        Record { source: Source::One(Box::new(record)), shown: OnceLock::new(), full: OnceLock::new() }
    }

    fn microdeposit(&self) -> Result<&Microdeposit, Error> {
        match &self.source {
            Source::One(record) => Ok(record),
            Source::Of(list, index) => list.get(*index).ok_or_else(beyond),
        }
    }
}

fn beyond() -> Error {
    Error::input("index", "must be below the count")
}

/// The texts of a view, in the order of its fields.
fn shown(record: &Microdeposit) -> (Texts, [Span; SHOWN]) {
    let mut texts = Texts::shown(320);
    macro_rules! print {
        ($field:ident) => {
            match &record.$field {
                Some(value) => texts.print(value),
                None => texts.optional(None),
            }
        };
    }
    let spans = [
        texts.push(record.guid.as_str()),
        texts.push(record.status.name()),
        texts.optional(record.kind().map(AccountType::name)),
        print!(account_number),
        print!(routing_number),
        print!(account_name),
        print!(first_name),
        print!(last_name),
        print!(email),
        texts.optional(record.institution_name.as_deref()),
        texts.optional(record.error_code.as_deref()),
        print!(error_message),
        print!(created_at),
        print!(updated_at),
        print!(verified_at),
    ];
    (texts, spans)
}

/// The texts of all fields in full, with their numbers.
fn full(record: &Microdeposit) -> (Texts, Vec<(u8, Span)>) {
    let mut texts = Texts::with_capacity(4096);
    let spans = record.fields(Reveal::Full).map(|(field, value)| {
        let span = match value {
            FieldValue::Null => texts.optional(None),
            FieldValue::Number(number) => texts.print(number),
            FieldValue::Text(text) => texts.push(&text),
        };
        (field.number(), span)
    });
    let spans = spans.collect();
    (texts, spans)
}

/// Looks at a record.
///
/// @param record The record.
/// @param out    Receives the view; its texts live as long as `record`.
/// @param size   sizeof *out.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT for a size that is none; NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE.
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_view_of(
    record: *const nexus_microdeposit,
    out: *mut nexus_microdeposit_view,
    size: usize,
) -> nexus_code {
    brief("nexus_microdeposit_view_of", || {
        let out = Out::sized(out, size, EMPTY, "out")?;
        let handle = live(record, "record")?;
        let record = handle.microdeposit()?;
        let (texts, spans) = handle.shown.get_or_init(|| shown(record));
        let [guid, status_name, account_type_name, account_number, routing_number, account_name, first_name, ..] =
            *spans;
        let [.., last_name, email, institution_name, error_code, error_message, created_at, updated_at, verified_at] =
            *spans;
        let millis = |at: &Option<nexus_types::Timestamp>| {
            at.as_ref().and_then(nexus_types::Timestamp::unix_millis).unwrap_or(NEXUS_NONE)
        };
        out.set(nexus_microdeposit_view {
            guid: texts.view(guid),
            status: record.status.number().unwrap_or(NEXUS_NONE),
            status_name: texts.view(status_name),
            account_type: record.account_type.unwrap_or(NEXUS_NONE),
            account_type_name: texts.view(account_type_name),
            account_number: texts.view(account_number),
            routing_number: texts.view(routing_number),
            account_name: texts.view(account_name),
            first_name: texts.view(first_name),
            last_name: texts.view(last_name),
            email: texts.view(email),
            institution_name: texts.view(institution_name),
            error_code: texts.view(error_code),
            error_message: texts.view(error_message),
            created_at: texts.view(created_at),
            updated_at: texts.view(updated_at),
            verified_at: texts.view(verified_at),
            created_at_ms: millis(&record.created_at),
            updated_at_ms: millis(&record.updated_at),
            verified_at_ms: millis(&record.verified_at),
            is_terminal: record.status.is_terminal(),
            may_verify: record.status.may_verify(),
        });
        Ok(())
    })
}

/// The status alone, where nothing else of a record is needed.
///
/// @param record The record.
/// @return Its number, for the known ones a NEXUS_STATUS number such as NEXUS_STATUS_DEPOSITED; NEXUS_NONE where there was none, and for
///         NULL and what is no live record. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_status(record: *const nexus_microdeposit) -> i64 {
    let number = || live(record, "record").ok()?.microdeposit().ok()?.status.number();
    plain(None, number).unwrap_or(NEXUS_NONE)
}

/// One field in full, as it came: the one way to an account number, a name or an e-mail. Handle it with care.
///
/// @param record The record.
/// @param field  A NEXUS_FIELD number.
/// @param out    Receives the text (of a number, its digits), absent for null; it lives as long as `record` and is wiped
///               when `record` is freed.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another number, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any
///         thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_expose(
    record: *const nexus_microdeposit,
    field: i32,
    out: *mut nexus_str,
) -> nexus_code {
    brief("nexus_microdeposit_expose", || {
        let out = Out::new(out, nexus_str::ABSENT, "out")?;
        let handle = live(record, "record")?;
        let record = handle.microdeposit()?;
        let (texts, spans) = handle.full.get_or_init(|| full(record));
        let span = spans.iter().find(|(number, _)| i32::from(*number) == field).map(|(_, span)| *span);
        out.set(texts.view(span.ok_or_else(|| Error::input("field", "must be a NEXUS_FIELD number"))?));
        Ok(())
    })
}

/// The record as JSON in the API's own shape: every field in the documented order, absent ones null.
///
/// @param record The record.
/// @param reveal false: masked as in the view. true: everything in full; only for a place that may hold it.
/// @param out    Receives a text of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_to_json(
    record: *const nexus_microdeposit,
    reveal: bool,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_microdeposit_to_json", error, || {
        let out = Out::handle(out, "out")?;
        let handle = live(record, "record")?;
        let reveal = if reveal { Reveal::Full } else { Reveal::Masked };
        out.give(Text::new(&handle.microdeposit()?.to_json_text(reveal)));
        Ok(())
    })
}

/// Frees a record; its texts end with it.
///
/// @param record The record, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live record. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_free(record: *mut nexus_microdeposit) -> nexus_code {
    free("nexus_microdeposit_free", record)
}

/// How many records a list has.
///
/// @param list The list.
/// @param out  Receives the number; 0 on failure.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_list_len(list: *const nexus_list, out: *mut usize) -> nexus_code {
    brief("nexus_list_len", || {
        let out = Out::new(out, 0, "out")?;
        out.set(live(list, "list")?.len());
        Ok(())
    })
}

/// One record of a list. It outlives the list.
///
/// @param list  The list.
/// @param index From 0.
/// @param out   Receives a record of the caller's own, to be freed.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for an index that is too large, NEXUS_ERROR_NULL_POINTER or
///         NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_list_get(
    list: *const nexus_list,
    index: usize,
    out: *mut *mut nexus_microdeposit,
) -> nexus_code {
    brief("nexus_list_get", || {
        let out = Out::handle(out, "out")?;
        let list = live(list, "list")?;
        if index >= list.len() {
            return Err(beyond());
        }
        let source = Source::Of(list, index);
        out.give(Record { source, shown: OnceLock::new(), full: OnceLock::new() });
        Ok(())
    })
}

/// Frees a list. Records taken from it live on.
///
/// @param list The list, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live list. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_list_free(list: *mut nexus_list) -> nexus_code {
    free("nexus_list_free", list)
}

const EMPTY: nexus_microdeposit_view = nexus_microdeposit_view {
    guid: nexus_str::ABSENT,
    status: NEXUS_NONE,
    status_name: nexus_str::ABSENT,
    account_type: NEXUS_NONE,
    account_type_name: nexus_str::ABSENT,
    account_number: nexus_str::ABSENT,
    routing_number: nexus_str::ABSENT,
    account_name: nexus_str::ABSENT,
    first_name: nexus_str::ABSENT,
    last_name: nexus_str::ABSENT,
    email: nexus_str::ABSENT,
    institution_name: nexus_str::ABSENT,
    error_code: nexus_str::ABSENT,
    error_message: nexus_str::ABSENT,
    created_at: nexus_str::ABSENT,
    updated_at: nexus_str::ABSENT,
    verified_at: nexus_str::ABSENT,
    created_at_ms: NEXUS_NONE,
    updated_at_ms: NEXUS_NONE,
    verified_at_ms: NEXUS_NONE,
    is_terminal: false,
    may_verify: false,
};
