//! Flows that are told event by event what happened, on a clock of their own: what no server does on demand.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../support/asks.rs"]
mod asks;
mod journal;
mod scripted;
