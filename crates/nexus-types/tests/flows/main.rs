//! Flows driven event by event on a test clock, in situations that no server produces on demand: journals, clocks, refusals in
//! a row, and the most requests that a call can send.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../support/asks.rs"]
mod asks;
mod counts;
mod journal;
mod scripted;
