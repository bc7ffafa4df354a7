//! The state machine, as one table that both sides read.
//!
//! The *authority* (a server, or the sandbox) asks what an event does: [`Authority::apply`]. The *observer* (a client that
//! looks now and then) asks what can have happened between two sightings: [`sighting`]. A server's answer that the table
//! does not foresee is reported as such, never refused.
//!
//! ```text
//! nothing      --preinitiated-->      PREINITIATED
//! nothing      --created-->           INITIATED
//! nothing      --create_rejected-->   REJECTED
//! nothing      --create_conflicted--> CONFLICTED
//! nothing      --create_errored-->    ERRORED
//! PREINITIATED --account_submitted--> INITIATED
//! PREINITIATED --create_rejected-->   REJECTED
//! PREINITIATED --create_conflicted--> CONFLICTED
//! PREINITIATED --create_errored-->    ERRORED
//! PREINITIATED --iav_chosen-->        deleted
//! PREINITIATED --expired-->           deleted
//! INITIATED    --requested-->         REQUESTED
//! INITIATED    --failed-->            ERRORED
//! INITIATED    --rejected-->          REJECTED
//! INITIATED    --expired-->           deleted
//! REQUESTED    --landed-->            DEPOSITED
//! REQUESTED    --failed-->            ERRORED
//! REQUESTED    --rejected-->          REJECTED
//! REQUESTED    --expired-->           deleted
//! DEPOSITED    --amounts_right-->     VERIFIED
//! DEPOSITED    --amounts_wrong-->     DENIED
//! DEPOSITED    --locked_out-->        PREVENTED
//! DEPOSITED    --expired-->           deleted
//! DENIED       --amounts_right-->     VERIFIED
//! DENIED       --amounts_wrong-->     DENIED
//! DENIED       --locked_out-->        PREVENTED
//! DENIED       --expired-->           deleted
//! ```
//!
//! The third wrong answer is `locked_out`, whatever the answer before it was: [`Authority::apply`] counts.

use std::collections::VecDeque;
use std::fmt;

use crate::error::{Error, StateProblem};
use crate::status::{Stage, Status};

/// Wrong answers that end a microdeposit: three (source: domain.md 3.4).
pub const MAX_ATTEMPTS: u8 = 3;

/// Where a microdeposit is, existence included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// Not created yet.
    Nothing,
    /// It exists and has this status.
    At(Stage),
    /// Deleted: by IAV in the widget, or after 21 days.
    Deleted,
}

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident, $name:literal;)*) => {
        /// What can happen to a microdeposit.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Event { $($(#[$doc])* $variant,)* }

        impl Event {
            /// Every event.
            pub const ALL: &'static [Event] = &[$(Event::$variant,)*];

            /// The name, in lower case.
            pub fn name(self) -> &'static str {
                match self { $(Event::$variant => $name,)* }
            }
        }
    };
}

events! {
    /// Created with all account details.
    Created, "created";
    /// Created with the person only.
    Preinitiated, "preinitiated";
    /// Created, or given account details in the widget, and refused in the same answer.
    CreateRejected, "create_rejected";
    /// Created, or given account details in the widget, beside another one for the same account.
    CreateConflicted, "create_conflicted";
    /// Created, or given account details in the widget, and failed in the same answer.
    CreateErrored, "create_errored";
    /// The person gave account details in the widget.
    AccountSubmitted, "account_submitted";
    /// The person chose an institution that supports IAV.
    IavChosen, "iav_chosen";
    /// The provider accepted the request.
    Requested, "requested";
    /// The deposits arrived.
    Landed, "landed";
    /// The deposits could not be made.
    Failed, "failed";
    /// MX or the provider refused it after creation.
    Rejected, "rejected";
    /// The right amounts were submitted.
    AmountsRight, "amounts_right";
    /// Wrong amounts were submitted.
    AmountsWrong, "amounts_wrong";
    /// Wrong amounts were submitted and no answer is left.
    LockedOut, "locked_out";
    /// 21 days passed in INITIATED, REQUESTED or DEPOSITED.
    Expired, "expired";
}

impl Event {
    /// The event of this name.
    pub fn from_name(name: &str) -> Option<Event> {
        Event::ALL.iter().copied().find(|event| event.name() == name)
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Where it was.
    pub from: Place,
    /// What happened.
    pub event: Event,
    /// Where it is then.
    pub to: Place,
    /// Where the rule comes from.
    pub source: &'static str,
}

const fn row(from: Place, event: Event, to: Place, source: &'static str) -> Move {
    Move { from, event, to, source }
}

use Place::{At, Deleted, Nothing};
use Stage::{
    Conflicted, Denied, Deposited, Errored, Initiated, Preinitiated, Prevented, Rejected, Requested, Verified,
};

/// Every move there is.
pub const TABLE: &[Move] = &[
    row(Nothing, Event::Preinitiated, At(Preinitiated), "MX page: create"),
    row(Nothing, Event::Created, At(Initiated), "MX page: create"),
    row(Nothing, Event::CreateRejected, At(Rejected), "domain.md 3.2"),
    row(Nothing, Event::CreateConflicted, At(Conflicted), "domain.md 3.2"),
    row(Nothing, Event::CreateErrored, At(Errored), "domain.md 3.2"),
    row(At(Preinitiated), Event::AccountSubmitted, At(Initiated), "domain.md C13"),
    row(At(Preinitiated), Event::CreateRejected, At(Rejected), "domain.md 3.2"),
    row(At(Preinitiated), Event::CreateConflicted, At(Conflicted), "domain.md 3.2"),
    row(At(Preinitiated), Event::CreateErrored, At(Errored), "domain.md 3.2"),
    row(At(Preinitiated), Event::IavChosen, Deleted, "MX page: create"),
    row(At(Preinitiated), Event::Expired, Deleted, "domain.md 12 (assumed)"),
    row(At(Initiated), Event::Requested, At(Requested), "domain.md 3.2"),
    row(At(Initiated), Event::Failed, At(Errored), "domain.md 3.2"),
    row(At(Initiated), Event::Rejected, At(Rejected), "domain.md 3.2, inferred"),
    row(At(Initiated), Event::Expired, Deleted, "domain.md 3.4"),
    row(At(Requested), Event::Landed, At(Deposited), "domain.md 3.2"),
    row(At(Requested), Event::Failed, At(Errored), "domain.md 3.2"),
    row(At(Requested), Event::Rejected, At(Rejected), "domain.md 3.2, inferred"),
    row(At(Requested), Event::Expired, Deleted, "domain.md 3.4"),
    row(At(Deposited), Event::AmountsRight, At(Verified), "MX page: verify"),
    row(At(Deposited), Event::AmountsWrong, At(Denied), "domain.md 3.2"),
    row(At(Deposited), Event::LockedOut, At(Prevented), "domain.md 6.1, inferred"),
    row(At(Deposited), Event::Expired, Deleted, "domain.md 3.4"),
    row(At(Denied), Event::AmountsRight, At(Verified), "domain.md 3.2"),
    row(At(Denied), Event::AmountsWrong, At(Denied), "domain.md 3.2"),
    row(At(Denied), Event::LockedOut, At(Prevented), "domain.md 3.2"),
    row(At(Denied), Event::Expired, Deleted, "domain.md 12 (assumed)"),
];

/// The side that decides: where one microdeposit is, and how many answers were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    place: Place,
    attempts: u8,
}

impl Authority {
    /// A microdeposit that does not exist yet.
    pub const fn new() -> Authority {
        Authority { place: Nothing, attempts: 0 }
    }

    /// What the event makes of it. A third wrong answer locks, however it is named.
    ///
    /// # Errors
    /// `State` when the table has no such move; nothing is counted then.
    pub fn apply(self, event: Event) -> Result<Authority, Error> {
        let answer = matches!(event, Event::AmountsRight | Event::AmountsWrong | Event::LockedOut);
        let attempts = if answer { self.attempts.saturating_add(1) } else { self.attempts };
        let event = if event == Event::AmountsWrong && attempts >= MAX_ATTEMPTS { Event::LockedOut } else { event };
        let found = TABLE.iter().find(|row| row.from == self.place && row.event == event);
        match found {
            Some(row) => Ok(Authority { place: row.to, attempts }),
            None => Err(Error::state(StateProblem::NotAllowed, None)),
        }
    }

    /// Where it is.
    pub const fn place(self) -> Place {
        self.place
    }

    /// Its status, if it exists.
    pub const fn stage(self) -> Option<Stage> {
        match self.place {
            At(stage) => Some(stage),
            Nothing | Deleted => None,
        }
    }

    /// Answers counted so far, right ones included.
    pub const fn attempts(self) -> u8 {
        self.attempts
    }
}

impl Default for Authority {
    fn default() -> Authority {
        Authority::new()
    }
}

/// What an observer can say of two sightings of the same microdeposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// The same status. (In DENIED there may have been another wrong answer.)
    Same,
    /// The table leads from one to the other; this is a shortest history.
    Moved(Vec<Event>),
    /// The table knows no way: the server's answer holds all the same.
    Unforeseen,
}

/// What can have happened between two sightings, since steps may be missed.
pub fn sighting(from: &Status, to: &Status) -> Sighting {
    match (from.stage(), to.stage()) {
        _ if from == to => Sighting::Same,
        (Some(from), Some(to)) => history(At(from), At(to)).map_or(Sighting::Unforeseen, Sighting::Moved),
        _ => Sighting::Unforeseen,
    }
}

/// A shortest sequence of events from one place to another, empty if they are the same.
pub fn history(from: Place, to: Place) -> Option<Vec<Event>> {
    let mut seen = vec![from];
    let mut queue = VecDeque::from([(from, Vec::new())]);
    while let Some((place, events)) = queue.pop_front() {
        if place == to {
            return Some(events);
        }
        for row in TABLE.iter().filter(|row| row.from == place) {
            if !seen.contains(&row.to) {
                seen.push(row.to);
                let mut longer = events.clone();
                longer.push(row.event);
                queue.push_back((row.to, longer));
            }
        }
    }
    None
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Nothing => "nothing",
            At(stage) => stage.name(),
            Deleted => "deleted",
        })
    }
}

#[cfg(test)]
mod tests;
