//! Flows with a journal at exact times, without a socket or a file.

use std::time::Duration;

use nexus_types::decide::budget::Budget;
use nexus_types::decide::creation::{Intention, Known};
use nexus_types::decide::submission::Before;
use nexus_types::flow::{
    CreateFlow, Ended, Entry, Event, Flow, JournalStep, Moment, Past, Prior, PriorResponse, Settings, Step, VerifyFlow,
};
use nexus_types::{ErrorKind, MicrodepositGuid, Response, Verdict, Verify};

use crate::asks::{cents, create_of};

/// Carries a flow as far as its claim and confirms the claim; the wall clock has gone on by so much then, and by so much more when the
/// flow is asked for its next step. Tells whether it sends.
fn sends_after<F: Flow>(mut flow: F, reads: &str, claiming: i64, sending: i64) -> bool {
    let mut at = Moment { elapsed: Duration::from_secs(1), unix: 1_767_603_600 };
    let mut budget = Budget::default();
    loop {
        let event = match flow.next(at, 0.5, &mut budget) {
            Step::Journal(JournalStep::Find(_)) => Event::Found(Prior::Nothing { taken: Vec::new(), open: None }),
            Step::Send(_) => Event::Response(Response::new(200, reads)),
            Step::Journal(JournalStep::Claim(claim)) => {
                assert!(claim.entry.until > at.unix);
                at.unix += claiming;
                flow.handle(at, Event::Claimed { attempt: 7 });
                at.unix += sending;
                continue;
            }
            Step::SendOnce(permit) => {
                let once = permit.spend();
                assert!(!once.is_too_late(at.unix) && once.is_too_late(at.unix + 6), "{:?}", once.not_after);
                return true;
            }
            Step::Journal(JournalStep::Settle(settle)) => {
                assert_eq!(settle.ended, Ended::NotMade);
                return false;
            }
            step => panic!("in {}: {}", flow.state(), matches!(step, Step::Done(_))),
        };
        flow.handle(at, event);
    }
}

#[test]
fn claim_from_before_a_suspension_is_not_sent() {
    let guid = MicrodepositGuid::new("MIC-1").unwrap();
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_767_603_600 };
    for (claiming, sending, sent) in [(0, 0, true), (0, 5, true), (0, 6, false), (600, 0, false), (3, 600, false)] {
        let verify = VerifyFlow::new(Verify::new(guid.clone(), cents(1), cents(2)), Settings::default(), at);
        let read = r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#;
        assert_eq!(
            sends_after(verify.with_key("k"), read, claiming, sending),
            sent,
            "verify: {claiming} and {sending} s"
        );
        let create = CreateFlow::new(Intention::Create(create_of("333312345")), Settings::default(), at);
        let list = r#"{"micro_deposits":[]}"#;
        assert_eq!(
            sends_after(create.with_key("k"), list, claiming, sending),
            sent,
            "create: {claiming} and {sending} s"
        );
    }
}

#[test]
fn a_claim_that_had_to_wait_may_be_sent_all_the_same() {
    // The clock that never goes back shows the wait too: then nothing was suspended.
    let at = |seconds| Moment { elapsed: Duration::from_secs(seconds), unix: 1_767_603_600 + seconds as i64 };
    let guid = MicrodepositGuid::new("MIC-1").unwrap();
    let mut flow = VerifyFlow::new(Verify::new(guid, cents(1), cents(2)), Settings::default(), at(1)).with_key("k");
    let mut budget = Budget::default();
    let _ = flow.next(at(1), 0.5, &mut budget);
    flow.handle(at(1), Event::Found(Prior::Nothing { taken: Vec::new(), open: None }));
    let _ = flow.next(at(1), 0.5, &mut budget);
    flow.handle(at(2), Event::Response(Response::new(200, r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#)));
    let _ = flow.next(at(2), 0.5, &mut budget);
    flow.handle(at(20), Event::Claimed { attempt: 1 });
    let _ = flow.next(at(20), 0.5, &mut budget);
    flow.handle(at(24), Event::Response(Response::new(200, r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#)));
    // What the claim says of the time before is made good by another one.
    let _ = flow.next(at(24), 0.5, &mut budget);
    flow.handle(at(24), Event::Claimed { attempt: 2 });
    assert!(matches!(flow.next(at(24), 0.5, &mut budget), Step::SendOnce(_)));
}

#[test]
fn record_of_another_key_is_not_taken_for_a_lost_create() {
    let (mine, others) = (MicrodepositGuid::new("MIC-1").unwrap(), MicrodepositGuid::new("MIC-2").unwrap());
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_000 };
    let mut flow = CreateFlow::new(Intention::Create(create_of("333312345")), Settings::default(), at).with_key("k");
    let mut budget = Budget::default();
    let _ = flow.next(at, 0.5, &mut budget);
    let entry = Entry { until: 5_000, past: Past::List(Known::default()) };
    flow.handle(
        at,
        Event::Found(Prior::Pending { entry, attempt: 1, response: PriorResponse::None, taken: vec![others] }),
    );
    let record = |guid: &str| {
        format!(
            r#"{{"guid":"{guid}","status":0,"account_number":"333312345","routing_number":"091000019","account_type":1}}"#
        )
    };
    let _ = flow.next(at, 0.5, &mut budget);
    let list = format!(r#"{{"micro_deposits":[{},{}]}}"#, record("MIC-1"), record("MIC-2"));
    flow.handle(at, Event::Response(Response::new(200, list)));
    match flow.next(at, 0.5, &mut budget) {
        Step::Journal(JournalStep::Settle(settle)) => assert_eq!(settle.ended, Ended::Made(mine)),
        _ => panic!("in {}", flow.state()),
    }
}

/// What a flow writes to its journal after these events, if anything.
fn settled_after<F: Flow>(flow: &mut F, at: Moment, events: Vec<Event>) -> Option<Ended> {
    let mut budget = Budget::default();
    for event in events {
        let _ = flow.next(at, 0.5, &mut budget);
        flow.handle(at, event);
    }
    match flow.next(at, 0.5, &mut budget) {
        Step::Journal(JournalStep::Settle(settle)) => Some(settle.ended),
        _ => None,
    }
}

const NOTHING: Event = Event::Found(Prior::Nothing { taken: Vec::new(), open: None });

fn response(status: u16, body: &str) -> Event {
    Event::Response(Response::new(status, body))
}

#[test]
fn journal_has_the_server_s_response_before_the_next_step() {
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_000 };
    let verify = Verify::new(MicrodepositGuid::new("MIC-1").unwrap(), cents(1), cents(2));
    let read = || response(200, r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#);
    let claimed = |attempt| Event::Claimed { attempt };
    let up_to_sending = || vec![NOTHING, read(), claimed(1), read(), claimed(2)];
    for (last, wanted, next) in
        [(read(), Ended::Accepted(1_000), "waiting"), (response(409, ""), Ended::Contested, "reconciling")]
    {
        let mut flow = VerifyFlow::new(verify.clone(), Settings::default(), at).waiting().with_key("k");
        let mut events = up_to_sending();
        events.push(last);
        assert_eq!(settled_after(&mut flow, at, events), Some(wanted));
        flow.handle(at, Event::Settled);
        assert_eq!(flow.state(), next, "only then");
    }
    let create = Intention::Create(create_of("333312345"));
    let mut flow = CreateFlow::new(create, Settings::default(), at).with_key("k");
    let events = vec![NOTHING, response(200, r#"{"micro_deposits":[]}"#), claimed(1), response(409, "")];
    assert_eq!(settled_after(&mut flow, at, events), Some(Ended::Contested));
    flow.handle(at, Event::Settled);
    assert_eq!(flow.state(), "reconciling");
}

#[test]
fn verdict_that_the_journal_refuses_is_not_told() {
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_000 };
    let verify = Verify::new(MicrodepositGuid::new("MIC-1").unwrap(), cents(1), cents(2));
    let mut flow = VerifyFlow::new(verify, Settings::default(), at).with_key("k");
    let entry = Entry { until: 5_000, past: Past::Record(Before::default()) };
    // Another call of this key has had a 409 since this one asked.
    let found = Event::Found(Prior::Pending { entry, attempt: 1, response: PriorResponse::None, taken: Vec::new() });
    let verified = response(200, r#"{"micro_deposit":{"guid":"MIC-1","status":3}}"#);
    assert_eq!(settled_after(&mut flow, at, vec![found, verified]), Some(Ended::Judged(Verdict::Verified, None)));
    flow.handle(at, Event::Taken);
    let Step::Done(Err(error)) = flow.next(at, 0.5, &mut Budget::default()) else { panic!("in {}", flow.state()) };
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::Unsettled, true));
    assert_eq!(error.last_seen().map(|record| record.status.name()), Some("VERIFIED"));
}

#[test]
fn failed_settle_is_tried_again_at_the_end() {
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_000 };
    let verify = Verify::new(MicrodepositGuid::new("MIC-1").unwrap(), cents(1), cents(2));
    let verified = || response(200, r#"{"micro_deposit":{"guid":"MIC-1","status":3}}"#);
    let read = || response(200, r#"{"micro_deposit":{"guid":"MIC-1","status":2}}"#);
    let events = |journal| {
        let claims = vec![NOTHING, read(), Event::Claimed { attempt: 1 }, read(), Event::Claimed { attempt: 2 }];
        claims.into_iter().chain([response(409, ""), journal, verified()]).collect()
    };
    let mut flow = VerifyFlow::new(verify.clone(), Settings::default(), at).with_key("k");
    assert_eq!(settled_after(&mut flow, at, events(Event::JournalFailed)), Some(Ended::Contested));
    let mut flow = VerifyFlow::new(verify, Settings::default(), at).with_key("k");
    assert_eq!(settled_after(&mut flow, at, events(Event::Settled)), None, "once is enough");
    assert_eq!(flow.state(), "done");
}
