//! When attempts are due, and what they carry.

use std::time::Duration;

use nexus_sandbox::{Options, Policy, Subscription, WebhookOutcome, WebhookState, World};
use nexus_types::{Endpoint, KnownStatus, Person, Preinitiate};
use serde_json::{Value, json};

use crate::run::*;

const SCHEDULE: &str = include_str!("../../../../tests/vectors/webhook_schedule.json");

#[test]
fn each_event_is_sent_as_the_schedule_says() {
    for (case, policy) in cases(SCHEDULE) {
        let id = case["id"].as_str().unwrap();
        let mut run = Run::new(policy, 1);
        run.subscribe();
        run.answer(case["answers"].as_array().unwrap());
        // Nothing more happens to it by itself.
        run.good(
            "POST",
            "/micro_deposits",
            r#"{"micro_deposit":{"first_name":"Josh","last_name":"Boy","email":"joshboy@example.com"}}"#,
        );
        run.pass(30 * DAY);
        let offsets: Vec<u64> = run.sent.iter().map(|(at, _)| *at).collect();
        assert_eq!(json!(offsets), case["offsets"], "{id}");
        let first = &run.sent[0].1.body;
        assert!(run.sent.iter().all(|(_, attempt)| attempt.body == *first), "{id}: the same bytes each time");
        let deliveries = run.world.webhook_deliveries(0);
        let shown: Vec<u64> = deliveries[0].attempts.iter().map(|attempt| attempt.offset.as_secs()).collect();
        assert_eq!((shown, deliveries[0].state.name()), (offsets, case["state"].as_str().unwrap()), "{id}");
    }
}

#[test]
fn deletion_sends_nothing() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    let guid = run.made("333312345");
    run.pass(22 * DAY);
    assert_eq!(run.good("GET", &format!("/_sandbox/state/{guid}"), "")["status"], Value::Null);
    let last = run.world.webhook_deliveries(0).pop().unwrap();
    assert_eq!((run.sent.len(), last.status.name()), (3, "DEPOSITED"));
}

#[test]
fn an_event_that_is_sent_late_keeps_the_gaps_between_its_attempts() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    run.answer(&[json!(500)]);
    run.good(
        "POST",
        "/micro_deposits",
        r#"{"micro_deposit":{"first_name":"Josh","last_name":"Boy","email":"joshboy@example.com"}}"#,
    );
    run.good("POST", "/_sandbox/webhooks/1/pause", "");
    run.pass(DAY);
    assert!(run.sent.is_empty() && run.world.next_due().is_none(), "a paused subscription is not waited for");
    run.good("POST", "/_sandbox/webhooks/1/resume", "");
    run.pass(200);
    assert_eq!(run.sent.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [DAY, DAY + 60, DAY + 180]);
}

#[test]
fn subscribers_get_what_they_asked_for_and_from_then_on() {
    let mut run = Run::new(Policy::default(), 1);
    run.made("333311111");
    let subscription = |created, updated| {
        let mut subscription = Subscription::new("http://127.0.0.1:9/");
        (subscription.created, subscription.updated) = (created, updated);
        subscription
    };
    for (created, updated) in [(true, false), (false, true), (true, true)] {
        run.world.subscribe(subscription(created, updated)).unwrap();
    }
    assert_eq!(run.world.subscribe(subscription(false, false)).unwrap_err().field(), "actions");
    assert_eq!(run.world.subscribe(Subscription::new("http://example.com/")).unwrap_err().field(), "url");
    run.made("333322222");
    run.pass(1);
    let got = run
        .world
        .webhook_deliveries(0)
        .into_iter()
        .map(|delivery| (delivery.webhook, delivery.event, delivery.created));
    let mut got: Vec<_> = got.collect();
    got.sort_unstable();
    // Event 1 was before. 2: the second one is created. 3 and 4: both are REQUESTED, in order of creation.
    assert_eq!(got, [(1, 2, true), (2, 3, false), (2, 4, false), (3, 2, true), (3, 3, false), (3, 4, false)]);
    assert!(run.world.unsubscribe(3) && !run.world.unsubscribe(3));
    run.made("333333333");
    run.pass(0);
    let last: Vec<_> = run.world.webhook_deliveries(6).iter().map(|delivery| delivery.webhook).collect();
    assert_eq!(last, [1]);
}

#[test]
fn what_was_sent_before_a_reset_changes_nothing_after_it() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    run.made("333312345");
    let before = run.world.attempt_due().unwrap();
    run.world.reset();
    assert!(run.world.attempt_due().is_none() && run.world.webhook_deliveries(0).is_empty());
    // No number is used again.
    assert_eq!(run.subscribe(), 2);
    run.made("333312345");
    assert_eq!(run.world.webhook_deliveries(0)[0].id, 3);
    for stale in [1, 2] {
        assert_eq!(run.ask("GET", &format!("/_sandbox/webhooks/deliveries?after={stale}"), "").0, 410);
    }
    assert_eq!(run.ask("POST", "/_sandbox/webhooks/deliveries/1/replay", "").0, 404);
    run.world.attempt_ended(&before, WebhookOutcome::Response(204));
    assert_eq!(run.world.webhook_deliveries(0)[0].state, WebhookState::Pending);
    let now = run.world.attempt_due().unwrap();
    run.world.unsubscribe(2);
    run.world.attempt_ended(&now, WebhookOutcome::Response(500));
    assert_eq!(run.world.webhook_deliveries(0)[0].state, WebhookState::Cancelled);
    run.world.advance(Duration::from_secs(DAY));
    assert!(run.world.attempt_due().is_none());
}

#[test]
fn ids_of_faults_are_not_given_again_after_a_reset_and_their_chance_is_the_same() {
    let mut run = Run::new(Policy::default(), 1);
    let (mut past, mut drawn) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        run.subscribe();
        let id = run.good("POST", "/_sandbox/webhooks/faults", r#"{"effect":"drop","probability":0.5}"#)["id"].clone();
        assert!(!past.contains(&id), "{id}");
        for stale in &past {
            let (status, text) = run.ask("DELETE", &format!("/_sandbox/webhooks/faults/{stale}"), "");
            assert!(status == 410 && text.contains("reset"), "{text}");
        }
        past.push(id);
        (0..20).for_each(|number| drop(run.made(&format!("3333{number}"))));
        drawn.push(run.world.webhook_deliveries(0).iter().map(|delivery| delivery.state).collect::<Vec<_>>());
        run.world.reset();
    }
    assert!(drawn[0].contains(&WebhookState::Dropped) && drawn[0].contains(&WebhookState::Pending));
    assert!(drawn.iter().all(|one| *one == drawn[0]));
}

#[test]
fn who_has_subscribed_is_told_by_the_world_that_is_imported_too() {
    let mut other = Run::new(Policy::default(), 7);
    other.made("333399999");
    let export = other.world.export();
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    run.made("333312345");
    let before = run.world.attempt_due().unwrap();
    run.made("333312346");
    run.world.import(export.as_bytes()).unwrap();
    assert!(run.world.attempt_due().is_none(), "what was on its way is not sent, and the past is nobody's news");
    assert!(run.world.webhook_deliveries(0).is_empty());
    assert_eq!(run.ask("GET", "/_sandbox/webhooks/deliveries?after=2", "").0, 410);
    run.world.attempt_ended(&before, WebhookOutcome::Response(500));
    assert_eq!(run.world.export(), export, "neither subscriptions nor deliveries are in it");
    run.pass(1);
    let told: Vec<_> = run.world.webhook_deliveries(0).into_iter().map(|one| (one.webhook, one.status)).collect();
    assert_eq!(told, [(1, KnownStatus::Requested)], "what the imported record does next");
    assert_eq!(run.good("GET", "/_sandbox/webhooks", "")["webhooks"][0]["id"], 1);
}

#[test]
fn a_replay_uses_up_no_attempt_and_an_old_event_can_come_after_newer_ones() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    run.answer(&[json!(500), json!(204), json!(204), json!(204), json!(204)]);
    run.made("333312345");
    run.pass(1);
    let path = "/_sandbox/webhooks/deliveries/1/replay";
    run.good("POST", path, "");
    run.good("POST", path, r#"{"fields":{"status_name":"VERIFIED"}}"#);
    run.good("POST", path, r#"{"body":{"any": "thing"}}"#);
    run.pass(200);
    let sent: Vec<String> =
        run.sent.iter().map(|(at, one)| format!("{at} {} {}", one.delivery, one.kind.name())).collect();
    assert_eq!(
        sent,
        [
            "0 1 scheduled",
            "1 2 scheduled",
            "1 1 replay",
            "1 1 edited",
            "1 1 edited",
            "60 1 scheduled",
            "120 3 scheduled"
        ]
    );
    let bodies: Vec<String> =
        run.sent.iter().map(|(_, attempt)| String::from_utf8(attempt.body.to_vec()).unwrap()).collect();
    assert_eq!((&bodies[2], &bodies[5]), (&bodies[0], &bodies[0]));
    assert_eq!(bodies[3], bodies[0].replace("\"INITIATED\"", "\"VERIFIED\""));
    assert_eq!(bodies[4], r#"{"any": "thing"}"#);
    let shown = run.good("GET", "/_sandbox/webhooks/deliveries/1", "");
    let kinds: Vec<_> = shown["attempts"].as_array().unwrap().iter().map(|attempt| &attempt["kind"]).collect();
    assert_eq!(kinds, ["scheduled", "replay", "edited", "edited", "scheduled"]);
    assert_eq!((&shown["state"], &shown["attempts"][4]["offset_seconds"]), (&json!("delivered"), &json!(60)));
}

#[test]
fn no_secret_and_no_account_number_is_shown_anywhere() {
    let mut run = Run::new(Policy::default(), 1);
    run.good(
        "POST",
        "/_sandbox/webhooks",
        r#"{"url":"http://127.0.0.1:9/hook?key=s3cret","auth":{"type":"basic","username":"n4me","password":"s3cret"}}"#,
    );
    run.made("333312345");
    run.good("POST", "/_sandbox/webhooks/deliveries/1/replay", r#"{"body":{"s3cret":"s3cret"}}"#);
    run.pass(60);
    let mut shown = String::new();
    for path in [
        "webhooks",
        "webhooks/1",
        "webhooks/deliveries",
        "webhooks/deliveries/1",
        "state",
        "requests",
        "webhooks/faults",
    ] {
        shown.push_str(&run.ask("GET", &format!("/_sandbox/{path}"), "").1);
    }
    let typed = (&run.world.webhook_deliveries(0), &run.world.webhooks_after(0), &run.sent);
    shown.push_str(&format!("{typed:?} {:?}", run.world));
    assert!(shown.contains("*****2345") && shown.contains("?***"), "{shown}");
    for secret in ["s3cret", "n4me", "333312345", "091000019"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn the_oldest_deliveries_that_are_over_are_forgotten_and_counted() {
    let mut run = Run::new(Policy { outbox: 2, ..Policy::default() }, 1);
    run.subscribe();
    run.answer(&[json!(204), json!(500)]);
    for account in ["333311111", "333322222", "333333333"] {
        run.made(account);
        run.send();
    }
    let listed = |run: &mut Run| {
        let listed = run.good("GET", "/_sandbox/webhooks/deliveries", "");
        let ids: Vec<u64> =
            listed["deliveries"].as_array().unwrap().iter().map(|one| one["id"].as_u64().unwrap()).collect();
        (ids, listed["dropped"].as_u64().unwrap())
    };
    assert_eq!(listed(&mut run), (vec![2, 3], 1));
    // What is not over stays, however much it is.
    run.made("333344444");
    assert_eq!(listed(&mut run), (vec![2, 3, 4], 1));
}

#[test]
fn those_of_the_options_are_there_from_the_beginning_and_after_a_reset() {
    let text = r#"{"url":"http://receiver:9/","actions":["created"],"auth":{"type":"bearer","token_url":"https://example.com/","client_id":"a","client_secret":"s3cret"}}"#;
    let subscription = Subscription::from_json(text).unwrap();
    assert_eq!((subscription.created, subscription.updated, subscription.auth.name()), (true, false, "bearer"));
    assert_eq!(Subscription::from_json(&text.replace("url\"", "uri\"")).unwrap_err().field(), "uri");
    let mut options = Options::default();
    options.webhooks = vec![subscription];
    assert_eq!(options.webhooks[0].check_for(&options).unwrap_err().field(), "url");
    assert!(!format!("{options:?}").contains("s3cret"));
    options.webhook_hosts = vec!["receiver".to_owned()];
    let mut world = World::new(options);
    for _ in 0..2 {
        let token = world.credentials().session_token.clone();
        let make = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com").unwrap());
        world.handle(&make.request(), &token);
        assert_eq!(world.attempt_due().unwrap().url, "http://receiver:9/");
        assert!(world.attempt_due().is_none());
        world.reset();
        assert!(world.attempt_due().is_none());
    }
}

#[test]
fn what_happened_before_a_subscription_is_not_sent_to_it() {
    let mut run = Run::new(Policy::default(), 1);
    // The world keeps its moments in order already, and has not put its events in order yet.
    run.world.next_due();
    run.made("333311111");
    run.subscribe();
    run.send();
    assert!(run.sent.is_empty());
    run.made("333322222");
    run.subscribe();
    run.pass(1);
    // The second creation to the first subscriber; then both are REQUESTED, for both.
    assert_eq!(run.sent.iter().map(|(_, attempt)| attempt.delivery).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(run.world.webhook_deliveries(0)[0].event, 2);
    // All have gone, and somebody comes again.
    assert!(run.world.unsubscribe(1) && run.world.unsubscribe(2));
    run.made("333333333");
    run.subscribe();
    run.send();
    assert_eq!(run.sent.len(), 5);
}
