//! Flows driven event by event on a test clock.

use std::time::Duration;

use nexus_types::decide::budget::Budget;
use nexus_types::flow::{CallFlow, Event, Flow, Lost, Moment, Pause, Settings, Step, Until, WaitFlow};
use nexus_types::{
    Assumption, Assumptions, Create, Endpoint, Error, ErrorKind, Microdeposit, MicrodepositGuid, Response,
    TransportProblem, Verify,
};

use crate::asks::{cents, create_of};

/// What becomes of one read of a wait, retries included.
#[derive(Clone, Copy)]
enum Read {
    /// Nobody listens.
    Refused,
    /// A response of this HTTP status with an empty body.
    Status(u16),
    /// The record in this status.
    Record(u8),
}

impl Read {
    fn event(self) -> Event {
        match self {
            Read::Refused => Event::NotSent(Lost::new(TransportProblem::Connect)),
            Read::Status(status) => Event::Response(Response::new(status, Vec::new())),
            Read::Record(status) => {
                let body = format!(r#"{{"micro_deposit":{{"guid":"MIC-1","status":{status}}}}}"#);
                Event::Response(Response::new(200, body))
            }
        }
    }
}

/// How a wait of a day ends whose reads go so, and how many of them it made.
fn waited(reads: &[Read]) -> (Result<Microdeposit, Error>, usize) {
    let (mut at, mut budget, mut made) = (Moment::default(), Budget::default(), 1);
    let day = Duration::from_secs(86_400);
    let guid = MicrodepositGuid::new("MIC-1").unwrap();
    let mut flow = WaitFlow::new(guid, Until::Actionable, day, None, Settings::default(), at).unwrap();
    loop {
        let event = match flow.next(at, 0.5, &mut budget) {
            Step::Done(outcome) => return (outcome, made),
            Step::Send(_) => reads[made - 1].event(),
            Step::Sleep(sleep) => {
                made += usize::from(sleep.pause == Pause::Poll);
                at.elapsed = sleep.until;
                Event::Elapsed
            }
            step => panic!("a wait does not want {step:?}"),
        };
        flow.handle(at, event);
    }
}

const INITIATED: Read = Read::Record(0);
const DEPOSITED: Read = Read::Record(2);

#[test]
fn only_refusals_in_a_row_and_nothing_before_end_a_wait() {
    let (refused, away) = (Read::Status(403), Read::Refused);
    for reads in [
        &[away, away, refused, DEPOSITED] as &[Read],
        &[refused, refused, away, refused, DEPOSITED],
        &[refused, refused, Read::Status(503), refused, refused, DEPOSITED],
        &[INITIATED, refused, refused, refused, refused, DEPOSITED],
    ] {
        let (outcome, made) = waited(reads);
        assert_eq!((outcome.unwrap().status.name(), made), ("DEPOSITED", reads.len()));
    }
    let (outcome, made) = waited(&[refused, refused, refused, DEPOSITED]);
    assert_eq!((outcome.unwrap_err().kind(), made), (ErrorKind::Forbidden, 3));
}

#[test]
fn wait_reads_once_more_after_not_found() {
    let (missing, down) = (Read::Status(404), Read::Status(503));
    for reads in [
        &[INITIATED, missing, DEPOSITED] as &[Read],
        &[INITIATED, down, missing, DEPOSITED],
        &[INITIATED, missing, down, missing, DEPOSITED],
        &[INITIATED, missing, INITIATED, missing, DEPOSITED],
    ] {
        let (outcome, made) = waited(reads);
        assert_eq!((outcome.unwrap().status.name(), made), ("DEPOSITED", reads.len()));
    }
    for (reads, ends) in [(&[missing, DEPOSITED] as &[Read], 1), (&[INITIATED, down, missing, missing, DEPOSITED], 4)] {
        let (outcome, made) = waited(reads);
        assert_eq!((outcome.unwrap_err().kind(), made), (ErrorKind::NotFound, ends));
    }
}

/// How a call of this endpoint ends whose response has this HTTP status.
fn called<E: Endpoint>(endpoint: E, assumptions: Assumptions, status: u16) -> Error
where
    E::Output: std::fmt::Debug,
{
    let (at, mut budget) = (Moment::default(), Budget::default());
    let mut settings = Settings::default();
    settings.assumptions = assumptions;
    let mut flow = CallFlow::new(endpoint, settings, at);
    let Step::SendOnce(permit) = flow.next(at, 0.5, &mut budget) else { panic!("it is sent once") };
    drop(permit.spend());
    flow.handle(at, Event::Response(Response::new(status, Vec::new())));
    match flow.next(at, 0.5, &mut budget) {
        Step::Done(outcome) => outcome.unwrap_err(),
        step => panic!("it is over, and wants {step:?}"),
    }
}

#[test]
fn a_call_keeps_to_the_assumptions_that_it_was_given() {
    let verify = || Verify::new(MicrodepositGuid::new("MIC-1").unwrap(), cents(9), cents(9));
    let create: fn() -> Create = || create_of("333312345");
    for (assumptions, unknown, behind) in [
        (Assumptions::default(), false, Some(Assumption::RefusedBeforeActing)),
        (Assumptions::default().with_refusal(422, false), true, None),
        (Assumptions::NONE, true, None),
    ] {
        for error in [called(verify(), assumptions, 422), called(create(), assumptions, 422)] {
            assert_eq!((error.outcome_unknown(), error.assumption()), (unknown, behind), "{assumptions:?}");
        }
    }
}
