//! [`Book`]: the open file of a [`FileJournal`](crate::FileJournal), read line by line and appended to.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::Path;

use serde_json::Value;

use crate::journal_lines::{Chain, Tail, header_error, parse_line};
use crate::journal_state::State;

/// The open file, and the state that was read from it.
pub(crate) struct Book {
    file: File,
    /// The number of bytes read so far.
    read: u64,
    /// Whether the last line is whole but lacks its newline.
    newline_missing: bool,
    chain: Chain,
    pub(crate) state: State,
}

/// An error for a file that cannot be relied on.
pub(crate) fn invalid(text: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, text.into())
}

impl Book {
    /// Opens the file. With `make`, creates it if it is not there.
    pub(crate) fn open(path: &Path, make: bool) -> io::Result<Book> {
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(make).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path)?;
        // The name of a new file must survive a crash too. A system that cannot sync a folder makes no such promise.
        #[cfg(unix)]
        if let Some(folder) = path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Book { file, read: 0, newline_missing: false, chain: Chain::default(), state: State::default() })
    }

    /// Takes the file's lock, which excludes other processes. None if another process has it.
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

    /// Reads the lines appended since, by any process. Writes the first line of an empty file.
    pub(crate) fn catch_up(&mut self, key: &[u8], path: &Path) -> io::Result<()> {
        check_not_replaced(&self.file, path)?;
        if self.file.metadata()?.len() < self.read {
            return Err(invalid("the journal was cut short while it was in use"));
        }
        let tail = self.read_lines(key)?;
        if self.chain.next() > 0 {
            return Ok(());
        }
        // There is no first line: the file was begun and not finished, or is no journal.
        let header = Chain::header(key);
        if !header.as_bytes().starts_with(&tail) {
            return Err(invalid(header_error(&tail)));
        }
        self.write_line(key, &header)
    }

    /// Reads to the end. Returns what is left of a cut last line; that part counts as unread.
    fn read_lines(&mut self, key: &[u8]) -> io::Result<Vec<u8>> {
        self.file.seek(SeekFrom::Start(self.read))?;
        let mut reader = BufReader::new(&self.file);
        if self.newline_missing {
            let mut end = Vec::new();
            match reader.read_until(b'\n', &mut end)? {
                0 => return Ok(end),
                1 if end == b"\n" => (self.read, self.newline_missing) = (self.read + 1, false),
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
                Some(value) => match parse_line(&value) {
                    Some((binding, event)) => self.state.apply(self.chain.next(), binding, event),
                    None => {
                        let line = self.chain.next() + 1;
                        return Err(invalid(format!("line {line} of the journal was written by a newer version")));
                    }
                },
                None if first => return Err(invalid(header_error(&line))),
                None => return Err(damaged(&self.chain)),
            }
            (self.read, self.chain, self.newline_missing) = (self.read + length, chain, !ended);
            if self.newline_missing {
                return Ok(Vec::new());
            }
        }
    }

    /// Appends a line durably and returns its number.
    pub(crate) fn append(&mut self, key: &[u8], object: Value) -> io::Result<u64> {
        let number = self.chain.next();
        let line = self.chain.seal(key, object);
        self.write_line(key, &line)?;
        Ok(number)
    }

    fn write_line(&mut self, key: &[u8], line: &str) -> io::Result<()> {
        let end = if self.newline_missing { "\n" } else { "" };
        // Cut off what a crash left of an unfinished line.
        self.file.set_len(self.read)?;
        self.file.seek(SeekFrom::Start(self.read))?;
        let written = self.file.write_all(format!("{end}{line}").as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(error) = written {
            // Remove the unfinished line, if the disk still allows it.
            let _ = self.file.set_len(self.read);
            return Err(error);
        }
        self.read_lines(key).map(|_| ())
    }
}

fn damaged(chain: &Chain) -> io::Error {
    invalid(format!("line {} of the journal is damaged", chain.next() + 1))
}

/// Checks that the path still leads to the open file: a process that opens the path now must get the same file.
#[cfg(unix)]
fn check_not_replaced(file: &File, path: &Path) -> io::Result<()> {
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
fn check_not_replaced(_: &File, _: &Path) -> io::Result<()> {
    Ok(())
}
