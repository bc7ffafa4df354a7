//! The journal: a claim is written before a request is sent, and its outcome after. After a crash in between, the next call
//! continues from it and sends nothing twice.
//!
//! [`FileJournal`] keeps it in a file. A journal of your own implements [`Journal`]: it holds no account number, amount, name or
//! e-mail, only keyed hashes (see [`digest`]) and the last four digits for the people who read it.

use std::io;
use std::time::Instant;

use nexus_types::flow::{Claim, Event, Find, JournalStep, Prior, Settle};
use ring::hmac;

pub use crate::journal_file::FileJournal;
use crate::settings::{Credentials, Settings};

/// The environment and user that a key is used in. An entry of one environment or user never fits another.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Scheme, host and port of the data API.
    pub environment: String,
    /// Client id and user id. None for a session given from outside, whose user is unknown.
    pub user: Option<[String; 2]>,
}

impl Scope {
    /// Makes a scope of an environment and, if known, a user.
    pub fn new(environment: impl Into<String>, user: Option<[String; 2]>) -> Scope {
        Scope { environment: environment.into(), user }
    }

    pub(crate) fn of(settings: &Settings) -> Scope {
        let user = match &settings.credentials {
            Credentials::Session(_) => None,
            Credentials::Sso(sso) => Some([sso.client_id.as_str().to_owned(), sso.user_id.as_str().to_owned()]),
        };
        Scope::new(settings.base.origin(), user)
    }
}

/// The result of [`Journal::claim`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// The claim is durable, under a number that no other attempt of the journal has.
    Attempt(u64),
    /// Another claim came first, or another key's submission for the same microdeposit is open. Nothing was written.
    Prior(Prior),
}

/// A store of claims. What [`claim`](Journal::claim) has written must survive a crash.
///
/// Each method is atomic, across threads and processes. Each ends by its deadline; if the deadline has passed already, it tries
/// once without waiting.
pub trait Journal: Send + Sync {
    /// Returns what is known of a key; see [`Prior`].
    ///
    /// # Errors
    /// When the journal cannot be read.
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> io::Result<Prior>;

    /// Writes a claim if nothing is known of the key, or if the attempt `instead_of` is pending there. A submission is claimed
    /// only if no other key's submission for the same microdeposit is open at the claim's second (its `until` has not passed).
    /// Attempt numbers must be unique, across forked processes too, which share the state of a random generator.
    ///
    /// # Errors
    /// When the claim cannot be written durably. Then nothing is sent.
    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> io::Result<Claimed>;

    /// Writes the outcome of an attempt. `NotMade`, `Accepted` and `Contested` count only while this attempt is pending and
    /// without an earlier outcome. An outcome that does not count or is known already need not be written. A key keeps its
    /// first record for ever; a second `Made` of the key does not change it, but its record too is then no other key's.
    /// Returns false and writes nothing for a `Made` whose record another key of the same environment has, whoever its user,
    /// and for a `Made` or `Judged` of a pending attempt that is `Contested`: another call has found what may not be its own.
    ///
    /// # Errors
    /// When the outcome cannot be written. The attempt then stays pending, and the next call reconciles it.
    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool>;
}

/// Carries out a flow's [`JournalStep`] and returns the event for the flow.
pub fn run(journal: &dyn Journal, step: JournalStep, scope: &Scope, deadline: Instant) -> Event {
    let event = match step {
        JournalStep::Find(find) => journal.find(&find, scope, deadline).map(Event::Found),
        JournalStep::Claim(claim) => journal.claim(&claim, scope, deadline).map(|claimed| match claimed {
            Claimed::Attempt(attempt) => Event::Claimed { attempt },
            Claimed::Prior(prior) => Event::Found(prior),
        }),
        JournalStep::Settle(settle) => {
            let settled = journal.settle(&settle, scope, deadline);
            settled.map(|settled| if settled { Event::Settled } else { Event::Taken })
        }
    };
    event.unwrap_or(Event::JournalFailed)
}

/// A keyed hash of a list of texts (HMAC-SHA256, hexadecimal). Each length is hashed too, so that different lists differ.
pub fn digest(key: &[u8], parts: &[&str]) -> String {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_depends_on_the_key_and_on_every_part() {
        let digest = |key: &str, parts: &[&str]| super::digest(key.as_bytes(), parts);
        let own = digest("secret", &["ab", "c"]);
        assert_eq!(own.len(), 64);
        for other in [digest("other", &["ab", "c"]), digest("secret", &["a", "bc"]), digest("secret", &["abc"])] {
            assert_ne!(own, other);
        }
    }

    #[test]
    fn digest_is_hmac_sha256() {
        // RFC 4231, test case 2: HMAC-SHA256 with key "Jefe"; checked without the lengths that `digest` adds.
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, b"Jefe"));
        context.update(b"what do ya want for nothing?");
        let hex: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
