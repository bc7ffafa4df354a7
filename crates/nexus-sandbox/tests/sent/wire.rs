//! What arrives of faults, and what a receiver that misbehaves is in the log.

use std::io::Write;
use std::net::{TcpListener, TcpStream};

use nexus_sandbox::{Options, Policy, Receiver, Receiving, Sandbox};
use serde_json::{Value, json};

use crate::hook::Hook;
use crate::support::*;

fn sandbox(policy: Policy) -> Sandbox {
    let mut options = Options::default();
    options.policy = policy;
    Sandbox::start(options).unwrap()
}

#[test]
fn a_slow_body_arrives_whole_and_a_reset_one_does_not() {
    let sandbox = sandbox(Policy::default());
    let (caller, hook) = (Caller::new(&sandbox), Hook::always(204));
    caller.subscribe(&hook.url);
    for fault in [r#"{"effect":"slow","milliseconds":1,"nth":1}"#, r#"{"effect":"reset","nth":2}"#] {
        caller.admin("POST", "webhooks/faults", fault);
    }
    for email in ["a@example.com", "b@example.com"] {
        caller.preinitiated(email);
        caller.flush();
    }
    let got = hook.got();
    assert_eq!((got.len(), got[0].whole, got[1].whole), (2, true, false));
    let sizes: Vec<u64> = caller.deliveries().iter().map(|delivery| delivery["body_bytes"].as_u64().unwrap()).collect();
    assert_eq!((got[0].body.len() as u64, got[1].body.len() as u64), (sizes[0], sizes[1] / 2));
    assert_eq!(got[1].header("content-length").unwrap(), sizes[1].to_string());
    let attempts: Vec<Value> = caller.deliveries().iter().map(|delivery| delivery["attempts"][0].clone()).collect();
    assert_eq!((&attempts[0]["status"], &attempts[0]["fault"]), (&json!(204), &json!(1)));
    assert_eq!((&attempts[1]["error"], &attempts[1]["fault"]), (&json!("closed"), &json!(2)));
    caller.admin("POST", "advance", r#"{"seconds":60}"#);
    assert!(hook.got()[2].whole);
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Hook::always(204);
    let there = format!("HTTP/1.1 307 Moved\r\nLocation: {}/\r\nContent-Length: 0\r\n\r\n", elsewhere.url);
    let hook = Hook::new(move |_, _| there.clone());
    let sandbox = sandbox(Policy::default());
    let caller = Caller::new(&sandbox);
    caller.subscribe(&hook.url);
    caller.preinitiated("a@example.com");
    caller.flush();
    assert_eq!((hook.got().len(), elsewhere.got().len()), (1, 0));
    assert_eq!(caller.deliveries()[0]["attempts"][0]["status"], 307);
}

#[test]
fn why_no_response_came() {
    // Nobody listens where somebody did.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let closing = Hook::new(|_, _| String::new());
    let babbling = Hook::new(|_, _| "babble\r\n\r\n".to_owned());
    let policy = Policy { webhook_timeout_milliseconds: 300, ..Policy::default() };
    let sandbox = sandbox(policy);
    let caller = Caller::new(&sandbox);
    let receivers = [
        (format!("http://{gone}/"), "refused"),
        (format!("http://{}/", silent.local_addr().unwrap()), "timeout"),
        (closing.url.clone(), "closed"),
        (babbling.url.clone(), "closed"),
        ("https://receiver.invalid/".to_owned(), "unknown_host"),
        // A receiver without TLS.
        (closing.url.replace("http:", "https:"), "closed"),
    ];
    for (url, _) in &receivers {
        caller.subscribe(url);
    }
    caller.preinitiated("a@example.com");
    caller.flush();
    let errors: Vec<Value> =
        caller.deliveries().iter().map(|delivery| delivery["attempts"][0]["error"].clone()).collect();
    for (index, (url, wanted)) in receivers.iter().enumerate() {
        // Without a network even the name of nobody takes longer.
        let either = *wanted == "unknown_host" && errors[index] == "timeout";
        let tls = url.starts_with("https://127") && (errors[index] == "tls" || errors[index] == "timeout");
        assert!(errors[index] == *wanted || either || tls, "{url}: {}", errors[index]);
    }
}

#[test]
fn the_receiver_of_the_crate_answers_in_turn_and_asks_for_a_password() {
    let mut receiving = Receiving::default();
    receiving.answers = vec![500, 503, 204];
    receiving.basic = Some(("josh".to_owned(), "s3cret".to_owned()));
    let receiver = Receiver::start(receiving.clone(), |_| ()).unwrap();
    assert!(!format!("{receiving:?}").contains("s3cret"));
    let sandbox = sandbox(Policy::default());
    let caller = Caller::new(&sandbox);
    let auth = r#""auth":{"type":"basic","username":"josh","password":"s3cret"}"#;
    caller.admin("POST", "webhooks", &format!(r#"{{"url":"{}hook",{auth}}}"#, receiver.url()));
    caller.admin("POST", "webhooks/faults", r#"{"effect":"wrong_auth","nth":2}"#);
    caller.preinitiated("a@example.com");
    caller.admin("POST", "advance", r#"{"seconds":86400}"#);
    let seen: Vec<_> = receiver.arrivals().iter().map(|arrival| (arrival.status, arrival.authorized)).collect();
    assert_eq!(seen, [(500, true), (401, false), (503, true), (204, true)]);
    assert!(receiver.arrivals().iter().all(|arrival| arrival.path == "/hook"));
    // Whatever else comes is no event.
    let mut stream = TcpStream::connect(receiver.url().trim_start_matches("http://").trim_end_matches('/')).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut text = String::new();
    std::io::Read::read_to_string(&mut stream, &mut text).unwrap();
    assert!(text.starts_with("HTTP/1.1 405"), "{text}");
}

/// What arrives of a served life with chances for every fault.
fn storm(seed: u64) -> Vec<(String, bool, Vec<u8>)> {
    let mut options = Options::default();
    options.seed = seed;
    let sandbox = Sandbox::start(options).unwrap();
    let caller = Caller::new(&sandbox);
    let hook = Hook::new(|_, before| ["500", "204", "204"][before % 3].to_owned());
    caller.admin(
        "POST",
        "webhooks",
        &format!(r#"{{"url":"{}","auth":{{"type":"basic","username":"a","password":"b"}}}}"#, hook.url),
    );
    for fault in ["drop\"", "duplicate\",\"gap\":9", "reorder\"", "forged\"", "stale\"", "reset\"", "wrong_auth\""] {
        caller.admin("POST", "webhooks/faults", &format!(r#"{{"effect":"{fault},"probability":0.2}}"#));
    }
    for round in 0..12 {
        let guid = caller.made(&format!("3333{round:05}"));
        caller.admin("POST", "advance", r#"{"seconds":125}"#);
        caller.ask("PUT", &format!("/micro_deposits/{guid}"), RIGHT);
    }
    caller.admin("POST", "advance", r#"{"seconds":200000}"#);
    // The address of the receiver differs from run to run.
    let head = |head: &str| {
        head.lines().filter(|line| !line.to_lowercase().starts_with("host")).collect::<Vec<_>>().join("\n")
    };
    hook.got().iter().map(|got| (head(&got.head), got.whole, got.body.clone())).collect()
}

#[test]
fn the_same_seed_and_requests_give_the_same_arrivals_over_the_wire() {
    let (first, again, other) = (storm(3), storm(3), storm(4));
    assert!(first.len() > 30, "{}", first.len());
    assert_eq!(first, again);
    assert_ne!(first.len(), 0);
    assert_ne!(first, other);
}
