//! Replays the corpus of the fuzzer and the test vectors through the fuzz targets, on stable Rust.

#![allow(clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};

use nexus_fuzz::TARGETS;

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.expect("an entry").path()).filter(|path| path.is_file()).collect()
}

#[test]
fn every_target_replays_its_corpus() {
    for (name, check) in TARGETS {
        let corpus = files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(name));
        assert!(corpus.len() >= 3, "{name} has a corpus");
        for path in corpus {
            check(&fs::read(&path).expect("readable"));
        }
    }
}

/// Every text in the vectors, whole files too, goes through every target.
#[test]
fn every_target_takes_the_vectors() {
    let mut texts = Vec::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors")) {
        let body = fs::read(&path).expect("readable");
        collect(&serde_json::from_slice(&body).expect("JSON"), &mut texts);
    }
    assert!(texts.len() > 500, "the vectors were found");
    for (_, check) in TARGETS {
        texts.iter().for_each(|text| check(text.as_bytes()));
    }
}

fn collect(value: &serde_json::Value, out: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => out.push(text.clone()),
        serde_json::Value::Array(items) => items.iter().for_each(|item| collect(item, out)),
        serde_json::Value::Object(fields) => fields.values().for_each(|item| collect(item, out)),
        _ => {}
    }
}

#[test]
fn every_target_has_its_binary() {
    for (name, _) in TARGETS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz_targets").join(format!("{name}.rs"));
        let source = fs::read_to_string(&path).expect("a binary for each target");
        assert!(source.contains(&format!("nexus_fuzz::{name}(data)")));
    }
}
