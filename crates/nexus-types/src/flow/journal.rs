//! The requests of a flow to a journal, and their results. The driver owns the journal: a file, a table, anything durable.
//!
//! ```text
//! find  --> the state of this key, and the records that other keys have
//! claim --> a durable note that a request is about to be sent; only one call can have it at a time
//! settle -> a durable note of how the request ended
//! ```
//!
//! Every value here but [`Subject`] may be stored: it holds no account number, amount, name or e-mail.

use std::fmt;

use zeroize::Zeroizing;

use super::outcome::Verdict;
use crate::assumptions::Assumption;
use crate::decide::creation::{Intention, Known};
use crate::decide::submission::Before;
use crate::endpoint::Verify;
use crate::error::Error;
use crate::guid::MicrodepositGuid;

/// A request to the journal.
#[derive(Debug)]
pub enum JournalStep {
    /// Its result is [`Event::Found`](super::Event::Found).
    Find(Find),
    /// Its result is [`Event::Claimed`](super::Event::Claimed) once the claim is durable, or `Found` if another claim came
    /// first.
    Claim(Claim),
    /// Its result is [`Event::Settled`](super::Event::Settled), or [`Event::Taken`](super::Event::Taken) if another key has
    /// the record already, or a read or list has found an outcome for an attempt that is [`Contested`](PriorResponse::Contested).
    Settle(Settle),
}

/// The create or submission that a key is bound to. A journal keeps a keyed hash of its [`parts`](Subject::parts), to
/// refuse the key for any other.
#[derive(Clone)]
pub enum Subject {
    /// A create.
    Make(Box<Intention>),
    /// A submission.
    Verify(Box<Verify>),
}

/// Asks what is known of a key. Debug output leaves out the key, which may hold personal numbers.
#[derive(Clone)]
#[non_exhaustive]
pub struct Find {
    /// The caller's own name for this create or submission.
    pub key: Box<str>,
    /// What it stands for.
    pub subject: Subject,
    /// The wall clock, in seconds since 1970, UTC.
    pub unix: i64,
}

/// Claims a key: a durable note that a request is about to be sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Claim {
    /// The key and its subject.
    pub find: Find,
    /// What the next call needs if no outcome is written.
    pub entry: Entry,
    /// The attempt that this claim replaces. The claim is refused unless that attempt is pending or was certainly not
    /// carried out.
    pub instead_of: Option<u64>,
}

/// What a journal keeps of a request that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The last second at which a server may act on the request, since 1970, UTC (assumed); `i64::MAX` if nothing is
    /// assumed.
    pub until: i64,
    /// The state before the request.
    pub past: Past,
}

/// The state of the server before a request was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Past {
    /// Of a create: the user's microdeposits. Those of other keys are not kept here.
    List(Known),
    /// Of a submission: the microdeposit.
    Record(Before),
}

/// What a journal knows of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prior {
    /// Nothing, or only requests that were certainly not carried out.
    Nothing {
        /// For a create: the records that other keys of this journal have in the same environment. Those of users
        /// that are known to be different may be left out: a list of this user does not show them.
        taken: Vec<MicrodepositGuid>,
        /// For a submission: the latest `until` of other keys' submissions for the same microdeposit with an unknown outcome:
        /// pending, or accepted by the server and not judged. Guids are compared without case.
        open: Option<i64>,
    },
    /// A request was claimed, and no outcome is written.
    Pending {
        /// What was written then. For a submission, `earlier_open` is set in it too where another key has submitted for the
        /// same microdeposit since, unless that was certainly not carried out: a denial may be that one's.
        entry: Entry,
        /// The number of that attempt.
        attempt: u64,
        /// The server's response to that attempt.
        response: PriorResponse,
        /// As in `Nothing`.
        taken: Vec<MicrodepositGuid>,
    },
    /// The record was made.
    Made(MicrodepositGuid),
    /// The amounts were judged, with this verdict.
    Judged(Verdict, Option<Assumption>),
    /// The key is bound to another subject, user or environment. Its first use binds it for ever, even if that request was
    /// not carried out.
    Different,
}

/// The server's response to an earlier attempt, as far as the journal has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriorResponse {
    /// The journal has no response.
    None,
    /// The server accepted the submission at this second since 1970, UTC.
    Accepted(i64),
    /// The server refused with HTTP status 409. Another client's request, or a copy of this one, may have been carried out,
    /// so a record or outcome that shows later may not be this attempt's.
    Contested,
}

/// Writes the outcome of an attempt, or the server's response to it. It counts only while this attempt is pending, except
/// for `Made` and `Judged`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settle {
    /// The key, and what it stands for.
    pub find: Find,
    /// The number that the journal gave this attempt.
    pub attempt: u64,
    /// The outcome.
    pub ended: Ended,
}

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The record exists.
    Made(MicrodepositGuid),
    /// The request was certainly not carried out. The key is free again.
    NotMade,
    /// The server accepted the submission at this second and has not judged it yet. The attempt stays pending.
    Accepted(i64),
    /// The server refused with HTTP status 409. The attempt stays pending; see [`PriorResponse::Contested`].
    Contested,
    /// The amounts were judged so.
    Judged(Verdict, Option<Assumption>),
}

/// The key was used for something else.
pub(super) fn different() -> Error {
    Error::input("key", "is bound to another request, user or environment in this journal")
}

impl Find {
    /// Asks what is known of a key, at this second since 1970, UTC.
    pub fn new(key: impl Into<Box<str>>, subject: Subject, unix: i64) -> Find {
        Find { key: key.into(), subject, unix }
    }
}

impl Claim {
    /// Claims the key, optionally in place of an earlier attempt.
    pub fn new(find: Find, entry: Entry, instead_of: Option<u64>) -> Claim {
        Claim { find, entry, instead_of }
    }
}

impl Settle {
    /// Settles an attempt with this outcome.
    pub fn new(find: Find, attempt: u64, ended: Ended) -> Settle {
        Settle { find, attempt, ended }
    }
}

impl Subject {
    /// The texts that identify the subject, for a keyed hash. They are secret.
    pub fn parts(&self) -> Vec<Zeroizing<String>> {
        let texts = match self {
            Subject::Make(intention) => match &**intention {
                Intention::Create(create) => {
                    let person = create.person();
                    let name = create.account_name().map_or("", |name| name.expose());
                    let (number, routing) = (create.account_number().expose(), create.routing_number().as_str());
                    let kind = create.account_type().name();
                    let [first, last] = [person.first_name(), person.last_name()];
                    vec!["create", first, last, person.email(), routing, number, kind, name]
                }
                Intention::Preinitiate(preinitiate) => {
                    let person = preinitiate.person();
                    vec!["preinitiate", person.first_name(), person.last_name(), person.email()]
                }
            },
            Subject::Verify(verify) => {
                let amounts = verify.amounts().map(|amount| Zeroizing::new(amount.to_string()));
                let [first, second] = amounts;
                return vec![Zeroizing::new("verify".to_owned()), Zeroizing::new(self.guid_text()), first, second];
            }
        };
        texts.into_iter().map(|text| Zeroizing::new(text.to_owned())).collect()
    }

    /// The microdeposit of a submission. None for a create.
    pub fn guid(&self) -> Option<&MicrodepositGuid> {
        match self {
            Subject::Verify(verify) => Some(verify.guid()),
            Subject::Make(_) => None,
        }
    }

    /// The masked account number, for people who read the journal, if there is one.
    pub fn masked_account_number(&self) -> Option<String> {
        match self {
            Subject::Make(intention) => match &**intention {
                Intention::Create(create) => Some(create.account_number().masked()),
                Intention::Preinitiate(_) => None,
            },
            Subject::Verify(_) => None,
        }
    }

    fn guid_text(&self) -> String {
        self.guid().map(|guid| guid.as_str().to_owned()).unwrap_or_default()
    }
}

impl fmt::Debug for Find {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Find").field("subject", &self.subject).field("unix", &self.unix).finish_non_exhaustive()
    }
}

impl fmt::Debug for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Subject::Make(_) => f.write_str("Make(…)"),
            Subject::Verify(verify) => f.debug_tuple("Verify").field(verify.guid()).finish(),
        }
    }
}
