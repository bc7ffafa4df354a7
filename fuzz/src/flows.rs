//! Fuzz targets for the flows: with any events, a flow never panics, never sends twice, and ends.

use std::time::Duration;

use nexus_types::decide::budget::Budget;
use nexus_types::decide::creation::{Intention, Known};
use nexus_types::decide::submission::Before;
use nexus_types::flow::{
    CreateFlow, Entry, Event, Flow, ListFlow, Lost, Moment, Past, Prior, PriorResponse, SessionFlow, Settings, Step,
    Until, VerifyFlow, WaitFlow,
};
use nexus_types::{
    AccountNumber, AccountType, Assumptions, ClientId, Create, DepositAmount, Error, KnownStatus, MicrodepositGuid,
    Operation, Person, Preinitiate, Response, RoutingNumber, TransportProblem, UserId, Verdict, Verify,
};

/// The first byte chooses the flow and how it is made, each later one an event; `{` begins a body of a response, which goes to
/// the end of its line.
pub fn flows(data: &[u8]) {
    let Some((choice, events)) = data.split_first() else { return };
    let mut settings = Settings::default();
    if choice & 0x80 != 0 {
        settings.assumptions = Assumptions::NONE;
    }
    let (keyed, at) = (choice & 0x40 != 0, Moment::default());
    let person = || Person::new("Josh", "James", "j@example.com").expect("a person");
    let guid = MicrodepositGuid::new("MIC-1").expect("a guid");
    match choice & 0x07 {
        0 | 1 => {
            let cents = |cents| DepositAmount::from_cents(cents).expect("an amount");
            let flow = VerifyFlow::new(Verify::new(guid, cents(9), cents(8)), settings, at);
            let flow = if choice & 1 != 0 { flow.waiting() } else { flow };
            live(if keyed { flow.with_key("key") } else { flow }, keyed, events);
        }
        2 => {
            let number = AccountNumber::new("333312345").expect("a number");
            let routing = RoutingNumber::new("091000019").expect("a number");
            let create = Create::new(person(), routing, number, AccountType::Checking);
            let flow = CreateFlow::new(Intention::Create(create), settings, at);
            live(if keyed { flow.with_key("key") } else { flow }, keyed, events);
        }
        3 => {
            let flow = CreateFlow::new(Intention::Preinitiate(Preinitiate::new(person())), settings, at);
            live(if keyed { flow.with_key("key") } else { flow }, keyed, events);
        }
        4 => {
            let day = Duration::from_secs(86_400);
            let flow = WaitFlow::new(guid, Until::Status(KnownStatus::Verified), day, None, settings, at);
            live(flow.expect("a wait"), false, events);
        }
        5 => live(ListFlow::new(settings, at), false, events),
        _ => {
            let (client, user) = (ClientId::new("c").expect("an id"), UserId::new("u").expect("an id"));
            live(SessionFlow::new(client, user, settings, at), false, events);
        }
    }
}

fn live<F: Flow>(mut flow: F, keyed: bool, mut events: &[u8]) {
    let (mut at, mut budget) = (Moment { elapsed: Duration::ZERO, unix: 1_767_603_600 }, Budget::default());
    let (mut permits, mut allowed, mut claimed) = (0u32, 1u32, false);
    while let Some((byte, rest)) = events.split_first() {
        events = rest;
        let mut once = false;
        match flow.next(at, f64::from(*byte) / 256.0, &mut budget) {
            Step::Done(_) => {
                assert!(matches!(flow.next(at, 0.0, &mut budget), Step::Sleep(_)), "done comes once");
                return;
            }
            Step::SendOnce(permit) => {
                once = true;
                permits += 1;
                let sent = permit.spend();
                assert!(permits <= allowed, "sent {permits} times");
                assert!(!keyed || claimed, "sent before the claim was durable");
                assert!(!sent.send.request.operation.repeatable());
                assert!(!format!("{sent:?}").contains("333312345"));
            }
            Step::Send(send) => assert!(send.request.operation.repeatable()),
            Step::Sleep(sleep) => assert!(sleep.until > at.elapsed),
            Step::Renew(_) | Step::Journal(_) => {}
        }
        let event = if *byte == b'{' {
            let end = events.iter().position(|byte| *byte == b'\n').unwrap_or(events.len());
            let (body, rest) = events.split_at(end);
            events = rest;
            Event::Response(Response::new(200, [b"{", body].concat()))
        } else {
            event(*byte, at)
        };
        claimed |= matches!(event, Event::Claimed { .. });
        if once && matches!(&event, Event::Response(response) if response.status == 401) {
            allowed = permits + 1;
        }
        at.elapsed += Duration::from_millis(u64::from(*byte) * 40);
        at.unix += i64::from(*byte) / 16 - 2;
        flow.handle(at, event);
    }
}

fn event(byte: u8, at: Moment) -> Event {
    let problems =
        [TransportProblem::Connect, TransportProblem::Timeout, TransportProblem::Io, TransportProblem::Cancelled];
    let lost = Lost::new(problems[usize::from(byte >> 6)]);
    let guid = || MicrodepositGuid::new("MIC-1").expect("a guid");
    let entry = |past| Entry { until: at.unix + i64::from(byte) - 128, past };
    let pending = |past, response| Prior::Pending { entry: entry(past), attempt: 7, response, taken: Vec::new() };
    let accepted = PriorResponse::Accepted(at.unix);
    let response = [PriorResponse::None, accepted, accepted, PriorResponse::Contested][usize::from(byte >> 6)];
    match byte & 0x3f {
        0 => Event::NotSent(lost),
        1 => Event::MaybeSent(lost),
        2 => Event::NoSession(Error::transport(lost.problem, Operation::OpenSession)),
        3 => Event::Elapsed,
        4 => Event::Cancelled,
        5 => Event::NotRenewable,
        6 => Event::Renewed,
        7 => Event::Found(Prior::Nothing { taken: Vec::new(), open: (byte > 64).then_some(at.unix + 3) }),
        8 => Event::Found(pending(Past::List(Known::default()), response)),
        9 => Event::Found(pending(Past::Record(Before::default()), response)),
        10 => Event::Found(Prior::Made(guid())),
        11 => Event::Found(Prior::Judged(Verdict::Denied, None)),
        12 => Event::Found(Prior::Different),
        13 => Event::Claimed { attempt: 8 },
        14 => Event::Settled,
        15 => Event::Taken,
        16 => Event::JournalFailed,
        status => {
            let status =
                [200, 204, 302, 400, 401, 401, 403, 404, 406, 408, 409, 429, 500, 503][usize::from(status % 14)];
            let response = Response::new(status, "");
            Event::Response(if byte & 0x80 != 0 { response.with_retry_after("7") } else { response })
        }
    }
}
