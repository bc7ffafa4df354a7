//! Waiting for a status, with a callback for progress.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use nexus_http::{Progress, Until, WaitOptions};

use crate::NEXUS_NONE;
use crate::border::lend;
use crate::client::{nexus_client, record};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{Plain, optional_text, structure};
use crate::record::{Record, nexus_microdeposit};
use crate::status::stage_of;
use crate::values::guid;

/// Where a wait stands.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_progress {
    /// The record just read. It is the library's and ends with the callback: do not free it.
    pub record: *const nexus_microdeposit,
    /// How long the wait has taken, in milliseconds.
    pub elapsed_ms: u64,
    /// When the next read comes, in milliseconds; NEXUS_NONE after the last.
    pub next_read_ms: i64,
    /// How many reads were made.
    pub reads: u32,
}

/// Called after each read of a wait that succeeded, in the thread of the wait. It must return: no exception, no longjmp.
/// To end the wait, cancel the client (see nexus_client_cancellable).
///
/// @param progress Where the wait stands; valid during the call.
/// @param user     The pointer given with the callback.
pub type nexus_on_progress = Option<extern "C" fn(progress: *const nexus_progress, user: *mut c_void)>;

/// How to wait. All zero is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_wait_options {
    /// The name of the status to wait for, such as "VERIFIED". NULL: until something can be done, or nothing more:
    /// DEPOSITED, DENIED, or an end.
    pub until: *const c_char,
    /// How long at most, in milliseconds; 0 for three days.
    pub timeout_ms: u64,
    /// A fixed time between two reads, in milliseconds; 0 to read when the status can have changed.
    pub poll_every_ms: u64,
    /// Called after each read; may be NULL.
    pub on_progress: nexus_on_progress,
    /// Handed to `on_progress`.
    pub user: *mut c_void,
}

impl Plain for nexus_wait_options {}

const DEFAULT: nexus_wait_options = nexus_wait_options {
    until: std::ptr::null(),
    timeout_ms: 0,
    poll_every_ms: 0,
    on_progress: None,
    user: std::ptr::null_mut(),
};

/// Reads again and again until the microdeposit stands where it is wanted. Failures that pass do not end the wait.
///
/// @param client  The client. Cancel it from another thread with the canceller of nexus_client_cancellable.
/// @param guid    Which microdeposit.
/// @param options How to wait; NULL for the default.
/// @param out     Receives a record of the caller's own, to be freed.
/// @param error   Receives the error on failure, with the last record seen; may be NULL.
/// @return NEXUS_OK; NEXUS_ERROR_WAIT_TIMED_OUT; NEXUS_ERROR_WAIT_ENDED where the wanted status cannot come any more;
///         NEXUS_ERROR_CANCELLED; or what a read ends with for good. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_wait(
    client: *const nexus_client,
    guid: *const c_char,
    options: *const nexus_wait_options,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_wait", client, out, error, |client| {
        let guid = self::guid(guid)?;
        let given = structure(options).unwrap_or(DEFAULT);
        let until = optional_text(given.until, "until")?.map(|name| stage_of(&name)).transpose()?;
        let until = until.map_or(Until::Actionable, Until::Stage);
        let mut show = given.on_progress.map(|callback| {
            move |progress: &Progress<'_>| {
                lend(Record::one(progress.record.clone()), |record| {
                    let next = progress.next_read.and_then(|wait| i64::try_from(wait.as_millis()).ok());
                    let told = nexus_progress {
                        record,
                        elapsed_ms: u64::try_from(progress.elapsed.as_millis()).unwrap_or(u64::MAX),
                        next_read_ms: next.unwrap_or(NEXUS_NONE),
                        reads: progress.reads,
                    };
                    callback(&told, given.user);
                });
            }
        });
        let mut how = WaitOptions { on_progress: show.as_mut().map(|show| show as _), ..WaitOptions::default() };
        if given.timeout_ms != 0 {
            how.timeout = Duration::from_millis(given.timeout_ms);
        }
        if given.poll_every_ms != 0 {
            how.poll_every = Some(Duration::from_millis(given.poll_every_ms));
        }
        client.wait(&guid, until, how)
    })
}
