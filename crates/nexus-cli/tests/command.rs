//! The command as a user has it: the built program, against a sandbox that it serves itself.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The program without anything of this environment.
fn nexus() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_nexus"));
    command.env_clear().stdin(Stdio::null());
    command
}

/// `nexus sandbox --json` with what its first line says.
struct Served {
    child: Child,
    doc: Value,
}

impl Served {
    fn start(arguments: &[&str]) -> Served {
        let mut command = nexus();
        command.args(["sandbox", "--json"]).args(arguments).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        Served { child, doc: serde_json::from_str(&line).expect("JSON") }
    }

    fn text(&self, name: &str) -> &str {
        self.doc[name].as_str().expect("text")
    }

    /// The program with this sandbox in its environment.
    fn nexus(&self, arguments: &[&str]) -> Command {
        let mut command = nexus();
        command.args(arguments).env("NEXUS_BASE_URL", self.text("url")).env("NEXUS_CLIENT_ID", self.text("client_id"));
        command.env("NEXUS_USER_ID", self.text("user_id")).env("NEXUS_API_KEY", self.text("api_key"));
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.nexus(arguments).output().expect("the program")
    }

    fn create(&self, account: &str, more: &[&str]) -> Output {
        let mut arguments =
            vec!["create", "--first-name", "Josh", "--last-name", "James", "--email", "josh@example.com"];
        arguments.extend(["--routing-number", "091000019", "--account-type", "checking", "--account-number-file", "-"]);
        arguments.extend(more);
        with_input(self.nexus(&arguments), account)
    }

    fn advance(&self, seconds: u32) {
        let url = format!("{}/_sandbox/advance", self.text("url"));
        ureq::post(url).send(format!("{{\"seconds\":{seconds}}}")).expect("an answer");
    }

    fn guid(&self) -> String {
        let made = self.create("333312345", &["--json"]);
        json(&made)["micro_deposit"]["guid"].as_str().expect("a guid").to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn with_input(mut command: Command, input: &str) -> Output {
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    child.stdin.take().expect("its input").write_all(input.as_bytes()).expect("written");
    child.wait_with_output().expect("its end")
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("no JSON: {} {}", out(output), err(output)))
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn the_demo_ends_verified() {
    let output = nexus().arg("demo").output().expect("the program");
    assert_eq!(code(&output), Some(0), "{}", err(&output));
    let text = out(&output);
    let places: Vec<usize> =
        ["INITIATED", "DEPOSITED", "DENIED", "VERIFIED"].iter().map(|s| text.find(s).expect(s)).collect();
    assert!(places.is_sorted(), "{text}");
    assert!(!text.contains('\u{1b}'), "colours only on a terminal");
    let lines = out(&nexus().args(["demo", "--json"]).output().expect("the program"));
    let steps: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("a document a line")).collect();
    assert_eq!(steps.last().expect("steps")["micro_deposit"]["status_name"], "VERIFIED");
}

#[test]
fn from_create_to_verified() {
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
    let right = served.run(&["verify", &guid, "0.09", "0.09", "--wait"]);
    assert_eq!(code(&right), Some(0), "{}", err(&right));
    assert!(out(&right).contains("VERIFIED"));
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
    assert!(out(&served.run(&["widget-url", &guid, "--reveal"])).starts_with("https://"));
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
fn explain_and_completions_and_help() {
    let explained = nexus().args(["explain", "denied"]).output().expect("the program");
    assert!(out(&explained).contains("third wrong") && out(&explained).contains("-> VERIFIED"), "{}", out(&explained));
    let all = json(&nexus().args(["explain", "--json"]).output().expect("the program"));
    assert_eq!(all["statuses"].as_array().map(Vec::len), Some(10));
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

#[cfg(target_os = "linux")]
#[test]
fn what_was_done_is_told_even_where_the_output_is_full() {
    let served = Served::start(&[]);
    let guid = served.guid();
    served.advance(120);
    let full = std::fs::File::options().write(true).open("/dev/full").expect("a full device");
    let output = served.nexus(&["verify", &guid, "0.09", "0.09", "--json"]).stdout(full).output().expect("the program");
    assert_eq!(code(&output), Some(8));
    let error: Value = serde_json::from_str(&err(&output)).expect("JSON");
    assert_eq!((&error["error"]["guid"], &error["error"]["status"]), (&guid.into(), &"VERIFIED".into()));
}

#[cfg(unix)]
#[test]
fn a_wait_ends_when_nobody_reads_on() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let mut child =
        served.nexus(&["wait", &guid, "--json", "--every", "1s"]).stdout(Stdio::piped()).spawn().expect("it");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    // The reader is gone with the end of that statement; three days are not waited.
    assert_eq!(child.wait().expect("its end").code(), Some(8));
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
    assert!(code(&refused) == Some(2) && err(&refused).contains("policy"), "{}", err(&refused));
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn the_sandbox_ends_cleanly_on_both_signals() {
    for name in ["-INT", "-TERM"] {
        let mut served = Served::start(&[]);
        signal(&served.child, name);
        assert_eq!(served.child.wait().expect("its end").code(), Some(0), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_wait_is_interrupted() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let mut command = served.nexus(&["wait", &guid, "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let mut lines = BufReader::new(child.stdout.take().expect("its output"));
    let mut line = String::new();
    lines.read_line(&mut line).expect("a line");
    assert!(line.contains("\"progress\"") && line.contains("INITIATED"), "{line}");
    signal(&child, "-INT");
    let mut error = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut error).expect("text");
    assert_eq!(child.wait().expect("its end").code(), Some(130), "{error}");
    assert!(error.contains("cancelled"), "{error}");
}

#[cfg(unix)]
#[test]
fn an_interruption_before_anything_is_sent_is_just_that() {
    let served = Served::start(&[]);
    let guid = served.guid();
    served.advance(120);
    let fault = r#"{"effect":"delay","milliseconds":20000,"operation":"read"}"#;
    ureq::post(format!("{}/_sandbox/faults", served.text("url"))).send(fault).expect("an answer");
    let mut child =
        served.nexus(&["verify", &guid, "0.09", "0.09"]).stdout(Stdio::piped()).spawn().expect("the program");
    let state = format!("{}/_sandbox/state/{guid}", served.text("url"));
    for _ in 0..2000 {
        let text = ureq::get(&state).call().expect("an answer").body_mut().read_to_string().expect("text");
        if text.contains("\"reads\":1") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("its end").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn an_interruption_while_an_answer_is_on_its_way_leaves_the_outcome_unknown() {
    let served = Served::start(&[]);
    let guid = served.guid();
    served.advance(120);
    let fault = r#"{"effect":"delay","milliseconds":20000,"operation":"verify"}"#;
    ureq::post(format!("{}/_sandbox/faults", served.text("url"))).send(fault).expect("an answer");
    let mut command = served.nexus(&["verify", &guid, "0.09", "0.09", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let state = format!("{}/_sandbox/state/{guid}", served.text("url"));
    // Until the sandbox has it.
    for _ in 0..2000 {
        let text = ureq::get(&state).call().expect("an answer").body_mut().read_to_string().expect("text");
        if text.contains("\"verifies\":1") {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("its end").code(), Some(7));
    let mut error = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut error).expect("text");
    let error: Value = serde_json::from_str(&error).expect("JSON");
    assert_eq!((&error["error"]["outcome_unknown"], &error["error"]["operation"]), (&true.into(), &"verify".into()));
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_gone_is_no_error() {
    let output = Command::new("sh")
        .args([
            "-c",
            &format!(
                "'{}' explain | true; '{}' demo | head -1",
                env!("CARGO_BIN_EXE_nexus"),
                env!("CARGO_BIN_EXE_nexus")
            ),
        ])
        .output();
    let output = output.expect("a shell");
    assert_eq!((code(&output), err(&output)), (Some(0), String::new()));
}
