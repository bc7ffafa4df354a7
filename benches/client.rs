//! `Client::read` over loopback with kept connections, against bare ureq and serde_json doing the same GET.
//!
//! `cargo bench --bench client`
//!
//! Both ask the same server of this process, which gives the same response to everything. One thread serves both: with a
//! thread each, it is chance which one shares the caller's core, and waking a thread on another core costs more than all
//! that is to be compared here. What counts is the processor's time in the calling thread; the rest of the time on the
//! clock is the server's and the system's. Many small rounds in turn, and the middle of their ratios.
//! All of it on one core: on two, the price of waking is in both and flatters the ratio.
//!
//! Then the same read by host name against the same read by address: a kept connection costs no lookup.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::hint::black_box;

use nexus_http::Client;
use nexus_types::{MEDIA_TYPE, MicrodepositGuid, SessionToken};
use support::plain;
use support::process::{Spent, one_core, spent, tell_cores, thread_cpu};

/// As `support::list_body` writes it.
const GUID: &str = "MIC-09ba578e-8448-4f7f-89e1-000000000000";

fn main() {
    tell_cores(one_core());
    let (rounds, calls) = if support::short() { (20, 50) } else { (800, 50) };
    let list = support::list_body(1);
    let record = list.strip_prefix(r#"{"micro_deposits":["#).and_then(|rest| rest.strip_suffix("]}"));
    let address = support::bare::server(MEDIA_TYPE, record.expect("one record"));
    // As long as the documented example.
    let token = "s".repeat(86);

    let client_of = |host: String| {
        let builder = Client::builder(format!("http://{host}:{}", address.port()));
        builder.session_token(SessionToken::new(token.clone()).expect("a token")).build().expect("a client")
    };
    let (client, by_name) = (client_of(address.ip().to_string()), client_of("localhost".to_owned()));
    let guid = MicrodepositGuid::new(GUID).expect("a guid");
    let ours = || drop(black_box(client.read(black_box(&guid)).expect("a record")));
    let named = || drop(black_box(by_name.read(black_box(&guid)).expect("a record")));

    let agent = bare_agent();
    let url = format!("http://{address}/micro_deposits/{GUID}");
    let yardstick = || drop(black_box(bare_read(&agent, black_box(&url), &token)));

    assert_eq!(client.read(&guid).expect("a record").guid.as_str(), bare_read(&agent, &url, &token).guid);
    let spent = in_turn(rounds, calls, ours, yardstick);
    println!("{} reads each, {} bytes of body", rounds * calls, record.map_or(0, str::len));
    tell("client read", calls, &spent, "at most 1.10");
    named();
    tell("client read by name against by address", calls, &in_turn(rounds, calls, named, ours), "at most 1.10");
}

/// By the processor's time, where the system tells it, and by the clock.
fn tell(what: &str, calls: usize, spent: &[(Spent, Spent)], goal: &str) {
    if thread_cpu().is_some() {
        report(&format!("{what}, processor"), calls, spent, |spent| spent.cpu, goal);
    } else {
        println!("{what}, processor: this system does not tell; the clock must do");
    }
    report(&format!("{what}, on the clock"), calls, spent, |spent| spent.wall, &format!("{goal}, noisy"));
}

fn bare_agent() -> ureq::Agent {
    let user_agent = concat!("nexus-http/", env!("CARGO_PKG_VERSION"));
    ureq::Agent::config_builder().http_status_as_error(false).user_agent(user_agent).build().into()
}

/// What anybody would write with ureq and serde.
fn bare_read(agent: &ureq::Agent, url: &str, token: &str) -> plain::Record {
    let request = agent.get(url).header("Accept", MEDIA_TYPE).header("MD-SESSION-TOKEN", token);
    let mut response = request.call().expect("a response");
    assert_eq!(response.status(), 200);
    let body = response.body_mut().read_to_vec().expect("a body");
    serde_json::from_slice::<plain::Wrapped>(&body).expect("readable").micro_deposit
}

/// Rounds of `calls` each; who begins changes, so that nobody always finds the caches that the other one left.
fn in_turn(rounds: usize, calls: usize, ours: impl Fn(), yardstick: impl Fn()) -> Vec<(Spent, Spent)> {
    let many = |work: &dyn Fn()| spent(|| (0..calls).for_each(|_| work()));
    (0..rounds)
        .map(|round| {
            if round % 2 == 0 {
                let first = many(&ours);
                (first, many(&yardstick))
            } else {
                let first = many(&yardstick);
                (many(&ours), first)
            }
        })
        .collect()
}

/// Times of one call and the middle ratio.
fn report(what: &str, calls: usize, rounds: &[(Spent, Spent)], of: impl Fn(&Spent) -> std::time::Duration, goal: &str) {
    let one = |side: &dyn Fn(&(Spent, Spent)) -> Spent| {
        support::median(rounds.iter().map(|round| of(&side(round))).collect()) / u32::try_from(calls).unwrap_or(1)
    };
    let (ours, yardstick) = (one(&|round| round.0), one(&|round| round.1));
    let ratio = support::middle_ratio(rounds.iter().map(|(ours, yardstick)| (of(ours), of(yardstick))));
    println!("{what}: {ours:.2?} against {yardstick:.2?} a call, ratio {ratio:.2} (goal: {goal})");
}
