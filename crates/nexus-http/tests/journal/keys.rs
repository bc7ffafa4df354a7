//! One key makes at most one record or submission, with any callers, in any order, under any failure.

use std::time::Duration;

use nexus_http::{Client, FileJournal, Journal, VerifyOptions};
use nexus_sandbox::{Effect, Fault, Options, Sandbox, World};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, Assumption, ClientId, Create, Error, ErrorKind, KnownStatus, MicrodepositGuid,
    Operation, Outcome, Preinitiate, RoutingNumber, UserId, Verdict,
};

use crate::KEY;
use crate::broken::Full;
use crate::support::later::Later;
use crate::support::{by_token, cents, create_of, limits, person, quick, started, truth};

pub(crate) struct Fixture {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) journal: FileJournal,
    pub(crate) folder: tempfile::TempDir,
}

fn client_of(sandbox: &Sandbox, user: &str) -> Client {
    let credentials = sandbox.credentials();
    let (client, user) = (ClientId::new(&*credentials.client_id), UserId::new(user));
    let key = ApiKey::new(&*credentials.api_key);
    let builder = Client::builder(sandbox.url()).sso(client.unwrap(), user.unwrap(), key.unwrap());
    builder.limits(limits()).retry(quick()).build().unwrap()
}

impl Fixture {
    pub(crate) fn new() -> Fixture {
        let mut options = Options::default();
        // Two accounts of one number are no conflict here.
        options.policy.conflict = false;
        let sandbox = started(&options);
        let client = client_of(&sandbox, &sandbox.credentials().user_id);
        let folder = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
        Fixture { sandbox, client, journal, folder }
    }

    /// A microdeposit whose deposits are there.
    fn deposited(&self) -> MicrodepositGuid {
        let guid = self.client.create(&create_of("333312345")).unwrap().record.guid;
        self.sandbox.advance(Duration::from_millis(120_123));
        guid
    }

    fn fail(&self, operation: Operation, effect: Effect) {
        self.sandbox.with_world(|world| world.add_fault(Fault::nth(operation, 1, effect)));
    }

    fn fine(&self) {
        self.sandbox.with_world(World::clear_faults);
    }

    fn offline(&self) {
        self.sandbox.with_world(|world| world.add_fault(Fault::always(Effect::ResetBefore)));
    }

    pub(crate) fn created(&self) -> usize {
        self.sandbox.with_world(|world| world.created())
    }

    fn submit(&self, key: &str, guid: &MicrodepositGuid, each: u32) -> Result<Outcome, Error> {
        let options = VerifyOptions::default().with_key(key, &self.journal);
        self.client.verify_with(guid, cents(each), cents(each), options)
    }

    /// A microdeposit with amounts under this key that the server never saw, which nobody here knows.
    fn with_a_lost_submission(&self, key: &str, each: u32) -> MicrodepositGuid {
        let guid = self.deposited();
        self.fail(Operation::Verify, Effect::ResetBefore);
        assert!(self.submit(key, &guid, each).unwrap_err().outcome_unknown());
        self.fine();
        guid
    }
}

#[test]
fn one_key_one_record() {
    let fixture = Fixture::new();
    let Fixture { client, journal, .. } = &fixture;
    let create = create_of("333312345");
    let first = client.create_once("one", &create, journal).unwrap();
    let again = client.create_once("one", &create, journal).unwrap();
    assert_eq!(first.record.guid, again.record.guid);
    let error = client.create_once("one", &create_of("333312346"), journal).unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some("key")));
    let second = client.create_once("two", &create_of("333312346"), journal).unwrap();
    let third = client.preinitiate_once("three", &Preinitiate::new(person()), journal).unwrap();
    let again = client.preinitiate_once("three", &Preinitiate::new(person()), journal).unwrap();
    assert_eq!(third.record.guid, again.record.guid);
    assert!(second.record.guid != first.record.guid && third.record.guid != first.record.guid);
    assert_eq!(fixture.created(), 3);
}

#[test]
fn threads_with_one_key_make_one_record_and_one_submission() {
    let fixture = Fixture::new();
    let create = create_of("333312346");
    let guid = fixture.deposited();
    let sixteen = |call: &(dyn Fn() -> Option<Error> + Sync)| {
        std::thread::scope(|scope| {
            for _ in 0..16 {
                scope.spawn(|| call().inspect(|error| assert!(error.outcome_unknown(), "{error:?}")));
            }
        });
    };
    sixteen(&|| fixture.client.create_once("one", &create, &fixture.journal).err());
    assert_eq!(fixture.created(), 2);
    sixteen(&|| fixture.submit("two", &guid, 2).err());
    assert_eq!(truth(&fixture.sandbox, &guid), (1, Some(KnownStatus::Denied)));
    assert_eq!(fixture.submit("two", &guid, 2).unwrap().verdict, Verdict::Denied);
}

#[test]
fn key_is_free_after_a_refusal_and_not_after_an_unknown_outcome() {
    let fixture = Fixture::new();
    let create = create_of("333312345");
    let once = |journal: &dyn Journal| fixture.client.create_once("one", &create, journal);
    fixture.fail(Operation::Create, Effect::Status { status: 400, retry_after: None, acting: false });
    assert_eq!(once(&fixture.journal).unwrap_err().kind(), ErrorKind::BadRequest);
    // Nothing arrives at the server: it cannot be known here.
    fixture.fail(Operation::Create, Effect::ResetBefore);
    assert!(once(&fixture.journal).unwrap_err().outcome_unknown());
    let error = once(&fixture.journal).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unsettled, true), "not sent again: {error:?}");
    assert_eq!(fixture.created(), 0);
    // After the time in which a server could still act on it, what does not show was not carried out: so it is assumed.
    let made = once(&Later(&fixture.journal, 130)).unwrap();
    assert_eq!((made.assumed, fixture.created()), (Some(Assumption::ServerGrace), 1));
    assert_eq!(once(&fixture.journal).unwrap().record.guid, made.record.guid);
}

#[test]
fn two_keys_for_one_account_number_get_each_its_own_record() {
    let fixture = Fixture::new();
    let of = |kind| {
        let (routing, number) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new("333312345").unwrap());
        Create::new(person(), routing, number, kind)
    };
    for hidden in [false, true] {
        let (checking, savings) = (of(AccountType::Checking), of(AccountType::Savings));
        let [one, two] = ["one", "two"].map(|key| format!("{key} {hidden}"));
        let folder = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
        // The first response is lost, and so is every look after it; then both records are in the list.
        fixture.fail(Operation::Create, Effect::ResetAfter);
        let lost = Effect::Status { status: 503, retry_after: None, acting: false };
        for look in 2..30 {
            fixture.sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::List, look, lost.clone())));
        }
        assert!(fixture.client.create_once(&one, &checking, &journal).unwrap_err().outcome_unknown());
        fixture.fine();
        let second = fixture.client.create_once(&two, &savings, &journal).unwrap().record;
        let first = fixture.client.create_once(&one, &checking, &journal).unwrap().record;
        assert_eq!((first.kind(), second.kind()), (Some(AccountType::Checking), Some(AccountType::Savings)));
        assert_ne!(first.guid, second.guid);
        for (key, create, record) in [(&one, &checking, &first), (&two, &savings, &second)] {
            assert_eq!(fixture.client.create_once(key, create, &journal).unwrap().record.guid, record.guid);
        }
    }
    assert_eq!(fixture.created(), 4);
}

#[test]
fn a_conflict_under_a_key_stays_one_for_every_later_call() {
    let fixture = Fixture::new();
    let acting = |status| Effect::Status { status, retry_after: None, acting: true };
    let guid = fixture.deposited();
    fixture.fail(Operation::Verify, acting(409));
    let error = fixture.submit("one", &guid, 9).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Conflict, true));
    fixture.fine();
    assert_eq!(truth(&fixture.sandbox, &guid).1, Some(KnownStatus::Verified), "another client may have verified it");
    let error = fixture.submit("one", &guid, 9).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unsettled, true));
    assert_eq!(error.last_seen().map(|record| record.status.name()), Some("VERIFIED"));

    let create = create_of("333312346");
    fixture.fail(Operation::Create, acting(409));
    let once = || fixture.client.create_once("two", &create, &fixture.journal).unwrap_err();
    let error = once();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Conflict, true));
    fixture.fine();
    let candidates = error.candidates().to_vec();
    assert_eq!(candidates.len(), 1, "somebody's");
    let error = once();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unsettled, true));
    assert_eq!((error.candidates(), fixture.created()), (&*candidates, 2));
}

#[test]
fn unknown_stays_unknown_without_a_network_and_without_a_journal() {
    let fixture = Fixture::new();
    let (guid, create) = (fixture.deposited(), create_of("333312346"));
    let make = |journal: &dyn Journal| fixture.client.create_once("one", &create, journal).unwrap_err();
    let submit = |journal: &dyn Journal| {
        let options = VerifyOptions::default().with_key("two", journal);
        fixture.client.verify_with(&guid, cents(2), cents(2), options).unwrap_err()
    };
    for operation in [Operation::Create, Operation::Verify] {
        fixture.fail(operation, Effect::ResetBefore);
    }
    assert!(make(&fixture.journal).outcome_unknown() && submit(&fixture.journal).outcome_unknown());
    fixture.offline();
    for (error, kind) in [
        (make(&fixture.journal), ErrorKind::Unsettled),
        (make(&Later(&fixture.journal, 130)), ErrorKind::Unsettled),
        (make(&Full), ErrorKind::JournalUnusable),
        (submit(&fixture.journal), ErrorKind::Unsettled),
        (submit(&Later(&fixture.journal, 130)), ErrorKind::Unsettled),
        (submit(&Full), ErrorKind::JournalUnusable),
    ] {
        assert_eq!((error.kind(), error.outcome_unknown()), (kind, true), "{error:?}");
    }
    fixture.fine();
    // The amounts are never sent again; a record is, once no server can act on the first request any more.
    assert!(submit(&Later(&fixture.journal, 130)).outcome_unknown());
    assert!(fixture.client.create_once("one", &create, &Later(&fixture.journal, 130)).is_ok());
    assert_eq!((fixture.created(), truth(&fixture.sandbox, &guid).0), (2, 0));
}

#[test]
fn a_submission_under_another_key_waits_for_the_open_one() {
    let fixture = Fixture::new();
    let guid = fixture.with_a_lost_submission("one", 2);
    let error = fixture.submit("two", &guid, 9).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::SubmissionOpen, false));
    assert!(error.retry_after().is_some_and(|wait| wait > Duration::from_secs(100)), "{error:?}");
    let lower = MicrodepositGuid::new(guid.as_str().to_lowercase()).unwrap();
    assert_eq!(fixture.submit("three", &lower, 9).unwrap_err().kind(), ErrorKind::SubmissionOpen);
    assert_eq!(truth(&fixture.sandbox, &guid).0, 0);
    let later = Later(&fixture.journal, 130);
    let options = VerifyOptions::default().with_key("two", &later);
    assert_eq!(fixture.client.verify_with(&guid, cents(9), cents(9), options).unwrap().verdict, Verdict::Verified);
    assert_eq!(truth(&fixture.sandbox, &guid), (1, Some(KnownStatus::Verified)));
}

#[test]
fn an_entry_of_another_environment_or_user_is_refused() {
    let fixture = Fixture::new();
    let (guid, create) = (fixture.deposited(), create_of("333312346"));
    fixture.client.create_once("one", &create, &fixture.journal).unwrap();
    fixture.submit("two", &guid, 2).unwrap();
    let elsewhere = Fixture::new();
    let requests = elsewhere.sandbox.with_world(|world| world.requests_received());
    let foreign = [&elsewhere.client, &client_of(&fixture.sandbox, "user-2")];
    for client in foreign {
        let options = VerifyOptions::default().with_key("two", &fixture.journal);
        let errors = [
            client.create_once("one", &create, &fixture.journal).unwrap_err(),
            client.verify_with(&guid, cents(2), cents(2), options).unwrap_err(),
        ];
        for error in errors {
            assert_eq!((error.kind(), error.field()), (ErrorKind::InvalidInput, Some("key")), "{error:?}");
        }
    }
    assert_eq!(elsewhere.sandbox.with_world(|world| world.requests_received()), requests, "not even a read");
    // The user of a session that was given from outside is not known.
    let given = by_token(&fixture.sandbox, fixture.sandbox.url());
    assert!(given.create_once("one", &create, &fixture.journal).is_ok());
    assert_eq!((fixture.created(), truth(&fixture.sandbox, &guid).0), (2, 1));
}

#[test]
fn a_denial_of_another_key_is_not_this_ones() {
    let fixture = Fixture::new();
    // The right amounts.
    let guid = fixture.with_a_lost_submission("one", 9);
    let other = by_token(&fixture.sandbox, fixture.sandbox.url());
    let later = Later(&fixture.journal, 130);
    let options = VerifyOptions::default().with_key("two", &later);
    let _ = other.verify_with(&guid, cents(2), cents(2), options);
    assert_eq!(truth(&fixture.sandbox, &guid), (1, Some(KnownStatus::Denied)), "by the other key");
    for _ in 0..2 {
        assert!(fixture.submit("one", &guid, 9).unwrap_err().outcome_unknown());
    }
}

#[test]
fn a_denial_of_a_submission_without_a_key_is_not_a_keys() {
    let fixture = Fixture::new();
    let guid = fixture.with_a_lost_submission("one", 9);
    let _ = fixture.client.verify(&guid, cents(2), cents(2));
    assert_eq!(truth(&fixture.sandbox, &guid), (1, Some(KnownStatus::Denied)), "without a key");
    assert!(fixture.submit("one", &guid, 9).unwrap_err().outcome_unknown(), "this very client knows of the other");
}
