//! Decisions as pure functions: time and chance are arguments, so every one of them is tested without waiting.

pub mod budget;
pub mod poll;
pub mod reconcile;
pub mod retry;
pub mod session;
