//! The transitions of a [`CreateFlow`].

use std::time::Duration;

use super::create::{CreateFlow, Output, State};
use super::exchange::{End, Exchange, failure, read};
use super::journal::{Ended, Past, Prior, PriorResponse, different};
use super::list::Listing;
use super::outcome::Created;
use super::step::{Event, Moment, Purpose};
use super::timing::{FIRST_PAUSE, early, leave_by};
use crate::assumptions::Assumption;
use crate::decide::creation::{Found, Known};
use crate::endpoint::{Endpoint, Read};
use crate::error::{DecodeProblem, Error, ErrorKind, StateProblem, TransportProblem};
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;

impl CreateFlow {
    /// Adds the flow's context to an error of a step.
    fn with_call(&self, error: Error) -> Error {
        error.with_operation(self.intention.operation())
    }

    fn state_error(&self, problem: StateProblem) -> Error {
        Error::state(problem, Some(self.intention.operation())).with_attempts(self.sent)
    }

    /// The pause between two lists is over.
    pub(super) fn awake(&mut self) {
        self.go(State::Reconciling(Listing::new(Purpose::Reconcile, self.reconcile_end)));
    }

    /// A request that is no list has ended.
    pub(super) fn exchanged(&mut self, at: Moment, end: End) {
        let State::Recalling(_, guid) = &self.state else { return self.responded(at, end) };
        let guid = guid.clone();
        let output = match read(&Read::new(guid.clone()), end, self.sent) {
            Ok(record) => Ok(Created { record, assumed: None }),
            // The record was made; an error that is not unknown would say that it was not.
            Err(error) => {
                let error = self.with_call(error).with_guid(Some(guid.clone()));
                Err(error.with_outcome_unknown(true).with_assumption(None).with_candidates(vec![guid]))
            }
        };
        self.finish(output);
    }

    /// A list has ended.
    pub(super) fn listed(&mut self, at: Moment, records: Result<Vec<Microdeposit>, Error>) {
        let before = matches!(self.state, State::Listing(_));
        match records {
            Ok(records) if before => self.listed_before(at, records),
            Ok(records) => self.listed_after(at, records),
            Err(error) if before => {
                // While an earlier attempt is open, every failure leaves its outcome unknown.
                let unknown = self.earlier.is_some();
                self.finish(Err(self.with_call(error).with_outcome_unknown(unknown)));
            }
            Err(error) => {
                self.error = self.error.take().map(|own| own.with_last_failure(Some(error.kind())));
                if error.kind() == ErrorKind::Cancelled {
                    self.conclude_unknown()
                } else {
                    self.rest(at, error.retry_after())
                }
            }
        }
    }

    fn listed_before(&mut self, at: Moment, records: Vec<Microdeposit>) {
        let taken = std::mem::take(&mut self.known.taken);
        let known = Known { taken: taken.clone(), ..Known::of(&records) };
        if self.earlier.is_some() {
            // The record of the earlier attempt may have come into the list only now; then it must not count as known.
            self.known.taken = taken;
            let found = self.intention.find(&self.known, records);
            if found != Found::Nothing {
                return self.judged(at, found);
            }
        }
        self.known = known;
        self.claimed = at;
        if self.key.is_some() { self.go(State::Claiming) } else { self.send(at, None) }
    }

    fn send(&mut self, at: Moment, not_after: Option<i64>) {
        let exchange =
            Exchange::new(self.intention.request(), Purpose::Change, early(&self.settings, self.deadline, at));
        self.go(State::Sending(exchange.not_after(not_after)));
    }

    /// The journal has carried out a step, or has failed.
    pub(super) fn journaled(&mut self, at: Moment, event: Event) {
        // If the journal cannot find the key, a request may have been sent earlier. Without a claim nothing is sent now.
        let unknown = matches!(self.state, State::Finding) || self.earlier.is_some();
        match (&mut self.state, event) {
            (State::Settling(Ended::Made(_), _), Event::Taken) => {
                // Another key has this record, or another call of this key has had a 409: it may not be this request's.
                self.finish(Err(self.state_error(StateProblem::Unsettled).with_outcome_unknown(true)));
            }
            (State::Settling(_, output), Event::Settled | Event::Taken | Event::JournalFailed | Event::Cancelled) => {
                if let Some(output) = output.take() {
                    self.finish(*output);
                }
            }
            (State::Noting(_), event @ (Event::Settled | Event::Taken | Event::JournalFailed | Event::Cancelled)) => {
                // What could not be written is tried once more at the end.
                self.noted = matches!(event, Event::Settled | Event::Taken);
                if matches!(event, Event::Cancelled) { self.conclude_unknown() } else { self.reconcile_on(at) }
            }
            (State::Finding | State::Claiming, Event::Found(prior)) => self.found(at, prior),
            (State::Claiming, Event::Claimed { attempt }) => {
                self.attempt = Some(attempt);
                (self.contested, self.noted) = (false, false);
                // From here on this attempt is the one to reconcile, and a server can still act on it.
                self.earlier = self.earlier.map(|(earlier, _)| (earlier, false));
                self.send(at, Some(leave_by(self.claimed, at)));
            }
            (State::Finding | State::Claiming, Event::JournalFailed) => {
                self.finish(Err(self.state_error(StateProblem::Journal).with_outcome_unknown(unknown)));
            }
            (State::Finding | State::Claiming, Event::Cancelled) => {
                let error =
                    Error::transport(TransportProblem::Cancelled, self.intention.operation()).with_attempts(self.sent);
                self.finish(Err(error.with_outcome_unknown(unknown)));
            }
            _ => {}
        }
    }

    fn found(&mut self, at: Moment, prior: Prior) {
        match prior {
            Prior::Nothing { taken, .. } if matches!(self.state, State::Finding) => {
                self.known.taken = taken;
                self.go(State::Listing(self.list_before(at)));
            }
            Prior::Nothing { .. } => self.finish(Err(self.state_error(StateProblem::Journal))),
            Prior::Pending { entry, attempt, response, taken } => match entry.past {
                Past::List(known) => {
                    self.known = Known { taken, ..known };
                    // Taken before the list: the list must be made after this time is over.
                    self.earlier = Some((attempt, at.unix > entry.until));
                    self.attempt = Some(attempt);
                    self.contested = response == PriorResponse::Contested;
                    self.noted = self.contested;
                    let error = self.state_error(StateProblem::Unsettled).with_outcome_unknown(true);
                    self.reconcile(at, error);
                }
                Past::Record(_) => self.finish(Err(different())),
            },
            Prior::Made(guid) => {
                let request = Read::new(guid.clone()).request();
                self.go(State::Recalling(Exchange::new(request, Purpose::Call, self.deadline), guid));
            }
            Prior::Judged(..) | Prior::Different => self.finish(Err(different())),
        }
    }

    /// Handles the result of the create request.
    fn responded(&mut self, at: Moment, end: End) {
        let assumptions = self.settings.assumptions;
        let error = match end {
            End::Response(response, asked) => match self.intention.parse(&response) {
                Ok(record) if self.intention.may_have_made(&self.known, &record) => {
                    let assumed = self.earlier.map(|_| Assumption::ServerGrace);
                    return self.conclude(Ok(Created { record, assumed }));
                }
                // Do not return that record: it may be another person's.
                Ok(_) => self.another().with_outcome_unknown(true),
                Err(error) => {
                    let assumed = assumptions.behind(response.status);
                    let error = self.with_call(error.with_retry_after(asked).with_attempts(self.sent));
                    // A second send would make this rest on two assumptions, and an error can name only one.
                    let refused =
                        assumptions.refuses(response.status) && !(self.earlier.is_some() && assumed.is_some());
                    error.with_outcome_unknown(!refused).with_assumption(assumed)
                }
            },
            end => failure(end, self.intention.operation(), self.sent),
        };
        match () {
            () if !error.outcome_unknown() => self.conclude(Err(error)),
            // Another client may have made a record, or a gateway may have sent the request twice. With a key, the journal
            // must have the 409 before any record can be taken for this request's.
            () if error.kind() == ErrorKind::Conflict => {
                self.contested = true;
                self.error = Some(error.with_assumption(None));
                if self.attempt.is_some() { self.go(State::Noting(Ended::Contested)) } else { self.reconcile_on(at) }
            }
            () => self.reconcile(at, error),
        }
    }

    fn another(&self) -> Error {
        self.with_call(Error::decode(DecodeProblem::AnotherRecord, "micro_deposit")).with_attempts(self.sent)
    }

    /// The outcome is unknown: lists until a record shows or the time for it is up.
    fn reconcile(&mut self, at: Moment, error: Error) {
        let given_up = error.kind() == ErrorKind::Cancelled;
        self.error = Some(error.with_assumption(None));
        if given_up { self.conclude_unknown() } else { self.reconcile_on(at) }
    }

    fn reconcile_on(&mut self, at: Moment) {
        self.reconcile_end = self.deadline.min(at.elapsed.saturating_add(self.settings.reconcile));
        (self.pause, self.list_complete) = (FIRST_PAUSE, false);
        self.awake();
    }

    fn listed_after(&mut self, at: Moment, records: Vec<Microdeposit>) {
        let found = self.intention.find(&self.known, records);
        self.judged(at, found);
    }

    /// Handles a complete list.
    fn judged(&mut self, at: Moment, found: Found) {
        self.list_complete = true;
        match found {
            Found::One(record) if self.contested || !self.settings.assumptions.lists_show_all => {
                self.candidates = vec![record.guid];
                self.conclude_unknown();
            }
            Found::One(record) => {
                self.conclude(Ok(Created { record: *record, assumed: Some(Assumption::ListsShowAll) }));
            }
            Found::Candidates(guids) => {
                self.candidates = guids;
                if matches!(self.state, State::Listing(_)) { self.conclude_unknown() } else { self.rest(at, None) }
            }
            Found::Nothing => {
                self.candidates.clear();
                self.rest(at, None);
            }
        }
    }

    fn rest(&mut self, at: Moment, asked: Option<Duration>) {
        let pause = self.pause.max(asked.unwrap_or_default());
        self.pause = self.pause.saturating_mul(2);
        if pause < self.reconcile_end.saturating_sub(at.elapsed) {
            return self.go(State::Resting(at.elapsed.saturating_add(pause)));
        }
        let assumptions = self.settings.assumptions;
        let nothing = self.list_complete && self.candidates.is_empty();
        let anew = assumptions.server_grace.is_some() && assumptions.lists_show_all;
        match self.earlier {
            Some((_, true)) if nothing && anew => self.go(State::Listing(self.list_before(at))),
            _ => self.conclude_unknown(),
        }
    }

    pub(super) fn conclude_unknown(&mut self) {
        let error = self.error.take().unwrap_or_else(|| self.state_error(StateProblem::Unsettled));
        let candidates: Vec<MicrodepositGuid> = std::mem::take(&mut self.candidates);
        let error = error.with_attempts(self.sent).with_outcome_unknown(true);
        self.conclude(Err(error.with_candidates(candidates)));
    }

    /// Ends the flow. With a key, the outcome is written to the journal first.
    fn conclude(&mut self, output: Output) {
        // That the earlier attempt made nothing is assumed, and so is whatever rests on it.
        let own = |error: Error| {
            let known = self.earlier.is_some() && !error.outcome_unknown();
            if known { error.with_assumption(Some(Assumption::ServerGrace)) } else { error }
        };
        let output = output.map_err(own);
        let ended = match &output {
            Ok(created) => Some(Ended::Made(created.record.guid.clone())),
            Err(error) if !error.outcome_unknown() => Some(Ended::NotMade),
            Err(_) => (self.contested && !self.noted).then_some(Ended::Contested),
        };
        match ended.filter(|_| self.attempt.is_some()) {
            Some(ended) => self.go(State::Settling(ended, Some(Box::new(output)))),
            None => self.finish(output),
        }
    }

    fn finish(&mut self, output: Output) {
        self.go(State::Done(Some(Box::new(output))));
    }
}
