//! Effects of faults whose response differs from what was or will be carried out.

use std::time::Duration;

use nexus_sandbox::{Contradiction, Delivery, Effect, Fault, Options, Which};
use nexus_types::{
    Create, DepositAmount, Endpoint, Event, MicrodepositGuid, Operation, Person, Preinitiate, Read, Request, Response,
    Verify,
};
use serde_json::{Value, json};

use crate::life::{Life, creation, guid, shown, with_email};

const MINUTE: Duration = Duration::from_secs(60);

fn life() -> Life {
    let mut options = Options::default();
    options.record_acts = true;
    Life::from(options)
}

/// A life with one deposited record.
fn deposited() -> (Life, MicrodepositGuid) {
    let mut life = life();
    let made = life.made("333312345");
    life.pass(120);
    life.read(&made).unwrap();
    (life, MicrodepositGuid::new(made).unwrap())
}

fn person() -> Person {
    Person::new("Josh", "Boy", "joshboy@example.com").unwrap()
}

fn verify(guid: &MicrodepositGuid, cents: u32) -> Request {
    let amount = DepositAmount::from_cents(cents).unwrap();
    Verify::new(guid.clone(), amount, amount).request()
}

impl Life {
    /// Sends with this effect.
    fn with_effect(&mut self, request: &Request, effect: Effect) -> Result<Response, Delivery> {
        self.world.clear_faults();
        let mut fault = Fault::always(effect);
        fault.times = Some(1);
        self.world.add_fault(fault);
        let session = self.session.clone();
        self.world.try_handle(request, &session)
    }

    /// Requests and events of all acts since the beginning.
    fn acted(&mut self) -> Vec<(u64, Event)> {
        self.world.acts().iter().map(|act| (act.request, act.event)).collect()
    }
}

fn record(response: &Result<Response, Delivery>) -> Value {
    let response = response.as_ref().unwrap();
    assert_eq!(response.status, 200);
    serde_json::from_slice::<Value>(&response.body).unwrap()["micro_deposit"].clone()
}

#[test]
fn later_create_and_preinitiate() {
    let account = nexus_types::AccountNumber::new("333312345").unwrap();
    let routing = nexus_types::RoutingNumber::new("091000019").unwrap();
    let create = Create::new(person(), routing, account, nexus_types::AccountType::Checking).request();
    for (request, event) in [(create, Event::Created), (Preinitiate::new(person()).request(), Event::Preinitiated)] {
        let mut life = life();
        let later = Effect::Later { delay: MINUTE, status: Some(504) };
        assert_eq!(life.with_effect(&request, later).unwrap().status, 504);
        life.world.advance(MINUTE - Duration::from_millis(1));
        assert_eq!((life.world.created(), life.acted()), (0, vec![]));
        life.world.advance(MINUTE);
        assert_eq!((life.world.created(), life.acted()), (1, vec![(1, event)]));
        let list = life.get("GET", "/micro_deposits", "");
        assert_eq!(list["micro_deposits"][0]["micro_deposit"]["created_at"], "2026-01-05T09:01:00.000Z");
        assert_eq!(life.world.acts()[0].at, 1_767_603_660_000, "at its own time");
    }
}

#[test]
fn later_verify_is_carried_out_though_its_session_is_over() {
    let (mut life, guid) = deposited();
    let response = life.with_effect(&verify(&guid, 9), Effect::Later { delay: 60 * MINUTE, status: None });
    assert_eq!(response, Err(Delivery::Reset));
    life.world.advance(59 * MINUTE);
    assert_eq!(life.world.attempts(&guid), Some(0));
    life.world.expire_sessions();
    life.world.advance(MINUTE);
    assert_eq!(life.world.attempts(&guid), Some(1));
    assert_eq!(life.truth(guid.as_str()), "VERIFIED");
    assert_eq!(life.read(guid.as_str()), Err(401), "nobody else's request is carried out so");
    // Whose session was never one is nobody's, then as now.
    let (mut life, guid) = deposited();
    life.session = "none".to_owned();
    let response = life.with_effect(&verify(&guid, 9), Effect::Later { delay: MINUTE, status: Some(202) }).unwrap();
    assert_eq!((response.status, response.body.len()), (202, 0));
    life.world.advance(60 * MINUTE);
    assert_eq!(life.world.attempts(&guid), Some(0));
}

#[test]
fn later_keeps_the_order_of_due_times_and_a_reset_forgets() {
    let (mut life, guid) = deposited();
    for (minutes, cents) in [(3, 9), (1, 2), (2, 3)] {
        life.with_effect(&verify(&guid, cents), Effect::Later { delay: minutes * MINUTE, status: None }).unwrap_err();
    }
    life.world.advance(5 * MINUTE);
    let first = life.world.requests_received() - 2;
    let expected = [Event::AmountsWrong, Event::AmountsWrong, Event::AmountsRight];
    let expected: Vec<_> = [first + 1, first + 2, first].into_iter().zip(expected).collect();
    assert_eq!(life.acted()[1..], expected);
    let mut life = self::life();
    let later = Effect::Later { delay: MINUTE, status: None };
    life.with_effect(&Preinitiate::new(person()).request(), later).unwrap_err();
    life.world.reset();
    life.world.advance(MINUTE);
    assert_eq!(life.world.created(), 0);
    let now = Effect::Later { delay: Duration::ZERO, status: None };
    life.with_effect(&Preinitiate::new(person()).request(), now).unwrap_err();
    assert_eq!(life.world.created(), 1, "no delay at all");
}

#[test]
fn html_with_any_status() {
    for (status, acting) in [(200, true), (200, false), (502, true), (502, false)] {
        let (mut life, guid) = deposited();
        let response = life.with_effect(&verify(&guid, 9), Effect::Html { status, acting }).unwrap();
        assert_eq!(response.status, status);
        assert!(response.body.starts_with(b"<!DOCTYPE html>"));
        assert_eq!(life.world.attempts(&guid), Some(u8::from(acting)));
    }
}

#[test]
fn stale() {
    let (mut life, guid) = deposited();
    let before = life.read(guid.as_str()).unwrap();
    assert_eq!(record(&life.with_effect(&verify(&guid, 9), Effect::Stale)), before);
    assert_eq!(life.status(guid.as_str()), shown("VERIFIED"));
    // The response to a create holds the user's newest earlier record, if there is one.
    let response = record(&life.with_effect(&Preinitiate::new(person()).request(), Effect::Stale));
    assert_eq!(response, life.read(guid.as_str()).unwrap());
    assert_eq!(life.world.created(), 2);
    let mut life = self::life();
    let response = record(&life.with_effect(&Preinitiate::new(person()).request(), Effect::Stale));
    assert_eq!(response["status_name"], "PREINITIATED");
    // A read shows what was shown before it.
    let made = MicrodepositGuid::new(life.made("333312345")).unwrap();
    life.pass(120);
    let read = Read::new(made).request();
    assert_eq!(record(&life.with_effect(&read, Effect::Stale))["status_name"], "INITIATED");
    assert_eq!(record(&life.with_effect(&read, Effect::Stale))["status_name"], "DEPOSITED");
    // A refusal stays one.
    let refused = verify(&MicrodepositGuid::new(life.made("1")).unwrap(), 9);
    assert_eq!(life.with_effect(&refused, Effect::Stale).unwrap().status, 409);
    assert_eq!(life.with_effect(&refused, Effect::AnotherRecord).unwrap().status, 409);
    life.session = "none".to_owned();
    assert_eq!(life.with_effect(&read, Effect::Stale).unwrap().status, 401);
}

#[test]
fn another_record() {
    let (mut life, own) = deposited();
    let request = verify(&own, 2);
    let made_up = record(&life.with_effect(&request, Effect::AnotherRecord));
    assert_eq!(
        (&made_up["status_name"], &made_up["verified_at"]),
        (&json!("VERIFIED"), &json!("2021-09-01T18:29:06.000Z"))
    );
    assert_ne!(made_up["guid"], own.as_str());
    assert_eq!(life.read(made_up["guid"].as_str().unwrap()), Err(404));
    assert_eq!(life.world.attempts(&own), Some(1), "carried out");
    // An older one of the user, before a made-up one.
    let response = record(&life.with_effect(&Preinitiate::new(person()).request(), Effect::AnotherRecord));
    assert_eq!((&response["guid"], life.world.created()), (&json!(own.as_str()), 2));
    // Another user's, before that.
    let other = life.session_of("user-2");
    let (_, text) = life.ask_as(&other, "POST", "/micro_deposits", &creation("777").to_string());
    let theirs: Value = serde_json::from_str(&text).unwrap();
    for request in [request, Read::new(own).request(), Preinitiate::new(person()).request()] {
        let response = record(&life.with_effect(&request, Effect::AnotherRecord));
        assert_eq!(response["guid"], theirs["micro_deposit"]["guid"]);
    }
}

#[test]
fn duplicate() {
    for (response, expected) in [(Which::First, "INITIATED"), (Which::Second, "CONFLICTED")] {
        let mut life = life();
        life.world.add_fault(Fault::nth(Operation::Create, 1, Effect::Duplicate { response }));
        assert_eq!(life.create(&with_email("333312345", "a@example.com"))["status_name"], expected);
        assert_eq!(life.acted(), [(1, Event::Created), (1, Event::CreateConflicted)]);
        assert_eq!(life.world.requests_received(), 1);
    }
    for (response, expected) in [(Which::First, 200), (Which::Second, 409)] {
        let (mut life, guid) = deposited();
        let response = life.with_effect(&verify(&guid, 9), Effect::Duplicate { response }).unwrap();
        assert_eq!(response.status, expected);
        assert_eq!(life.world.attempts(&guid), Some(1), "nothing leaves VERIFIED");
        let (mut life, guid) = deposited();
        life.with_effect(&verify(&guid, 2), Effect::Duplicate { response: Which::First }).unwrap();
        assert_eq!(life.world.attempts(&guid), Some(2));
    }
}

#[test]
fn restart() {
    let (mut life, guid) = deposited();
    assert_eq!(life.with_effect(&verify(&guid, 9), Effect::Restart), Err(Delivery::Reset));
    assert_eq!(life.world.attempts(&guid), Some(0), "before acting");
    assert_eq!(life.read(guid.as_str()), Err(401), "the sessions are over");
}

#[test]
fn contradictory() {
    for (cents, number, name, other, other_name) in [(9, 3, "VERIFIED", 5, "DENIED"), (2, 5, "DENIED", 3, "VERIFIED")] {
        let text = |kind| {
            let (mut life, guid) = deposited();
            let response = life.with_effect(&verify(&guid, cents), Effect::Contradictory(kind)).unwrap();
            assert_eq!(life.status(guid.as_str()), shown(name), "only once");
            String::from_utf8(response.body.to_vec()).unwrap()
        };
        let tail = |status: &str, name: &str| format!(r#""status":{status},"status_name":"{name}","#);
        let named = text(Contradiction::Name);
        assert!(named.contains(&tail(&number.to_string(), other_name)), "{named}");
        let twice = text(Contradiction::Duplicate);
        assert!(twice.contains(&tail(&format!(r#"{number},"status":{other}"#), name)), "{twice}");
        let boolean = text(Contradiction::Boolean);
        assert!(boolean.contains(&tail("true", name)), "{boolean}");
    }
}

#[test]
fn acts_are_kept_only_where_they_are_wanted() {
    let mut life = Life::from(Options::default());
    life.made("333312345");
    assert_eq!(life.world.acts(), []);
    let mut life = self::life();
    life.get("GET", "/micro_deposits", "");
    let made = life.made("333312345");
    life.create(&creation("333312345"));
    life.pass(120);
    let received = life.world.requests_received();
    for cents in [[2, 2], [2, 2], [2, 2]] {
        life.verify(&made, cents).unwrap();
    }
    assert_eq!(life.verify(&made, [9, 9]), Err(409));
    life.get("GET", "/_sandbox/state", "");
    assert_eq!(life.world.requests_received(), received + 4, "the admin interface is not counted");
    let expected = [
        (2, Event::Created),
        (3, Event::CreateConflicted),
        (received + 1, Event::AmountsWrong),
        (received + 2, Event::AmountsWrong),
        (received + 3, Event::LockedOut),
    ];
    assert_eq!(life.acted(), expected);
    let acts = life.world.acts();
    assert!(acts[0].guid.as_str() == made && acts[1].guid != acts[0].guid && acts[4].guid == acts[0].guid);
    assert!(acts.is_sorted_by_key(|act| act.at));
    // What the admin interface does is nobody's request.
    let waiting = guid(&life.create(&creation("1")));
    life.pass(60);
    for event in ["landed", "amounts_right"] {
        life.event(&waiting, &json!({"event": event})).unwrap();
    }
    assert_eq!(life.acted().last(), Some(&(0, Event::AmountsRight)));
}

#[test]
fn an_act_that_is_judged_later_belongs_to_the_request_that_brought_it() {
    let mut options = Options::default();
    options.record_acts = true;
    options.policy.verification = nexus_sandbox::Verification::AfterSeconds(10);
    let mut life = Life::from(options);
    let made = life.made("333312345");
    life.pass(120);
    let first = life.world.requests_received() + 1;
    life.verify(&made, [2, 2]).unwrap();
    life.verify(&made, [9, 9]).unwrap();
    life.world.advance(Duration::from_secs(9));
    assert_eq!(life.acted().len(), 1);
    life.world.advance(Duration::from_secs(9));
    assert_eq!(life.acted()[1..], [(first, Event::AmountsWrong), (first + 1, Event::AmountsRight)]);
    let judged = life.world.now().unix_millis().unwrap() - 8000;
    assert!(life.world.acts()[1..].iter().all(|act| act.at == judged));
}
