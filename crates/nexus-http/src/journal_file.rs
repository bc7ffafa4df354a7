//! [`FileJournal`]: a line of JSON for each step, sealed, appended and synced under the file's own lock.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};
use std::time::{Duration, Instant};

use nexus_types::MicrodepositGuid;
use nexus_types::flow::{Claim, Ended, Entry, Find, Past, Prior, Settle, Subject, Verdict};
use zeroize::Zeroizing;

use crate::journal::{Claimed, Journal, Scope};
use crate::journal_book::{Book, invalid};
use crate::journal_lines::{Binding, LineEvent, line};
use crate::journal_state::SettleDecision;

/// A [`Journal`] in a file. Any number of threads and processes may share it, on one machine or wherever file locks work.
///
/// Guarantees and requirements:
///
/// - A claim is on the disk before anything is sent. Where the disk is full or the file cannot be written, nothing is sent.
/// - **A line that was damaged, changed, moved or taken out keeps the file from being opened** (`InvalidData`): a lost claim
///   would let its request be sent twice. A process that has read the line already does not read it again. Only a last line
///   that was cut while it was written is ignored: what it announces was never done.
///   Keep a damaged file, check the server's lists, and begin another file. Do not use the keys of the old file again, nor an
///   older copy of the file.
///   A file from whose end whole lines were cut, or that was exchanged, is noticed only by a process that had it open.
/// - A key is bound for ever to the environment, the user and the request that it was used for first, after a refusal too.
///   A client that was given a session token does not know its user; any user's entry fits it.
/// - Do not move, replace or cut the file while it is in use. Begin a new file under another name instead.
/// - After `fork()`, a child opens the file again by its absolute path, so that the file's lock excludes parent and child.
/// - **The file only grows.** A line takes about 400 bytes, and a create or submission writes two or three lines. A create takes
///   43 bytes more for each microdeposit that the user already has: 43 kilobytes for a user with 1,000. All of it is held in
///   memory but the lists of settled claims.
/// - It holds no account number but its last four digits, no amount, name or e-mail: keyed hashes, guids, statuses and times.
pub struct FileJournal {
    key: Zeroizing<Vec<u8>>,
    /// Absolute, so that a change of the working folder changes nothing.
    path: PathBuf,
    opened: Mutex<Opened>,
    process: fn() -> u32,
}

/// The file as one process has opened it. A child of `fork()` shares its parent's lock, so the lock does not exclude either.
struct Opened {
    process: u32,
    book: Arc<Mutex<Book>>,
}

/// How long opening waits for the lock.
const OPENING: Duration = Duration::from_secs(10);
/// The shortest key.
const SHORTEST: usize = 16;

impl FileJournal {
    /// Opens or creates the file. Waits up to ten seconds for another process's lock. On Unix, only the owner can read a new file.
    ///
    /// `key` is a secret of yours of at least 16 bytes. Without it, nobody can find the account behind a hash by trying, nor
    /// change a line unnoticed. Always give the same key with the same file; another key is refused.
    ///
    /// # Errors
    /// When the file cannot be opened, is no journal, is damaged, or was written with another key or by another version, or
    /// the key is too short.
    pub fn open(path: impl AsRef<Path>, key: &[u8]) -> io::Result<FileJournal> {
        FileJournal::open_as(path.as_ref(), key, std::process::id)
    }

    pub(crate) fn open_as(path: &Path, key: &[u8], process: fn() -> u32) -> io::Result<FileJournal> {
        if key.len() < SHORTEST {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the key must have at least 16 bytes"));
        }
        let path = std::path::absolute(path)?;
        let opened = Opened { process: process(), book: Arc::new(Mutex::new(Book::open(&path, true)?)) };
        let key = Zeroizing::new(key.to_vec());
        let journal = FileJournal { key, path, opened: Mutex::new(opened), process };
        journal.exclusively(Instant::now() + OPENING, |_| Ok(()))?;
        Ok(journal)
    }

    /// The file as this process has opened it.
    fn book(&self, deadline: Instant) -> io::Result<Arc<Mutex<Book>>> {
        // A thread of the parent that held the mutex at the fork is not in the child to release it: the wait needs a deadline.
        let mut opened = lock(&self.opened, deadline)?;
        let process = (self.process)();
        if opened.process != process {
            let book = Book::open(&self.path, false)?;
            *opened = Opened { process, book: Arc::new(Mutex::new(book)) };
        }
        Ok(Arc::clone(&opened.book))
    }

    /// Runs `work` while no other thread or process works on the file.
    fn exclusively<T>(&self, deadline: Instant, work: impl FnOnce(&mut Book) -> io::Result<T>) -> io::Result<T> {
        let book = self.book(deadline)?;
        let mut book = lock(&book, deadline)?;
        retry_until(deadline, || book.try_lock())?;
        let outcome = book.catch_up(&self.key, &self.path).and_then(|()| work(&mut book));
        let unlocked = book.unlock();
        let value = outcome?;
        unlocked.map(|()| value)
    }
}

fn lock<T>(mutex: &Mutex<T>, deadline: Instant) -> io::Result<MutexGuard<'_, T>> {
    retry_until(deadline, || match mutex.try_lock() {
        Ok(guard) => Ok(Some(guard)),
        Err(TryLockError::Poisoned(poisoned)) => Ok(Some(poisoned.into_inner())),
        Err(TryLockError::WouldBlock) => Ok(None),
    })
}

/// Tries, at least once, until it succeeds or the deadline has passed.
fn retry_until<T>(deadline: Instant, mut one: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
    loop {
        if let Some(done) = one()? {
            return Ok(done);
        }
        if Instant::now() >= deadline {
            return Err(io::ErrorKind::TimedOut.into());
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

impl Journal for FileJournal {
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> io::Result<Prior> {
        let binding = Binding::of(&self.key, find, scope);
        self.exclusively(deadline, |book| Ok(book.state.prior(&binding, &find.subject)))
    }

    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> io::Result<Claimed> {
        let Claim { find, entry, .. } = claim;
        let binding = Binding::of(&self.key, find, scope);
        let event = claim_event(&find.subject, entry)?;
        self.exclusively(deadline, |book| {
            let prior = book.state.prior(&binding, &find.subject);
            match &prior {
                Prior::Nothing { .. } => {}
                Prior::Pending { attempt, .. } if claim.instead_of == Some(*attempt) => {}
                _ => return Ok(Claimed::Prior(prior)),
            }
            let open = book.state.open(&binding, &find.subject);
            if open.is_some_and(|until| until >= find.unix) {
                return Ok(Claimed::Prior(Prior::Nothing { taken: Vec::new(), open }));
            }
            // The line's number is the attempt's number, so two processes cannot get the same one.
            book.append(&self.key, line(&binding, find.unix, &event)).map(Claimed::Attempt)
        })
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool> {
        let Settle { find, attempt, ended, .. } = settle;
        match ended {
            Ended::Made(guid) => check_guid(guid)?,
            Ended::Judged(Verdict::Pending, _) => return Err(invalid_input("a verdict that is pending is no end")),
            _ => {}
        }
        let binding = Binding::of(&self.key, find, scope);
        let event = LineEvent::Ended { attempt: *attempt, ended: ended.clone() };
        self.exclusively(deadline, |book| match book.state.decide(&binding, *attempt, ended) {
            SettleDecision::Ignore => Ok(true),
            SettleDecision::Taken => Ok(false),
            SettleDecision::Different => Err(invalid_input("the key is bound to something else")),
            SettleDecision::Write => book.append(&self.key, line(&binding, find.unix, &event)).map(|_| true),
        })
    }
}

/// The event of a claim, if the entry fits the subject and its guids can be read back.
fn claim_event(subject: &Subject, entry: &Entry) -> io::Result<LineEvent> {
    let guid = subject.guid().cloned();
    match (&entry.past, &guid) {
        (Past::List(known), None) => known.guids.iter().try_for_each(check_guid)?,
        (Past::Record(_), Some(guid)) => check_guid(guid)?,
        _ => return Err(invalid_input("the entry does not fit its subject")),
    }
    Ok(LineEvent::Claim { entry: entry.clone(), guid, account: subject.masked_account_number() })
}

/// Refuses a guid that could not be read back: what cannot be read back would be sent twice.
fn check_guid(guid: &MicrodepositGuid) -> io::Result<()> {
    let kept = MicrodepositGuid::new(guid.as_str()).is_ok();
    if kept { Ok(()) } else { Err(invalid("a guid has control characters, or more than 256 bytes")) }
}

fn invalid_input(text: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileJournal").finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "journal_tests.rs"]
mod tests;
