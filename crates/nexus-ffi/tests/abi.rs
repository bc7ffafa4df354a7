//! The ABI is frozen: its symbols, the sizes of its structures and the offsets of their fields, under the number of the ABI.
//! `NEXUS_REWRITE=1 cargo test -p nexus-ffi --test abi` writes `bindings/c/abi/<number>.txt`. That is allowed only before the
//! number is published; after that, a change needs a new number.
#![cfg(all(unix, target_pointer_width = "64"))]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, unreachable_pub)]

mod support;

use std::collections::BTreeSet;
use std::fmt::Write;
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

/// What the header promises: functions with their types, and what a C compiler makes of the structures.
fn interface() -> String {
    let header = text();
    let mut out = format!("abi {}\n", number(&header));
    let mut lines: Vec<String> = functions(&header)
        .into_iter()
        .map(|function| {
            let kinds: Vec<String> = function.parameters.into_iter().map(|parameter| parameter.kind).collect();
            format!("function {} {}({})", function.returns, function.name, kinds.join(", "))
        })
        .collect();
    lines.sort();
    let mut program = String::from("#include <nexus.h>\n#include <stdio.h>\nint main(void)\n{\n");
    let structures = structures(&header);
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
    let program = bench.compile(&compiler("CC", "cc"), C_FLAGS, &[source], Linkage::Shared);
    out += &lines.join("\n");
    out + "\n" + &bench.output_of(&[], &program, &[])
}

#[test]
fn the_interface_is_what_its_number_says() {
    let now = interface();
    let path = root().join(format!("bindings/c/abi/{}.txt", number(&text())));
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(&path, &now).expect("written");
    }
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(now == frozen, "the interface changed: raise NEXUS_ABI_VERSION (or see the head of this test)\n{now}");
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
