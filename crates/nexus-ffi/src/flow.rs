//! Flows: creates, submissions and waits as state machines for another HTTP library. This file has the functions that make
//! them.

use std::ffi::c_char;
use std::sync::{Mutex, TryLockError};

use nexus_types::decide::creation::Intention;
use nexus_types::flow::{CallFlow, CreateFlow, Flow, ListFlow, Moment, SessionFlow, VerifyFlow, WaitFlow};
use nexus_types::{ClientId, Endpoint, Error, MicrodepositGuid, Operation, Read, UserId, Verify};

use crate::brief::free;
use crate::call::call;
use crate::carried::{Carried, Clock, Driven, Fruit, Standing, Telling};
use crate::client::cents;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::flow_options::{Given, nexus_flow_options};
use crate::raw::{OutHandle, live, reserve, text};
use crate::structures::Out;
use crate::table::handle;
use crate::values::{guid, nexus_create_input, preinitiate};
use crate::wait::{Waiting, nexus_wait_options};

/// A create, a submission, a wait or a read as a state machine. nexus_flow_next returns the next step; the caller carries
/// it out and reports the result. A flow reads before, sends once, reconciles an unknown outcome and judges as nexus_client
/// does. Sockets, clocks and sleeping are the caller's.
///
/// The duties of the caller:
/// 1. Carry out each step, then report its event, with the time at which it happened. One step, one event.
/// 2. NEXUS_STEP_SEND_ONCE: on a new connection, once. No redirects, and no retries by the HTTP library: several repeat a PUT
///    by themselves when a kept connection turns out to be closed.
/// 3. nexus_flow_not_sent needs positive evidence: no connection was made, or no byte of the body left. Everything
///    uncertain is nexus_flow_maybe_sent.
/// 4. Keep the limit of time of each request.
/// 5. Join the secret that `auth_header` asks for. Without a session open one (nexus_flow_session); if that fails, report
///    nexus_flow_no_session.
///
/// A caller who forgets to report is safe too: a flow that is asked for the next step while a request that is sent once is
/// out treats its response as lost. One thread at a time drives a flow; another that tries meanwhile gets
/// NEXUS_ERROR_INVALID_INPUT.
///
/// Functions: nexus_flow_verify, nexus_flow_create, nexus_flow_preinitiate, nexus_flow_wait, nexus_flow_read, nexus_flow_list
/// and nexus_flow_session make one; nexus_flow_next; nexus_flow_response, nexus_flow_not_sent, nexus_flow_maybe_sent,
/// nexus_flow_no_session, nexus_flow_elapsed, nexus_flow_cancelled, nexus_flow_renewed and nexus_flow_not_renewable report;
/// nexus_flow_take_outcome, nexus_flow_take_created, nexus_flow_take_record, nexus_flow_take_list and nexus_flow_take_text
/// give its end; nexus_flow_free.
pub struct nexus_flow(());

handle!(nexus_flow, 12, Mutex<Driven>);

/// Lets one thread drive a flow.
pub(crate) fn with<T>(
    flow: *const nexus_flow,
    drive: impl FnOnce(&mut Driven) -> Result<T, Error>,
) -> Result<T, Error> {
    let flow = live(flow, "flow")?;
    match flow.try_lock() {
        Ok(mut driven) => drive(&mut driven),
        Err(TryLockError::Poisoned(poisoned)) => drive(&mut poisoned.into_inner()),
        Err(TryLockError::WouldBlock) => Err(Error::input("flow", "must be driven by one thread at a time")),
    }
}

/// Submits the two amounts. Ends with what nexus_flow_take_outcome gives.
///
/// @param guid         Which microdeposit.
/// @param first_cents  1 to 99.
/// @param second_cents 1 to 99.
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_verify(
    guid: *const c_char,
    first_cents: u32,
    second_cents: u32,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_verify", error, || {
        let out = Out::handle(out, "out")?;
        let (guid, [first, second]) = (self::guid(guid)?, cents(first_cents, second_cents)?);
        let given = Given::read(options, options_size)?;
        let flow = VerifyFlow::new(Verify::new(guid.clone(), first, second), given.settings, Moment::default());
        let flow = if given.wait { flow.waiting() } else { flow }.with_earlier_open(given.earlier_open);
        let flow = match &given.key {
            Some((key, ..)) => flow.with_key(key.as_str()),
            None => flow,
        };
        let place = Some(reserve()?);
        give(out, Carried { place, ..carried(given, Operation::Verify, Some(guid), Telling(flow, |_| None)) })
    })
}

/// Creates a microdeposit. Ends with what nexus_flow_take_created gives.
///
/// @param input        The values; copied.
/// @param input_size   sizeof *input.
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_create(
    input: *const nexus_create_input,
    input_size: usize,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_create", error, || {
        let out = Out::handle(out, "out")?;
        make(out, Given::read(options, options_size)?, Intention::Create(nexus_create_input::read(input, input_size)?))
    })
}

/// Creates a microdeposit without account details. Ends with what nexus_flow_take_created gives.
///
/// @param first_name   1 to 50 characters.
/// @param last_name    1 to 50 characters.
/// @param email        An e-mail address.
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_preinitiate(
    first_name: *const c_char,
    last_name: *const c_char,
    email: *const c_char,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_preinitiate", error, || {
        let out = Out::handle(out, "out")?;
        let intention = Intention::Preinitiate(preinitiate(first_name, last_name, email)?);
        make(out, Given::read(options, options_size)?, intention)
    })
}

/// Waits for a status, for hours or days. Ends with what nexus_flow_take_record gives.
///
/// @param guid         Which microdeposit.
/// @param wait         For what and how long; NULL for the default. Copied. Its `on_progress` is called within nexus_flow_next,
///                     with `user`, until the flow is freed.
/// @param wait_size    sizeof *wait.
/// @param options      How; NULL for the default. Copied. `call_ms` is for each read.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_wait(
    guid: *const c_char,
    wait: *const nexus_wait_options,
    wait_size: usize,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_wait", error, || {
        let out = Out::handle(out, "out")?;
        let (guid, given) = (self::guid(guid)?, Given::read_keyless(options, options_size)?);
        let Waiting { until, timeout, poll_every, show } = Waiting::read(wait, wait_size)?;
        let flow = WaitFlow::new(guid.clone(), until, timeout, poll_every, given.settings, Moment::default())?;
        give(out, Carried { show, ..carried(given, Operation::Read, Some(guid), Telling(flow, WaitFlow::progress)) })
    })
}

/// Reads one microdeposit. Ends with what nexus_flow_take_record gives.
///
/// @param guid         Which one.
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_read(
    guid: *const c_char,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_read", error, || {
        let out = Out::handle(out, "out")?;
        let (guid, given) = (self::guid(guid)?, Given::read_keyless(options, options_size)?);
        let flow = CallFlow::new(Read::new(guid.clone()), given.settings, Moment::default());
        give(out, carried(given, Operation::Read, Some(guid), Telling(flow, |_| None)))
    })
}

/// Lists all microdeposits, across all pages. Ends with what nexus_flow_take_list gives.
///
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_list(
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_list", error, || {
        let out = Out::handle(out, "out")?;
        let given = Given::read_keyless(options, options_size)?;
        let flow = ListFlow::new(given.settings, Moment::default());
        give(out, carried(given, Operation::List, None, Telling(flow, |_| None)))
    })
}

/// Opens a session. Ends with what nexus_flow_take_text gives: the session token.
///
/// @param client_id    The partner's client id.
/// @param user_id      The partner's id of the user.
/// @param options      How; NULL for the default. Copied.
/// @param options_size sizeof *options.
/// @param out          Receives a flow of the caller's own, to be freed.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_session(
    client_id: *const c_char,
    user_id: *const c_char,
    options: *const nexus_flow_options,
    options_size: usize,
    out: *mut *mut nexus_flow,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_flow_session", error, || {
        let out = Out::handle(out, "out")?;
        let (client, user) = (ClientId::new(text(client_id, "client_id")?)?, UserId::new(text(user_id, "user_id")?)?);
        let given = Given::read_keyless(options, options_size)?;
        let flow = SessionFlow::new(client, user, given.settings, Moment::default());
        give(out, carried(given, Operation::OpenSession, None, Telling(flow, |_| None)))
    })
}

/// Frees a flow and wipes its texts. Freeing cancels no request: once a request that is sent once was handed out, drive the
/// flow to its end first.
///
/// @param flow The flow, or NULL.
/// @return NEXUS_OK, or NEXUS_ERROR_BAD_HANDLE for what is no live flow. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_free(flow: *mut nexus_flow) -> nexus_code {
    free("nexus_flow_free", flow)
}

fn make(out: OutHandle<nexus_flow>, given: Given, intention: Intention) -> Result<(), Error> {
    let operation = intention.operation();
    let flow = CreateFlow::new(intention, given.settings, Moment::default());
    let flow = match &given.key {
        Some((key, ..)) => flow.with_key(key.as_str()),
        None => flow,
    };
    let place = Some(reserve()?);
    give(out, Carried { place, ..carried(given, operation, None, Telling(flow, |_| None)) })
}

/// A flow that has not begun. Its clock begins with its first step.
fn carried<T, F>(given: Given, operation: Operation, guid: Option<MicrodepositGuid>, flow: Telling<F>) -> Carried
where
    T: Into<Fruit>,
    F: Flow<Output = Result<T, Error>> + Send + 'static,
{
    let call = given.settings.call;
    Carried {
        machine: Box::new(flow),
        operation,
        guid,
        budget: given.budget,
        // Under a key an earlier flow may have sent something.
        at_stake: given.key.is_some(),
        journal: given.key.map(|(_, journal, scope)| (journal, scope, call)),
        show: None,
        place: None,
        clock: Clock::default(),
        progress: Standing::UnderWay,
    }
}

fn give(out: OutHandle<nexus_flow>, carried: Carried) -> Result<(), Error> {
    out.give(Mutex::new(Driven { carried, sheet: None }));
    Ok(())
}
