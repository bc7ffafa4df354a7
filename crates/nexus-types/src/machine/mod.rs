//! The state machine of a microdeposit as one table, which the core and the sandbox share.
//!
//! The *authority* (a server, or the sandbox) asks what an event does: [`Authority::apply`]. The *observer* (a client that
//! looks now and then) asks what can have happened between two sightings: [`sighting`]. A server's response that the table
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
//! The third wrong submission is `locked_out`, whatever the submission before it was: [`Authority::apply`] counts.

use std::collections::VecDeque;
use std::fmt;

use crate::error::{Error, StateProblem};
use crate::status::{KnownStatus, Status};

/// Wrong submissions that end a microdeposit: three (source: domain.md 3.4).
pub const MAX_ATTEMPTS: u8 = 3;

/// Where a microdeposit is, existence included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// Not created yet.
    Nothing,
    /// It exists and has this status.
    At(KnownStatus),
    /// Deleted: by IAV in the widget, or after 21 days.
    Deleted,
}

macro_rules! events {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// What can happen to a microdeposit, numbered for C. Numbers are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Event { $($(#[$doc])* $variant = $number,)* }

        impl Event {
            /// Every event, in order of number.
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
    Created = 1, "created";
    /// Created with the person only.
    Preinitiated = 2, "preinitiated";
    /// Created, or given account details in the widget, and refused in the same response.
    CreateRejected = 3, "create_rejected";
    /// Created, or given account details in the widget, beside another one for the same account.
    CreateConflicted = 4, "create_conflicted";
    /// Created, or given account details in the widget, and failed in the same response.
    CreateErrored = 5, "create_errored";
    /// The person gave account details in the widget.
    AccountSubmitted = 6, "account_submitted";
    /// The person chose an institution that supports IAV.
    IavChosen = 7, "iav_chosen";
    /// The provider accepted the request.
    Requested = 8, "requested";
    /// The deposits arrived.
    Landed = 9, "landed";
    /// The deposits could not be made.
    Failed = 10, "failed";
    /// MX or the provider refused it after creation.
    Rejected = 11, "rejected";
    /// The right amounts were submitted.
    AmountsRight = 12, "amounts_right";
    /// Wrong amounts were submitted.
    AmountsWrong = 13, "amounts_wrong";
    /// Wrong amounts were submitted and no submission is left.
    LockedOut = 14, "locked_out";
    /// 21 days passed in INITIATED, REQUESTED or DEPOSITED.
    Expired = 15, "expired";
}

impl Event {
    /// The stable number, from 1.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The event of this number.
    pub fn from_number(number: u8) -> Option<Event> {
        Event::ALL.iter().copied().find(|event| event.number() == number)
    }

    /// The event of this name.
    pub fn from_name(name: &str) -> Option<Event> {
        Event::ALL.iter().copied().find(|event| event.name() == name)
    }
}

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// Where it was.
    pub from: Position,
    /// What happened.
    pub event: Event,
    /// Where it is then.
    pub to: Position,
    /// Where the rule comes from.
    pub source: &'static str,
}

impl Transition {
    /// Whether MX has not documented it, so that it is assumed.
    pub fn is_assumed(&self) -> bool {
        self.source.contains("assumed")
    }
}

const fn row(from: Position, event: Event, to: Position, source: &'static str) -> Transition {
    Transition { from, event, to, source }
}

use KnownStatus::{
    Conflicted, Denied, Deposited, Errored, Initiated, Preinitiated, Prevented, Rejected, Requested, Verified,
};
use Position::{At, Deleted, Nothing};

/// Every move there is.
pub const TABLE: &[Transition] = &[
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

/// The side that decides: where one microdeposit is, and how many submissions were counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authority {
    position: Position,
    attempts: u8,
}

impl Authority {
    /// A microdeposit that does not exist yet.
    pub const fn new() -> Authority {
        Authority { position: Nothing, attempts: 0 }
    }

    /// What the event makes of it. A third wrong submission locks, however it is named.
    ///
    /// # Errors
    /// `State` when the table has no such move; nothing is counted then.
    pub fn apply(self, event: Event) -> Result<Authority, Error> {
        let submission = matches!(event, Event::AmountsRight | Event::AmountsWrong | Event::LockedOut);
        let attempts = if submission { self.attempts.saturating_add(1) } else { self.attempts };
        let event = if event == Event::AmountsWrong && attempts >= MAX_ATTEMPTS { Event::LockedOut } else { event };
        let found = TABLE.iter().find(|row| row.from == self.position && row.event == event);
        match found {
            Some(row) => Ok(Authority { position: row.to, attempts }),
            None => Err(Error::state(StateProblem::NotAllowed, None)),
        }
    }

    /// Where it is.
    pub const fn position(self) -> Position {
        self.position
    }

    /// Its status, if it exists.
    pub const fn status(self) -> Option<KnownStatus> {
        match self.position {
            At(status) => Some(status),
            Nothing | Deleted => None,
        }
    }

    /// Submissions counted so far, right ones included.
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
    /// The same status. (In DENIED there may have been another wrong submission.)
    Same,
    /// The table leads from one to the other; this is a shortest history.
    Moved(Vec<Event>),
    /// The table has no path between the two. The server's status holds all the same.
    Unforeseen,
}

/// What can have happened between two sightings, since steps may be missed.
pub fn sighting(from: &Status, to: &Status) -> Sighting {
    match (from.known(), to.known()) {
        _ if from == to => Sighting::Same,
        (Some(from), Some(to)) => history(At(from), At(to)).map_or(Sighting::Unforeseen, Sighting::Moved),
        _ => Sighting::Unforeseen,
    }
}

/// A shortest sequence of events from one position to another, empty if they are the same.
pub fn history(from: Position, to: Position) -> Option<Vec<Event>> {
    let mut seen = vec![from];
    let mut queue = VecDeque::from([(from, Vec::new())]);
    while let Some((position, events)) = queue.pop_front() {
        if position == to {
            return Some(events);
        }
        for row in TABLE.iter().filter(|row| row.from == position) {
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

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Nothing => "nothing",
            At(status) => status.name(),
            Deleted => "deleted",
        })
    }
}

#[cfg(test)]
mod tests;
