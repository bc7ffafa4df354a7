//! Processes killed at any moment of a create or submission with a journal: one key makes one record or submission, and every
//! report is true.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use nexus_http::{Client, FileJournal, VerifyOptions};
use nexus_sandbox::{Effect, Fault, Options, Sandbox};
use nexus_types::{Assumptions, Event, KnownStatus, MicrodepositGuid, Operation, SessionToken};

use crate::KEY;
use crate::support::{cents, create_of, limits, started};

fn runs(short: u64) -> u64 {
    std::env::var("NEXUS_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(short)
}

fn client(url: &str, token: &str) -> Client {
    let mut limits = limits();
    // A busy machine must not look like a dead server; and nobody waits long for one that was killed.
    (limits.call, limits.connect) = (Duration::from_millis(1800), Duration::from_millis(900));
    (limits.attempt, limits.reconcile) = (Duration::from_millis(900), Duration::from_millis(50));
    let mut assumptions = Assumptions::default();
    assumptions.server_grace = Some(Duration::ZERO);
    let builder = Client::builder(url).session_token(SessionToken::new(token).unwrap());
    builder.limits(limits).assumptions(assumptions).build().unwrap()
}

/// What a killed process was: not a test of its own, but run by those below in a process that can be killed.
#[test]
#[ignore = "no test of its own: those below run it in a process of its own and kill that"]
fn child() {
    let Ok(url) = std::env::var("NEXUS_CHILD_URL") else { return };
    let set = |name: &str| std::env::var(name).unwrap();
    let client = client(&url, &set("NEXUS_CHILD_TOKEN"));
    let opened = || FileJournal::open(set("NEXUS_CHILD_JOURNAL"), KEY);
    match std::env::var("NEXUS_CHILD_VERIFIES") {
        Ok(what) => {
            let (guid, each) = what.split_once(' ').unwrap();
            let (guid, each) = (MicrodepositGuid::new(guid).unwrap(), cents(each.parse().unwrap()));
            let journal = opened().unwrap();
            let options = VerifyOptions::default().waiting().with_key("application 7, try 1", &journal);
            match client.verify_with(&guid, each, each, options) {
                Ok(outcome) => println!("JUDGED {}", outcome.verdict),
                Err(error) => panic!("{error}"),
            }
        }
        Err(_) => match opened() {
            Ok(journal) => match client.create_once("application 7", &create_of("333312345"), &journal) {
                Ok(created) => println!("MADE {}", created.record.guid),
                Err(error) => panic!("{error}"),
            },
            Err(error) => panic!("no journal: {error}"),
        },
    }
}

fn command(sandbox: &Sandbox, journal: &Path, verifies: Option<&str>) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["killed::child", "--exact", "--ignored", "--nocapture"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command.env("NEXUS_CHILD_URL", sandbox.url()).env("NEXUS_CHILD_JOURNAL", journal);
    command.env("NEXUS_CHILD_TOKEN", &sandbox.credentials().session_token);
    if let Some(what) = verifies {
        command.env("NEXUS_CHILD_VERIFIES", what);
    }
    command
}

/// Runs a process to its end: what it printed, and how long it took.
fn run_to_end(command: &mut Command) -> (Result<String, String>, Duration) {
    let began = Instant::now();
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr)) };
    (said, began.elapsed())
}

/// Whether it was killed before it ended.
fn kill(mut child: Child, after: Duration) -> bool {
    std::thread::sleep(after);
    child.kill().is_ok() && child.wait().unwrap().code().is_none()
}

/// Runs the numbers on some threads: mostly they wait.
fn spread(runs: u64, run: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= runs {
                        return;
                    }
                    run(number);
                }
            });
        }
    });
}

#[test]
fn killed_while_creating_nothing_is_doubled_and_nothing_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let (began, killed, after_sending) = (Instant::now(), AtomicU64::new(0), AtomicU64::new(0));
    spread(runs(12), |run| {
        let mut chance = fastrand::Rng::with_seed(7 + run);
        let sandbox = started(&Options::default());
        let journal = folder.path().join(run.to_string());
        // Wide open is the moment between acting and responding.
        let late = Effect::Delay(Duration::from_millis(40));
        sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Create, 1, late)));
        let child = command(&sandbox, &journal, None).spawn().unwrap();
        if kill(child, Duration::from_micros(chance.u64(0..100_000))) {
            killed.fetch_add(1, Ordering::Relaxed);
            after_sending.fetch_add(sandbox.with_world(|world| world.created()) as u64, Ordering::Relaxed);
        }
        let tried = Instant::now();
        let text = loop {
            match run_to_end(&mut command(&sandbox, &journal, None)).0 {
                Ok(text) => break text,
                // The outcome is reported as unknown until the other process can no longer be waiting.
                Err(error) => assert!(error.contains("the outcome is unknown"), "{error}"),
            }
            assert!(tried.elapsed() < Duration::from_secs(40), "it never ends");
            std::thread::sleep(Duration::from_millis(300));
        };
        assert_eq!(sandbox.with_world(|world| world.created()), 1, "run {run}");
        let listed = client(sandbox.url(), &sandbox.credentials().session_token).list().unwrap();
        assert!(text.contains(&format!("MADE {}", listed[0].guid)), "{text}");
        let text = std::fs::read_to_string(&journal).unwrap();
        assert!(!text.contains("333312345") && !text.contains("Josh") && !text.contains("application"), "{text}");
    });
    println!("creates: {killed:?} killed, {after_sending:?} of them with a record, in {:?}", began.elapsed());
}

/// How often amounts were judged for it.
fn judged(sandbox: &Sandbox, guid: &MicrodepositGuid) -> usize {
    let submission = |event| matches!(event, Event::AmountsRight | Event::AmountsWrong | Event::LockedOut);
    sandbox.with_world(|world| {
        world.status(guid);
        world.acts().iter().filter(|act| act.guid == *guid && submission(act.event)).count()
    })
}

#[test]
fn killed_while_verifying_nothing_is_counted_twice_and_what_is_told_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let (began, killed) = (Instant::now(), AtomicU64::new(0));
    let (counted, unsent) = (AtomicU64::new(0), AtomicU64::new(0));
    spread(runs(16), |run| {
        let mut chance = fastrand::Rng::with_seed(7 + run);
        let mut options = Options::default();
        options.record_acts = true;
        if run % 4 == 3 {
            options.policy.verification = nexus_sandbox::Verification::Deferred;
        }
        let sandbox = started(&options);
        let own = client(sandbox.url(), &sandbox.credentials().session_token);
        let guid = own.create(&create_of("333312345")).unwrap().record.guid;
        sandbox.advance(Duration::from_millis(120_123));
        // Every second one is DENIED before: then only a cause tells a new denial from the old one.
        let denied = run % 2 == 1;
        if denied {
            own.verify(&guid, cents(2), cents(2)).unwrap();
            own.read(&guid).unwrap();
            sandbox.advance(Duration::from_millis(2_345));
        }
        let before = judged(&sandbox, &guid);
        let late = Effect::Delay(Duration::from_millis(40));
        let puts = if denied { 2 } else { 1 };
        sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Verify, puts, late)));
        let (each, right) = if chance.bool() { (9, true) } else { (2, false) };
        let (journal, what) = (folder.path().join(run.to_string()), format!("{guid} {each}"));
        let again = || run_to_end(&mut command(&sandbox, &journal, Some(&what))).0;
        let child = command(&sandbox, &journal, Some(&what)).spawn().unwrap();
        if kill(child, Duration::from_micros(chance.u64(0..100_000))) {
            killed.fetch_add(1, Ordering::Relaxed);
        }
        // Whatever was on its way has arrived.
        std::thread::sleep(Duration::from_millis(60));
        for call in 0..3 {
            let said = again();
            let count = judged(&sandbox, &guid) - before;
            assert!(count <= 1, "run {run}, call {call}: {count} submissions");
            let truth = sandbox.with_world(|world| world.status(&guid));
            match said {
                Ok(text) => {
                    let (status, word) =
                        if right { (KnownStatus::Verified, "verified") } else { (KnownStatus::Denied, "denied") };
                    assert_eq!((count, truth), (1, Some(status)), "run {run}, call {call}: {text}");
                    let pending = text.contains("JUDGED pending");
                    assert!(text.contains(&format!("JUDGED {word}")) || pending, "run {run}, call {call}: {text}");
                }
                // The claim was written and the amounts never left: nobody can prove that, so nobody ever sends them again.
                Err(error) => {
                    assert!(error.contains("the outcome is unknown"), "run {run}, call {call}: {error}");
                    // A second wrong submission whose response was lost leaves no proof: DENIED it was before.
                    let shows = right || !denied;
                    assert!(count == 0 || !shows, "run {run}, call {call}: what was counted shows: {error}");
                }
            }
        }
        let count = judged(&sandbox, &guid) - before;
        if count == 1 { &counted } else { &unsent }.fetch_add(1, Ordering::Relaxed);
        let text = std::fs::read_to_string(&journal).unwrap();
        assert!(!text.contains("0.09") && !text.contains("0.02") && !text.contains("application"), "{text}");
    });
    println!("submissions: {killed:?} killed; {counted:?} counted, {unsent:?} never sent, in {:?}", began.elapsed());
}

/// A disk that is full in the middle of a line, as the system's limit for the size of files imitates it.
#[cfg(unix)]
#[test]
fn on_a_full_disk_nothing_is_sent_and_nothing_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    // One key takes some 750 bytes: with room for 1024 the claim of a second one is cut, with room for 2048 the last word of a
    // third one.
    for (keys, kibibytes, sent) in [(1, "1", false), (2, "2", true)] {
        let sandbox = started(&Options::default());
        let journal = folder.path().join(kibibytes);
        let filler = FileJournal::open(&journal, KEY).unwrap();
        let own = client(sandbox.url(), &sandbox.credentials().session_token);
        for key in 0..keys {
            own.create_once(&key.to_string(), &create_of(&format!("33331234{key}")), &filler).unwrap();
        }
        let before = journal.metadata().unwrap().len();
        let limited = command(&sandbox, &journal, None);
        let mut shell = Command::new("bash");
        shell.args(["-c", "trap '' XFSZ; ulimit -f $0; exec \"$@\"", kibibytes]).arg(limited.get_program());
        shell.args(limited.get_args()).stdout(Stdio::piped()).stderr(Stdio::piped());
        shell.envs(limited.get_envs().filter_map(|(name, value)| Some((name, value?))));
        match run_to_end(&mut shell).0 {
            Ok(text) => assert!(sent && text.contains("MADE"), "{text}"),
            Err(error) => assert!(!sent && error.contains("the journal cannot be used"), "{error}"),
        }
        let records = || sandbox.with_world(|world| world.created());
        assert_eq!(records(), keys + usize::from(sent), "nothing is sent without a claim");
        assert_eq!(journal.metadata().unwrap().len() == before, !sent, "and half a line does not stay");
        assert!(run_to_end(&mut command(&sandbox, &journal, None)).0.unwrap().contains("MADE"));
        assert_eq!(records(), keys + 1);
    }
}
