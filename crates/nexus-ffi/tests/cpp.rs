//! The C++ examples and tests of the C++ wrapper, with every installed compiler.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use support::{BOTH, Bench, CPP_FLAGS, Linkage, cpp_compilers as compilers, cpp_flags, root};

#[test]
fn cpp_tells_the_stories() {
    for story in ["verify", "lost", "keys"] {
        let path = |kind: &str| root().join("examples").join(story).with_extension(kind); // examples/verify.cpp, examples/lost.cpp, examples/keys.cpp
        let transcript = std::fs::read_to_string(path("transcript")).expect("the transcript");
        for name in compilers().iter().take(1) {
            // One story shows that both libraries are the same.
            for linkage in if story == "verify" { &BOTH[..] } else { &[Linkage::Shared] } {
                let bench = Bench::new();
                let journal = bench.path().join("journal");
                let program = bench.compile(name, CPP_FLAGS, &[path("cpp")], *linkage);
                let output = bench.output_of(&[], &program, &[&journal.to_string_lossy()]);
                assert_eq!(output, transcript, "{story} {name} {linkage:?}");
            }
        }
    }
}

#[test]
fn the_wrapper_owns_throws_and_tells() {
    for name in compilers() {
        let bench = Bench::new();
        let source = root().join("crates/nexus-ffi/tests/cpp/wrapper.cpp");
        let flags: Vec<&str> = CPP_FLAGS.iter().copied().chain(["-pthread"]).collect();
        let program = bench.compile(&name, &flags, &[source], Linkage::Shared);
        assert_eq!(bench.output_of(&[], &program, &[]), "as expected\n", "{name}");
    }
}

#[test]
fn promises_are_kept_under_failure() {
    let Some(name) = compilers().into_iter().next() else { return };
    let bench = Bench::new();
    let source = root().join("crates/nexus-ffi/tests/cpp/failures.cpp");
    let program = bench.compile(&name, CPP_FLAGS, &[source], Linkage::Shared);
    assert_eq!(bench.output_of(&[], &program, &[]), "as promised\n");
}

#[test]
fn one_key_is_one_microdeposit_and_one_submission() {
    let Some(name) = compilers().into_iter().next() else { return };
    let bench = Bench::new();
    let journal = bench.path().join("journal");
    let source = root().join("crates/nexus-ffi/tests/cpp/journal.cpp");
    let program = bench.compile(&name, CPP_FLAGS, &[source], Linkage::Shared);
    assert_eq!(bench.output_of(&[], &program, &[&journal.to_string_lossy()]), "as promised\n");
}

/// Result, List and the small values have the ways of the standard library, under the older and the newer rules.
#[test]
fn the_standard_library_s_ways_are_kept() {
    for name in compilers() {
        for (program, standards) in [("result", &["17"][..]), ("range", &["17", "20"]), ("values", &["17", "20"])] {
            for standard in standards {
                let bench = Bench::new();
                let source = root().join("crates/nexus-ffi/tests/cpp").join(program).with_extension("cpp");
                let made = bench.compile(&name, &cpp_flags(standard), &[source], Linkage::Shared);
                assert_eq!(bench.output_of(&[], &made, &[]), "as expected\n", "{program} {name} {standard}");
            }
        }
    }
}

/// Without exceptions and run-time types all goes by Result; who asks for the value of a failure ends the process, silently.
#[test]
fn a_program_without_exceptions_has_all_of_it() {
    for name in compilers() {
        let bench = Bench::new();
        let source = root().join("crates/nexus-ffi/tests/cpp/without_exceptions.cpp");
        let flags: Vec<&str> = CPP_FLAGS.iter().copied().chain(["-fno-exceptions", "-fno-rtti"]).collect();
        let program = bench.compile(&name, &flags, &[source], Linkage::Shared);
        assert_eq!(bench.output_of(&[], &program, &[]), "as expected\n", "{name}");
        let output = bench.run(&[], &program, &["end"]);
        assert_eq!(std::os::unix::process::ExitStatusExt::signal(&output.status), Some(6), "{name}: SIGABRT");
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{name}");
    }
}

/// Every number that the header gives a name has one in C++ too, in each `enum class`, wherever it stands.
#[test]
fn every_enumeration_of_cpp_is_whole() {
    let folder = root().join("bindings/c/include/nexus");
    let header = support::header::text();
    let mut enumerations = 0;
    for entry in std::fs::read_dir(folder).expect("the headers") {
        let path = entry.expect("a header").path();
        let text = std::fs::read_to_string(&path).expect("a header");
        for piece in text.split("enum class ").skip(1) {
            let (name, body) = piece.split_once(" : std::int32_t {\n").expect("a type and a body");
            let body = body.split("};").next().unwrap_or_default();
            let named: Vec<&str> =
                body.lines().filter_map(|line| Some(line.split_once(" = ")?.1.trim_end_matches(','))).collect();
            let common = named.iter().skip(1).fold(named[0], |common, one| {
                &common[..common.bytes().zip(one.bytes()).take_while(|(own, other)| own == other).count()]
            });
            let prefix = &common[..=common.rfind('_').expect("NEXUS_")];
            let known = header.lines().filter_map(|line| line.trim().split_once(" = ")).map(|(known, _)| known);
            for known in known.filter(|known| known.starts_with(prefix) && *known != format!("{prefix}NONE")) {
                assert!(named.contains(&known), "{}: {name} lacks {known}", path.display());
            }
            enumerations += 1;
        }
    }
    assert!(enumerations >= 7, "{enumerations}");
}

/// Every code of the header has an exception of its own, and the hundreds say the group.
#[test]
fn every_code_has_its_exception() {
    let error =
        std::fs::read_to_string(root().join("bindings/c/include/nexus/exceptions.hpp")).expect("exceptions.hpp");
    let groups = ["InputError", "ApiError", "DecodeError", "StateError", "TransportError", "BoundaryError"];
    for kind in nexus_types::ErrorKind::ALL {
        let code = format!("case NEXUS_ERROR_{}:", kind.name().to_uppercase());
        let thrown = error.split(&code).nth(1).and_then(|rest| rest.split("throw ").nth(1));
        let thrown = thrown.and_then(|rest| rest.split('{').next()).unwrap_or_else(|| panic!("{code}"));
        let group = groups[usize::from(kind.number() / 100 - 1)];
        assert!(error.contains(&format!("class {thrown} : public {group} {{")), "{thrown}");
    }
}
