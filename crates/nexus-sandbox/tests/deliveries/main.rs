//! Webhooks without a socket: when they are due, what goes wrong on purpose, and the next moment of a world.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod faults;
mod moments;
mod run;
mod schedule;
