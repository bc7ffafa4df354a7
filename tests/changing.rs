//! `docs/changing.md` is correct; and each operation of the core has a call in every binding.
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
    for (heading, rows) in lists() {
        for (path, beside, named) in rows {
            assert!(text(&path).contains(&beside), "{heading}: {path} holds no {beside}");
            for test in named {
                assert!(sources.contains(&test), "{heading}: there is no test {test}");
            }
        }
    }
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
    for operation in Operation::ALL.into_iter().filter(|operation| !INSIDE.contains(operation)) {
        for (path, call, part) in &places {
            let call = call.replace("{}", operation.name());
            let there = part.map_or_else(|| text(path).contains(&call), |part| part.contains(&call));
            assert!(there, "{path} lacks {call}…) for {operation:?}");
        }
    }
}

#[test]
fn every_operation_has_an_endpoint() {
    let mut sources = String::new();
    tests(&root().join("crates/nexus-types/src/endpoint"), &mut sources);
    for operation in Operation::ALL {
        let own = format!("fn operation(&self) -> Operation {{\n        Operation::{operation:?}\n    }}");
        assert!(sources.contains(&own), "no endpoint is {operation:?}");
    }
}
