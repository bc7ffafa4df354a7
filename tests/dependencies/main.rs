//! The dependencies between the crates, which must be those of the map in ARCHITECTURE.md; and the circles inside the crates.

#![allow(clippy::expect_used, clippy::panic)]

mod circles;
mod paths;

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;

/// What each crate may use of ours. `nexus` is the root package, which tests them all.
const ARROWS: &[(&str, &[&str])] = &[
    ("nexus-types", &[]),
    ("nexus-http", &["nexus-types"]),
    ("nexus-sandbox", &["nexus-types"]),
    ("mx-nexus", &["nexus-types", "nexus-http", "nexus-sandbox"]),
    // The sandbox only for its users' tests, behind a feature.
    ("nexus-ffi", &["nexus-types", "nexus-http", "nexus-sandbox"]),
    ("nexus-fuzz", &["nexus-types", "nexus-sandbox"]),
    ("nexus-python", &["nexus-types", "nexus-http", "nexus-sandbox"]),
];

/// Our crates and those of ours that each uses, tests of its own not counted.
fn used() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata speaks JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    let ours = |name: &str| packages.iter().any(|package| package["name"] == name);
    let mut out = BTreeMap::new();
    for package in packages {
        let needed = package["dependencies"].as_array().expect("dependencies");
        let names = needed.iter().filter(|dependency| dependency["kind"] != "dev");
        let names = names.filter_map(|dependency| dependency["name"].as_str()).filter(|name| ours(name));
        out.insert(package["name"].as_str().unwrap_or_default().to_owned(), names.map(str::to_owned).collect());
    }
    out
}

#[test]
fn crates_use_only_what_they_may() {
    let used = used();
    assert!(used.contains_key("nexus-types"), "{used:?}");
    for (name, uses) in used.iter().filter(|(name, _)| *name != "nexus") {
        let allowed = ARROWS.iter().find(|(known, _)| known == name).map(|(_, allowed)| *allowed);
        let allowed = allowed.unwrap_or_else(|| panic!("{name} has no row in ARROWS"));
        for other in uses {
            assert!(allowed.contains(&other.as_str()), "{name} must not use {other}");
        }
    }
}

#[test]
fn no_crate_of_ours_but_the_borders_may_hold_unsafe_code() {
    let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).expect("Cargo.toml");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
}
