//! `nexus lab`, `nexus why` and `nexus list --status` against a sandbox, and against what is none.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{Read, Write};
use std::net::TcpListener;

use support::{Served, code, err, json, nexus, out, with_input};

fn lab(served: &Served, words: &[&str]) -> String {
    let output = served.run(&[&["lab"], words].concat());
    assert_eq!(code(&output), Some(0), "{words:?}: {}", err(&output));
    out(&output)
}

fn lab_json(served: &Served, words: &[&str]) -> serde_json::Value {
    json(&served.run(&[&["lab", "--json"], words].concat()))
}

#[test]
fn a_microdeposits_life_without_curl() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let failing = served.create("333354321", &["--json"]);
    let failing = json(&failing)["micro_deposit"]["guid"].as_str().unwrap().to_owned();
    lab(&served, &["advance", "10s"]);
    assert!(lab(&served, &["happen", &failing, "failed", "--code", "R03"]).contains("ERRORED"));
    assert_eq!(lab(&served, &["advance", "110s"]), "2026-01-05T09:02:00.000Z\n");
    assert_eq!(lab(&served, &["advance", "+1h"]), "2026-01-05T10:02:00.000Z\n");
    assert_eq!(lab(&served, &["advance", "--to", "2026-01-05T11:00:00.000Z"]), "2026-01-05T11:00:00.000Z\n");
    assert!(lab(&served, &["statement", &guid]).ends_with("; they have landed\n"));
    assert!(lab(&served, &["state", &guid]).contains("DEPOSITED"));
    let state = lab(&served, &["state"]);
    assert!(state.contains("now      2026-01-05T11:00:00.000Z") && state.contains(&guid), "{state}");
    let events = lab_json(&served, &["events"]);
    let statuses: Vec<_> =
        events["events"].as_array().unwrap().iter().map(|one| &one["micro_deposit"]["status_name"]).collect();
    assert_eq!(statuses, ["INITIATED", "INITIATED", "REQUESTED", "REQUESTED", "ERRORED", "DEPOSITED"]);
    assert!(lab(&served, &["requests"]).contains("create"));
    lab(&served, &["expire-sessions"]);
    assert_eq!(lab(&served, &["reset"]), "2026-01-05T09:00:00.000Z\n");
    assert!(lab(&served, &["events"]).contains("No events"));
}

#[test]
fn nothing_personal_is_shown_even_where_a_webhook_has_it() {
    let served = Served::start(&[]);
    served.guid();
    for words in [&["events"][..], &["requests"], &["state"], &["export"]] {
        for json in [&[][..], &["--json"]] {
            let output = served.run(&[&["lab"], words, json].concat());
            let shown = out(&output) + &err(&output);
            for secret in ["333312345", "Josh", "James", "josh@example.com", served.text("api_key")] {
                assert!(!shown.contains(secret), "{words:?} {shown}");
            }
        }
    }
    let whole = served.run(&["lab", "events", "--json", "--reveal"]);
    assert!(out(&whole).contains("333312345"));
}

#[test]
fn faults_by_words() {
    let served = Served::start(&[]);
    let add =
        ["fault", "add", "status", "--operation", "list", "--status", "503", "--retry-after", "7", "--times", "9"];
    assert_eq!(lab(&served, &add), "fault 1\n");
    let listed = lab(&served, &["fault", "list"]);
    assert!(listed.contains("status") && listed.contains("list"), "{listed}");
    assert_eq!(code(&served.run(&["list", "--call-timeout", "2s"])), Some(3));
    assert!(lab_json(&served, &["fault", "list"])["faults"][0]["hits"].as_u64() >= Some(1));
    lab(&served, &["fault", "clear", "1"]);
    assert!(lab(&served, &["fault", "list"]).contains("No faults"));
    lab(&served, &["fault", "clear"]);
    let refused = served.run(&["lab", "fault", "add", "status", "--status", "200"]);
    assert!(code(&refused) == Some(3) && err(&refused).contains("status must be"), "{}", err(&refused));
    let wrong = served.run(&["lab", "happen", "MIC-1", "333312345"]);
    assert!(
        code(&wrong) == Some(2) && !err(&wrong).contains("3333") && err(&wrong).contains("landed"),
        "{}",
        err(&wrong)
    );
}

#[test]
fn tenants_by_words_and_each_with_its_own_clock() {
    let served = Served::start(&[]);
    assert!(
        lab(&served, &["tenants", "make", "worker-1", "--seed", "7", "--ttl", "10m"])
            .contains("export NEXUS_API_KEY=sandbox_")
    );
    lab(&served, &["advance", "2m", "--tenant", "worker-1"]);
    assert!(lab(&served, &["state"]).contains("2026-01-05T09:00:00"));
    assert!(lab(&served, &["--tenant", "worker-1", "state"]).contains("2026-01-05T09:02:00"));
    assert!(lab(&served, &["tenants", "list"]).contains("worker-1"));
    lab(&served, &["tenants", "delete", "worker-1"]);
    let gone = served.run(&["lab", "--tenant", "worker-1", "state"]);
    assert!(code(&gone) == Some(3) && err(&gone).contains("no tenant"), "{}", err(&gone));
}

#[test]
fn an_account_is_submitted_as_by_the_widget() {
    let served = Served::start(&[]);
    let person = ["--first-name", "Josh", "--last-name", "Boy", "--email", "joshboy@example.com", "--json"];
    let made = json(&served.run(&[&["preinitiate"][..], &person].concat()));
    let guid = made["micro_deposit"]["guid"].as_str().unwrap();
    let words = ["lab", "happen", guid, "account_submitted", "--account-number-file", "-", "--routing-number"];
    let command = served.nexus(&[&words[..], &["091000019", "--account-type", "checking"]].concat());
    let output = with_input(command, "333312345");
    assert!(out(&output).starts_with(&format!("{guid}  INITIATED\n")), "{} {}", out(&output), err(&output));
}

#[test]
fn stories_and_the_whole_state_out_and_in() {
    let served = Served::start(&[]);
    let told = lab(&served, &["scenarios", "list"]);
    assert!(told.contains("happy") && told.contains("VERIFIED"), "{told}");
    let run = lab(&served, &["scenarios", "run", "happy"]);
    assert!(run.contains("VERIFIED") && !run.contains("NOT DONE"), "{run}");
    assert_eq!(code(&served.run(&["lab", "scenarios", "run", "unhappy"])), Some(3));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.json");
    let file = file.to_str().unwrap();
    assert!(lab(&served, &["export", file]).contains("bytes written"));
    let whole = lab(&served, &["export"]);
    assert_eq!(whole, std::fs::read_to_string(file).unwrap());
    let other = Served::start(&[]);
    lab(&other, &["import", file]);
    assert_eq!(lab(&other, &["export"]), whole);
    let wrong = with_input(served.nexus(&["lab", "import", "-"]), "333312345");
    assert!(code(&wrong) == Some(3) && !err(&wrong).contains("3333"), "{}", err(&wrong));
}

#[test]
fn why_names_the_rule_and_the_policy_of_a_refusal() {
    let served = Served::start(&[]);
    let guid = served.guid();
    lab(&served, &["advance", "2m"]);
    served.run(&["verify", &guid, "0.09", "0.09"]);
    lab(&served, &["fault", "add", "status", "--operation", "read", "--status", "503", "--times", "1"]);
    served.run(&["read", &guid]);
    let told = out(&served.run(&["why", &guid]));
    assert!(told.contains("An injected fault has met a request for it"), "{told}");
    assert!(told.contains("with 503: A fault was injected: status"), "{told}");
    assert!(lab(&served, &["requests"]).contains("PUT /micro_deposits/"));
}

#[test]
fn lists_by_status() {
    let served = Served::start(&[]);
    let guid = served.guid();
    lab(&served, &["advance", "2m"]);
    served.run(&["read", &guid]);
    served.create("333399999", &[]);
    let deposited = json(&served.run(&["list", "--status", "deposited", "--json"]));
    assert_eq!(deposited["micro_deposits"].as_array().unwrap().len(), 1);
    assert_eq!(deposited["micro_deposits"][0]["micro_deposit"]["guid"], guid.as_str());
    assert!(out(&served.run(&["list", "--status", "VERIFIED"])).contains("No microdeposits"));
    assert_eq!(code(&served.run(&["list", "--status", "lost"])), Some(2));
}

#[test]
fn why_it_is_where_it_is_and_what_comes_next() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let why = |words: &[&str]| {
        let output = served.run(&[&["why", &*guid], words].concat());
        assert_eq!(code(&output), Some(0), "{}", err(&output));
        out(&output)
    };
    assert!(why(&[]).contains("The deposits land two minutes after the create"), "{}", why(&[]));
    lab(&served, &["advance", "2m"]);
    let stale = why(&[]);
    assert!(stale.contains("lists still show INITIATED") && stale.contains("nexus lab statement GUID"), "{stale}");
    assert!(stale.contains("Otherwise it is deleted at 2026-01-26T09:00:00.000Z, after 21 days"), "{stale}");
    served.run(&["verify", &guid, "0.02", "0.02"]);
    let denied = why(&[]);
    assert!(denied.contains("1 of 3 submissions are used, 2 left"), "{denied}");
    assert!(denied.contains("INITIATED") && denied.contains("REQUESTED") && denied.contains("DEPOSITED"), "{denied}");
    served.run(&["verify", &guid, "0.09", "0.09"]);
    served.run(&["verify", &guid, "0.09", "0.09"]);
    let told = json(&served.run(&["why", &guid, "--json"]));
    assert_eq!((&told["status"], told["history"].as_array().unwrap().len()), (&"VERIFIED".into(), 5));
    let other = served.create("333354321", &["--json"]);
    let other = json(&other)["micro_deposit"]["guid"].as_str().unwrap().to_owned();
    lab(&served, &["advance", "22d"]);
    let gone = out(&served.run(&["why", &other]));
    assert!(gone.contains("nobody completed it within 21 days") && gone.contains("Start a new one"), "{gone}");
    assert_eq!(code(&served.run(&["why", "MIC-00000000-0000-0000-0000-000000000000"])), Some(3));
}

/// Answers every connection with this, and gives what the first one asked.
fn stranger(response: &'static str) -> (String, std::thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let read = stream.read(&mut asked).unwrap();
        stream.write_all(response.as_bytes()).unwrap();
        String::from_utf8_lossy(&asked[..read]).into_owned()
    });
    (url, thread)
}

#[test]
fn nothing_but_a_sandbox_is_told_anything() {
    let page = "HTTP/1.1 200 OK\r\nContent-Length: 29\r\nConnection: close\r\n\r\n{\"info\":{\"title\":\"Petstore\"}}";
    let (url, asked) = stranger(page);
    let output = nexus().args(["lab", "reset", "--sandbox-url", &url]).env("NEXUS_API_KEY", "k-123").output().unwrap();
    assert!(code(&output) == Some(2) && err(&output).contains("does not answer as a sandbox"), "{}", err(&output));
    let asked = asked.join().unwrap();
    assert!(asked.starts_with("GET /_sandbox/openapi.json ") && !asked.contains("k-123"), "{asked}");
    for (url, words) in [
        ("integration", "MX's own"),
        ("https://int-data.moneydesktop.com", "MX's own"),
        ("http://192.0.2.1:8080", "--sandbox-host"),
    ] {
        let output = nexus().args(["lab", "reset"]).env("NEXUS_BASE_URL", url).output().unwrap();
        assert!(code(&output) == Some(2) && err(&output).contains(words), "{}", err(&output));
    }
    let nowhere = nexus().args(["lab", "state", "--sandbox-url", "http://127.0.0.1:1"]).output().unwrap();
    assert_eq!(code(&nowhere), Some(6), "{}", err(&nowhere));
    assert_eq!(code(&nexus().args(["lab", "state"]).output().unwrap()), Some(2));
}
