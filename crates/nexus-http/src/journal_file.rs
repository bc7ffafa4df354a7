//! [`FileJournal`]: a line of JSON for each step, appended and synced, under the file's own lock.

use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::sync::{Mutex, TryLockError};
use std::time::{Duration, Instant};

use nexus_types::MicrodepositGuid;
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::journal::{self, Ended, Intent, Journal, Prior};

/// A [`Journal`] in a file. Several threads and processes may share it. It only grows: for each create by some hundred bytes,
/// and by 45 for each microdeposit that the user had before.
pub struct FileJournal {
    key: Zeroizing<Vec<u8>>,
    inner: Mutex<Inner>,
}

struct Inner {
    file: File,
    /// How far it is read.
    read: u64,
    /// What the first line says of the key.
    check: Option<String>,
    /// A line of a newer form was met.
    broken: bool,
    entries: HashMap<String, Entry>,
}

struct Entry {
    digest: String,
    prior: Prior,
}

impl FileJournal {
    /// Opens or makes the file; waits up to ten seconds for whoever works on it. On Unix, a new one is readable by its owner only.
    ///
    /// `key` is a secret of yours of at least 16 bytes: without it, nobody can find out by trying whose account a hash
    /// stands for. Always give the same one with the same file; another one is refused.
    ///
    /// # Errors
    /// When the file cannot be opened, is no journal or was written with another key, or the key is too short.
    pub fn open(path: impl AsRef<Path>, key: &[u8]) -> io::Result<FileJournal> {
        if key.len() < 16 {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "the key must have at least 16 bytes"));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path.as_ref())?;
        // The name of a new file must outlive a crash too. Where a folder cannot be synced, the system has no such promise.
        #[cfg(unix)]
        if let Some(folder) = path.as_ref().parent() {
            let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
            File::open(folder)?.sync_all()?;
        }
        let inner = Inner { file, read: 0, check: None, broken: false, entries: HashMap::new() };
        let journal = FileJournal { key: Zeroizing::new(key.to_vec()), inner: Mutex::new(inner) };
        let check = journal::digest(&journal.key, &["journal"]);
        journal.alone(Instant::now() + OPENING, |inner| match &inner.check {
            None if inner.read == 0 => inner.append(&json!({"v": VERSION, "check": check})),
            Some(own) if *own == check => Ok(()),
            Some(_) => Err(io::Error::new(io::ErrorKind::InvalidData, "the journal was written with another key")),
            None => Err(io::Error::new(io::ErrorKind::InvalidData, "this file is no journal")),
        })?;
        Ok(journal)
    }

    /// Works on the file while nobody else does, in this process or another.
    fn alone<T>(&self, deadline: Instant, work: impl FnOnce(&mut Inner) -> io::Result<T>) -> io::Result<T> {
        let mut inner = patiently(deadline, || match self.inner.try_lock() {
            Ok(inner) => Ok(Some(inner)),
            Err(TryLockError::Poisoned(poisoned)) => Ok(Some(poisoned.into_inner())),
            Err(TryLockError::WouldBlock) => Ok(None),
        })?;
        patiently(deadline, || match inner.file.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(std::fs::TryLockError::WouldBlock) => Ok(None),
            Err(std::fs::TryLockError::Error(error)) => Err(error),
        })?;
        let outcome = inner.catch_up().and_then(|()| work(&mut inner));
        let unlocked = inner.file.unlock();
        let value = outcome?;
        unlocked.map(|()| value)
    }
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

/// How long opening waits for the lock.
const OPENING: Duration = Duration::from_secs(10);
/// The form of the lines. What a newer one says may matter, so it is not read at all.
const VERSION: u64 = 1;

impl Journal for FileJournal {
    fn before(&self, intent: &Intent<'_>, instead_of: Option<u64>) -> io::Result<Prior> {
        let (id, digest) = (intent.id(&self.key), intent.digest(&self.key));
        self.alone(intent.deadline(), |inner| {
            match inner.entries.get(&id) {
                Some(entry) if entry.digest != digest => return Ok(Prior::Different),
                None | Some(Entry { prior: Prior::Nothing, .. }) => {}
                Some(Entry { prior: Prior::Pending { attempt, .. }, .. }) if instead_of == Some(*attempt) => {}
                Some(entry) => return Ok(entry.prior.clone()),
            }
            let known: Vec<&str> = intent.known().iter().map(MicrodepositGuid::as_str).collect();
            inner.append(&json!({
                "v": VERSION, "id": id, "event": "before", "digest": digest, "until": intent.until(), "attempt": intent.attempt(),
                "account": intent.masked_account_number(), "known": known,
            }))?;
            Ok(Prior::Nothing)
        })
    }

    fn after(&self, intent: &Intent<'_>, ended: &Ended) -> io::Result<()> {
        let (id, digest) = (intent.id(&self.key), intent.digest(&self.key));
        let line = match ended {
            Ended::Made(guid) => {
                json!({"v": VERSION, "id": id, "event": "made", "digest": digest, "guid": guid.as_str()})
            }
            Ended::NotMade => {
                json!({"v": VERSION, "id": id, "event": "not_made", "digest": digest, "attempt": intent.attempt()})
            }
        };
        self.alone(intent.deadline(), |inner| inner.append(&line))
    }
}

impl Inner {
    /// Reads what was appended since, by whomever.
    fn catch_up(&mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.read))?;
        let mut text = Vec::new();
        self.file.read_to_end(&mut text)?;
        for line in text.split_inclusive(|byte| *byte == b'\n') {
            // A line without an end was cut by a crash while it was written: what it announces was never done.
            if line.ends_with(b"\n") {
                self.read += line.len() as u64;
                self.take(line);
            }
        }
        if self.broken {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the journal was written by a newer version"));
        }
        Ok(())
    }

    fn take(&mut self, line: &[u8]) {
        let Ok(line) = serde_json::from_slice::<Value>(line) else { return };
        let text = |name: &str| line.get(name).and_then(Value::as_str);
        self.broken |= line.get("v").and_then(Value::as_u64) != Some(VERSION);
        if let Some(check) = text("check") {
            self.check = Some(check.to_owned());
        }
        let (Some(id), Some(digest), Some(event)) = (text("id"), text("digest"), text("event")) else { return };
        let attempt = line.get("attempt").and_then(Value::as_u64).unwrap_or(0);
        let present = self.entries.get(id).map(|entry| &entry.prior);
        let prior = match event {
            "before" => {
                let known = line.get("known").and_then(Value::as_array);
                let known = known.into_iter().flatten().filter_map(|guid| MicrodepositGuid::new(guid.as_str()?).ok());
                // What cannot be read is not over.
                let until = line.get("until").and_then(Value::as_i64).unwrap_or(i64::MAX);
                Prior::Pending { known: known.collect(), until, attempt }
            }
            "made" => match text("guid").map(MicrodepositGuid::new) {
                Some(Ok(guid)) => Prior::Made(guid),
                _ => return,
            },
            "not_made" if matches!(present, Some(Prior::Pending { attempt: of, .. }) if *of == attempt) => {
                Prior::Nothing
            }
            // A late word about an attempt that another one has replaced.
            _ => return,
        };
        self.entries.insert(id.to_owned(), Entry { digest: digest.to_owned(), prior });
    }

    fn append(&mut self, line: &Value) -> io::Result<()> {
        let end = self.file.seek(SeekFrom::End(0))?;
        // After a line that was cut, a new one begins.
        let mut text = if end > self.read { "\n".to_owned() } else { String::new() };
        text.push_str(&line.to_string());
        text.push('\n');
        self.file.write_all(text.as_bytes())?;
        self.file.sync_data()?;
        self.catch_up()
    }
}

impl fmt::Debug for FileJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileJournal").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::{AccountNumber, AccountType, Create, Person, RoutingNumber};

    use super::*;

    const KEY: &[u8] = b"sixteen bytes at least";

    fn create(account: &str) -> Create {
        let person = Person::new("Josh", "James", "josh@example.com").unwrap();
        let routing = RoutingNumber::new("091000019").unwrap();
        Create::new(person, routing, AccountNumber::new(account).unwrap(), AccountType::Checking)
    }

    fn intent<'a>(key: &'a str, create: &'a Create) -> Intent<'a> {
        Intent {
            key,
            create,
            known: vec![MicrodepositGuid::new("MIC-0").unwrap()],
            until: 7,
            attempt: 5,
            deadline: Instant::now() + OPENING,
        }
    }

    #[test]
    fn it_remembers_over_restarts_and_between_processes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let create = create("333312345");
        let (first, second) = (FileJournal::open(&path, KEY).unwrap(), FileJournal::open(&path, KEY).unwrap());
        let one = intent("one", &create);
        assert_eq!(first.before(&one, None).unwrap(), Prior::Nothing);
        let pending = Prior::Pending { known: one.known.clone(), until: 7, attempt: 5 };
        assert_eq!(first.before(&one, None).unwrap(), pending);
        assert_eq!(second.before(&one, None).unwrap(), pending, "another process sees it");
        second.after(&one, &Ended::NotMade).unwrap();
        assert_eq!(first.before(&one, None).unwrap(), Prior::Nothing, "free again");
        let made = MicrodepositGuid::new("MIC-1").unwrap();
        first.after(&one, &Ended::Made(made.clone())).unwrap();
        assert_eq!(FileJournal::open(&path, KEY).unwrap().before(&one, None).unwrap(), Prior::Made(made));
        let other = self::create("333312346");
        assert_eq!(second.before(&intent("one", &other), None).unwrap(), Prior::Different);
        assert_eq!(second.before(&intent("two", &other), None).unwrap(), Prior::Nothing);
        let text = std::fs::read_to_string(&path).unwrap();
        for secret in ["333312345", "333312346", "091000019", "Josh", "josh@", "one"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
        assert!(text.contains("*****2345"));
    }

    #[test]
    fn a_late_word_does_not_free_what_another_attempt_holds() {
        let folder = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
        let create = create("333312345");
        let (old, new) = (intent("one", &create), Intent { attempt: 6, ..intent("one", &create) });
        assert_eq!(journal.before(&old, None).unwrap(), Prior::Nothing);
        assert_eq!(journal.before(&new, Some(5)).unwrap(), Prior::Nothing, "in its place");
        let pending = Prior::Pending { known: new.known.clone(), until: 7, attempt: 6 };
        assert_eq!(journal.before(&old, Some(5)).unwrap(), pending, "too late");
        journal.after(&old, &Ended::NotMade).unwrap();
        assert_eq!(journal.before(&old, None).unwrap(), pending, "a late word");
        journal.after(&new, &Ended::NotMade).unwrap();
        assert_eq!(journal.before(&old, None).unwrap(), Prior::Nothing);
    }

    #[test]
    fn a_line_cut_by_a_crash_never_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let create = create("333312345");
        FileJournal::open(&path, KEY).unwrap().before(&intent("one", &create), None).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let first = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
        for length in (0..whole.len()).filter(|length| *length == 0 || *length >= first) {
            std::fs::write(&path, &whole[..length]).unwrap();
            let journal = FileJournal::open(&path, KEY).unwrap();
            assert_eq!(journal.before(&intent("one", &create), None).unwrap(), Prior::Nothing, "cut after {length}");
            let again = FileJournal::open(&path, KEY).unwrap();
            assert_ne!(again.before(&intent("one", &create), None).unwrap(), Prior::Nothing, "cut after {length}");
        }
    }

    #[test]
    fn another_key_another_form_and_another_file_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        drop(FileJournal::open(&path, KEY).unwrap());
        let kind = |opened: io::Result<FileJournal>| opened.err().map(|error| error.kind());
        let invalid = Some(io::ErrorKind::InvalidData);
        assert_eq!(kind(FileJournal::open(&path, b"another key of sixteen")), invalid);
        assert_eq!(kind(FileJournal::open(&path, KEY)), None);
        for (name, text) in [("other", "not a journal\n"), ("newer", "{\"v\":2,\"check\":\"x\"}\n")] {
            std::fs::write(folder.path().join(name), text).unwrap();
            assert_eq!(kind(FileJournal::open(folder.path().join(name), KEY)), invalid, "{name}");
        }
    }

    #[test]
    fn nobody_waits_for_the_lock_beyond_the_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let journal = FileJournal::open(&path, KEY).unwrap();
        let other = File::options().append(true).open(&path).unwrap();
        other.lock().unwrap();
        let create = create("333312345");
        let soon = Intent { deadline: Instant::now() + Duration::from_millis(20), ..intent("one", &create) };
        assert_eq!(journal.before(&soon, None).unwrap_err().kind(), io::ErrorKind::TimedOut);
        other.unlock().unwrap();
        assert_eq!(journal.before(&soon, None).unwrap(), Prior::Nothing);
    }

    #[test]
    fn a_short_key_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        assert!(FileJournal::open(folder.path().join("journal"), b"short").is_err());
    }
}
