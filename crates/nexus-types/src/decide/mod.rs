//! Decisions as pure functions: time and chance are arguments, so every one of them is tested without waiting.

pub mod budget;
pub mod creation;
pub mod poll;
pub mod retry;
pub mod session;
pub mod submission;
