//! The turns of a [`VerifyFlow`]: what each event leads to.

use std::time::Duration;

use super::exchange::{End, Exchange, failure, read};
use super::journal::{Ended, Past, Prior};
use super::outcome::{Outcome, Verdict};
use super::step::{Event, Moment, Purpose};
use super::verify::{FIRST_PAUSE, Output, State, VerifyFlow, leave_by};
use crate::decide::poll::next_read_after_verify;
use crate::decide::submission::{Before, Judged, is_same_account, judge};
use crate::endpoint::{Endpoint, Read};
use crate::error::{DecodeProblem, Error, ErrorKind, StateProblem, TransportProblem};
use crate::microdeposit::Microdeposit;
use crate::status::Stage;
use crate::wire::Operation;

/// Two reads that are so far apart cannot fall into the same second.
const A_SECOND: Duration = Duration::from_millis(1100);
/// The last look at a pending outcome begins so long before the end.
const LAST_LOOK: Duration = Duration::from_secs(1);

impl VerifyFlow {
    fn read(&self) -> Read {
        Read::new(self.submission.guid().clone())
    }

    fn exchange(&self, purpose: Purpose, deadline: Duration) -> Exchange {
        Exchange::new(self.read().request(), purpose, deadline)
    }

    /// Before the amounts are sent, a quarter of the time is kept for looking afterwards.
    fn early(&self, at: Moment) -> Duration {
        let left = self.deadline.saturating_sub(at.elapsed);
        self.deadline.saturating_sub((left / 4).min(self.settings.look))
    }

    pub(super) fn look_before(&self, at: Moment) -> Exchange {
        self.exchange(Purpose::Before, self.early(at))
    }

    /// An error of a step, told as one of the whole.
    fn told(&self, error: Error) -> Error {
        error.with_operation(Operation::Verify).with_guid(Some(self.submission.guid().clone()))
    }

    fn state_error(&self, problem: StateProblem) -> Error {
        self.told(Error::state(problem, None)).with_attempts(self.sent)
    }

    /// A request has ended.
    pub(super) fn exchanged(&mut self, at: Moment, end: End) {
        match &self.state {
            State::Sending(_) => self.answered(at, end),
            State::Reading(_) => match read(&self.read(), end, self.sent) {
                Ok(record) => self.seen_before(at, record),
                Err(error) => self.finish(Err(self.told(error))),
            },
            State::Rereading(_) => match self.own(read(&self.read(), end, self.sent)) {
                Ok(record) => self.seen_again(at, record),
                Err(error) => self.finish(Err(self.told(error))),
            },
            State::Checking(_) => match self.own(read(&self.read(), end, self.sent)) {
                Ok(record) => self.checked(at, record),
                Err(error) => self.conclude(at, Err(self.told(error).with_outcome_unknown(false))),
            },
            State::Looking(_) => match self.own(read(&self.read(), end, self.sent)) {
                Ok(record) => self.looked(at, record),
                Err(error) => self.not_seen(at, &error),
            },
            State::Polling(_) => match self.own(read(&self.read(), end, self.sent)) {
                Ok(record) => self.polled(at, record),
                Err(error) => self.not_polled(at, &error),
            },
            State::Recalling(_, verdict, assumed) => {
                let (verdict, assumed) = (*verdict, *assumed);
                let output = match read(&self.read(), end, self.sent) {
                    Ok(record) => Ok(Outcome { verdict, record, assumed }),
                    // The amounts were counted; an error that is not unknown would say that they were not.
                    Err(error) => Err(self.told(error).with_outcome_unknown(true)),
                };
                self.finish(output);
            }
            _ => {}
        }
    }

    /// The record, if it is of the account and the person that were seen before: under the same guid, a mixed-up cache may
    /// show somebody else's.
    fn own(&self, read: Result<Microdeposit, Error>) -> Result<Microdeposit, Error> {
        let record = read?;
        match &self.seen {
            Some(seen) if !is_same_account(seen, &record) => Err(self.another()),
            _ => Ok(record),
        }
    }

    fn another(&self) -> Error {
        self.told(Error::decode(DecodeProblem::AnotherRecord, "micro_deposit")).with_attempts(self.sent)
    }

    /// The time of a sleep is over.
    pub(super) fn awake(&mut self, at: Moment) {
        let next = match &self.state {
            State::Steadying(_) => State::Rereading(self.look_before(at)),
            State::Resting(_) => State::Looking(self.exchange(Purpose::Reconcile, self.look_end)),
            State::Waiting(_) => {
                self.asked = at.elapsed;
                State::Polling(self.exchange(Purpose::Poll, self.deadline))
            }
            _ => return,
        };
        self.go(next);
    }

    /// The caller gave up during a sleep.
    pub(super) fn given_up(&mut self, at: Moment) {
        match &self.state {
            State::Steadying(_) => {
                let error = Error::transport(TransportProblem::Cancelled, Operation::Verify).with_attempts(self.sent);
                self.finish(Err(self.told(error)));
            }
            State::Waiting(_) => self.conclude_pending(at),
            _ => self.conclude_unknown(at),
        }
    }

    /// The journal has answered, or cannot.
    pub(super) fn journaled(&mut self, at: Moment, event: Event) {
        let find = matches!(self.state, State::Finding);
        match (&mut self.state, event) {
            (State::Settling(_, output), Event::Settled | Event::Taken | Event::JournalFailed | Event::Cancelled) => {
                let output = std::mem::replace(&mut **output, Err(Error::input("key", "")));
                self.finish(output);
            }
            (State::Finding | State::Claiming, Event::Found(prior)) => self.found(at, prior, find),
            (State::Claiming, Event::Claimed { attempt }) => {
                self.attempt = Some(attempt);
                if self.checked {
                    return self.send(at, Some(leave_by(self.claimed, at)));
                }
                self.go(State::Checking(self.look_before(at)));
            }
            (State::Finding | State::Claiming, Event::JournalFailed) => {
                // What cannot be looked up may have been sent earlier; what cannot be claimed is not sent now.
                self.finish(Err(self.state_error(StateProblem::Journal).with_outcome_unknown(find)));
            }
            (State::Finding | State::Claiming, Event::Cancelled) => {
                let error = Error::transport(TransportProblem::Cancelled, Operation::Verify).with_attempts(self.sent);
                self.finish(Err(self.told(error).with_outcome_unknown(find)));
            }
            _ => {}
        }
    }

    fn found(&mut self, at: Moment, prior: Prior, find: bool) {
        match prior {
            Prior::Nothing { open: Some(until), .. } if until >= at.unix => {
                let wait = u64::try_from(until.saturating_sub(at.unix)).ok().filter(|_| until != i64::MAX);
                let error = self.state_error(StateProblem::SubmissionOpen);
                self.finish(Err(error.with_retry_after(wait.map(|wait| Duration::from_secs(wait.saturating_add(1))))));
            }
            Prior::Nothing { open, .. } if find => {
                self.before.earlier_open |= open.is_some();
                self.go(State::Reading(self.look_before(at)));
            }
            Prior::Nothing { .. } => self.finish(Err(self.state_error(StateProblem::Journal))),
            Prior::Pending { entry, attempt, accepted, .. } => match entry.past {
                Past::Record(before) => self.resume(at, before, attempt, accepted),
                Past::List(_) => self.finish(Err(different())),
            },
            Prior::Judged(verdict, assumed) => {
                self.go(State::Recalling(self.exchange(Purpose::Call, self.deadline), verdict, assumed));
            }
            Prior::Made(_) | Prior::Different => self.finish(Err(different())),
        }
    }

    /// Goes on with an attempt that somebody has not brought to its end. Nothing is sent any more.
    fn resume(&mut self, at: Moment, before: Before, attempt: u64, accepted: Option<i64>) {
        // What this client knows of others stands beside what the journal knows.
        let earlier_open = self.before.earlier_open || before.earlier_open;
        (self.before, self.attempt) = (Before { earlier_open, ..before }, Some(attempt));
        let error = self.state_error(StateProblem::Unsettled).with_outcome_unknown(true);
        match accepted {
            None => self.look(at, error),
            Some(accepted) => {
                // Whole seconds, rounded to the careful side.
                let age = u64::try_from(at.unix.saturating_sub(accepted).saturating_sub(1)).unwrap_or(0);
                (self.taken, self.error) = (Some((at.elapsed, Duration::from_secs(age))), Some(error));
                self.asked = at.elapsed;
                self.go(State::Polling(self.exchange(Purpose::Poll, self.deadline)));
            }
        }
    }

    fn seen_before(&mut self, at: Moment, record: Microdeposit) {
        let Some(record) = self.admitted(record) else { return };
        self.before = Before::of(&record, self.before.earlier_open);
        let useful = self.settings.assumptions.updated_at_shows_denial && !self.before.earlier_open;
        let again = record.status == Stage::Denied && useful && self.before.updated_at.is_some();
        let coarse = self.before.updated_at.is_some_and(|millis| millis % 1000 == 0);
        self.seen = Some(record);
        let until = at.elapsed.saturating_add(A_SECOND);
        match (again, coarse) {
            (false, _) => self.ready(at),
            // Without the time for it, nothing is shown about reading.
            (true, true) if until >= self.early(at) => self.ready(at),
            (true, false) => self.go(State::Rereading(self.look_before(at))),
            (true, true) => self.go(State::Steadying(until)),
        }
    }

    fn seen_again(&mut self, at: Moment, record: Microdeposit) {
        let Some(record) = self.admitted(record) else { return };
        let first = self.before;
        self.before = Before::of(&record, first.earlier_open);
        self.before.steady = (self.before.status, self.before.updated_at) == (first.status, first.updated_at);
        self.seen = Some(record);
        self.ready(at);
    }

    /// The record, if its status may admit a submission.
    fn admitted(&mut self, record: Microdeposit) -> Option<Microdeposit> {
        if !may_admit(&record) {
            let problem = StateProblem::NotVerifiable;
            self.finish(Err(self.state_error(problem).with_last_seen(record)));
            return None;
        }
        Some(record)
    }

    fn ready(&mut self, at: Moment) {
        self.claimed = at;
        if self.key.is_some() { self.go(State::Claiming) } else { self.send(at, None) }
    }

    /// Under the claim it must stand as it did before it.
    fn checked(&mut self, at: Moment, record: Microdeposit) {
        let now = Before::of(&record, false);
        let moved = self.before.steady && now.updated_at != self.before.updated_at;
        let open = may_admit(&record);
        if open && now.status == self.before.status && !moved {
            self.checked = true;
            return self.ready(at);
        }
        let problem = if open { StateProblem::SubmissionOpen } else { StateProblem::NotVerifiable };
        self.conclude(at, Err(self.state_error(problem).with_last_seen(record)));
    }

    fn send(&mut self, at: Moment, not_after: Option<i64>) {
        let exchange = Exchange::new(self.submission.request(), Purpose::Change, self.early(at));
        self.go(State::Sending(exchange.not_after(not_after)));
    }

    /// What came of the submission.
    fn answered(&mut self, at: Moment, end: End) {
        let assumptions = self.settings.assumptions;
        match end {
            End::Response(response, asked) => match self.submission.parse(&response) {
                Ok(record) => match self.own(Ok(record)) {
                    Ok(record) => self.took(at, record),
                    Err(error) => self.look(at, error.with_outcome_unknown(true)),
                },
                Err(error) => {
                    let error = self.told(error.with_retry_after(asked).with_attempts(self.sent));
                    let refused = assumptions.refuses(response.status);
                    let assumed = assumptions.behind(response.status);
                    let error = error.with_outcome_unknown(!refused).with_assumption(assumed);
                    if refused { self.conclude(at, Err(error)) } else { self.look(at, error) }
                }
            },
            end => {
                let error = self.told(failure(end, Operation::Verify, self.sent));
                if error.outcome_unknown() { self.look(at, error) } else { self.conclude(at, Err(error)) }
            }
        }
    }

    /// The server says that it took the submission, and shows this.
    fn took(&mut self, at: Moment, record: Microdeposit) {
        match judge(&self.before, &record, Some(Duration::ZERO), &self.settings.assumptions) {
            Judged::Verdict(verdict, assumed) => self.conclude(at, Ok(Outcome { verdict, record, assumed })),
            Judged::Failed => self.conclude_failed(at, record),
            Judged::NotYet => {
                (self.taken, self.seen) = (Some((at.elapsed, Duration::ZERO)), Some(record));
                if self.wait { self.pause_for_outcome(at, None) } else { self.conclude_pending(at) }
            }
            Judged::Unforeseen => {
                let error = self.unforeseen();
                self.seen = Some(record);
                self.look(at, error);
            }
        }
    }

    fn unforeseen(&self) -> Error {
        let error = Error::decode(DecodeProblem::UnforeseenStatus, "micro_deposit.status");
        self.told(error).with_attempts(self.sent).with_outcome_unknown(true)
    }

    /// Nobody knows what became of the submission: looks at the record until something shows or the time for it is up.
    fn look(&mut self, at: Moment, error: Error) {
        let given_up = error.kind() == ErrorKind::Cancelled;
        self.error = Some(error);
        if given_up {
            return self.conclude_unknown(at);
        }
        let within = self.settings.assumptions.judged_within.filter(|_| self.wait).unwrap_or_default();
        self.look_end = self.deadline.min(at.elapsed.saturating_add(self.settings.look.max(within)));
        self.pause = FIRST_PAUSE;
        self.go(State::Looking(self.exchange(Purpose::Reconcile, self.look_end)));
    }

    fn looked(&mut self, at: Moment, record: Microdeposit) {
        let conflict = self.error.as_ref().is_some_and(|error| error.kind() == ErrorKind::Conflict);
        match judge(&self.before, &record, None, &self.settings.assumptions) {
            // A gateway may have sent the request twice, or somebody else has submitted: whose outcome it is, nobody knows.
            Judged::Verdict(..) if conflict => {
                self.seen = Some(record);
                self.conclude_unknown(at);
            }
            Judged::Verdict(verdict, assumed) => self.conclude(at, Ok(Outcome { verdict, record, assumed })),
            Judged::Failed => self.conclude_failed(at, record),
            Judged::NotYet | Judged::Unforeseen => {
                self.seen = Some(record);
                self.rest(at, None);
            }
        }
    }

    fn not_seen(&mut self, at: Moment, error: &Error) {
        self.error = self.error.take().map(|own| own.with_last_failure(Some(error.kind())));
        if error.kind() == ErrorKind::Cancelled {
            self.conclude_unknown(at)
        } else {
            self.rest(at, error.retry_after())
        }
    }

    fn rest(&mut self, at: Moment, asked: Option<Duration>) {
        let pause = self.pause.max(asked.unwrap_or_default());
        self.pause = self.pause.saturating_mul(2);
        if pause >= self.look_end.saturating_sub(at.elapsed) {
            return self.conclude_unknown(at);
        }
        self.go(State::Resting(at.elapsed.saturating_add(pause)));
    }

    fn taken_for(&self, at: Moment) -> Option<Duration> {
        self.taken.map(|(since, age)| at.elapsed.saturating_sub(since).saturating_add(age))
    }

    fn polled(&mut self, at: Moment, record: Microdeposit) {
        // As it stood when it was asked for: the answer may have taken its time.
        let asked = Moment { elapsed: self.asked, ..at };
        match judge(&self.before, &record, self.taken_for(asked), &self.settings.assumptions) {
            Judged::Verdict(verdict, assumed) => self.conclude(at, Ok(Outcome { verdict, record, assumed })),
            Judged::Failed => self.conclude_failed(at, record),
            judged => {
                self.seen = Some(record);
                self.error = (judged == Judged::Unforeseen).then(|| self.unforeseen());
                if self.wait { self.pause_for_outcome(at, None) } else { self.conclude_pending(at) }
            }
        }
    }

    fn not_polled(&mut self, at: Moment, error: &Error) {
        self.error = self.error.take().map(|own| own.with_last_failure(Some(error.kind())));
        let over = !self.wait || error.kind() == ErrorKind::Cancelled;
        if over { self.conclude_pending(at) } else { self.pause_for_outcome(at, error.retry_after()) }
    }

    /// Until the next look at a pending outcome. The last one is made shortly before the end.
    fn pause_for_outcome(&mut self, at: Moment, asked: Option<Duration>) {
        let status = self.seen.as_ref().map_or(&crate::Status::Deposited, |record| &record.status);
        let pause = next_read_after_verify(status, self.polls).unwrap_or_default().max(asked.unwrap_or_default());
        self.polls = self.polls.saturating_add(1);
        let mut next = at.elapsed.saturating_add(pause);
        // What is assumed of a time is looked at as soon as that time is over.
        if let (Some((since, age)), Some(within)) = (self.taken, self.settings.assumptions.judged_within) {
            let due = since.saturating_add(within.saturating_sub(age));
            next = if due > at.elapsed && asked.is_none() { next.min(due) } else { next };
        }
        let last = self.deadline.saturating_sub(LAST_LOOK);
        match () {
            () if next <= last => self.go(State::Waiting(next)),
            () if at.elapsed < last && asked.is_none() => self.go(State::Waiting(last)),
            () => self.conclude_pending(at),
        }
    }

    /// The server took it, and nothing more is known; or what is shown now cannot be trusted.
    fn conclude_pending(&mut self, at: Moment) {
        match (self.error.take(), self.seen.take()) {
            (None, Some(record)) => self.conclude(at, Ok(Outcome { verdict: Verdict::Pending, record, assumed: None })),
            (error, seen) => {
                (self.error, self.seen) = (error, seen);
                self.conclude_unknown(at);
            }
        }
    }

    fn conclude_unknown(&mut self, at: Moment) {
        let error = self.error.take().unwrap_or_else(|| self.state_error(StateProblem::Unsettled));
        let error = error.with_attempts(self.sent).with_outcome_unknown(true).with_assumption(None);
        let seen = self.seen.take();
        self.conclude(at, Err(seen.into_iter().fold(error, Error::with_last_seen)));
    }

    fn conclude_failed(&mut self, at: Moment, record: Microdeposit) {
        // The record says nothing about the amounts, so nobody knows whether they were counted.
        let error = self.state_error(StateProblem::Failed).with_outcome_unknown(true);
        self.conclude(at, Err(error.with_last_seen(record)));
    }

    /// The flow knows what it can know: under a key, that is written down first.
    fn conclude(&mut self, at: Moment, output: Output) {
        let age = self.taken_for(at).unwrap_or_default().as_secs();
        let ended = match &output {
            Ok(Outcome { verdict: Verdict::Pending, .. }) => {
                Some(Ended::Accepted(at.unix.saturating_sub(i64::try_from(age).unwrap_or(0))))
            }
            Ok(outcome) => Some(Ended::Judged(outcome.verdict, outcome.assumed)),
            Err(error) if !error.outcome_unknown() => Some(Ended::NotMade),
            Err(_) => None,
        };
        match ended.filter(|_| self.attempt.is_some()) {
            Some(ended) => self.go(State::Settling(ended, Box::new(output))),
            None => self.finish(output),
        }
    }

    fn finish(&mut self, output: Output) {
        self.go(State::Done(Some(Box::new(output))));
    }
}

/// Whether its status may admit a submission: one that nobody knows yet may.
fn may_admit(record: &Microdeposit) -> bool {
    record.status.may_verify() || (!record.status.is_known() && !record.status.is_contradictory())
}

/// The key was used for something else.
pub(super) fn different() -> Error {
    Error::input("key", "stands for something else in this journal, or for another user or environment")
}
