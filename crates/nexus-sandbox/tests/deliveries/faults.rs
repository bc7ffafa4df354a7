//! What goes wrong with webhooks on purpose.

use nexus_sandbox::{Policy, WebhookAttempt, WebhookAuth, WebhookManner};
use serde_json::{Value, json};

use crate::run::*;

const FAULTS: &str = include_str!("../../../../tests/vectors/webhook_faults.json");

/// What is odd about a request, in words.
fn arrival(at: u64, attempt: &WebhookAttempt, guid: &str, plain: &[String]) -> String {
    let body: Value = serde_json::from_slice(&attempt.body).unwrap();
    let record = body["micro_deposit"].as_object().unwrap();
    let text = std::str::from_utf8(&attempt.body).unwrap();
    let mut keys: Vec<&str> = record.keys().map(String::as_str).collect();
    keys.sort_by_key(|key| text.find(&format!("\"{key}\":")));
    let mut said = format!("{at} {} {}", attempt.kind.name(), record["status_name"].as_str().unwrap());
    let mut say = |odd: bool, word: &str| {
        if odd {
            said.push_str(&format!(" {word}"));
        }
    };
    let known: Vec<&str> = keys.iter().copied().filter(|key| plain.iter().any(|known| known == key)).collect();
    say(record["guid"] != guid, "unknown");
    say(keys.iter().any(|key| key.contains("future")), "extra");
    say(record["account_number"].is_null(), "null");
    say(known != plain.iter().map(String::as_str).filter(|key| known.contains(key)).collect::<Vec<_>>(), "shuffled");
    say(attempt.auth == WebhookAuth::None, "none");
    say(matches!(attempt.manner, WebhookManner::Slow(_)), "slow");
    say(attempt.manner == WebhookManner::Reset, "reset");
    say(attempt.wrong_auth, "wrong_auth");
    said
}

fn arrivals(case: &Value, policy: Policy, seed: u64) -> Vec<String> {
    let mut run = Run::new(policy, seed);
    run.subscribe();
    for fault in case["faults"].as_array().unwrap() {
        run.good("POST", "/_sandbox/webhooks/faults", &fault.to_string());
    }
    if let Some(answers) = case.get("answers") {
        run.answer(answers.as_array().unwrap());
    }
    let guid = run.live();
    let plain = [
        "account_number",
        "account_type",
        "created_at",
        "guid",
        "institution_guid",
        "routing_number",
        "status",
        "status_name",
        "updated_at",
        "user_guid",
        "user_id",
        "verified_at",
    ];
    run.sent.iter().map(|(at, attempt)| arrival(*at, attempt, &guid, &plain.map(str::to_owned))).collect()
}

#[test]
fn each_fault_does_what_it_says() {
    for (case, policy) in cases(FAULTS) {
        assert_eq!(json!(arrivals(&case, policy, 1)), case["arrivals"], "{}", case["id"]);
    }
}

/// Everything that arrives of forty lives with chances for every fault, byte by byte.
fn storm(seed: u64) -> Vec<(u64, String, Vec<u8>)> {
    let mut run = Run::new(Policy { accounts_per_email: None, ..Policy::default() }, seed);
    run.subscribe();
    run.answer(&[json!(500), json!(204), json!("timeout"), json!(503), json!(204)]);
    for (effect, more) in [
        ("drop", json!({})),
        ("duplicate", json!({"copies": 3, "gap": 7})),
        ("reorder", json!({"behind": 2})),
        ("delay", json!({"seconds": 90})),
        ("stale", json!({})),
        ("shape", json!({"kind": "shuffled"})),
        ("forged", json!({})),
        ("slow", json!({"milliseconds": 1})),
        ("reset", json!({})),
        ("wrong_auth", json!({})),
    ] {
        let mut fault = json!({"effect": effect, "probability": 0.125});
        fault.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        run.good("POST", "/_sandbox/webhooks/faults", &fault.to_string());
    }
    let guids: Vec<String> = (0..40).map(|number| run.made(&format!("3333{number:05}"))).collect();
    run.pass(120);
    for guid in &guids {
        for amounts in [WRONG, RIGHT] {
            run.good("PUT", &format!("/micro_deposits/{guid}"), amounts);
        }
    }
    run.pass(2 * DAY);
    let shown = run.good("GET", "/_sandbox/webhooks/faults", "");
    for fault in shown["faults"].as_array().unwrap() {
        assert!(fault["hits"].as_u64() > Some(0), "{fault}");
    }
    let told = |(at, attempt): &(u64, WebhookAttempt)| {
        let how = format!("{} {:?} {:?} {}", attempt.kind.name(), attempt.manner, attempt.auth, attempt.wrong_auth);
        (*at, how, attempt.body.to_vec())
    };
    run.sent.iter().map(told).collect()
}

#[test]
fn the_same_seed_and_requests_give_the_same_arrivals() {
    let (first, again, other) = (storm(7), storm(7), storm(8));
    assert!(first.len() > 100, "{}", first.len());
    assert_eq!(first, again);
    let how = |arrivals: &[(u64, String, Vec<u8>)]| {
        arrivals.iter().map(|(at, how, _)| format!("{at} {how}")).collect::<Vec<_>>()
    };
    assert_ne!(how(&first), how(&other));
}

#[test]
fn a_removed_fault_does_nothing_more() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    let id = run.good("POST", "/_sandbox/webhooks/faults", r#"{"effect":"drop"}"#)["id"].clone();
    run.made("333311111");
    run.good("DELETE", &format!("/_sandbox/webhooks/faults/{id}"), "");
    run.made("333322222");
    run.pass(0);
    let states: Vec<_> = run.world.webhook_deliveries(0).iter().map(|delivery| delivery.state.name()).collect();
    assert_eq!(states, ["dropped", "delivered"]);
}
