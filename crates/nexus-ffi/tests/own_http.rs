//! The core carried by libcurl, where its headers are installed.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::process::Command;

use support::{Bench, C_FLAGS, Linkage, compiler, root, tool};

/// What `curl-config` or pkg-config say of it: nothing where it is not there.
fn libcurl() -> Option<Vec<String>> {
    let output = Command::new("curl-config").args(["--cflags", "--libs"]).output().ok()?;
    let said = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| said.split_whitespace().map(str::to_owned).collect())
}

#[test]
fn libcurl_carries_the_core() {
    let Some(libcurl) = libcurl().filter(|_| tool("curl-config", "the example with libcurl")) else {
        println!("skipped: the example with libcurl (its headers are not installed)");
        return;
    };
    let bench = Bench::new();
    let object = bench.path().join("own_http.o");
    let compile = Command::new(compiler("CC", "cc"))
        .args(C_FLAGS)
        .args(&libcurl)
        .args(["-DNEXUS_SANDBOX", "-c"])
        .arg(root().join("examples/own_http.c"))
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
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[object], Linkage::Shared);
    let told = bench.told(&[], &program, &[]);
    let lines: Vec<&str> = told.lines().collect();
    assert!(lines[0].starts_with("pre-initiated MIC-") && lines[0].ends_with(": PREINITIATED"), "{told}");
    assert_eq!(lines[1..], ["listed 1", "without a session: unauthorized (202)"]);
}
