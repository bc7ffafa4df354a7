//! `docs/changing.md` is correct: its paths, its lists, its commands. Each operation of the core has a call in every binding,
//! and each problem of the core is reported somewhere.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

use std::collections::BTreeMap;
use std::path::Path;

use nexus_types::Operation;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// All sources of tests, in which a test that is named is looked for.
fn tests(folder: &Path, out: &mut String) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            tests(&path, out);
        } else if path.extension().is_some_and(|kind| kind == "rs" || kind == "py") {
            *out += &std::fs::read_to_string(&path).expect("text");
        }
    }
}

/// The rows under each heading: file, what stands in it already, and the tests that notice.
fn lists() -> BTreeMap<String, Vec<(String, String, Vec<String>)>> {
    let mut out: BTreeMap<String, Vec<(String, String, Vec<String>)>> = BTreeMap::new();
    let mut heading = String::new();
    for line in text("docs/changing.md").lines() {
        if let Some(own) = line.strip_prefix("## ") {
            heading = own.to_owned();
        }
        let Some(row) = line.strip_prefix("| `") else { continue };
        let row = row.replace("\\|", "\u{0}");
        let cells: Vec<String> =
            row.trim_end_matches(" |").split(" | ").map(|cell| cell.replace('\u{0}', "|")).collect();
        assert_eq!(cells.len(), 4, "{line}");
        let named = cells[3].split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let beside = cells[1].trim_matches('`').to_owned();
        out.entry(heading.clone()).or_default().push((cells[0].trim_matches('`').to_owned(), beside, named));
    }
    out
}

#[test]
fn every_file_is_there_and_holds_what_the_new_item_goes_beside() {
    let mut sources = String::new();
    for folder in ["crates", "tests", "bindings/python/tests"] {
        tests(&root().join(folder), &mut sources);
    }
    let mut faults = Vec::new();
    for (heading, rows) in lists() {
        for (path, beside, named) in rows {
            if !text(&path).contains(&beside) {
                faults.push(format!("{heading}: {path} holds no {beside}"));
            }
            let missing = named.iter().filter(|test| !sources.contains(&format!("{test}(")));
            faults.extend(missing.map(|test| format!("{heading}: there is no test {test}")));
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Everything in backticks on the page, in rows and in prose.
fn quoted(page: &str) -> Vec<String> {
    let prose: Vec<&str> = page.lines().filter(|line| !line.starts_with("    ")).collect();
    prose.join("\n").split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn every_path_on_the_page_is_there() {
    let ends = [".rs", ".py", ".pyi", ".json", ".h", ".hpp", ".c", ".md", ".txt"];
    let path = |word: &String| {
        let one = !word.starts_with('/') && !word.contains(|c: char| c.is_whitespace() || "(){}\"*\\|".contains(c));
        one && (word.contains('/') || ends.iter().any(|end| word.ends_with(end)))
    };
    let paths: Vec<String> = quoted(&text("docs/changing.md")).into_iter().filter(path).collect();
    assert!(paths.len() > 30, "{paths:?}");
    let missing: Vec<&String> = paths.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "docs/changing.md names what is not there, or not from the root: {missing:#?}");
}

/// Files of the repository with these endings, with their places.
fn files(folder: &str, ends: &[&str], out: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(root().join(folder)).expect("a folder") {
        let entry = entry.expect("an entry");
        let name = entry.file_name().into_string().expect("UTF-8");
        let path = format!("{folder}/{name}");
        if entry.file_type().expect("a type").is_dir() {
            if !["target", "__pycache__"].contains(&name.as_str()) && !name.starts_with('.') {
                files(&path, ends, out);
            }
        } else if ends.iter().any(|end| name.ends_with(end)) {
            out.push((path.clone(), text(&path)));
        }
    }
}

/// What says in its head that it is generated, and the tests that write files anew: the page has each, with the command.
#[test]
fn the_page_names_every_generated_file_and_its_command() {
    let page = text("docs/changing.md");
    let mut sources = Vec::new();
    files("crates", &[".rs"], &mut sources);
    files("bindings", &[".rs", ".py", ".h", ".hpp"], &mut sources);
    let mut missing = Vec::new();
    let mut written = vec!["bindings/c/include/nexus.h".to_owned(), "bindings/python/docstrings.json".to_owned()];
    for (path, text) in &sources {
        let mut head = text.lines().take(4);
        if head.any(|line| line.contains("Generated from the core's lists; a test compares it")) {
            written.push(path.clone());
        }
        if text.contains("var_os(\"NEXUS_REWRITE\")") {
            let crate_of = path.split('/').nth(1).expect("a crate");
            // What several tests share is run by one of them.
            let test = match path.rsplit('/').next().expect("a name").trim_end_matches(".rs") {
                "console" => "readme",
                "statements" => "life",
                own => own,
            };
            written.push(format!("NEXUS_REWRITE=1 cargo test -p {crate_of} --test {test}"));
        } else if text.contains("\"NEXUS_REWRITE\" in os.environ") {
            written.push("NEXUS_REWRITE=1 make test-python".to_owned());
        }
    }
    missing.extend(written.iter().filter(|one| !page.contains(one.as_str())));
    assert!(written.len() > 8, "{written:?}");
    assert!(missing.is_empty(), "docs/changing.md lacks {missing:#?}");
}

/// A problem that nothing reports is an error that never occurs. Those of an HTTP status are compared where their table is.
#[test]
fn every_problem_is_reported_somewhere() {
    let kinds = text("crates/nexus-types/src/error/kind.rs");
    let mut sources = Vec::new();
    for folder in ["crates", "bindings/python/src"] {
        files(folder, &[".rs"], &mut sources);
    }
    let product = |(path, text): (String, String)| {
        if path.contains("/tests")
            || path.contains("/benches/")
            || path.ends_with("_tests.rs")
            || path.ends_with("kind.rs")
        {
            return None;
        }
        // A file's own tests stand at its end.
        let own = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        Some(own.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n"))
    };
    let sources: Vec<String> = sources.into_iter().filter_map(product).collect();
    let mut missing = Vec::new();
    let mut count = 0;
    for family in kinds.split("\nproblems! {").skip(1) {
        let family = family.split("\n}\n").next().expect("an end");
        let name = family.lines().find_map(|line| line.trim().strip_suffix("Problem {")).expect("a name");
        if name == "Api" {
            continue;
        }
        let name = format!("{name}Problem");
        let variants = family.lines().filter(|line| !line.contains("///")).filter_map(|line| line.split_once(" => "));
        for (variant, _) in variants {
            let variant = variant.trim();
            count += 1;
            let whole = format!("{name}::{variant}");
            let imported = "use TransportProblem::{";
            let reported = sources.iter().any(|source| {
                source.contains(&whole)
                    || source
                        .split(imported)
                        .skip(1)
                        .any(|rest| rest.split('}').next().is_some_and(|list| list.contains(variant)))
            });
            if !reported {
                missing.push(whole);
            }
        }
    }
    assert!(count > 20, "{count}");
    assert!(missing.is_empty(), "nothing reports {missing:?}, so their errors never occur");
}

#[test]
fn the_lists_are_as_short_as_they_are_meant_to_be() {
    let most = [("a field", 5), ("a status", 4), ("an endpoint", 12), ("an error kind", 4)];
    let lists = lists();
    assert_eq!(lists.len(), most.len());
    for (item, most) in most {
        let rows = lists.get(&format!("How to add {item}")).unwrap_or_else(|| panic!("{item}: no list"));
        assert!(rows.len() <= most, "{item}: {} files", rows.len());
    }
}

/// Opened and fetched by the keeper of sessions, and no calls of their own.
const INSIDE: [Operation; 2] = [Operation::OpenSession, Operation::ApiToken];

#[test]
fn every_operation_is_a_call_everywhere() {
    let stub = text("bindings/python/python/mx_nexus/_nexus.pyi");
    let client = stub.split("class Client:").nth(1).and_then(|rest| rest.split("\nclass ").next()).expect("Client");
    let places = [
        ("crates/nexus-http/src/client.rs", "pub fn {}(", None),
        ("crates/nexus-ffi/src/client.rs", "fn nexus_client_{}(", None),
        ("bindings/c/include/nexus/client.hpp", "nexus_client_{}(", None),
        ("bindings/python/src/client.rs", "fn {}(", None),
        ("bindings/python/python/mx_nexus/aio.py", "async def {}(", None),
        ("bindings/python/python/mx_nexus/_nexus.pyi", "def {}(", Some(client)),
    ];
    let mut missing = Vec::new();
    for operation in Operation::ALL.into_iter().filter(|operation| !INSIDE.contains(operation)) {
        for (path, call, part) in &places {
            let call = call.replace("{}", operation.name());
            let there = part.map_or_else(|| text(path).contains(&call), |part| part.contains(&call));
            if !there {
                missing.push(format!("{path} lacks {call}…) for {operation:?}"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_operation_has_an_endpoint() {
    let mut sources = String::new();
    tests(&root().join("crates/nexus-types/src/endpoint"), &mut sources);
    let own = |operation: &Operation| {
        format!("fn operation(&self) -> Operation {{\n        Operation::{operation:?}\n    }}")
    };
    let missing: Vec<_> = Operation::ALL.into_iter().filter(|operation| !sources.contains(&own(operation))).collect();
    assert!(missing.is_empty(), "no endpoint is {missing:?}");
}
