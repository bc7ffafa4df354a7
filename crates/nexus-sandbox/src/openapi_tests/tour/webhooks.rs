//! The part of the tour that leads through the webhooks.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Tour, full};
use crate::{WebhookOutcome, WebhookTrouble};

const PATH: &str = "/_sandbox/webhooks";

/// Subscribes, lets events be sent with every outcome, sends them again, and leaves one delivery and one subscription.
pub(super) fn webhooks(tour: &mut Tour) {
    let full_form = r#"{"url":"http://127.0.0.1:9/hook?key=s3cret","actions":["created"],
        "auth":{"type":"basic","username":"josh","password":"s3cret"}}"#;
    let bearer = r#"{"url":"https://example.com/","auth":{"type":"bearer","token_url":"https://example.com/token",
        "client_id":"a","client_secret":"s3cret","scope":"x"}}"#;
    for body in [full_form, bearer, r#"{"url":"http://localhost:9","auth":{"type":"none"}}"#] {
        tour.good("POST", PATH, body);
    }
    let listed = tour.good("GET", PATH, "").to_string();
    assert!(!listed.contains("s3cret") && !listed.contains("josh"), "{listed}");
    for (method, path, status) in [
        ("POST", "1/pause", 200),
        ("POST", "1/resume", 200),
        ("GET", "1", 200),
        ("DELETE", "2", 200),
        ("POST", "2/pause", 404),
        ("POST", "x/resume", 404),
        ("GET", "2", 404),
        ("DELETE", "2", 404),
        ("GET", "deliveries/9", 404),
        ("POST", "deliveries/9/replay", 404),
        ("GET", "deliveries?after=x", 400),
    ] {
        if status == 200 {
            tour.good(method, &format!("{PATH}/{path}"), "");
        } else {
            tour.bad(method, &format!("{PATH}/{path}"), "", status);
        }
    }
    faults(tour);
    deliveries(tour);
    refusals(tour);
}

/// Two subscriptions get a creation; the second one's is lost.
fn deliveries(tour: &mut Tour) {
    tour.good("POST", &format!("{PATH}/faults"), r#"{"effect":"drop","webhook":3}"#);
    tour.made(&full("333399999"));
    let outcomes = [WebhookOutcome::Failed(WebhookTrouble::Timeout), WebhookOutcome::Response(204)];
    for outcome in outcomes {
        let attempt = tour.world.attempt_due().unwrap();
        tour.world.attempt_ended(&attempt, outcome);
        tour.world.advance(Duration::from_secs(60));
    }
    let listed = tour.good("GET", &format!("{PATH}/deliveries"), "");
    assert_eq!(listed["deliveries"][0]["attempts"].as_array().map(Vec::len), Some(2), "{listed}");
    assert_eq!(listed["deliveries"][1]["state"], "dropped");
    assert!(!listed.to_string().contains("333399999"), "{listed}");
    tour.good("GET", &format!("{PATH}/deliveries/1"), "");
    let replay = format!("{PATH}/deliveries/1/replay");
    for body in ["", "{}", r#"{"fields":{"status":3}}"#, r#"{"body":{"any":"thing"},"wait":false}"#] {
        tour.good("POST", &replay, body);
    }
    for body in [r#"{"body":[]}"#, r#"{"fields":7}"#, r#"{"body":{},"fields":{}}"#, r#"{"wait":1}"#] {
        tour.bad("POST", &replay, body, 400);
    }
    tour.good("DELETE", &format!("{PATH}/1"), "");
    tour.bad("POST", &replay, "", 409);
}

fn refusals(tour: &mut Tour) {
    let bad = [
        "{}",
        r#"{"url":"http://example.com/"}"#,
        r#"{"url":"http://127.0.0.1:9/","actions":[]}"#,
        r#"{"url":"http://127.0.0.1:9/","actions":["deleted"]}"#,
        r#"{"url":"http://127.0.0.1:9/","auth":{}}"#,
        r#"{"url":"http://127.0.0.1:9/","auth":{"type":"digest"}}"#,
        r#"{"url":"http://127.0.0.1:9/","auth":{"type":"basic","username":"josh"}}"#,
        r#"{"url":"http://127.0.0.1:9/","auth":{"type":"none","username":"josh"}}"#,
        r#"{"url":"http://127.0.0.1:9/","auth":{"type":"basic","username":"a","password":"b","scope":"c"}}"#,
    ];
    for body in bad {
        tour.bad("POST", PATH, body, 400);
    }
    tour.world.deliveries.unable = true;
    tour.bad("POST", PATH, r#"{"url":"http://127.0.0.1:9/"}"#, 501);
    tour.world.deliveries.unable = false;
    // Somebody is there when what every path refuses is tried.
    tour.good("POST", PATH, r#"{"url":"http://127.0.0.1:9/"}"#);
}

fn faults(tour: &mut Tour) {
    let path = format!("{PATH}/faults");
    let effects = [
        r#"{"effect":"drop","status_name":"DEPOSITED","probability":0.0004}"#,
        r#"{"effect":"duplicate","copies":2,"gap":60,"probability":0.125}"#,
        r#"{"effect":"reorder","behind":2,"webhook":7}"#,
        r#"{"effect":"delay","seconds":60,"times":0}"#,
        r#"{"effect":"stale","times":0}"#,
        r#"{"effect":"shape","kind":"extra","times":0,"comment":[1]}"#,
        r#"{"effect":"forged","times":0}"#,
        r#"{"effect":"slow","milliseconds":5,"times":0}"#,
        r#"{"effect":"reset","times":0}"#,
        r#"{"effect":"wrong_auth","times":0}"#,
    ];
    for effect in effects {
        tour.good("POST", &path, effect);
    }
    let listed = tour.good("GET", &path, "");
    // What was given is shown, all of it.
    for (given, shown) in effects.iter().zip(listed["faults"].as_array().unwrap()) {
        let given: Value = serde_json::from_str(given).unwrap();
        for (name, value) in given.as_object().unwrap().iter().filter(|(name, _)| *name != "comment") {
            assert_eq!(&shown[name], value, "{shown}");
        }
    }
    let named = &tour.document["components"]["schemas"]["WebhookFaultRequest"]["properties"]["effect"]["enum"];
    let tried: BTreeSet<_> =
        listed["faults"].as_array().unwrap().iter().map(|fault| fault["effect"].as_str()).collect();
    assert_eq!(tried, named.as_array().unwrap().iter().map(Value::as_str).collect());
    let bad = [
        "{}",
        r#"{"effect":"no"}"#,
        r#"{"effect":"delay"}"#,
        r#"{"effect":"slow"}"#,
        r#"{"effect":"slow","milliseconds":60001}"#,
        r#"{"effect":"shape"}"#,
        r#"{"effect":"shape","kind":"no"}"#,
        r#"{"effect":"duplicate","copies":0}"#,
        r#"{"effect":"reorder","behind":101}"#,
        r#"{"effect":"drop","nth":0}"#,
        r#"{"effect":"drop","nth":1,"probability":0.5}"#,
        r#"{"effect":"drop","probability":1.5}"#,
        r#"{"effect":"drop","status_name":"LANDED"}"#,
        r#"{"effect":"drop","webhook":0}"#,
    ];
    for fault in bad {
        tour.bad("POST", &path, fault, 400);
    }
    tour.good("DELETE", &format!("{path}/2"), "");
    tour.bad("DELETE", &format!("{path}/2"), "", 404);
    assert_eq!(tour.good("DELETE", &path, ""), json!({"faults": []}));
}
