//! What holds for every function of the C++ headers, and the lines that no compiler may take.
#![cfg(unix)]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::path::Path;
use std::process::Command;

use support::cpp::{Method, headers, methods};
use support::{cpp_compilers, cpp_flags, root};

fn all() -> Vec<Method> {
    headers().iter().flat_map(|(_, text)| methods(text)).collect()
}

/// What throws the library's own exceptions, or ends the process where there are none.
fn throws(method: &Method) -> bool {
    let signs = [".value()", "raise()", "must(", "throw "];
    signs.iter().any(|sign| method.body.contains(sign)) && !method.name.starts_with("try_")
}

#[test]
fn what_throws_has_a_twin_that_does_not() {
    let all = all();
    // Those of Result ask for a value that may not be there: has_value, value_or and error are their twins.
    let own = |one: &&Method| throws(one) && one.class != "Result" && one.full_name() != "Failure::raise";
    let throwing: Vec<&Method> = all.iter().filter(own).collect();
    let twin =
        |one: &Method| all.iter().any(|other| other.class == one.class && other.name == format!("try_{}", one.name));
    let lonely: Vec<String> = throwing.iter().filter(|one| !twin(one)).map(|one| one.full_name()).collect();
    assert!(lonely.is_empty(), "without a try_ twin: {lonely:?}");
    assert!(throwing.len() > 50, "{}", throwing.len());
}

#[test]
fn what_does_not_throw_has_a_twin_that_does() {
    let all = all();
    for one in all.iter().filter(|one| one.name.starts_with("try_") && !one.hidden) {
        let name = one.name.trim_start_matches("try_");
        assert!(all.iter().any(|other| other.class == one.class && other.name == name), "{}", one.full_name());
    }
}

/// A member that lends text out of its object cannot be called on a temporary; one that lends a string gives it away there.
#[test]
fn views_are_not_lent_by_temporaries() {
    let all = all();
    let lends = |one: &&Method| {
        let from_itself = ["plain(", "maybe(", "message", "expose("].iter().any(|sign| one.body.contains(sign));
        let view = one.head.contains("std::string_view ") || one.head.contains("std::optional<std::string_view> ");
        let view = view
            && one.head.find("std::string_view") < one.head.find('(')
            && from_itself
            && !one.body.contains("nexus_amount_text");
        let reference = ["const std::string &", "const Failure &", "const Failure *", "const nexus_step &"]
            .iter()
            .any(|kind| one.head.trim_start_matches("[[nodiscard]] ").starts_with(kind));
        (view || reference) && !one.class.is_empty() && !one.hidden && !one.is_deleted()
    };
    // A step's text is its flow's: Flow::next is not called on temporaries.
    let flows = |one: &&Method| one.class == "Step" && one.head.contains("std::string_view");
    let lent: Vec<&Method> = all.iter().filter(lends).filter(|one| !flows(one)).collect();
    assert!(lent.len() > 35, "{}", lent.len());
    for one in lent {
        assert!(one.head.contains(") const &"), "{} lends text to temporaries", one.full_name());
        let other =
            |other: &&Method| other.class == one.class && other.name == one.name && other.head.contains(" const &&");
        assert!(all.iter().any(|own| other(&own)), "{} has no `const &&`", one.full_name());
    }
}

/// What the lines use and do not say.
const AROUND: &str = "#include <nexus.hpp>
#include <algorithm>
#include <iostream>
void read_later(std::string_view guid);
void line(const nexus::Client &client, std::string_view guid, nexus::Amount nine);
void line(const nexus::Client &client, std::string_view guid, nexus::Amount nine)
{
    (void)client, (void)guid, (void)nine;
";

/// A line whose view or iterator outlives its object, and the same with an object that has a name.
const LINES: [(&str, &str); 16] = [
    ("auto view = client.list()[0].guid();", "auto one = client.list()[0]; auto view = one.guid();"),
    ("auto view = client.read(guid).email();", "auto one = client.read(guid); auto view = one.email();"),
    (
        "auto view = client.read(guid).expose(nexus::Field::Email);",
        "auto one = client.read(guid); auto view = one.expose(nexus::Field::Email);",
    ),
    (
        "auto view = client.list().begin()->guid();",
        "auto list = client.list(); auto one = *list.begin(); auto view = one.guid();",
    ),
    (
        "auto list = client.list(); auto view = list.begin()->guid();",
        "auto list = client.list(); auto view = list.begin()->status();",
    ),
    ("auto view = client.list().begin();", "auto list = client.list(); auto view = list.begin();"),
    (
        "auto view = client.verify(guid, nine, nine).record.guid();",
        "auto outcome = client.verify(guid, nine, nine); auto view = outcome.record.guid();",
    ),
    ("auto view = client.try_read(guid)->guid();", "auto one = client.try_read(guid); auto view = one->guid();"),
    ("auto view = (*client.try_read(guid)).guid();", "auto one = *client.try_read(guid); auto view = one.guid();"),
    (
        "auto view = client.try_list().error().message();",
        "auto none = client.try_list(); auto view = none.error().message();",
    ),
    (
        "auto view = client.try_list().error().field();",
        "auto why = client.try_list().error(); auto view = why.field();",
    ),
    (
        "auto view = nexus::WebhookEvent::parse(\"{}\").action();",
        "auto event = nexus::WebhookEvent::parse(\"{}\"); auto view = event.action();",
    ),
    (
        "auto view = nexus::Request::list().path();",
        "auto request = nexus::Request::list(); auto view = request.path();",
    ),
    ("auto view = nexus::Sandbox::start().url();", "auto own = nexus::Sandbox::start(); auto view = own.url();"),
    ("auto view = nexus::Flow::list().next();", "auto flow = nexus::Flow::list(); auto view = flow.next();"),
    ("auto view = client.try_session()->c_str();", "auto token = client.try_session(); auto view = token->c_str();"),
];

/// Asks a compiler whether it takes a program; gives what it says of one that it does not.
fn refused(compiler: &str, flags: &[&str], folder: &Path, source: &str) -> Option<String> {
    let path = folder.join("line.cpp");
    std::fs::write(&path, source).expect("written");
    let mut command = Command::new(compiler);
    command.args(flags).args(["-DNEXUS_SANDBOX", "-fsyntax-only", "-I"]).arg(root().join("bindings/c/include"));
    let output = command.arg(&path).output().expect("a compiler");
    (!output.status.success()).then(|| String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn views_that_would_dangle_do_not_compile() {
    let Some(name) = cpp_compilers().into_iter().next() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let mut good = AROUND.to_owned();
    for (wrong, right) in LINES {
        let said =
            refused(&name, &["-std=c++17"], folder.path(), &format!("{AROUND}    {wrong}\n    (void)view;\n}}\n"));
        let said = said.unwrap_or_else(|| panic!("{name} takes {wrong}"));
        assert!(said.contains("deleted"), "{wrong}: {said}");
        good += &format!("    {{ {right} (void)view; }}\n");
    }
    let said = refused(&name, &cpp_flags("17"), folder.path(), &(good + "}\n"));
    assert!(said.is_none(), "{}", said.unwrap_or_default());
}

/// The C++ that stands in the guide itself.
#[test]
fn the_cpp_of_the_guide_is_compiled() {
    let Some(name) = cpp_compilers().into_iter().next() else { return };
    let page = std::fs::read_to_string(root().join("docs/guide/c-and-cpp.md")).expect("the page");
    let blocks: Vec<&str> =
        page.split("```cpp\n").skip(1).map(|rest| rest.split("```").next().expect("an end")).collect();
    assert_eq!(blocks.len(), 1);
    let folder = tempfile::tempdir().expect("a folder");
    for block in blocks {
        let said = refused(&name, &cpp_flags("17"), folder.path(), &format!("{AROUND}{block}\n}}\n"));
        assert!(said.is_none(), "{block}\n{}", said.unwrap_or_default());
    }
}

/// Each header brings what it needs.
#[test]
fn every_header_stands_alone() {
    let Some(name) = cpp_compilers().into_iter().next() else { return };
    let folder = tempfile::tempdir().expect("a folder");
    for (header, _) in headers() {
        let said = refused(&name, &cpp_flags("17"), folder.path(), &format!("#include <nexus/{header}>\n"));
        assert!(said.is_none(), "{header}: {}", said.unwrap_or_default());
    }
}

/// Every program of the tests, as each newer standard and each compiler takes it; they are run as C++17 elsewhere.
#[test]
fn every_newer_standard_takes_the_headers_without_a_warning() {
    let here = root().join("crates/nexus-ffi/tests/cpp");
    for name in cpp_compilers() {
        for standard in ["20", "2b"] {
            let mut command = Command::new(&name);
            command.args(cpp_flags(standard)).args(["-DNEXUS_SANDBOX", "-fsyntax-only", "-I"]);
            command.arg(root().join("bindings/c/include"));
            command.args(["wrapper", "result", "range", "values"].map(|one| here.join(one).with_extension("cpp")));
            let output = command.output().expect("a compiler");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success() && said.is_empty(), "{name} -std=c++{standard}\n{said}");
        }
    }
}
