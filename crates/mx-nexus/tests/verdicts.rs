//! What a verify and a create report in JSON, text and exit code, under different policies and faults of the server.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Output;

use serde_json::{Value, json as document};
use support::{Served, code, err, json, nexus, out, post};

/// A sandbox with this policy.
fn with_policy(policy: &str) -> Served {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), policy).expect("written");
    Served::start(&["--policy", file.path().to_str().expect("UTF-8")])
}

fn deposited(served: &Served) -> String {
    let guid = served.guid();
    served.advance(120);
    guid
}

fn fault(served: &Served, fault: &Value) {
    post(&format!("{}/_sandbox/faults", served.text("url")), &fault.to_string());
}

/// How many requests of this operation arrived.
fn received(served: &Served, operation: &str) -> usize {
    let url = format!("{}/_sandbox/requests", served.text("url"));
    let text = ureq::get(url).call().expect("a response").body_mut().read_to_string().expect("text");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    let requests = all["requests"].as_array().expect("requests");
    requests.iter().filter(|one| one["operation"] == operation).count()
}

fn verify(served: &Served, guid: &str, each: &str, more: &[&str]) -> Output {
    served.nexus(&["verify", guid, each, each, "--call-timeout", "4s"]).args(more).output().expect("the program")
}

fn error(output: &Output) -> Value {
    assert_eq!(out(output), "", "what is not certain is no result");
    serde_json::from_str(&err(output)).expect("JSON")
}

fn names(document: &Value) -> [Option<&str>; 3] {
    ["/verdict", "/assumed", "/micro_deposit/status_name"].map(|path| document.pointer(path).expect(path).as_str())
}

#[test]
fn the_third_wrong_submission_locks_and_a_fourth_is_not_sent() {
    let served = Served::start(&[]);
    let guid = deposited(&served);
    let shown = |output: &Output| json(output);
    let first = verify(&served, &guid, "0.02", &["--json"]);
    assert_eq!((code(&first), names(&shown(&first))), (Some(1), [Some("denied"), None, Some("DENIED")]));
    let second = verify(&served, &guid, "0.02", &[]);
    assert_eq!(code(&second), Some(1));
    let text = out(&second);
    assert!(text.starts_with("DENIED\nMIC-") && text.contains("assumed     updated_at_shows_denial:"), "{text}");
    let third = verify(&served, &guid, "0.02", &["--json"]);
    assert_eq!((code(&third), names(&shown(&third))), (Some(1), [Some("locked"), None, Some("PREVENTED")]));
    let fourth = verify(&served, &guid, "0.09", &["--json"]);
    assert_eq!((code(&fourth), &error(&fourth)["error"]["kind"]), (Some(5), &"not_verifiable".into()));
}

#[test]
fn a_pending_outcome_is_waited_for_and_told() {
    let served = with_policy(r#"{"verification":{"after_seconds":3600}}"#);
    let guid = deposited(&served);
    // The clock of the sandbox stands still: it is not judged within the call.
    for more in [&["--no-wait", "--json"] as &[&str], &["--json"]] {
        let output = verify(&served, &guid, "0.09", more);
        assert_eq!((code(&output), out(&output).lines().count()), (Some(9), 1), "{}", err(&output));
        assert_eq!(names(&json(&output)), [Some("pending"), None, Some("DEPOSITED")]);
    }
    let guid = served.create("333399999", &["--json"]);
    let guid = json(&guid)["micro_deposit"]["guid"].as_str().expect("a guid").to_owned();
    served.advance(120);
    let output = verify(&served, &guid, "0.09", &["--no-wait"]);
    let text = out(&output);
    assert!(text.starts_with("PENDING\nMIC-") && text.contains("Do not ask the person again"), "{text}");
    assert!(!text.contains("submit them") && err(&output).is_empty(), "{text}");
}

#[test]
fn a_later_outcome_is_the_verdict() {
    let served = with_policy(r#"{"verification":"deferred"}"#);
    let guid = deposited(&served);
    let output = verify(&served, &guid, "0.09", &["--json"]);
    assert_eq!((code(&output), names(&json(&output))), (Some(0), [Some("verified"), None, Some("VERIFIED")]));
}

#[test]
fn unknown_outcome_advice_does_not_ask_to_submit() {
    let served = Served::start(&[]);
    let guid = deposited(&served);
    fault(&served, &document!({"effect": "reset_before", "operation": "verify"}));
    let output = verify(&served, &guid, "0.09", &["--json"]);
    let shown = error(&output);
    let shown = &shown["error"];
    assert_eq!((code(&output), &shown["outcome_unknown"]), (Some(7), &true.into()));
    assert_eq!(
        ["kind", "cause", "assumption", "last_failure"].map(|name| shown[name].as_str()),
        [Some("io"), Some("reset"), None, None],
        "{shown}"
    );
    let output = verify(&served, &guid, "0.09", &[]);
    assert_eq!(code(&output), Some(7));
    let text = err(&output);
    assert!(text.starts_with("OUTCOME UNKNOWN\n") && text.contains("last seen: DEPOSITED\n"), "{text}");
    assert!(text.contains("the connection was reset") && !text.contains("submit them"), "{text}");
}

#[test]
fn refusal_names_its_assumption() {
    let served = Served::start(&[]);
    let guid = deposited(&served);
    fault(&served, &document!({"effect": "status", "status": 422, "operation": "verify"}));
    let output = verify(&served, &guid, "0.09", &["--json"]);
    assert_eq!((code(&output), &error(&output)["error"]["assumption"]), (Some(3), &"refused_before_acting".into()));
    let text = err(&verify(&served, &guid, "0.09", &[]));
    assert!(text.contains("assumed: A refusal of this HTTP status is given before anything is done."), "{text}");
}

/// A server that shows this record before the amounts are submitted, and that one from then on.
fn peer(before: &'static str, after: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let mut submitted = false;
        for mut stream in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let text = String::from_utf8_lossy(&head).to_lowercase();
            let length = text.split("content-length: ").nth(1).and_then(|rest| rest.split("\r\n").next()?.parse().ok());
            let _ = stream.read_exact(&mut vec![0; length.unwrap_or(0)]);
            submitted |= text.starts_with("put");
            let body = if submitted { after } else { before };
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n{body}");
        }
    });
    url
}

#[test]
fn unreadable_success_is_an_unknown_outcome() {
    const BEFORE: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#;
    let cases = [
        (r#"{"micro_deposit":{"guid":"MIC-1","status":0}}"#, "unforeseen_status", 305),
        (r#"{"micro_deposit":{"guid":"MIC-1","status":12,"status_name":"VERIFYING"}}"#, "unforeseen_status", 305),
        (r#"{"micro_deposit":{"guid":"MIC-1","status":2,"status_name":"VERIFIED"}}"#, "unforeseen_status", 305),
        (r#"{"micro_deposit":{"guid":"MIC-1","status":8}}"#, "microdeposit_failed", 405),
        (r#"{"micro_deposit":{"guid":"MIC-2","status":3}}"#, "another_record", 304),
    ];
    for (after, kind, number) in cases {
        let url = peer(BEFORE, after);
        let mut command = nexus();
        command.args(["verify", "MIC-1", "0.09", "0.09", "--json", "--call-timeout", "3s", "--base-url", &url]);
        let output = command.env("NEXUS_SESSION_TOKEN", "token").output().expect("the program");
        let shown = error(&output);
        assert_eq!(code(&output), Some(7), "{after}: {shown}");
        assert_eq!((&shown["error"]["kind"], &shown["error"]["number"]), (&kind.into(), &number.into()), "{after}");
    }
}

#[test]
fn create_reports_only_its_own_record() {
    let create =
        |served: &Served, more: &[&str]| served.create("333312345", &[&["--call-timeout", "4s"], more].concat());
    let lost = Served::start(&[]);
    fault(&lost, &document!({"effect": "reset_after", "operation": "create"}));
    let output = create(&lost, &["--json"]);
    assert_eq!((code(&output), &json(&output)["assumed"]), (Some(0), &"lists_show_all".into()));
    assert_eq!(received(&lost, "create"), 1);
    let never = Served::start(&[]);
    fault(&never, &document!({"effect": "reset_before", "operation": "create"}));
    let output = create(&never, &["--json"]);
    assert_eq!((code(&output), &error(&output)["error"]["outcome_unknown"]), (Some(7), &true.into()));
    assert_eq!(received(&never, "create"), 1);
    // The record is made, and cannot be seen in lists yet; the response shows somebody else's, VERIFIED long ago.
    for more in [&[] as &[&str], &["--json"]] {
        let anothers = with_policy(r#"{"list_lag_seconds":3600}"#);
        fault(&anothers, &document!({"effect": "another_record", "operation": "create"}));
        let output = create(&anothers, more);
        assert_eq!((code(&output), out(&output)), (Some(7), String::new()), "{}", err(&output));
        assert!(!err(&output).contains("2021") && !err(&output).contains("VERIFIED"), "{}", err(&output));
        assert_eq!(received(&anothers, "create"), 1);
    }
    let plain = create(&Served::start(&[]), &["--json"]);
    assert_eq!((code(&plain), &json(&plain)["assumed"]), (Some(0), &Value::Null));
}

#[test]
fn wait_reports_failed_reads() {
    let served = Served::start(&[]);
    let guid = served.guid();
    fault(&served, &document!({"effect": "status", "status": 503, "operation": "read", "times": 6}));
    let arguments = ["wait", &guid, "--timeout", "8s", "--every", "1s"];
    let output = served.nexus(&arguments).arg("--json").output().expect("the program");
    let text = out(&output);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let shown = |line: &Value| ["failure", "status"].map(|name| line["progress"][name].as_str().map(str::to_owned));
    assert_eq!(shown(&lines[0]), [Some("server".to_owned()), None], "{text}");
    assert_eq!(shown(lines.last().expect("lines")), [None, Some("INITIATED".to_owned())], "{text}");
    assert_eq!(code(&output), Some(5), "{}", err(&output));
    fault(&served, &document!({"effect": "status", "status": 503, "operation": "read"}));
    let output = served.run(&["wait", &guid, "--timeout", "2s", "--every", "1s"]);
    let text = err(&output);
    assert!(
        text.contains("the last read failed: the server failed") && text.contains("last read failed: server"),
        "{text}"
    );
}
