//! Tests of a flow behind its handle: the journal, panics and clocks.

use std::io;
use std::sync::atomic::{AtomicU32, Ordering};

use nexus_http::Claimed;
use nexus_types::decide::creation::Intention;
use nexus_types::flow::{Claim, CreateFlow, Find, Prior, Settle};
use nexus_types::{Person, Preinitiate, Response};

use super::*;

fn carried(machine: Box<dyn Machine>, journal: Option<Arc<dyn Journal>>) -> Carried {
    Carried {
        machine,
        operation: Operation::Verify,
        guid: MicrodepositGuid::new("MIC-1").ok(),
        budget: Arc::default(),
        at_stake: journal.is_some(),
        journal: journal.map(|journal| (journal, Scope::new("https://example.com", None), Duration::from_secs(1))),
        show: None,
        place: None,
        clock: Clock::default(),
        progress: Standing::UnderWay,
    }
}

/// A flow with a defect: it panics on an event.
struct Defect;

impl Machine for Defect {
    fn next(&mut self, _: Moment, _: f64, _: &mut Budget) -> Step<Result<Fruit, Error>> {
        Step::Renew(Duration::MAX)
    }

    fn handle(&mut self, _: Moment, _: Event) {
        panic!("333312345")
    }

    fn progress(&mut self) -> Option<Progress> {
        None
    }
}

#[test]
fn flow_ends_after_a_panic_with_unknown_outcome() {
    for at_stake in [false, true] {
        let mut flow = Carried { at_stake, ..carried(Box::new(Defect), None) };
        assert!(flow.next(1, 1, 0.5).is_some());
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| flow.handle(2, 2, Event::Elapsed)));
        assert!(result.is_err());
        flow.handle(3, 3, Event::Elapsed);
        assert!(flow.next(4, 4, 0.5).is_none());
        let error = flow.take(|_| true).err().expect("an error");
        assert_eq!(error.outcome_unknown(), at_stake);
        assert_eq!(error.guid().is_some(), at_stake);
        assert!(!error.to_string().contains("333312345"));
    }
}

/// A journal in memory that counts what is asked of it, or cannot be used.
#[derive(Default)]
struct Memory {
    asked: AtomicU32,
    claims: bool,
}

impl Journal for Memory {
    fn find(&self, _: &Find, _: &Scope, _: Instant) -> io::Result<Prior> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(Prior::Nothing { taken: Vec::new(), open: None })
    }

    fn claim(&self, _: &Claim, scope: &Scope, _: Instant) -> io::Result<Claimed> {
        self.asked.fetch_add(10, Ordering::Relaxed);
        assert_eq!(scope.environment, "https://example.com");
        if self.claims { Ok(Claimed::Attempt(1)) } else { Err(io::ErrorKind::StorageFull.into()) }
    }

    fn settle(&self, _: &Settle, _: &Scope, _: Instant) -> io::Result<bool> {
        self.asked.fetch_add(100, Ordering::Relaxed);
        Ok(true)
    }
}

fn response(body: &str) -> Event {
    Event::Response(Response::new(200, body.as_bytes()))
}

/// The journal is asked here: who carries a flow never sees its steps.
#[test]
fn a_key_is_claimed_before_its_request_is_handed_out_and_settled_after() {
    for claims in [true, false] {
        let person = Person::new("Josh", "James", "josh@example.com").expect("a person");
        let intention = Intention::Preinitiate(Preinitiate::new(person));
        let flow = CreateFlow::new(intention, Default::default(), Moment::default()).with_key("application 7");
        let journal = Arc::new(Memory { asked: AtomicU32::new(0), claims });
        let mut flow = carried(Box::new(Telling(flow, |_| None)), Some(journal.clone()));
        assert!(matches!(flow.next(5000, 1000, 0.5), Some(Step::Send(_))));
        assert_eq!(journal.asked.load(Ordering::Relaxed), 1);
        flow.handle(5001, 1000, response(r#"{"micro_deposits":[]}"#));
        let step = flow.next(5002, 1000, 0.5);
        assert_eq!(journal.asked.load(Ordering::Relaxed), 11);
        if !claims {
            assert!(step.is_none(), "what cannot be claimed is not sent");
            let error = flow.take(|_| true).err().expect("an error");
            assert_eq!((error.kind().name(), error.outcome_unknown()), ("journal_unusable", false));
            continue;
        }
        let Some(Step::SendOnce(permit)) = step else { panic!("{step:?}") };
        assert_eq!(permit.spend().not_after, Some(1005));
        flow.handle(
            5003,
            1000,
            response(r#"{"micro_deposit":{"guid":"MIC-1","status":9,"status_name":"PREINITIATED"}}"#),
        );
        assert!(flow.next(5004, 1000, 0.5).is_none());
        assert_eq!(journal.asked.load(Ordering::Relaxed), 111);
        assert!(matches!(flow.take(|_| true), Ok(Fruit::Created(_))));
    }
}

#[test]
fn the_clock_begins_anywhere_and_never_goes_back() {
    let mut clock = Clock::default();
    assert_eq!(clock.moment(7000, 1).elapsed, Duration::ZERO);
    assert_eq!(clock.moment(7500, 1).elapsed, Duration::from_millis(500));
    assert_eq!(clock.moment(1, 1).elapsed, Duration::from_millis(500));
    assert_eq!(clock.millis(Duration::from_secs(1), |time| time.as_millis()), 8000);
    assert_eq!(clock.millis(Duration::MAX, |time| time.as_millis()), u64::MAX);
}
