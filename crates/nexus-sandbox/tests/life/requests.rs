//! Policies of requests and of time: integers for texts, `account_type` alone, what a create shows, business days.

use nexus_sandbox::{CreateShows, Deposits, Options, Policy, Preset, Profile};
use serde_json::{Value, json};

use crate::life::{HOUR, Life, creation, guid, shown};

fn with(field: &str, value: Value) -> String {
    let mut body = creation("333312345");
    body["micro_deposit"][field] = value;
    body.to_string()
}

#[test]
fn integers_in_requests() {
    for (integers_in_requests, expected) in [(false, 400), (true, 200)] {
        for (field, value) in [("account_number", json!(333_312_345)), ("routing_number", json!(91_000_019))] {
            let mut life = Life::new(Policy { integers_in_requests, ..Policy::default() });
            let (status, text) = life.ask("POST", "/micro_deposits", &with(field, value));
            assert_eq!(status, expected, "{field}: {text}");
            if status == 200 {
                let record = serde_json::from_str::<Value>(&text).unwrap()["micro_deposit"].clone();
                assert_eq!(
                    (&record["account_number"], &record["routing_number"]),
                    (&json!("333312345"), &json!("091000019"))
                );
            } else {
                assert!(text.contains(&format!("{field} must be a JSON string")), "{text}");
            }
        }
    }
    let mut life = Life::new(Policy { integers_in_requests: true, ..Policy::default() });
    for odd in [json!(-1), json!(1.5), json!(1e9), json!(true)] {
        assert_eq!(life.ask("POST", "/micro_deposits", &with("account_number", odd)).0, 400);
    }
}

#[test]
fn account_type_alone() {
    for (account_type_alone, expected) in [(false, 400), (true, 200)] {
        let mut life = Life::new(Policy { account_type_alone, ..Policy::default() });
        for (kind, name) in [(1, "CHECKING"), (2, "SAVINGS")] {
            let mut body = creation(&format!("3333{kind}"));
            body["micro_deposit"].as_object_mut().unwrap().remove("account_type_name");
            body["micro_deposit"]["account_type"] = json!(kind);
            let (status, text) = life.ask("POST", "/micro_deposits", &body.to_string());
            assert_eq!(status, expected, "{text}");
            let shown = serde_json::from_str::<Value>(&text).unwrap()["micro_deposit"]["account_type_name"].clone();
            assert_eq!(shown, if status == 200 { json!(name) } else { json!(null) });
        }
        assert_eq!(life.ask("POST", "/micro_deposits", &with("account_type", json!(2))).0, 400, "they contradict");
        assert_eq!(life.ask("POST", "/micro_deposits", &with("account_type", json!(3))).0, 400);
    }
}

#[test]
fn create_shows() {
    for (create_shows, expected) in [(CreateShows::Initiated, "INITIATED"), (CreateShows::Requested, "REQUESTED")] {
        for profile in [Profile::Integration, Profile::Production] {
            let mut life = Life::with(profile, Policy { create_shows, ..Policy::default() });
            let record = life.create(&creation("333312345"));
            assert_eq!(record["status_name"], expected);
            assert_eq!(record["verified_at"], json!(null), "by its definition");
            let events = life.get("GET", "/_sandbox/events", "");
            assert_eq!(events["events"][0]["body"]["micro_deposit"]["status_name"], "INITIATED", "it came first");
        }
    }
}

/// When the deposits of so many accounts landed, by the webhook events.
fn landings(deposits: Deposits, start: i64) -> Vec<String> {
    let mut options = Options::default();
    (options.profile, options.start_unix_seconds) = (Profile::Production, start);
    options.policy = Policy { deposits, ..Policy::default() };
    let mut life = Life::from(options);
    for account in 0..40 {
        life.made(&account.to_string());
    }
    life.pass(20 * 24 * HOUR);
    let events = life.get("GET", "/_sandbox/events", "");
    let landed =
        events["events"].as_array().unwrap().iter().filter(|event| event["body"]["micro_deposit"]["status"] == 2);
    landed.map(|event| event["at"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn deposits() {
    // 2026-12-24T15:00:00Z, a Thursday; Friday is Christmas.
    let start = 1_798_124_400;
    let any = landings(Deposits::AnyDay, start);
    assert_eq!(any.len(), 40);
    assert!(any.iter().all(|at| at.starts_with("2026-12-25") || at.starts_with("2026-12-26")), "{any:?}");
    let business = landings(Deposits::BusinessDays, start);
    assert_eq!(business.len(), 40);
    // From 6 to 18 o'clock at UTC-5.
    let fits = |at: &str, day: &str| at.starts_with(day) && at[11..13] >= *"11" && at[11..13] < *"23";
    assert!(business.iter().all(|at| fits(at, "2026-12-28") || fits(at, "2026-12-29")), "{business:?}");
    assert!(
        business.iter().any(|at| at.starts_with("2026-12-28"))
            && business.iter().any(|at| at.starts_with("2026-12-29"))
    );
    // The documented test accounts stay as they are.
    let mut life = Life::new(Policy { deposits: Deposits::BusinessDays, ..Policy::default() });
    let guid = life.made("333312345");
    life.pass(120);
    assert_eq!(life.status(&guid), shown("DEPOSITED"));
}

#[test]
fn presets() {
    let mut life = Life::new(Preset::Documented.policy());
    let mut body = creation("333312345");
    body["micro_deposit"].as_object_mut().unwrap().remove("account_type_name");
    body["micro_deposit"]["account_type"] = json!(1);
    let record = life.create(&body);
    assert_eq!((&record["status"], &record["routing_number"]), (&json!(1), &json!(91_000_019)));
    let mut life = Life::new(Preset::Observed.policy());
    let record = life.create(&creation("333312345"));
    let keys: Vec<&String> = record.as_object().unwrap().keys().collect();
    assert_eq!(
        keys,
        [
            "account_number",
            "account_type",
            "account_type_name",
            "created_at",
            "guid",
            "institution_name",
            "routing_number",
            "status",
            "status_name",
            "updated_at"
        ]
    );
    assert_eq!(
        (&record["created_at"], &record["institution_name"]),
        (&json!("2026-01-05T09:00:00+00:00"), &json!(null))
    );
    let list = life.get("GET", "/micro_deposits", "");
    assert_eq!(guid(&list["micro_deposits"][0]), guid(&record), "without wrappers");
}
