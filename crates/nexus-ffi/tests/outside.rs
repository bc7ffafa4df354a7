//! A small project built against an installed prefix and against the source tree: pkg-config and CMake, static and shared.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use support::{BOTH, Bench, Linkage, built, compiler, root, shared_name, tool};

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
    // Relative, as people may give it; what is installed knows the whole path.
    let mut install = Command::new("sh");
    run(install.arg(root().join("bindings/c/install.sh")).arg("prefix").arg(built()).current_dir(bench.path()));
    for file in [
        "include/nexus.h",
        "include/nexus/client.hpp",
        "lib/libnexus.a",
        "lib/cmake/Nexus/NexusConfig.cmake",
        "share/nexus/valgrind.supp",
    ] {
        assert!(prefix.join(file).exists(), "{file}");
    }
    // What is for debuggers makes up nine tenths of the static library, and each link would read it.
    let _ = Command::new("strip").arg("--strip-debug").arg(prefix.join("lib/libnexus.a")).status();
    prefix
}

fn here(name: &str) -> PathBuf {
    root().join("crates/nexus-ffi/tests/outside").join(name)
}

/// Runs a program as it is, with nothing that would help it to find the library.
fn output_of(program: &Path) -> String {
    run(Command::new(program).env_remove("LD_LIBRARY_PATH").env_remove("DYLD_LIBRARY_PATH"))
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
            Linkage::Shared | Linkage::None => {
                command.args(find(&["--libs"])).arg(format!("-Wl,-rpath,{}", find(&["--variable=libdir"])[0]))
            }
            // As pkg-config would have it, but that this one library is the static one.
            Linkage::Static => command.args(find(&["--static", "--libs"]).iter().map(|word| match word.as_str() {
                "-lnexus" => prefix.join("lib/libnexus.a").to_string_lossy().into_owned(),
                word => word.to_owned(),
            })),
        };
        run(&mut command);
        assert_eq!(output_of(&program), EXPECTED, "{linkage:?}");
        if cfg!(target_os = "linux") && linkage == Linkage::Static {
            run(command.arg("-static"));
            assert_eq!(output_of(&program), EXPECTED, "all of it static");
        }
    }
}

/// Two static libraries of Rust's in one program: each brings a standard library, whose names would be there twice.
#[test]
#[cfg(target_os = "linux")]
fn static_library_can_be_linked_beside_another_of_rust() {
    let bench = Bench::new();
    let prefix = installed(&bench);
    let other = bench.path().join("libother.a");
    let mut rustc = Command::new("rustc");
    rustc.args(["--edition", "2024", "--crate-type", "staticlib", "-O", "-o"]).arg(&other);
    run(rustc.arg(here("other.rs")));
    let program = bench.path().join("both");
    for turned in [false, true] {
        let mut libraries = [prefix.join("lib/libnexus.a"), other.clone()];
        if turned {
            libraries.reverse();
        }
        let mut command = Command::new(compiler("CC", "cc"));
        command.arg(here("both.c")).arg("-I").arg(prefix.join("include")).arg("-o").arg(&program);
        run(command.args(libraries).args(["-lgcc_eh", "-lutil", "-lrt", "-lpthread", "-lm", "-ldl"]));
        assert_eq!(output_of(&program), "ok 9 45\n");
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

/// The shell of a page: what it shows is typed, but that this build's libraries are there already.
fn shell(bench: &Bench, page: &str) -> (String, usize) {
    let page = std::fs::read_to_string(root().join(page)).expect("the page");
    let blocks = page.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("an end"));
    let lines: Vec<&str> = blocks.flat_map(str::lines).collect();
    let here = bench.path().to_string_lossy();
    let install = format!("install_c() {{ sh bindings/c/install.sh \"${{1#PREFIX=}}\" {}; }}\n", built().display());
    let script = format!("set -eu\nunset LD_LIBRARY_PATH\nHOME={here}/home\n{install}{}\n", lines.join("\n"))
        .replace("make install-c ", "install_c ")
        .replace("/usr/local", &format!("{here}/local"))
        .replace("$PWD/target/nexus", &format!("{here}/nexus"))
        .replace("target/verify", &format!("{here}/verify"))
        .replace("-o verify", &format!("-o {here}/verify"))
        .replace("./verify", &format!("{here}/verify"));
    let runs = lines.iter().filter(|line| line.trim() == "./verify" || line.trim() == "target/verify").count();
    (run(Command::new("sh").args(["-c", &script]).current_dir(root())), runs)
}

#[test]
fn the_shell_of_the_pages_is_real() {
    if !tool("pkg-config", "the shell of the pages") {
        return;
    }
    let transcript = std::fs::read_to_string(root().join("examples/verify.transcript")).expect("the transcript");
    // All static takes a static C library, which only Linux is sure to have.
    let pages: &[(&str, usize)] = if cfg!(target_os = "linux") {
        &[("docs/guide/c-and-cpp.md", 2), ("bindings/c/README.md", 3)]
    } else {
        &[("docs/guide/c-and-cpp.md", 2)]
    };
    for (page, expected) in pages {
        let (told, runs) = shell(&Bench::new(), page);
        assert_eq!((told, runs), (transcript.repeat(*expected), *expected), "{page}");
    }
}

/// What `make` hands to the installation, where cargo builds elsewhere.
#[test]
fn install_takes_the_libraries_from_where_cargo_puts_them() {
    let mut make = Command::new("make");
    make.args(["-n", "install-c", "PREFIX=/opt/nexus", "CARGO_TARGET_DIR=/elsewhere"]).current_dir(root());
    let lines = run(make.env_remove("CARGO_TARGET_DIR").env_remove("MAKEFLAGS"));
    let install = lines.lines().find(|line| line.contains("install.sh")).expect("an installation");
    let echo = install.replace("bindings/c/install.sh", "printf '%s %s'");
    let told = run(Command::new("sh").args(["-c", &echo]).env("CARGO_TARGET_DIR", "/elsewhere"));
    assert_eq!(told, "/opt/nexus /elsewhere/release");
}

/// What CMake would make of a prefix on Windows, which cannot be built for here.
#[test]
fn cmake_names_the_import_library_on_windows() {
    if !tool("cmake", "CMake for Windows") {
        return;
    }
    let bench = Bench::new();
    let prefix = bench.path().join("prefix");
    for file in ["bin/nexus.dll", "lib/nexus.dll.lib", "lib/nexus.lib", "include/nexus.h"] {
        std::fs::create_dir_all(prefix.join(file).parent().expect("a folder")).expect("made");
        std::fs::write(prefix.join(file), "").expect("written");
    }
    let package = prefix.join("lib/cmake/Nexus");
    std::fs::create_dir_all(&package).expect("made");
    std::fs::copy(root().join("bindings/c/cmake/NexusConfig.cmake"), package.join("NexusConfig.cmake"))
        .expect("copied");
    let project = "cmake_minimum_required(VERSION 3.21)\nproject(windows NONE)\nfind_package(Nexus REQUIRED)\n\
        foreach(name IMPORTED_LOCATION IMPORTED_IMPLIB INTERFACE_COMPILE_DEFINITIONS)\n\
        get_target_property(value Nexus::nexus ${name})\nmessage(STATUS \"${name}=${value}\")\nendforeach()\n\
        get_target_property(value Nexus::nexus_static IMPORTED_LOCATION)\nmessage(STATUS \"static=${value}\")\n";
    std::fs::write(bench.path().join("CMakeLists.txt"), project).expect("written");
    let mut command = Command::new("cmake");
    command.arg("-S").arg(bench.path()).arg("-B").arg(bench.path().join("build"));
    command.args(["-DCMAKE_SYSTEM_NAME=Windows"]).arg(format!("-DCMAKE_PREFIX_PATH={}", prefix.display()));
    let said = run(command.arg("-DCMAKE_FIND_ROOT_PATH_MODE_PACKAGE=NEVER"));
    for (name, file) in
        [("IMPORTED_LOCATION", "bin/nexus.dll"), ("IMPORTED_IMPLIB", "lib/nexus.dll.lib"), ("static", "lib/nexus.lib")]
    {
        assert!(said.contains(&format!("{name}={}", prefix.join(file).display())), "{name}: {said}");
    }
    assert!(said.contains("INTERFACE_COMPILE_DEFINITIONS=NEXUS_SHARED"), "{said}");
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
    // What `make libnexus` leaves behind.
    let made = bench.path().join("made");
    std::fs::create_dir(&made).expect("a folder");
    for (name, from) in [
        (shared_name(), built().join(shared_name())),
        ("libnexus.so.1", built().join(shared_name())),
        ("libnexus.a", prefix.join("lib/libnexus.a")),
    ] {
        std::os::unix::fs::symlink(from, made.join(name)).expect("a link");
    }
    let ways = [
        vec![format!("-DCMAKE_PREFIX_PATH={}", prefix.display())],
        vec![format!("-DNexus_DIR={}", source.display()), format!("-DNEXUS_LIBRARY_DIR={}", made.display())],
    ];
    for (at, way) in ways.iter().enumerate() {
        let build = bench.path().join(format!("build-{at}"));
        run(Command::new("cmake").arg("-S").arg(here("")).arg("-B").arg(&build).args(way));
        run(Command::new("cmake").arg("--build").arg(&build));
        for program in ["c_nexus", "c_nexus_static", "cpp_nexus", "cpp_nexus_static"] {
            assert_eq!(output_of(&build.join(program)), EXPECTED, "{program} {way:?}");
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
