//! How the command ends: after an interrupt, with a closed output, and when the machine runs out of resources.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::io::{BufRead, BufReader, Read, Seek, Write};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use support::{Served, code, err, post};

#[cfg(target_os = "linux")]
#[test]
fn full_output_does_not_hide_a_create_or_verify() {
    let served = Served::start(&[]);
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("a full device");
    let mut account = tempfile::tempfile().expect("a file");
    account.write_all(b"333312345").and_then(|()| account.rewind()).expect("written");
    let mut create = served.creating(&["--json"]);
    let output = create.stdin(account).stdout(full()).output().expect("the program");
    assert_eq!(code(&output), Some(8));
    let error: Value = serde_json::from_str(&err(&output)).expect("JSON");
    assert_eq!(error["error"]["status"].as_str(), Some("INITIATED"), "{error}");
    let guid = error["error"]["guid"].as_str().expect("a guid").to_owned();
    served.advance(120);
    let mut verify = served.nexus(&["verify", &guid, "0.09", "0.09", "--json"]);
    let output = verify.stdout(full()).output().expect("the program");
    assert_eq!(code(&output), Some(8));
    let error: Value = serde_json::from_str(&err(&output)).expect("JSON");
    let shown = ["guid", "status", "verdict"].map(|name| error["error"][name].as_str());
    assert_eq!(shown, [Some(&*guid), Some("VERIFIED"), Some("verified")]);
}

#[cfg(unix)]
#[test]
fn wait_ends_when_its_output_is_closed() {
    let served = Served::start(&[]);
    let guid = served.guid();
    let mut child =
        served.nexus(&["wait", &guid, "--json", "--every", "1s"]).stdout(Stdio::piped()).spawn().expect("it");
    let mut line = String::new();
    BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
    // The reader is gone with the end of that statement; three days are not waited.
    assert_eq!(child.wait().expect("its end").code(), Some(141));
}

#[cfg(unix)]
fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([name, &child.id().to_string()]).status().expect("kill");
    assert!(status.success());
}

/// Comes back when the sandbox has received so many requests for this microdeposit, as its state tells them.
#[cfg(unix)]
fn reached(served: &Served, guid: &str, counts: &[&str]) {
    let state = format!("{}/_sandbox/state/{guid}", served.text("url"));
    for _ in 0..2000 {
        let text = ureq::get(&state).call().expect("a response").body_mut().read_to_string().expect("text");
        if counts.iter().all(|count| text.contains(count)) {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the requests never came: {counts:?}");
}

#[cfg(unix)]
#[test]
fn the_sandbox_ends_by_a_signal_as_the_help_says() {
    for (name, exit) in [("-INT", 130), ("-TERM", 143)] {
        let mut served = Served::start(&[]);
        signal(&served.child, name);
        assert_eq!(served.child.wait().expect("its end").code(), Some(exit), "{name}");
        // Without a request on its way, a command ends in the same way.
        let waiting = Served::start(&[]);
        let guid = waiting.guid();
        let mut child =
            waiting.nexus(&["wait", &guid, "--json"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("its output")).read_line(&mut line).expect("a line");
        signal(&child, name);
        assert_eq!(child.wait().expect("its end").code(), Some(exit), "{name}");
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
    post(&format!("{}/_sandbox/faults", served.text("url")), fault);
    let mut child =
        served.nexus(&["verify", &guid, "0.09", "0.09"]).stdout(Stdio::piped()).spawn().expect("the program");
    reached(&served, &guid, &["\"reads\":1"]);
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("its end").code(), Some(130));
}

#[cfg(unix)]
#[test]
fn an_interruption_while_amounts_are_on_their_way_leaves_the_outcome_unknown() {
    let served = Served::start(&[]);
    let guid = served.guid();
    served.advance(120);
    let fault = r#"{"effect":"delay","milliseconds":20000,"operation":"verify"}"#;
    post(&format!("{}/_sandbox/faults", served.text("url")), fault);
    let mut command = served.nexus(&["verify", &guid, "0.09", "0.09", "--json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    reached(&served, &guid, &["\"verifies\":1"]);
    signal(&child, "-INT");
    assert_eq!(child.wait().expect("its end").code(), Some(7));
    let mut error = String::new();
    child.stderr.take().expect("its errors").read_to_string(&mut error).expect("text");
    let error: Value = serde_json::from_str(&error).expect("JSON");
    assert_eq!((&error["error"]["outcome_unknown"], &error["error"]["operation"]), (&true.into(), &"verify".into()));
    assert_eq!((&error["error"]["kind"], &error["error"]["guid"]), (&"cancelled".into(), &guid.into()));
}

/// A result that is complete when its reader leaves ends well; what is cut off ends as SIGPIPE does, and nothing is said of it.
#[cfg(unix)]
#[test]
fn closed_output_is_no_error() {
    let cases: [(&[&str], i32); 7] = [
        (&["explain"], 0),
        (&["explain", "DENIED", "--json"], 0),
        (&["completions", "bash"], 0),
        (&["man"], 0),
        (&["sandbox", "--policy-help"], 0),
        (&["demo"], 141),
        (&["sandbox"], 141),
    ];
    for (arguments, wanted) in cases {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output =
            support::nexus().args(arguments).stdout(writer).stderr(Stdio::piped()).output().expect("the program");
        assert_eq!((code(&output), err(&output)), (Some(wanted), String::new()), "{arguments:?}");
    }
}

#[cfg(unix)]
#[test]
fn an_interruption_while_the_outcome_is_pending_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("policy.json");
    std::fs::write(&file, r#"{"verification":{"after_seconds":3600}}"#).expect("written");
    let served = Served::start(&["--policy", file.to_str().expect("UTF-8")]);
    let guid = served.guid();
    served.advance(120);
    let mut command = served.nexus(&["verify", &guid, "0.09", "0.09", "--json"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    // It has looked after the response, too.
    reached(&served, &guid, &["\"verifies\":1", "\"reads\":2"]);
    signal(&child, "-INT");
    let output = child.wait_with_output().expect("its end");
    let shown: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((code(&output), &shown["verdict"]), (Some(9), &"pending".into()), "{}", err(&output));
}

/// The program as a user who may have one thread; none where this machine has no tools for that.
#[cfg(target_os = "linux")]
fn starved(program: &std::path::Path, arguments: &[&str]) -> Option<std::process::Output> {
    let id = Command::new("id").arg("-u").output().ok()?;
    let mut words = vec!["prlimit", "--nproc=1", program.to_str()?];
    if id.stdout == b"0\n" {
        // Root has no limit.
        words.splice(0..0, ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]);
    }
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).args(arguments).env("NEXUS_SESSION_TOKEN", "token").stdin(Stdio::null());
    command.output().ok()
}

#[cfg(target_os = "linux")]
#[test]
fn missing_thread_is_reported_as_no_resources() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    let program = folder.path().join("nexus");
    std::fs::copy(env!("CARGO_BIN_EXE_nexus"), &program).expect("a copy");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("for all");
    let address = "http://127.0.0.1:9";
    let commands: [&[&str]; 4] = [
        &["verify", "MIC-1", "0.09", "0.09", "--base-url", address],
        &["wait", "MIC-1", "--base-url", address],
        &["sandbox"],
        &["demo"],
    ];
    for arguments in commands {
        let Some(output) = starved(&program, arguments) else { return };
        assert_eq!(code(&output), Some(8), "{arguments:?}: {}", err(&output));
        assert!(err(&output).starts_with("error:") && !err(&output).contains("panicked"), "{}", err(&output));
    }
    assert_eq!(starved(&program, &["explain", "DENIED"]).as_ref().and_then(code), Some(0));
}
