//! Creates and submissions with a journal.
//!
//! `NEXUS_RUNS=1000 cargo test --release -p nexus-http --test journal killed -- --nocapture` for more than the short form.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod broken;
mod keys;
mod killed;
#[path = "../support/mod.rs"]
mod support;

const KEY: &[u8] = b"a secret of sixteen bytes or more";
