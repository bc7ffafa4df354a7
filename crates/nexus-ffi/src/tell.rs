//! The functions with which a caller reports events to a flow.

use std::ffi::{c_char, c_void};

use nexus_types::flow::{Event, Lost};
use nexus_types::{Error, Response, TransportProblem};

use crate::brief::brief;
use crate::cause::cause_of;
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::flow::{nexus_flow, with};
use crate::raw::{bytes, live, optional_text};
use crate::request::status_of;

fn tell(flow: *mut nexus_flow, elapsed_ms: u64, unix_seconds: i64, event: Event) -> Result<(), Error> {
    with(flow, |driven| {
        driven.carried.handle(elapsed_ms, unix_seconds, event);
        Ok(())
    })
}

/// Reports a whole HTTP response, of any status.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @param http_status  The response's HTTP status.
/// @param retry_after  The value of its header Retry-After, or NULL.
/// @param body         Its whole body; may be NULL where `len` is 0.
/// @param len          Its length in bytes.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s); then the flow has not received the event. Any
///         thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_response(
    flow: *mut nexus_flow,
    elapsed_ms: u64,
    unix_seconds: i64,
    http_status: i32,
    retry_after: *const c_char,
    body: *const c_void,
    len: usize,
) -> nexus_code {
    brief("nexus_flow_response", || {
        live(flow, "flow")?;
        let status = status_of(http_status)?;
        let mut response = bytes(body, len, "body", |body| Ok(Response::new(status, body)))?;
        // An unreadable value is ignored.
        response.retry_after = optional_text(retry_after, "retry_after").unwrap_or(None);
        tell(flow, elapsed_ms, unix_seconds, Event::Response(response))
    })
}

fn lost(problem: i32, cause: i32) -> Lost {
    let problem = match problem {
        501 => TransportProblem::Connect,
        502 => TransportProblem::Timeout,
        504 => TransportProblem::Tls,
        505 => TransportProblem::TooLarge,
        506 => TransportProblem::Cancelled,
        507 => TransportProblem::Protocol,
        _ => TransportProblem::Io,
    };
    Lost::new(problem).with_cause(cause_of(cause))
}

/// Reports that no response came and that certainly no byte of the request's body has left this machine. It needs positive
/// evidence.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @param problem      NEXUS_ERROR_CONNECT or another code of the 500s; any other number counts as NEXUS_ERROR_IO.
/// @param cause        A NEXUS_CAUSE number, or 0.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_not_sent(
    flow: *mut nexus_flow,
    elapsed_ms: u64,
    unix_seconds: i64,
    problem: i32,
    cause: i32,
) -> nexus_code {
    brief("nexus_flow_not_sent", || tell(flow, elapsed_ms, unix_seconds, Event::NotSent(lost(problem, cause))))
}

/// Reports that no whole response came and that the server may have acted.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @param problem      NEXUS_ERROR_TIMEOUT or another code of the 500s; any other number counts as NEXUS_ERROR_IO.
/// @param cause        A NEXUS_CAUSE number, or 0.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_maybe_sent(
    flow: *mut nexus_flow,
    elapsed_ms: u64,
    unix_seconds: i64,
    problem: i32,
    cause: i32,
) -> nexus_code {
    brief("nexus_flow_maybe_sent", || tell(flow, elapsed_ms, unix_seconds, Event::MaybeSent(lost(problem, cause))))
}

/// Reports that no session could be opened. Nothing was sent.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @param reason       Why: the error of nexus_flow_session's flow; or NULL. It stays the caller's.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_no_session(
    flow: *mut nexus_flow,
    elapsed_ms: u64,
    unix_seconds: i64,
    reason: *const nexus_error,
) -> nexus_code {
    brief("nexus_flow_no_session", || {
        live(flow, "flow")?;
        let reason = match reason.is_null() {
            true => Error::input("session", "could not be opened"),
            false => live(reason, "reason")?.error().clone(),
        };
        tell(flow, elapsed_ms, unix_seconds, Event::NoSession(reason))
    })
}

/// Reports the end of a sleep.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_elapsed(flow: *mut nexus_flow, elapsed_ms: u64, unix_seconds: i64) -> nexus_code {
    brief("nexus_flow_elapsed", || tell(flow, elapsed_ms, unix_seconds, Event::Elapsed))
}

/// Reports that the caller cancelled a sleep, or a request before it was sent. While a request that is sent once is out,
/// the request counts as maybe sent.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_cancelled(flow: *mut nexus_flow, elapsed_ms: u64, unix_seconds: i64) -> nexus_code {
    brief("nexus_flow_cancelled", || tell(flow, elapsed_ms, unix_seconds, Event::Cancelled))
}

/// Reports a new session.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_renewed(flow: *mut nexus_flow, elapsed_ms: u64, unix_seconds: i64) -> nexus_code {
    brief("nexus_flow_renewed", || tell(flow, elapsed_ms, unix_seconds, Event::Renewed))
}

/// Reports that the session was given from outside and cannot be renewed.
///
/// @param flow         The flow.
/// @param elapsed_ms   Now, as in nexus_flow_next.
/// @param unix_seconds Now, as in nexus_flow_next.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread, one at a time.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_flow_not_renewable(flow: *mut nexus_flow, elapsed_ms: u64, unix_seconds: i64) -> nexus_code {
    brief("nexus_flow_not_renewable", || tell(flow, elapsed_ms, unix_seconds, Event::NotRenewable))
}
