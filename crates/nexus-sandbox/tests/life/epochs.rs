//! What is left of the time before a reset: nothing that anybody could mistake for something else.

use std::collections::BTreeSet;

use nexus_sandbox::{Call, Options};
use serde_json::{Value, json};

use crate::life::{Life, creation};

/// Everything that a life of two users hands out: sessions, API tokens, guids of records and of users.
struct Handed {
    sessions: Vec<String>,
    api_token: String,
    guids: Vec<String>,
    users: BTreeSet<String>,
    last_event: u64,
    last_request: u64,
    fault: u64,
}

fn api_token(life: &mut Life, user: &str) -> String {
    let key = life.world.credentials().api_key.clone();
    let path = format!("/sandbox-client/users/{user}/api_token.json");
    let mut call = Call::new("GET", &path);
    call.api_key = Some(&key);
    let token: Value = serde_json::from_slice(&life.world.respond(&call).body).unwrap();
    token["api_token"]["token"].as_str().unwrap().to_owned()
}

fn lived(life: &mut Life, users: [&str; 2]) -> Handed {
    let sessions = users.map(|user| life.session_of(user));
    let mut guids = Vec::new();
    for session in &sessions {
        let (status, made) = life.ask_as(session, "POST", "/micro_deposits", &creation("333312345").to_string());
        assert_eq!(status, 200, "{made}");
        let made: Value = serde_json::from_str(&made).unwrap();
        guids.push(made["micro_deposit"]["guid"].as_str().unwrap().to_owned());
    }
    let events = life.get("GET", "/_sandbox/events", "")["events"].as_array().unwrap().clone();
    let text = |event: &Value| event["body"]["micro_deposit"]["user_guid"].as_str().unwrap().to_owned();
    let last_event = events.last().unwrap()["id"].as_u64().unwrap();
    let users_seen = events.iter().map(text).collect();
    let api_token = api_token(life, users[1]);
    let requests = life.get("GET", "/_sandbox/requests", "")["requests"].as_array().unwrap().clone();
    let numbers: Vec<u64> = requests.iter().map(|one| one["id"].as_u64().unwrap()).collect();
    let (first_request, last_request) = (numbers[0], *numbers.last().unwrap());
    assert_eq!(numbers, (first_request..=last_request).collect::<Vec<_>>());
    let fault = life.get("POST", "/_sandbox/faults", r#"{"effect":"garbage","operation":"verify","nth":99}"#);
    let fault = fault["id"].as_u64().unwrap();
    let sessions = sessions.to_vec();
    Handed { sessions, api_token, guids, users: users_seen, last_event, last_request, fault }
}

#[test]
fn nothing_of_the_time_before_a_reset_is_valid_or_given_again() {
    let mut life = Life::from(Options::default());
    let mut past: Vec<Handed> = Vec::new();
    for epoch in 0..4 {
        // Whoever comes first has the number that the other had before.
        let users = if epoch % 2 == 0 { ["ann", "bob"] } else { ["bob", "ann"] };
        let now = lived(&mut life, users);
        for before in &past {
            for (stale, fresh) in before.sessions.iter().zip(&now.sessions) {
                assert_ne!(stale, fresh);
                for (method, path) in
                    [("GET", "/micro_deposits".to_owned()), ("GET", format!("/micro_deposits/{}", now.guids[0]))]
                {
                    assert_eq!(life.ask_as(stale, method, &path, "").0, 401, "epoch {epoch}");
                }
            }
            let mut call = Call::new("POST", "/sessions");
            call.api_token = Some(&before.api_token);
            assert_eq!(life.world.respond(&call).status, 401);
            for guid in &before.guids {
                assert!(!now.guids.contains(guid));
                for session in &now.sessions {
                    assert_eq!(life.ask_as(session, "GET", &format!("/micro_deposits/{guid}"), "").0, 404);
                }
                for kind in ["state", "deposits"] {
                    assert_eq!(life.ask("GET", &format!("/_sandbox/{kind}/{guid}"), "").0, 404);
                }
            }
            assert!(before.users.is_disjoint(&now.users));
            for (kind, last) in [("events", before.last_event), ("requests", before.last_request)] {
                for number in 1..=last {
                    let (status, text) = life.ask("GET", &format!("/_sandbox/{kind}?after={number}"), "");
                    assert!(
                        status == 410 && text.contains("reset") && text.contains("after=0"),
                        "{kind} {number}: {status} {text}"
                    );
                }
            }
            let (status, text) = life.ask("DELETE", &format!("/_sandbox/faults/{}", before.fault), "");
            assert!(status == 410 && text.contains("reset"), "{status} {text}");
            assert_eq!(life.get("GET", "/_sandbox/faults", "")["faults"][0]["id"], now.fault, "it is still there");
        }
        let of_now = life.get("GET", &format!("/_sandbox/events?after={}", now.last_event - 1), "");
        assert_eq!(of_now["events"].as_array().unwrap().len(), 1);
        assert_eq!(life.ask("DELETE", &format!("/_sandbox/faults/{}", now.fault + 1), "").0, 404, "never given");
        past.push(now);
        life.world.reset();
        for kind in ["events", "requests", "faults"] {
            assert_eq!(life.get("GET", &format!("/_sandbox/{kind}"), "")[kind], json!([]));
        }
    }
}

#[test]
fn credentials_stay_those_of_the_first_user() {
    let mut life = Life::from(Options::default());
    let before = life.world.credentials().clone();
    life.made("333312345");
    life.world.expire_sessions();
    life.world.reset();
    assert_eq!(*life.world.credentials(), before);
    assert_eq!(life.world.sessions_opened(), 0);
    // The first session is open again, and the key opens others.
    let guid = life.made("333312345");
    let events = life.get("GET", "/_sandbox/events", "");
    assert_eq!(events["events"][0]["body"]["micro_deposit"]["user_id"], "user-1");
    let again = life.session_of("user-1");
    assert_eq!(life.ask_as(&again, "GET", &format!("/micro_deposits/{guid}"), "").0, 200);
}

#[test]
fn chance_is_the_same_after_a_reset() {
    let mut options = Options::default();
    options.seed = 7;
    let mut life = Life::from(options);
    let mut amounts = BTreeSet::new();
    for _ in 0..3 {
        let statements: Vec<Value> = (0..20)
            .map(|number| {
                let guid = life.made(&format!("3333{number}"));
                let mut statement = life.get("GET", &format!("/_sandbox/deposits/{guid}"), "");
                statement["guid"].take();
                statement
            })
            .collect();
        amounts.insert(json!(statements).to_string());
        life.world.reset();
    }
    assert_eq!(amounts.len(), 1);
}

#[test]
fn a_new_world_hands_out_what_it_always_did() {
    let mut life = Life::from(Options::default());
    // The guid that the guide shows.
    assert_eq!(life.made("333312345"), "MIC-2026e463-bd0a-4f99-9f0e-4c5f9ea04311");
    assert!(life.world.credentials().api_key.starts_with("sandbox_"));
    assert_eq!(life.world.credentials().api_key.len(), 40);
}

#[test]
fn a_user_and_a_record_do_not_share_a_uuid() {
    let mut life = Life::from(Options::default());
    for number in 0..5 {
        let session = life.session_of(&format!("person-{number}"));
        life.ask_as(&session, "POST", "/micro_deposits", &creation(&format!("3333{number}")).to_string());
    }
    let events = life.get("GET", "/_sandbox/events", "")["events"].as_array().unwrap().clone();
    let of = |name: &str| -> BTreeSet<String> {
        let record = |event: &Value| event["body"]["micro_deposit"][name].as_str().unwrap()[4..].to_owned();
        events.iter().map(record).collect()
    };
    let (records, users) = (of("guid"), of("user_guid"));
    assert_eq!((records.len(), users.len()), (5, 5));
    assert!(records.is_disjoint(&users));
}
