//! Export and import: the same bytes again, the same future, and nothing that a person typed.

use std::collections::BTreeSet;
use std::time::Duration;

use nexus_sandbox::{Call, Deposits, Effect, Fault, Options, Policy, ReadsTouch, Verification, World};
use nexus_types::{MEDIA_TYPE, Operation};
use serde_json::{Value, json};

use crate::life::{DAY, HOUR, Life, creation, details, person, with_email};

/// Found in no export.
const CANARIES: [&str; 11] = [
    "333310022345",
    "771190045678",
    "9988",
    "Zebulon",
    "Quimbleton",
    "zebulon.q",
    "example.org",
    "Piggy bank",
    "josh@",
    "late@",
    "quimbleton",
];

fn full(number: &str) -> String {
    let mut body = with_email(number, "zebulon.q@example.org");
    body["micro_deposit"]["first_name"] = json!("Zebulon");
    body["micro_deposit"]["last_name"] = json!("Quimbleton");
    body["micro_deposit"]["account_name"] = json!("Piggy bank");
    body.to_string()
}

fn later(seconds: u64) -> Effect {
    Effect::Later { delay: Duration::from_secs(seconds), status: Some(504) }
}

/// A life in the middle of everything.
fn busy(policy: Policy) -> Life {
    let mut options = Options::default();
    options.policy = policy;
    options.seed = 11;
    options.users = vec!["user-1".to_owned(), "josh@example.com".to_owned()];
    let mut life = Life::from(options);
    // It is not the first life of this world: numbers, guids and tokens are others than at the beginning.
    life.world.add_fault(Fault::nth(Operation::List, 1, Effect::Garbage));
    life.made("333312345");
    life.world.reset();
    life.world.reset();
    life.ask("POST", "/micro_deposits", &full("333310022345"));
    let first = guid_of(&mut life, 0);
    life.ask("POST", "/micro_deposits", &full("771190045678"));
    // One that conflicts, one of letters and few digits, one that waits for the person, one that is deleted.
    life.ask("POST", "/micro_deposits", &full("333310022345"));
    life.ask("POST", "/micro_deposits", &full("9988"));
    life.ask("POST", "/micro_deposits", &person("zebulon.q@example.org").to_string());
    let waiting = life.preinitiated();
    life.event(&waiting, &json!({"event": "iav_chosen"})).unwrap();
    let other = life.session_of("josh@example.com");
    life.ask_as(&other, "POST", "/micro_deposits", &creation("333310022345").to_string());
    // Two who appear by themselves.
    for user in ["quimbleton@example.org", "worker-7"] {
        let appeared = life.session_of(user);
        life.ask_as(
            &appeared,
            "POST",
            "/micro_deposits",
            &with_email("771190045678", "appeared@example.org").to_string(),
        );
    }
    life.pass(130);
    for cents in [[2, 2], [2, 2]] {
        life.verify(&first, cents).unwrap();
    }
    life.read(&first).unwrap();
    let fault = |operation, effect| Fault::nth(operation, 1, effect);
    life.world.add_fault(fault(Operation::Create, later(600)));
    life.ask("POST", "/micro_deposits", &full("333355550987"));
    life.world.add_fault(fault(Operation::Verify, later(700)));
    life.verify(&first, [2, 2]).unwrap_err();
    life.world.add_fault(fault(Operation::ApiToken, later(800)));
    life.world.add_fault(Fault::per_thousand(
        300,
        Effect::Status { status: 503, retry_after: Some("7".into()), acting: false },
    ));
    life.world.add_fault(Fault::per_thousand(100, Effect::Slow(Duration::from_millis(3))));
    life
}

fn guid_of(life: &mut Life, index: usize) -> String {
    let state = life.get("GET", "/_sandbox/state", "");
    state["microdeposits"][index]["guid"].as_str().unwrap().to_owned()
}

/// What a world does next with what a caller may send: a response of each, with persons and accounts left out, for those differ by
/// their pseudonyms.
fn continued(world: &mut World) -> Vec<String> {
    let key = world.credentials().api_key.clone();
    let mut told = Vec::new();
    let mut session = world.credentials().session_token.clone();
    let mut ask = |world: &mut World, session: &str, method: &str, path: &str, body: &str| {
        let mut call = Call::new(method, path);
        (call.session_token, call.api_key) = (Some(session), Some(&*key));
        (call.content_type, call.body) = (Some(MEDIA_TYPE), body.as_bytes());
        let reply = world.respond(&call);
        let text = String::from_utf8(reply.body).unwrap();
        told.push(format!("{method} {path} {} {:?} {}", reply.status, reply.delivery, without_persons(&text)));
        text
    };
    let state: Value = serde_json::from_str(&ask(world, "", "GET", "/_sandbox/state", "")).unwrap();
    let guids: Vec<String> =
        state["microdeposits"].as_array().unwrap().iter().map(|one| one["guid"].as_str().unwrap().to_owned()).collect();
    for round in 0..6 {
        // The last one appears in both only now.
        for user in ["user-1", "josh@example.com", "quimbleton@example.org", "worker-7", "late@example.org"] {
            let client = world.credentials().client_id.clone();
            let text = ask(world, "", "GET", &format!("/{client}/users/{user}/api_token.json"), "");
            let token = serde_json::from_str::<Value>(&text).unwrap_or_default()["api_token"]["token"].clone();
            let mut call = Call::new("POST", "/sessions");
            call.api_token = token.as_str();
            let opened: Value = serde_json::from_slice(&world.respond(&call).body).unwrap_or_default();
            session = opened["session"]["token"].as_str().unwrap_or(&session).to_owned();
            // The same accounts and the same person again: recognised, though their pseudonyms are what is kept.
            for number in ["333310022345", "771190045678", "333355550987", "44556677"] {
                ask(world, &session, "POST", "/micro_deposits", &full(number));
            }
            ask(world, &session, "GET", "/micro_deposits", "");
            for guid in &guids {
                ask(world, &session, "GET", &format!("/micro_deposits/{guid}"), "");
                let body = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
                ask(world, &session, "PUT", &format!("/micro_deposits/{guid}"), body);
            }
        }
        if let Some(waiting) = guids.get(4) {
            let body = json!({"event": "account_submitted", "account": details("771190045678")}).to_string();
            ask(world, "", "POST", &format!("/_sandbox/events/{waiting}"), &body);
        }
        ask(world, "", "GET", "/_sandbox/events", "");
        ask(world, "", "GET", "/_sandbox/faults", "");
        for guid in &guids {
            ask(world, "", "GET", &format!("/_sandbox/deposits/{guid}"), "");
        }
        world.advance(Duration::from_secs([300, 2 * HOUR, DAY][round % 3]));
    }
    told
}

fn without_persons(text: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(text) else { return text.to_owned() };
    fn clean(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                // Requests of the admin interface are not the imitated server's.
                fields.retain(|name, _| !name.contains(" /_sandbox/"));
                for (name, value) in fields {
                    let personal = ["first_name", "last_name", "email", "account_name", "account_number", "user_id"];
                    if personal.contains(&name.as_str()) && value.is_string() {
                        *value = json!("-");
                    }
                    clean(value);
                }
            }
            Value::Array(items) => items.iter_mut().for_each(clean),
            _ => {}
        }
    }
    clean(&mut value);
    value.to_string()
}

fn policies() -> [Policy; 4] {
    [
        Policy::default(),
        Policy { verification: Verification::AfterSeconds(900), ..Policy::default() },
        Policy {
            verification: Verification::Deferred,
            reads_touch: ReadsTouch::Always,
            denied_days: Some(3),
            ..Policy::default()
        },
        Policy {
            deposits: Deposits::BusinessDays,
            list_lag_seconds: 60,
            accounts_per_email: Some(2),
            ..Policy::default()
        },
    ]
}

fn imported(export: &str) -> World {
    let mut world = World::new(Options::default());
    world.import(export.as_bytes()).unwrap();
    world
}

#[test]
fn export_import_export_is_the_same_bytes() {
    for policy in policies() {
        let mut life = busy(policy);
        let export = life.world.export();
        assert_eq!(life.world.export(), export, "to look is not to touch");
        let mut twin = imported(&export);
        assert_eq!(twin.export(), export);
        let text = life.ask("GET", "/_sandbox/export", "").1;
        assert_eq!(text, export);
    }
}

#[test]
fn both_halves_go_on_alike() {
    for policy in policies() {
        let mut life = busy(policy);
        let mut twin = imported(&life.world.export());
        let mut second = imported(&life.world.export());
        assert_eq!(twin.now(), life.world.now());
        let (one, other) = (continued(&mut life.world), continued(&mut twin));
        for (one, other) in one.iter().zip(&other) {
            assert_eq!(one, other);
        }
        assert_eq!(one.len(), other.len());
        assert!(one.iter().any(|told| told.contains("CONFLICTED")) && one.iter().any(|told| told.contains("REJECTED")));
        // The pseudonyms of what was typed since are the same on both sides.
        assert_eq!(life.world.export(), twin.export());
        continued(&mut second);
        assert_eq!(second.export(), twin.export());
        let mut third = imported(&twin.export());
        assert_eq!(continued(&mut third), continued(&mut twin));
    }
}

#[test]
fn nothing_that_was_typed_is_in_an_export() {
    for policy in policies() {
        let life = busy(policy);
        let session = life.session.clone();
        let key = life.world.credentials().api_key.clone();
        for mut world in [life.world, imported(&busy(Policy::default()).world.export())] {
            for _ in 0..2 {
                let export = world.export();
                for canary in CANARIES.into_iter().chain([&*session, &*key]) {
                    // Four digits can occur in a number by chance, but not as a whole text.
                    let canary = if canary.len() == 4 { format!("\"{canary}\"") } else { canary.to_owned() };
                    assert!(!export.contains(&canary), "{canary}: {export}");
                }
                continued(&mut world);
            }
        }
    }
}

#[test]
fn a_pseudonym_keeps_what_decides() {
    let mut life = busy(Policy::default());
    let export: Value = serde_json::from_str(&life.world.export()).unwrap();
    let numbers: Vec<&str> =
        export["micro_deposits"].as_array().unwrap().iter().filter_map(|one| one["account_number"].as_str()).collect();
    assert_eq!(numbers.iter().map(|number| number.len()).collect::<Vec<_>>(), [12, 12, 12, 4, 12, 12, 12]);
    assert!(numbers[0].starts_with("3333") && numbers[0].ends_with("2345") && numbers[1].ends_with("5678"));
    assert_eq!((numbers[0], numbers[0]), (numbers[2], numbers[4]), "one account, one pseudonym");
    assert_eq!(export["users"][0], "user-1");
    assert!(export["users"][1].as_str().unwrap().starts_with("user-"));
    assert_eq!((&export["users"][3], &export["users_from_the_beginning"]), (&json!("worker-7"), &json!(2)));
    assert_eq!((&export["world"]["salt"], &export["world"]["epoch"]), (&json!("0000000000000000"), &json!(2)));
    assert!(export.get("client_id").is_none(), "the importing world has a client of its own");
}

#[test]
fn a_world_stays_who_it_is_when_it_becomes_another() {
    let mut life = busy(Policy::default());
    let export = life.world.export();
    let mut options = Options::default();
    (options.client_id, options.users) = ("acme".to_owned(), vec!["ann".to_owned()]);
    let mut world = World::new(options);
    let before = world.credentials().clone();
    world.import(export.as_bytes()).unwrap();
    let after = world.credentials();
    assert_eq!((&after.client_id, &after.api_key), (&before.client_id, &before.api_key));
    assert_eq!((&*after.session_token, &*after.user_id), (&*before.session_token, "user-1"));
    assert_eq!(world.export(), export);
    let mut other = Life { world, session: before.session_token };
    // Both go on alike, and what waits comes about with the key that each has.
    let (one, two) = (continued(&mut life.world), continued(&mut other.world));
    for (one, two) in one.iter().zip(&two) {
        assert!(*one == two.replacen("/acme/", "/sandbox-client/", 1), "{:.100}", one);
    }
    // A reset is the beginning of the exported world, for this world's client.
    other.world.reset();
    assert_eq!(other.world.credentials().client_id, "acme");
    let again: Value = serde_json::from_str(&other.world.export()).unwrap();
    assert_eq!((again["users"].as_array().unwrap().len(), &again["seed"]), (2, &json!(11)));
}

/// All that a world gives out in a short life: guids, the numbers of events, requests and faults, tokens of sessions.
fn given(life: &mut Life) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for number in 0..3 {
        let id = life.world.add_fault(Fault::nth(Operation::List, 9, Effect::Garbage));
        all.insert(format!("fault {id}"));
        all.insert(life.made(&format!("3333{number}")));
        all.insert(life.session_of("somebody"));
    }
    for kind in ["events", "requests"] {
        for one in life.get("GET", &format!("/_sandbox/{kind}"), "")[kind].as_array().unwrap() {
            all.insert(format!("{kind} {}", one["id"]));
        }
    }
    all
}

#[test]
fn after_an_import_a_reset_gives_nothing_again_that_this_world_ever_gave() {
    let export = Life::new(Policy::default()).world.export();
    for seed in [0, 7] {
        let mut options = Options::default();
        options.seed = seed;
        let mut life = Life::from(options);
        let mut past = BTreeSet::new();
        for _ in 0..3 {
            for _ in 0..2 {
                let now = given(&mut life);
                assert_eq!(past.intersection(&now).collect::<Vec<_>>(), Vec::<&String>::new());
                past.extend(now);
                life.world.reset();
            }
            life.world.import(export.as_bytes()).unwrap();
            past.extend(given(&mut life));
            life.world.reset();
        }
    }
}

#[test]
fn an_import_that_is_refused_changes_nothing_and_names_the_field() {
    let export: Value = serde_json::from_str(&busy(Policy::default()).world.export()).unwrap();
    let mut life = busy(Policy::default());
    let before = life.world.export();
    let cases: [(&str, Value, &str); 22] = [
        ("/version", json!(2), "version must be 1"),
        ("/kind", json!("333312345"), "version must be 1"),
        ("/profile", json!("333312345"), "profile must be"),
        ("/now", json!("9999-01-01T00:00:00Z"), "now must be"),
        ("/world/salt", json!("333312345"), "world must have a salt"),
        ("/world/salt", json!("00000000000000AB"), "world must have a salt"),
        ("/world/epoch", json!(u64::MAX), "is not an export of this version"),
        ("/world/epoch", json!(3), "micro_deposits must have the guids"),
        ("/users/1", json!("user-1"), "users must be there once each"),
        ("/users_from_the_beginning", json!(0), "users must be there once each"),
        ("/users_from_the_beginning", json!(5), "users must be there once each"),
        ("/requests_received", json!(u64::MAX), "is not an export of this version"),
        ("/policy/amount_order", json!("333312345"), "is not an export of this version"),
        ("/micro_deposits/0/guid", json!("333312345"), "micro_deposits must have the guids"),
        ("/micro_deposits/0/user", json!(7), "micro_deposits must have the guids"),
        ("/micro_deposits/0/status", json!("333312345"), "status must be the name of a status"),
        ("/micro_deposits/0/attempts", json!(0), "attempts must be as many"),
        ("/micro_deposits/0/email", json!(""), "email must have 1 to 254 bytes"),
        ("/micro_deposits/0/account_type", json!(null), "account_number must stand with"),
        ("/events/0/micro_deposit", json!(999), "events must name"),
        ("/sessions/sessions/issued", json!(0), "sessions must have been issued"),
        ("/faults/armed/0/fault/effect", json!("333312345"), "effect is not known"),
    ];
    for (place, value, expected) in cases {
        let mut odd = export.clone();
        *odd.pointer_mut(place).unwrap_or_else(|| panic!("{place}")) = value;
        let (status, text) = life.ask("POST", "/_sandbox/import", &odd.to_string());
        assert_eq!(status, 400, "{place}");
        assert!(text.contains(expected) && !text.contains("3333"), "{place}: {text}");
        assert_eq!(life.world.export(), before, "{place}");
    }
    for text in ["", "[]", "{\"kind\":333312345}", "\"333312345\""] {
        let (status, message) = life.ask("POST", "/_sandbox/import", text);
        assert!(status == 400 && !message.contains("3333"), "{text}: {message}");
    }
    assert_eq!(life.ask("POST", "/_sandbox/import", &export.to_string()).0, 200);
}

#[test]
fn a_long_export_is_longer_than_other_bodies_may_be() {
    let mut life = Life::new(Policy { body_limit: 1000, ..Policy::default() });
    for number in 0..50 {
        life.made(&format!("3333{number}"));
    }
    let export = life.world.export();
    assert!(export.len() > 10_000);
    assert_eq!(life.ask("POST", "/_sandbox/import", &export).0, 200);
    assert_eq!(life.listed().len(), 50);
}
