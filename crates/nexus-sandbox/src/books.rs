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
}

impl Books {
    pub(crate) fn new(policy: &Policy, acts: bool) -> Books {
        Books { outbox: Outbox::new(policy), acts: Acts::new(acts), agenda: Agenda::default() }
    }
}

/// All acts, if they are wanted at all: a million records would have as many.
pub(crate) struct Acts {
    wanted: bool,
    fresh: Vec<Noted>,
    ordered: Vec<Act>,
}

struct Noted {
    at: i64,
    request: u64,
    number: u32,
    event: Event,
}

impl Acts {
    pub(crate) fn new(wanted: bool) -> Acts {
        Acts { wanted, fresh: Vec::new(), ordered: Vec::new() }
    }

    /// Notes what happened, if it is an act.
    pub(crate) fn note(&mut self, at: i64, request: u64, number: u32, event: Event, first: bool, now: KnownStatus) {
        if !self.wanted {
            return;
        }
        let event = match event {
            Event::AmountsWrong if now == KnownStatus::Prevented => Event::LockedOut,
            Event::AmountsRight | Event::AmountsWrong | Event::LockedOut => event,
            creation if first => creation,
            _ => return,
        };
        self.fresh.push(Noted { at, request, number, event });
    }

    /// Sorts the new acts by time. Every record is settled up to now, so later acts have later times.
    pub(crate) fn order(&mut self, guid: impl Fn(u32) -> String) {
        self.fresh.sort_by_key(|noted| noted.at);
        for Noted { at, request, number, event } in self.fresh.drain(..) {
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
