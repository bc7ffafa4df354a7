//! Submissions: which outcome is reported.

use std::time::{Duration, Instant};

use nexus_http::{Client, VerifyOptions};
use nexus_sandbox::{Effect, ReadsTouch, UpdatedAt, Verification};
use nexus_types::flow::Verdict;
use nexus_types::{
    ApiKey, Assumption, Assumptions, ClientId, DepositAmount, Endpoint, ErrorKind, Operation, UserId, Verify,
};

use crate::nobody::Nobody;
use crate::support::memory::Memory;
use crate::support::{Checked, by_token, cents, quick};
use crate::{acting, deposited, next, patient, received, with_policy};

fn judging(verification: Verification) -> Checked {
    let mut checked = with_policy(|policy| policy.verification = verification);
    checked.judges_later = true;
    checked
}

/// A client that takes what was not judged within this time for denied, and that has a little longer for a call.
fn judged_within(checked: &Checked, within: Duration) -> Client {
    let (credentials, mut limits) = (checked.sandbox.credentials(), patient());
    let key = ApiKey::new(&*credentials.api_key).unwrap();
    let (id, user) = (ClientId::new(&*credentials.client_id).unwrap(), UserId::new(&*credentials.user_id).unwrap());
    let mut assumptions = Assumptions::default();
    (assumptions.judged_within, limits.call) = (Some(within), within + Duration::from_secs(4));
    let builder = Client::builder(checked.sandbox.url()).sso(id, user, key).assumptions(assumptions);
    builder.limits(limits).retry(quick()).build().unwrap()
}

#[test]
fn verify_judged_later_is_pending_then_the_verdict() {
    for each in [9, 2] {
        let checked = judging(Verification::AfterSeconds(5));
        let guid = deposited(&checked);
        let outcome = checked.verify(&guid, each).unwrap();
        assert_eq!((outcome.verdict, outcome.record.status.name()), (Verdict::Pending, "DEPOSITED"));
        assert!(outcome.verdict.advice().contains("Do not ask the person again"));
        let checked = judging(Verification::Deferred);
        let guid = deposited(&checked);
        let outcome = judged_within(&checked, Duration::from_secs(2)).verify_and_wait(&guid, cents(each), cents(each));
        let outcome = outcome.unwrap();
        assert_eq!(outcome.verdict, if each == 9 { Verdict::Verified } else { Verdict::Denied });
        assert_eq!(received(&checked.sandbox, Operation::Verify), 1);
    }
}

#[test]
fn a_pending_outcome_is_waited_for_until_the_call_is_over() {
    let checked = judging(Verification::AfterSeconds(3600));
    let guid = deposited(&checked);
    let outcome = checked.verify_and_wait(&guid, 9).unwrap();
    assert_eq!((outcome.verdict, outcome.assumed), (Verdict::Pending, None));
}

#[test]
fn a_time_of_change_that_a_read_moves_shows_no_denial() {
    let checked = with_policy(|policy| policy.reads_touch = ReadsTouch::Always);
    let guid = deposited(&checked);
    assert_eq!(checked.verify(&guid, 2).unwrap().verdict, Verdict::Denied);
    checked.sandbox.advance(Duration::from_millis(1500));
    next(&checked, Operation::Verify, Effect::ResetBefore);
    let error = checked.verify(&guid, 2).unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    assert_eq!(error.last_seen().map(|record| record.status.name()), Some("DENIED"));
}

#[test]
fn no_status_that_can_come_after_acting_is_a_refusal() {
    for status in [405, 406, 408, 409, 410, 500, 502, 503] {
        let checked = judging(Verification::AfterSeconds(3600));
        let guid = deposited(&checked);
        next(&checked, Operation::Verify, acting(status));
        let error = checked.verify(&guid, 9).unwrap_err();
        assert_eq!((error.outcome_unknown(), error.assumption()), (true, None), "{status}: {error}");
        checked.sandbox.advance(Duration::from_secs(3600));
        assert_eq!(checked.client.read(&guid).unwrap().status.name(), "VERIFIED", "{status}: it had been taken");
    }
}

#[test]
fn a_conflict_whose_outcome_comes_later_is_unknown() {
    let checked = judging(Verification::AfterSeconds(60));
    let guid = deposited(&checked);
    next(&checked, Operation::Verify, acting(409));
    let error = checked.verify_and_wait(&guid, 9).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Conflict, true), "{error}");
}

#[test]
fn a_refusal_says_what_it_presumes_and_the_switch_takes_it_back() {
    let checked = with_policy(|_| {});
    let guid = deposited(&checked);
    next(&checked, Operation::Verify, Effect::Status { status: 422, retry_after: None, acting: false });
    let error = checked.verify(&guid, 9).unwrap_err();
    assert_eq!((error.outcome_unknown(), error.assumption()), (false, Some(Assumption::RefusedBeforeActing)));
    let token = nexus_types::SessionToken::new(&*checked.sandbox.credentials().session_token).unwrap();
    let builder = Client::builder(checked.sandbox.url()).session_token(token).limits(patient()).retry(quick());
    let careful = builder.assumptions(Assumptions::default().with_refusal(422, false)).build().unwrap();
    next(&checked, Operation::Verify, Effect::Status { status: 422, retry_after: None, acting: false });
    let error = careful.verify(&guid, cents(9), cents(9)).unwrap_err();
    assert_eq!((error.outcome_unknown(), error.assumption()), (true, None));
}

#[test]
fn a_second_denial_that_moves_no_time_is_pending_and_then_assumed() {
    for updated_at in [UpdatedAt::StatusOnly, UpdatedAt::NeverMoves, UpdatedAt::Null] {
        let checked = with_policy(|policy| policy.updated_at = updated_at);
        let guid = deposited(&checked);
        assert_eq!(checked.verify(&guid, 2).unwrap().verdict, Verdict::Denied);
        let outcome = checked.verify(&guid, 2).unwrap();
        assert_eq!((outcome.verdict, outcome.assumed), (Verdict::Pending, None), "{updated_at:?}");
        // Another client: this one knows of an outcome that is open still.
        let checked = with_policy(|policy| policy.updated_at = updated_at);
        let client = judged_within(&checked, Duration::from_secs(2));
        let guid = deposited(&checked);
        let verdicts = [(); 3].map(|()| {
            let outcome = client.verify_and_wait(&guid, cents(2), cents(2)).unwrap();
            (outcome.verdict, outcome.assumed)
        });
        let assumed = (Verdict::Denied, Some(Assumption::JudgedWithin));
        assert_eq!(verdicts, [(Verdict::Denied, None), assumed, (Verdict::Locked, None)], "{updated_at:?}");
    }
}

#[test]
fn a_second_denial_that_moves_the_time_of_change_is_told_at_once() {
    let checked = with_policy(|_| {});
    let client = judged_within(&checked, Duration::from_secs(18));
    let guid = deposited(&checked);
    assert_eq!(client.verify(&guid, cents(2), cents(2)).unwrap().verdict, Verdict::Denied);
    let reads = received(&checked.sandbox, Operation::Read);
    let outcome = client.verify(&guid, cents(2), cents(2)).unwrap();
    assert_eq!((outcome.verdict, outcome.assumed), (Verdict::Denied, Some(Assumption::UpdatedAtShowsDenial)));
    assert_eq!(received(&checked.sandbox, Operation::Read) - reads, 2, "two reads show that reading moves nothing");
}

#[test]
fn unknown_under_a_key_stays_unknown_whatever_comes_next() {
    let checked = with_policy(|_| {});
    let guid = deposited(&checked);
    let journal = Memory::default();
    next(&checked, Operation::Verify, Effect::ResetBefore);
    let options = || VerifyOptions::default().with_key("application 7, first", &journal);
    let error = checked.client.verify_with(&guid, cents(9), cents(9), options()).unwrap_err();
    assert!(error.outcome_unknown(), "{error}");
    let nobody = Nobody::new();
    let offline = by_token(&checked.sandbox, &format!("http://{}", nobody.address()));
    let error = offline.verify_with(&guid, cents(9), cents(9), options()).unwrap_err();
    assert_eq!((error.outcome_unknown(), error.guid()), (true, Some(&guid)), "{error}");
    assert!(!error.advice().contains("Nothing was sent"), "{}", error.advice());
    let error = checked.client.verify_with(&guid, cents(9), cents(9), options()).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unsettled, true), "{error}");
    // Another key must wait until no server can act on the first any more.
    let other = VerifyOptions::default().with_key("application 7, second", &journal);
    let error = checked.client.verify_with(&guid, cents(9), cents(9), other).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::SubmissionOpen, false), "{error}");
    assert!(error.retry_after().is_some());
    assert_eq!(received(&checked.sandbox, Operation::Verify), 1);
}

#[test]
fn a_second_submission_while_the_first_is_under_way_sends_nothing() {
    let checked = with_policy(|_| {});
    let guid = deposited(&checked);
    next(&checked, Operation::Verify, Effect::Delay(Duration::from_millis(700)));
    std::thread::scope(|scope| {
        let first = scope.spawn(|| checked.client.verify(&guid, cents(2), cents(2)).unwrap().verdict);
        let began = Instant::now();
        while received(&checked.sandbox, Operation::Verify) == 0 {
            assert!(began.elapsed() < Duration::from_secs(10), "the first never arrives");
            std::thread::sleep(Duration::from_millis(2));
        }
        let requests = || checked.sandbox.with_world(|world| world.requests_received());
        let before = requests();
        let error = checked.client.verify(&guid, cents(9), cents(9)).unwrap_err();
        assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::SubmissionOpen, false), "{error}");
        assert_eq!((error.guid(), error.attempts(), requests()), (Some(&guid), 0, before), "not even a read");
        assert!(!first.is_finished(), "the first was under way all the time");
        assert_eq!(first.join().unwrap(), Verdict::Denied);
    });
    assert_eq!(checked.verify(&guid, 9).unwrap().verdict, Verdict::Verified, "it did not stay in the way");
}

#[test]
fn amounts_are_not_printed() {
    let (first, second) = (DepositAmount::from_cents(73).unwrap(), DepositAmount::from_cents(91).unwrap());
    let verify = Verify::new(nexus_types::MicrodepositGuid::new("MIC-1").unwrap(), first, second);
    let shown = format!("{verify:?} {verify:#?} {:?} {first:?}", verify.request());
    assert!(!shown.contains("73") && !shown.contains("91"), "{shown}");
}
