//! What MX's documents say and the sandbox does otherwise: each known difference of the README happens as it is told there, and each
//! statement that a policy switches holds with that policy. Every other statement is held by `examples.rs`, `times.rs` and
//! `verifying.rs`.

use std::collections::BTreeSet;

use nexus_sandbox::{Options, Policy, Preset, Sandbox};
use serde_json::json;

use crate::life::{Life, creation, person};

const README: &str = include_str!("../../README.md");
const GUIDE: &str = include_str!("../../../../docs/guide/policy.md");

type Check = fn(&mut Life) -> bool;

/// The first cell of each row of the README's table, and whether it is so.
const DIFFERENCES: [(&str, Check); 6] = [
    ("The addresses are https", |_| Sandbox::start(Options::default()).unwrap().url().starts_with("http://127.0.0.1:")),
    ("A session token opens `/accounts`, and there are some thirty other resources", |life| {
        life.ask("GET", "/accounts", "").0 == 404 && life.ask("GET", "/members", "").0 == 404
    }),
    ("A record in REQUESTED has a `verified_at` (examples of create, read and list)", |life| {
        life.create(&creation("333312345"));
        life.pass(1);
        let list = life.get("GET", "/micro_deposits", "");
        let guid = list["micro_deposits"][0]["micro_deposit"]["guid"].as_str().unwrap().to_owned();
        let record = life.read(&guid).unwrap();
        record["status_name"] == "REQUESTED" && record["verified_at"].is_null()
    }),
    ("A new record's `updated_at` is a second after its `created_at` (example of create)", |life| {
        let record = life.create(&creation("333312345"));
        record["updated_at"] == record["created_at"]
    }),
    ("A pre-initiated record's `created_at` ends with `+00:0` (example)", |life| {
        let record = life.create(&person("joshboy@example.com"));
        record["created_at"] == "2026-01-05T09:00:00.000Z"
    }),
    (
        "A create requires the account's number, routing number and type name, and no name and e-mail address (schema)",
        |life| {
            let mut body = creation("333312345");
            for field in ["first_name", "last_name", "email"] {
                body["micro_deposit"].as_object_mut().unwrap().remove(field);
            }
            life.ask("POST", "/micro_deposits", &body.to_string()).0 == 400
        },
    ),
];

/// The first cells of the table below this heading.
fn rows<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
    let table = page.split(heading).nth(1).unwrap().split("\n## ").next().unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| ")).skip(1);
    rows.map(|row| row.split(" | ").next().unwrap().trim_start_matches("| ")).collect()
}

#[test]
fn every_known_difference_is_as_the_readme_tells() {
    assert_eq!(rows(README, "## Known differences"), DIFFERENCES.map(|(name, _)| name));
    for (name, holds) in DIFFERENCES {
        for preset in [Preset::Default, Preset::Documented] {
            // The example's status is a policy; what is odd about its times is not.
            assert!(holds(&mut Life::new(preset.policy())), "{name} with {}", preset.name());
        }
    }
}

/// A statement of MX's documents and the policy under which it holds; it does not by default.
const SWITCHED: [(&str, &str, Check); 7] = [
    ("create_shows", "requested", |life| life.create(&creation("333312345"))["status"] == 1),
    ("numbers", "examples", |life| life.create(&creation("333312345"))["routing_number"] == json!(91_000_019)),
    ("integers_in_requests", "true", |life| {
        let mut body = creation("333312345");
        body["micro_deposit"]["account_number"] = json!(333_312_345);
        life.ask("POST", "/micro_deposits", &body.to_string()).0 == 200
    }),
    ("account_type_alone", "true", |life| {
        let mut body = creation("333312345");
        body["micro_deposit"].as_object_mut().unwrap().remove("account_type_name");
        body["micro_deposit"]["account_type"] = json!(1);
        life.ask("POST", "/micro_deposits", &body.to_string()).0 == 200
    }),
    ("list_shape", "flat", |life| {
        life.create(&creation("333312345"));
        life.get("GET", "/micro_deposits", "")["micro_deposits"][0].get("micro_deposit").is_none()
    }),
    ("institution_name", "null", |life| life.create(&creation("333312345"))["institution_name"].is_null()),
    ("refresh", "minutely", |life| {
        life.create(&creation("333312345"));
        life.pass(120);
        life.listed() == ["DEPOSITED"]
    }),
];

#[test]
fn what_a_policy_switches_holds_with_it_and_not_without() {
    let named: Vec<String> = SWITCHED.iter().map(|(field, value, _)| format!("`{field}: {value}`")).collect();
    let table = README.split("## Statements that a policy switches").nth(1).unwrap();
    for ((field, value, holds), named) in SWITCHED.iter().zip(named) {
        assert!(table.contains(&named), "the README lacks {named}");
        let value = serde_json::from_str(value).unwrap_or_else(|_| json!(value));
        let policy = Policy::from_json(json!({*field: value}).to_string().as_bytes()).unwrap();
        assert!(holds(&mut Life::new(policy)), "{field}");
        assert!(!holds(&mut Life::new(Policy::default())), "{field}");
    }
    assert_eq!(rows(README, "## Statements that a policy switches").len(), SWITCHED.len());
}

/// The guide's table is made of the list of fields; `NEXUS_REWRITE=1` writes it anew.
#[test]
fn the_guide_has_every_field() {
    let (before, rest) = GUIDE.split_once("<!-- fields -->\n").unwrap();
    let (_, after) = rest.split_once("<!-- end -->").unwrap();
    let cell = |text: &str| text.replace('|', "\\|");
    let rows = Policy::FIELDS.iter().map(|field| {
        let (name, default, values) = (field.name, field.default(), cell(&field.values()));
        let basis = if field.is_documented() { "in part" } else { "no" };
        format!("| `{name}` | `{default}` | {values} | {basis} | {} |\n", cell(field.text()))
    });
    let table: String = rows.collect();
    let head = "| Field | Default | Must be | Documented | What it decides |\n|---|---|---|---|---|\n";
    let now = format!("{before}<!-- fields -->\n{head}{table}<!-- end -->{after}");
    if std::env::var_os("NEXUS_REWRITE").is_some() {
        std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/guide/policy.md"), &now).unwrap();
        return;
    }
    assert!(GUIDE == now, "docs/guide/policy.md is not what the list of fields says: NEXUS_REWRITE=1 writes it anew");
    let names: BTreeSet<_> = Policy::FIELDS.iter().map(|field| field.name).collect();
    assert_eq!(names.len(), Policy::FIELDS.len());
}
