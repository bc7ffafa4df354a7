//! A lock that stays usable after a panic of another holder.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks, also after a panic of another holder: the data is plain.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
