//! MX's documented examples: the same input gives the documented keys, wrapping, types and values.

use nexus_sandbox::{Options, Policy};
use serde_json::{Value, json};

use crate::life::{Life, guid};

const REQUESTS: &str = include_str!("../../../../tests/vectors/requests.json");
const RESPONSES: &str = include_str!("../../../../tests/vectors/responses.json");

/// The body of a documented example.
fn body(file: &str, id: &str) -> String {
    let file: Value = serde_json::from_str(file).unwrap();
    let case = file["vectors"].as_array().unwrap().iter().find(|case| case["id"] == id).unwrap();
    case["body"].as_str().unwrap().to_owned()
}

/// The keys of a JSON text in which no string has an escape, in order.
fn keys(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('"').collect();
    let strings = parts.windows(2).skip(1).step_by(2);
    strings.filter(|pair| pair[1].trim_start().starts_with(':')).map(|pair| pair[0]).collect()
}

/// A world at the time of the examples.
fn at_example_time() -> Life {
    let mut options = Options::default();
    options.policy = Policy::default();
    // 2021-09-01T18:29:06Z
    options.start_unix_seconds = 1_630_520_946;
    Life::from(options)
}

/// Holds what is served against an example; `differing` are the fields whose values are looked at by the caller.
fn same(served: &str, example: &str, differing: &[&str]) -> Value {
    assert_eq!(keys(served), keys(example));
    let [served, example] = [served, example].map(|text| serde_json::from_str::<Value>(text).unwrap());
    let inner = |value: &Value| match value.get("micro_deposits") {
        Some(list) => list[0]["micro_deposit"].clone(),
        None => value["micro_deposit"].clone(),
    };
    let (record, documented) = (inner(&served), inner(&example));
    for (name, value) in documented.as_object().unwrap() {
        let own = &record[name];
        match name.as_str() {
            // Made by the server: the prefix and the form of a UUID.
            "guid" => {
                let dashes = |value: &Value| value.as_str().unwrap().match_indices('-').map(|(at, _)| at).collect();
                let (own_dashes, dashes): (Vec<usize>, Vec<usize>) = (dashes(own), dashes(value));
                assert_eq!((own_dashes, own.as_str().unwrap().len()), (dashes, value.as_str().unwrap().len()));
                assert!(own.as_str().unwrap().starts_with("MIC-"));
            }
            // Declared text; some examples show a number, which has lost its leading zero.
            "account_number" | "routing_number" if value.is_number() => {
                let digits = value.to_string();
                let whole = if name == "routing_number" { format!("{digits:0>9}") } else { digits };
                assert_eq!(*own, whole, "{name}");
            }
            name if differing.contains(&name) => assert_ne!(own, value, "{name} need not be excepted"),
            _ => assert_eq!(own, value, "{name}"),
        }
    }
    record
}

#[test]
fn create_read_and_list() {
    let mut life = at_example_time();
    let (status, created) = life.ask("POST", "/micro_deposits", &body(REQUESTS, "request-create"));
    assert_eq!(status, 200);
    // The example shows what the prose does not say: REQUESTED, a second later, and verified before it was deposited.
    let early = ["status", "status_name", "updated_at", "verified_at"];
    let record = same(&created, &body(RESPONSES, "response-create"), &early);
    assert_eq!((&record["status"], &record["status_name"]), (&json!(0), &json!("INITIATED")), "as the prose says");
    assert_eq!((&record["updated_at"], &record["verified_at"]), (&record["created_at"], &json!(null)));
    let path = format!("/micro_deposits/{}", guid(&record));
    life.pass(1);
    let (_, read) = life.ask("GET", &path, "");
    let record = same(&read, &body(RESPONSES, "response-read"), &["verified_at"]);
    assert_eq!(record["verified_at"], json!(null));
    let (_, list) = life.ask("GET", "/micro_deposits", "");
    same(&list, &body(RESPONSES, "response-list"), &["verified_at"]);
}

#[test]
fn verify() {
    let mut life = at_example_time();
    let created = life.get("POST", "/micro_deposits", &body(REQUESTS, "request-create"));
    let guid = guid(&created["micro_deposit"]);
    life.pass(1);
    life.event(&guid, &json!({"event": "landed"})).unwrap();
    let path = format!("/micro_deposits/{guid}");
    let (status, verified) = life.ask("PUT", &path, &body(REQUESTS, "request-verify"));
    assert_eq!(status, 200);
    for example in ["response-verify", "response-verify-rendered"] {
        same(&verified, &body(RESPONSES, example), &[]);
    }
}

#[test]
fn preinitiate() {
    let mut life = at_example_time();
    let (status, created) = life.ask("POST", "/micro_deposits", &body(REQUESTS, "request-preinitiate"));
    assert_eq!(status, 200);
    // The example's offset is broken: `+00:0`.
    let record = same(&created, &body(RESPONSES, "response-preinitiate"), &["created_at"]);
    assert_eq!(record["created_at"], "2021-09-01T18:29:06.000Z");
}
