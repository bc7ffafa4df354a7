//! Results that could be taken for something else: another record's response, a refusal by a proxy, a list that failed, a
//! record without identifying fields, a server that acts late. Each case once made two records or reported an outcome that was
//! not known.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexus_http::{Client, FileJournal, Observation, Observer, RetryPolicy};
use nexus_sandbox::{Effect, Fault, Options, Sandbox};
use nexus_types::{
    Create, Error, ErrorKind, Microdeposit, MicrodepositGuid, Operation, SessionToken, TransportCause, Verdict,
};
use support::later::Later;
use support::peer::peer;
use support::{by_token, cents, create_of, limits, quick, sso_with};

const KEY: &[u8] = b"a secret of sixteen bytes or more";
/// Seconds after which no server acts any more on what was sent before, by what is assumed.
const LONG: i64 = 130;

fn client(url: &str) -> Client {
    let builder = Client::builder(url).session_token(SessionToken::new("token").unwrap());
    builder.limits(limits()).retry(quick()).build().unwrap()
}

fn record(guid: &str, status: u8) -> String {
    format!(r#"{{"micro_deposit":{{"guid":"{guid}","status":{status},"updated_at":"2026-01-05T09:00:00.000Z"}}}}"#)
}

fn verify(client: &Client) -> Result<Microdeposit, Error> {
    client.verify(&MicrodepositGuid::new("MIC-mine").unwrap(), cents(9), cents(9)).map(|outcome| outcome.record)
}

#[test]
fn record_of_another_microdeposit_proves_no_outcome() {
    let put = peer(|line, _| match line.starts_with("PUT") {
        true => Some((200, record("MIC-other", 3))),
        false => Some((200, record("MIC-mine", 2))),
    });
    let error = verify(&client(&put)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::AnotherRecord, true), "{error:?}");
    let look = peer(|line, number| match (line.starts_with("PUT"), number) {
        (true, _) => Some((502, String::new())),
        (false, 1) => Some((200, record("MIC-mine", 2))),
        (false, _) => Some((200, record("MIC-other", 3))),
    });
    let error = verify(&client(&look)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Server, true), "{error:?}");
}

#[test]
fn a_conflict_is_looked_into() {
    // Something in between has sent the PUT a second time, or another client has submitted: whose response is it?
    let acted = peer(|line, number| match (line.starts_with("PUT"), number) {
        (true, _) => Some((409, String::new())),
        (false, 1) => Some((200, record("MIC-mine", 2))),
        (false, _) => Some((200, record("MIC-mine", 3))),
    });
    let error = verify(&client(&acted)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Conflict, true));
    assert_eq!(error.last_seen().map(|record| record.status.name()), Some("VERIFIED"), "and the record is returned");
    let refused = peer(|line, _| match line.starts_with("PUT") {
        true => Some((409, String::new())),
        false => Some((200, record("MIC-mine", 2))),
    });
    let error = verify(&client(&refused)).unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome_unknown()),
        (ErrorKind::Conflict, true),
        "that it left no trace proves nothing"
    );
    let blind = peer(|line, number| match (line.starts_with("PUT"), number) {
        (true, _) => Some((409, String::new())),
        (false, 1) => Some((200, record("MIC-mine", 2))),
        (false, _) => Some((503, String::new())),
    });
    let error = verify(&client(&blind)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Conflict, true), "nobody could look");
}

#[test]
fn refusals_by_what_stands_in_between_leave_the_outcome_unknown() {
    for status in [402, 406, 407, 408, 409, 418, 421, 425, 451, 499] {
        for acting in [false, true] {
            let sandbox = Sandbox::start(Options::default()).unwrap();
            let client = by_token(&sandbox, sandbox.url());
            let guid = client.create(&create_of("333312345")).unwrap().record.guid;
            sandbox.advance(Duration::from_secs(120));
            let effect = Effect::Status { status, retry_after: None, acting };
            sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Verify, 1, effect)));
            match client.verify(&guid, cents(2), cents(2)) {
                Ok(outcome) => assert!(acting && status != 409 && outcome.verdict == Verdict::Denied, "{status}"),
                // After a conflict, the outcome that shows may be another client's.
                Err(error) => assert!(error.outcome_unknown() && (!acting || status == 409), "{status}: {error:?}"),
            }
        }
    }
}

/// After so many seconds on the wall clock.
fn once(client: &Client, create: &Create, journal: &FileJournal, after: i64) -> Result<Microdeposit, Error> {
    client.create_once("one", create, &Later(journal, after)).map(|created| created.record)
}

#[test]
fn a_list_that_fails_is_not_an_empty_one() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let mut limits = limits();
    let client = sso_with(&sandbox, sandbox.url(), limits);
    limits.reconcile = Duration::ZERO;
    let hasty = sso_with(&sandbox, sandbox.url(), limits);
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
    let create = create_of("333312345");
    sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Create, 1, Effect::ResetAfter)));
    // It looks with no time to look, and so knows nothing; not when a server can act on it no more either.
    for after in [0, LONG] {
        assert!(once(&hasty, &create, &journal, after).unwrap_err().outcome_unknown());
    }
    // The lists of the look fail, each three times and more.
    let blind = || Effect::Status { status: 503, retry_after: None, acting: false };
    sandbox.with_world(|world| {
        for n in 1..60 {
            world.add_fault(Fault::nth(Operation::List, n, blind()));
        }
    });
    assert!(once(&client, &create, &journal, LONG).unwrap_err().outcome_unknown());
    sandbox.with_world(nexus_sandbox::World::clear_faults);
    assert!(once(&client, &create, &journal, LONG).is_ok());
    assert_eq!(sandbox.with_world(|world| world.created()), 1);
}

/// A server of our own that shows its records in its own way, and closes the connection of the first create without a response.
fn strange(shape: fn(usize) -> String, late: Duration) -> (String, Arc<Mutex<Vec<String>>>) {
    let records: Arc<Mutex<Vec<String>>> = Arc::default();
    let all = Arc::clone(&records);
    let url = peer(move |line, _| {
        if line.starts_with("GET") {
            return Some((200, format!(r#"{{"micro_deposits":[{}]}}"#, all.lock().unwrap().join(","))));
        }
        let first = all.lock().unwrap().is_empty();
        if first {
            std::thread::sleep(late);
        }
        let mut all = all.lock().unwrap();
        let made = shape(all.len());
        all.push(made.clone());
        (!first).then_some((200, made))
    });
    (url, records)
}

#[test]
fn candidate_prevents_a_second_create() {
    let masked = |n| {
        format!(
            r#"{{"micro_deposit":{{"guid":"MIC-{n}","status":0,"account_number":"*****2345","routing_number":"091000019"}}}}"#
        )
    };
    let bare = |n| format!(r#"{{"micro_deposit":{{"guid":"MIC-{n}","status":0}}}}"#);
    for shape in [masked as fn(usize) -> String, bare] {
        let (url, records) = strange(shape, Duration::ZERO);
        let folder = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
        let client = client(&url);
        for after in [0, LONG] {
            let error = once(&client, &create_of("333312345"), &journal, after).unwrap_err();
            assert!(error.outcome_unknown() && error.candidates().len() == 1, "{error:?}");
        }
        assert_eq!(records.lock().unwrap().len(), 1);
    }
}

#[test]
fn while_a_server_may_still_act_nothing_is_sent_again() {
    let plain = |n| {
        format!(
            r#"{{"micro_deposit":{{"guid":"MIC-{n}","status":0,"account_number":"333312345","routing_number":"091000019","account_type":1}}}}"#
        )
    };
    let (url, records) = strange(plain, Duration::from_millis(2500));
    let folder = tempfile::tempdir().unwrap();
    let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
    let (client, create) = (client(&url), create_of("333312345"));
    for _ in 0..2 {
        assert!(once(&client, &create, &journal, 0).unwrap_err().outcome_unknown());
        std::thread::sleep(Duration::from_millis(1600));
    }
    assert_eq!(once(&client, &create, &journal, 0).unwrap().guid.as_str(), "MIC-0", "it came late, and was waited for");
    assert_eq!(records.lock().unwrap().len(), 1);
}

/// An observer with a defect.
struct Broken;

impl Observer for Broken {
    fn observe(&self, event: &Observation) {
        if matches!(event, Observation::Responded { operation: Operation::Verify, .. }) {
            panic!("a defect in the observer");
        }
    }
}

#[test]
fn observer_panic_does_not_hide_the_outcome() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let token = SessionToken::new(&*sandbox.credentials().session_token).unwrap();
    let client = Client::builder(sandbox.url()).session_token(token).observer(Arc::new(Broken)).build().unwrap();
    let made = client.create(&create_of("333312345")).unwrap();
    sandbox.advance(Duration::from_secs(120));
    assert_eq!(client.verify(&made.record.guid, cents(9), cents(9)).unwrap().verdict, Verdict::Verified);
}

/// Keeps what it sees.
#[derive(Default)]
struct Kept(Mutex<Vec<Observation>>);

impl Observer for Kept {
    fn observe(&self, event: &Observation) {
        self.0.lock().unwrap().push(event.clone());
    }
}

#[test]
fn observer_sees_which_microdeposit_a_request_is_about_and_why_one_failed() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let token = || SessionToken::new(&*sandbox.credentials().session_token).unwrap();
    let kept = Arc::new(Kept::default());
    let client =
        Client::builder(sandbox.url()).session_token(token()).observer(Arc::<Kept>::clone(&kept)).build().unwrap();
    let made = client.create(&create_of("333312345")).unwrap().record;
    kept.0.lock().unwrap().clear();
    client.read(&made.guid).unwrap();
    let seen = std::mem::take(&mut *kept.0.lock().unwrap());
    assert!(matches!(&seen[0], Observation::Sending { guid, attempt: 1, .. } if guid.as_ref() == Some(&made.guid)));
    assert!(matches!(&seen[1], Observation::Responded { guid, status: 200, .. } if guid.as_ref() == Some(&made.guid)));

    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let builder = Client::builder(format!("http://{gone}")).session_token(token());
    let client =
        builder.retry(RetryPolicy::default().with_attempts(1)).observer(Arc::<Kept>::clone(&kept)).build().unwrap();
    client.list().unwrap_err();
    let seen = kept.0.lock().unwrap();
    let refused = Some(TransportCause::Refused);
    assert!(matches!(&seen[1], Observation::Failed { cause, guid: None, .. } if *cause == refused), "{seen:?}");
}

#[test]
fn a_token_is_not_sent_through_a_proxy_in_clear() {
    let builder = Client::builder("http://localhost:9").session_token(SessionToken::new("token").unwrap());
    assert_eq!(builder.proxy("http://127.0.0.1:3128").build().unwrap_err().field(), Some("proxy"));
    let builder = Client::builder("https://localhost:9").session_token(SessionToken::new("token").unwrap());
    assert!(builder.proxy("http://127.0.0.1:3128").build().is_ok());
}
