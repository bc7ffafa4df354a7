//! The library on a machine with its own ways: closed at run time, without threads, without room on the disk.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs, unreachable_pub)]

mod support;

use support::{Bench, C_FLAGS, Linkage, built, compiler, root, shared_name};

fn here(name: &str) -> std::path::PathBuf {
    root().join("crates/nexus-ffi/tests/c").join(name)
}

#[test]
fn library_can_be_closed_while_threads_that_have_called_it_run() {
    let bench = Bench::new();
    let flags: Vec<&str> = C_FLAGS.iter().copied().chain(["-D_POSIX_C_SOURCE=200809L", "-pthread"]).collect();
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[here("loading.c")], Linkage::None);
    let library = built().join(shared_name());
    assert_eq!(bench.output_of(&[], &program, &[&library.to_string_lossy()]), "as expected\n");
}

/// A thread that cannot be had after something was sent takes nothing from what the caller is told, and nothing is printed.
#[test]
fn outcome_is_unknown_where_no_thread_can_be_started_after_a_submission() {
    let bench = Bench::new();
    let flags: Vec<&str> = C_FLAGS.iter().copied().chain(["-pthread", "-rdynamic"]).collect();
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[here("starved.c")], Linkage::Shared);
    let output = bench.run(&[], &program, &[]);
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && errors.is_empty(), "{out}{errors}");
    assert_eq!(out, "unknown, without a thread\n");
}

#[test]
fn journal_without_room_for_its_file_is_unusable() {
    let bench = Bench::new();
    let flags: Vec<&str> = C_FLAGS.iter().copied().chain(["-D_POSIX_C_SOURCE=200809L"]).collect();
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[here("full.c")], Linkage::Shared);
    let file = bench.path().join("journal");
    assert_eq!(bench.output_of(&[], &program, &[&file.to_string_lossy()]), "as expected\n");
}
