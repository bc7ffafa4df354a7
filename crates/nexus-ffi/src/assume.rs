//! The assumptions about MX's server: one switch each for a client. A flow has them in its options.

use std::time::Duration;

use nexus_types::Error;
use nexus_types::assumptions::REFUSALS;

use crate::builder::{assume, nexus_client_builder};
use crate::call::call;
use crate::code::nexus_code;
use crate::error::nexus_error;

/// "No time is long enough", in place of a time in milliseconds.
pub const NEXUS_NEVER: u64 = u64::MAX;

pub(crate) fn refusal(http_status: i32) -> Result<u16, Error> {
    let status = u16::try_from(http_status).ok().filter(|status| REFUSALS.contains(status));
    status.ok_or_else(|| Error::input("http_status", "must be one of 400, 403, 404, 413, 415, 422 and 429"))
}

pub(crate) fn time(millis: u64, field: &'static str) -> Result<Option<Duration>, Error> {
    match millis {
        NEXUS_NEVER => Ok(None),
        0..=86_400_000 => Ok(Some(Duration::from_millis(millis))),
        _ => Err(Error::input(field, "must be at most a day")),
    }
}

/// Assumes that a response of this HTTP status to a create or verify is given before anything is done. On by default for each.
/// 401 needs no assumption, and 406, 408, 409 and the 500s are never taken for a proof.
///
/// @param builder     The builder.
/// @param http_status One of 400, 403, 404, 413, 415, 422 and 429.
/// @param on          false: after such a response the outcome is unknown until it shows.
/// @param error       Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_assume_refusal(
    builder: *mut nexus_client_builder,
    http_status: i32,
    on: bool,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_assume_refusal", error, || {
        // Check the handle before the status.
        assume(builder, |_| {})?;
        let status = refusal(http_status)?;
        assume(builder, |assumptions| *assumptions = assumptions.with_refusal(status, on))
    })
}

/// Assumes that a second wrong submission moves updated_at, and nothing else does; it is taken only where two reads before the
/// submission have shown that reading does not move it. On by default: without it, every second wrong submission waits.
///
/// @param builder The builder.
/// @param on      Whether it is assumed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_assume_updated_at_shows_denial(
    builder: *mut nexus_client_builder,
    on: bool,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_assume_updated_at_shows_denial", error, || {
        assume(builder, |assumptions| assumptions.updated_at_shows_denial = on)
    })
}

/// Assumes that a submission that was taken is judged after this time at the latest. 18 seconds by default: so long MX's own
/// widget reads to find the outcome.
///
/// @param builder      The builder.
/// @param milliseconds The time, at most a day; NEXUS_NEVER: no time is long enough.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_assume_judged_within_ms(
    builder: *mut nexus_client_builder,
    milliseconds: u64,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_assume_judged_within_ms", error, || {
        let within = time(milliseconds, "judged_within");
        assume(builder, |_| {})?;
        let within = within?;
        assume(builder, |assumptions| assumptions.judged_within = within)
    })
}

/// Assumes that a list without a sign of more shows every microdeposit that there is, new ones at once. On by default. Off: a
/// record found in a list is only ever a candidate, and a create under a key is never sent a second time.
///
/// @param builder The builder.
/// @param on      Whether it is assumed.
/// @param error   Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_assume_lists_show_all(
    builder: *mut nexus_client_builder,
    on: bool,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_assume_lists_show_all", error, || {
        assume(builder, |assumptions| assumptions.lists_show_all = on)
    })
}

/// Assumes that a server acts on a request no later than this after its sender gave up. Two minutes by default: after that a
/// create under a key is sent again if no list shows its record.
///
/// @param builder      The builder.
/// @param milliseconds The time, at most a day; NEXUS_NEVER: it is never sent again.
/// @param error        Receives the error on failure; may be NULL.
/// @return NEXUS_OK, NEXUS_ERROR_INVALID_INPUT, or a code of misuse (600s). Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_builder_assume_server_grace_ms(
    builder: *mut nexus_client_builder,
    milliseconds: u64,
    error: *mut *mut nexus_error,
) -> nexus_code {
    call("nexus_client_builder_assume_server_grace_ms", error, || {
        let grace = time(milliseconds, "server_grace");
        assume(builder, |_| {})?;
        let grace = grace?;
        assume(builder, |assumptions| assumptions.server_grace = grace)
    })
}
