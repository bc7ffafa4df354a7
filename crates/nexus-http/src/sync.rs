//! Locks: the standard library's, or those of a model checker that tries every order (`--cfg shuttle`).

#[cfg(not(shuttle))]
pub(crate) use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

#[cfg(shuttle)]
pub(crate) use {
    shuttle::sync::{Condvar, Mutex, MutexGuard},
    std::sync::PoisonError,
};
