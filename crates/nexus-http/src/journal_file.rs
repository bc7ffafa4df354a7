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
use crate::journal_lines::{Said, Stand, write};
use crate::journal_state::Word;

/// A [`Journal`] in a file. Any number of threads and processes may share it, on one machine or wherever file locks hold.
///
/// What it promises, and what it asks for:
///
/// - A claim is on the disk before anything is sent. Where the disk is full or the file cannot be written, nothing is sent.
/// - **A line that was damaged, changed, moved or taken out stops the journal** (`InvalidData`): a forgotten claim would double
///   what it stands for. Only a last line that was cut while it was written is ignored, for what it announces was never done.
///   Keep such a file, look at the server's lists, and begin another one; the keys of the old one must not be used again.
///   That whole lines were cut off at the end, or the whole file exchanged, is noticed only by those who had it open.
/// - A key is bound to the environment and user that it was used for first, and to what it stood for, for ever: after a
///   refusal too. A client that was given a session token does not know its user; there any user's entry fits.
/// - The file is not to be moved, replaced or cut while it is in use: it would have to be begun anew under another name.
/// - After `fork()`, a child opens the file anew by its absolute path, so that the file's lock keeps both apart.
/// - **The file only grows**, and all of it but the lists of what is settled is held in memory: about 400 bytes on the disk for
///   each line, of which a create or submission has two or three; and for a create 43 more for each microdeposit that the user
///   had before, so that one for a user with 1,000 takes 43 kilobytes.
/// - It holds no account number but its last four digits, no amount, name or e-mail: keyed hashes, guids, statuses and times.
pub struct FileJournal {
    key: Zeroizing<Vec<u8>>,
    /// Absolute, so that a change of the working folder changes nothing.
    path: PathBuf,
    opened: Mutex<Opened>,
    process: fn() -> u32,
}

/// The file as one process has opened it. A child of `fork()` shares its parent's lock, which so keeps nobody apart.
struct Opened {
    process: u32,
    book: Arc<Mutex<Book>>,
}

/// How long opening waits for the lock.
const OPENING: Duration = Duration::from_secs(10);
/// The shortest key.
const SHORTEST: usize = 16;

impl FileJournal {
    /// Opens or makes the file; waits up to ten seconds for whoever works on it. On Unix, a new one is readable by its owner only.
    ///
    /// `key` is a secret of yours of at least 16 bytes: without it, nobody can find out by trying whose account a hash
    /// stands for, nor change a line unnoticed. Always give the same one with the same file; another one is refused.
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
        journal.alone(Instant::now() + OPENING, |_| Ok(()))?;
        Ok(journal)
    }

    /// The file as this very process has opened it.
    fn book(&self, deadline: Instant) -> io::Result<Arc<Mutex<Book>>> {
        // Whatever thread of a parent held it while it forked is not there in the child to let it go: nobody waits for ever.
        let mut opened = lock(&self.opened, deadline)?;
        let process = (self.process)();
        if opened.process != process {
            let book = Book::open(&self.path, false)?;
            *opened = Opened { process, book: Arc::new(Mutex::new(book)) };
        }
        Ok(Arc::clone(&opened.book))
    }

    /// Works on the file while nobody else does, in this process or another.
    fn alone<T>(&self, deadline: Instant, work: impl FnOnce(&mut Book) -> io::Result<T>) -> io::Result<T> {
        let book = self.book(deadline)?;
        let mut book = lock(&book, deadline)?;
        patiently(deadline, || book.try_lock())?;
        let outcome = book.catch_up(&self.key, &self.path).and_then(|()| work(&mut book));
        let unlocked = book.unlock();
        let value = outcome?;
        unlocked.map(|()| value)
    }
}

fn lock<T>(mutex: &Mutex<T>, deadline: Instant) -> io::Result<MutexGuard<'_, T>> {
    patiently(deadline, || match mutex.try_lock() {
        Ok(guard) => Ok(Some(guard)),
        Err(TryLockError::Poisoned(poisoned)) => Ok(Some(poisoned.into_inner())),
        Err(TryLockError::WouldBlock) => Ok(None),
    })
}

/// Tries until it succeeds or the time is up; at least once.
fn patiently<T>(deadline: Instant, mut one: impl FnMut() -> io::Result<Option<T>>) -> io::Result<T> {
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
        let stand = Stand::of(&self.key, find, scope);
        self.alone(deadline, |book| Ok(book.state.prior(&stand, &find.subject)))
    }

    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> io::Result<Claimed> {
        let Claim { find, entry, .. } = claim;
        let stand = Stand::of(&self.key, find, scope);
        let said = said(&find.subject, entry)?;
        self.alone(deadline, |book| {
            let prior = book.state.prior(&stand, &find.subject);
            match &prior {
                Prior::Nothing { .. } => {}
                Prior::Pending { attempt, .. } if claim.instead_of == Some(*attempt) => {}
                _ => return Ok(Claimed::Prior(prior)),
            }
            let open = book.state.open(&stand, &find.subject);
            if open.is_some_and(|until| until >= find.unix) {
                return Ok(Claimed::Prior(Prior::Nothing { taken: Vec::new(), open }));
            }
            // The number of its line is an attempt's number: two processes of one seed cannot come upon the same one.
            book.append(&self.key, write(&stand, find.unix, &said)).map(Claimed::Attempt)
        })
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool> {
        let Settle { find, attempt, ended, .. } = settle;
        match ended {
            Ended::Made(guid) => keepable(guid)?,
            Ended::Judged(Verdict::Pending, _) => return Err(unfit("a verdict that is pending is no end")),
            _ => {}
        }
        let stand = Stand::of(&self.key, find, scope);
        let said = Said::Ended { attempt: *attempt, ended: ended.clone() };
        self.alone(deadline, |book| match book.state.weigh(&stand, *attempt, ended) {
            Word::Idle => Ok(true),
            Word::Taken => Ok(false),
            Word::Different => Err(unfit("the key stands for something else")),
            Word::News => book.append(&self.key, write(&stand, find.unix, &said)).map(|_| true),
        })
    }
}

/// The line of a claim, if it fits what it is for and can be read again.
fn said(subject: &Subject, entry: &Entry) -> io::Result<Said> {
    let guid = subject.guid().cloned();
    match (&entry.past, &guid) {
        (Past::List(known), None) => known.guids.iter().try_for_each(keepable)?,
        (Past::Record(_), Some(guid)) => keepable(guid)?,
        _ => return Err(unfit("the entry does not fit its subject")),
    }
    Ok(Said::Claim { entry: entry.clone(), guid, account: subject.masked_account_number() })
}

/// A guid of a form that only an odd server makes could not be read back, and what is not read back is doubled.
fn keepable(guid: &MicrodepositGuid) -> io::Result<()> {
    let kept = MicrodepositGuid::new(guid.as_str()).is_ok();
    if kept { Ok(()) } else { Err(invalid("a guid has control characters, or more than 256 bytes")) }
}

fn unfit(text: &'static str) -> io::Error {
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
