//! The client and its operations.

use std::ffi::c_char;
use std::time::Duration;

use nexus_http::Client;
use nexus_types::{Created, DepositAmount, Error, Microdeposit, MicrodepositGuid, Operation, Outcome};

use crate::brief::free;
use crate::call::{call, staked};
use crate::cancel::nexus_canceller;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::outcome::{CreatedPlace, OutcomePlace, nexus_created, nexus_outcome};
use crate::raw::{live, optional_text, text};
use crate::record::{Record, nexus_list, nexus_microdeposit};
use crate::structures::Out;
use crate::table::handle;
use crate::text::{Text, nexus_text};
use crate::values::{guid, nexus_create_input, preinitiate};

/// A blocking client. Any number of threads may use one at once; they share its session, connections and retry budget.
/// Every call ends within the client's limits. Freeing it while calls are under way is safe: they end on their own.
///
/// Functions: nexus_client_create, nexus_client_create_once, nexus_client_preinitiate, nexus_client_preinitiate_once,
/// nexus_client_list, nexus_client_read, nexus_client_verify, nexus_client_verify_text, nexus_client_verify_and_wait,
/// nexus_client_verify_once, nexus_client_wait, nexus_client_session, nexus_client_widget_url, nexus_client_with_timeout,
/// nexus_client_cancellable, nexus_client_free. One is made by nexus_client_builder_build.
pub struct nexus_client(());

handle!(nexus_client, 8, Client);

/// Creates a microdeposit. The record is INITIATED, or already has one of the failed statuses: check its status.
///
/// Sends at most one POST that the server can have acted on. Lists before; holds the response to what was asked for; if no
/// usable response comes, lists after, and never sends a second one.
///
/// @param client     The client.
/// @param input      The values; copied.
/// @param input_size sizeof *input.
/// @param out        Receives the record, to be freed by nexus_microdeposit_free, and the assumption by which it is this call's,
///                   if any.
/// @param size       sizeof *out.
/// @param error      Receives the error on failure; may be NULL. Where `outcome_unknown` is set the record may exist: see its
///                   advice and candidates. Where it is not, the record does not exist; `assumption` says what this rests on.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_create(
    client: *const nexus_client,
    input: *const nexus_create_input,
    input_size: usize,
    out: *mut nexus_created,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    made("nexus_client_create", client, (out, size), error, Operation::Create, || {
        let input = nexus_create_input::read(input, input_size)?;
        Ok(move |client: &Client| client.create(&input))
    })
}

/// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. As careful
/// as nexus_client_create.
///
/// @param client     The client.
/// @param first_name 1 to 50 characters.
/// @param last_name  1 to 50 characters.
/// @param email      An e-mail address.
/// @param out        Receives the record, to be freed, and the assumption by which it is this call's, if any.
/// @param size       sizeof *out.
/// @param error      Receives the error on failure; may be NULL.
/// @return NEXUS_OK or any code but a status one (400s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_preinitiate(
    client: *const nexus_client,
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    out: *mut nexus_created,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    made("nexus_client_preinitiate", client, (out, size), error, Operation::Preinitiate, || {
        let input = preinitiate(first_name, last_name, email)?;
        Ok(move |client: &Client| client.preinitiate(&input))
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
        out.give(live(client, "client")?.list()?);
        Ok(())
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

/// Submits the two amounts and returns the verdict: verified, denied, locked, or pending.
///
/// Sends at most one PUT that the server can have acted on. Reads before, and sends nothing where the status admits no
/// submission; if no usable response comes, reads after, and never sends a second one.
///
/// @param client       The client.
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param out          Receives the verdict, its assumption if any, and the record, to be freed by nexus_microdeposit_free.
/// @param size         sizeof *out.
/// @param error        Receives the error on failure; may be NULL. Where `outcome_unknown` is set the amounts may have been
///                     counted: see its advice and last record. Where it is not, they were not; `assumption` says what this
///                     rests on.
/// @return NEXUS_OK, whatever the verdict; NEXUS_ERROR_NOT_VERIFIABLE where nothing was sent because of the status;
///         NEXUS_ERROR_MICRODEPOSIT_FAILED where the record says nothing about the amounts any more; any other code. Any
///         thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify(
    client: *const nexus_client,
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    out: *mut nexus_outcome,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    judged("nexus_client_verify", client, guid, (out, size), error, || {
        let [first, second] = cents(first_cents, second_cents)?;
        Ok(move |client: &Client, guid: &MicrodepositGuid| client.verify(guid, first, second))
    })
}

/// As nexus_client_verify, with the amounts as decimal text in dollars.
///
/// @param client The client.
/// @param guid   Which microdeposit.
/// @param first  Such as "0.03".
/// @param second Such as "0.05".
/// @param out    Receives the verdict, its assumption if any, and the record, to be freed.
/// @param size   sizeof *out.
/// @param error  Receives the error on failure; may be NULL.
/// @return As nexus_client_verify. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify_text(
    client: *const nexus_client,
    guid: *const c_char,
    first: *const c_char,
    second: *const c_char,
    out: *mut nexus_outcome,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    judged("nexus_client_verify_text", client, guid, (out, size), error, || {
        let (first, second) = (text(first, "first")?, text(second, "second")?);
        let (first, second) = (DepositAmount::parse(&first)?, DepositAmount::parse(&second)?);
        Ok(move |client: &Client, guid: &MicrodepositGuid| client.verify(guid, first, second))
    })
}

/// As nexus_client_verify, and waits for the outcome where the server judges later; within the client's limit for a call.
/// The verdict is NEXUS_VERDICT_PENDING where none showed in time.
///
/// @param client       The client.
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param out          Receives the verdict, its assumption if any, and the record, to be freed.
/// @param size         sizeof *out.
/// @param error        Receives the error on failure; may be NULL.
/// @return As nexus_client_verify. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_verify_and_wait(
    client: *const nexus_client,
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    out: *mut nexus_outcome,
    size: usize,
    error: *mut *mut nexus_error,
) -> nexus_code {
    judged("nexus_client_verify_and_wait", client, guid, (out, size), error, || {
        let [first, second] = cents(first_cents, second_cents)?;
        Ok(move |client: &Client, guid: &MicrodepositGuid| client.verify_and_wait(guid, first, second))
    })
}

/// Returns the token of the session in use, and opens a session first if there is none. Whoever has the token has the
/// session.
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
        out.give(Text::new(live(client, "client")?.session()?.expose()));
        Ok(())
    })
}

/// Returns an address of the Connect Widget in verification mode, for one use within ten minutes.
///
/// @param client The client; it must have SSO credentials.
/// @param guid   The microdeposit that the person continues with, or NULL.
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
        out.give(Text::new(client.widget_url(current)?.expose()));
        Ok(())
    })
}

/// The same client with another limit for each call in all. Session, connections and budget are shared.
///
/// @param client  The client.
/// @param call_ms The limit in milliseconds, above 0 and at most a day.
/// @param out     Receives a client of the caller's own, to be freed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT for another limit, NEXUS_ERROR_NULL_POINTER or NEXUS_ERROR_BAD_HANDLE. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_with_timeout(
    client: *const nexus_client,
    call_ms: u64,
    out: *mut *mut nexus_client,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_with_timeout", error, || {
        let out = Out::handle(out, "out")?;
        out.give(live(client, "client")?.with_timeout(Duration::from_millis(call_ms))?);
        Ok(())
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
        ender.give(canceller);
        out.give(client);
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

/// Amounts in cents, checked.
pub(crate) fn cents(first: u32, second: u32) -> Result<[DepositAmount; 2], Error> {
    Ok([DepositAmount::from_cents(first)?, DepositAmount::from_cents(second)?])
}

/// A read or a wait, which brings one record.
pub(crate) fn record(
    name: &'static str,
    client: *const nexus_client,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
    operation: impl FnOnce(&Client) -> Result<Microdeposit, Error>,
) -> nexus_code {
    call(name, error, || {
        let out = Out::handle(out, "out")?;
        let client = live(client, "client")?;
        out.give(Record::one(operation(&client)?));
        Ok(())
    })
}

/// A create: everything is checked, and a place is kept for the record, before anything is sent.
pub(crate) fn made<C: FnOnce(&Client) -> Result<Created, Error>>(
    name: &'static str,
    client: *const nexus_client,
    (out, size): (*mut nexus_created, usize),
    error: *mut *mut nexus_error,
    operation: Operation,
    prepare: impl FnOnce() -> Result<C, Error>,
) -> nexus_code {
    staked(name, error, |stake| {
        let out = CreatedPlace::new(out, size)?;
        let client = live(client, "client")?;
        let call = prepare()?;
        stake.raise(operation, None);
        out.give(call(&client)?);
        Ok(())
    })
}

/// A submission: everything is checked, and a place is kept for the record, before anything is sent.
pub(crate) fn judged<C: FnOnce(&Client, &MicrodepositGuid) -> Result<Outcome, Error>>(
    name: &'static str,
    client: *const nexus_client,
    guid: *const c_char,
    (out, size): (*mut nexus_outcome, usize),
    error: *mut *mut nexus_error,
    prepare: impl FnOnce() -> Result<C, Error>,
) -> nexus_code {
    staked(name, error, |stake| {
        let out = OutcomePlace::new(out, size)?;
        let client = live(client, "client")?;
        let (submit, guid) = (prepare()?, self::guid(guid)?);
        stake.raise(Operation::Verify, Some(&guid));
        out.give(submit(&client, &guid)?);
        Ok(())
    })
}

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
