//! The journal: what is about to be sent is written down before it is sent, and how it ended after, so that a process that is
//! killed in between doubles nothing and forgets nothing.
//!
//! [`FileJournal`] keeps it in a file. A journal of your own implements [`Journal`]: it holds no account number, amount, name or
//! e-mail, only keyed hashes (see [`digest`]) and the last four digits for the people who read it.

use std::io;
use std::time::Instant;

use nexus_types::flow::{Claim, Event, Find, JournalStep, Prior, Settle};
use ring::hmac;

pub use crate::journal_file::FileJournal;
use crate::settings::{Credentials, Settings};

/// For whom and where a key was used. An entry made in one environment or for one user is never taken for another's.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scope {
    /// Scheme, host and port of the data API.
    pub environment: String,
    /// Client id and user id; none where the session was given from outside, so that nobody knows whose it is.
    pub user: Option<[String; 2]>,
}

impl Scope {
    /// This environment, and this user if it is known.
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

/// What a claim led to.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Claimed {
    /// It is durable, under this number, which no other attempt of the journal has.
    Attempt(u64),
    /// Somebody else was first, or another key's submission for the same microdeposit is open: nothing was written.
    Prior(Prior),
}

/// Where creates and submissions are written down. What [`claim`](Journal::claim) has written must be there after a crash.
///
/// Each method is one step: whoever else does the same at the same time, in this process or another, comes before or after it.
/// Every method ends by its deadline; where that is past already, it tries once without waiting for anybody.
pub trait Journal: Send + Sync {
    /// What is known under a key; see [`Prior`] for what belongs to it.
    ///
    /// # Errors
    /// When it cannot be read.
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> io::Result<Prior>;

    /// Writes down what is about to be sent, if nothing is known under the key, or if the attempt `instead_of` is pending
    /// there; for a submission, if besides no other key's submission for the same microdeposit is open at the claim's second
    /// (its `until` is not past). Numbers of attempts must differ between forked processes too, which share their chance.
    ///
    /// # Errors
    /// When it cannot be written durably; then nothing is sent.
    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> io::Result<Claimed>;

    /// Writes how it ended. `NotMade`, `Accepted` and `Contested` count only while this very attempt is pending and nothing was heard
    /// of it; what does not count or is known already need not be written. A key that has a record keeps it as its own
    /// for ever; another that is settled for it is nobody else's either. False, and nothing is written, for a `Made` whose
    /// record another key of the same environment has already, whoever its user.
    ///
    /// # Errors
    /// When it cannot be written; then the attempt stays pending, and the next call looks how it ended.
    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool>;
}

/// Puts a flow's question to a journal.
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

/// A keyed hash (HMAC-SHA256, hexadecimal). The lengths go in too, so that no two lists of parts are the same text.
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
    fn hashes_depend_on_the_key_and_on_every_part() {
        let digest = |key: &str, parts: &[&str]| super::digest(key.as_bytes(), parts);
        let own = digest("secret", &["ab", "c"]);
        assert_eq!(own.len(), 64);
        for other in [digest("other", &["ab", "c"]), digest("secret", &["a", "bc"]), digest("secret", &["abc"])] {
            assert_ne!(own, other);
        }
    }

    #[test]
    fn the_hash_is_the_standard_one() {
        // RFC 4231, test case 2: HMAC-SHA256 with key "Jefe"; checked without the lengths that `digest` adds.
        let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, b"Jefe"));
        context.update(b"what do ya want for nothing?");
        let hex: String = context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }
}
