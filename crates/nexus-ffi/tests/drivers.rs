//! The driver over libcurl, if its headers are installed: an example, and its reports of failures.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

#[path = "../../../examples/drivers/conformance.rs"]
#[allow(dead_code)]
mod conformance;
mod support;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use nexus_sandbox::{Effect, Fault, Options, Sandbox};
use nexus_types::Operation;
use support::{Bench, C_FLAGS, Linkage, compiler, root};

/// What `curl-config` says of it: nothing where it is not there.
fn libcurl() -> Option<Vec<String>> {
    let output = Command::new("curl-config").args(["--cflags", "--libs"]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.split_whitespace().map(str::to_owned).collect())
}

fn driver(bench: &Bench) -> Option<PathBuf> {
    let Some(libcurl) = libcurl() else {
        support::skipped("the driver over libcurl (its headers are not installed)");
        return None;
    };
    let object = bench.path().join("libcurl.o");
    let compile = Command::new(compiler("CC", "cc"))
        .args(C_FLAGS)
        .args(&libcurl)
        .arg("-c")
        .arg(root().join("examples/drivers/libcurl.c"))
        .arg("-I")
        .arg(root().join("bindings/c/include"))
        .arg("-o")
        .arg(&object)
        .output()
        .expect("cc");
    assert!(compile.status.success(), "{}", String::from_utf8_lossy(&compile.stderr));
    let words: Vec<&str> = libcurl.iter().map(String::as_str).collect();
    // The linker takes libraries in order: those of libcurl after the object that needs them.
    let flags: Vec<&str> = ["-Wl,--no-as-needed"].into_iter().chain(words).collect();
    Some(bench.compile(&compiler("CC", "cc"), &flags, &[object], Linkage::Shared))
}

/// Runs the driver; what it printed, and whether it ended well.
fn run(bench: &Bench, program: &Path, base: &str, token: &str, words: &[&str]) -> (String, bool) {
    let words: Vec<&str> = [base, token].into_iter().chain(words.iter().copied()).collect();
    let output = bench.run(&[], program, &words);
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (String::from_utf8_lossy(&output.stdout).trim_end().to_owned(), output.status.success())
}

#[test]
fn libcurl_tells_the_story() {
    let bench = Bench::new();
    let Some(program) = driver(&bench) else { return };
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let token = sandbox.credentials().session_token.to_string();
    let tell = |words: &[&str]| run(&bench, &program, sandbox.url(), &token, words);
    let well = |text: &str| (text.to_owned(), true);
    let badly = |text: &str| (text.to_owned(), false);

    let (made, _) = tell(&["create"]);
    let guid = made.strip_prefix("made ").and_then(|rest| rest.strip_suffix(" INITIATED")).expect(&made);
    sandbox.advance(Duration::from_secs(120));
    assert_eq!(tell(&["wait", guid]), well("DEPOSITED"));
    assert_eq!(tell(&["verify", guid, "0.02", "0.02"]), well("denied"));
    assert_eq!(tell(&["verify", guid, "0.09", "0.09"]), well("verified"));
    assert_eq!(tell(&["verify", guid, "0.09", "0.09"]), badly("error not_verifiable known"));
    assert_eq!(tell(&["wait", "MIC-unknown"]), badly("error not_found known"));
    assert_eq!(tell(&["verify", guid, "1.09", "0.09"]), badly("error invalid_input known"));
    let stranger = run(&bench, &program, sandbox.url(), "no-session", &["create"]);
    assert_eq!(stranger, badly("error unauthorized known"));
    let nobody = run(&bench, &program, "http://127.0.0.1:1", &token, &["verify", guid, "0.09", "0.09"]);
    assert_eq!(nobody, badly("error connect known"));
}

/// A response that never comes, before or after the server has acted: one PUT, and the truth.
#[test]
fn libcurl_submits_once_and_looks_after() {
    let bench = Bench::new();
    let Some(program) = driver(&bench) else { return };
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let token = sandbox.credentials().session_token.to_string();
    for (effect, expected) in [
        (Effect::ResetAfter, ("verified".to_owned(), true)),
        (Effect::ResetBefore, ("error io unknown".to_owned(), false)),
        (Effect::Delay(Duration::from_secs(30)), ("verified".to_owned(), true)),
    ] {
        sandbox.with_world(nexus_sandbox::World::reset);
        let tell = |words: &[&str]| run(&bench, &program, sandbox.url(), &token, words);
        let (made, _) = tell(&["create"]);
        let guid = made.split(' ').nth(1).expect(&made).to_owned();
        sandbox.advance(Duration::from_secs(120));
        let fault = Fault::nth(Operation::Verify, 1, effect.clone());
        sandbox.with_world(|world| world.add_fault(fault));
        let began = Instant::now();
        assert_eq!(tell(&["verify", &guid, "0.09", "0.09"]), expected, "{effect:?}");
        assert!(began.elapsed() < Duration::from_secs(9), "{:?}", began.elapsed());
        let received = sandbox.with_world(|world| world.received());
        assert_eq!(received.iter().filter(|one| **one == Some(Operation::Verify)).count(), 1, "{effect:?}");
    }
}

/// The suite that every driver must pass, in whatever language.
#[test]
fn libcurl_passes_the_drivers_suite() {
    let bench = Bench::new();
    let Some(program) = driver(&bench) else { return };
    let text = |path: &Path| path.to_str().expect("a path in Unicode").to_owned();
    let folder = text(bench.path());
    let words =
        ["env".to_owned(), format!("LD_LIBRARY_PATH={folder}"), format!("DYLD_LIBRARY_PATH={folder}"), text(&program)];
    let failures = conformance::suite(&conformance::Program { words: &words });
    assert!(failures.is_empty(), "{failures:#?}");
}
