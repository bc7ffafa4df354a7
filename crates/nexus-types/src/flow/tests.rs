//! Every flow under random events: the drawings match the transitions, nothing is sent twice, every flow ends in time.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::DepositAmount;
use crate::account::{AccountNumber, AccountType};
use crate::assumptions::Assumptions;
use crate::decide::creation::{Intention, Known};
use crate::decide::submission::Before;
use crate::endpoint::{ClientId, Create, Preinitiate, UserId, Verify};
use crate::error::{Error, StateProblem, TransportProblem};
use crate::guid::MicrodepositGuid;
use crate::operation::Operation;
use crate::person::Person;
use crate::routing::RoutingNumber;
use crate::status::KnownStatus;
use crate::wire::Response;

/// The moves between states that a flow has made.
#[derive(Default)]
pub(super) struct Trail(BTreeSet<(&'static str, &'static str)>);

impl Trail {
    pub(super) fn note(&mut self, from: &'static str, to: &'static str) {
        self.0.insert((from, to));
    }
}

/// The arrows in a module's drawing.
fn drawn(source: &str) -> BTreeSet<(String, String)> {
    let lines = source.lines().filter_map(|line| line.strip_prefix("//! "));
    let arrows = lines.filter_map(|line| line.split_once(" --> "));
    let word = |text: &str| text.split_whitespace().next().unwrap_or_default().to_owned();
    arrows.map(|(from, rest)| (word(from), word(rest))).collect()
}

/// Chance from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % sides
    }

    fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

const GUID: &str = "MIC-1";

fn guid(text: &str) -> MicrodepositGuid {
    MicrodepositGuid::new(text).unwrap()
}

fn verify() -> Verify {
    let cents = |cents| DepositAmount::from_cents(cents).unwrap();
    Verify::new(guid(GUID), cents(9), cents(8))
}

fn person() -> Person {
    Person::new("Josh", "James", "j@example.com").unwrap()
}

fn create() -> Intention {
    let (routing, number) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new("333312345").unwrap());
    Intention::Create(Create::new(person(), routing, number, AccountType::Checking))
}

fn record(dice: &mut Dice) -> String {
    // Often one that leads on, so that the last states are reached too.
    if dice.once_in(2) {
        return format!(r#"{{"guid":"{GUID}","status":2}}"#);
    }
    let guid = if dice.once_in(8) { "MIC-2" } else { GUID };
    // Mostly statuses that are not final.
    let status = if dice.once_in(3) { dice.roll(12) } else { [2, 5, 2, 5, 0, 3][dice.roll(6) as usize] };
    let millis = if dice.once_in(2) { "000" } else { "001" };
    let at = format!("2026-01-05T09:00:0{}.{millis}Z", dice.roll(3));
    let complete = r#","account_number":"333312345","routing_number":"091000019","account_type":1"#;
    let account = if dice.once_in(4) { "" } else { complete };
    format!(r#"{{"guid":"{guid}","status":{status},"updated_at":"{at}"{account}}}"#)
}

fn body(operation: Operation, dice: &mut Dice) -> String {
    match operation {
        Operation::List => {
            let records: Vec<String> = (0..dice.roll(3)).map(|_| record(dice)).collect();
            format!(r#"{{"micro_deposits":[{}]}}"#, records.join(","))
        }
        Operation::ApiToken => r#"{"api_token":{"token":"t"}}"#.to_owned(),
        Operation::OpenSession => r#"{"session":{"token":"s"}}"#.to_owned(),
        _ => record(dice),
    }
}

fn exchanged(operation: Operation, dice: &mut Dice) -> Event {
    let problem =
        [TransportProblem::Connect, TransportProblem::Timeout, TransportProblem::Io, TransportProblem::Cancelled];
    let lost = Lost::new(problem[dice.roll(4) as usize]);
    match dice.roll(12) {
        0 => Event::NotSent(lost),
        1 => Event::MaybeSent(lost),
        2 => Event::NoSession(Error::transport(TransportProblem::Connect, Operation::OpenSession)),
        3 => Event::Cancelled,
        4 | 5 => {
            let status = [400, 401, 403, 404, 409, 409, 409, 429, 500, 503, 302][dice.roll(11) as usize];
            let response = Response::new(status, Vec::new());
            Event::Response(if dice.once_in(2) { response.with_retry_after("1") } else { response })
        }
        6 => Event::Response(Response::new(200, "<html>")),
        _ => Event::Response(Response::new(200, body(operation, dice))),
    }
}

fn before(dice: &mut Dice) -> Before {
    let status = [Some(KnownStatus::Deposited), Some(KnownStatus::Denied), None][dice.roll(3) as usize];
    Before { status, updated_at: Some(0), steady: dice.once_in(2), earlier_open: dice.once_in(4) }
}

fn prior(subject: &Subject, at: Moment, dice: &mut Dice) -> Prior {
    let open = dice.once_in(3).then(|| at.unix + dice.roll(5) as i64 - 3);
    let until = at.unix + dice.roll(300) as i64 - 200;
    let past = match subject {
        Subject::Make(_) => Past::List(Known::default()),
        Subject::Verify(_) => Past::Record(before(dice)),
    };
    match dice.roll(6) {
        0 => Prior::Made(guid("MIC-1")),
        1 => Prior::Judged(Verdict::Denied, None),
        2 => Prior::Different,
        3 => {
            let accepted = PriorResponse::Accepted(at.unix - dice.roll(30) as i64);
            let response = [PriorResponse::None, accepted, accepted, PriorResponse::Contested][dice.roll(4) as usize];
            Prior::Pending { entry: Entry { until, past }, attempt: 7, response, taken: Vec::new() }
        }
        _ => Prior::Nothing { taken: Vec::new(), open },
    }
}

fn journaled(step: &JournalStep, at: Moment, dice: &mut Dice) -> Event {
    match (step, dice.roll(8)) {
        (_, 0) => Event::JournalFailed,
        (_, 1) => Event::Cancelled,
        (JournalStep::Find(find), _) => Event::Found(prior(&find.subject, at, dice)),
        (JournalStep::Claim(claim), 2) => Event::Found(prior(&claim.find.subject, at, dice)),
        (JournalStep::Claim(_), _) => Event::Claimed { attempt: 8 },
        (JournalStep::Settle(_), 2) => Event::Taken,
        (JournalStep::Settle(_), 3..5) => Event::JournalFailed,
        (JournalStep::Settle(_), _) => Event::Settled,
    }
}

fn unfit(dice: &mut Dice) -> Event {
    match dice.roll(5) {
        0 => Event::Response(Response::new(200, record(dice))),
        1 => Event::Claimed { attempt: 9 },
        2 => Event::Renewed,
        3 => Event::Settled,
        _ => Event::Elapsed,
    }
}

/// Drives one flow with random events to its end; `wild`: with events too that do not belong to the step.
fn live<F: Flow>(flow: &mut F, keyed: bool, end: Duration, wild: bool, dice: &mut Dice) {
    let mut at = Moment { elapsed: Duration::ZERO, unix: 1_767_603_600 };
    let mut budget = Budget::default();
    let (mut permits, mut allowed, mut claimed) = (0, 1, false);
    for _ in 0..10_000 {
        let chance = dice.roll(1000) as f64 / 1000.0;
        let mut operation = None;
        let event = match flow.next(at, chance, &mut budget) {
            Step::Done(_) => {
                assert!(at.elapsed <= end, "over in time: {:?}", at.elapsed);
                assert!(
                    matches!(flow.next(at, chance, &mut budget), Step::Sleep(sleep) if sleep.until == Duration::MAX)
                );
                return;
            }
            Step::Send(send) => {
                assert!(send.request.operation.repeatable());
                at.elapsed += send.timeout.mul_f64(chance);
                operation = Some(send.request.operation);
                exchanged(send.request.operation, dice)
            }
            Step::SendOnce(permit) => {
                let once = permit.spend();
                permits += 1;
                assert!(permits <= allowed, "sent {permits} times");
                assert!(!keyed || claimed, "not before the claim is durable");
                operation = Some(once.send.request.operation);
                at.elapsed += once.send.timeout.mul_f64(chance);
                exchanged(once.send.request.operation, dice)
            }
            Step::Sleep(sleep) => {
                assert!(sleep.until > at.elapsed, "a sleep has a length");
                if dice.once_in(8) {
                    Event::Cancelled
                } else {
                    at.elapsed = sleep.until;
                    Event::Elapsed
                }
            }
            Step::Renew(_) => match dice.roll(3) {
                0 => Event::NotRenewable,
                1 => Event::NoSession(Error::transport(TransportProblem::Connect, Operation::OpenSession)),
                _ => Event::Renewed,
            },
            Step::Journal(step) => journaled(&step, at, dice),
        };
        let refused = matches!(&event, Event::Response(response) if response.status == 401);
        if refused && operation.is_some_and(|operation| !operation.repeatable()) {
            allowed = permits + 1;
        }
        claimed |= matches!(event, Event::Claimed { .. });
        if wild && dice.once_in(4) {
            let event = unfit(dice);
            claimed |= matches!(event, Event::Claimed { .. });
            flow.handle(at, event);
        }
        // A driver that forgets to report.
        if !(wild && dice.once_in(10)) {
            flow.handle(at, event);
        }
    }
    panic!("no end in sight, in {}", flow.state());
}

fn settings(dice: &mut Dice) -> Settings {
    let assumptions = if dice.once_in(3) { Assumptions::NONE } else { Assumptions::default() };
    let call = Duration::from_secs([60, 60, 3, 30][dice.roll(4) as usize]);
    Settings { assumptions, call, ..Settings::default() }
}

const LIVES: u64 = 200_000;

fn compared(source: &str, seen: &Trail) {
    let seen: BTreeSet<(String, String)> = seen.0.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let drawn = drawn(source);
    let missing: Vec<_> = seen.difference(&drawn).collect();
    let idle: Vec<_> = drawn.difference(&seen).collect();
    assert!(missing.is_empty() && idle.is_empty(), "not drawn: {missing:?}; drawn and not seen: {idle:?}");
}

/// Many lives with fitting events for the drawing, and as many with any events for the promises.
fn lives<F: Flow>(source: &str, make: impl Fn(Settings, u64) -> (F, bool), trail: impl Fn(&F) -> &Trail) {
    let mut seen = Trail::default();
    for seed in 0..LIVES {
        let mut dice = Dice(seed);
        let settings = settings(&mut dice);
        let (mut flow, keyed) = make(settings, seed);
        let wild = seed % 2 == 1;
        live(&mut flow, keyed, settings.call, wild, &mut dice);
        if !wild {
            seen.0.extend(trail(&flow).0.iter().copied());
        }
    }
    compared(source, &seen);
}

#[test]
fn a_verify_is_what_is_drawn_and_goes_out_once() {
    let make = |settings, seed: u64| {
        let flow = VerifyFlow::new(verify(), settings, Moment { elapsed: Duration::ZERO, unix: 0 });
        let flow = flow.with_earlier_open(seed.is_multiple_of(5));
        let flow = if seed.is_multiple_of(3) { flow.waiting() } else { flow };
        let keyed = seed % 4 >= 2;
        (if keyed { flow.with_key("k") } else { flow }, keyed)
    };
    lives(include_str!("verify.rs"), make, |flow| &flow.trail);
}

#[test]
fn a_create_is_what_is_drawn_and_goes_out_once() {
    let make = |settings, seed: u64| {
        let intention = match seed % 5 {
            0 => Intention::Preinitiate(Preinitiate::new(person())),
            _ => create(),
        };
        let flow = CreateFlow::new(intention, settings, Moment::default());
        let keyed = seed % 4 >= 2;
        (if keyed { flow.with_key("k") } else { flow }, keyed)
    };
    lives(include_str!("create.rs"), make, |flow| &flow.trail);
}

#[test]
fn a_session_is_what_is_drawn() {
    let (client, user) = (ClientId::new("c").unwrap(), UserId::new("u").unwrap());
    let make = |settings, _| (SessionFlow::new(client.clone(), user.clone(), settings, Moment::default()), false);
    lives(include_str!("session.rs"), make, |flow| &flow.trail);
}

#[test]
fn a_wait_is_what_is_drawn() {
    let mut seen = Trail::default();
    for seed in 0..LIVES / 20 {
        let mut dice = Dice(seed);
        let (settings, timeout) = (settings(&mut dice), Duration::from_secs(dice.roll(300)));
        let until = if dice.once_in(2) { Until::Actionable } else { Until::Status(KnownStatus::Verified) };
        let at = Moment::default();
        let mut flow = WaitFlow::new(guid(GUID), until, timeout, None, settings, at).unwrap();
        live(&mut flow, false, timeout, seed % 2 == 1, &mut dice);
        seen.0.extend(flow.trail.0.iter().copied());
    }
    compared(include_str!("wait.rs"), &seen);
    let short = Some(Duration::from_nanos(1));
    let refused =
        WaitFlow::new(guid(GUID), Until::Actionable, Duration::ZERO, short, Settings::default(), Moment::default());
    assert_eq!(refused.err().unwrap().field(), Some("poll_every"));
}

#[test]
fn state_problems_of_flows_have_words() {
    for problem in [StateProblem::Journal, StateProblem::SubmissionOpen, StateProblem::Unsettled, StateProblem::Failed]
    {
        assert!(!problem.to_string().is_empty());
    }
}
