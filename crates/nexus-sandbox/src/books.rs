//! The records that a world keeps of itself: webhook events and, if wanted, each act with the request that caused it.

use nexus_types::{Event, KnownStatus, MicrodepositGuid};

use crate::agenda::Agenda;
use crate::outbox::Outbox;
use crate::policy::Policy;

/// One time that the server acted: it created a record, or counted a submission of amounts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Act {
    /// When, in milliseconds since 1970: for a submission, when it was judged.
    pub at: i64,
    /// The number of the request that caused it, as [`World::requests_received`](crate::World::requests_received) counts
    /// them, from 1. 0 for what the admin interface made happen, or a person
    /// in the widget.
    pub request: u64,
    /// The record.
    pub guid: MicrodepositGuid,
    /// What happened to it. A third wrong submission is [`Event::LockedOut`].
    pub event: Event,
}

pub(crate) struct Books {
    pub(crate) outbox: Outbox,
    pub(crate) acts: Acts,
    pub(crate) agenda: Agenda,
    /// Acts of requests that the log does not know of yet.
    counted: Vec<(u64, Counted)>,
}

/// What a request brought about, for the log: a record, or a submission that was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) at: i64,
    /// The record's number.
    pub(crate) number: u32,
    pub(crate) event: Event,
    /// Submissions counted by then, this one included.
    pub(crate) attempts: u8,
}

impl Books {
    pub(crate) fn new(policy: &Policy, acts: bool) -> Books {
        Books { outbox: Outbox::new(policy), acts: Acts::new(acts), agenda: Agenda::default(), counted: Vec::new() }
    }

    /// Notes what a request made happen (0: none did), if it is an act.
    pub(crate) fn note(&mut self, request: u64, first: bool, now: KnownStatus, happened: Counted) {
        let event = match happened.event {
            Event::AmountsWrong if now == KnownStatus::Prevented => Event::LockedOut,
            event @ (Event::AmountsRight | Event::AmountsWrong | Event::LockedOut) => event,
            creation if first => creation,
            _ => return,
        };
        let counted = Counted { event, ..happened };
        if self.acts.wanted {
            self.acts.fresh.push(Noted { request, counted });
        }
        if request > 0 {
            self.counted.push((request, counted));
        }
    }

    /// The acts that the log does not know of yet, each with its request.
    pub(crate) fn fresh(&mut self) -> impl Iterator<Item = (u64, Counted)> {
        self.counted.drain(..)
    }
}

/// All acts, if they are wanted at all: a million records would have as many.
pub(crate) struct Acts {
    wanted: bool,
    fresh: Vec<Noted>,
    ordered: Vec<Act>,
}

struct Noted {
    request: u64,
    counted: Counted,
}

impl Acts {
    pub(crate) fn new(wanted: bool) -> Acts {
        Acts { wanted, fresh: Vec::new(), ordered: Vec::new() }
    }

    /// Sorts the new acts by time. Every record is settled up to now, so later acts have later times.
    pub(crate) fn order(&mut self, guid: impl Fn(u32) -> String) {
        self.fresh.sort_by_key(|noted| noted.counted.at);
        for Noted { request, counted: Counted { at, number, event, .. } } in self.fresh.drain(..) {
            // A guid made here fits the core's rule for guids.
            if let Ok(guid) = MicrodepositGuid::new(guid(number)) {
                self.ordered.push(Act { at, request, guid, event });
            }
        }
    }

    pub(crate) fn all(&self) -> &[Act] {
        &self.ordered
    }
}
