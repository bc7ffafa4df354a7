//! Waits: they keep their limits, continue after temporary failures, read once more at the end, and report what they read.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use nexus_http::{Progress, Until, WaitOptions};
use nexus_sandbox::{Call, Effect, Fault};
use nexus_types::machine::sighting;
use nexus_types::{Error, ErrorKind, KnownStatus, Microdeposit, MicrodepositGuid, Operation, Preinitiate, Sighting};

use crate::nobody::Nobody;
use crate::support::{Checked, by_token, create_of, person};
use crate::{received, with_policy};

fn made(checked: &Checked) -> MicrodepositGuid {
    checked.client.create(&create_of("333312345")).expect("a record").record.guid
}

/// Waits so long, reading so often; with all that it told.
fn wait(
    checked: &Checked,
    guid: &MicrodepositGuid,
    timeout: Duration,
    every: Duration,
) -> (Result<Microdeposit, Error>, Vec<Progress>) {
    let reports = Mutex::new(Vec::new());
    let mut note = |progress: &Progress| reports.lock().unwrap().push(progress.clone());
    let mut options = WaitOptions::default().with_timeout(timeout).with_poll_every(every);
    options.on_progress = Some(&mut note);
    let outcome = checked.client.wait(guid, Until::Status(KnownStatus::Deposited), options);
    (outcome, reports.into_inner().unwrap())
}

const TICK: Duration = Duration::from_millis(20);

#[test]
fn a_server_that_asks_to_be_left_alone_is_left_alone() {
    let checked = with_policy(|_| {});
    let guid = made(&checked);
    let alone = Effect::Status { status: 429, retry_after: Some("3600".into()), acting: false };
    checked.sandbox.with_world(|world| world.add_fault(Fault::always(alone)));
    let (outcome, reports) = wait(&checked, &guid, Duration::from_secs(2), TICK);
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.last_failure()), (ErrorKind::WaitTimedOut, Some(ErrorKind::RateLimited)));
    assert_eq!((received(&checked.sandbox, Operation::Read), reports.len()), (1, 1));
}

#[test]
fn the_last_read_comes_shortly_before_the_end() {
    let checked = with_policy(|_| {});
    let guid = made(&checked);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(600));
            checked.sandbox.advance(Duration::from_secs(120));
        });
        // The next read after the first would come when the wait is over.
        let (outcome, reports) = wait(&checked, &guid, Duration::from_secs(2), Duration::from_secs(60));
        assert_eq!((outcome.unwrap().status.name(), reports.len()), ("DEPOSITED", 2));
    });
}

#[test]
fn wait_continues_after_passing_failures() {
    let refused = |status| Effect::Status { status, retry_after: None, acting: false };
    for effect in
        [refused(403), refused(408), refused(503), Effect::Html { status: 200, acting: true }, Effect::Garbage]
    {
        let checked = with_policy(|_| {});
        let guid = made(&checked);
        checked.sandbox.advance(Duration::from_secs(120));
        checked.sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Read, 1, effect.clone())));
        let (outcome, _) = wait(&checked, &guid, Duration::from_secs(5), TICK);
        assert_eq!(outcome.unwrap().status.name(), "DEPOSITED", "{effect:?}");
    }
}

#[test]
fn reads_that_are_too_frequent_are_refused() {
    let checked = with_policy(|_| {});
    let guid = made(&checked);
    for every in [Duration::ZERO, Duration::from_nanos(1), Duration::from_millis(9)] {
        let (outcome, _) = wait(&checked, &guid, Duration::from_secs(1), every);
        assert_eq!(outcome.unwrap_err().field(), Some("poll_every"), "{every:?}");
    }
}

#[test]
fn a_dead_server_is_told_while_it_is_waited_for_and_at_the_end() {
    let mut checked = with_policy(|_| {});
    let guid = made(&checked);
    let nobody = Nobody::new();
    checked.client = by_token(&checked.sandbox, &format!("http://{}", nobody.address()));
    let began = Instant::now();
    let (outcome, reports) = wait(&checked, &guid, Duration::from_secs(1), Duration::from_millis(100));
    assert!(began.elapsed() < Duration::from_secs(3));
    assert!(reports.len() > 3, "{reports:?}");
    for progress in &reports {
        let kind = progress.failure.as_ref().map(Error::kind);
        assert_eq!((&progress.record, kind, progress.reads), (&None, Some(ErrorKind::Connect), 0));
    }
    let error = outcome.unwrap_err();
    assert_eq!((error.kind(), error.last_failure()), (ErrorKind::WaitTimedOut, Some(ErrorKind::Connect)));
    assert!(error.attempts() > 3 && error.cause().is_some(), "{error:?}");
}

#[test]
fn account_details_from_the_widget_that_conflict_are_foreseen() {
    let checked = with_policy(|_| {});
    made(&checked);
    let waiting = checked.client.preinitiate(&Preinitiate::new(person())).unwrap().record;
    // The person gives an account in the widget that has a microdeposit already.
    let account = serde_json::json!({
        "account_number": "333312345", "routing_number": "091000019", "account_type_name": "CHECKING",
    });
    let body = serde_json::json!({ "event": "account_submitted", "account": account }).to_string();
    let path = format!("/_sandbox/events/{}", waiting.guid.path_segment());
    let reply = checked.sandbox.with_world(|world| {
        let mut call = Call::new("POST", &path);
        call.body = body.as_bytes();
        world.respond(&call)
    });
    assert_eq!(reply.status, 200, "{}", String::from_utf8_lossy(&reply.body));
    let wait = WaitOptions::default().with_timeout(Duration::from_secs(5));
    let record = checked.client.wait(&waiting.guid, Until::Actionable, wait).unwrap();
    assert_eq!(record.status.name(), "CONFLICTED");
    assert!(matches!(sighting(&waiting.status, &record.status), Sighting::Moved(_)));
}
