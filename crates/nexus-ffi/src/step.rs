//! The steps of a flow.

use std::time::Duration;

use nexus_types::flow::{Pause, Purpose, Send, Step};
use nexus_types::{Error, Host};

use crate::NEXUS_NONE;
use crate::brief::brief;
use crate::carried::Clock;
use crate::code::nexus_code;
use crate::flow::{nexus_flow, with};
use crate::sheet::Sheet;
use crate::structures::{Out, growing};
use crate::text::nexus_str;

/// The next step.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum nexus_step_kind {
    /// Send this; it may be repeated. Report nexus_flow_response, _not_sent, _maybe_sent, _no_session or _cancelled.
    NEXUS_STEP_SEND = 1,
    /// Send this once, on a new connection. Report the same events as for NEXUS_STEP_SEND. It is returned once: a flow that
    /// is asked again treats the response as lost.
    NEXUS_STEP_SEND_ONCE = 2,
    /// Do nothing until `until_ms`. Report nexus_flow_elapsed or _cancelled.
    NEXUS_STEP_SLEEP = 3,
    /// The session was refused: open another, by `until_ms`. Report nexus_flow_renewed, _not_renewable, _no_session or
    /// _cancelled.
    NEXUS_STEP_RENEW = 4,
    /// The flow is over: take its result.
    NEXUS_STEP_DONE = 5,
}

/// The purpose of a request or a sleep.
#[repr(i32)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum nexus_purpose {
    /// Something that this version of the header does not know.
    NEXUS_PURPOSE_OTHER = 0,
    /// The call itself: a read, a list, a session.
    NEXUS_PURPOSE_CALL = 1,
    /// A read or list before a change.
    NEXUS_PURPOSE_BEFORE = 2,
    /// The change.
    NEXUS_PURPOSE_CHANGE = 3,
    /// A read or list that reconciles a change without a usable response; a sleep between two of them.
    NEXUS_PURPOSE_RECONCILE = 4,
    /// A read of a wait; a sleep between two of them.
    NEXUS_PURPOSE_POLL = 5,
    /// A sleep before the same request is sent again.
    NEXUS_PURPOSE_RETRY = 6,
}

/// A step. Its texts live until the flow is asked for the next one, or freed. What does not belong to its kind is 0 or absent.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_step {
    /// A NEXUS_STEP number.
    pub kind: i32,
    /// A NEXUS_PURPOSE number.
    pub purpose: i32,
    /// Send: a NEXUS_OPERATION number.
    pub operation: i32,
    /// Send: the number of the request within the flow, from 1.
    pub number: u32,
    /// Send: whether it is for the SSO API's host instead of the data API's.
    pub to_sso: bool,
    /// Send: the time limit for all of it, from the name lookup to the last byte of the response.
    pub timeout_ms: u64,
    /// Sleep: its end. Send and renew: the deadline. On the clock of `elapsed_ms`.
    pub until_ms: u64,
    /// Send once: the latest second, by the wall clock, at which the first byte of the body may leave. After it, do not
    /// send and report nexus_flow_not_sent with NEXUS_CAUSE_TOO_LATE. NEXUS_NONE if there is no such limit.
    pub not_after: i64,
    /// Send: "GET", "POST" or "PUT".
    pub method: nexus_str,
    /// Send: absolute path, percent-encoded, perhaps with a query.
    pub path: nexus_str,
    /// Send: the value of Accept, and of Content-Type where there is a body.
    pub media_type: nexus_str,
    /// Send: the header that carries the secret: MD-SESSION-TOKEN, MD-API-TOKEN or MD-API-KEY.
    pub auth_header: nexus_str,
    /// Send: the secret, where the flow has it itself; absent where the caller joins the session token or API key.
    pub secret: nexus_str,
    /// Send: the JSON body; absent where there is none. It may hold an account number.
    pub body: nexus_str,
}

growing!(nexus_step);

pub(crate) const DONE: nexus_step = nexus_step {
    kind: nexus_step_kind::NEXUS_STEP_DONE as i32,
    purpose: 0,
    operation: 0,
    number: 0,
    timeout_ms: 0,
    until_ms: 0,
    not_after: NEXUS_NONE,
    method: nexus_str::ABSENT,
    path: nexus_str::ABSENT,
    media_type: nexus_str::ABSENT,
    auth_header: nexus_str::ABSENT,
    secret: nexus_str::ABSENT,
    body: nexus_str::ABSENT,
    to_sso: false,
};

fn view(sheet: &Sheet, send: &Send, clock: &Clock) -> nexus_step {
    let [method, path, media_type, auth_header, secret, body] = sheet.texts();
    nexus_step {
        purpose: purpose(send.purpose) as i32,
        operation: i32::from(send.request.operation.number()),
        number: send.number,
        // A time of nothing would be none to the HTTP libraries of this world.
        timeout_ms: u64::try_from(send.timeout.as_millis()).unwrap_or(u64::MAX).max(1),
        until_ms: clock.millis(send.deadline, |time| time.as_millis()),
        method,
        path,
        media_type,
        auth_header,
        secret,
        body,
        to_sso: send.request.host == Host::Sso,
        ..DONE
    }
}

/// Returns the next step. Without an event in between, a flow returns the same step again; but if a request that is sent
/// once is out, its response counts as lost.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, in milliseconds, on a clock that never goes back; it may begin anywhere, the flow's time begins
///                     with the first step.
/// @param unix_seconds Now, in seconds since 1970, UTC.
/// @param chance       An even number from 0 up to 1, for the lengths of pauses.
/// @param out          Receives the step.
/// @param size         sizeof *out.
/// @return NEXUS_OK; NEXUS_ERROR_INVALID_INPUT; a code of misuse (600s). After any failure nothing is to be sent;
///         nexus_flow_take_outcome and its kind say what is known. Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_next(
    flow: *mut nexus_flow,
    elapsed_ms: u64,
    unix_seconds: i64,
    chance: f64,
    out: *mut nexus_step,
    size: usize,
) -> nexus_code {
    brief("nexus_flow_next", || {
        let out = Out::sized(out, size, DONE, "out")?;
        with(flow, |driven| {
            if !(0.0..1.0).contains(&chance) {
                return Err(Error::input("chance", "must be from 0 up to 1"));
            }
            driven.sheet = None;
            let step = driven.carried.next(elapsed_ms, unix_seconds, chance);
            let clock = &driven.carried.clock;
            let sleep = |kind, purpose: nexus_purpose, until| {
                let until_ms = clock.millis(until, |time: Duration| time.as_nanos().div_ceil(1_000_000));
                nexus_step { kind: kind as i32, purpose: purpose as i32, until_ms, ..DONE }
            };
            out.set(match step {
                None | Some(Step::Done(()) | Step::Journal(_)) => DONE,
                Some(Step::Send(send)) => {
                    let view = view(driven.sheet.insert(Sheet::new(&send)), &send, clock);
                    nexus_step { kind: nexus_step_kind::NEXUS_STEP_SEND as i32, ..view }
                }
                Some(Step::SendOnce(permit)) => {
                    let once = permit.spend();
                    let view = view(driven.sheet.insert(Sheet::new(&once.send)), &once.send, clock);
                    let not_after = once.not_after.unwrap_or(NEXUS_NONE);
                    nexus_step { kind: nexus_step_kind::NEXUS_STEP_SEND_ONCE as i32, not_after, ..view }
                }
                Some(Step::Sleep(step)) => sleep(nexus_step_kind::NEXUS_STEP_SLEEP, pause(step.pause), step.until),
                Some(Step::Renew(by)) => {
                    sleep(nexus_step_kind::NEXUS_STEP_RENEW, nexus_purpose::NEXUS_PURPOSE_OTHER, by)
                }
            });
            Ok(())
        })
    })
}

fn purpose(purpose: Purpose) -> nexus_purpose {
    match purpose {
        Purpose::Call => nexus_purpose::NEXUS_PURPOSE_CALL,
        Purpose::Before => nexus_purpose::NEXUS_PURPOSE_BEFORE,
        Purpose::Change => nexus_purpose::NEXUS_PURPOSE_CHANGE,
        Purpose::Reconcile => nexus_purpose::NEXUS_PURPOSE_RECONCILE,
        Purpose::Poll => nexus_purpose::NEXUS_PURPOSE_POLL,
        _ => nexus_purpose::NEXUS_PURPOSE_OTHER,
    }
}

fn pause(pause: Pause) -> nexus_purpose {
    match pause {
        Pause::Retry => nexus_purpose::NEXUS_PURPOSE_RETRY,
        Pause::Reconcile => nexus_purpose::NEXUS_PURPOSE_RECONCILE,
        Pause::Poll => nexus_purpose::NEXUS_PURPOSE_POLL,
        _ => nexus_purpose::NEXUS_PURPOSE_OTHER,
    }
}
