//! The webhook events in the outbox.

use crate::support::*;
use nexus_sandbox::{Options, Sandbox};
use nexus_types::WebhookEvent;
use serde_json::{Value, json};

/// The payload as MX documents it.
const DOCUMENTED_EVENT: &str = r#"{
"action": "created",
"version": 1,
"micro_deposit": {
"account_number": "333312345",
"account_type": 1,
"created_at": "2021-10-22T21:44:38.000+00:00",
"guid": "MIC-34aeae9d-94c2-4d07-8cba-e8cb05a5c454",
"institution_guid": null,
"routing_number": "091000019",
"status": 0,
"status_name": "INITIATED",
"updated_at": "2021-10-22T21:44:38.000+00:00",
"user_guid": "USR-3bfab518-ef2b-4139-a8a5-7779e97ea4a1",
"user_id": "user-2345"
}
}"#;

/// The keys of a JSON text in which no string has an escape, in order.
fn keys(text: &str) -> Vec<&str> {
    let parts: Vec<&str> = text.split('"').collect();
    let strings = parts.windows(2).skip(1).step_by(2);
    strings.filter(|pair| pair[1].trim_start().starts_with(':')).map(|pair| pair[0]).collect()
}

/// What is left of a text when every digit, hexadecimal ones too, is the same.
fn form(value: &Value) -> String {
    let text = value.as_str().map_or(value.to_string(), str::to_owned);
    text.chars().map(|c| if c.is_ascii_digit() || ('a'..='f').contains(&c) { '0' } else { c }).collect()
}

#[test]
fn webhook_events_in_order_and_in_the_documented_form() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    let guid = caller.made("333312345");
    let first = caller.ask("GET", "/_sandbox/events", "").2;
    let (_, body) = first.split_once("\"body\":").unwrap();
    let (body, _) = body.split_once("}]").unwrap();
    assert_eq!(keys(body), keys(DOCUMENTED_EVENT));
    let documented: Value = serde_json::from_str(DOCUMENTED_EVENT).unwrap();
    let event = &serde_json::from_str::<Value>(&first).unwrap()["events"][0];
    assert_eq!((&event["id"], &event["at"]), (&json!(1), &json!("2026-01-05T09:00:00.000Z")));
    for (name, value) in documented["micro_deposit"].as_object().unwrap() {
        let served = &event["body"]["micro_deposit"][name];
        match name.as_str() {
            "user_id" => assert_eq!(served, "user-1"),
            "created_at" | "updated_at" | "guid" | "user_guid" => assert_eq!(form(served), form(value), "{name}"),
            _ => assert_eq!(served, value, "{name}"),
        }
    }
    assert_eq!((&event["body"]["action"], &event["body"]["version"]), (&json!("created"), &json!(1)));

    let person = r#"{"micro_deposit":{"first_name":"Josh","last_name":"Boy","email":"joshboy@example.com"}}"#;
    let waiting = caller.get("POST", "/micro_deposits", person)["micro_deposit"]["guid"].as_str().unwrap().to_owned();
    let account = r#"{"event":"account_submitted","account":{"account_number":"1","account_type_name":"SAVINGS","routing_number":"091000019"}}"#;
    // At the same instant: a later event is no creation because the clock stood still.
    caller.get("POST", &format!("/_sandbox/events/{waiting}"), account);
    caller.get("POST", &format!("/_sandbox/events/{waiting}"), r#"{"event":"rejected"}"#);
    caller.get("POST", "/_sandbox/advance", r#"{"seconds":120}"#);
    caller.get("PUT", &format!("/micro_deposits/{guid}"), WRONG);
    caller.get("PUT", &format!("/micro_deposits/{guid}"), RIGHT);
    let all = caller.get("GET", "/_sandbox/events", "");
    let summary = |event: &Value| {
        let body = &event["body"];
        assert!(WebhookEvent::parse(body.to_string().as_bytes()).is_ok(), "{body}");
        assert_eq!(body["micro_deposit"]["verified_at"].is_string(), body["micro_deposit"]["status"] == 3);
        let (at, name) = (event["at"].as_str().unwrap(), body["micro_deposit"]["status_name"].as_str().unwrap());
        format!("{} {} {} {name}", event["id"], &at[14..19], body["action"].as_str().unwrap())
    };
    let events: Vec<String> = all["events"].as_array().unwrap().iter().map(summary).collect();
    assert_eq!(
        events,
        [
            "1 00:00 created INITIATED",
            "2 00:00 created PREINITIATED",
            "3 00:00 updated INITIATED",
            "4 00:00 updated REJECTED",
            "5 00:01 updated REQUESTED",
            "6 02:00 updated DEPOSITED",
            "7 02:00 updated DENIED",
            "8 02:00 updated VERIFIED",
        ]
    );
    let after = |number: u64| caller.get("GET", &format!("/_sandbox/events?after={number}"), "")["events"].clone();
    assert_eq!(after(6).as_array().unwrap()[..], all["events"].as_array().unwrap()[6..]);
    assert_eq!((after(8), after(u64::MAX)), (json!([]), json!([])));
}
