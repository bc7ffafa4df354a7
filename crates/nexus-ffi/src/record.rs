//! Records, and lists of them.

use std::sync::{Arc, OnceLock};

use nexus_types::{AccountType, Error, Microdeposit, Reveal};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::NEXUS_NONE;
use crate::border::{brief, call, free};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{Out, live};
use crate::table::handle;
use crate::text::{Span, Text, Texts, nexus_str, nexus_text};

/// One microdeposit as the server described it. It does not change; read again for news. Any thread may use it.
///
/// Functions: nexus_microdeposit_view_of, nexus_microdeposit_expose, nexus_microdeposit_to_json, nexus_microdeposit_free.
pub struct nexus_microdeposit(());

handle!(nexus_microdeposit, 3, Record);

/// The records of one response, in the server's order. Any thread may use it.
///
/// Functions: nexus_list_len, nexus_list_get, nexus_list_free.
pub struct nexus_list(());

handle!(nexus_list, 4, Vec<Microdeposit>);

/// The fields of a record, by the numbers that nexus_microdeposit_expose takes.
#[repr(i32)]
#[derive(Debug, Clone, Copy)]
#[allow(dead_code)]
pub enum nexus_field {
    /// The account's name, as the partner gave it.
    NEXUS_FIELD_ACCOUNT_NAME = 0,
    /// The account number.
    NEXUS_FIELD_ACCOUNT_NUMBER = 1,
    /// The number of the account's type.
    NEXUS_FIELD_ACCOUNT_TYPE = 2,
    /// The name of the account's type.
    NEXUS_FIELD_ACCOUNT_TYPE_NAME = 3,
    /// When it was created.
    NEXUS_FIELD_CREATED_AT = 4,
    /// The person's e-mail.
    NEXUS_FIELD_EMAIL = 5,
    /// The provider's code of a failure, such as an ACH return code.
    NEXUS_FIELD_ERROR_CODE = 6,
    /// What the server says of a failure.
    NEXUS_FIELD_ERROR_MESSAGE = 7,
    /// The person's first name.
    NEXUS_FIELD_FIRST_NAME = 8,
    /// The identifier.
    NEXUS_FIELD_GUID = 9,
    /// The bank's name.
    NEXUS_FIELD_INSTITUTION_NAME = 10,
    /// The person's last name.
    NEXUS_FIELD_LAST_NAME = 11,
    /// The routing number.
    NEXUS_FIELD_ROUTING_NUMBER = 12,
    /// The number of the status.
    NEXUS_FIELD_STATUS = 13,
    /// The name of the status.
    NEXUS_FIELD_STATUS_NAME = 14,
    /// When it last changed.
    NEXUS_FIELD_UPDATED_AT = 15,
    /// When it was verified.
    NEXUS_FIELD_VERIFIED_AT = 16,
}

/// A record, fit to be shown: account and routing number as their last four, personal text as its first character. What is
/// masked is given in full by nexus_microdeposit_expose alone. Its texts live as long as the record.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_microdeposit_view {
    /// The identifier.
    pub guid: nexus_str,
    /// The number of the status, 0 to 9 for the known ones; NEXUS_NONE where there was none.
    pub status: i64,
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
    /// Whether the status is an end.
    pub is_terminal: bool,
    /// Whether amounts may be submitted now.
    pub may_verify: bool,
}

/// What a [`nexus_microdeposit`] leads to.
pub(crate) struct Record {
    source: Source,
    shown: OnceLock<(Texts, [Span; SHOWN])>,
    full: OnceLock<(Texts, Vec<Span>)>,
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

/// The texts of all fields in full, in the documented order.
fn full(record: &Microdeposit) -> (Texts, Vec<Span>) {
    let json = record.to_json(Reveal::Full);
    let mut texts = Texts::with_capacity(4096);
    let spans = Microdeposit::FIELDS.iter().map(|name| match json.get(name) {
        Some(Value::String(text)) => texts.push(text),
        Some(Value::Number(number)) => texts.print(number),
        _ => texts.optional(None),
    });
    let spans = spans.collect();
    wipe(json);
    (texts, spans)
}

/// What was in full for a moment does not stay in memory.
fn wipe(json: Value) {
    if let Value::Object(fields) = json {
        for (_, field) in fields {
            if let Value::String(text) = field {
                drop(Zeroizing::new(text));
            }
        }
    }
}

/// Looks at a record.
///
/// @param record The record.
/// @param out    Receives the view; its texts live as long as `record`.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_microdeposit_view_of(
    record: *const nexus_microdeposit,
    out: *mut nexus_microdeposit_view,
) -> nexus_code {
    brief("nexus_microdeposit_view_of", || {
        let out = Out::new(out, EMPTY, "out")?;
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
        let span = usize::try_from(field).ok().and_then(|field| spans.get(field));
        out.set(texts.view(*span.ok_or_else(|| Error::input("field", "must be a NEXUS_FIELD number"))?));
        Ok(())
    })
}

/// The record as JSON in the API's own shape: 17 keys in the documented order, absent ones null.
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
        let json = handle.microdeposit()?.to_json(if reveal { Reveal::Full } else { Reveal::Masked });
        let text = Zeroizing::new(json.to_string());
        wipe(json);
        out.give(Text::new(&text));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_numbered_in_the_documented_order() {
        assert_eq!(nexus_field::NEXUS_FIELD_VERIFIED_AT as usize + 1, Microdeposit::FIELDS.len());
        for (name, field) in [
            ("account_number", nexus_field::NEXUS_FIELD_ACCOUNT_NUMBER),
            ("email", nexus_field::NEXUS_FIELD_EMAIL),
            ("guid", nexus_field::NEXUS_FIELD_GUID),
            ("routing_number", nexus_field::NEXUS_FIELD_ROUTING_NUMBER),
            ("status_name", nexus_field::NEXUS_FIELD_STATUS_NAME),
        ] {
            assert_eq!(Microdeposit::FIELDS[field as usize], name);
        }
    }
}
