//! [`VerifyFlow`]: submits the two amounts once and finds the verdict.
//!
//! ```text
//! finding --> reading          the journal has no entry for this key
//! finding --> reconciling      an earlier attempt is pending: reads to find its outcome, sends nothing
//! finding --> polling          the server accepted an earlier attempt and has not judged it yet
//! finding --> recalling        an earlier attempt was judged: reads the record
//! finding --> done             the key is bound to another request; another key's submission is open; the journal failed
//! reading --> steadying        DENIED, and `updated_at` is in whole seconds
//! reading --> rereading        DENIED: reads again to see whether a read changes `updated_at`
//! reading --> claiming         the amounts may be sent, and there is a key
//! reading --> sending          the amounts may be sent, and there is no key
//! reading --> done             the status allows no submission, or the read failed
//! steadying --> rereading
//! steadying --> done           cancelled
//! rereading --> claiming
//! rereading --> sending
//! rereading --> done
//! claiming --> checking        the first claim is durable
//! claiming --> sending         the second claim is durable
//! claiming --> reconciling     another call has claimed the key first
//! claiming --> recalling       another call has claimed the key first, and its submission was judged
//! claiming --> polling         another call has claimed the key first, and the server has accepted its submission
//! claiming --> done            the journal failed
//! checking --> claiming        the microdeposit is unchanged: makes the second claim
//! checking --> settling        the microdeposit has changed, or the read failed
//! sending --> done             judged, refused, or not sent
//! sending --> settling         judged, refused, or not sent, under a key
//! sending --> noting           accepted and to be waited for, or refused with a 409, under a key
//! sending --> waiting          accepted and not judged yet
//! sending --> reconciling      no usable response
//! noting --> waiting           the acceptance is durable
//! noting --> reconciling       the 409 is durable: another client may have submitted
//! noting --> settling          no time is left, or cancelled
//! noting --> done              no time is left, or cancelled
//! reconciling --> resting      the record shows no outcome yet
//! reconciling --> settling     the record shows the outcome, under a key
//! reconciling --> done         the record shows the outcome, or the time is up
//! resting --> reconciling
//! resting --> settling         cancelled, and the 409 is not written yet
//! resting --> done             cancelled
//! waiting --> polling
//! waiting --> settling         cancelled, and the acceptance is not written yet
//! waiting --> done             cancelled: pending
//! polling --> waiting
//! polling --> settling         judged, or the time is up, under a key
//! polling --> done             judged, or the time is up
//! recalling --> done
//! settling --> done
//! ```
//!
//! Between the first read and the claim, a submission of another key may have been sent and judged, and the journal no
//! longer shows it. After the claim no other key can submit. The flow therefore reads again after the claim, and sends
//! nothing if the microdeposit has changed. The first claim notes that a denial may be another submission's. A second claim
//! replaces it and holds the state that was read, for a call that continues after a crash.
//!
//! The amounts are sent in state `sending` only, with one [`Permit`](super::Permit).

use std::time::Duration;

use super::Flow;
use super::exchange::{Exchange, Go};
use super::journal::{Claim, Ended, Entry, Find, JournalStep, Past, Settle, Subject};
use super::outcome::{Outcome, Verdict};
use super::step::{Event, Moment, Pause, Settings, Sleep, Step, rest};
use super::timing::{FIRST_PAUSE, until};
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
    /// Whether to wait for the verdict if the server judges later.
    pub(super) wait: bool,
    pub(super) key: Option<Box<str>>,
    pub(super) deadline: Duration,
    pub(super) sent: u32,
    pub(super) before: Before,
    /// The last record that was read.
    pub(super) seen: Option<Microdeposit>,
    /// The error that left the outcome unknown.
    pub(super) error: Option<Error>,
    /// When the server accepted the submission, and the time between that and the beginning of this flow.
    pub(super) taken: Option<(Duration, Duration)>,
    /// Whether the server refused with a 409. An outcome that shows later may then not be this submission's.
    pub(super) contested: bool,
    /// Whether the journal has the server's response to the submission.
    pub(super) noted: bool,
    /// When the step with the claim was returned.
    pub(super) claimed: Moment,
    /// Whether a read after the claim has shown the same state as before it.
    pub(super) checked: bool,
    /// When the last read was sent.
    pub(super) asked: Duration,
    /// The number of the attempt in the journal.
    pub(super) attempt: Option<u64>,
    pub(super) reconcile_end: Duration,
    pub(super) pause: Duration,
    pub(super) polls: u32,
    pub(super) state: State,
    #[cfg(test)]
    pub(super) trail: super::tests::Trail,
}

pub(super) type Output = Result<Outcome, Error>;

pub(super) enum State {
    Finding,
    Claiming,
    Exchanging(Errand, Box<Exchange>),
    Sleeping(Nap, Duration),
    /// Whether the server's response must be written to the journal first.
    Noting(Ended),
    Settling(Ended, Option<Box<Output>>),
    Done(Option<Box<Output>>),
}

/// What a request is for.
#[derive(Clone, Copy)]
pub(super) enum Errand {
    Reading,
    Rereading,
    Checking,
    Sending,
    Reconciling,
    Polling,
    Recalling(Verdict, Option<Assumption>),
}

/// What a sleep is for.
#[derive(Clone, Copy)]
pub(super) enum Nap {
    Steadying,
    Resting,
    Waiting,
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
            contested: false,
            noted: false,
            claimed: at,
            checked: false,
            asked: at.elapsed,
            attempt: None,
            reconcile_end: Duration::ZERO,
            pause: FIRST_PAUSE,
            polls: 0,
            state: State::Done(None),
            #[cfg(test)]
            trail: Default::default(),
        };
        flow.state = State::Exchanging(Errand::Reading, Box::new(flow.before_sending(at)));
        flow
    }

    /// Waits for the verdict if the server judges later, within the limit for the call.
    #[must_use]
    pub fn waiting(self) -> VerifyFlow {
        VerifyFlow { wait: true, ..self }
    }

    /// States that an earlier submission for the same microdeposit may still be judged, so that a denial may belong to it.
    /// A flow with a key finds this in the journal.
    #[must_use]
    pub fn with_earlier_open(mut self, open: bool) -> VerifyFlow {
        self.before.earlier_open = open;
        self
    }

    /// Uses a key of the caller's and a journal: one key is one submission, even if the process is killed. Once the amounts
    /// may have been sent, they are never sent again; a later call only reconciles.
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

    fn claim(&self, at: Moment) -> Claim {
        let earlier_open = self.before.earlier_open || !self.checked;
        let past = Past::Record(Before { earlier_open, ..self.before });
        let entry = Entry { until: until(&self.settings, self.deadline, at), past };
        Claim { find: self.find(at), entry, instead_of: self.attempt }
    }
}

impl Flow for VerifyFlow {
    type Output = Output;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Output> {
        loop {
            let (settings, before) = (self.settings, self.sent);
            match &mut self.state {
                State::Finding => return Step::Journal(JournalStep::Find(self.find(at))),
                State::Claiming => return Step::Journal(JournalStep::Claim(self.claim(at))),
                State::Noting(ended) | State::Settling(ended, _) => {
                    let (ended, attempt) = (ended.clone(), self.attempt.unwrap_or_default());
                    return Step::Journal(JournalStep::Settle(Settle { find: self.find(at), attempt, ended }));
                }
                State::Done(output) => return output.take().map_or_else(rest, |output| Step::Done(*output)),
                State::Sleeping(nap, until) => {
                    let (nap, until) = (*nap, *until);
                    if at.elapsed < until {
                        let pause = if let Nap::Waiting = nap { Pause::Poll } else { Pause::Reconcile };
                        return Step::Sleep(Sleep { until, pause });
                    }
                    self.awake(at, nap);
                }
                State::Exchanging(errand, exchange) => match exchange.next(at, chance, budget, &settings, before) {
                    Go::Do(wire) => return wire.into(),
                    Go::End(end) => {
                        let errand = *errand;
                        self.sent = self.sent.saturating_add(exchange.sent());
                        self.exchanged(at, errand, end);
                    }
                },
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        match &mut self.state {
            State::Exchanging(_, exchange) => exchange.handle(at, event),
            State::Finding | State::Claiming | State::Noting(_) | State::Settling(..) => self.journaled(at, event),
            State::Sleeping(nap, _) => {
                let nap = *nap;
                match event {
                    Event::Elapsed => self.awake(at, nap),
                    Event::Cancelled => self.given_up(at, nap),
                    _ => {}
                }
            }
            State::Done(_) => {}
        }
    }

    fn state(&self) -> &'static str {
        name(&self.state)
    }

    fn requests_sent(&self) -> u32 {
        let under_way = if let State::Exchanging(_, exchange) = &self.state { exchange.sent() } else { 0 };
        self.sent.saturating_add(under_way)
    }
}

fn name(state: &State) -> &'static str {
    match state {
        State::Finding => "finding",
        State::Claiming => "claiming",
        State::Exchanging(errand, _) => match errand {
            Errand::Reading => "reading",
            Errand::Rereading => "rereading",
            Errand::Checking => "checking",
            Errand::Sending => "sending",
            Errand::Reconciling => "reconciling",
            Errand::Polling => "polling",
            Errand::Recalling(..) => "recalling",
        },
        State::Sleeping(nap, _) => match nap {
            Nap::Steadying => "steadying",
            Nap::Resting => "resting",
            Nap::Waiting => "waiting",
        },
        State::Noting(_) => "noting",
        State::Settling(..) => "settling",
        State::Done(_) => "done",
    }
}
