//! [`Client::wait`]: waits for a status, for hours or days.

use std::time::Duration;

use nexus_types::flow::{Event, Flow, Progress, Until, WaitFlow};
use nexus_types::{Error, Microdeposit, MicrodepositGuid};

use crate::client::Client;
use crate::driver::Turn;

/// How to wait. No time limit of a single call applies to the wait as a whole.
///
/// ```
/// use std::time::Duration;
///
/// use nexus_http::WaitOptions;
///
/// let options = WaitOptions::default().with_timeout(Duration::from_secs(600));
/// assert_eq!(options.poll_every, None);
/// ```
#[non_exhaustive]
pub struct WaitOptions<'a> {
    /// The time limit; one of more than a year counts as a year. Three days by default: production deposits take 12 to 36 hours.
    pub timeout: Duration,
    /// A fixed time between two reads instead of the calendar's; at least 10 milliseconds.
    pub poll_every: Option<Duration>,
    /// Called after each read, whether it succeeded or failed.
    pub on_progress: Option<&'a mut dyn FnMut(&Progress)>,
}

impl Default for WaitOptions<'_> {
    fn default() -> Self {
        WaitOptions { timeout: Duration::from_secs(3 * 86_400), poll_every: None, on_progress: None }
    }
}

impl<'a> WaitOptions<'a> {
    /// The same options with another time limit; one of more than a year counts as a year.
    pub fn with_timeout(self, timeout: Duration) -> WaitOptions<'a> {
        WaitOptions { timeout, ..self }
    }

    /// The same options with a fixed time between two reads, at least 10 milliseconds; `None` for the calendar's.
    pub fn with_poll_every(self, every: impl Into<Option<Duration>>) -> WaitOptions<'a> {
        WaitOptions { poll_every: every.into(), ..self }
    }

    /// The same options with a callback for each read.
    pub fn with_on_progress(self, on_progress: &'a mut dyn FnMut(&Progress)) -> WaitOptions<'a> {
        WaitOptions { on_progress: Some(on_progress), ..self }
    }
}

impl Client {
    /// Reads repeatedly until the microdeposit has the wanted status.
    ///
    /// A failed read does not end the wait, unless waiting cannot help: the microdeposit is not found, no session can be
    /// opened, or every read from the beginning was refused. A `Retry-After` is obeyed. The last read is shortly before the
    /// end. Each read has this client's limit for a call. Cancel it with [`cancellable`](Client::cancellable).
    ///
    /// # Errors
    /// `State` `WaitTimedOut` at the end of the time, with the last record and the last read's error, if any; `WaitEnded`
    /// if the wanted status can no longer follow; `Transport` `Cancelled`; the error of a read that cannot succeed, such as
    /// `NotFound`; `Input` on `poll_every`.
    pub fn wait(
        &self,
        guid: &MicrodepositGuid,
        until: Until,
        mut options: WaitOptions<'_>,
    ) -> Result<Microdeposit, Error> {
        self.drive(self.wait_flow(guid, until, &options)?, None, &mut |flow| {
            if let (Some(progress), Some(report)) = (flow.progress(), options.on_progress.as_mut()) {
                report(&progress);
            }
        })
    }
}

/// A wait in parts, for programs with timers of their own, such as event loops: it costs no thread while nothing is due.
///
/// ```no_run
/// # fn sleep(_: std::time::Duration) {}
/// # fn wait(client: &nexus_http::Client, guid: &nexus_types::MicrodepositGuid) -> Result<(), nexus_types::Error> {
/// use nexus_http::{Until, WaitOptions, WaitStep};
///
/// let mut wait = client.start_wait(guid, Until::Actionable, WaitOptions::default())?;
/// let record = loop {
///     match wait.step(client, &mut |_| {}) {
///         WaitStep::Sleep(time) => sleep(time),
///         WaitStep::Done(outcome) => break outcome?,
///     }
/// };
/// # let _ = record;
/// # Ok(())
/// # }
/// ```
pub struct Wait {
    flow: WaitFlow,
    sleeping: Option<Duration>,
    cancelled: bool,
    over: bool,
}

/// What is to be done with a [`Wait`] next.
// One at a time is returned and taken apart, and none is stored: a box would cost every caller a dereference.
#[allow(clippy::large_enum_variant)]
#[derive(Debug)]
pub enum WaitStep {
    /// Nothing for this time; then [`Wait::step`] again.
    Sleep(Duration),
    /// The wait is over, with what [`Client::wait`] returns.
    Done(Result<Microdeposit, Error>),
}

impl Client {
    /// Begins a wait that the caller carries on, part by part. `on_progress` of the options is not used. Sends nothing.
    ///
    /// # Errors
    /// `Input` on `poll_every`.
    pub fn start_wait(&self, guid: &MicrodepositGuid, until: Until, options: WaitOptions<'_>) -> Result<Wait, Error> {
        let flow = self.wait_flow(guid, until, &options)?;
        Ok(Wait { flow, sleeping: None, cancelled: false, over: false })
    }

    fn wait_flow(&self, guid: &MicrodepositGuid, until: Until, options: &WaitOptions<'_>) -> Result<WaitFlow, Error> {
        let WaitOptions { timeout, poll_every, .. } = *options;
        WaitFlow::new(guid.clone(), until, timeout, poll_every, self.flow_settings(), self.moment())
    }
}

impl Wait {
    /// Has the next step end the wait with `Transport` `Cancelled`, without a request.
    pub fn cancel(&mut self) {
        self.cancelled = true;
    }

    /// Sends what is due, over the connections of this client, and says how long nothing is due then. `client` is the one that
    /// began the wait, or one made from it. `report` is called after each read. Called early, it sends nothing. Called after
    /// `Done`, it gives `Done` with `Input` on `wait`.
    pub fn step(&mut self, client: &Client, report: &mut dyn FnMut(&Progress)) -> WaitStep {
        if self.over {
            return WaitStep::Done(Err(Error::input("wait", "must not be stepped after its end")));
        }
        let at = client.moment();
        let asleep = self.sleeping.take();
        if self.cancelled || (asleep.is_some() && client.is_cancelled()) {
            self.flow.handle(at, Event::Cancelled);
        } else if let Some(until) = asleep {
            if at.elapsed < until {
                self.sleeping = asleep;
                return WaitStep::Sleep(until - at.elapsed);
            }
            self.flow.handle(at, Event::Elapsed);
        }
        let turn = client.drive_to_pause(&mut self.flow, None, &mut None, &mut |flow| {
            if let Some(progress) = flow.progress() {
                report(&progress);
            }
        });
        match turn {
            Turn::Done(outcome) => {
                self.over = true;
                WaitStep::Done(outcome)
            }
            Turn::Sleep(sleep) => {
                self.sleeping = Some(sleep.until);
                WaitStep::Sleep(sleep.until.saturating_sub(client.moment().elapsed))
            }
        }
    }
}

impl std::fmt::Debug for Wait {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wait").field("sleeping", &self.sleeping).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for WaitOptions<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (timeout, poll_every) = (&self.timeout, &self.poll_every);
        f.debug_struct("WaitOptions").field("timeout", timeout).field("poll_every", poll_every).finish_non_exhaustive()
    }
}
