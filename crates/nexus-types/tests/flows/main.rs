//! Flows driven event by event on a test clock, in situations that no server produces on demand.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../support/asks.rs"]
mod asks;
mod journal;
mod scripted;
