//! Policies of a record's form: its times, fields and numbers.

use nexus_sandbox::{Numbers, Options, Policy, ReadsTouch, TimeForm, TimeResolution, UpdatedAt, Verification};
use nexus_types::Microdeposit;
use serde_json::{Value, json};

use crate::life::{Life, creation, guid, shown};

/// A deposited one, twelve hours old.
fn deposited(policy: Policy) -> (Life, String) {
    let mut life = Life::new(policy);
    let guid = life.made("333312345");
    life.pass(12 * 3600);
    life.read(&guid).unwrap();
    (life, guid)
}

fn updated(life: &mut Life, guid: &str) -> Value {
    life.read(guid).unwrap()["updated_at"].clone()
}

#[test]
fn reads_touch() {
    for (reads_touch, moves) in [
        (ReadsTouch::Never, [false, false, false, false]),
        (ReadsTouch::Always, [true, true, true, true]),
        (ReadsTouch::Minutely, [true, false, true, false]),
    ] {
        let mut life = Life::new(Policy { reads_touch, ..Policy::default() });
        let guid = life.made("333312345");
        life.pass(12 * 3600);
        let before = life.get("GET", "/micro_deposits", "")["micro_deposits"][0]["micro_deposit"]["updated_at"].clone();
        assert!(before.as_str() < Some(life.world.now().as_str()), "a list moves nothing");
        for (seconds, moved) in [0, 30, 30, 1].into_iter().zip(moves) {
            life.pass(seconds);
            assert_eq!(updated(&mut life, &guid) == life.world.now().as_str(), moved, "{reads_touch:?} {seconds}");
        }
        let read = updated(&mut life, &guid);
        life.pass(1);
        assert_eq!(life.get("GET", "/micro_deposits", "")["micro_deposits"][0]["micro_deposit"]["updated_at"], read);
    }
}

#[test]
fn updated_at() {
    for (updated_at, expected) in [
        (UpdatedAt::Moves, [true, true, true]),
        (UpdatedAt::StatusOnly, [true, false, true]),
        (UpdatedAt::NeverMoves, [false, false, false]),
        (UpdatedAt::Null, [false, false, false]),
    ] {
        let (mut life, id) = deposited(Policy { updated_at, ..Policy::default() });
        let created = life.read(&id).unwrap()["created_at"].clone();
        let mut before = updated(&mut life, &id);
        match updated_at {
            UpdatedAt::NeverMoves => assert_eq!(before, created),
            UpdatedAt::Null => assert_eq!(before, json!(null)),
            _ => assert!(before.as_str() > created.as_str()),
        }
        for (amounts, moved) in [[2, 2], [2, 2], [9, 9]].into_iter().zip(expected) {
            life.pass(60);
            life.verify(&id, amounts).unwrap();
            let after = updated(&mut life, &id);
            assert_eq!(after != before, moved, "{updated_at:?} {amounts:?}");
            before = after;
        }
        assert_eq!(life.status(&id), shown("VERIFIED"));
    }
}

#[test]
fn time_resolution() {
    for (time_resolution, ending) in [(TimeResolution::Millis, ".250Z"), (TimeResolution::Seconds, ".000Z")] {
        let mut life = Life::new(Policy { time_resolution, ..Policy::default() });
        life.world.advance(std::time::Duration::from_millis(250));
        let guid = life.made("333312345");
        life.pass(120);
        life.verify(&guid, [9, 9]).unwrap();
        let record = life.read(&guid).unwrap();
        for field in ["created_at", "updated_at", "verified_at"] {
            assert!(record[field].as_str().unwrap().ends_with(ending), "{field} {}", record[field]);
        }
        let event = life.get("GET", "/_sandbox/events", "")["events"][0]["body"]["micro_deposit"].clone();
        assert!(event["updated_at"].as_str().unwrap().ends_with(&ending.replace('Z', "+00:00")), "{event}");
    }
}

#[test]
fn hidden_and_null_fields() {
    let [hidden_fields, null_fields] =
        [["updated_at", "email"], ["status_name", "email"]].map(|names| names.map(str::to_owned).to_vec());
    let mut life = Life::new(Policy { hidden_fields, null_fields, ..Policy::default() });
    let record = life.create(&creation("333312345"));
    let fields: Vec<&str> = Microdeposit::FIELDS.into_iter().filter(|field| record.get(field).is_some()).collect();
    assert_eq!(fields.len(), Microdeposit::FIELDS.len() - 2, "{record}");
    assert!(record.get("updated_at").is_none() && record.get("email").is_none());
    assert_eq!((&record["status_name"], &record["status"]), (&json!(null), &json!(0)));
    let list = life.get("GET", "/micro_deposits", "");
    assert_eq!(list["micro_deposits"][0]["micro_deposit"], record);
}

#[test]
fn masked_account_number() {
    for (number, masked) in [("333312345", "*****2345"), ("12345", "*2345"), ("1234", "****")] {
        let mut life = Life::new(Policy { masked_account_number: true, ..Policy::default() });
        assert_eq!(life.create(&creation(number))["account_number"], masked);
    }
}

#[test]
fn invented_fields() {
    let mut life = Life::new(Policy { invented_fields: true, ..Policy::default() });
    let record = life.create(&creation("333312345"));
    let unknown: Vec<&String> =
        record.as_object().unwrap().keys().filter(|key| !Microdeposit::FIELDS.contains(&key.as_str())).collect();
    assert_eq!(unknown, ["attempts_allowed", "member_guid", "previous"]);
    assert_eq!(record["previous"], json!({"status": 3, "status_name": "VERIFIED"}));
}

#[test]
fn numbers() {
    let text = (json!("333312345"), json!("091000019"));
    let routing = (json!("333312345"), json!(91_000_019));
    let integers = (json!(333_312_345), json!(91_000_019));
    // In the responses to a create, a read, a list and a verify.
    for (numbers, expected) in [
        (Numbers::Text, [&text, &text, &text, &text]),
        (Numbers::Examples, [&routing, &routing, &routing, &integers]),
        (Numbers::Integers, [&integers, &integers, &integers, &integers]),
    ] {
        for immediate in [true, false] {
            let verification = if immediate { Verification::Immediate } else { Verification::Deferred };
            let mut life = Life::new(Policy { numbers, verification, ..Policy::default() });
            let created = life.create(&creation("333312345"));
            let guid = guid(&created);
            life.pass(120);
            let read = life.read(&guid).unwrap();
            let list = life.get("GET", "/micro_deposits", "")["micro_deposits"][0]["micro_deposit"].clone();
            let amounts = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
            let verified = life.get("PUT", &format!("/micro_deposits/{guid}"), amounts)["micro_deposit"].clone();
            for (record, (account, routing)) in [created, read, list, verified].into_iter().zip(expected) {
                assert_eq!((&record["account_number"], &record["routing_number"]), (account, routing), "{numbers:?}");
            }
        }
    }
    let mut life = Life::new(Policy { numbers: Numbers::Integers, ..Policy::default() });
    assert_eq!(life.create(&creation("00012345"))["account_number"], json!(12345), "no leading zeros");
    assert_eq!(life.create(&creation("A1"))["account_number"], "A1", "no number");
    let waiting = life.preinitiated();
    assert_eq!(life.read(&waiting).unwrap()["routing_number"], json!(null));
}

#[test]
fn time_form() {
    for (time_form, expected) in
        [(TimeForm::Zulu, "2026-01-05T09:00:00.250Z"), (TimeForm::Offset, "2026-01-05T09:00:00+00:00")]
    {
        let mut life = Life::new(Policy { time_form, ..Policy::default() });
        life.world.advance(std::time::Duration::from_millis(250));
        assert_eq!(life.create(&creation("333312345"))["created_at"], expected);
    }
}

#[test]
fn institution_name() {
    for (institution_name, expected) in
        [(Some("MX Bank"), json!("MX Bank")), (Some("X"), json!("X")), (None, json!(null))]
    {
        let institution_name = institution_name.map(str::to_owned);
        let mut life = Life::new(Policy { institution_name, ..Policy::default() });
        assert_eq!(life.create(&creation("333312345"))["institution_name"], expected);
        let waiting = life.preinitiated();
        assert_eq!(life.read(&waiting).unwrap()["institution_name"], json!(null), "no account");
    }
}

#[test]
fn a_policy_of_these_is_read_from_json() {
    let json = json!({
        "verification": {"after_seconds": 5}, "wrong_state_status": 422, "list_lag_seconds": 3, "list_page": 25,
        "list_paging": "silent", "list_ignores_page": true, "empty_list": "missing", "list_shape": "flat",
        "reads_touch": "minutely", "updated_at": "status_only", "time_resolution": "seconds", "hidden_fields": ["email"],
        "null_fields": ["guid"], "masked_account_number": true, "invented_fields": true, "numbers": "integers"
    });
    let policy: Policy = serde_json::from_value(json).unwrap();
    let mut options = Options::default();
    options.policy = policy;
    let mut life = Life::from(options);
    assert_eq!(life.ask("GET", "/micro_deposits", ""), (200, "{}".to_owned()));
    let record = life.create(&creation("333312345"));
    assert_eq!(
        (record.get("email"), &record["guid"], &record["routing_number"]),
        (None, &json!(null), &json!(91_000_019))
    );
    for bad in [r#"{"hidden_fields":["e_mail"]}"#, r#"{"null_fields":["gid"]}"#, r#"{"verification":{"after":5}}"#] {
        assert!(serde_json::from_str::<Policy>(bad).is_err(), "{bad}");
    }
}
