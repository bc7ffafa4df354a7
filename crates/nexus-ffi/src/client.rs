//! The client and its operations.

use std::ffi::c_char;
use std::time::Duration;

use nexus_http::Client;
use nexus_types::{DepositAmount, Microdeposit};

use crate::border::{call, free};
use crate::cancel::nexus_canceller;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{Out, full, live, optional_text, text};
use crate::record::{Record, nexus_list, nexus_microdeposit};
use crate::table::{Handle, handle};
use crate::text::{Text, nexus_text};
use crate::values::{guid, nexus_create_input, preinitiate};

/// A blocking client. Any number of threads may use one at once; they share its session, connections and retry budget.
/// Every call ends within the client's limits. Freeing it while calls are under way is safe: they end on their own.
///
/// Functions: nexus_client_create, nexus_client_create_once, nexus_client_preinitiate, nexus_client_list, nexus_client_read, nexus_client_verify,
/// nexus_client_verify_text, nexus_client_verify_and_wait, nexus_client_wait, nexus_client_session,
/// nexus_client_widget_url, nexus_client_with_timeout, nexus_client_cancellable, nexus_client_free. One is made by
/// nexus_client_builder_build.
pub struct nexus_client(());

handle!(nexus_client, 8, Client);

/// Creates a microdeposit. The record comes back INITIATED, or at once in one of the failed statuses: look at it.
///
/// Sends at most one POST that the server can have acted on; looks before and after, and never sends a second one.
///
/// @param client The client.
/// @param input  The values; copied.
/// @param out    Receives a record of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL. Where `outcome_unknown` is set the record may exist: see its
///               advice and candidates.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_create(
    client: *const nexus_client,
    input: *const nexus_create_input,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_create", client, out, error, |client| client.create(&nexus_create_input::read(input)?))
}

/// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. As careful
/// as nexus_client_create.
///
/// @param client     The client.
/// @param first_name 1 to 50 characters.
/// @param last_name  1 to 50 characters.
/// @param email      An e-mail address.
/// @param out        Receives a record of the caller's own, to be freed.
/// @param error      Receives the error on failure; may be NULL.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_preinitiate(
    client: *const nexus_client,
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_preinitiate", client, out, error, |client| {
        client.preinitiate(&preinitiate(first_name, last_name, email)?)
    })
}

/// All microdeposits of the session's user.
///
/// @param client The client.
/// @param out    Receives a list of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK or any code but a status one (400s); nothing is changed by a failure. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_list(
    client: *const nexus_client,
    out: *mut *mut nexus_list,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_list", error, || {
        let out = Out::handle(out, "out")?;
        out.give(live(client, "client")?.list()?)
    })
}

/// One microdeposit, its status as of now.
///
/// @param client The client.
/// @param guid   Which one.
/// @param out    Receives a record of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK; NEXUS_ERROR_NOT_FOUND for an unknown, deleted or foreign one; any other code but a status one (400s).
///         Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_read(
    client: *const nexus_client,
    guid: *const c_char,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_read", client, out, error, |client| client.read(&self::guid(guid)?))
}

/// Submits the two amounts. The record shows the outcome: VERIFIED, DENIED or PREVENTED; or, where the server decides
/// later, the status from before (see nexus_client_verify_and_wait).
///
/// Sends at most one PUT that the server can have acted on. Reads before, and sends nothing where the status admits no
/// answer; if no usable answer comes, reads after, and never sends a second one.
///
/// @param client       The client.
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param out          Receives a record of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL. Where `outcome_unknown` is set the answer may have been
///                     counted: see its advice and last record.
/// @return NEXUS_OK; NEXUS_ERROR_NOT_VERIFIABLE where nothing was sent because of the status; any other code. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify(
    client: *const nexus_client,
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_verify", client, out, error, |client| {
        let (first, second) = (DepositAmount::from_cents(first_cents)?, DepositAmount::from_cents(second_cents)?);
        client.verify(&self::guid(guid)?, first, second)
    })
}

/// As nexus_client_verify, with the amounts as decimal text in dollars.
///
/// @param client The client.
/// @param guid   Which microdeposit.
/// @param first  Such as "0.03".
/// @param second Such as "0.05".
/// @param out    Receives a record of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL.
/// @return As nexus_client_verify. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify_text(
    client: *const nexus_client,
    guid: *const c_char,
    first: *const c_char,
    second: *const c_char,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_verify_text", client, out, error, |client| {
        let first = DepositAmount::parse(&text(first, "first")?)?;
        let second = DepositAmount::parse(&text(second, "second")?)?;
        client.verify(&self::guid(guid)?, first, second)
    })
}

/// As nexus_client_verify, and waits for the outcome where the server decides later; within the client's limit for a call.
///
/// @param client       The client.
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param out          Receives a record of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return As nexus_client_verify; and NEXUS_ERROR_WAIT_TIMED_OUT, its outcome unknown, where none showed in time. Any
///         thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify_and_wait(
    client: *const nexus_client,
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_verify_and_wait", client, out, error, |client| {
        let (first, second) = (DepositAmount::from_cents(first_cents)?, DepositAmount::from_cents(second_cents)?);
        client.verify_and_wait(&self::guid(guid)?, first, second)
    })
}

/// The token of the session in use; opened first if there is none. Hand it on with care: it is the session.
///
/// @param client The client.
/// @param out    Receives a text of the caller's own, to be freed.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_session(
    client: *const nexus_client,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_session", error, || {
        let out = Out::handle(out, "out")?;
        out.give(Text::new(live(client, "client")?.session()?.expose()))
    })
}

/// An address of the Connect Widget in verification mode, for one browser, once, within ten minutes.
///
/// @param client The client; it must have SSO credentials.
/// @param guid   The microdeposit that the person goes on with, or NULL.
/// @param out    Receives a text of the caller's own, to be freed: a secret.
/// @param error  Receives the error on failure; may be NULL.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_widget_url(
    client: *const nexus_client,
    guid: *const c_char,
    out: *mut *mut nexus_text,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_widget_url", error, || {
        let out = Out::handle(out, "out")?;
        let client = live(client, "client")?;
        let current = optional_text(guid, "guid")?.map(nexus_types::MicrodepositGuid::new).transpose()?;
        out.give(Text::new(client.widget_url(current)?.expose()))
    })
}

/// The same client with another limit for each call in all. Session, connections and budget are shared.
///
/// @param client  The client.
/// @param call_ms The limit in milliseconds, at most a day.
/// @param out     Receives a client of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_with_timeout(
    client: *const nexus_client,
    call_ms: u64,
    out: *mut *mut nexus_client,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_with_timeout", error, || {
        let out = Out::handle(out, "out")?;
        out.give(live(client, "client")?.with_timeout(Duration::from_millis(call_ms)))
    })
}

/// The same client with connections of its own, and what ends its calls and waits from another thread.
///
/// @param client    The client. It is not ended by the canceller.
/// @param out       Receives a client of the caller's own, to be freed.
/// @param canceller Receives its canceller, to be freed.
/// @param error     Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_cancellable(
    client: *const nexus_client,
    out: *mut *mut nexus_client,
    canceller: *mut *mut nexus_canceller,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_cancellable", error, || {
        let outs = (Out::handle(out, "out"), Out::handle(canceller, "canceller"));
        let (out, ender) = (outs.0?, outs.1?);
        let (client, canceller) = live(client, "client")?.cancellable();
        let client = nexus_client::give(client).ok_or_else(full)?;
        ender.give(canceller)?;
        out.set(client.into_pointer());
        Ok(())
    })
}

/// Frees a client. Calls that are under way go on and end on their own.
///
/// @param client The client, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live client. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_free(client: *mut nexus_client) -> nexus_code {
    free("nexus_client_free", client)
}

/// An operation that brings one record.
pub(crate) fn record(
    name: &'static str,
    client: *const nexus_client,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
    operation: impl FnOnce(&Client) -> Result<Microdeposit, nexus_types::Error>,
) -> nexus_code {
    call(name, error, || {
        let out = Out::handle(out, "out")?;
        let client = live(client, "client")?;
        out.give(Record::one(operation(&client)?))
    })
}
