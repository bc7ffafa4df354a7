//! Loads files of cases; not every test that does so needs all of this.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        [$((
            $name,
            include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/", $name, ".json")),
        )),*]
    };
}

/// Name and text of every file of cases, taken in when the test is compiled.
pub(crate) const FILES: &[(&str, &str)] = &files!(
    "account_numbers",
    "amounts",
    "conversations",
    "errors",
    "guids",
    "transitions",
    "names",
    "pages",
    "requests",
    "responses",
    "retry_after",
    "routing_numbers",
    "statuses",
    "timestamps",
    "webhook_faults",
    "webhook_schedule",
    "webhooks",
    "widget_events",
    "widget_rules",
    "widget_urls",
);

/// The cases of one file, each with its id. A key that the type does not know fails the test.
pub(crate) fn load<T: DeserializeOwned>(file: &str) -> Vec<(String, T)> {
    cases(file)
        .into_iter()
        .map(|mut case| {
            let id = case.remove("id").and_then(|id| id.as_str().map(str::to_owned)).unwrap();
            case.retain(|key, _| key != "reason" && key != "source");
            let case = serde_json::from_value(Value::Object(case)).unwrap_or_else(|error| panic!("{id}: {error}"));
            (id, case)
        })
        .collect()
}

/// The cases of one file as they stand.
pub(crate) fn cases(file: &str) -> Vec<Map<String, Value>> {
    let document: Value = serde_json::from_str(text(file)).unwrap();
    assert_eq!(document["group"], file);
    document["vectors"].as_array().unwrap().iter().map(|case| case.as_object().unwrap().clone()).collect()
}

/// The text of one file.
pub(crate) fn text(file: &str) -> &'static str {
    FILES.iter().find(|(name, _)| *name == file).unwrap().1
}
