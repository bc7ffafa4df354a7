//! Policies of refusals: statuses, codes, bodies; and what the admin interface refuses of the clock and of faults.

use nexus_sandbox::{Call, Effect, ErrorBody, ErrorCode, Fault, OddAmounts, Policy, Profile};
use serde_json::{Value, json};

use crate::life::{Life, creation, shown};

/// Status and body of a refusal by each rule, in the order of [`RULES`].
fn refusals(life: &mut Life) -> Vec<(u16, String)> {
    let guid = life.made("333312345");
    let huge = " ".repeat(65_537);
    let put = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
    let mut all = vec![
        life.ask("POST", "/micro_deposits", "{}"),
        life.ask_as("none", "GET", "/micro_deposits", ""),
        life.ask("GET", "/micro_deposits/MIC-1", ""),
        life.ask("GET", "/nowhere", ""),
        life.ask("DELETE", "/micro_deposits", ""),
        life.ask("PUT", &format!("/micro_deposits/{guid}"), put),
        life.ask("POST", "/micro_deposits", &huge),
    ];
    let session = life.session.clone();
    let mut call = Call::new("POST", "/micro_deposits");
    (call.session_token, call.content_type) = (Some(&*session), Some("text/plain"));
    for accept in [None, Some("text/html")] {
        call.accept = accept;
        if accept.is_some() {
            call.content_type = Some(nexus_types::MEDIA_TYPE);
        }
        let reply = life.world.respond(&call);
        all.push((reply.status, String::from_utf8(reply.body).unwrap()));
    }
    all
}

const USUAL: [u16; 9] = [400, 401, 404, 404, 405, 409, 413, 415, 406];

#[test]
fn statuses_and_codes_of_refusals() {
    let codes = |all: &[(u16, String)]| -> Vec<u64> {
        let code = |text: &String| serde_json::from_str::<Value>(text).unwrap()["error"]["code"].as_u64().unwrap();
        all.iter().map(|(_, text)| code(text)).collect()
    };
    let all = refusals(&mut Life::new(Policy::default()));
    assert_eq!(all.iter().map(|(status, _)| *status).collect::<Vec<_>>(), USUAL);
    assert_eq!(codes(&all), [4001, 4011, 4040, 4040, 4050, 4090, 4130, 4150, 4060]);
    let mut life = Life::new(Policy {
        invalid_status: 422,
        unauthorized_status: 403,
        not_found_status: 410,
        method_status: 404,
        wrong_state_status: 423,
        too_large_status: 414,
        media_type_status: 406,
        accept_status: 400,
        not_found_code: Some(4044),
        wrong_state_code: Some(4999),
        ..Policy::default()
    });
    let all = refusals(&mut life);
    assert_eq!(
        all.iter().map(|(status, _)| *status).collect::<Vec<_>>(),
        [422, 403, 410, 410, 404, 423, 414, 406, 400]
    );
    assert_eq!(codes(&all), [4001, 4011, 4044, 4044, 4040, 4999, 4140, 4060, 4001]);
    // The admin interface is nobody's imitation.
    assert_eq!(life.ask("GET", "/_sandbox/state/MIC-1", "").0, 404);
    assert_eq!(life.ask("POST", "/_sandbox/advance", "{}").0, 400);
}

#[test]
fn error_body() {
    for (error_body, error_code, expected) in [
        (ErrorBody::Wrapped, ErrorCode::Number, r#"{"error":{"code":4040,"message":"Not found."}}"#),
        (ErrorBody::Wrapped, ErrorCode::Text, r#"{"error":{"code":"4040","message":"Not found."}}"#),
        (ErrorBody::Bare, ErrorCode::Number, r#"{"code":4040,"message":"Not found."}"#),
        (ErrorBody::Bare, ErrorCode::Text, r#"{"code":"4040","message":"Not found."}"#),
        (ErrorBody::Empty, ErrorCode::Number, ""),
    ] {
        let mut life = Life::new(Policy { error_body, error_code, ..Policy::default() });
        let all = refusals(&mut life);
        assert_eq!(all.iter().map(|(status, _)| *status).collect::<Vec<_>>(), USUAL, "the statuses stay");
        assert_eq!(all[2].1, expected);
        life.world.add_fault(Fault::always(Effect::Status { status: 404, retry_after: None, acting: false }));
        let injected = life.ask("GET", "/micro_deposits", "");
        assert_eq!(injected.1, expected.replace("Not found.", "A fault was injected."), "that of a fault too");
    }
    let mut life = Life::new(Policy { error_body: ErrorBody::Html, ..Policy::default() });
    let reply = life.world.respond(&Call::new("GET", "/micro_deposits"));
    assert_eq!((reply.status, reply.content_type), (401, "text/html"));
    assert!(reply.body.starts_with(b"<!DOCTYPE html>"));
}

#[test]
fn odd_amounts() {
    for (odd_amounts, expected, attempts) in
        [(OddAmounts::Refused, Err(400), 0), (OddAmounts::Wrong, shown("DENIED"), 1)]
    {
        for odd in ["1.5", "0.095", "-0.09", "0"] {
            let mut life = Life::new(Policy { odd_amounts, ..Policy::default() });
            let guid = life.made("333312345");
            life.pass(120);
            let body = format!(r#"{{"deposit_amount_1":0.09,"deposit_amount_2":{odd}}}"#);
            let (status, text) = life.ask("PUT", &format!("/micro_deposits/{guid}"), &body);
            let name = serde_json::from_str::<Value>(&text).unwrap()["micro_deposit"]["status_name"].clone();
            let outcome = if status == 200 { Ok(name.as_str().unwrap().to_owned()) } else { Err(status) };
            assert_eq!(outcome, expected, "{odd}");
            assert_eq!(life.get("GET", &format!("/_sandbox/state/{guid}"), "")["attempts"], attempts);
            // What is no number is no amount by any reading.
            let (status, _) = life.ask("PUT", &format!("/micro_deposits/{guid}"), r#"{"deposit_amount_1":"0.09"}"#);
            assert_eq!(status, 400);
        }
    }
}

#[test]
fn the_clock_never_stops_silently() {
    let mut life = Life::with(Profile::Production, Policy::default());
    let refused = |life: &mut Life, body: &str, field: &str| {
        let before = life.world.now();
        let (status, text) = life.ask("POST", "/_sandbox/advance", body);
        assert_eq!(status, 400, "{body}");
        assert!(text.contains(field) && text.contains("9000-01-01T00:00:00.000Z, the last possible time"), "{text}");
        assert_eq!(life.world.now(), before, "the clock stays");
    };
    for late in ["9000-01-01T00:00:00.001Z", "9999-12-31T23:59:59Z", "9999-01-01T00:00:00Z", "+10000-01-01T00:00:00Z"] {
        refused(&mut life, &json!({"to": late}).to_string(), "to must not be after");
    }
    life.get("POST", "/_sandbox/advance", r#"{"to":"8999-12-31T23:59:00.000Z"}"#);
    refused(&mut life, r#"{"seconds":61}"#, "seconds would lead beyond");
    assert_eq!(life.world.left(), std::time::Duration::from_secs(60));
    let now = life.get("POST", "/_sandbox/advance", r#"{"seconds":60}"#)["now"].clone();
    assert_eq!(now, "9000-01-01T00:00:00.000Z");
    refused(&mut life, r#"{"seconds":1}"#, "seconds would lead beyond");
    life.get("POST", "/_sandbox/advance", r#"{"seconds":0}"#);
    assert_eq!(life.ask("POST", "/_sandbox/advance", r#"{"to":"soon"}"#).1.matches("must be a timestamp").count(), 1);
}

#[test]
fn faults_are_shown_as_they_were_given() {
    let mut life = Life::new(Policy::default());
    let given = [
        json!({"effect": "status", "status": 503, "retry_after": "7", "after_acting": true, "probability": 0.0004,
            "times": 3, "operation": "list", "comment": {"ticket": 12}}),
        json!({"effect": "delay", "milliseconds": 250, "nth": 2, "comment": "slow bank"}),
        json!({"effect": "cut", "bytes": 17}),
        json!({"effect": "redirect", "location": "https://example.com/"}),
        json!({"effect": "later", "milliseconds": 5, "status": 504}),
        json!({"effect": "html", "status": 200, "after_acting": false}),
        json!({"effect": "duplicate", "response": "second"}),
        json!({"effect": "contradictory", "kind": "boolean", "probability": 1e-9}),
    ];
    for fault in &given {
        life.get("POST", "/_sandbox/faults", &fault.to_string());
    }
    let listed = life.get("GET", "/_sandbox/faults", "");
    for (fault, shown) in given.iter().zip(listed["faults"].as_array().unwrap()) {
        for (field, value) in shown.as_object().unwrap() {
            let expected = match &**field {
                "id" | "seen" | "hits" => continue,
                field => fault.get(field).unwrap_or(&Value::Null),
            };
            assert_eq!(value, expected, "{field} of {fault}");
        }
        assert!(fault.as_object().unwrap().keys().all(|field| shown.get(field).is_some()), "{fault} {shown}");
    }
    for (fault, field) in [
        (json!({"effect": "status", "status": 503, "retry_after": ""}), "retry_after must be"),
        (json!({"effect": "delay", "milliseconds": 1, "retry_after": ""}), "retry_after is no field of this effect"),
        (json!({"effect": "garbage", "bytes": 3}), "bytes is no field of this effect"),
        (json!({"effect": "nonsense", "bytes": 3}), "effect is not known"),
    ] {
        let (status, text) = life.ask("POST", "/_sandbox/faults", &fault.to_string());
        assert!(status == 400 && text.contains(field), "{fault}: {text}");
    }
}

#[test]
fn a_refused_create_makes_nothing() {
    let mut life = Life::new(Policy { invalid_status: 500, ..Policy::default() });
    let mut body = creation("333312345");
    body["micro_deposit"]["routing_number"] = json!("021000021");
    assert_eq!(life.ask("POST", "/micro_deposits", &body.to_string()).0, 500);
    assert_eq!(life.world.created(), 0);
}
