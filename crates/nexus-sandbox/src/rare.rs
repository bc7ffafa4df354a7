//! [`Rare`]: the fields that few records have, kept apart to save memory.

use std::collections::VecDeque;

use nexus_types::Event;

/// What few records have, apart from the others so that those stay small.
#[derive(Default)]
pub(crate) struct Rare {
    /// Submissions that were taken and are not judged yet, in order.
    pub(crate) pending: VecDeque<Submission>,
    /// When a read moved `updated_at` last.
    pub(crate) touched: Option<i64>,
    /// When it became DENIED, if it has been denied again since.
    pub(crate) denied: Option<i64>,
}

/// Two amounts that were taken, and what they will be found to be.
pub(crate) struct Submission {
    pub(crate) due: i64,
    /// The number of the request that brought them.
    pub(crate) request: u64,
    pub(crate) event: Event,
}
