//! A [`VerifyFlow`] after the amounts were sent: the response, the reads if there was none, and the wait for the verdict.

use std::time::Duration;

use super::exchange::{End, failure};
use super::outcome::{Outcome, Verdict};
use super::step::{Moment, Purpose};
use super::timing::FIRST_PAUSE;
use super::verify::{Errand, Nap, State, VerifyFlow};
use crate::decide::poll::next_read_after_verify;
use crate::decide::submission::{Judged, judge};
use crate::endpoint::Endpoint;
use crate::error::{DecodeProblem, Error, ErrorKind, StateProblem};
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;

/// How long before the end the last read of a pending outcome begins.
const LAST_READ: Duration = Duration::from_secs(1);

impl VerifyFlow {
    /// Handles the result of the submission.
    pub(super) fn responded(&mut self, at: Moment, end: End) {
        let assumptions = self.settings.assumptions;
        match end {
            End::Response(response, asked) => match self.submission.parse(&response) {
                Ok(record) => match self.own(Ok(record)) {
                    Ok(record) => self.took(at, record),
                    Err(error) => self.reconcile(at, error.with_outcome_unknown(true)),
                },
                Err(error) => {
                    let error = self.with_call(error.with_retry_after(asked).with_attempts(self.sent));
                    let refused = assumptions.refuses(response.status);
                    let assumed = assumptions.behind(response.status);
                    let error = error.with_outcome_unknown(!refused).with_assumption(assumed);
                    if refused { self.conclude(at, Err(error)) } else { self.not_refused(at, error) }
                }
            },
            end => {
                let error = self.with_call(failure(end, Operation::Verify, self.sent));
                if error.outcome_unknown() { self.reconcile(at, error) } else { self.conclude(at, Err(error)) }
            }
        }
    }

    /// Handles a success: the server accepted the submission and shows this record.
    fn took(&mut self, at: Moment, record: Microdeposit) {
        match judge(&self.before, &record, Some(Duration::ZERO), &self.settings.assumptions) {
            Judged::Verdict(verdict, assumed) => self.conclude(at, Ok(Outcome { verdict, record, assumed })),
            Judged::Failed => self.conclude_failed(at, record),
            Judged::NotYet => {
                (self.taken, self.seen) = (Some((at.elapsed, Duration::ZERO)), Some(record));
                if self.wait { self.note(at) } else { self.conclude_pending(at) }
            }
            Judged::Unforeseen => {
                let error = self.unforeseen();
                self.seen = Some(record);
                self.reconcile(at, error);
            }
        }
    }

    fn unforeseen(&self) -> Error {
        let error = Error::decode(DecodeProblem::UnforeseenStatus, "micro_deposit.status");
        self.with_call(error).with_attempts(self.sent).with_outcome_unknown(true)
    }

    /// Handles a failure. One that is not a refusal leaves the outcome unknown. A 409 can mean that another client has
    /// submitted, or that a gateway has sent the request twice. The journal must have the 409 before a later record can be
    /// taken for this submission's outcome.
    fn not_refused(&mut self, at: Moment, error: Error) {
        self.contested = error.kind() == ErrorKind::Conflict;
        if !self.contested {
            return self.reconcile(at, error);
        }
        self.error = Some(error);
        self.note(at);
    }

    /// With a key, writes the server's response to the journal before it continues.
    fn note(&mut self, at: Moment) {
        match self.unwritten(at).filter(|_| self.attempt.is_some()) {
            Some(ended) => self.go(State::Noting(ended)),
            None => self.go_on(at, false),
        }
    }

    /// Continues after the server's response.
    pub(super) fn go_on(&mut self, at: Moment, cancelled: bool) {
        match (self.taken.is_some(), cancelled) {
            (true, true) => self.conclude_pending(at),
            (true, false) => self.pause_for_outcome(at, None),
            (false, true) => self.conclude_unknown(at),
            (false, false) => self.reconcile_on(at),
        }
    }

    /// The outcome is unknown: reads the record until a verdict shows or the time for it is up.
    pub(super) fn reconcile(&mut self, at: Moment, error: Error) {
        let given_up = error.kind() == ErrorKind::Cancelled;
        self.error = Some(error);
        if given_up { self.conclude_unknown(at) } else { self.reconcile_on(at) }
    }

    fn reconcile_on(&mut self, at: Moment) {
        let within = self.settings.assumptions.judged_within.filter(|_| self.wait).unwrap_or_default();
        self.reconcile_end = self.deadline.min(at.elapsed.saturating_add(self.settings.reconcile.max(within)));
        self.pause = FIRST_PAUSE;
        self.ask(Errand::Reconciling, Purpose::Reconcile, self.reconcile_end);
    }

    pub(super) fn reconciled(&mut self, at: Moment, record: Microdeposit) {
        match judge(&self.before, &record, None, &self.settings.assumptions) {
            // The outcome may be another submission's.
            Judged::Verdict(..) if self.contested => {
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

    pub(super) fn not_reconciled(&mut self, at: Moment, error: &Error) {
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
        if pause >= self.reconcile_end.saturating_sub(at.elapsed) {
            return self.conclude_unknown(at);
        }
        self.go(State::Sleeping(Nap::Resting, at.elapsed.saturating_add(pause)));
    }

    pub(super) fn taken_for(&self, at: Moment) -> Option<Duration> {
        self.taken.map(|(since, age)| at.elapsed.saturating_sub(since).saturating_add(age))
    }

    pub(super) fn poll(&mut self, at: Moment) {
        self.asked = at.elapsed;
        self.ask(Errand::Polling, Purpose::Poll, self.deadline);
    }

    pub(super) fn polled(&mut self, at: Moment, record: Microdeposit) {
        // As it stood when it was asked for: the response may have taken its time.
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

    pub(super) fn not_polled(&mut self, at: Moment, error: &Error) {
        self.error = self.error.take().map(|own| own.with_last_failure(Some(error.kind())));
        let over = !self.wait || error.kind() == ErrorKind::Cancelled;
        if over { self.conclude_pending(at) } else { self.pause_for_outcome(at, error.retry_after()) }
    }

    /// Pauses until the next read of a pending outcome. The last read is shortly before the end.
    fn pause_for_outcome(&mut self, at: Moment, asked: Option<Duration>) {
        let status = self.seen.as_ref().map_or(&crate::Status::Deposited, |record| &record.status);
        let pause = next_read_after_verify(status, self.polls).unwrap_or_default().max(asked.unwrap_or_default());
        self.polls = self.polls.saturating_add(1);
        let mut next = at.elapsed.saturating_add(pause);
        // When a time that an assumption names is over, the next read follows at once.
        if let (Some((since, age)), Some(within)) = (self.taken, self.settings.assumptions.judged_within) {
            let due = since.saturating_add(within.saturating_sub(age));
            next = if due > at.elapsed && asked.is_none() { next.min(due) } else { next };
        }
        let last = self.deadline.saturating_sub(LAST_READ);
        match () {
            () if next <= last => self.go(State::Sleeping(Nap::Waiting, next)),
            () if at.elapsed < last && asked.is_none() => self.go(State::Sleeping(Nap::Waiting, last)),
            () => self.conclude_pending(at),
        }
    }

    /// Ends as pending: the server accepted the submission and has shown no verdict that can be trusted.
    pub(super) fn conclude_pending(&mut self, at: Moment) {
        match (self.error.take(), self.seen.take()) {
            (None, Some(record)) => self.conclude(at, Ok(Outcome { verdict: Verdict::Pending, record, assumed: None })),
            (error, seen) => {
                (self.error, self.seen) = (error, seen);
                self.conclude_unknown(at);
            }
        }
    }

    pub(super) fn conclude_unknown(&mut self, at: Moment) {
        let error = self.error.take().unwrap_or_else(|| self.state_error(StateProblem::Unsettled));
        let error = error.with_attempts(self.sent).with_outcome_unknown(true).with_assumption(None);
        let seen = self.seen.take();
        self.conclude(at, Err(seen.into_iter().fold(error, Error::with_last_seen)));
    }

    fn conclude_failed(&mut self, at: Moment, record: Microdeposit) {
        // The record says nothing about the amounts, so it is unknown whether they were counted.
        let error = self.state_error(StateProblem::Failed).with_outcome_unknown(true);
        self.conclude(at, Err(error.with_last_seen(record)));
    }
}
