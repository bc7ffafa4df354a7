//! [`Client::wait`]: until a status, for hours or days, by the core's polling decisions.

use std::time::{Duration, Instant};

use nexus_types::decide::poll::{next_read, next_read_after_verify};
use nexus_types::machine::history;
use nexus_types::{
    Error, ErrorGroup, ErrorKind, Microdeposit, MicrodepositGuid, Operation, Place, Stage, StateProblem,
};

use crate::client::{Client, now};

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Until {
    /// Until something can be done, or nothing more: DEPOSITED, DENIED, or a terminal status.
    #[default]
    Actionable,
    /// Until this status.
    Stage(Stage),
}

/// How to wait. No time limit of a single call applies to the wait as a whole.
pub struct WaitOptions<'a> {
    /// How long at most. Three days by default: production deposits take 12 to 36 hours.
    pub timeout: Duration,
    /// A fixed time between two reads instead of the core's decisions; above zero.
    pub poll_every: Option<Duration>,
    /// Called after each read that succeeded.
    pub on_progress: Option<&'a mut dyn FnMut(&Progress<'_>)>,
}

impl Default for WaitOptions<'_> {
    fn default() -> Self {
        WaitOptions { timeout: Duration::from_secs(3 * 86_400), poll_every: None, on_progress: None }
    }
}

/// Where a wait stands.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The record just read.
    pub record: &'a Microdeposit,
    /// How long the wait has taken.
    pub elapsed: Duration,
    /// When the next read comes; none after the last.
    pub next_read: Option<Duration>,
    /// How many reads were made.
    pub reads: u32,
}

impl Client {
    /// Reads again and again until the microdeposit stands where it is wanted.
    ///
    /// A read that fails in a way that passes (no connection, no answer, a server's failure) does not end the wait; each
    /// read has this client's limit for a call. Cancel it with [`cancellable`](Client::cancellable).
    ///
    /// # Errors
    /// `State` `WaitTimedOut` at the end of the time, `WaitEnded` where the wanted status cannot come any more, both with
    /// the last record seen; `Transport` `Cancelled`; and what a read ends with for good, such as `NotFound`;
    /// `Input` on `poll_every`.
    pub fn wait(
        &self,
        guid: &MicrodepositGuid,
        until: Until,
        mut options: WaitOptions<'_>,
    ) -> Result<Microdeposit, Error> {
        if options.poll_every.is_some_and(|every| every.is_zero()) {
            return Err(Error::input("poll_every", "must be above zero"));
        }
        let began = Instant::now();
        let end = began + options.timeout.min(LONGEST);
        let mut seen: Option<Microdeposit> = None;
        let mut reads = 0;
        let told = |problem| Error::state(problem, Some(Operation::Read)).with_guid(Some(guid.clone()));
        loop {
            match self.run(&nexus_types::Read::new(guid.clone()), end.min(self.deadline())) {
                Ok(record) => {
                    reads += 1;
                    let arrived = reached(&record, until);
                    let lost = !arrived && out_of_reach(&record, until);
                    let pause = if arrived || lost { None } else { self.pause_after(&record, until, reads, &options) };
                    if let Some(report) = options.on_progress.as_mut() {
                        report(&Progress { record: &record, elapsed: began.elapsed(), next_read: pause, reads });
                    }
                    if arrived {
                        return Ok(record);
                    }
                    if lost {
                        return Err(told(StateProblem::WaitEnded).with_last_seen(record));
                    }
                    seen = Some(record);
                }
                Err(error) if !passes(&error) => return Err(keeping(error, seen)),
                Err(_) => {}
            }
            let pause = seen.as_ref().and_then(|record| self.pause_after(record, until, reads, &options));
            let pause = pause.or(options.poll_every).unwrap_or(AFTER_FAILURE);
            let left = end.saturating_duration_since(Instant::now());
            let last = pause >= left;
            self.pause(pause.min(left), Operation::Read).map_err(|error| keeping(error, seen.clone()))?;
            if last {
                let error = told(StateProblem::WaitTimedOut);
                return Err(keeping(error, seen));
            }
        }
    }

    fn pause_after(
        &self,
        record: &Microdeposit,
        until: Until,
        reads: u32,
        options: &WaitOptions<'_>,
    ) -> Option<Duration> {
        if options.poll_every.is_some() {
            return options.poll_every;
        }
        let created = record.created_at.as_ref().and_then(|at| at.unix_seconds());
        let own = next_read(self.shared.settings.environment, &record.status, now(), created, reads);
        match until {
            // Somebody else may submit an answer meanwhile.
            Until::Stage(_) => own.or_else(|| next_read_after_verify(&record.status, reads)),
            Until::Actionable => own,
        }
    }
}

/// Nobody waits longer, and no clock overflows.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);
/// Before anything was seen.
const AFTER_FAILURE: Duration = Duration::from_secs(10);

fn reached(record: &Microdeposit, until: Until) -> bool {
    match until {
        Until::Actionable => record.status.is_terminal() || record.status.may_verify(),
        Until::Stage(stage) => record.status == stage,
    }
}

/// Whether the table leads from here to there no more. A status that it does not know may lead anywhere.
fn out_of_reach(record: &Microdeposit, until: Until) -> bool {
    let (Some(from), Until::Stage(to)) = (record.status.stage(), until) else { return false };
    history(Place::At(from), Place::At(to)).is_none()
}

/// Whether a later read may succeed.
fn passes(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Cancelled | ErrorKind::Tls => false,
        ErrorKind::Server | ErrorKind::RateLimited => true,
        kind => kind.group() == ErrorGroup::Transport,
    }
}

fn keeping(error: Error, seen: Option<Microdeposit>) -> Error {
    match seen {
        Some(record) => error.with_last_seen(record),
        None => error,
    }
}

impl std::fmt::Debug for WaitOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (timeout, poll_every) = (&self.timeout, &self.poll_every);
        f.debug_struct("WaitOptions").field("timeout", timeout).field("poll_every", poll_every).finish_non_exhaustive()
    }
}
