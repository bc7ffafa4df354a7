//! What a flow asks of a journal, and what the journal reports. The journal itself is the driver's: a file, a table, anything
//! durable.
//!
//! ```text
//! find  --> what is known under this key, and which records other keys have
//! claim --> "this is about to be sent": durable before it is sent, and nobody else's at the same time
//! settle -> how it ended
//! ```
//!
//! Everything here but [`Subject`] may be written down: it holds no account number, amount, name or e-mail.

use std::fmt;

use zeroize::Zeroizing;

use super::outcome::Verdict;
use crate::assumptions::Assumption;
use crate::decide::creation::{Intention, Known};
use crate::decide::submission::Before;
use crate::endpoint::Verify;
use crate::error::Error;
use crate::guid::MicrodepositGuid;

/// What is asked of the journal.
#[derive(Debug)]
pub enum JournalStep {
    /// Its result is [`Event::Found`](super::Event::Found).
    Find(Find),
    /// Its result is [`Event::Claimed`](super::Event::Claimed) when it is durable; by `Found` where somebody else was first.
    Claim(Claim),
    /// Its result is [`Event::Settled`](super::Event::Settled), or by [`Event::Taken`](super::Event::Taken) where another key has
    /// the record already.
    Settle(Settle),
}

/// What a key stands for. A journal keeps a keyed hash of its [`parts`](Subject::parts), to notice that a key is used again for
/// something else.
#[derive(Clone)]
pub enum Subject {
    /// A record that is to be made.
    Make(Box<Intention>),
    /// Amounts that are to be submitted.
    Verify(Box<Verify>),
}

/// Asks what is known under a key. Printed without the key: people put numbers of their own into it.
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

/// Writes down that something is about to be sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Claim {
    /// The key, and what it stands for.
    pub find: Find,
    /// What is to be known if nobody writes how it ended.
    pub entry: Entry,
    /// The attempt that this one takes the place of; the claim holds only while that one is still pending, or certainly made
    /// nothing.
    pub instead_of: Option<u64>,
}

/// What is kept of a request that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Until when a server may act on it, in seconds since 1970, UTC (assumed); `i64::MAX` where nothing is assumed.
    pub until: i64,
    /// How things stood before.
    pub past: Past,
}

/// How things stood before something was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Past {
    /// The microdeposits that there were. (Those that other keys have are not kept here.)
    List(Known),
    /// The microdeposit that the amounts were for.
    Record(Before),
}

/// What a journal knows under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prior {
    /// Nothing, or that it was certainly not carried out.
    Nothing {
        /// For a create: the records that other keys of this journal have in the same environment. Those of users who are
        /// known to be others may be left out: no list of this one's shows them.
        taken: Vec<MicrodepositGuid>,
        /// For a submission: the latest `until` of those that other keys have made for the same microdeposit and of which
        /// nobody knows how they ended: pending, or taken by the server and not judged. A guid is the same in any case of its
        /// letters.
        open: Option<i64>,
    },
    /// It was about to be sent, and nobody wrote how it ended.
    Pending {
        /// What was written then. For a submission, `earlier_open` is set in it too where another key has submitted for the
        /// same microdeposit since, unless that was certainly not carried out: a denial may be that one's.
        entry: Entry,
        /// The number of that attempt.
        attempt: u64,
        /// What the server said about that attempt.
        heard: Heard,
        /// As in `Nothing`.
        taken: Vec<MicrodepositGuid>,
    },
    /// The record was made: this is it.
    Made(MicrodepositGuid),
    /// The amounts were judged so.
    Judged(Verdict, Option<Assumption>),
    /// The key stands there for something else, or for another user or environment. What it stood for first it stands for
    /// always, also where that was not carried out.
    Different,
}

/// What the server said about an attempt of which nobody wrote how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard {
    /// Nothing, as far as anybody wrote.
    Nothing,
    /// It took the submission at this second since 1970, UTC.
    Accepted(i64),
    /// It refused with HTTP status 409, so that somebody else's request, or a copy of this one, may have been carried out:
    /// whose record or outcome shows later, nobody knows.
    Contested,
}

/// Writes down how it ended, or what was heard of it. It counts only while this very attempt is pending, but for `Made` and `Judged`.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settle {
    /// The key, and what it stands for.
    pub find: Find,
    /// The number that the journal gave this attempt.
    pub attempt: u64,
    /// How it ended.
    pub ended: Ended,
}

/// How a request ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The record exists.
    Made(MicrodepositGuid),
    /// It was certainly not carried out: the key is free again.
    NotMade,
    /// The server took the submission at this second and has not judged it yet: the attempt stays pending.
    Accepted(i64),
    /// The server refused with HTTP status 409: the attempt stays pending, see [`Heard::Contested`].
    Contested,
    /// The amounts were judged so.
    Judged(Verdict, Option<Assumption>),
}

/// The key was used for something else.
pub(super) fn different() -> Error {
    Error::input("key", "stands for something else in this journal, or for another user or environment")
}

impl Find {
    /// Asks for what is known under this key, at this second since 1970, UTC.
    pub fn new(key: impl Into<Box<str>>, subject: Subject, unix: i64) -> Find {
        Find { key: key.into(), subject, unix }
    }
}

impl Claim {
    /// Claims the key, perhaps in the place of an earlier attempt.
    pub fn new(find: Find, entry: Entry, instead_of: Option<u64>) -> Claim {
        Claim { find, entry, instead_of }
    }
}

impl Settle {
    /// Says how an attempt ended.
    pub fn new(find: Find, attempt: u64, ended: Ended) -> Settle {
        Settle { find, attempt, ended }
    }
}

impl Subject {
    /// Everything that makes it this one and no other, for a keyed hash. Secret.
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

    /// The microdeposit that a submission is for; none for a create.
    pub fn guid(&self) -> Option<&MicrodepositGuid> {
        match self {
            Subject::Verify(verify) => Some(verify.guid()),
            Subject::Make(_) => None,
        }
    }

    /// The account number as it may be shown to people who read the journal; none where there is none.
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
