//! Policies that refuse an account: each one switched, for a create and for the widget.

use nexus_sandbox::Policy;
use serde_json::json;

use crate::life::{Life, creation, details, guid, person, shown, submission, with_email};

const EMAIL: &str = "josh@example.com";

fn limited(accounts_per_email: Option<u32>) -> Life {
    Life::new(Policy { accounts_per_email, ..Policy::default() })
}

/// The statuses of so many creates for different accounts of one e-mail address.
fn creates(life: &mut Life, count: u32) -> Vec<String> {
    let create = |number| life.create(&with_email(&format!("3333{number}"), EMAIL))["status_name"].clone();
    (0..count).map(create).map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[test]
fn accounts_per_email() {
    for (limit, admitted) in [(Some(3), 3), (Some(1), 1), (Some(0), 0), (None, 6)] {
        let statuses = creates(&mut limited(limit), 6);
        let expected: Vec<&str> = (0..6).map(|index| if index < admitted { "INITIATED" } else { "REJECTED" }).collect();
        assert_eq!(statuses, expected, "{limit:?}");
    }
    let mut life = limited(Some(1));
    creates(&mut life, 1);
    let rejected = life.create(&with_email("1", &EMAIL.to_uppercase()));
    assert_eq!((&rejected["status"], &rejected["error_code"]), (&json!(8), &json!("TOO_MANY_ACCOUNTS")));
    assert!(rejected["error_message"].is_string());
    assert_eq!(life.create(&with_email("1", "other@example.com"))["status_name"], "INITIATED");
}

#[test]
fn only_different_accounts_that_did_not_fail_count() {
    let mut life = Life::new(Policy { accounts_per_email: Some(2), conflict: false, ..Policy::default() });
    let same: Vec<_> = (0..3).map(|_| life.create(&with_email("33331", EMAIL))).collect();
    assert!(same.iter().all(|record| record["status_name"] == "INITIATED"), "the same account");
    let second = guid(&life.create(&with_email("33332", EMAIL)));
    assert_eq!(life.create(&with_email("33333", EMAIL))["status_name"], "REJECTED");
    assert_eq!(life.create(&with_email("33331", EMAIL))["status_name"], "INITIATED", "one of the two");
    life.event(&second, &json!({"event": "rejected"})).unwrap();
    assert_eq!(life.create(&with_email("33333", EMAIL))["status_name"], "INITIATED", "one of them failed");
    // A verified one keeps counting, for every caller.
    life.pass(120);
    for record in &same {
        assert_eq!(life.verify(&guid(record), [9, 9]), shown("VERIFIED"));
    }
    let other = life.session_of("user-2");
    let (_, theirs) = life.ask_as(&other, "POST", "/micro_deposits", &with_email("33334", EMAIL).to_string());
    assert!(theirs.contains("TOO_MANY_ACCOUNTS"), "{theirs}");
}

#[test]
fn accounts_that_the_widget_brings_count_too() {
    for (limit, expected) in [(Some(1), "REJECTED"), (Some(2), "INITIATED"), (None, "INITIATED")] {
        let mut life = limited(limit);
        creates(&mut life, 1);
        let waiting = guid(&life.create(&person(EMAIL)));
        let standing = life.event(&waiting, &submission("333399")).unwrap();
        assert_eq!(standing["status"], expected, "{limit:?}");
        let record = life.read(&waiting).unwrap();
        assert_eq!(record["account_number"], "333399", "the details are kept");
        assert_eq!(record["error_code"] == "TOO_MANY_ACCOUNTS", expected == "REJECTED");
    }
    // What the widget brought stands in the way of later ones.
    let mut life = limited(Some(1));
    let waiting = guid(&life.create(&person(EMAIL)));
    assert_eq!(life.event(&waiting, &submission("333399")).unwrap()["status"], "INITIATED");
    assert_eq!(life.create(&with_email("33331", EMAIL))["error_code"], "TOO_MANY_ACCOUNTS");
}

#[test]
fn conflict() {
    for (conflict, expected) in [(true, "CONFLICTED"), (false, "INITIATED")] {
        let mut life = Life::new(Policy { conflict, ..Policy::default() });
        let first = life.made("33331");
        let second = life.create(&creation("33331"));
        assert_eq!(second["status_name"], expected);
        assert_eq!(second["error_code"] == "MICRODEPOSIT_EXISTS", conflict);
        let waiting = life.preinitiated();
        let standing = life.event(&waiting, &submission("33331")).unwrap();
        assert_eq!(standing["status"], expected, "through the widget");
        let record = life.read(&waiting).unwrap();
        assert_eq!((&record["account_number"], &record["error_code"]), (&json!("33331"), &second["error_code"]));
        life.event(&first, &json!({"event": "failed"})).unwrap();
        assert_eq!(life.read(&first).unwrap()["error_code"], "R03");
    }
}

#[test]
fn what_can_become_of_account_details_can_be_made_to_happen() {
    for (event, status, code) in [
        ("create_conflicted", "CONFLICTED", json!("MICRODEPOSIT_EXISTS")),
        ("create_rejected", "REJECTED", json!("PROVIDER_REFUSED")),
        ("create_errored", "ERRORED", json!("R03")),
    ] {
        let mut life = Life::new(Policy::default());
        let waiting = life.preinitiated();
        life.event(&waiting, &json!({"event": event})).unwrap();
        let record = life.read(&waiting).unwrap();
        assert_eq!((&record["status_name"], &record["error_code"]), (&json!(status), &code));
    }
}

#[test]
fn a_conflict_needs_the_same_user_and_account_in_flight() {
    let mut life = Life::new(Policy::default());
    let first = life.made("33331");
    let mut savings_elsewhere = creation("33331");
    savings_elsewhere["micro_deposit"]["routing_number"] = json!("011000015");
    assert_eq!(life.create(&savings_elsewhere)["status_name"], "INITIATED", "another bank");
    let other = life.session_of("user-2");
    let (_, theirs) = life.ask_as(&other, "POST", "/micro_deposits", &creation("33331").to_string());
    assert!(theirs.contains("\"INITIATED\""), "another user: {theirs}");
    life.pass(120);
    assert_eq!(life.create(&creation("33331"))["status_name"], "CONFLICTED", "DEPOSITED");
    life.verify(&first, [2, 2]).unwrap();
    assert_eq!(life.create(&creation("33331"))["status_name"], "CONFLICTED", "DENIED");
    life.verify(&first, [9, 9]).unwrap();
    assert_eq!(life.create(&creation("33331"))["status_name"], "INITIATED", "VERIFIED");
}

#[test]
fn blocked_routing_numbers() {
    for (blocked, expected) in [(vec!["091000019".to_owned()], "REJECTED"), (Vec::new(), "INITIATED")] {
        let mut life = Life::new(Policy { blocked_routing_numbers: blocked, ..Policy::default() });
        let record = life.create(&creation("33331"));
        assert_eq!(record["status_name"], expected);
        assert_eq!(record["error_code"] == "ROUTING_NUMBER_BLOCKED", expected == "REJECTED");
        let waiting = life.preinitiated();
        assert_eq!(life.event(&waiting, &submission("33332")).unwrap()["status"], expected);
    }
}

#[test]
fn refused_routing_numbers() {
    let lists = [
        (Policy::default().refused_routing_numbers, 400, 200),
        (Vec::new(), 200, 200),
        (vec!["091000019".to_owned()], 200, 400),
    ];
    for (list, of_test_page, of_example) in lists {
        let mut life = Life::new(Policy { refused_routing_numbers: list, ..Policy::default() });
        let expected = [("222222226", of_test_page), ("021000021", of_test_page), ("091000019", of_example)];
        for (number, (routing, status)) in expected.into_iter().enumerate() {
            let (before, mut body) = (life.world.created(), creation(&number.to_string()));
            body["micro_deposit"]["routing_number"] = json!(routing);
            let (http, text) = life.ask("POST", "/micro_deposits", &body.to_string());
            assert_eq!((http, life.world.created() - before), (status, usize::from(status == 200)), "{text}");
            assert_eq!(text.contains("routing_number is not accepted"), status == 400);
            let waiting = life.preinitiated();
            let mut account = details("1");
            account["routing_number"] = json!(routing);
            let event = json!({"event": "account_submitted", "account": account});
            let submitted = life.event(&waiting, &event).map(|_| 200).unwrap_or_else(|status| status);
            assert_eq!(submitted, status);
            // A refusal leaves it as it was; an admitted one must not stand in the way of the next round.
            assert_eq!(life.truth(&waiting) == "PREINITIATED", status == 400);
            life.world.reset();
        }
    }
}

#[test]
fn strict_names() {
    for (strict_names, status) in [(true, 400), (false, 200)] {
        let mut life = Life::new(Policy { strict_names, ..Policy::default() });
        for (field, name) in [("first_name", "D#ve"), ("last_name", "Sm_th")] {
            let mut body = person("a@example.com");
            body["micro_deposit"][field] = json!(name);
            let (http, text) = life.ask("POST", "/micro_deposits", &body.to_string());
            assert_eq!(http, status);
            assert_eq!(text.contains(field) && text.contains("error\":"), status == 400, "{text}");
        }
        for name in ["Anne-Marie O'Neil Jr., Zoë", &"é".repeat(50)] {
            let mut body = person("a@example.com");
            body["micro_deposit"]["last_name"] = json!(name);
            assert_eq!(life.create(&body)["last_name"], name);
        }
    }
}

#[test]
fn body_limit() {
    let body = creation("33331").to_string();
    let mut life = Life::new(Policy { body_limit: body.len(), ..Policy::default() });
    assert_eq!(life.ask("POST", "/micro_deposits", &body).0, 200);
    let mut life = Life::new(Policy { body_limit: body.len() - 1, ..Policy::default() });
    assert_eq!(life.ask("POST", "/micro_deposits", &body).0, 413);
    assert_eq!(life.world.created(), 0);
}
