//! Waiting for a status, with a callback for progress.

use std::ffi::{c_char, c_void};
use std::time::Duration;

use nexus_http::{Progress, Until, WaitOptions};
use nexus_types::Error;

use crate::NEXUS_NONE;
use crate::brief::lend;
use crate::cause;
use crate::client::{nexus_client, record};
use crate::code::nexus_code;
use crate::error::nexus_error;
use crate::raw::{User, optional_text};
use crate::record::{Record, nexus_microdeposit};
use crate::status::known_of;
use crate::structures::{Plain, growing, structure};
use crate::values::guid;

/// Where a wait stands.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_progress {
    /// The record as it was seen last; NULL before a read has succeeded, and where no handle is left for it. It is the
    /// library's and ends with the callback: do not free it.
    pub record: *const nexus_microdeposit,
    /// How long the wait has taken, in milliseconds.
    pub elapsed_ms: u64,
    /// When the next read comes, in milliseconds; NEXUS_NONE after the last.
    pub next_read_ms: i64,
    /// How many reads have succeeded.
    pub reads: u32,
    /// How many requests went out.
    pub requests_sent: u32,
    /// How the read that was just made failed: a nexus_code; 0 if it succeeded.
    pub failure: i32,
    /// Why, where that is known: a NEXUS_CAUSE number, or 0.
    pub cause: i32,
}

/// Called after each read of a wait, whether it succeeded or failed, in the thread of the wait. It must return: no exception,
/// no longjmp.
///
/// @param progress Where the wait stands; valid during the call.
/// @param user     The pointer given with the callback.
/// @return true to go on; false ends the wait, which returns NEXUS_ERROR_CANCELLED with the last record seen.
pub type nexus_on_progress = Option<extern "C" fn(progress: *const nexus_progress, user: *mut c_void) -> bool>;

/// How to wait. All zero is the default.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct nexus_wait_options {
    /// The name of the status to wait for, such as "VERIFIED". NULL: until something can be done, or nothing more:
    /// DEPOSITED, DENIED, or an end.
    pub until: *const c_char,
    /// How long at most, in milliseconds; 0 for three days. More than a year counts as a year.
    pub timeout_ms: u64,
    /// A fixed time between two reads, in milliseconds, at least 10; 0 to read when the status can have changed.
    pub poll_every_ms: u64,
    /// Called after each read; may be NULL.
    pub on_progress: nexus_on_progress,
    /// Handed to `on_progress`.
    pub user: *mut c_void,
}

growing!(nexus_wait_options);
impl Plain for nexus_wait_options {}

/// How to wait, as the core takes it, and the callback for progress.
pub(crate) struct Waiting {
    pub(crate) until: Until,
    pub(crate) timeout: Duration,
    pub(crate) poll_every: Option<Duration>,
    pub(crate) show: Option<Show>,
}

/// A callback with its pointer.
pub(crate) struct Show {
    callback: extern "C" fn(*const nexus_progress, *mut c_void) -> bool,
    user: User,
}

impl Waiting {
    pub(crate) fn read(options: *const nexus_wait_options, size: usize) -> Result<Waiting, Error> {
        let usual = WaitOptions::default().timeout;
        let Some(given) = structure(options, size, "options")? else {
            return Ok(Waiting { until: Until::Actionable, timeout: usual, poll_every: None, show: None });
        };
        let until = optional_text(given.until, "until")?.map(|name| known_of(&name)).transpose()?;
        Ok(Waiting {
            until: until.map_or(Until::Actionable, Until::Status),
            timeout: if given.timeout_ms == 0 { usual } else { Duration::from_millis(given.timeout_ms) },
            poll_every: (given.poll_every_ms != 0).then(|| Duration::from_millis(given.poll_every_ms)),
            show: given.on_progress.map(|callback| Show { callback, user: User::new(given.user) }),
        })
    }
}

impl Show {
    /// Tells the caller where the wait stands, and returns whether it goes on.
    pub(crate) fn show(&self, progress: &Progress) -> bool {
        let mut view = nexus_progress {
            record: std::ptr::null(),
            elapsed_ms: u64::try_from(progress.elapsed.as_millis()).unwrap_or(u64::MAX),
            next_read_ms: progress
                .next_read
                .and_then(|wait| i64::try_from(wait.as_millis()).ok())
                .unwrap_or(NEXUS_NONE),
            reads: progress.reads,
            requests_sent: progress.requests_sent,
            failure: progress.failure.as_ref().map_or(0, |failure| i32::from(failure.kind().number())),
            cause: cause::number_of(progress.failure.as_ref().and_then(Error::cause)),
        };
        match &progress.record {
            None => (self.callback)(&view, self.user.get()),
            Some(record) => lend(Record::one(record.clone()), |record| {
                view.record = record;
                (self.callback)(&view, self.user.get())
            }),
        }
    }
}

/// Reads repeatedly until the microdeposit has the wanted status. A read that fails does not end the wait, unless waiting
/// cannot help. A server's Retry-After is obeyed; the last read comes shortly before the end.
///
/// @param client  The client. Cancel it from another thread with the canceller of nexus_client_cancellable.
/// @param guid    Which microdeposit.
/// @param options How to wait; NULL for the default.
/// @param size    sizeof *options.
/// @param out     Receives a record of the caller's own, to be freed.
/// @param error   Receives the error on failure, with the last record seen and how the last read failed; may be NULL.
/// @return NEXUS_OK; NEXUS_ERROR_WAIT_TIMED_OUT; NEXUS_ERROR_WAIT_ENDED where the wanted status cannot come any more;
///         NEXUS_ERROR_CANCELLED; or what a read ends with for good. Any thread.
#[unsafe(no_mangle)]
pub extern "C" fn nexus_client_wait(
    client: *const nexus_client,
    guid: *const c_char,
    options: *const nexus_wait_options,
    size: usize,
    out: *mut *mut nexus_microdeposit,
    error: *mut *mut nexus_error,
) -> nexus_code {
    record("nexus_client_wait", client, out, error, |client| {
        let guid = self::guid(guid)?;
        let Waiting { until, timeout, poll_every, show } = Waiting::read(options, size)?;
        let (client, canceller) = client.cancellable();
        let mut tell = show.as_ref().map(|show| {
            |progress: &Progress| {
                if !show.show(progress) {
                    canceller.cancel();
                }
            }
        });
        let on_progress = tell.as_mut().map(|tell| tell as &mut dyn FnMut(&Progress));
        let mut options = WaitOptions::default().with_timeout(timeout).with_poll_every(poll_every);
        options.on_progress = on_progress;
        client.wait(&guid, until, options)
    })
}
