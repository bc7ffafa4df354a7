//! [`WaitFlow`]: reads a microdeposit repeatedly until it has the wanted status, for hours or days.
//!
//! ```text
//! reading --> pausing          the status is not the wanted one yet, or the read failed in a way that may pass
//! reading --> done             the status is the wanted one or can no longer become it; the read failed for good; the time is up
//! pausing --> reading
//! pausing --> done             cancelled
//! ```
//!
//! A failed read does not end the wait, unless waiting cannot help: the microdeposit is not found, no session can be
//! opened, or every read from the beginning was refused. A server's `Retry-After` is obeyed. The last read is shortly
//! before the end.

use std::time::Duration;

use super::Flow;
use super::exchange::{End, Exchange, Go, read};
use super::step::{Event, Moment, Pause, Purpose, Settings, Sleep, Step, rest};
use crate::decide::budget::Budget;
use crate::decide::poll::{next_read, next_read_after_verify};
use crate::endpoint::{Endpoint, Read};
use crate::error::{Error, ErrorGroup, ErrorKind, StateProblem, TransportProblem};
use crate::guid::MicrodepositGuid;
use crate::machine::{Position, history};
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::status::KnownStatus;

/// What to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Until {
    /// Until amounts can be submitted or the status is final: DEPOSITED, DENIED, or a terminal status.
    #[default]
    Actionable,
    /// Until this status.
    Status(KnownStatus),
}

/// The state of a wait after a read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The last record that was read. None before a read has succeeded.
    pub record: Option<Microdeposit>,
    /// The error of the latest read. None if it succeeded.
    pub failure: Option<Error>,
    /// How long the wait has taken.
    pub elapsed: Duration,
    /// The time until the next read. None after the last.
    pub next_read: Option<Duration>,
    /// How many reads have succeeded.
    pub reads: u32,
    /// How many requests went out.
    pub requests_sent: u32,
}

/// Waits for a status.
pub struct WaitFlow {
    guid: MicrodepositGuid,
    settings: Settings,
    until: Until,
    poll_every: Option<Duration>,
    began: Duration,
    end: Duration,
    sent: u32,
    reads: u32,
    /// Whether the last read failed.
    failing: bool,
    /// The number of consecutive refusals, and of consecutive "not found".
    refused: u32,
    missing: u32,
    seen: Option<Microdeposit>,
    failure: Option<Error>,
    progress: Option<Progress>,
    state: State,
    #[cfg(test)]
    pub(super) trail: super::tests::Trail,
}

type Output = Result<Microdeposit, Error>;

enum State {
    Reading(Box<Exchange>),
    Pausing(Duration),
    Done(Option<Box<Output>>),
}

/// The shortest time between two reads that a caller may ask for.
const SHORTEST_POLL: Duration = Duration::from_millis(10);
/// The longest wait; it keeps the clock from overflowing.
const LONGEST: Duration = Duration::from_secs(366 * 86_400);
/// Before anything was seen.
const AFTER_FAILURE: Duration = Duration::from_secs(10);
/// After this many refusals from the beginning the wait fails.
const REFUSALS: u32 = 3;
/// The last read begins so long before the end, and no earlier than after nine tenths of the time.
const LAST_READ: Duration = Duration::from_secs(2);

impl WaitFlow {
    /// Begins at this moment and ends `timeout` later, a year at most. `poll_every`: a fixed time between two reads instead of
    /// the calendar's.
    ///
    /// # Errors
    /// `Input` on `poll_every` below 10 milliseconds.
    pub fn new(
        guid: MicrodepositGuid,
        until: Until,
        timeout: Duration,
        poll_every: Option<Duration>,
        settings: Settings,
        at: Moment,
    ) -> Result<WaitFlow, Error> {
        if poll_every.is_some_and(|every| every < SHORTEST_POLL) {
            return Err(Error::input("poll_every", "must be at least 10 milliseconds"));
        }
        let end = at.elapsed.saturating_add(timeout.min(LONGEST));
        let mut flow = WaitFlow {
            guid,
            settings,
            until,
            poll_every,
            began: at.elapsed,
            end,
            sent: 0,
            reads: 0,
            failing: false,
            refused: 0,
            missing: 0,
            seen: None,
            failure: None,
            progress: None,
            state: State::Done(None),
            #[cfg(test)]
            trail: Default::default(),
        };
        flow.state = State::Reading(Box::new(flow.exchange(at)));
        Ok(flow)
    }

    /// The state of the wait; returned once after each read, whether the read succeeded or failed.
    pub fn progress(&mut self) -> Option<Progress> {
        self.progress.take()
    }

    fn exchange(&self, at: Moment) -> Exchange {
        let deadline = self.end.min(at.elapsed.saturating_add(self.settings.call));
        Exchange::new(Read::new(self.guid.clone()).request(), Purpose::Poll, deadline)
    }

    fn go(&mut self, state: State) {
        #[cfg(test)]
        self.trail.note(name(&self.state), name(&state));
        self.state = state;
    }

    fn with_call(&self, problem: StateProblem) -> Error {
        Error::state(problem, Some(Operation::Read)).with_guid(Some(self.guid.clone())).with_attempts(self.sent)
    }

    /// Adds the last record and the last read's error.
    fn keeping(&self, error: Error) -> Error {
        let error = error.with_last_failure(self.failure.as_ref().map(Error::kind));
        // Why the caller gave up is not why a read failed before.
        let given_up = error.kind() == ErrorKind::Cancelled;
        let cause = self.failure.as_ref().and_then(Error::cause).filter(|_| !given_up);
        self.seen.iter().cloned().fold(error.with_cause(cause), Error::with_last_seen)
    }

    fn exchanged(&mut self, at: Moment, end: End) {
        let output = match read(&Read::new(self.guid.clone()), end, self.sent) {
            Ok(record) => self.read(at, record),
            Err(error) => self.failed(at, error),
        };
        let next_read = match &self.state {
            State::Pausing(until) if output.is_none() => Some(until.saturating_sub(at.elapsed)),
            _ => None,
        };
        self.progress = Some(Progress {
            record: self.seen.clone(),
            failure: self.failure.clone().filter(|_| self.failing),
            elapsed: at.elapsed.saturating_sub(self.began),
            next_read,
            reads: self.reads,
            requests_sent: self.sent,
        });
        if let Some(output) = output {
            self.go(State::Done(Some(Box::new(output))));
        }
    }

    fn read(&mut self, at: Moment, record: Microdeposit) -> Option<Output> {
        self.reads = self.reads.saturating_add(1);
        (self.failing, self.refused, self.missing) = (false, 0, 0);
        if reached(&record, self.until) {
            self.seen = Some(record.clone());
            return Some(Ok(record));
        }
        let lost = out_of_reach(&record, self.until);
        let pause = self.poll_every.or_else(|| self.calendar(at, &record)).unwrap_or(AFTER_FAILURE);
        self.seen = Some(record);
        if lost {
            Some(Err(self.keeping(self.with_call(StateProblem::WaitEnded))))
        } else {
            self.pause(at, pause, None)
        }
    }

    fn failed(&mut self, at: Moment, error: Error) -> Option<Output> {
        let (kind, count) = (error.kind(), |on: bool, so_far: u32| if on { so_far.saturating_add(1) } else { 0 });
        self.failing = true;
        self.missing = count(kind == ErrorKind::NotFound, self.missing);
        self.refused = count(!passes(kind), self.refused);
        let asked = error.retry_after();
        let over = match kind {
            ErrorKind::Cancelled | ErrorKind::Unauthorized | ErrorKind::NotEnabled | ErrorKind::InvalidInput => true,
            // The record may be deleted. One that was seen before is read once more.
            ErrorKind::NotFound => self.reads == 0 || self.missing > 1,
            _ => self.reads == 0 && self.refused >= REFUSALS,
        };
        let error = error.with_attempts(self.sent);
        self.failure = Some(error.clone());
        if over {
            return Some(Err(self.seen.iter().cloned().fold(error, Error::with_last_seen)));
        }
        let calendar = self.seen.clone().and_then(|record| self.calendar(at, &record));
        let usual = self.poll_every.or(calendar).unwrap_or(AFTER_FAILURE);
        self.pause(at, usual, asked)
    }

    /// Pauses until the next read, or until the last one; the output where there is none any more.
    fn pause(&mut self, at: Moment, usual: Duration, asked: Option<Duration>) -> Option<Output> {
        let left = self.end.saturating_sub(at.elapsed);
        let last = left.saturating_sub(LAST_READ.min(self.end.saturating_sub(self.began) / 10));
        let wanted = usual.max(asked.unwrap_or_default());
        let early_enough = asked.unwrap_or_default() <= last;
        let pause = match () {
            () if wanted <= last => wanted,
            () if early_enough && !last.is_zero() => last,
            // The server's wish, or the end, comes first: there is nothing to do but to end in time.
            () => return Some(Err(self.keeping(self.with_call(StateProblem::WaitTimedOut)))),
        };
        self.go(State::Pausing(at.elapsed.saturating_add(pause)));
        None
    }

    fn calendar(&self, at: Moment, record: &Microdeposit) -> Option<Duration> {
        let created = record.created_at.as_ref().and_then(|at| at.unix_seconds());
        let own = next_read(self.settings.environment, &record.status, at.unix, created, self.reads);
        match self.until {
            // Another client may submit the amounts meanwhile.
            Until::Status(_) => own.or_else(|| next_read_after_verify(&record.status, self.reads)),
            Until::Actionable => own,
        }
    }
}

impl Flow for WaitFlow {
    type Output = Output;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Output> {
        loop {
            let (settings, before) = (self.settings, self.sent);
            match &mut self.state {
                State::Done(output) => return output.take().map_or_else(rest, |output| Step::Done(*output)),
                State::Pausing(until) => {
                    let until = *until;
                    if at.elapsed < until {
                        return Step::Sleep(Sleep { until, pause: Pause::Poll });
                    }
                    self.go(State::Reading(Box::new(self.exchange(at))));
                }
                State::Reading(exchange) => match exchange.next(at, chance, budget, &settings, before) {
                    Go::Do(wire) => return wire.into(),
                    Go::End(end) => {
                        self.sent = self.sent.saturating_add(exchange.sent());
                        self.exchanged(at, end);
                    }
                },
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        match (&mut self.state, event) {
            (State::Reading(exchange), event) => exchange.handle(at, event),
            (State::Pausing(_), Event::Elapsed) => self.go(State::Reading(Box::new(self.exchange(at)))),
            (State::Pausing(_), Event::Cancelled) => {
                let error = Error::transport(TransportProblem::Cancelled, Operation::Read).with_attempts(self.sent);
                let error = self.keeping(error.with_guid(Some(self.guid.clone())));
                self.go(State::Done(Some(Box::new(Err(error)))));
            }
            _ => {}
        }
    }

    fn state(&self) -> &'static str {
        name(&self.state)
    }

    fn requests_sent(&self) -> u32 {
        match &self.state {
            State::Reading(exchange) => self.sent.saturating_add(exchange.sent()),
            _ => self.sent,
        }
    }
}

fn name(state: &State) -> &'static str {
    match state {
        State::Reading(_) => "reading",
        State::Pausing(_) => "pausing",
        State::Done(_) => "done",
    }
}

fn reached(record: &Microdeposit, until: Until) -> bool {
    match until {
        Until::Actionable => record.status.is_terminal() || record.status.may_verify(),
        Until::Status(known) => record.status == known,
    }
}

/// Whether the table has no path from one status to the other. An unknown status may lead anywhere.
fn out_of_reach(record: &Microdeposit, until: Until) -> bool {
    let (Some(from), Until::Status(to)) = (record.status.known(), until) else { return false };
    history(Position::At(from), Position::At(to)).is_none()
}

/// Whether this kind of failure can pass by itself.
fn passes(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::Tls => false,
        ErrorKind::Server | ErrorKind::RateLimited => true,
        kind => kind.group() == ErrorGroup::Transport,
    }
}
