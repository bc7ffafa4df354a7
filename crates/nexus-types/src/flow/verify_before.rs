//! A [`VerifyFlow`] before the amounts are sent: the journal's knowledge, the microdeposit's state, and the claim.

use std::time::Duration;

use super::exchange::Exchange;
use super::journal::{Past, Prior, PriorResponse, different};
use super::step::{Moment, Purpose};
use super::timing::early;
use super::verify::{Errand, Nap, State, VerifyFlow};
use crate::decide::submission::Before;
use crate::endpoint::Endpoint;
use crate::error::StateProblem;
use crate::microdeposit::Microdeposit;
use crate::status::KnownStatus;

/// The pause between two reads that puts them into different seconds.
const A_SECOND: Duration = Duration::from_millis(1100);

impl VerifyFlow {
    pub(super) fn found(&mut self, at: Moment, prior: Prior, find: bool) {
        match prior {
            Prior::Nothing { open: Some(until), .. } if until >= at.unix => {
                let wait = u64::try_from(until.saturating_sub(at.unix)).ok().filter(|_| until != i64::MAX);
                let error = self.state_error(StateProblem::SubmissionOpen);
                self.finish(Err(error.with_retry_after(wait.map(|wait| Duration::from_secs(wait.saturating_add(1))))));
            }
            Prior::Nothing { open, .. } if find => {
                self.before.earlier_open |= open.is_some();
                self.ask_before(Errand::Reading, at);
            }
            Prior::Nothing { .. } => self.finish(Err(self.state_error(StateProblem::Journal))),
            Prior::Pending { entry, attempt, response, .. } => match entry.past {
                Past::Record(before) => self.resume(at, before, attempt, response),
                Past::List(_) => self.finish(Err(different())),
            },
            Prior::Judged(verdict, assumed) => {
                self.ask(Errand::Recalling(verdict, assumed), Purpose::Call, self.deadline);
            }
            Prior::Made(_) | Prior::Different => self.finish(Err(different())),
        }
    }

    /// Continues a pending attempt of an earlier call. The amounts are not sent again.
    fn resume(&mut self, at: Moment, before: Before, attempt: u64, response: PriorResponse) {
        // Combine the client's own knowledge of other submissions with the journal's.
        let earlier_open = self.before.earlier_open || before.earlier_open;
        (self.before, self.attempt) = (Before { earlier_open, ..before }, Some(attempt));
        let error = self.state_error(StateProblem::Unsettled).with_outcome_unknown(true);
        (self.contested, self.noted) = (response == PriorResponse::Contested, response != PriorResponse::None);
        match response {
            PriorResponse::None | PriorResponse::Contested => self.reconcile(at, error),
            PriorResponse::Accepted(since) => {
                // Whole seconds, rounded to the careful side.
                let age = u64::try_from(at.unix.saturating_sub(since).saturating_sub(1)).unwrap_or(0);
                (self.taken, self.error) = (Some((at.elapsed, Duration::from_secs(age))), Some(error));
                self.poll(at);
            }
        }
    }

    pub(super) fn seen_before(&mut self, at: Moment, record: Microdeposit) {
        let Some(record) = self.admitted(record) else { return };
        self.before = Before::of(&record, self.before.earlier_open);
        let useful = self.settings.assumptions.updated_at_shows_denial && !self.before.earlier_open;
        let again = record.status == KnownStatus::Denied && useful && self.before.updated_at.is_some();
        let coarse = self.before.updated_at.is_some_and(|millis| millis % 1000 == 0);
        self.seen = Some(record);
        let until = at.elapsed.saturating_add(A_SECOND);
        match (again, coarse) {
            (false, _) => self.ready(at),
            // Without the time for it, nothing is shown about reading.
            (true, true) if until >= early(&self.settings, self.deadline, at) => self.ready(at),
            (true, false) => self.ask_before(Errand::Rereading, at),
            (true, true) => self.go(State::Sleeping(Nap::Steadying, until)),
        }
    }

    pub(super) fn seen_again(&mut self, at: Moment, record: Microdeposit) {
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

    /// After the claim, the record must be the same as before it.
    pub(super) fn seen_claimed(&mut self, at: Moment, record: Microdeposit) {
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

    pub(super) fn send(&mut self, at: Moment, not_after: Option<i64>) {
        let exchange =
            Exchange::new(self.submission.request(), Purpose::Change, early(&self.settings, self.deadline, at));
        self.go(State::Exchanging(Errand::Sending, Box::new(exchange.not_after(not_after))));
    }
}

/// Whether the status may admit a submission. An unknown status may.
fn may_admit(record: &Microdeposit) -> bool {
    record.status.may_verify() || (!record.status.is_known() && !record.status.is_contradictory())
}
