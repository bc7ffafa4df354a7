//! The programs of the other tests under valgrind and the sanitizers, if they are installed.
#![cfg(target_os = "linux")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use support::{Bench, C_FLAGS, CPP_FLAGS, Linkage, compiler, hostile, root, tool};

/// Any error, and any block that nobody can free any more.
const VALGRIND: &[&str] = &[
    "valgrind",
    "--quiet",
    "--error-exitcode=9",
    "--leak-check=full",
    "--errors-for-leak-kinds=definite,possible",
    concat!("--suppressions=", env!("CARGO_MANIFEST_DIR"), "/../../bindings/c/valgrind.supp"),
];

#[test]
fn valgrind_finds_no_error_in_c_programs() {
    if !tool("valgrind", "C under valgrind") {
        return;
    }
    let (bench, cc) = (Bench::new(), compiler("CC", "cc"));
    let story = bench.compile(&cc, C_FLAGS, &[root().join("examples/verify.c")], Linkage::Shared);
    bench.output_of(VALGRIND, &story, &[]);
    let bench = Bench::new();
    let hostile = hostile::program(&bench, &cc, &["-g"], Linkage::Shared);
    assert_eq!(bench.output_of(VALGRIND, &hostile, &[]), "as expected\n");
}

/// Whether a compiler has a sanitizer: its library may not be installed.
fn sanitizer(compiler: &str, flag: &str) -> bool {
    let bench = Bench::new();
    let source = bench.path().join("empty.c");
    std::fs::write(&source, "int main(void) { return 0; }\n").expect("written");
    let mut command = std::process::Command::new(compiler);
    command.arg(flag).arg(&source).arg("-o").arg(bench.path().join("empty"));
    let there = command.output().is_ok_and(|output| output.status.success())
        && std::process::Command::new(bench.path().join("empty")).status().is_ok_and(|status| status.success());
    if !there {
        support::skipped(&format!("{flag} ({compiler} has it not, or it does not run here)"));
    }
    there
}

#[test]
fn address_sanitizer_finds_no_error_in_c_programs() {
    let (cc, cxx) = (compiler("CC", "cc"), compiler("CXX", "c++"));
    if !sanitizer(&cc, "-fsanitize=address") {
        return;
    }
    let bench = Bench::new();
    let hostile = hostile::program(&bench, &cc, &["-g", "-fsanitize=address,undefined"], Linkage::Shared);
    assert_eq!(bench.output_of(&[], &hostile, &[]), "as expected\n");
    if tool(&cxx, "C++ under the address sanitizer") {
        let flags: Vec<&str> =
            CPP_FLAGS.iter().copied().chain(["-g", "-fsanitize=address,undefined", "-pthread"]).collect();
        for name in ["wrapper", "result", "range", "values"] {
            let source = root().join("crates/nexus-ffi/tests/cpp").join(name).with_extension("cpp");
            let bench = Bench::new();
            let program = bench.compile(&cxx, &flags, &[source], Linkage::Shared);
            assert_eq!(bench.output_of(&[], &program, &[]), "as expected\n", "{name}");
        }
    }
}
