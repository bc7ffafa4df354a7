//! Rules that all files of test cases keep.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::cases::{FILES, cases};
use crate::schema::faults;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/schema.json"));

#[test]
fn every_file_in_the_folder_is_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors");
    let there: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".json") && name != "schema.json")
        .collect();
    let read: BTreeSet<String> = FILES.iter().map(|(name, _)| format!("{name}.json")).collect();
    assert_eq!(there, read);
}

#[test]
fn every_case_has_an_id_of_its_own_a_reason_and_a_source() {
    let mut ids = BTreeSet::new();
    for (file, _) in FILES {
        for case in cases(file) {
            for key in ["id", "reason", "source"] {
                let text = case.get(key).and_then(Value::as_str).unwrap_or_default();
                assert!(!text.trim().is_empty(), "{file}: {key} of {:?}", case.get("id"));
            }
            let id = case["id"].as_str().unwrap().to_owned();
            assert!(
                id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_')),
                "{id}"
            );
            assert!(ids.insert(id.clone()), "{id} twice");
        }
    }
}

#[test]
fn a_source_is_one_of_the_known_kinds() {
    for (file, _) in FILES {
        for case in cases(file) {
            let source = case["source"].as_str().unwrap();
            let known = ["MX page: ", "domain.md ", "HTTP ("].iter().any(|start| source.starts_with(start));
            assert!(known || source == "assumed", "{file}: {source}");
        }
    }
}

/// What is wrong with a file of cases by the schema's definition of this name; empty if nothing is.
fn faults_of(definition: &str, document: &Value) -> Vec<String> {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    faults(&schema, &schema["$defs"][definition], document)
}

#[test]
fn every_file_satisfies_the_schema() {
    for (file, text) in FILES {
        let document: Value = serde_json::from_str(text).unwrap();
        assert_eq!(faults_of(&format!("file_{file}"), &document), Vec::<String>::new(), "{file}");
    }
}

#[test]
fn the_schema_refuses_what_is_not_a_case() {
    let file = |case: &str| -> Value {
        serde_json::from_str(&format!(r#"{{"group":"guids","about":"a","vectors":[{case}]}}"#)).unwrap()
    };
    let good = r#"{"id":"abc","reason":"r","source":"s","text":"t","ok":false}"#;
    assert!(faults_of("file_guids", &file(good)).is_empty());
    for bad in [
        good.replace(r#""reason":"r","#, ""),
        good.replace(r#""source":"s""#, r#""source":"""#),
        good.replace("false", "0"),
        good.replace(r#""ok""#, r#""okay":1,"ok""#),
        "7".to_owned(),
    ] {
        assert!(!faults_of("file_guids", &file(&bad)).is_empty(), "{bad}");
    }
    assert!(!faults_of("file_names", &file(good)).is_empty(), "another group");
}
