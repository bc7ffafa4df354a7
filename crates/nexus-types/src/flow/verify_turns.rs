//! The transitions of a [`VerifyFlow`].

use std::time::Duration;

use super::exchange::{End, Exchange, read};
use super::journal::Ended;
use super::outcome::{Outcome, Verdict};
use super::step::{Event, Moment, Purpose};
use super::timing::{early, leave_by};
use super::verify::{Errand, Nap, Output, State, VerifyFlow};
use crate::decide::submission::is_same_account;
use crate::endpoint::{Endpoint, Read};
use crate::error::{DecodeProblem, Error, StateProblem, TransportProblem};
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;

impl VerifyFlow {
    pub(super) fn reading(&self) -> Read {
        Read::new(self.submission.guid().clone())
    }

    pub(super) fn ask(&mut self, errand: Errand, purpose: Purpose, deadline: Duration) {
        self.go(State::Exchanging(errand, Box::new(Exchange::new(self.reading().request(), purpose, deadline))));
    }

    pub(super) fn before_sending(&self, at: Moment) -> Exchange {
        Exchange::new(self.reading().request(), Purpose::Before, early(&self.settings, self.deadline, at))
    }

    pub(super) fn ask_before(&mut self, errand: Errand, at: Moment) {
        self.go(State::Exchanging(errand, Box::new(self.before_sending(at))));
    }

    /// Adds the flow's context to an error of a step.
    pub(super) fn with_call(&self, error: Error) -> Error {
        error.with_operation(Operation::Verify).with_guid(Some(self.submission.guid().clone()))
    }

    pub(super) fn state_error(&self, problem: StateProblem) -> Error {
        self.with_call(Error::state(problem, None)).with_attempts(self.sent)
    }

    fn cancelled(&self) -> Error {
        self.with_call(Error::transport(TransportProblem::Cancelled, Operation::Verify).with_attempts(self.sent))
    }

    /// A request has ended.
    pub(super) fn exchanged(&mut self, at: Moment, errand: Errand, end: End) {
        if let Errand::Sending = errand {
            return self.responded(at, end);
        }
        let record = read(&self.reading(), end, self.sent).map_err(|error| self.with_call(error));
        match errand {
            Errand::Sending => {}
            Errand::Reading => match record {
                Ok(record) => self.seen_before(at, record),
                Err(error) => self.finish(Err(error)),
            },
            Errand::Rereading => match self.own(record) {
                Ok(record) => self.seen_again(at, record),
                Err(error) => self.finish(Err(error)),
            },
            Errand::Checking => match self.own(record) {
                Ok(record) => self.seen_claimed(at, record),
                Err(error) => self.conclude(at, Err(error.with_outcome_unknown(false))),
            },
            Errand::Reconciling => match self.own(record) {
                Ok(record) => self.reconciled(at, record),
                Err(error) => self.not_reconciled(at, &error),
            },
            Errand::Polling => match self.own(record) {
                Ok(record) => self.polled(at, record),
                Err(error) => self.not_polled(at, &error),
            },
            Errand::Recalling(verdict, assumed) => self.finish(match record {
                Ok(record) => Ok(Outcome { verdict, record, assumed }),
                // The amounts were counted; an error that is not unknown would say that they were not.
                Err(error) => Err(error.with_outcome_unknown(true)),
            }),
        }
    }

    /// The record, if it has the account and the person of the earlier record: a mixed-up cache may show another one under
    /// the same guid.
    pub(super) fn own(&self, read: Result<Microdeposit, Error>) -> Result<Microdeposit, Error> {
        let record = read?;
        match &self.seen {
            Some(seen) if !is_same_account(seen, &record) => Err(self.another()),
            _ => Ok(record),
        }
    }

    fn another(&self) -> Error {
        self.with_call(Error::decode(DecodeProblem::AnotherRecord, "micro_deposit")).with_attempts(self.sent)
    }

    /// A pause is over.
    pub(super) fn awake(&mut self, at: Moment, nap: Nap) {
        match nap {
            Nap::Steadying => self.ask_before(Errand::Rereading, at),
            Nap::Resting => self.ask(Errand::Reconciling, Purpose::Reconcile, self.reconcile_end),
            Nap::Waiting => self.poll(at),
        }
    }

    /// The caller cancelled during a pause.
    pub(super) fn given_up(&mut self, at: Moment, nap: Nap) {
        match nap {
            Nap::Steadying => self.finish(Err(self.cancelled())),
            Nap::Resting => self.conclude_unknown(at),
            Nap::Waiting => self.conclude_pending(at),
        }
    }

    /// The journal has carried out a step, or has failed.
    pub(super) fn journaled(&mut self, at: Moment, event: Event) {
        let find = matches!(self.state, State::Finding);
        match (&mut self.state, event) {
            (State::Settling(Ended::Judged(..), output), Event::Taken) => {
                // Another call of this key has had a 409 meanwhile: the verdict may be another submission's.
                let seen = output.take().and_then(|output| output.ok()).map(|outcome| outcome.record);
                let error = self.state_error(StateProblem::Unsettled).with_outcome_unknown(true);
                self.finish(Err(seen.into_iter().fold(error, Error::with_last_seen)));
            }
            (State::Settling(_, output), Event::Settled | Event::Taken | Event::JournalFailed | Event::Cancelled) => {
                if let Some(output) = output.take() {
                    self.finish(*output);
                }
            }
            (State::Noting(_), event @ (Event::Settled | Event::Taken | Event::JournalFailed | Event::Cancelled)) => {
                // What could not be written is tried once more at the end.
                self.noted = matches!(event, Event::Settled | Event::Taken);
                self.go_on(at, matches!(event, Event::Cancelled));
            }
            (State::Finding | State::Claiming, Event::Found(prior)) => self.found(at, prior, find),
            (State::Claiming, Event::Claimed { attempt }) => {
                self.attempt = Some(attempt);
                if self.checked {
                    return self.send(at, Some(leave_by(self.claimed, at)));
                }
                self.ask_before(Errand::Checking, at);
            }
            (State::Finding | State::Claiming, Event::JournalFailed) => {
                // If the journal cannot find the key, a request may have been sent earlier. Without a claim nothing is sent now.
                self.finish(Err(self.state_error(StateProblem::Journal).with_outcome_unknown(find)));
            }
            (State::Finding | State::Claiming, Event::Cancelled) => {
                self.finish(Err(self.cancelled().with_outcome_unknown(find)));
            }
            _ => {}
        }
    }

    /// Ends the flow. With a key, the outcome is written to the journal first.
    pub(super) fn conclude(&mut self, at: Moment, output: Output) {
        let ended = match &output {
            Ok(Outcome { verdict: Verdict::Pending, .. }) => self.unwritten(at),
            Ok(outcome) => Some(Ended::Judged(outcome.verdict, outcome.assumed)),
            Err(error) if !error.outcome_unknown() => Some(Ended::NotMade),
            Err(_) => self.unwritten(at),
        };
        match ended.filter(|_| self.attempt.is_some()) {
            Some(ended) => self.go(State::Settling(ended, Some(Box::new(output)))),
            None => self.finish(output),
        }
    }

    /// The server's response, if the journal does not have it yet.
    pub(super) fn unwritten(&self, at: Moment) -> Option<Ended> {
        let age = self.taken_for(at).map(|age| i64::try_from(age.as_secs()).unwrap_or(0));
        let accepted = age.map(|age| Ended::Accepted(at.unix.saturating_sub(age)));
        accepted.or(self.contested.then_some(Ended::Contested)).filter(|_| !self.noted)
    }

    pub(super) fn finish(&mut self, output: Output) {
        self.go(State::Done(Some(Box::new(output))));
    }
}
