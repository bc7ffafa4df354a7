//! `nexus compare` against a second sandbox: what is told, what is sent, and what must never be shown.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::collections::BTreeMap;
use std::process::Output;

use support::{Served, code, err, json, nexus, out, with_input};

fn compare(served: &Served, words: &[&str]) -> Output {
    served.run(&[&["compare", "--to", served.text("url")], words].concat())
}

fn with_policy(policy: &str) -> Served {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), policy).unwrap();
    Served::start(&["--policy", file.path().to_str().unwrap()])
}

#[test]
fn exit_codes_and_the_switch_in_words_and_as_json() {
    let same = compare(&Served::start(&[]), &[]);
    assert!(code(&same) == Some(0) && out(&same).starts_with("equal in "), "{} {}", out(&same), err(&same));
    let served = with_policy(r#"{"list_shape":"flat","conflict":false}"#);
    let text = compare(&served, &["--json"]);
    let told = json(&text);
    assert_eq!((code(&text), &told["equal"]), (Some(1), &false.into()));
    let fields: BTreeMap<&str, &serde_json::Value> = told["switches"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|one| one["policy"].as_object().unwrap().iter().map(|(name, value)| (name.as_str(), value)))
        .collect();
    assert_eq!(fields, BTreeMap::from([("conflict", &false.into()), ("list_shape", &"flat".into())]));
    assert_eq!(told["unexplained"], serde_json::json!([]));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), r#"{"list_shape":"flat"}"#).unwrap();
    // The user has microdeposits now: no list is empty.
    let rest = compare(&served, &["--policy", file.path().to_str().unwrap()]);
    assert!(out(&rest).starts_with("set conflict: false\n") && !out(&rest).contains("list_shape"), "{}", out(&rest));
    assert!(out(&rest).contains("Not seen: empty lists"), "{}", out(&rest));
}

#[test]
fn personal_data_of_the_other_side_is_nowhere() {
    let served = with_policy(r#"{"invented_fields":true,"error_body":"bare","institution_name":"Canary Bank"}"#);
    let person = ["--first-name", "Canaria", "--last-name", "Secretperson", "--email", "canary@secret.example"];
    let account = ["--routing-number", "091000019", "--account-type", "checking", "--account-number-file", "-"];
    let made = with_input(
        served.nexus(&[&["create", "--account-name", "Canary Account"], &person[..], &account].concat()),
        "333377777",
    );
    assert_eq!(code(&made), Some(0), "{}", err(&made));
    let folder = tempfile::tempdir().unwrap();
    for words in [&[][..], &["--json"], &["--reveal"], &["--json", "--reveal"]] {
        let mut command = served.nexus(&[&["compare", "--to", served.text("url")], words].concat());
        let output = command
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .output()
            .unwrap();
        assert_eq!(code(&output), Some(1), "{}", err(&output));
        let shown = out(&output) + &err(&output);
        let secrets = [
            "Canaria",
            "Secretperson",
            "Canary",
            "canary@",
            "333377777",
            "7777",
            "091000019",
            "3333",
            "Josh",
            "James",
            "probe-",
            "MIC-",
            "USR-",
            served.text("api_key"),
            served.text("session_token"),
            served.text("client_id"),
            served.text("user_id"),
        ];
        for secret in secrets {
            assert!(!shown.contains(secret), "{secret}: {shown}");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is written");
}

#[test]
fn no_create_is_repeated_and_no_microdeposit_gets_a_second_submission() {
    let served = Served::start(&[]);
    compare(&served, &[]);
    let requests = json(&served.run(&["lab", "requests", "--json"]));
    let mut puts: BTreeMap<String, u32> = BTreeMap::new();
    let mut creates: BTreeMap<String, u32> = BTreeMap::new();
    for one in requests["requests"].as_array().unwrap() {
        match one["operation"].as_str() {
            Some("verify") => *puts.entry(one["guid"].to_string()).or_default() += 1,
            Some("create") if one["status"] == 200 => *creates.entry(one["id"].to_string()).or_default() += 1,
            _ => {}
        }
    }
    assert!(puts.len() == 3 && puts.values().all(|count| *count == 1), "{puts:?}");
    assert_eq!(creates.len(), 6);
    assert!(requests["requests"].as_array().unwrap().len() < 60);
}

#[test]
fn a_faulty_other_side_is_told_and_nothing_is_repeated() {
    let served = Served::start(&[]);
    served.run(&["lab", "fault", "add", "reset_after", "--operation", "create"]);
    let lost = compare(&served, &[]);
    assert!(code(&lost) == Some(7) && err(&lost).contains("is not repeated"), "{}", err(&lost));
    let requests = json(&served.run(&["lab", "requests", "--json"]));
    let creates = requests["requests"].as_array().unwrap().iter().filter(|one| one["operation"] == "create").count();
    assert_eq!(creates, 1);
}

#[test]
fn production_is_named_twice_and_plain_http_stays_here() {
    let run = |words: &[&str]| {
        let mut command = nexus();
        command.args(["compare", "--to"]).args(words).env("NEXUS_SESSION_TOKEN", "t0ken-of-mine");
        command.output().unwrap()
    };
    for words in [&["production"][..], &["https://data.moneydesktop.com"], &["https://DATA.moneydesktop.com./x"]] {
        let refused = run(words);
        assert!(code(&refused) == Some(2) && err(&refused).contains("--yes-production"), "{}", err(&refused));
    }
    for (words, rule) in
        [(["http://192.0.2.1"], "https://"), (["333312345"], "https://"), (["https://a:b@c"], "password")]
    {
        let refused = run(&words);
        assert!(code(&refused) == Some(2) && err(&refused).contains(rule), "{}", err(&refused));
        assert!(!err(&refused).contains("3333") && !err(&refused).contains("t0ken"), "{}", err(&refused));
    }
    let without = nexus().args(["compare", "--to", "integration"]).output().unwrap();
    assert!(code(&without) == Some(2) && err(&without).contains("NEXUS_API_KEY"), "{}", err(&without));
    let help = out(&nexus().args(["compare", "--help"]).output().unwrap());
    assert!(
        help.contains("Fields of the policy that it cannot see") && help.contains("retention_days: it takes weeks"),
        "{help}"
    );
}
