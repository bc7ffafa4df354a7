//! A create with a journal: killed at any moment, it goes on; one key, one record.
//!
//! `NEXUS_RUNS=1000 cargo test --release -p nexus --test journal killed -- --nocapture` for more than the short form.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nexus_http::{FileJournal, Journal, Prior};
use nexus_sandbox::{Effect, Fault, Sandbox};
use nexus_types::{ErrorKind, Operation, SessionToken};
use support::create_of;

const KEY: &[u8] = b"a secret of sixteen bytes or more";

fn runs(short: u64) -> u64 {
    std::env::var("NEXUS_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}

fn client(url: &str, token: &str) -> nexus_http::Client {
    let mut limits = support::limits();
    // A busy machine must not look like a dead server; and nobody waits long for one that was killed.
    (limits.call, limits.connect) = (Duration::from_millis(1800), Duration::from_millis(900));
    (limits.attempt, limits.look) = (Duration::from_millis(900), Duration::from_millis(50));
    limits.late = Duration::ZERO;
    let token = SessionToken::new(token).unwrap();
    nexus_http::Client::builder(url).session_token(token).limits(limits).build().unwrap()
}

/// What a killed process was: not a test of its own, but run by the one below in a process that can be killed.
#[test]
#[ignore = "is run by the test that kills it"]
fn child() {
    let Ok(url) = std::env::var("NEXUS_CHILD_URL") else { return };
    let journal = FileJournal::open(std::env::var("NEXUS_CHILD_JOURNAL").unwrap(), KEY).unwrap();
    let client = client(&url, &std::env::var("NEXUS_CHILD_TOKEN").unwrap());
    match client.create_once("application 7", &create_of("333312345"), &journal) {
        Ok(record) => println!("MADE {}", record.guid),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn killed_at_any_moment_nothing_is_doubled_and_nothing_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let mut chance = fastrand::Rng::with_seed(7);
    let (began, mut killed, mut after_sending) = (Instant::now(), 0u64, 0u64);
    // How long the whole takes when nobody kills it, so that the moments are spread over it.
    let mut whole = Duration::from_millis(60);
    for run in 0..runs(12) {
        let sandbox = Sandbox::start(nexus_sandbox::Options::default()).unwrap();
        let journal = folder.path().join(run.to_string());
        // Wide open is the moment between acting and answering.
        let late = Effect::Delay(Duration::from_millis(20));
        sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Create, 1, late)));
        let start = || {
            let mut command = Command::new(std::env::current_exe().unwrap());
            command
                .args(["child", "--exact", "--ignored", "--nocapture"])
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command.env("NEXUS_CHILD_URL", sandbox.url()).env("NEXUS_CHILD_JOURNAL", &journal);
            command.env("NEXUS_CHILD_TOKEN", &sandbox.credentials().session_token).spawn().unwrap()
        };
        let mut child = start();
        std::thread::sleep(Duration::from_nanos(chance.u64(0..whole.as_nanos() as u64 * 5 / 4)));
        if child.kill().is_ok() && child.wait().unwrap().code().is_none() {
            killed += 1;
            after_sending += u64::from(sandbox.with_world(|world| world.created()) > 0);
        }
        let tried = Instant::now();
        let told = loop {
            let began = Instant::now();
            let output = start().wait_with_output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.success() {
                if tried.elapsed() < Duration::from_secs(1) {
                    whole = (whole + began.elapsed()) / 2;
                }
                break text;
            }
            // An unknown outcome is told as such until the other process can be waiting no more.
            let error = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(error.contains("the outcome is unknown"), "{text} {error}");
            assert!(tried.elapsed() < Duration::from_secs(20), "it never ends");
            std::thread::sleep(Duration::from_millis(100));
        };
        assert_eq!(sandbox.with_world(|world| world.created()), 1, "run {run}");
        let listed = client(sandbox.url(), &sandbox.credentials().session_token).list().unwrap();
        assert!(told.contains(&format!("MADE {}", listed[0].guid)), "{told}");
        let text = std::fs::read_to_string(&journal).unwrap();
        assert!(!text.contains("333312345") && !text.contains("Josh") && !text.contains("application"), "{text}");
    }
    println!(
        "{} runs in {:?}: {killed} killed, {after_sending} of them after the record was made",
        runs(12),
        began.elapsed()
    );
}

#[test]
fn one_key_one_record() {
    let sandbox = Sandbox::start(nexus_sandbox::Options::default()).unwrap();
    let client = client(sandbox.url(), &sandbox.credentials().session_token);
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
    let create = create_of("333312345");
    let first = client.create_once("one", &create, &journal).unwrap();
    let again = client.create_once("one", &create, &journal).unwrap();
    assert_eq!(first.guid, again.guid);
    let error = client.create_once("one", &create_of("333312346"), &journal).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some("key")));
    assert_ne!(client.create_once("two", &create_of("333312346"), &journal).unwrap().guid, first.guid);
    assert_eq!(sandbox.with_world(|world| world.created()), 2);
}

#[test]
fn threads_with_one_key_make_one_record() {
    let sandbox = Sandbox::start(nexus_sandbox::Options::default()).unwrap();
    let client = client(sandbox.url(), &sandbox.credentials().session_token);
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
    let create = create_of("333312345");
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| match client.create_once("one", &create, &journal) {
                Ok(_) => {}
                Err(error) => assert!(error.outcome_unknown(), "{error:?}"),
            });
        }
    });
    assert_eq!(sandbox.with_world(|world| world.created()), 1);
}

#[test]
fn what_was_refused_may_be_tried_again_and_what_is_unknown_is_not() {
    let sandbox = Sandbox::start(nexus_sandbox::Options::default()).unwrap();
    let client = client(sandbox.url(), &sandbox.credentials().session_token);
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
    let create = create_of("333312345");
    let fail = |effect| sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Create, 1, effect)));
    fail(Effect::Status { status: 400, retry_after: None, acting: false });
    assert_eq!(client.create_once("one", &create, &journal).unwrap_err().kind(), ErrorKind::BadRequest);
    // Nothing arrives at the server: it cannot be known here.
    fail(Effect::ResetBefore);
    let error = client.create_once("one", &create, &journal).unwrap_err();
    assert!(error.outcome_unknown(), "{error:?}");
    let error = client.create_once("one", &create, &journal).unwrap_err();
    assert!(error.outcome_unknown() && error.attempts() == 0, "not sent again: {error:?}");
    // After the time in which a server could still act on it, what does not show was not carried out.
    std::thread::sleep(Duration::from_millis(3100));
    client.create_once("one", &create, &journal).unwrap();
    assert_eq!(sandbox.with_world(|world| world.created()), 1);
}

/// A journal that cannot be written stops everything before it begins.
struct Full;

impl Journal for Full {
    fn before(&self, _: &nexus_http::Intent<'_>, _: Option<u64>) -> std::io::Result<Prior> {
        Err(std::io::ErrorKind::StorageFull.into())
    }

    fn after(&self, _: &nexus_http::Intent<'_>, _: &nexus_http::Ended) -> std::io::Result<()> {
        Err(std::io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn without_a_journal_nothing_is_sent() {
    let sandbox = Sandbox::start(nexus_sandbox::Options::default()).unwrap();
    let client = client(sandbox.url(), &sandbox.credentials().session_token);
    let error = client.create_once("one", &create_of("333312345"), &Full).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some("journal")));
    assert_eq!(sandbox.with_world(|world| world.created()), 0);
}
