//! A C program that misuses every function must not crash.
#![cfg(unix)]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    unreachable_pub,
    missing_docs
)]

mod support;

use support::{Bench, Linkage, compiler, hostile};

#[test]
fn c_misuse_gives_an_error() {
    let bench = Bench::new();
    let program = hostile::program(&bench, &compiler("CC", "cc"), &[], Linkage::Shared);
    assert_eq!(bench.output_of(&[], &program, &[]), "as expected\n");
}
