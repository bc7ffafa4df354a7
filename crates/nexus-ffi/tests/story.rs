//! The story that every language tells, in C, against the static and the shared library of this build.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

mod support;

use support::{BOTH, Bench, C_FLAGS, compiler, root};

fn transcript() -> String {
    std::fs::read_to_string(root().join("examples/verify.transcript")).expect("the transcript")
}

#[test]
fn c_tells_the_story() {
    let bench = Bench::new();
    for linkage in BOTH {
        let program = bench.compile(&compiler("CC", "cc"), C_FLAGS, &[root().join("examples/verify.c")], linkage);
        assert_eq!(bench.told(&[], &program, &[]), transcript(), "{linkage:?}");
    }
}
