//! [`VerifyFlow`]: submits the two amounts once, and finds out what became of them.
//!
//! ```text
//! finding --> reading          the journal knows nothing under this key
//! finding --> looking          an earlier attempt is pending: it is only looked after
//! finding --> polling          an earlier attempt was taken by the server and not judged yet
//! finding --> recalling        it was judged: the record is read
//! finding --> done             the key stands for something else; another key's submission is open; no journal
//! reading --> steadying        DENIED, and its time of change is written in whole seconds
//! reading --> rereading        DENIED: does reading move its time of change?
//! reading --> claiming         it may be sent, and there is a key
//! reading --> sending          it may be sent
//! reading --> done             it may not, or it could not be read
//! steadying --> rereading
//! steadying --> done           cancelled
//! rereading --> claiming
//! rereading --> sending
//! rereading --> done
//! claiming --> checking        the claim is durable
//! claiming --> sending         and has been made good
//! claiming --> looking         somebody else was first
//! claiming --> recalling       and it was judged meanwhile
//! claiming --> polling         and the server has taken it
//! claiming --> done            no journal
//! checking --> claiming        it stands as it did: the claim is made good
//! checking --> settling        it does not, or could not be read
//! sending --> done             judged, refused, or not sent
//! sending --> settling         the same, under a key
//! sending --> waiting          taken and not judged yet
//! sending --> looking          no usable response
//! looking --> resting          nothing to see yet
//! looking --> settling         seen, under a key
//! looking --> done             seen, or the time is up
//! resting --> looking
//! resting --> done             cancelled
//! waiting --> polling
//! waiting --> settling         cancelled: pending, under a key
//! waiting --> done             cancelled: pending
//! polling --> waiting
//! polling --> settling         judged, or the time is up, under a key
//! polling --> done             judged, or the time is up
//! recalling --> done
//! settling --> done
//! ```
//!
//! Between the first read and the claim another key may have submitted, been judged and be over, so that the journal shows
//! nothing of it any more. From the claim on no other key's submission comes in between; so how it stands is looked at again
//! then, and nothing is sent where that differs. Until then the claim says that a denial may be another's; only with the claim
//! that takes its place does the journal have the time before as it was, for whoever goes on after a crash.
//!
//! The amounts leave this machine in `sending` alone, with one [`Permit`](super::Permit).

use std::time::Duration;

use super::Flow;
use super::exchange::{Exchange, Go};
use super::journal::{Claim, Ended, Entry, Find, JournalStep, Past, Settle, Subject};
use super::outcome::{Outcome, Verdict};
use super::step::{Event, Moment, Pause, Settings, Sleep, Step, rest};
use crate::assumptions::Assumption;
use crate::decide::budget::Budget;
use crate::decide::submission::Before;
use crate::endpoint::Verify;
use crate::error::Error;
use crate::microdeposit::Microdeposit;

/// Submits two amounts, at most once.
pub struct VerifyFlow {
    pub(super) submission: Verify,
    pub(super) settings: Settings,
    /// Whether to wait for the outcome where the server judges later.
    pub(super) wait: bool,
    pub(super) key: Option<Box<str>>,
    pub(super) deadline: Duration,
    pub(super) sent: u32,
    pub(super) before: Before,
    /// The record as it was seen last.
    pub(super) seen: Option<Microdeposit>,
    /// Why the outcome is unknown so far.
    pub(super) error: Option<Error>,
    /// When the server said that it took the submission, and how long ago that was already when this flow began.
    pub(super) taken: Option<(Duration, Duration)>,
    pub(super) until: i64,
    /// When the claim was handed out.
    pub(super) claimed: Moment,
    /// Whether it stands under the claim as it did before.
    pub(super) checked: bool,
    /// When the record was asked for that was seen last.
    pub(super) asked: Duration,
    /// The number of the attempt in the journal.
    pub(super) attempt: Option<u64>,
    pub(super) look_end: Duration,
    pub(super) pause: Duration,
    pub(super) polls: u32,
    pub(super) state: State,
    #[cfg(test)]
    pub(super) trail: super::tests::Trail,
}

pub(super) type Output = Result<Outcome, Error>;

pub(super) enum State {
    Finding,
    Reading(Exchange),
    Steadying(Duration),
    Rereading(Exchange),
    Claiming,
    Checking(Exchange),
    Sending(Exchange),
    Looking(Exchange),
    Resting(Duration),
    Waiting(Duration),
    Polling(Exchange),
    Recalling(Exchange, Verdict, Option<Assumption>),
    Settling(Ended, Box<Output>),
    Done(Option<Box<Output>>),
}

impl VerifyFlow {
    /// Begins at this moment.
    pub fn new(submission: Verify, settings: Settings, at: Moment) -> VerifyFlow {
        let mut flow = VerifyFlow {
            submission,
            settings,
            wait: false,
            key: None,
            deadline: at.elapsed.saturating_add(settings.call),
            sent: 0,
            before: Before::default(),
            seen: None,
            error: None,
            taken: None,
            until: i64::MAX,
            claimed: at,
            checked: false,
            asked: at.elapsed,
            attempt: None,
            look_end: Duration::ZERO,
            pause: FIRST_PAUSE,
            polls: 0,
            state: State::Done(None),
            #[cfg(test)]
            trail: Default::default(),
        };
        flow.state = State::Reading(flow.look_before(at));
        flow
    }

    /// Waits for the outcome where the server judges later, within the limit for the call.
    #[must_use]
    pub fn waiting(self) -> VerifyFlow {
        VerifyFlow { wait: true, ..self }
    }

    /// Tells that an earlier submission for the same microdeposit may still be judged, so that a denial may be that one's. A
    /// flow with a key finds that out in the journal.
    #[must_use]
    pub fn with_earlier_open(mut self, open: bool) -> VerifyFlow {
        self.before.earlier_open = open;
        self
    }

    /// Under a key of the caller's own, and with a journal: one key is one submission, whatever happens to the process. Its
    /// amounts are never sent again once they may have left; another attempt only looks how it ended.
    #[must_use]
    pub fn with_key(self, key: impl Into<Box<str>>) -> VerifyFlow {
        VerifyFlow { key: Some(key.into()), state: State::Finding, ..self }
    }

    pub(super) fn go(&mut self, state: State) {
        #[cfg(test)]
        self.trail.note(name(&self.state), name(&state));
        self.state = state;
    }

    fn find(&self, at: Moment) -> Find {
        let subject = Subject::Verify(Box::new(self.submission.clone()));
        Find { key: self.key.clone().unwrap_or_default(), subject, unix: at.unix }
    }

    fn claim(&mut self, at: Moment) -> Claim {
        self.until = until(&self.settings, self.deadline, at);
        let earlier_open = self.before.earlier_open || !self.checked;
        let entry = Entry { until: self.until, past: Past::Record(Before { earlier_open, ..self.before }) };
        Claim { find: self.find(at), entry, instead_of: self.attempt }
    }
}

impl Flow for VerifyFlow {
    type Output = Output;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Output> {
        loop {
            let (settings, before) = (self.settings, self.sent);
            let (exchange, sleep) = match &mut self.state {
                State::Finding => return Step::Journal(JournalStep::Find(self.find(at))),
                State::Claiming => return Step::Journal(JournalStep::Claim(self.claim(at))),
                State::Settling(ended, _) => {
                    let (ended, attempt) = (ended.clone(), self.attempt.unwrap_or_default());
                    return Step::Journal(JournalStep::Settle(Settle { find: self.find(at), attempt, ended }));
                }
                State::Done(output) => return output.take().map_or_else(rest, |output| Step::Done(*output)),
                State::Steadying(until) => (None, Some((*until, Pause::Reconcile))),
                State::Resting(until) => (None, Some((*until, Pause::Reconcile))),
                State::Waiting(until) => (None, Some((*until, Pause::Poll))),
                State::Reading(exchange)
                | State::Rereading(exchange)
                | State::Checking(exchange)
                | State::Sending(exchange)
                | State::Looking(exchange)
                | State::Polling(exchange)
                | State::Recalling(exchange, ..) => (Some(exchange), None),
            };
            if let Some(exchange) = exchange {
                match exchange.next(at, chance, budget, &settings, before) {
                    Go::Do(wire) => return wire.into(),
                    Go::End(end) => {
                        self.sent = self.sent.saturating_add(exchange.sent());
                        self.exchanged(at, end);
                    }
                }
            }
            match sleep {
                Some((until, pause)) if at.elapsed < until => return Step::Sleep(Sleep { until, pause }),
                Some(_) => self.awake(at),
                None => {}
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        match &mut self.state {
            State::Reading(exchange)
            | State::Rereading(exchange)
            | State::Checking(exchange)
            | State::Sending(exchange)
            | State::Looking(exchange)
            | State::Polling(exchange)
            | State::Recalling(exchange, ..) => exchange.handle(at, event),
            State::Finding | State::Claiming | State::Settling(..) => self.journaled(at, event),
            State::Steadying(_) | State::Resting(_) | State::Waiting(_) => match event {
                Event::Elapsed => self.awake(at),
                Event::Cancelled => self.given_up(at),
                _ => {}
            },
            State::Done(_) => {}
        }
    }

    fn state(&self) -> &'static str {
        name(&self.state)
    }

    fn requests_sent(&self) -> u32 {
        let under_way = match &self.state {
            State::Reading(exchange)
            | State::Rereading(exchange)
            | State::Checking(exchange)
            | State::Sending(exchange)
            | State::Looking(exchange)
            | State::Polling(exchange)
            | State::Recalling(exchange, ..) => exchange.sent(),
            _ => 0,
        };
        self.sent.saturating_add(under_way)
    }
}

/// Until when a server may act on what is claimed now: to the end of the call, and the grace after it.
pub(super) fn until(settings: &Settings, deadline: Duration, at: Moment) -> i64 {
    let Some(grace) = settings.assumptions.server_grace else { return i64::MAX };
    let time = deadline.saturating_sub(at.elapsed).saturating_add(grace).as_secs();
    at.unix.saturating_add(i64::try_from(time).unwrap_or(i64::MAX)).saturating_add(SLACK + 1)
}

/// The last second on the wall clock at which what was claimed may leave, if nothing more is to be done before: what has passed
/// on the other clock since the claim was handed out, and some seconds. If more has passed, the machine stood still; and it may
/// have done so before the journal's answer was heard.
pub(super) fn leave_by(claimed: Moment, at: Moment) -> i64 {
    let passed = i64::try_from(at.elapsed.saturating_sub(claimed.elapsed).as_secs()).unwrap_or(i64::MAX);
    claimed.unix.saturating_add(passed).saturating_add(SLACK)
}

const SLACK: i64 = 5;
/// What is being processed at this moment shows soon; what takes longer is looked for less and less often.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(250);

fn name(state: &State) -> &'static str {
    match state {
        State::Finding => "finding",
        State::Reading(_) => "reading",
        State::Steadying(_) => "steadying",
        State::Rereading(_) => "rereading",
        State::Claiming => "claiming",
        State::Checking(_) => "checking",
        State::Sending(_) => "sending",
        State::Looking(_) => "looking",
        State::Resting(_) => "resting",
        State::Waiting(_) => "waiting",
        State::Polling(_) => "polling",
        State::Recalling(..) => "recalling",
        State::Settling(..) => "settling",
        State::Done(_) => "done",
    }
}
