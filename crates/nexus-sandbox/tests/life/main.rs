//! Tests of a [`World`](nexus_sandbox::World) without a socket: each policy, the documented examples, random sequences of
//! calls, and a great many records.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod accounts;
mod examples;
mod faults;
mod life;
mod lists;
mod outbox;
mod scale;
mod sequences;
mod times;
mod verifying;
mod written;
