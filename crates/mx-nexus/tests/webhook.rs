//! Two programs and no code: a sandbox that sends webhooks, and `nexus webhook listen`.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{Read, Write};
use std::process::{Command, Stdio};

use serde_json::Value;
use support::listening::Listening;
use support::{Served, code, err, nexus};

fn listen(arguments: &[&str]) -> Command {
    let mut command = nexus();
    command.args(["webhook", "listen"]).args(arguments);
    command
}

#[test]
fn two_programs_and_no_code() {
    let mut listening = Listening::start(&mut listen(&["--json"]));
    let served = Served::start(&["--webhook", &listening.url]);
    let guid = served.guid();
    let created = listening.document();
    assert_eq!(
        (&created["number"], &created["action"], &created["status"]),
        (&1.into(), &"created".into(), &204.into())
    );
    let record = &created["micro_deposit"];
    assert_eq!((&record["guid"], &record["status_name"]), (&guid.clone().into(), &"INITIATED".into()));
    assert_eq!(record["account_number"], "*****2345");
    served.advance(120);
    let names = [0; 2].map(|_| listening.document()["micro_deposit"]["status_name"].as_str().map(str::to_owned));
    assert_eq!(names.map(Option::unwrap), ["REQUESTED", "DEPOSITED"]);
    assert_eq!(code(&served.run(&["verify", &guid, "0.09", "0.09"])), Some(0));
    assert_eq!(listening.document()["micro_deposit"]["status_name"], "VERIFIED");
}

#[test]
fn chosen_answers_make_retries() {
    let mut listening = Listening::start(&mut listen(&["--json", "--answer", "500x3,204", "--delay", "5"]));
    let served = Served::start(&["--webhook", &listening.url]);
    let person = ["preinitiate", "--first-name", "Josh", "--last-name", "Boy", "--email", "josh@example.com"];
    assert_eq!(code(&served.run(&person)), Some(0));
    served.advance(86_400);
    let answers = [0; 4].map(|_| listening.document()["status"].as_u64().unwrap());
    assert_eq!(answers, [500, 500, 500, 204]);
    let log = ureq::get(format!("{}/_sandbox/webhooks/deliveries", served.text("url"))).call().expect("a response");
    let log: Value = serde_json::from_str(&log.into_body().read_to_string().expect("text")).expect("JSON");
    let offsets =
        log["deliveries"][0]["attempts"].as_array().unwrap().iter().map(|attempt| attempt["offset_seconds"].as_u64());
    assert_eq!(offsets.map(Option::unwrap).collect::<Vec<_>>(), [0, 60, 180, 420]);
    assert_eq!(log["deliveries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn text_is_masked_and_passwords_are_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).expect("written");
        path.to_str().expect("UTF-8").to_owned()
    };
    let basic = write("basic", "josh:s3cret\n");
    let right = write("right", r#"{"type":"basic","username":"josh","password":"s3cret"}"#);
    let mut listening = Listening::start(&mut listen(&["--basic-file", &basic]));
    let mut told = String::new();
    while !told.contains("Ctrl-C") {
        told.push_str(&listening.line());
    }
    let served = Served::start(&["--webhook", &listening.url, "--webhook-auth-file", &right]);
    served.guid();
    let accepted = listening.line();
    assert!(accepted.starts_with("  1  created  MIC-") && accepted.ends_with("204\n"), "{accepted}");
    assert!(accepted.contains("INITIATED") && accepted.contains("*****2345"), "{accepted}");
    let mut command = nexus();
    command.env("NEXUS_WEBHOOK_AUTH", r#"{"type":"basic","username":"josh","password":"wr0ng"}"#);
    command.args(["sandbox", "--json", "--webhook", &listening.url]).stdout(Stdio::piped());
    let other = Served::of(command);
    other.guid();
    let refused = listening.line();
    assert!(refused.ends_with("401 wrong user name or password\n"), "{refused}");
    let _ = ureq::post(&listening.url).header("Authorization", "Basic am9zaDpzM2NyZXQ=").send("333312345 is no event");
    let odd = listening.line();
    assert!(odd.contains("not an event, 21 bytes"), "{odd}");
    let shown = [told, accepted, refused, odd, served.doc.to_string(), other.doc.to_string()].concat();
    for secret in ["s3cret", "wr0ng", "am9za", "333312345", "091000019"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[cfg(unix)]
#[test]
fn it_ends_cleanly_on_a_signal() {
    let mut listening = Listening::start(&mut listen(&["--json"]));
    let status = Command::new("kill").args(["-INT", &listening.child.id().to_string()]).status().expect("kill");
    assert!(status.success());
    assert_eq!(listening.child.wait().expect("its end").code(), Some(130));
    let mut rest = String::new();
    listening.printed.read_to_string(&mut rest).expect("text");
    assert_eq!(rest, "");
}

#[test]
fn wrong_arguments_are_named_and_not_repeated() {
    let cases: [(&[&str], &str); 7] = [
        (&["webhook", "listen", "--answer", "333312345"], "such as 500x3,204"),
        (&["webhook", "listen", "--delay", "9999999"], "must be 0 to 600000"),
        (&["webhook", "listen", "--basic-file", "-"], "basic"),
        (&["sandbox", "--webhook", "http://333312345.example/"], "url"),
        (&["sandbox", "--webhook", "http://s3cret:s3cret@127.0.0.1/"], "credentials"),
        (&["sandbox", "--webhook", "http://127.0.0.1:9/", "--webhook-auth-file", "-"], "webhook_auth"),
        (&["webhook"], "listen"),
    ];
    for (arguments, wanted) in cases {
        let mut child = nexus()
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        // Not what is wanted, where something is read.
        let _ = child.stdin.take().expect("its input").write_all(b"s3cret");
        let output = child.wait_with_output().expect("its end");
        let said = err(&output);
        assert_eq!(code(&output), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(wanted), "{arguments:?}: {said}");
        assert!(!said.contains("s3cret") && !said.contains("333312345"), "{arguments:?}: {said}");
    }
    let allowed = ["--webhook", "http://receiver:9/", "--webhook-host", "receiver"];
    assert!(Served::start(&allowed).text("url").starts_with("http://"));
}
