//! [`FileJournal`]: a line of JSON for each step, appended and synced, under the file's own lock.

use std::io;
use std::path::Path;
use std::time::Instant;

use nexus_types::flow::{Claim, Find, Prior, Settle};

use crate::journal::{Claimed, Journal, Scope};

/// A [`Journal`] in a file.
#[derive(Debug)]
pub struct FileJournal {}

impl FileJournal {
    /// Opens or makes the file.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(_path: impl AsRef<Path>, _key: &[u8]) -> io::Result<FileJournal> {
        Err(io::ErrorKind::Unsupported.into())
    }
}

impl Journal for FileJournal {
    fn find(&self, _: &Find, _: &Scope, _: Instant) -> io::Result<Prior> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn claim(&self, _: &Claim, _: &Scope, _: Instant) -> io::Result<Claimed> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn settle(&self, _: &Settle, _: &Scope, _: Instant) -> io::Result<bool> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
