//! How many requests one call sends at most: the table of `docs/guide/concepts.md`, against flows that meet everything at once.

use std::time::Duration;

use nexus_types::decide::budget::Budget;
use nexus_types::decide::creation::{Intention, Known};
use nexus_types::flow::{
    CallFlow, CreateFlow, Entry, Event, Flow, JournalStep, Lost, Moment, Past, Prior, PriorResponse, Settings, Step,
    VerifyFlow,
};
use nexus_types::{Method, MicrodepositGuid, Read, Response, TransportProblem, Verify};

use crate::asks::{cents, create_of};

const LIST: &str = r#"{"micro_deposits":[]}"#;
const DENIED: &str =
    r#"{"micro_deposit":{"guid":"MIC-1","status":5,"updated_at":"2026-01-05T09:00:00.123Z","verified_at":null}}"#;

const MADE: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":0,"account_number":"333312345"}}"#;
const VERIFIED: &str = r#"{"micro_deposit":{"guid":"MIC-1","status":3}}"#;

/// A server on which nothing works at first.
struct Worst {
    /// Whether every request is refused with a 401 before it is taken with a new session, and every read fails as often as the
    /// retries last.
    failing: bool,
    read: &'static str,
    prior: Option<Prior>,
}

impl Worst {
    /// How many requests a call of this flow sends. No response takes time, so that the pauses alone limit the reads.
    fn requests<F: Flow>(mut self, mut flow: F) -> u32 {
        let mut at = Moment { elapsed: Duration::from_secs(1), unix: 1_767_603_600 };
        let (mut budget, mut refused, mut tries, mut attempt) = (Budget::default(), false, 0, 0);
        loop {
            let event = match flow.next(at, 0.0, &mut budget) {
                Step::Done(_) => return flow.requests_sent(),
                Step::Send(_) | Step::SendOnce(_) if self.failing && !refused => {
                    refused = true;
                    Event::Response(Response::new(401, ""))
                }
                Step::Send(send) => {
                    assert_eq!(send.request.method, Method::Get);
                    tries += 1;
                    let mut left = budget;
                    if self.failing && tries < Settings::default().retry.attempts && left.take() {
                        Event::Response(Response::new(503, ""))
                    } else {
                        (refused, tries) = (false, 0);
                        Event::Response(Response::new(200, self.read))
                    }
                }
                Step::SendOnce(permit) => {
                    drop(permit.spend());
                    refused = false;
                    match self.failing {
                        true => Event::MaybeSent(Lost::new(TransportProblem::Io)),
                        false => Event::Response(Response::new(200, if self.read == LIST { MADE } else { VERIFIED })),
                    }
                }
                Step::Renew(_) => Event::Renewed,
                Step::Sleep(sleep) => {
                    at.unix += i64::try_from((sleep.until - at.elapsed).as_secs()).unwrap();
                    at.elapsed = sleep.until;
                    Event::Elapsed
                }
                Step::Journal(JournalStep::Find(_)) => Event::Found(self.prior.take().unwrap()),
                Step::Journal(JournalStep::Claim(_)) => {
                    attempt += 1;
                    Event::Claimed { attempt }
                }
                Step::Journal(JournalStep::Settle(_)) => Event::Settled,
            };
            flow.handle(at, event);
        }
    }
}

fn nothing() -> Option<Prior> {
    Some(Prior::Nothing { taken: Vec::new(), open: None })
}

/// An earlier attempt on which no server can act any more.
fn over() -> Option<Prior> {
    let entry = Entry { until: 0, past: Past::List(Known::default()) };
    Some(Prior::Pending { entry, attempt: 1, response: PriorResponse::None, taken: Vec::new() })
}

/// The rows of the table: the call, how many requests without a failure, and how many at most.
fn documented() -> Vec<(String, u32, u32)> {
    let page = include_str!("../../../../docs/guide/concepts.md");
    let table = page.split("| Call | Requests | At most |\n").nth(1).expect("the table of requests");
    let row = |line: &str| {
        let cells: Vec<&str> = line.strip_prefix("| ")?.trim_end_matches(" |").split(" | ").collect();
        Some((cells[0].to_owned(), cells[1].parse().ok()?, cells[2].parse().ok()?))
    };
    table.lines().skip(1).map_while(row).collect()
}

#[test]
fn one_call_sends_as_many_requests_as_the_guide_says_and_no_more() {
    let settings = Settings::default();
    let at = Moment { elapsed: Duration::from_secs(1), unix: 1_767_603_600 };
    let guid = || MicrodepositGuid::new("MIC-1").unwrap();
    let verify = || VerifyFlow::new(Verify::new(guid(), cents(1), cents(2)), settings, at);
    let create = || CreateFlow::new(Intention::Create(create_of("333312345")), settings, at);
    let of = |failing, read, prior| Worst { failing, read, prior };
    let both = |count: &dyn Fn(bool) -> u32| (count(false), count(true));
    let counts = [
        ("`read`", both(&|failing| of(failing, DENIED, None).requests(CallFlow::new(Read::new(guid()), settings, at)))),
        ("`verify`, after DENIED", both(&|failing| of(failing, DENIED, None).requests(verify()))),
        (
            "`verify` under a key, after DENIED",
            both(&|failing| of(failing, DENIED, nothing()).requests(verify().with_key("k"))),
        ),
        ("`create`", both(&|failing| of(failing, LIST, None).requests(create()))),
        ("`create` under a new key", both(&|failing| of(failing, LIST, nothing()).requests(create().with_key("k")))),
        ("`create` that continues under its key", {
            both(&|failing| of(failing, LIST, over()).requests(create().with_key("k")))
        }),
    ];
    let counts: Vec<(String, u32, u32)> =
        counts.into_iter().map(|(call, (usual, most))| (call.to_owned(), usual, most)).collect();
    assert_eq!(documented(), counts, "docs/guide/concepts.md, against the flows");
}
