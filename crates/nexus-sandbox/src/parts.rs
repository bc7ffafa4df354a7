//! [`Rest`]: a long list that is being written in parts.

use std::sync::Weak;

/// What is left to write of a list: the records of a user from one place on.
pub(crate) struct Rest {
    pub(crate) user: u32,
    /// Of the user's records, in order of creation.
    pub(crate) next: usize,
    /// The records that there were at the beginning.
    pub(crate) end: usize,
    /// When it was asked for.
    pub(crate) asked: i64,
    /// Whether a record was written before.
    pub(crate) begun: bool,
    /// The world's; gone with a reset.
    pub(crate) life: Weak<()>,
}

/// The world has begun anew since the list was begun.
#[derive(Debug)]
pub(crate) struct Reset;
