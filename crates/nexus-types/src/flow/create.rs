//! [`CreateFlow`]: creates one microdeposit, with or without account details, and finds it if its response was lost.
//!
//! ```text
//! finding --> listing          the journal has no entry for this key
//! finding --> reconciling      an earlier attempt is pending: lists to find its record
//! finding --> recalling        the journal has the record's guid: reads the record
//! finding --> done             the key is bound to another request, or the journal failed
//! listing --> claiming         the earlier records are known, and there is a key
//! listing --> sending          the earlier records are known, and there is no key
//! listing --> settling         the list shows the record of the earlier attempt
//! listing --> done             the list failed, or it shows a candidate of the earlier attempt
//! claiming --> sending         the claim is durable
//! claiming --> reconciling     another call has claimed the key first
//! claiming --> recalling       another call has claimed the key first and made the record
//! claiming --> done            the journal failed
//! sending --> done             made, refused, or not sent
//! sending --> settling         made, refused, or not sent, under a key
//! sending --> noting           refused with a 409, under a key
//! sending --> reconciling      no usable response
//! noting --> reconciling       the 409 is durable: another client may have made a record
//! noting --> settling          cancelled
//! reconciling --> resting      the list shows no record yet
//! reconciling --> settling     found, under a key
//! reconciling --> listing      no server can act on the earlier attempt any more: sends again
//! reconciling --> done         found, or the time is up
//! resting --> reconciling
//! resting --> settling         cancelled, and the 409 is not written yet
//! resting --> done             cancelled
//! recalling --> done
//! settling --> done
//! ```
//!
//! The request is sent in state `sending` only, with one [`Permit`](super::Permit). It is sent again only with a key, after
//! the time in which a server can act on the earlier request (assumed), and if a complete list shows no record that may be
//! its.

use std::time::Duration;

use super::Flow;
use super::exchange::{Exchange, Go};
use super::journal::{Claim, Ended, Entry, Find, JournalStep, Past, Settle, Subject};
use super::list::{Listed, Listing};
use super::outcome::Created;
use super::step::{Event, Moment, Pause, Purpose, Settings, Sleep, Step, rest};
use super::timing::{FIRST_PAUSE, early, until};
use crate::decide::budget::Budget;
use crate::decide::creation::{Intention, Known};
use crate::error::Error;
use crate::guid::MicrodepositGuid;

/// Creates one microdeposit, at most once.
pub struct CreateFlow {
    pub(super) intention: Intention,
    pub(super) settings: Settings,
    pub(super) key: Option<Box<str>>,
    pub(super) deadline: Duration,
    pub(super) sent: u32,
    /// The user's microdeposits before the request was sent.
    pub(super) known: Known,
    /// The error that left the outcome unknown.
    pub(super) error: Option<Error>,
    /// Records that may be this create's, by the last complete list.
    pub(super) candidates: Vec<MicrodepositGuid>,
    /// Whether a complete list has succeeded since the outcome is unknown.
    pub(super) list_complete: bool,
    /// The attempt of an earlier call that is being reconciled, and whether the time has passed in which a server can
    /// act on it.
    pub(super) earlier: Option<(u64, bool)>,
    /// Whether the server refused with a 409. A record that shows later may then not be this create's.
    pub(super) contested: bool,
    /// Whether the journal has that 409.
    pub(super) noted: bool,
    /// When the step with the claim was returned.
    pub(super) claimed: Moment,
    /// The number of this flow's own attempt in the journal.
    pub(super) attempt: Option<u64>,
    pub(super) reconcile_end: Duration,
    pub(super) pause: Duration,
    pub(super) state: State,
    #[cfg(test)]
    pub(super) trail: super::tests::Trail,
}

pub(super) type Output = Result<Created, Error>;

pub(super) enum State {
    Finding,
    Listing(Listing),
    Claiming,
    Sending(Exchange),
    Reconciling(Listing),
    Resting(Duration),
    Recalling(Exchange, MicrodepositGuid),
    /// Whether the server's response must be written to the journal first.
    Noting(Ended),
    Settling(Ended, Option<Box<Output>>),
    Done(Option<Box<Output>>),
}

impl CreateFlow {
    /// Begins at this moment.
    pub fn new(intention: Intention, settings: Settings, at: Moment) -> CreateFlow {
        let mut flow = CreateFlow {
            intention,
            settings,
            key: None,
            deadline: at.elapsed.saturating_add(settings.call),
            sent: 0,
            known: Known::default(),
            error: None,
            candidates: Vec::new(),
            list_complete: false,
            earlier: None,
            contested: false,
            noted: false,
            claimed: at,
            attempt: None,
            reconcile_end: Duration::ZERO,
            pause: FIRST_PAUSE,
            state: State::Done(None),
            #[cfg(test)]
            trail: Default::default(),
        };
        flow.state = State::Listing(flow.list_before(at));
        flow
    }

    /// Uses a key of the caller's and a journal: one key makes one microdeposit, even if the process is killed.
    #[must_use]
    pub fn with_key(self, key: impl Into<Box<str>>) -> CreateFlow {
        CreateFlow { key: Some(key.into()), state: State::Finding, ..self }
    }

    pub(super) fn go(&mut self, state: State) {
        #[cfg(test)]
        self.trail.note(name(&self.state), name(&state));
        self.state = state;
    }

    pub(super) fn list_before(&self, at: Moment) -> Listing {
        Listing::new(Purpose::Before, early(&self.settings, self.deadline, at))
    }

    fn find(&self, at: Moment) -> Find {
        let subject = Subject::Make(Box::new(self.intention.clone()));
        Find { key: self.key.clone().unwrap_or_default(), subject, unix: at.unix }
    }

    fn claim(&self, at: Moment) -> Claim {
        let known = Known { taken: Vec::new(), ..self.known.clone() };
        let entry = Entry { until: until(&self.settings, self.deadline, at), past: Past::List(known) };
        Claim { find: self.find(at), entry, instead_of: self.earlier.map(|(attempt, _)| attempt) }
    }
}

impl Flow for CreateFlow {
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
                State::Resting(until) => {
                    let until = *until;
                    if at.elapsed < until {
                        return Step::Sleep(Sleep { until, pause: Pause::Reconcile });
                    }
                    self.awake();
                }
                State::Listing(listing) | State::Reconciling(listing) => {
                    match listing.next(at, chance, budget, &settings, before) {
                        Listed::Do(wire) => return wire.into(),
                        Listed::End(records) => {
                            self.sent = self.sent.saturating_add(listing.sent());
                            self.listed(at, records);
                        }
                    }
                }
                State::Sending(exchange) | State::Recalling(exchange, _) => {
                    match exchange.next(at, chance, budget, &settings, before) {
                        Go::Do(wire) => return wire.into(),
                        Go::End(end) => {
                            self.sent = self.sent.saturating_add(exchange.sent());
                            self.exchanged(at, end);
                        }
                    }
                }
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        match &mut self.state {
            State::Listing(listing) | State::Reconciling(listing) => listing.handle(at, event),
            State::Sending(exchange) | State::Recalling(exchange, _) => exchange.handle(at, event),
            State::Finding | State::Claiming | State::Noting(_) | State::Settling(..) => self.journaled(at, event),
            State::Resting(_) => match event {
                Event::Elapsed => self.awake(),
                Event::Cancelled => self.conclude_unknown(),
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
            State::Listing(listing) | State::Reconciling(listing) => listing.sent(),
            State::Sending(exchange) | State::Recalling(exchange, _) => exchange.sent(),
            _ => 0,
        };
        self.sent.saturating_add(under_way)
    }
}

fn name(state: &State) -> &'static str {
    match state {
        State::Finding => "finding",
        State::Listing(_) => "listing",
        State::Claiming => "claiming",
        State::Sending(_) => "sending",
        State::Reconciling(_) => "reconciling",
        State::Resting(_) => "resting",
        State::Recalling(..) => "recalling",
        State::Noting(_) => "noting",
        State::Settling(..) => "settling",
        State::Done(_) => "done",
    }
}
