//! The interface only grows under one number: `bindings/c/abi/<number>/nexus.h` is the header with which the number began, and
//! programs compiled with it run with the library of today. `bindings/c/abi/<number>.txt` lists what there is now: symbols, numbers,
//! the sizes of structures and the places of their fields; `NEXUS_REWRITE=1 cargo test -p nexus-ffi --test abi` writes it anew.
#![cfg(all(unix, target_pointer_width = "64"))]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use support::header::{functions, text};
use support::{Bench, C_FLAGS, Linkage, built, compiler, root, shared_name, tool};

fn number(header: &str) -> &str {
    header.split("#define NEXUS_ABI_VERSION ").nth(1).and_then(|rest| rest.lines().next()).expect("a number")
}

/// The structures whose fields C sees, with those fields.
fn structures(header: &str) -> Vec<(String, Vec<String>)> {
    let mut out = Vec::new();
    for piece in header.split("typedef struct ").skip(1) {
        let Some((name, rest)) = piece.split_once(" {\n") else { continue };
        if name.contains([';', '\n']) {
            continue;
        }
        let body = rest.split(&format!("}} {name};")).next().expect("an end");
        let fields = body.lines().filter(|line| line.ends_with(';') && !line.trim_start().starts_with('*'));
        let names = fields.map(|line| line.trim_end_matches(';').rsplit([' ', '*']).next().unwrap_or_default());
        out.push((name.to_owned(), names.map(str::to_owned).collect()));
    }
    out
}

/// The folder of the first header with this number.
fn first() -> PathBuf {
    root().join("bindings/c/abi").join(number(&text()))
}

/// What a header promises: functions with their types, and what a C compiler makes of the structures.
fn interface(header: &str, folder: &Path) -> String {
    let mut out = format!("abi {}\n", number(header));
    let mut lines: Vec<String> = functions(header)
        .into_iter()
        .map(|function| {
            let kinds: Vec<String> = function.parameters.into_iter().map(|parameter| parameter.kind).collect();
            format!("function {} {}({})", function.returns, function.name, kinds.join(", "))
        })
        .collect();
    lines.sort();
    let mut program = String::from("#include <nexus.h>\n#include <stdio.h>\nint main(void)\n{\n");
    let structures = structures(header);
    assert!(structures.len() > 10, "{structures:?}");
    for (name, fields) in &structures {
        let _ = writeln!(program, "    printf(\"structure {name} %zu\\n\", sizeof({name}));");
        for field in fields {
            let _ = writeln!(program, "    printf(\"  %zu {field}\\n\", offsetof({name}, {field}));");
        }
    }
    for line in header.lines().map(str::trim).filter(|line| line.starts_with("NEXUS_") && line.contains(" = ")) {
        lines.push(format!("value {}", line.trim_end_matches(',')));
    }
    program += "    return 0;\n}\n";
    let bench = Bench::new();
    let source = bench.path().join("sizes.c");
    std::fs::write(&source, program).expect("written");
    let include = format!("-I{}", folder.display());
    let flags: Vec<&str> = [include.as_str()].into_iter().chain(C_FLAGS.iter().copied()).collect();
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[source], Linkage::Shared);
    out += &lines.join("\n");
    out + "\n" + &bench.output_of(&[], &program, &[])
}

fn now() -> String {
    interface(&text(), &root().join("bindings/c/include"))
}

#[test]
fn interface_is_recorded() {
    let now = now();
    let path = root().join(format!("bindings/c/abi/{}.txt", number(&text())));
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(&path, &now).expect("written");
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(now == recorded, "the interface changed: see the head of this test\n{now}");
}

/// The structures of an interface, with their sizes, and the places of their fields.
fn layout(interface: &str) -> BTreeMap<&str, (usize, BTreeSet<&str>)> {
    let mut out = BTreeMap::new();
    let mut last = None;
    for line in interface.lines() {
        if let Some((name, size)) = line.strip_prefix("structure ").and_then(|rest| rest.split_once(' ')) {
            out.insert(name, (size.parse().expect("a size"), BTreeSet::new()));
            last = Some(name);
        } else if let (true, Some((_, fields))) = (line.starts_with("  "), last.and_then(|name| out.get_mut(name))) {
            fields.insert(line.trim());
        }
    }
    out
}

/// Nothing that a program may have been compiled with has gone or moved.
#[test]
fn interface_has_all_of_the_first_with_its_number() {
    let header = std::fs::read_to_string(first().join("nexus.h")).expect("the first header");
    let (before, now) = (interface(&header, &first()), now());
    let lines = |text: &str| {
        let lines = text.lines().filter(|line| line.starts_with("function ") || line.starts_with("value "));
        lines.map(str::to_owned).collect::<BTreeSet<String>>()
    };
    assert!(lines(&before).len() > 200, "{before}");
    let gone: Vec<String> = lines(&before).difference(&lines(&now)).cloned().collect();
    assert_eq!(gone, [""; 0], "gone or changed: raise NEXUS_ABI_VERSION");
    let (old, new) = (layout(&before), layout(&now));
    assert!(old.len() > 10, "{before}");
    for (name, (size, fields)) in old {
        let (grown, now) = &new[name];
        assert!(fields.is_subset(now) && size <= *grown, "{name} has lost or moved a field: raise NEXUS_ABI_VERSION");
        assert!(now.len() == fields.len() || !FIXED.contains(&name), "{name} is promised not to grow");
    }
}

/// Structures that are passed without their size.
const FIXED: [&str; 2] = ["nexus_str", "nexus_authority"];

/// A field added behind padding would lie where an older program has bytes that nobody has set.
#[test]
fn structures_end_with_their_last_field() {
    let header = text();
    let mut program = String::from("#include <nexus.h>\nint main(void)\n{\n");
    for (name, fields) in structures(&header) {
        let last = fields.last().expect("a field");
        let end = format!("offsetof({name}, {last}) + sizeof((({name} *)0)->{last})");
        let _ = writeln!(program, "    _Static_assert({end} == sizeof({name}), \"{name} ends with padding\");");
    }
    program += "    return 0;\n}\n";
    let bench = Bench::new();
    let source = bench.path().join("ends.c");
    std::fs::write(&source, program).expect("written");
    bench.compile(&compiler("CC", "cc"), C_FLAGS, &[source], Linkage::Shared);
}

#[test]
fn program_of_the_first_header_runs_with_this_library() {
    let bench = Bench::new();
    let include = format!("-I{}", first().display());
    let flags: Vec<&str> = [include.as_str()].into_iter().chain(C_FLAGS.iter().copied()).collect();
    let source = root().join("crates/nexus-ffi/tests/c/older.c");
    let program = bench.compile(&compiler("CC", "cc"), &flags, &[source], Linkage::Shared);
    assert_eq!(bench.output_of(&[], &program, &[]), "fits\n");
}

#[test]
fn the_shared_library_exports_the_header_and_nothing_else() {
    if !tool("nm", "the list of exported symbols") {
        return;
    }
    let flags: &[&str] = if cfg!(target_os = "macos") { &["-gU"] } else { &["-D", "--defined-only"] };
    let output = Command::new("nm").args(flags).arg(built().join(shared_name())).output().expect("nm");
    let symbols = String::from_utf8(output.stdout).expect("text");
    let symbols = symbols.lines().filter_map(|line| line.rsplit(' ').next());
    let symbols: BTreeSet<String> = symbols.map(|name| name.trim_start_matches('_').to_owned()).collect();
    let declared: BTreeSet<String> = functions(&text()).into_iter().map(|function| function.name).collect();
    assert_eq!(symbols, declared);
}

#[test]
#[cfg(target_os = "linux")]
fn the_shared_library_is_named_by_its_number() {
    if !tool("readelf", "the soname") {
        return;
    }
    let output = Command::new("readelf").arg("-d").arg(built().join(shared_name())).output().expect("readelf");
    let soname = format!("soname: [libnexus.so.{}]", number(&text()));
    assert!(String::from_utf8_lossy(&output.stdout).contains(&soname), "{soname}");
}
