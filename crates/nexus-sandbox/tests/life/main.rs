//! Tests of a [`World`](nexus_sandbox::World) without a socket: each policy, the documented examples, random sequences of
//! calls, and a great many records.
//!
//! A test that has the name of a switch of [`Policy`](nexus_sandbox::Policy) (`list_shape`, `amount_order`, `updated_at`) or of a
//! fault (`stale`, `contradictory`) holds what each value of that switch, or that fault, does. Every other name is a sentence.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod accounts;
mod epochs;
mod examples;
mod export;
mod faults;
mod life;
mod lists;
mod log;
mod outbox;
mod refusals;
mod requests;
mod scale;
mod scenarios;
mod sequences;
mod statements;
mod times;
mod users;
mod verifying;
mod written;
