//! The built program against a sandbox that it serves itself.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use serde_json::Value;
use support::{Served, code, err, json, nexus, out, with_input};

#[test]
fn the_demo_ends_verified() {
    let output = nexus().arg("demo").output().expect("the program");
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let text = out(&output);
    let places: Vec<usize> =
        ["INITIATED", "DEPOSITED", "DENIED,", "VERIFIED,"].iter().map(|s| text.find(s).expect(s)).collect();
    assert!(places.is_sorted(), "{text}");
    assert!(!text.contains('\u{1b}'), "colours only on a terminal");
    let lines = out(&nexus().args(["demo", "--json"]).output().expect("the program"));
    let steps: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a document a line")).collect();
    assert_eq!(steps.last().expect("steps")["micro_deposit"]["status_name"], "VERIFIED");
    let verdicts: Vec<&Value> = steps.iter().map(|step| &step["verdict"]).filter(|one| !one.is_null()).collect();
    assert_eq!(verdicts, ["denied", "verified"]);
    assert!(!text.contains("left"), "how many submissions are left is MX's to know: {text}");
}

#[test]
fn the_commands_take_a_microdeposit_from_create_to_verified() {
    let served = Served::start(&[]);
    let made = served.create("333312345\n", &["--account-name", "My Test Account"]);
    assert_eq!(code(&made), Some(0), "{}", err(&made));
    assert!(out(&made).contains("INITIATED") && out(&made).contains("*****2345"), "{}", out(&made));
    let listed = json(&served.run(&["list", "--json"]));
    let guid = listed["micro_deposits"][0]["micro_deposit"]["guid"].as_str().expect("a guid").to_owned();
    let early = served.run(&["verify", &guid, "0.09", "0.09"]);
    assert_eq!(code(&early), Some(5), "{}", err(&early));
    assert!(err(&early).contains("last seen: INITIATED"), "{}", err(&early));
    served.advance(120);
    let waited = served.run(&["wait", &guid, "--timeout", "30s"]);
    assert_eq!(code(&waited), Some(0), "{}", err(&waited));
    assert!(out(&waited).contains("DEPOSITED"));
    let wrong = served.run(&["verify", &guid, "0.02", ".02", "--json"]);
    assert_eq!((code(&wrong), json(&wrong)["micro_deposit"]["status_name"].as_str()), (Some(1), Some("DENIED")));
    assert_eq!(json(&wrong)["verdict"], "denied");
    let right = served.run(&["verify", &guid, "0.09", "0.09"]);
    assert_eq!(code(&right), Some(0), "{}", err(&right));
    assert!(out(&right).starts_with("VERIFIED\nMIC-"), "{}", out(&right));
    let read = json(&served.run(&["read", &guid, "--json"]));
    assert_eq!(read["micro_deposit"]["status"], 3);
    let table = out(&served.run(&["list"]));
    assert!(table.starts_with("GUID") || table.starts_with(" GUID"), "{table}");
    assert!(table.contains(&guid) && table.contains("VERIFIED") && table.contains("*****2345"), "{table}");
}

#[test]
fn nothing_personal_without_reveal() {
    let served = Served::start(&["--seed", "3"]);
    let account = "333312345678";
    let guid = json(&served.create(account, &["--json"]))["micro_deposit"]["guid"].as_str().expect("a guid").to_owned();
    let key = served.text("api_key").to_owned();
    let secrets = [account, "091000019", "Josh", "James", "josh@example.com", key.as_str()];
    let token = out(&served.run(&["session", "--reveal"])).trim().to_owned();
    assert_eq!(token.len(), 86);
    for arguments in [
        &["read", &guid] as &[&str],
        &["list"],
        &["session"],
        &["widget-url", &guid],
        &["verify", &guid, "0.09", "0.09"],
        &["wait", &guid, "--timeout", "1s", "--every", "1s"],
        &["read", "MIC-unknown"],
    ] {
        for json in [false, true] {
            let mut all = arguments.to_vec();
            all.extend(json.then_some("--json"));
            let output = served.run(&all);
            let text = format!("{}{}", out(&output), err(&output));
            assert!(!text.is_empty());
            for secret in secrets.iter().chain([&token.as_str()]) {
                assert!(!text.contains(secret), "{all:?}: {text}");
            }
        }
    }
    let revealed = out(&served.run(&["read", &guid, "--reveal"]));
    assert!(secrets[..5].iter().all(|secret| revealed.contains(secret)), "{revealed}");
    assert!(out(&served.run(&["widget-url", &guid, "--reveal"])).starts_with("http://127.0.0.1:"));
}

#[test]
fn exit_codes_by_kind() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let cases: [(&[&str], i32, &str); 9] = [
        (&["read", "MIC-unknown"], 3, "not_found"),
        (&["verify", &guid, "0.095", "0.09"], 2, "invalid_input"),
        (&["verify", &guid, "0.09"], 2, "usage"),
        (&["frobnicate"], 2, "usage"),
        (&["explain", "GONE"], 2, "invalid_input"),
        (&["wait", &guid, "--until", "PREINITIATED", "--timeout", "5s"], 5, "wait_ended"),
        (&["wait", &guid, "--timeout", "1s", "--every", "1s"], 5, "wait_timed_out"),
        (&["list", "--base-url", "http://127.0.0.1:9"], 6, "connect"),
        (&["list", "--base-url", "http://example.com"], 2, "invalid_input"),
    ];
    for (arguments, wanted, kind) in cases {
        let output = served.nexus(arguments).arg("--json").output().expect("the program");
        assert_eq!(code(&output), Some(wanted), "{arguments:?}: {}", err(&output));
        let lines = err(&output);
        let error: Value = serde_json::from_str(lines.lines().last().expect("a line")).expect("JSON");
        assert_eq!(error["error"]["kind"], kind, "{arguments:?}");
        assert_eq!(error["error"]["exit_code"], wanted, "{arguments:?}");
        let text = served.run(arguments);
        assert!(err(&text).contains("error:") && err(&text).contains("what to do:"), "{}", err(&text));
    }
}

#[test]
fn option_given_twice_is_said_to_be() {
    let twice = nexus().args(["create", "--email", "a", "--email", "b"]).output().expect("the program");
    assert!(code(&twice) == Some(2) && err(&twice).contains("an argument is given twice: --email"), "{}", err(&twice));
}

#[test]
fn secrets_come_by_file_environment_or_input_only() {
    let served = Served::start(&[]);
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("key");
    std::fs::write(&file, format!("{}\n", served.text("api_key"))).expect("written");
    let path = file.to_str().expect("UTF-8");
    let mut command = served.nexus(&["list", "--api-key-file", path]);
    assert_eq!(code(&command.env_remove("NEXUS_API_KEY").output().expect("the program")), Some(0));
    let mut command = nexus();
    command.args(["list", "--base-url", served.text("url")]).env("NEXUS_SESSION_TOKEN", served.text("session_token"));
    assert_eq!(code(&command.output().expect("the program")), Some(0));
    let mut command = served.nexus(&["list", "--session-token-file", "-"]);
    command.env_remove("NEXUS_API_KEY");
    assert_eq!(code(&with_input(command, served.text("session_token"))), Some(0));
    // Without a terminal there is no prompt, and it says what to do instead.
    let without = [
        "create",
        "--first-name",
        "J",
        "--last-name",
        "J",
        "--email",
        "j@example.com",
        "--routing-number",
        "091000019",
    ];
    let output = served.nexus(&without).args(["--account-type", "savings"]).output().expect("the program");
    assert_eq!(code(&output), Some(2));
    assert!(err(&output).contains("--account-number-file"), "{}", err(&output));
    let help = out(&nexus().args(["create", "--help"]).output().expect("the program"));
    for option in ["--account-number ", "--api-key ", "--session-token "] {
        assert!(!help.contains(option), "{option}");
    }
}

#[test]
fn explain_has_every_status_and_completions_every_shell() {
    let explained = nexus().args(["explain", "denied"]).output().expect("the program");
    assert!(out(&explained).contains("third wrong") && out(&explained).contains("-> VERIFIED"), "{}", out(&explained));
    let all = json(&nexus().args(["explain", "--json"]).output().expect("the program"));
    let explained: Vec<&str> =
        all["statuses"].as_array().expect("a list").iter().filter_map(|one| one["name"].as_str()).collect();
    let known = nexus_types::KnownStatus::ALL.map(nexus_types::KnownStatus::name);
    assert_eq!(explained, known, "`explain --json` lists the statuses of the core");
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = nexus().args(["completions", shell]).output().expect("the program");
        assert!(code(&script) == Some(0) && out(&script).contains("preinitiate"), "{shell}");
    }
    let help = out(&nexus().arg("--help").output().expect("the program"));
    assert!(help.contains("OUTCOME UNKNOWN") && help.contains("NEXUS_BASE_URL"), "{help}");
}

#[test]
fn a_microdeposit_that_fails_is_told_by_the_exit_code() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("policy.json");
    std::fs::write(&file, r#"{"blocked_routing_numbers":["091000019"]}"#).expect("written");
    let served = Served::start(&["--policy", file.to_str().expect("UTF-8")]);
    let made = served.create("333312345", &["--json"]);
    assert_eq!((code(&made), json(&made)["micro_deposit"]["status_name"].as_str()), (Some(1), Some("REJECTED")));
    let guid = json(&made)["micro_deposit"]["guid"].as_str().expect("a guid").to_owned();
    assert_eq!(code(&served.run(&["wait", &guid])), Some(1));
}

#[test]
fn sso_goes_before_a_token_where_only_it_will_do_and_help_shows_no_value() {
    let served = Served::start(&[]);
    let mut command = served.nexus(&["widget-url", "--reveal"]);
    command.env("NEXUS_SESSION_TOKEN", served.text("session_token")).env("NEXUS_SSO_URL", "");
    let output = command.output().expect("the program");
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let mut help = nexus();
    let help = help.arg("--help").env("NEXUS_BASE_URL", "https://user:s3cret@host").output().expect("the program");
    assert!(!out(&help).contains("s3cret"));
}

#[test]
fn a_policy_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("policy.json");
    std::fs::write(&file, r#"{"deposit_amounts":["0.03","0.07"],"amount_order":"exact"}"#).expect("written");
    let served = Served::start(&["--policy", file.to_str().expect("UTF-8"), "--profile", "production"]);
    let guid = served.guid();
    served.advance(37 * 3600);
    assert_eq!(code(&served.run(&["verify", &guid, "0.07", "0.03"])), Some(1));
    assert_eq!(code(&served.run(&["verify", &guid, "0.03", "0.07"])), Some(0));
    std::fs::write(&file, r#"{"amount_odrer":"exact"}"#).expect("written");
    let refused = nexus().args(["sandbox", "--policy", file.to_str().expect("UTF-8")]).output().expect("the program");
    assert!(code(&refused) == Some(2), "{}", err(&refused));
    assert!(
        err(&refused).contains("amount_odrer is not a field of a policy; did you mean amount_order?"),
        "{}",
        err(&refused)
    );
    std::fs::write(&file, r#"{"retention_days":"333312345"}"#).expect("written");
    let refused = nexus().args(["sandbox", "--policy", file.to_str().expect("UTF-8")]).output().expect("the program");
    let text = err(&refused);
    assert!(text.contains("retention_days must be null or a whole number from 1 to 65535"), "{text}");
    assert!(!text.contains("3333"), "{text}");
}

#[test]
fn the_policy_is_told_and_whole_ones_have_names() {
    let told = nexus().args(["sandbox", "--policy-help"]).output().expect("the program");
    let fields = json(&nexus().args(["sandbox", "--policy-help", "--json"]).output().expect("the program"));
    for field in fields["fields"].as_array().expect("a list") {
        let name = field["name"].as_str().expect("text");
        assert!(out(&told).contains(&format!("\n{name} = {}", field["default"])), "{name}");
        assert!(out(&told).contains(field["text"].as_str().expect("text")), "{name}");
    }
    assert_eq!(fields["presets"]["observed"]["list_shape"], "flat");
    let served = Served::start(&["--policy", "documented"]);
    let made = json(&served.create("333312345", &["--json"]));
    assert_eq!(made["micro_deposit"]["status_name"], "REQUESTED");
    let missing = nexus().args(["sandbox", "--policy", "observd"]).output().expect("the program");
    assert!(code(&missing) == Some(2) && err(&missing).contains("cannot be read"), "{}", err(&missing));
}

#[test]
fn requests_are_logged_where_that_is_wanted() {
    use std::io::{BufRead, BufReader};
    let mut command = nexus();
    command.args(["sandbox", "--json", "--log"]).stdout(std::process::Stdio::piped());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().expect("the program");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    let mut lines = BufReader::new(child.stderr.take().expect("its errors"));
    let served = Served { child, doc: serde_json::from_str(&line).expect("JSON") };
    assert_eq!(code(&served.create("333312345", &[])), Some(0));
    let mut text = String::new();
    for _ in 0..4 {
        lines.read_line(&mut text).expect("a line");
    }
    assert!(text.contains(" POST /sessions 200") && text.contains(" POST /micro_deposits 200 MIC-"), "{text}");
    for secret in ["333312345", "Josh", "james", "josh@example.com", served.text("api_key")] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn logged_requests_of_a_tenant_have_its_name() {
    use std::io::{BufRead, BufReader};
    for options in [&["sandbox", "--log"][..], &["sandbox", "--log", "--json"]] {
        let mut command = nexus();
        command.args(options).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut line = String::new();
        let mut told = BufReader::new(child.stdout.take().expect("its output"));
        told.read_line(&mut line).expect("a line");
        let mut lines = BufReader::new(child.stderr.take().expect("its errors")).lines();
        let doc = serde_json::from_str(&line).unwrap_or_else(|_| serde_json::json!({"url": line.trim_end()}));
        let served = Served { child, doc };
        let made = support::post(&format!("{}/_sandbox/tenants", served.text("url")), r#"{"name":"worker"}"#);
        let made: Value = serde_json::from_str(&made).expect("JSON");
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        for (session, status) in [(made["session_token"].as_str().expect("text"), 200), ("unknown", 401)] {
            let list = agent.get(format!("{}/micro_deposits", served.text("url"))).header("MD-SESSION-TOKEN", session);
            assert_eq!(list.call().expect("a response").status(), status);
        }
        let [worker, first] = [(); 2].map(|()| lines.next().expect("a line").expect("text"));
        let of_list = "1 2026-01-05T09:00:00.000Z GET /micro_deposits ";
        if options.len() == 2 {
            assert!(worker.starts_with(&format!("worker: {of_list}200")), "{worker}");
            assert!(first.starts_with(&format!("{of_list}401: ")), "{first}");
            continue;
        }
        for (line, name) in [(worker, "worker"), (first, "default")] {
            let line: Value = serde_json::from_str(&line).expect("JSON");
            assert_eq!(line["tenant"], name);
            assert!(line["request"].as_str().expect("text").starts_with(of_list), "{line}");
        }
    }
}

#[test]
fn manual_pages_are_written() {
    let page = nexus().arg("man").output().expect("the program");
    assert!(code(&page) == Some(0) && out(&page).contains(".TH nexus 1"), "{}", out(&page));
    let folder = tempfile::tempdir().expect("a folder");
    let pages = folder.path().join("man1");
    let written = nexus().args(["man", "--dir", pages.to_str().expect("UTF-8")]).output().expect("the program");
    assert_eq!(code(&written), Some(0), "{}", err(&written));
    let names: Vec<_> = std::fs::read_dir(&pages).expect("pages").map(|one| one.expect("a page").file_name()).collect();
    for name in ["nexus.1", "nexus-create.1", "nexus-sandbox.1", "nexus-widget-url.1"] {
        assert!(names.iter().any(|own| own == name), "{names:?}");
    }
    let create = std::fs::read_to_string(pages.join("nexus-create.1")).expect("text");
    assert!(create.contains("account\\-number\\-file"), "{create}");
}

#[test]
fn unknown_words_name_the_nearest_and_values_are_not_repeated() {
    let text = |arguments: &[&str]| err(&nexus().args(arguments).output().expect("the program"));
    assert!(text(&["creat"]).contains("did you mean") && text(&["creat"]).contains("create"));
    assert!(
        text(&["sandbox", "--polcy", "x"]).contains("did you mean --policy?"),
        "{}",
        text(&["sandbox", "--polcy", "x"])
    );
    let port = text(&["sandbox", "--port", "333312345"]);
    assert!(port.contains("must be 0 to 65535") && !port.contains("3333"), "{port}");
}

#[test]
fn a_wrong_address_is_not_told_as_an_unknown_microdeposit() {
    let folder = tempfile::tempdir().expect("a folder");
    let policy = folder.path().join("policy.json");
    std::fs::write(&policy, r#"{"known_users_only":true}"#).expect("a file");
    let served = Served::start(&["--policy", policy.to_str().expect("UTF-8")]);
    let wrong = format!("{}/wrong", served.text("url"));
    for (name, value) in [("NEXUS_USER_ID", "nobody"), ("NEXUS_BASE_URL", wrong.as_str())] {
        let mut command = served.nexus(&["list"]);
        command.env("NEXUS_SSO_URL", served.text("url")).env(name, value);
        let output = command.output().expect("the program");
        assert_eq!(code(&output), Some(3), "{}", err(&output));
        assert!(
            !err(&output).contains("start a new one") && !err(&output).contains("microdeposit is unknown"),
            "{}",
            err(&output)
        );
    }
    let mut command = nexus();
    let token = served.text("session_token");
    let output = command.args(["list", "--base-url", &wrong]).env("NEXUS_SESSION_TOKEN", token).output().expect("it");
    assert!(
        !err(&output).contains("start a new one") && !err(&output).contains("microdeposit is unknown"),
        "{}",
        err(&output)
    );
}

#[test]
fn the_words_of_an_error_code_stay_readable() {
    let served = Served::start(&[]);
    served.create("333312345", &[]);
    let second = served.create("333312345", &[]);
    assert!(
        out(&second).contains("MICRODEPOSIT_EXISTS: There is a microdeposit for this account already"),
        "{}",
        out(&second)
    );
}
