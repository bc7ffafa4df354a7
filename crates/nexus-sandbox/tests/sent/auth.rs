//! Basic and bearer, as a receiver sees them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use nexus_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::hook::Hook;
use crate::support::*;

#[test]
fn basic_as_the_rfc_writes_it() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    // The example of RFC 7617, 2.
    let wanted = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
    let hook =
        Hook::new(move |got, _| if got.header("authorization") == Some(wanted) { "204" } else { "401" }.to_owned());
    let caller = Caller::new(&sandbox);
    let subscribe = |password: &str| {
        let auth = json!({"type": "basic", "username": "Aladdin", "password": password});
        caller.admin("POST", "webhooks", &json!({"url": hook.url, "auth": auth}).to_string());
    };
    subscribe("open sesame");
    subscribe("close sesame");
    caller.preinitiated("a@example.com");
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    let deliveries = caller.deliveries();
    let statuses = |index: usize| -> Vec<Value> {
        deliveries[index]["attempts"].as_array().unwrap().iter().map(|attempt| attempt["status"].clone()).collect()
    };
    assert_eq!(statuses(0), [204]);
    assert_eq!(statuses(1), [401, 401], "a refusal is shown, and tried again");
    let shown = format!("{}{}", caller.admin("GET", "webhooks", ""), caller.admin("GET", "webhooks/deliveries", ""));
    assert!(!shown.contains("sesame") && !shown.contains("Aladdin") && !shown.contains("QWxh"), "{shown}");
}

/// A token's server that counts, and a receiver that takes its newest token only.
fn bearer(life: u64) -> (Hook, Hook, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (counted, newest) = (Arc::clone(&asked), Arc::clone(&asked));
    let tokens = Hook::new(move |got, _| {
        // `a b` and `s3/cret`, form-encoded and then in base64 (RFC 6749, 2.3.1).
        let right = got.header("authorization") == Some("Basic YSUyMGI6czMlMkZjcmV0")
            && got.body == b"grant_type=client_credentials&scope=x%20y"
            && got.header("content-type") == Some("application/x-www-form-urlencoded");
        if !right {
            return "401".to_owned();
        }
        let number = counted.fetch_add(1, Ordering::SeqCst) + 1;
        let body = format!(r#"{{"access_token":"token-{number}","token_type":"bearer","expires_in":{life}}}"#);
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    });
    let hook = Hook::new(move |got, _| {
        let wanted = format!("Bearer token-{}", newest.load(Ordering::SeqCst));
        if got.header("authorization") == Some(&wanted) { "503" } else { "401" }.to_owned()
    });
    (tokens, hook, asked)
}

fn subscribed(sandbox: &Sandbox, tokens: &str, secret: &str, hook: &Hook) -> Caller {
    let caller = Caller::new(sandbox);
    let auth =
        json!({"type": "bearer", "token_url": tokens, "client_id": "a b", "client_secret": secret, "scope": "x y"});
    caller.admin("POST", "webhooks", &json!({"url": hook.url, "auth": auth}).to_string());
    caller.preinitiated("a@example.com");
    caller
}

#[test]
fn a_bearer_token_is_asked_for_once_in_its_life() {
    for (life, calls) in [(100_000, 1), (3600, 7), (86_400, 2)] {
        let (tokens, hook, asked) = bearer(life);
        let sandbox = Sandbox::start(Options::default()).unwrap();
        let caller = subscribed(&sandbox, &tokens.url, "s3/cret", &hook);
        caller.admin("POST", "advance", r#"{"seconds":86400}"#);
        assert_eq!(hook.got().len(), 13);
        assert!(hook.got().iter().all(|got| got.answered == "503"), "each brought the right token");
        // With an hour: at 0, 1, 2, 4, 7, 11, 17 and 24 hours.
        assert_eq!(asked.load(Ordering::SeqCst), if life == 3600 { calls + 1 } else { calls }, "{life}");
        assert!(!caller.admin("GET", "webhooks/deliveries", "").to_string().contains("token-"));
    }
}

#[test]
fn without_a_token_nothing_is_sent_and_it_is_tried_again() {
    let (tokens, hook, asked) = bearer(60);
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = subscribed(&sandbox, &tokens.url, "wrong", &hook);
    caller.flush();
    assert_eq!((hook.got().len(), asked.load(Ordering::SeqCst), tokens.got().len()), (0, 0, 1));
    assert_eq!(caller.deliveries()[0]["attempts"][0]["error"], "token");
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    assert_eq!((tokens.got().len(), &caller.deliveries()[0]["attempts"][1]["error"]), (2, &json!("token")));
}

#[test]
fn a_token_that_is_refused_is_thrown_away() {
    let (tokens, _, asked) = bearer(100_000);
    // It takes the second token only, as if its server had been started anew.
    let hook = Hook::new(|got, _| {
        if got.header("authorization") == Some("Bearer token-2") { "204" } else { "401" }.to_owned()
    });
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = subscribed(&sandbox, &tokens.url, "s3/cret", &hook);
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    let answers: Vec<String> = hook.got().iter().map(|got| got.answered.clone()).collect();
    assert_eq!((answers.as_slice(), asked.load(Ordering::SeqCst)), (&["401".to_owned(), "204".to_owned()][..], 2));
}

#[test]
fn a_wrong_token_by_a_fault() {
    let (tokens, hook, _) = bearer(100_000);
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let caller = Caller::new(&sandbox);
    caller.admin("POST", "webhooks/faults", r#"{"effect":"wrong_auth","nth":1}"#);
    let caller = subscribed(&sandbox, &tokens.url, "s3/cret", &hook);
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    let answers: Vec<String> = hook.got().iter().map(|got| got.answered.clone()).collect();
    assert_eq!(answers, ["401", "503"]);
}
