//! The admin interface, users, repeatable runs, and many connections at once.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use crate::support::*;
use nexus_sandbox::{Options, Sandbox};
use nexus_types::SSO_MEDIA_TYPE;
use serde_json::{Value, json};

#[test]
fn the_admin_interface_with_good_and_bad_input() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333312345");
    let plain = |method: &str, path: &str, body: &str| {
        let headers: [(&str, &[u8]); 1] = [("Content-Type", b"application/json")];
        caller.raw(method, &path.replace("GUID", &guid), &headers, body.as_bytes())
    };
    let good = |method: &str, path: &str, body: &str| value(&plain(method, path, body), 200);
    assert_eq!(good("POST", "/_sandbox/advance", r#"{"seconds":90}"#), json!({"now": "2026-01-05T09:01:30.000Z"}));
    assert_eq!(good("GET", "/_sandbox/state/GUID", "")["status"], "REQUESTED");
    assert_eq!(good("GET", "/_sandbox/deposits/GUID", "")["landed"], false);
    let there = json!({"now": "2026-01-05T09:02:00.000Z"});
    assert_eq!(good("POST", "/_sandbox/advance", r#"{"to":"2026-01-05T10:02:00+01:00"}"#), there);
    let statement = good("GET", "/_sandbox/deposits/GUID", "");
    assert_eq!((&statement["landed"], &statement["guid"]), (&json!(true), &json!(guid)));
    for amount in ["deposit_amount_1", "deposit_amount_2"] {
        assert!((0.01..=0.09).contains(&statement[amount].as_f64().unwrap()), "{statement}");
    }
    let wrong = good("POST", "/_sandbox/events/GUID", r#"{"event":"amounts_wrong"}"#);
    assert_eq!((&wrong["status"], &wrong["attempts"]), (&json!("DENIED"), &json!(1)));
    let state = good("GET", "/_sandbox/state", "");
    assert_eq!((&state["counts"]["DENIED"], &state["now"]), (&json!(1), &there["now"]));
    assert_eq!(state["requests"]["POST /_sandbox/advance"], 2);
    assert_eq!(good("GET", "/_sandbox/events", "")["events"].as_array().unwrap().len(), 4);
    assert_eq!(good("GET", "/_sandbox/openapi.json", "")["info"]["title"], "Nexus sandbox");
    for (method, path, body, status, names) in [
        ("POST", "/_sandbox/advance", "", 400, "body"),
        ("POST", "/_sandbox/advance", "{}", 400, "seconds"),
        ("POST", "/_sandbox/advance", r#"{"seconds":-1}"#, 400, "seconds"),
        ("POST", "/_sandbox/advance", r#"{"seconds":1e99}"#, 400, "seconds"),
        ("POST", "/_sandbox/advance", r#"{"seconds":"1"}"#, 400, "seconds"),
        ("POST", "/_sandbox/advance", r#"{"minutes":1}"#, 400, "minutes"),
        ("POST", "/_sandbox/advance", r#"{"to":"tomorrow"}"#, 400, "to"),
        ("POST", "/_sandbox/advance", r#"{"to":"2026-01-05T09:00:00Z"}"#, 400, "to"),
        ("POST", "/_sandbox/advance", r#"{"to":"2027-01-05T09:00:00Z","seconds":1}"#, 400, "seconds"),
        ("GET", "/_sandbox/deposits/MIC-unknown", "", 404, "found"),
        ("GET", "/_sandbox/state/MIC-unknown", "", 404, "found"),
        ("POST", "/_sandbox/events/MIC-unknown", r#"{"event":"landed"}"#, 404, "found"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"landed"}"#, 409, "event"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"exploded"}"#, 400, "event"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"failed","code":"R00"}"#, 400, "code"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"failed","code":3}"#, 400, "code"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"account_submitted"}"#, 400, "account"),
        ("POST", "/_sandbox/events/GUID", r#"{"event":"account_submitted","account":{}}"#, 400, "account_number"),
        ("GET", "/_sandbox/events?after=-1", "", 400, "after"),
        ("GET", "/_sandbox/events/GUID", "", 405, "method"),
        ("GET", "/_sandbox/reset", "", 405, "method"),
    ] {
        let error = value(&plain(method, path, body), status);
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(names), "{method} {path} {body}: {message}");
    }
    good("POST", "/_sandbox/sessions/expire", "");
    assert_eq!(value(&caller.ask("GET", "/micro_deposits", ""), 401)["error"]["code"], 4011);
    assert_eq!(good("POST", "/_sandbox/reset", "")["now"], "2026-01-05T09:00:00.000Z");
    assert_eq!(caller.get("GET", "/micro_deposits", ""), json!({"micro_deposits": []}));
}

#[test]
fn two_users_do_not_see_each_other() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (one, two) = (Caller::new(&sandbox), Caller::of_user(&sandbox, "user-2"));
    let (mine, yours) = (one.made("333312345"), two.made("333312345"));
    sandbox.advance(Duration::from_secs(120));
    for (caller, own, other) in [(&one, &mine, &yours), (&two, &yours, &mine)] {
        let list = caller.get("GET", "/micro_deposits", "");
        assert_eq!(list["micro_deposits"].as_array().unwrap().len(), 1);
        assert_eq!(list["micro_deposits"][0]["micro_deposit"]["guid"], **own);
        for (method, body) in [("GET", ""), ("PUT", RIGHT), ("PUT", "{")] {
            let path = |guid: &str| format!("/micro_deposits/{guid}");
            let unknown = caller.ask(method, &path("MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb"), body);
            assert_eq!((unknown.0, &caller.ask(method, &path(other), body)), (404, &unknown));
        }
    }
    let standing = one.get("GET", &format!("/_sandbox/state/{yours}"), "");
    assert_eq!((&standing["status"], &standing["attempts"]), (&json!("DEPOSITED"), &json!(0)));
    let key = sandbox.credentials().api_key.clone();
    let headers: [(&str, &[u8]); 2] = [("MD-API-KEY", key.as_bytes()), ("Content-Type", SSO_MEDIA_TYPE.as_bytes())];
    for (guid, status) in [(&mine, 200), (&yours, 404)] {
        let body = json!({"url": {"type": "connect_widget", "mode": "verification", "ui_message_version": 4,
            "current_microdeposit_guid": guid}});
        let path = "/sandbox-client/users/user-1/urls.json";
        assert_eq!(one.raw("POST", path, &headers, body.to_string().as_bytes()).0, status);
    }
}

/// All bodies of a long mixed run.
fn run(seed: u64) -> Vec<String> {
    let mut options = Options::default();
    options.seed = seed;
    let sandbox = Sandbox::start(options).unwrap();
    let callers = [Caller::new(&sandbox), Caller::of_user(&sandbox, "user-2")];
    let mut bodies: Vec<String> = callers.iter().map(|caller| caller.session.clone()).collect();
    let mut guids = vec!["MIC-unknown".to_owned()];
    for round in 0..150usize {
        let caller = &callers[round % 2];
        let guid = guids[round * 7 % guids.len()].clone();
        let body = creation(&format!("{}{round:03}", ["3333", "1000"][round % 3 % 2]));
        let email = format!("user{}@example.com", round / 4);
        let response = match round % 8 {
            0..=2 => caller.ask("POST", "/micro_deposits", &body.replace("example@example.com", &email)),
            3 => caller.ask("GET", &format!("/micro_deposits/{guid}"), ""),
            4 => caller.ask("PUT", &format!("/micro_deposits/{guid}"), [RIGHT, WRONG][round / 8 % 2]),
            5 => caller.ask("GET", "/micro_deposits", ""),
            6 => caller.ask("POST", "/_sandbox/advance", r#"{"seconds":1500}"#),
            _ => caller.ask("GET", &format!("/_sandbox/deposits/{guid}"), ""),
        };
        let made = serde_json::from_str::<Value>(&response.2).unwrap();
        guids.extend(made["micro_deposit"]["guid"].as_str().filter(|_| round % 8 < 3).map(str::to_owned));
        bodies.push(format!("{} {}", response.0, response.2));
    }
    bodies.push(callers[0].ask("GET", "/_sandbox/events", "").2);
    bodies.push(callers[0].ask("GET", "/_sandbox/state", "").2);
    bodies
}

#[test]
fn the_same_seed_and_requests_give_the_same_bytes() {
    let (first, again, other) = (run(7), run(7), run(8));
    let successes = first.iter().filter(|body| body.starts_with("200")).count();
    assert!(successes > 100, "{successes}");
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn sixteen_threads_get_three_counted_submissions() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333312345");
    sandbox.advance(Duration::from_secs(120));
    let (path, start) = (format!("/micro_deposits/{guid}"), Barrier::new(16));
    let mut outcomes: Vec<String> = thread::scope(|scope| {
        let verify = || {
            let own = Caller::new(&sandbox);
            start.wait();
            let (status, _, body) = own.ask("PUT", &path, WRONG);
            let body: Value = serde_json::from_str(&body).unwrap();
            format!("{status} {}", body["micro_deposit"]["status_name"])
        };
        let threads: Vec<_> = (0..16).map(|_| scope.spawn(verify)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    outcomes.sort();
    assert_eq!(outcomes[..3], [r#"200 "DENIED""#, r#"200 "DENIED""#, r#"200 "PREVENTED""#]);
    assert_eq!(outcomes[3..], ["409 null"; 13]);
    let standing = caller.get("GET", &format!("/_sandbox/state/{guid}"), "");
    assert_eq!((&standing["attempts"], &standing["verifies"]), (&json!(3), &json!(16)));
}
