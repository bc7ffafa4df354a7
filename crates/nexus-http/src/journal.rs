//! A journal of creates, so that a process that is killed between sending and hearing goes on without doubling anything.
//!
//! [`Client::create_once`](crate::Client::create_once) writes what it is about to do before it does it, and how it ended
//! after. [`FileJournal`] keeps that in a file which holds no account number: a keyed hash, and the last four digits for the
//! people who read it.

use std::fmt;
use std::io;
use std::time::Instant;

use nexus_types::{Create, MicrodepositGuid};
use ring::hmac;

pub use crate::journal_file::FileJournal;

/// A create that is about to be sent.
pub struct Intent<'a> {
    pub(crate) key: &'a str,
    pub(crate) create: &'a Create,
    pub(crate) known: Vec<MicrodepositGuid>,
    pub(crate) until: i64,
    pub(crate) attempt: u64,
    pub(crate) deadline: Instant,
}

impl Intent<'_> {
    /// A keyed hash (HMAC-SHA256, hexadecimal) of the caller's name for this create.
    pub fn id(&self, key: &[u8]) -> String {
        digest(key, &["id", self.key])
    }

    /// A keyed hash of everything in it, to notice that a name is used again for something else.
    pub fn digest(&self, key: &[u8]) -> String {
        let person = self.create.person();
        let number = self.create.account_number().expose();
        let routing = self.create.routing_number().as_str();
        let (kind, name) = (self.create.account_type().name(), self.create.account_name());
        let name = name.map_or("", |name| name.expose());
        digest(key, &["create", person.first_name(), person.last_name(), person.email(), routing, number, kind, name])
    }

    /// The account number as it may be shown.
    pub fn masked_account_number(&self) -> String {
        self.create.account_number().masked()
    }

    /// The microdeposits that there were before it.
    pub fn known(&self) -> &[MicrodepositGuid] {
        &self.known
    }

    /// After this time no server acts on it any more (assumed, see [`Limits::late`](crate::Limits)): seconds since 1970, UTC.
    pub fn until(&self) -> i64 {
        self.until
    }

    /// When the call must be over, and so the journal's part of it.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// A random number that tells this attempt from every other.
    pub fn attempt(&self) -> u64 {
        self.attempt
    }
}

/// The lengths go in too, so that no two lists of parts are the same text.
pub(crate) fn digest(key: &[u8], parts: &[&str]) -> String {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(&(part.len() as u64).to_be_bytes());
        context.update(part.as_bytes());
    }
    context.sign().as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Intent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Intent").field("known", &self.known.len()).field("until", &self.until).finish_non_exhaustive()
    }
}

/// What a journal knew already.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Prior {
    /// Nothing, or that it was not made: the intent is written down now, and it may be sent.
    Nothing,
    /// It was about to be sent then, and nobody wrote how it ended. Nothing is written now.
    Pending {
        /// The microdeposits that there were before it.
        known: Vec<MicrodepositGuid>,
        /// Until when a server may still act on it: seconds since 1970, UTC.
        until: i64,
        /// Which attempt that was.
        attempt: u64,
    },
    /// It was made: this is it. Nothing is written now.
    Made(MicrodepositGuid),
    /// The same name stands there for something else. Nothing is written now.
    Different,
}

/// How a create ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ended {
    /// The record exists.
    Made(MicrodepositGuid),
    /// It is certain that no record was made.
    NotMade,
}

/// Where creates are written down. What [`before`](Journal::before) has written must be there after a crash.
pub trait Journal: Send + Sync {
    /// Tells what is known of an intent, and writes it down where nothing is, or where the attempt `instead_of` is pending
    /// (which certainly made nothing); in one step, whoever else does the same.
    ///
    /// # Errors
    /// When it cannot be read or written, `TimedOut` where not until the intent's deadline; nothing is sent then.
    fn before(&self, intent: &Intent<'_>, instead_of: Option<u64>) -> io::Result<Prior>;

    /// Writes how it ended. `NotMade` counts only while this very attempt is pending. When this fails, the intent stays pending, and the next call finds the record by looking.
    ///
    /// # Errors
    /// When it cannot be written.
    fn after(&self, intent: &Intent<'_>, ended: &Ended) -> io::Result<()>;
}

#[cfg(test)]
mod tests {
    use nexus_types::{AccountNumber, AccountType, Person, RoutingNumber};

    use super::*;

    #[test]
    fn hashes_depend_on_the_key_and_on_every_part() {
        let create = |account: &str, email: &str| {
            let person = Person::new("Josh", "James", email).unwrap();
            let routing = RoutingNumber::new("091000019").unwrap();
            Create::new(person, routing, AccountNumber::new(account).unwrap(), AccountType::Checking)
        };
        let (one, other, mail) =
            (create("333312345", "a@b.cd"), create("333312346", "a@b.cd"), create("333312345", "b@b.cd"));
        let intent = |key: &'static str, create| Intent {
            key,
            create,
            known: Vec::new(),
            until: 0,
            attempt: 0,
            deadline: Instant::now(),
        };
        let digest = intent("k", &one).digest(b"secret");
        assert_eq!(digest.len(), 64);
        assert_eq!(digest, intent("another name", &one).digest(b"secret"));
        let savings = {
            let number = AccountNumber::new("333312345").unwrap();
            Create::new(one.person().clone(), one.routing_number().clone(), number, AccountType::Savings)
        };
        let named = one.clone().with_account_name(nexus_types::AccountName::new("My account").unwrap());
        for other in [&savings, &named] {
            assert_ne!(digest, intent("k", other).digest(b"secret"));
        }
        for different in [
            intent("k", &other).digest(b"secret"),
            intent("k", &mail).digest(b"secret"),
            intent("k", &one).digest(b"x"),
        ] {
            assert_ne!(digest, different);
        }
        assert_eq!(intent("k", &one).id(b"secret"), intent("k", &other).id(b"secret"));
        assert_ne!(intent("k", &one).id(b"secret"), intent("l", &one).id(b"secret"));
        let shown = format!("{:?}", intent("CANARY", &one));
        assert!(!shown.contains("3333") && !shown.contains("Josh") && !shown.contains("CANARY"), "{shown}");
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
