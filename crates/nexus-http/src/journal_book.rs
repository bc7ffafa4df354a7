//! [`Book`]: the open file of a [`FileJournal`](crate::FileJournal), read line by line and appended to.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::journal_lines::{Chain, Tail, foreign, said};
use crate::journal_state::State;

/// The file, and what was read of it.
pub(crate) struct Book {
    file: File,
    /// How far it is read.
    read: u64,
    /// The last line lacks its end, but is whole.
    unended: bool,
    chain: Chain,
    pub(crate) state: State,
}

/// The file cannot be relied on.
pub(crate) fn invalid(text: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text.into())
}

impl Book {
    /// Opens the file, or makes it where it may.
    pub(crate) fn open(path: &Path, make: bool) -> io::Result<Book> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(make).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        // The name of a new file must outlive a crash too. Where a folder cannot be synced, the system has no such promise.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Book { file, read: 0, unended: false, chain: Chain::default(), state: State::default() })
    }

    /// Takes the lock that keeps other processes out, if it is free.
    pub(crate) fn try_lock(&self) -> io::Result<Option<()>> {
        match self.file.try_lock() {
            Ok(()) => Ok(Some(())),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    pub(crate) fn unlock(&self) -> io::Result<()> {
        self.file.unlock()
    }

    /// Reads what was appended since, by whomever, and begins a file in which nothing is.
    pub(crate) fn catch_up(&mut self, key: &[u8], path: &Path) -> io::Result<()> {
        still_there(&self.file, path)?;
        if self.file.metadata()?.len() < self.read {
            return Err(invalid("the journal was cut short while it was in use"));
        }
        let tail = self.read_lines(key)?;
        if self.chain.next() > 0 {
            return Ok(());
        }
        // Not even a first line: a file that somebody has begun and not finished, or none of ours.
        let header = Chain::header(key);
        if !header.as_bytes().starts_with(&tail) {
            return Err(invalid(foreign(&tail)));
        }
        self.put(key, &header)
    }

    /// Reads to the end; gives back the rest of a line that was cut, which stays unread.
    fn read_lines(&mut self, key: &[u8]) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(self.read))?;
        let mut reader = BufReader::new(&self.file);
        if self.unended {
            let mut end = Vec::new();
            match reader.read_until(b'\n', &mut end)? {
                0 => return Ok(end),
                1 if end == b"\n" => (self.read, self.unended) = (self.read + 1, false),
                _ => return Err(damaged(&self.chain)),
            }
        }
        loop {
            let mut line = Vec::new();
            let length = reader.read_until(b'\n', &mut line)? as u64;
            let ended = line.pop_if(|last| *last == b'\n').is_some();
            let first = self.chain.next() == 0;
            match Tail::of(&line) {
                _ if ended => {}
                Tail::Whole => {}
                // Without a first line, the caller says what this is.
                Tail::Damaged if !first && !line.is_empty() => return Err(damaged(&self.chain)),
                Tail::Torn | Tail::Damaged => return Ok(line),
            }
            let mut chain = self.chain.clone();
            match chain.follow(key, &line) {
                Some(_) if first => {}
                Some(value) => match said(&value) {
                    Some((stand, said)) => self.state.apply(self.chain.next(), stand, said),
                    None => {
                        let line = self.chain.next() + 1;
                        return Err(invalid(format!("line {line} of the journal was written by a newer version")));
                    }
                },
                None if first => return Err(invalid(foreign(&line))),
                None => return Err(damaged(&self.chain)),
            }
            (self.read, self.chain, self.unended) = (self.read + length, chain, !ended);
            if self.unended {
                return Ok(Vec::new());
            }
        }
    }

    /// Appends a line, durably; gives back its number.
    pub(crate) fn append(&mut self, key: &[u8], said: Value) -> io::Result<u64> {
        let number = self.chain.next();
        let line = self.chain.seal(key, said);
        self.put(key, &line)?;
        Ok(number)
    }

    fn put(&mut self, key: &[u8], line: &str) -> io::Result<()> {
        let end = if self.unended { "\n" } else { "" };
        // What a crash has left of a line was never said.
        self.file.set_len(self.read)?;
        self.file.seek(SeekFrom::Start(self.read))?;
        let written = self.file.write_all(format!("{end}{line}").as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // As far as the disk still obeys: nothing stands there that nobody was promised.
            let _ = self.file.set_len(self.read);
            return Err(error);
        }
        self.read_lines(key).map(|_| ())
    }
}

fn damaged(chain: &Chain) -> io::Error {
    invalid(format!("line {} of the journal is damaged", chain.next() + 1))
}

/// Whether the path still leads to the open file: others, who open it now, must come to the same.
#[cfg(unix)]
fn still_there(file: &File, path: &Path) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;
    let place = |data: std::fs::Metadata| (data.dev(), data.ino());
    match std::fs::metadata(path).map(place) {
        Ok(there) if there == place(file.metadata()?) => Ok(()),
        Ok(_) => Err(invalid("the journal was replaced while it was in use")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(invalid("the journal was moved or deleted while it was in use"))
        }
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn still_there(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
