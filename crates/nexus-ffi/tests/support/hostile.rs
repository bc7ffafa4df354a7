//! The program of `tests/c/hostile.c` and `hostile_flows.c`, and calls of every function of the header with bad arguments.
#![allow(dead_code)]

use std::fmt::Write;

use super::header::{Function, functions, handles, text};
use super::{Bench, C_FLAGS, Linkage, root};

/// C that calls one function, with NULL and 0 for everything, and then with wrong handles.
fn calls(function: &Function, handles: &[String], out: &mut String) {
    let Function { name, parameters, returns, .. } = function;
    let is_handle =
        |kind: &str| handles.iter().any(|handle| kind.trim_start_matches("const ") == format!("{handle} *"));
    let zero = |kind: &str| if kind.ends_with('*') { "NULL" } else { "0" };
    let zeros: Vec<&str> = parameters.iter().map(|parameter| zero(&parameter.kind)).collect();
    let call = format!("{name}({})", zeros.join(", "));
    if returns != "nexus_code" {
        let _ = writeln!(out, "    (void){call};");
        return;
    }
    // Where nothing is needed, and nothing was wrong.
    let harmless = name.ends_with("_free");
    let needs_none = parameters.iter().all(|parameter| parameter.name == "error" || zero(&parameter.kind) == "0");
    let expected = match (harmless, needs_none) {
        (true, _) => "== NEXUS_OK",
        (_, true) => "== NEXUS_ERROR_INVALID_INPUT",
        _ => "== NEXUS_ERROR_NULL_POINTER",
    };
    let _ = writeln!(out, "    CHECK({call} {expected});");

    if !parameters.first().is_some_and(|parameter| is_handle(&parameter.kind)) {
        return;
    }
    let (mut declared, mut checks, mut given) = (String::new(), String::new(), Vec::new());
    for (at, parameter) in parameters.iter().enumerate() {
        let kind = parameter.kind.trim_start_matches("const ");
        if is_handle(&parameter.kind) {
            given.push(format!("({})(uintptr_t)wrong[i]", parameter.kind));
        } else if kind == "char *" && parameter.kind.starts_with("const") {
            given.push("\"text\"".to_owned());
        } else if let Some(inner) = kind.strip_suffix("**").map(str::trim) {
            let _ = write!(declared, " {inner} *o{at} = ({inner} *)&somewhere;");
            // An error is filled; every other output is cleared.
            let cleared =
                if parameter.name == "error" { "!= NULL && nexus_error_free(o{at}) == NEXUS_OK" } else { "== NULL" };
            let _ = write!(checks, " CHECK(o{at} {});", cleared.replace("{at}", &at.to_string()));
            given.push(format!("&o{at}"));
        } else if let Some(inner) = kind.strip_suffix('*').map(str::trim).filter(|inner| *inner != "void") {
            let _ = write!(declared, " {inner} o{at}; memset(&o{at}, 0, sizeof o{at});");
            given.push(format!("&o{at}"));
        } else if parameter.name.ends_with("size") {
            // That of the structure before it.
            given.push(format!("sizeof o{}", at - 1));
        } else {
            given.push(zero(kind).to_owned());
        }
    }
    // What is looked at before the handle may be refused first, but nothing is ever carried out.
    let _ = writeln!(out, "    for (i = 0; i < count; i++) {{");
    let _ = writeln!(out, "       {declared} nexus_code code = {name}({});", given.join(", "));
    let early = ["NEXUS_ERROR_BAD_HANDLE", "NEXUS_ERROR_NULL_POINTER", "NEXUS_ERROR_INVALID_INPUT"];
    let any = early.map(|code| format!("code == {code}")).join(" || ");
    let simple = parameters.iter().skip(1).all(|parameter| parameter.kind.ends_with("**"));
    let _ = writeln!(out, "        CHECK({});{checks}", if simple { "code == NEXUS_ERROR_BAD_HANDLE" } else { &any });
    let _ = writeln!(out, "    }}");
}

fn every_function() -> String {
    let header = text();
    let mut out = String::from(
        "/* Made from the header by a test. */\n#include <nexus.h>\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n\
         #define CHECK(c) do { if (!(c)) { fprintf(stderr, \"%d: %s\\n\", __LINE__, #c); exit(1); } } while (0)\n\
         extern void every_function(const void *const wrong[], size_t count);\n\
         void every_function(const void *const wrong[], size_t count)\n{\n    static int somewhere;\n    size_t i;\n",
    );
    let functions = functions(&header);
    assert!(functions.len() > 60, "{}", functions.len());
    functions.iter().for_each(|function| calls(function, &handles(&header), &mut out));
    out + "    (void)somewhere;\n}\n"
}

pub fn program(bench: &Bench, compiler: &str, extra: &[&str], linkage: Linkage) -> std::path::PathBuf {
    let here = root().join("crates/nexus-ffi/tests/c");
    let made = bench.path().join("every_function.c");
    std::fs::write(&made, every_function()).expect("written");
    let flags: Vec<&str> = C_FLAGS.iter().chain(extra).copied().chain(["-pthread"]).collect();
    bench.compile(compiler, &flags, &[here.join("hostile.c"), here.join("hostile_flows.c"), made], linkage)
}
