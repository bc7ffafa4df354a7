//! Runs the console blocks of the README, the runbook and the guide, command by command, and compares the output; compiles the
//! README's Rust.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::path::Path;

use support::Served;
use support::console::{Shell, greeting, judge, replayed};

const README: &str = include_str!("../../../README.md");
const OWN: &str = include_str!("../README.md");
const RUNBOOK: &str = include_str!("../../../docs/runbook.md");

fn path(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name)
}

/// The first block of a tour is the sandbox itself, which goes on; what it says is compared apart.
const OTHER_SIDE: &str = "```console\n$ nexus sandbox --port 8080\n";

fn toured(page: &str) -> String {
    let (before, rest) = page.split_once(OTHER_SIDE).expect("the sandbox's block");
    let (own, after) = rest.split_once("```\n").expect("its end");
    let (printed, _) = greeting(own.lines().count());
    let now = replayed(after, Shell::new(Served::start(&[])));
    format!("{before}{OTHER_SIDE}{printed}```\n{now}")
}

#[test]
fn the_tour_is_real() {
    judge(&path("README.md"), README, &toured(README));
}

#[test]
fn the_guide_is_real() {
    let mut pages = 0;
    for entry in std::fs::read_dir(path("docs/guide")).expect("the guide") {
        let file = entry.expect("a page").path();
        let page = std::fs::read_to_string(&file).expect("text");
        if page.contains(OTHER_SIDE) {
            judge(&file, &page, &toured(&page));
        } else if page.contains("```console\n") {
            judge(&file, &page, &replayed(&page, Shell::new(Served::start(&[]))));
        } else {
            continue;
        }
        pages += 1;
    }
    assert!(pages >= 3, "{pages}");
}

#[test]
fn the_packages_own_page_is_real() {
    judge(&path("crates/mx-nexus/README.md"), OWN, &replayed(OWN, Shell::new(Served::start(&[]))));
}

#[test]
fn the_runbook_is_real() {
    judge(&path("docs/runbook.md"), RUNBOOK, &replayed(RUNBOOK, Shell::new(Served::start(&[]))));
}

/// The Rust of the README stands, line by line, in a function that the compiler and the sandbox have seen.
#[test]
fn the_rust_is_compiled() {
    let shown = README.split("```rust\n").nth(1).and_then(|rest| rest.split("```").next()).expect("a block of Rust");
    let compiled: Vec<&str> = include_str!("readme_rust.rs").lines().map(str::trim).collect();
    let mut at = 0;
    for line in shown.lines() {
        // An address and a credential differ; everything else is the same and in this order.
        let line = line.trim().replace("INTEGRATION_URL", "url");
        let found = compiled[at..].iter().position(|own| *own == line);
        at += found.unwrap_or_else(|| panic!("not compiled: {line}")) + 1;
    }
}
