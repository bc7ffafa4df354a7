//! Who gets what when: the schedule over the wire, receivers that ask back, the clock that waits or does not.

use std::sync::{Arc, OnceLock, mpsc};
use std::thread;
use std::time::Duration;

use nexus_sandbox::{Options, Receiver, Receiving, Sandbox, Serving, Subscription};
use serde_json::{Value, json};

use crate::hook::Hook;
use crate::support::*;

const OFFSETS: [u64; 13] = [0, 60, 180, 420, 900, 1800, 3600, 7200, 14400, 25200, 39600, 61200, 86400];

#[test]
fn a_receiver_that_fails_gets_thirteen_requests_in_a_day() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (caller, hook) = (Caller::new(&sandbox), Hook::always(500));
    caller.subscribe(&format!("{}/hook?of=mine", hook.url));
    caller.preinitiated("a@example.com");
    assert_eq!(caller.admin("POST", "advance", r#"{"seconds":172800}"#), json!({"now": "2026-01-07T09:00:00.000Z"}));
    let got = hook.got();
    assert_eq!(got.len(), 13);
    assert!(got.iter().all(|one| one.body == got[0].body && one.head == got[0].head), "byte by byte the same");
    let delivery = &caller.deliveries()[0];
    let attempts = delivery["attempts"].as_array().unwrap();
    assert_eq!(attempts.iter().map(|attempt| attempt["offset_seconds"].as_u64().unwrap()).collect::<Vec<_>>(), OFFSETS);
    assert!(attempts.iter().all(|attempt| attempt["status"] == 500 && attempt.get("error").is_none()));
    assert_eq!((&attempts[12]["at"], &delivery["state"]), (&json!("2026-01-06T09:00:00.000Z"), &json!("given_up")));
    caller.admin("POST", "advance", r#"{"seconds":3000000}"#);
    assert_eq!(hook.got().len(), 13);
}

#[test]
fn a_receiver_that_recovers_gets_no_more() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (caller, hook) =
        (Caller::new(&sandbox), Hook::new(|_, before| if before < 4 { "500" } else { "204" }.to_owned()));
    caller.subscribe(&hook.url);
    caller.preinitiated("a@example.com");
    caller.admin("POST", "advance", r#"{"seconds":172800}"#);
    assert_eq!(hook.got().len(), 5);
    let delivery = &caller.deliveries()[0];
    assert_eq!((&delivery["state"], &delivery["next_at"]), (&json!("delivered"), &Value::Null));
    assert_eq!(delivery["attempts"][4]["offset_seconds"], 900);
}

#[test]
fn the_request_is_as_documented_and_nothing_more() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (caller, hook) = (Caller::new(&sandbox), Hook::always(204));
    caller.subscribe(&format!("{}/hook?of=mine", hook.url));
    let guid = caller.made("333312345");
    caller.flush();
    let got = &hook.got()[0];
    assert!(got.head.starts_with("POST /hook?of=mine HTTP/1.1\r\n"), "{}", got.head);
    let mut names: Vec<String> =
        got.head.lines().filter_map(|line| Some(line.split_once(": ")?.0.to_lowercase())).collect();
    names.sort();
    assert_eq!(names, ["accept", "content-length", "content-type", "host", "user-agent"]);
    assert_eq!(got.header("user-agent").unwrap(), concat!("nexus-sandbox/", env!("CARGO_PKG_VERSION")));
    assert!(got.header("content-type").unwrap().starts_with("application/json"));
    // The number is whole on the wire, and nowhere else.
    assert_eq!((&got.record()["guid"], &got.record()["account_number"]), (&json!(guid), &json!("333312345")));
    assert!(!caller.admin("GET", "webhooks/deliveries", "").to_string().contains("333312345"));
    // Byte by byte what the outbox shows.
    let outbox = caller.ask("GET", "/_sandbox/events", "").2;
    assert!(outbox.contains(std::str::from_utf8(&got.body).unwrap()), "{outbox}");
}

#[test]
fn an_event_is_sent_at_once_though_the_clock_stands() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (told, arrived) = mpsc::channel();
    let receiver = Receiver::start(Receiving::default(), move |arrival| told.send(arrival.clone()).unwrap()).unwrap();
    let caller = Caller::new(&sandbox);
    caller.subscribe(receiver.url());
    caller.preinitiated("a@example.com");
    let arrival = arrived.recv_timeout(PATIENCE).unwrap();
    assert!(arrival.whole && arrival.authorized && arrival.status == 204);
    assert!(!format!("{arrival:?}{receiver:?}").contains("PREINITIATED"));
}

/// A receiver that asks the sandbox while it is called sees the state of that moment; nothing locks up.
#[test]
fn a_receiver_may_ask_back_and_sees_the_state_of_that_moment() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Arc::new(Caller::new(&sandbox));
    let asked = Arc::new(OnceLock::<Arc<Caller>>::new());
    let back = Arc::clone(&asked);
    let hook = Hook::new(move |got, _| {
        let caller = back.get().unwrap();
        let guid = got.record()["guid"].as_str().unwrap().to_owned();
        let read = caller.get("GET", &format!("/micro_deposits/{guid}"), "");
        let now = caller.admin("GET", "state", "")["now"].as_str().unwrap().to_owned();
        let (said, seen) = (got.record(), &read["micro_deposit"]);
        // Only now can it have this status: the clock waits for the answer.
        if said["status"] == seen["status"] && said["updated_at"].as_str().unwrap()[..23] == now[..23] {
            "204"
        } else {
            "500"
        }
        .to_owned()
    });
    asked.set(Arc::clone(&caller)).ok().unwrap();
    caller.subscribe(&hook.url);
    caller.made("333312345");
    caller.admin("POST", "advance", r#"{"seconds":1200}"#);
    assert_eq!(hook.statuses(), ["INITIATED", "REQUESTED", "DEPOSITED"]);
    assert!(hook.got().iter().all(|got| got.answered == "204"));
}

#[test]
fn a_receiver_that_acts_on_an_event_is_told_of_what_it_did() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Arc::new(Caller::new(&sandbox));
    let acting = Arc::clone(&caller);
    let hook = Hook::new(move |got, _| {
        let record = got.record();
        if record["status_name"] == "DEPOSITED" {
            let path = format!("/micro_deposits/{}", record["guid"].as_str().unwrap());
            acting.get("PUT", &path, RIGHT);
            // A receiver may move the clock as well, as long as it does not wait for itself.
            acting.admin("POST", "advance", r#"{"seconds":86400,"wait":false}"#);
        }
        "204".to_owned()
    });
    caller.subscribe(&hook.url);
    caller.made("333312345");
    caller.admin("POST", "advance", r#"{"seconds":120}"#);
    assert_eq!(hook.statuses(), ["INITIATED", "REQUESTED", "DEPOSITED", "VERIFIED"]);
    let verified = &caller.deliveries()[3];
    assert_eq!((&verified["at"], &verified["state"]), (&json!("2026-01-05T09:02:00.000Z"), &json!("delivered")));
    assert_eq!(caller.admin("GET", "state", "")["now"], "2026-01-06T09:02:00.000Z");
}

#[test]
fn an_advance_that_does_not_wait_returns_at_once() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = std::sync::Mutex::new(may_go);
    let hook = Hook::new(move |_, _| {
        may_go.lock().unwrap().recv_timeout(PATIENCE).unwrap();
        "204".to_owned()
    });
    caller.subscribe(&hook.url);
    caller.made("333312345");
    // The receiver holds the first event: the clock cannot go on, but the response comes.
    let began = caller.admin("POST", "advance", r#"{"seconds":120,"wait":false}"#);
    assert_eq!(began["now"], "2026-01-05T09:00:00.000Z");
    assert_eq!(caller.admin("GET", "state", "")["now"], "2026-01-05T09:00:00.000Z");
    for _ in 0..3 {
        go.send(()).unwrap();
    }
    caller.flush();
    assert_eq!(caller.admin("GET", "state", "")["now"], "2026-01-05T09:02:00.000Z");
    assert_eq!(hook.statuses(), ["INITIATED", "REQUESTED", "DEPOSITED"]);
}

#[test]
fn a_replay_reaches_the_receiver_and_is_marked() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (caller, hook) =
        (Caller::new(&sandbox), Hook::new(|_, before| ["500", "202", "204"][before.min(2)].to_owned()));
    caller.subscribe(&hook.url);
    caller.preinitiated("a@example.com");
    caller.flush();
    let replayed = caller.admin("POST", "webhooks/deliveries/1/replay", "{}");
    assert_eq!((&replayed["attempts"][1]["kind"], &replayed["attempts"][1]["status"]), (&json!("replay"), &json!(202)));
    assert_eq!((&replayed["state"], &replayed["next_at"]), (&json!("pending"), &json!("2026-01-05T09:01:00.000Z")));
    let edited =
        caller.admin("POST", "webhooks/deliveries/1/replay", r#"{"fields":{"status":3,"status_name":"VERIFIED"}}"#);
    assert_eq!(edited["attempts"][2]["kind"], "edited");
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    let got = hook.got();
    assert_eq!((got.len(), &got[1].body, &got[1].head), (4, &got[0].body, &got[0].head));
    assert_eq!((&got[3].body, &caller.deliveries()[0]["state"]), (&got[0].body, &json!("delivered")));
    assert_eq!(hook.statuses(), ["PREINITIATED", "PREINITIATED", "VERIFIED", "PREINITIATED"]);
}

#[test]
fn a_sandbox_ends_while_a_receiver_does_not_answer() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (told, arrived) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = std::sync::Mutex::new(may_go);
    let hook = Hook::new(move |_, _| {
        told.send(()).unwrap();
        let _ = may_go.lock().unwrap().recv();
        "204".to_owned()
    });
    let caller = Caller::new(&sandbox);
    caller.subscribe(&hook.url);
    caller.preinitiated("a@example.com");
    arrived.recv_timeout(PATIENCE).unwrap();
    let (ended, end) = mpsc::channel();
    thread::spawn(move || {
        sandbox.stop();
        ended.send(()).unwrap();
    });
    assert_eq!(end.recv_timeout(PATIENCE), Ok(()), "it does not wait for its receivers");
    drop(go);
}

#[test]
fn with_a_clock_that_runs_webhooks_come_by_themselves() {
    let mut options = Options::default();
    // The second attempt is due after a second of real time.
    options.policy.webhook_schedule = vec![0, 1];
    let mut serving = Serving::default();
    serving.real_time = true;
    let sandbox = Sandbox::start_with(options, serving).unwrap();
    let (told, arrived) = mpsc::channel();
    let mut receiving = Receiving::default();
    receiving.answers = vec![500, 204];
    let receiver = Receiver::start(receiving, move |arrival| told.send(arrival.clone()).unwrap()).unwrap();
    sandbox.with_world(|world| world.subscribe(Subscription::new(receiver.url()))).unwrap();
    Caller::new(&sandbox).preinitiated("a@example.com");
    // Nobody asks the sandbox for anything meanwhile.
    let bodies = [0; 2].map(|_| arrived.recv_timeout(PATIENCE).unwrap().body);
    assert_eq!(bodies[0], bodies[1]);
    sandbox.advance(Duration::ZERO);
    let offsets = sandbox.with_world(|world| world.webhook_deliveries(0)).pop().unwrap().attempts;
    assert!(offsets.iter().map(|attempt| attempt.offset).is_sorted() && offsets[1].offset >= Duration::from_secs(1));
}

#[test]
fn who_has_unsubscribed_gets_nothing_more() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (caller, hook) = (Caller::new(&sandbox), Hook::always(204));
    let id = caller.subscribe(&hook.url);
    for number in 0..3 {
        caller.made(&format!("33330000{number}"));
    }
    caller.admin("DELETE", &format!("webhooks/{id}"), "");
    caller.admin("POST", "advance", r#"{"seconds":1900000}"#);
    caller.flush();
    assert!(hook.got().len() <= 3, "what was on its way may have arrived");
    assert_eq!(caller.admin("GET", "state", "")["deleted"], 3);
}
