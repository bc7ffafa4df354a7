//! A small project built against an installed prefix and against the source tree: pkg-config and CMake, static and shared.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{BOTH, Bench, Linkage, built, compiler, root, tool};

const EXPECTED: &str = "fits ok 9\n";

fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let (out, errors) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}\n{out}\n{errors}");
    out.into_owned()
}

/// What this build made, installed as `make install-c` does it.
fn installed(bench: &Bench) -> PathBuf {
    let prefix = bench.path().join("prefix");
    run(Command::new("sh").arg(root().join("bindings/c/install.sh")).arg(&prefix).arg(built()));
    for file in ["include/nexus.h", "include/nexus/client.hpp", "lib/libnexus.a", "lib/cmake/Nexus/NexusConfig.cmake"] {
        assert!(prefix.join(file).exists(), "{file}");
    }
    // What is for debuggers makes up nine tenths of the static library, and each link would read it.
    let _ = Command::new("strip").arg("--strip-debug").arg(prefix.join("lib/libnexus.a")).status();
    prefix
}

fn here(name: &str) -> PathBuf {
    root().join("crates/nexus-ffi/tests/outside").join(name)
}

fn output_of(program: &Path, prefix: &Path) -> String {
    let libraries = prefix.join("lib");
    run(Command::new(program).env("LD_LIBRARY_PATH", &libraries).env("DYLD_LIBRARY_PATH", &libraries))
}

/// Builds a program with what pkg-config says of a prefix, static and shared, and runs it.
fn through_pkg_config(bench: &Bench, prefix: &Path) {
    let find = |arguments: &[&str]| {
        let folder = prefix.join("lib/pkgconfig");
        let said = run(Command::new("pkg-config").args(arguments).arg("nexus").env("PKG_CONFIG_PATH", folder));
        said.split_whitespace().map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(find(&["--modversion"]), [env!("CARGO_PKG_VERSION")]);
    for linkage in BOTH {
        let program = bench.path().join(format!("{linkage:?}"));
        let mut command = Command::new(compiler("CC", "cc"));
        command.arg(here("outside.c")).arg("-o").arg(&program).args(find(&["--cflags"]));
        match linkage {
            Linkage::Shared => command.args(find(&["--libs"])),
            // As pkg-config would have it, but that this one library is the static one.
            Linkage::Static => command.args(find(&["--static", "--libs"]).iter().map(|word| match word.as_str() {
                "-lnexus" => prefix.join("lib/libnexus.a").to_string_lossy().into_owned(),
                word => word.to_owned(),
            })),
        };
        run(&mut command);
        let elsewhere = bench.path().join("nothing");
        let prefix = if linkage == Linkage::Shared { prefix } else { &elsewhere };
        assert_eq!(output_of(&program, prefix), EXPECTED, "{linkage:?}");
    }
}

#[test]
fn the_packages_own_page_shows_this_very_program() {
    let (page, program) = (include_str!("../README.md"), include_str!("outside/outside.c"));
    let (_, program) = program.split_once('\n').expect("a first line that says what it is");
    assert_eq!(page.split("```c\n").nth(1).and_then(|rest| rest.split("```").next()), Some(program));
}

#[test]
fn pkg_config_finds_it() {
    if tool("pkg-config", "an outside project with pkg-config") {
        let bench = Bench::new();
        through_pkg_config(&bench, &installed(&bench));
    }
}

/// The shell of the guide's page: what it shows is typed, but that this build's libraries are there already.
#[test]
fn the_shell_of_the_guide_is_real() {
    if !tool("pkg-config", "the shell of the guide") {
        return;
    }
    let page = std::fs::read_to_string(root().join("docs/guide/c-and-cpp.md")).expect("the page");
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("an end"));
    let skipped = |line: &&str| !line.starts_with("make install-c ") && !line.starts_with("cargo rustc ");
    let lines: Vec<&str> = blocks.flat_map(str::lines).filter(skipped).collect();
    let bench = Bench::new();
    let here = bench.path().to_string_lossy();
    let script = format!("set -eu\n{}\n", lines.join("\n"))
        .replace("$PWD/target/nexus", &format!("{here}/nexus"))
        .replace("target/verify", &format!("{here}/verify"))
        .replace("target/debug", &built().to_string_lossy());
    let output = run(Command::new("sh").args(["-c", &script]).current_dir(root()));
    let transcript = std::fs::read_to_string(root().join("examples/verify.transcript")).expect("the transcript");
    assert_eq!(output, format!("{transcript}{transcript}"), "{script}");
}

#[test]
fn cargo_c_installs_it() {
    if !tool("cargo-cinstall", "an installation by cargo-c") || !tool("pkg-config", "an installation by cargo-c") {
        return;
    }
    let bench = Bench::new();
    let prefix = bench.path().join("prefix");
    // In a folder of its own, for this test's build holds the usual one; kept, so that the next time is quick.
    let target = built().join("cinstall");
    let mut command = Command::new("cargo-cinstall");
    command.args(["cinstall", "-p", "nexus-ffi", "--debug", "--prefix"]).arg(&prefix).arg("--libdir");
    run(command.arg(prefix.join("lib")).current_dir(root()).env("CARGO_TARGET_DIR", target));
    for file in
        ["include/nexus.h", "include/nexus/client.hpp", "lib/libnexus.so.1", "share/cmake/Nexus/NexusConfig.cmake"]
    {
        assert!(cfg!(not(target_os = "linux")) || prefix.join(file).exists(), "{file}");
    }
    through_pkg_config(&bench, &prefix);
}

#[test]
fn cmake_finds_it_installed_and_in_the_source_tree() {
    if !tool("cmake", "an outside project with CMake") || !tool(&compiler("CXX", "c++"), "an outside project in C++") {
        return;
    }
    let bench = Bench::new();
    let prefix = installed(&bench);
    let source = root().join("bindings/c/cmake");
    let ways = [
        vec![format!("-DCMAKE_PREFIX_PATH={}", prefix.display())],
        vec![format!("-DNexus_DIR={}", source.display()), format!("-DNEXUS_LIBRARY_DIR={}/lib", prefix.display())],
    ];
    for (at, way) in ways.iter().enumerate() {
        let build = bench.path().join(format!("build-{at}"));
        run(Command::new("cmake").arg("-S").arg(here("")).arg("-B").arg(&build).args(way));
        run(Command::new("cmake").arg("--build").arg(&build));
        for program in ["c_nexus", "c_nexus_static", "cpp_nexus", "cpp_nexus_static"] {
            assert_eq!(output_of(&build.join(program), &prefix), EXPECTED, "{program} {way:?}");
        }
    }
}

#[test]
fn cmake_says_what_is_missing() {
    if !tool("cmake", "CMake without a library") {
        return;
    }
    let bench = Bench::new();
    let nothing = bench.path().join("nothing");
    let mut command = Command::new("cmake");
    command.arg("-S").arg(here("")).arg("-B").arg(bench.path().join("build"));
    command.arg(format!("-DNexus_DIR={}", root().join("bindings/c/cmake").display()));
    let output = command.arg(format!("-DNEXUS_LIBRARY_DIR={}", nothing.display())).output().expect("cmake");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && said.contains("make libnexus"), "{said}");
}
