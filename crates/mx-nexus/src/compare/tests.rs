//! The switches one at a time: a second sandbox, served over HTTP, has one field set, and exactly that is named.

use nexus_sandbox::{Options, Policy, Sandbox};
use serde_json::{Map, Value, json};

use super::explain::{Explained, Setting, explain};
use super::outside::Outside;
use super::report::Report;
use super::script::{Conditions, Transcript, hold};
use super::shape::{self, Exactness};
use super::side::Inside;
use super::switches::UNSEEN;
use super::values::Values;
use crate::args::{Args, Command};

/// Every field that the conversation sees, and a value that is not the default.
fn seen() -> Vec<(&'static str, Value)> {
    vec![
        ("verification", json!("deferred")),
        ("refresh", json!("minutely")),
        ("create_shows", json!("requested")),
        ("accounts_per_email", json!(null)),
        ("conflict", json!(false)),
        ("blocked_routing_numbers", json!(["091000019"])),
        ("refused_routing_numbers", json!([])),
        ("media_type", json!("admit_json")),
        ("strict_names", json!(false)),
        ("integers_in_requests", json!(true)),
        ("account_type_alone", json!(true)),
        ("odd_amounts", json!("wrong")),
        ("wrong_state_status", json!(422)),
        ("wrong_state_code", json!(4220)),
        ("not_found_status", json!(410)),
        ("not_found_code", json!(4099)),
        ("invalid_status", json!(422)),
        ("unauthorized_status", json!(403)),
        ("method_status", json!(404)),
        ("accept_status", json!(400)),
        ("media_type_status", json!(400)),
        ("too_large_status", json!(400)),
        ("error_body", json!("bare")),
        ("error_code", json!("text")),
        ("list_lag_seconds", json!(3600)),
        ("list_page", json!(10)),
        ("empty_list", json!("null")),
        ("list_shape", json!("flat")),
        ("reads_touch", json!("always")),
        ("updated_at", json!("never_moves")),
        ("time_resolution", json!("seconds")),
        ("time_form", json!("offset")),
        ("institution_name", json!("Bank of Canary")),
        ("hidden_fields", json!(["email", "account_name"])),
        ("null_fields", json!(["last_name"])),
        ("masked_account_number", json!(true)),
        ("invented_fields", json!(true)),
        ("known_users_only", json!(true)),
        ("numbers", json!("integers")),
        ("body_limit", json!(1_048_576)),
    ]
}

fn fields(name: &str, value: &Value) -> Map<String, Value> {
    Map::from_iter([(name.to_owned(), value.clone())])
}

struct Compared {
    explained: Explained,
    heard: Transcript,
    sent: u32,
}

impl Compared {
    fn report(&self) -> Report<'_> {
        Report { explained: &self.explained, there: &self.heard, sent: self.sent }
    }

    fn named(&self) -> Vec<String> {
        self.explained.by.iter().flat_map(|(switch, _)| switch.fields.keys().cloned()).collect()
    }
}

fn compared(policy: Map<String, Value>, base: Map<String, Value>) -> Compared {
    compared_with(policy, base, true)
}

fn compared_with(policy: Map<String, Value>, base: Map<String, Value>, clock: bool) -> Compared {
    let mut options = Options::default();
    options.policy = serde_json::from_value::<Policy>(Value::Object(policy)).unwrap();
    options.seed = 7;
    let sandbox = Sandbox::start(options).unwrap();
    let credentials = sandbox.credentials();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), &credentials.api_key).unwrap();
    let arguments = [
        "nexus",
        "compare",
        "--to",
        sandbox.url(),
        "--client-id",
        &credentials.client_id,
        "--user-id",
        &credentials.user_id,
        "--api-key-file",
        file.path().to_str().unwrap(),
    ];
    let args = <Args as clap::Parser>::try_parse_from(arguments).unwrap();
    let Command::Compare(options) = &args.command else { panic!() };
    let mut there = Outside::find(&args.global, options).unwrap();
    let start = there.start().unwrap();
    if !clock {
        there = there.without_clock();
    }
    let conditions = Conditions { keyed: true, clock, accounts: true, wait: 0, fresh: None, deposited: None };
    let values = Values::new(12_345_678);
    let heard = hold(&mut there, &values, conditions).unwrap();
    let setting = Setting { values: &values, conditions: heard.conditions, start, base };
    let explained = explain(&setting, &heard).unwrap();
    Compared { explained, sent: there.sent, heard }
}

#[test]
fn two_of_the_same_are_equal() {
    let compared = compared(Map::new(), Map::new());
    assert!(compared.report().is_equal(), "{}", compared.report().text());
    assert!(compared.explained.compared > 300, "{}", compared.explained.compared);
}

#[test]
fn every_field_is_seen_or_told_not_to_be_with_a_reason() {
    let mut named: Vec<&str> =
        seen().iter().map(|(name, _)| *name).chain(UNSEEN.iter().map(|(name, _)| *name)).collect();
    let mut all: Vec<&str> = Policy::FIELDS.iter().map(|field| field.name).collect();
    named.sort_unstable();
    all.sort_unstable();
    assert_eq!(named, all);
    assert!(UNSEEN.iter().all(|(_, why)| why.len() > 10));
    let help = super::help();
    assert!(UNSEEN.iter().all(|(name, why)| help.contains(&format!("{name}: {why}"))));
}

/// Several at once: each is named, and nothing else.
#[test]
fn whole_policies_are_taken_apart() {
    let observed = nexus_sandbox::Preset::Observed.policy().to_json();
    let usual = Policy::default().to_json();
    let differs = |name: &str| observed[name] != usual[name];
    let names = Policy::FIELDS.iter().map(|field| field.name).filter(|name| differs(name));
    // A time with an offset is always to the second.
    let mut expected: Vec<&str> = names.filter(|name| *name != "time_resolution").collect();
    let compared = compared(Map::from_iter([("base".to_owned(), json!("observed"))]), Map::new());
    let mut named = compared.named();
    named.sort_unstable();
    named.dedup();
    expected.sort_unstable();
    assert_eq!(named, expected, "{}", compared.report().text());
    assert!(compared.explained.unexplained.is_empty(), "{}", compared.report().text());
}

/// As at MX: nobody moves the clock there, and nothing that depends on it is a difference.
#[test]
fn a_clock_that_runs_by_itself_makes_no_difference_and_switches_are_still_named() {
    let same = compared_with(Map::new(), Map::new(), false);
    assert!(same.report().is_equal(), "{}", same.report().text());
    assert!(same.report().text().contains("Not seen: submissions of amounts"));
    for (name, value) in [("list_shape", json!("flat")), ("wrong_state_status", json!(422)), ("conflict", json!(false))]
    {
        let other = compared_with(fields(name, &value), Map::new(), false);
        assert_eq!(other.named(), [name], "{}", other.report().text());
    }
}

/// With --wait: the deposits are waited for, and then amounts are submitted.
#[test]
fn deposits_that_are_waited_for_show_how_amounts_are_judged() {
    let values = Values::new(1);
    let conditions = Conditions { keyed: true, clock: false, accounts: true, wait: 300, fresh: None, deposited: None };
    let policy = serde_json::from_value(json!({"verification": "deferred"})).unwrap();
    let heard = hold(&mut Inside::new(policy, None), &values, conditions).unwrap();
    assert_eq!(heard.conditions.deposited, Some(true));
    assert!(heard.steps.iter().any(|(step, _)| *step == "verify with 0.09 and 0.09"));
    let setting = Setting { values: &values, conditions: heard.conditions, start: None, base: Map::new() };
    let explained = explain(&setting, &heard).unwrap();
    assert_eq!(Compared { explained, heard, sent: 0 }.named(), ["verification"]);
    let short = Conditions { wait: 20, ..conditions };
    let heard = hold(&mut Inside::new(Policy::default(), None), &values, short).unwrap();
    assert_eq!(heard.conditions.deposited, Some(false));
}

/// In production nobody's bank gets a deposit.
#[test]
fn production_gets_no_account_details() {
    let conditions = Conditions { keyed: true, clock: false, accounts: false, wait: 0, fresh: None, deposited: None };
    let heard = hold(&mut Inside::new(Policy::default(), None), &Values::new(1), conditions).unwrap();
    assert!(!heard.steps.iter().any(|(step, _)| step.contains("create") || step.contains("account of")));
    assert_eq!(heard.made, 1);
}

#[test]
fn what_is_kept_of_a_response_has_nothing_personal() {
    let values = Values::new(1);
    let canaries =
        ["Canaria", "CANARIA", "canary@secret.example", "333377777", "091000777", "tok-canary", "USR-canary"];
    let record = json!({
        "guid": "MIC-canary", "first_name": "Canaria", "last_name": "Canaria", "email": "canary@secret.example",
        "account_number": 333_377_777, "routing_number": "091000777", "account_name": "Canaria", "institution_name": "Canaria",
        "status": 333_377_777, "status_name": "Canaria", "account_type": "333377777", "account_type_name": "Canaria",
        "error_code": "CANARIA", "error_message": "Canaria 333377777", "created_at": "Canaria",
        "updated_at": "canary@secret.example", "verified_at": "333377777", "Canaria": "Canaria", "other": {"Canaria": "Canaria"},
    });
    let whole = json!({
        "micro_deposit": record, "micro_deposits": [{"micro_deposit": record}, record, "Canaria"],
        "error": {"code": "333377777", "message": "Canaria", "canary@secret.example": 1},
        "session": {"token": "tok-canary"}, "333377777": "tok-canary", "user_guid": "USR-canary",
        "errors": [{"message": "Canaria"}], "Canaria": [1],
    });
    let mut aliases = values.aliases();
    aliases.name("guid", "MIC-canary", "of `create`");
    let shape = shape::body(whole.to_string().as_bytes(), &mut aliases, Exactness { clock: true });
    assert!(shape.len() > 40, "{shape:?}");
    let shown = format!("{shape:?}");
    for canary in canaries {
        assert!(!shown.contains(canary), "{canary}: {shape:#?}");
    }
    for text in ["<p>Canaria", "Canaria", "\"Canaria\"", "[\"Canaria\"]"] {
        let shape = shape::body(text.as_bytes(), &mut aliases, Exactness { clock: true });
        assert!(!format!("{shape:?}").contains("Canaria"), "{shape:?}");
    }
}

#[test]
fn each_field_that_can_be_seen_is_named_and_no_other() {
    let mut wrong = Vec::new();
    for (name, value) in seen() {
        if serde_json::from_value::<Policy>(Value::Object(fields(name, &value))).is_err() {
            wrong.push(format!("{name} is no field, or this no value of it"));
            continue;
        }
        let compared = compared(fields(name, &value), Map::new());
        if compared.named() != [name] || !compared.explained.unexplained.is_empty() {
            wrong.push(format!("{name}: {:?}\n{}", compared.named(), compared.report().text()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_sandbox_that_is_set_so_too_is_equal() {
    for (name, value) in [("numbers", json!("integers")), ("list_shape", json!("flat"))] {
        let compared = compared(fields(name, &value), fields(name, &value));
        assert!(compared.report().is_equal(), "{}", compared.report().text());
    }
}
