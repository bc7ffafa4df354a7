//! `responses.json`: responses with an HTTP status of 2xx.

use nexus_types::{Error, Microdeposit, Response, Reveal};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cases::load;
use crate::operations::{Input, Outcome, build};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    operation: String,
    asked: Option<String>,
    http: u16,
    body: String,
    records: Option<Vec<Record>>,
    token: Option<String>,
    url: Option<String>,
    error: Option<Problem>,
}

/// What is expected of one record: the status that is understood, and the named fields as they are given back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Record {
    pub(crate) status: String,
    pub(crate) fields: Map<String, Value>,
}

/// What is expected of a response that cannot be read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Problem {
    pub(crate) kind: String,
    pub(crate) at: String,
    pub(crate) outcome_unknown: Option<bool>,
}

impl Record {
    pub(crate) fn check(&self, id: &str, record: &Microdeposit) {
        assert_eq!(record.status.name(), self.status, "{id}");
        let json = record.to_json(Reveal::Full);
        let keys: Vec<_> = Microdeposit::FIELDS.to_vec();
        for (name, value) in &self.fields {
            assert!(keys.contains(&name.as_str()), "{id}: {name}");
            assert_eq!(&json[name], value, "{id}: {name}");
        }
        // Printed, a record shows nothing of what it holds in full.
        let shown = format!("{record:?} {}", record.to_json(Reveal::Masked));
        for name in ["account_number", "routing_number", "email", "first_name", "last_name", "account_name"] {
            let text = json[name].as_str().unwrap_or_default();
            assert!(text.chars().count() < 5 || !shown.contains(text), "{id}: {name} is shown");
        }
    }
}

impl Problem {
    pub(crate) fn check(&self, id: &str, error: &Error, body: &str) {
        assert_eq!(error.kind().name(), self.kind, "{id}");
        assert_eq!(error.field(), Some(self.at.as_str()), "{id}");
        if let Some(unknown) = self.outcome_unknown {
            assert_eq!(error.outcome_unknown(), unknown, "{id}");
        }
        never_repeats(id, error, body);
    }
}

/// An error holds no run of five digits of the body, and no word that a person could be known by.
pub(crate) fn never_repeats(id: &str, error: &Error, body: &str) {
    let shown = format!("{error} {error:?}");
    let runs = body.split(|c: char| !c.is_ascii_digit()).filter(|run| run.len() >= 5);
    for secret in runs.chain(["Josh", "James", "example@"]) {
        assert!(!shown.contains(secret), "{id}: {shown}");
    }
}

#[test]
fn responses() {
    for (id, case) in load::<Case>("responses") {
        let asked = Input { guid: case.asked.clone().or(Input::any().guid), ..Input::any() };
        let outcome = (build(&case.operation, &asked).parse)(&Response::new(case.http, case.body.as_str()));
        match (outcome, case.records, case.token, case.url, case.error) {
            (Ok(Outcome::Records(records)), Some(expected), None, None, None) => {
                assert_eq!(records.len(), expected.len(), "{id}");
                for (record, expected) in records.iter().zip(&expected) {
                    expected.check(&id, record);
                }
            }
            (Ok(Outcome::Token(token)), None, Some(expected), None, None) => assert_eq!(token, expected, "{id}"),
            (Ok(Outcome::Url(url)), None, None, Some(expected), None) => assert_eq!(url, expected, "{id}"),
            (Err(error), None, None, None, Some(expected)) => {
                expected.check(&id, &error, &case.body);
                assert_eq!(error.http_status(), Some(case.http), "{id}");
                assert_eq!(error.operation().map(|operation| operation.name()), Some(case.operation.as_str()), "{id}");
            }
            (outcome, ..) => panic!("{id}: {outcome:?}"),
        }
    }
}

#[test]
fn the_documented_records_have_the_documented_fields_in_order() {
    let mut documented = 0;
    for case in crate::cases::cases("responses") {
        let body = case["body"].as_str().unwrap();
        if !case["source"].as_str().unwrap().starts_with("MX page: ") || !body.contains("MX Bank") {
            continue;
        }
        documented += 1;
        let place = |name: &&str| body.find(&format!("\"{name}\":"));
        let lacking: Vec<_> = Microdeposit::FIELDS.into_iter().filter(|name| place(name).is_none()).collect();
        assert!(lacking.is_empty(), "{}: the documented record lacks {lacking:?}", case["id"]);
        let mut found = Microdeposit::FIELDS.to_vec();
        found.sort_by_key(place);
        assert_eq!(found, Microdeposit::FIELDS, "{}: the order of the documented record", case["id"]);
    }
    assert_eq!(documented, 5, "create, list, read, verify, and verify as rendered");
}
