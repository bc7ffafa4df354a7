//! Every driver in Rust passes the drivers' suite; the tests of C and Python run the drivers of their languages.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

#[path = "../examples/drivers/conformance.rs"]
#[allow(dead_code)]
mod conformance;

use std::path::PathBuf;
use std::process::Command;

use conformance::{Program, is_true, suite};

/// Where cargo puts the examples that were built with this test.
fn examples() -> PathBuf {
    let own = std::env::current_exe().expect("a path");
    own.ancestors().nth(2).expect("target/PROFILE").join("examples")
}

fn passes(name: &str) {
    let path = examples().join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    if !path.exists() {
        // This test alone was asked for.
        let release = if cfg!(debug_assertions) { &[][..] } else { &["--release"] };
        let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--example", name]).args(release).status();
        assert!(built.expect("cargo runs").success());
    }
    let words = [path.to_str().expect("a path in Unicode").to_owned()];
    let failures = suite(&Program { words: &words });
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn driver_of_this_project() {
    passes("driver-blocking");
}

#[test]
fn driver_over_minreq() {
    passes("driver-minreq");
}

#[test]
fn driver_over_reqwest_and_tokio() {
    passes("driver-reqwest");
}

#[test]
fn what_a_driver_prints_is_held_against_what_the_server_did() {
    for (printed, borne_out) in [
        ("verified", [false, true, false]),
        ("made MIC-1 INITIATED", [false, true, false]),
        ("error conflict unknown", [true, true, false]),
        ("error rate_limited known", [true, false, false]),
    ] {
        assert_eq!([0, 1, 2].map(|acted| is_true(printed, acted)), borne_out, "{printed}");
    }
}
