//! Checks of values from the caller, before anything is sent.

use std::ffi::{CString, c_char};
use std::sync::LazyLock;

use nexus_types::routing::MX_TEST_REFUSED;
use nexus_types::{
    AccountName, AccountNumber, AccountType, Create, DepositAmount, Error, MicrodepositGuid, Person, Preinitiate,
    RoutingNumber, Timestamp,
};

use crate::NEXUS_NONE;
use crate::brief::brief;
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{nth_text, optional_text, text};
use crate::structures::{Out, Plain, growing, null, structure};
use crate::text::{Text, nexus_str, nexus_text};

/// What a microdeposit is created with. All texts are UTF-8, ended by a NUL, and copied before the call returns. Set what
/// is not used to NULL or 0: `nexus_create_input input = {.first_name = "Josh", ...};`
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_create_input {
    /// A NEXUS_ACCOUNT_TYPE number.
    pub account_type: i32,
    /// 1 to 50 characters.
    pub first_name: *const c_char,
    /// 1 to 50 characters.
    pub last_name: *const c_char,
    /// An e-mail address.
    pub email: *const c_char,
    /// Nine digits with a right check digit.
    pub routing_number: *const c_char,
    /// 1 to 17 characters.
    pub account_number: *const c_char,
    /// The partner's own name for the account, or NULL.
    pub account_name: *const c_char,
}

growing!(nexus_create_input);
impl Plain for nexus_create_input {}

impl nexus_create_input {
    /// Checks everything.
    pub(crate) fn read(input: *const nexus_create_input, size: usize) -> Result<Create, Error> {
        let input = structure(input, size, "input")?.ok_or_else(|| null("input"))?;
        let person = person(input.first_name, input.last_name, input.email)?;
        let routing = RoutingNumber::new(&text(input.routing_number, "routing_number")?)?;
        let account = AccountNumber::new(text(input.account_number, "account_number")?)?;
        let kind = AccountType::from_number(i64::from(input.account_type));
        let kind = kind.ok_or_else(|| Error::input("account_type", "must be 1 (CHECKING) or 2 (SAVINGS)"))?;
        let create = Create::new(person, routing, account, kind);
        Ok(match optional_text(input.account_name, "account_name")? {
            Some(name) => create.with_account_name(AccountName::new(name)?),
            None => create,
        })
    }
}

fn person(first: *const c_char, last: *const c_char, email: *const c_char) -> Result<Person, Error> {
    Ok(Person::new(text(first, "first_name")?, text(last, "last_name")?, text(email, "email")?)?)
}

pub(crate) fn preinitiate(
    first: *const c_char,
    last: *const c_char,
    email: *const c_char,
) -> Result<Preinitiate, Error> {
    person(first, last, email).map(Preinitiate::new)
}

pub(crate) fn guid(pointer: *const c_char) -> Result<MicrodepositGuid, Error> {
    Ok(MicrodepositGuid::new(text(pointer, "guid")?)?)
}

/// Checks everything that a microdeposit would be created with. Sends nothing.
///
/// @param input      The values.
/// @param input_size sizeof *input.
/// @param error      Receives the error on failure, with the field's name and rule; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_create_input_check(
    input: *const nexus_create_input,
    input_size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_create_input_check", error, || nexus_create_input::read(input, input_size).map(drop))
}

/// Checks a person's names and e-mail.
///
/// @param first_name 1 to 50 characters.
/// @param last_name  1 to 50 characters.
/// @param email      An e-mail address.
/// @param error      Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_person_check(
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_person_check", error, || person(first_name, last_name, email).map(drop))
}

/// Checks a routing number: nine digits with a right check digit, and none of a list of the caller's.
///
/// @param routing_number The number.
/// @param refused        Numbers to refuse; NULL for none.
/// @param refused_count  How many there are.
/// @param error          Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_routing_number_check(
    routing_number: *const c_char,
    refused: *const *const c_char,
    refused_count: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_routing_number_check", error, || {
        let number = RoutingNumber::new(&text(routing_number, "routing_number")?)?;
        if refused_count > MANY {
            return Err(Error::input("refused_count", "must be at most a million"));
        }
        for index in 0..refused_count {
            let one = nth_text(refused, index, "refused")?;
            RoutingNumber::new_refusing(number.as_str(), &[one.as_str()])?;
        }
        Ok(())
    })
}

/// No list to refuse is longer.
const MANY: usize = 1_000_000;

/// The routing numbers that MX's test page calls invalid although their check digits are right, for
/// nexus_routing_number_check.
///
/// @param index From 0.
/// @return The number; NULL where there are no more. Static. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_mx_test_refused(index: usize) -> *const c_char {
    static NUMBERS: LazyLock<Vec<CString>> =
        LazyLock::new(|| MX_TEST_REFUSED.iter().map(|number| CString::new(*number).unwrap_or_default()).collect());
    crate::panic::plain(std::ptr::null(), || NUMBERS.get(index).map_or(std::ptr::null(), |number| number.as_ptr()))
}

/// Checks an account number: 1 to 17 characters.
///
/// @param account_number The number.
/// @param error          Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_account_number_check(
    account_number: *const c_char,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_account_number_check", error, || {
        Ok(AccountNumber::new(text(account_number, "account_number")?).map(drop)?)
    })
}

/// An account number as it may be shown: its last four, and stars.
///
/// @param account_number The number.
/// @param out            Receives a text of the caller's own, to be freed.
/// @param error          Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_account_number_masked(
    account_number: *const c_char,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_account_number_masked", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Text::new(&AccountNumber::new(text(account_number, "account_number")?)?.masked()));
        Ok(())
    })
}

/// Checks an account's name.
///
/// @param account_name The name.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_account_name_check(account_name: *const c_char, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_account_name_check", error, || Ok(AccountName::new(text(account_name, "account_name")?).map(drop)?))
}

/// Checks a microdeposit's guid.
///
/// @param guid  The guid.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_guid_check(guid: *const c_char, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_guid_check", error, || self::guid(guid).map(drop))
}

/// Reads an amount from exact decimal text in dollars: "0.09", ".09", "0.090".
///
/// @param amount The text. No sign, exponent, currency or space.
/// @param cents  Receives 1 to 99; 0 on failure.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_amount_parse(
    amount: *const c_char,
    cents: *mut u32,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_amount_parse", error, || {
        let out = Out::new(cents, 0, "cents")?;
        out.set(u32::from(DepositAmount::parse(&text(amount, "amount")?)?.cents()));
        Ok(())
    })
}

/// Checks an amount.
///
/// @param cents Should be 1 to 99.
/// @param error Receives the error on failure; may be NULL.
/// @return NEXUS_OK or NEXUS_ERROR_INVALID_INPUT. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_amount_check(cents: u32, error: *mut *mut nexus_error) -> nexus_code {
    call("nexus_amount_check", error, || Ok(DepositAmount::from_cents(cents).map(drop)?))
}

/// An amount as decimal text in dollars.
///
/// @param cents 1 to 99.
/// @param out   Receives such as "0.09". Static.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for other numbers, or NEXUS_ERROR_NULL_POINTER. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_amount_text(cents: u32, out: *mut nexus_str) -> nexus_code {
    static TEXTS: LazyLock<Vec<CString>> = LazyLock::new(|| {
        let all = (1..=99).filter_map(|cents| DepositAmount::from_cents(cents).ok());
        all.map(|amount| CString::new(amount.to_string()).unwrap_or_default()).collect()
    });
    brief("nexus_amount_text", || {
        let out = Out::new(out, nexus_str::ABSENT, "out")?;
        let amount = DepositAmount::from_cents(cents)?;
        if let Some(text) = TEXTS.get(usize::from(amount.cents()).wrapping_sub(1)) {
            out.set(nexus_str::of_static(text));
        }
        Ok(())
    })
}

/// Reads a timestamp in any of the forms that MX writes.
///
/// @param timestamp The text.
/// @param millis    Receives milliseconds since 1970, UTC; NEXUS_NONE where the text says no instant.
/// @return NEXUS_OK (also where the text says no instant), NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_UTF8. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_timestamp_parse(timestamp: *const c_char, millis: *mut i64) -> nexus_code {
    brief("nexus_timestamp_parse", || {
        let out = Out::new(millis, NEXUS_NONE, "millis")?;
        out.set(Timestamp::new(text(timestamp, "timestamp")?).unix_millis().unwrap_or(NEXUS_NONE));
        Ok(())
    })
}
