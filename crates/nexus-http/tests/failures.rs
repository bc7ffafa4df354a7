//! Every request of every flow fails once in every way, and the stream is cut after every byte. The sandbox counts: never more
//! submissions than calls of verify, never more records than calls of create.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::sync::atomic::Ordering;
use std::time::Duration;

use nexus_sandbox::{Contradiction, Effect, Fault, Options};
use nexus_types::{Endpoint, KnownStatus, Operation};
use support::proxy::{Proxy, Way};
use support::{Checked, by_token, create_of, in_parallel, sso, started};

fn effects() -> Vec<Effect> {
    let status = |status, acting| Effect::Status { status, retry_after: None, acting };
    let after = |text: &str| Effect::Status { status: 429, retry_after: Some(text.into()), acting: false };
    vec![
        Effect::Delay(Duration::from_millis(400)),
        Effect::ResetBefore,
        Effect::ResetAfter,
        Effect::Cut(0),
        Effect::Cut(40),
        status(500, false),
        status(500, true),
        status(503, true),
        status(404, false),
        status(406, true),
        status(408, true),
        status(409, true),
        status(410, true),
        status(425, true),
        Effect::Html { status: 502, acting: true },
        Effect::AnotherRecord,
        Effect::Contradictory(Contradiction::Name),
        Effect::Restart,
        after("0"),
        after("3600"),
        after("Sun, 06 Nov 1994 08:49:37 GMT"),
        Effect::Truncated,
        Effect::Garbage,
        Effect::ContentType,
        Effect::Slow(Duration::from_millis(5)),
        Effect::Redirect("http://127.0.0.1:9/elsewhere".into()),
        Effect::ExpireSessions,
        Effect::Empty401,
    ]
}

/// How many requests the story takes when nothing fails.
fn requests_of_the_story() -> u32 {
    let checked = Checked::new();
    checked.story();
    let received = checked.sandbox.with_world(|world| world.received());
    assert!(received.contains(&Some(Operation::Verify)) && received.len() > 12, "{received:?}");
    let statuses = checked.sandbox.with_world(|world| world.statuses());
    assert_eq!(statuses, [Some(KnownStatus::Verified), Some(KnownStatus::Preinitiated)], "without faults it goes well");
    u32::try_from(received.len()).unwrap()
}

#[test]
fn every_request_fails_in_every_way() {
    let requests = requests_of_the_story();
    let cases = (1..=requests + 2).flat_map(|n| effects().into_iter().map(move |effect| (n, effect))).collect();
    in_parallel(
        cases,
        |(n, effect)| format!("request {n}: {effect:?}"),
        |(n, effect)| {
            let checked = Checked::new();
            checked.sandbox.with_world(|world| world.add_fault(Fault::nth_of_all(*n, effect.clone())));
            checked.story();
            // One session at the beginning, one for the renewal in the middle, one for each 401 that was injected, and one
            // where the response to the opening itself was lost.
            let opened = checked.sandbox.with_world(|world| world.sessions_opened());
            assert!(opened <= 3, "{opened} sessions");
        },
    );
}

#[test]
fn what_fails_every_time_ends_every_call_in_time() {
    in_parallel(
        effects(),
        |effect| format!("always {effect:?}"),
        |effect| {
            let checked = Checked::new();
            checked.sandbox.with_world(|world| world.add_fault(Fault::always(effect.clone())));
            checked.story();
        },
    );
}

/// The whole story over a proxy that cuts once; gives the bytes that went each way.
fn story_cut_once(cut: Option<(Way, usize)>) -> [usize; 2] {
    let sandbox = started(&Options::default());
    let proxy = Proxy::start(sandbox.url(), cut);
    let client = sso(&sandbox, &proxy.url);
    Checked::with(sandbox, client).story();
    [&proxy.passed[0], &proxy.passed[1]].map(|passed| passed.load(Ordering::SeqCst))
}

/// Every flow, cut after every so-many-th byte; `make cuts` takes every one.
#[test]
fn the_story_is_cut_anywhere() {
    let stride = std::env::var("NEXUS_STRIDE").ok().and_then(|text| text.parse().ok()).unwrap_or(97);
    let lengths = story_cut_once(None);
    assert!(lengths.iter().all(|length| *length > 4000), "{lengths:?}");
    let ways = [(Way::ToServer, lengths[0]), (Way::ToClient, lengths[1])];
    let cases = ways.iter().flat_map(|(way, length)| (0..*length).step_by(stride).map(|bytes| (*way, bytes)));
    let cases: Vec<_> = cases.collect();
    println!("{} cuts of {lengths:?} bytes", cases.len());
    in_parallel(
        cases,
        |(way, bytes)| format!("story: {way:?} cut after {bytes}"),
        |(way, bytes)| {
            story_cut_once(Some((*way, *bytes)));
        },
    );
}

/// One flow over a proxy that cuts once; gives the bytes that went each way.
fn cut_once(flow: &str, cut: Option<(Way, usize)>) -> [usize; 2] {
    let sandbox = started(&Options::default());
    let proxy = Proxy::start(sandbox.url(), cut);
    let guid = (flow == "verify").then(|| {
        // Without a socket, so that only what is looked at can be late.
        let (create, token) = (create_of("333312345"), sandbox.credentials().session_token.clone());
        let made = sandbox.with_world(|world| create.parse(&world.handle(&create.request(), &token)));
        sandbox.advance(Duration::from_secs(120));
        made.expect("a record").guid
    });
    let client = by_token(&sandbox, &proxy.url);
    let checked = Checked::with(sandbox, client);
    match &guid {
        Some(guid) => drop(checked.verify(guid, 2)),
        None => drop(checked.create("333312345")),
    }
    [&proxy.passed[0], &proxy.passed[1]].map(|passed| passed.load(Ordering::SeqCst))
}

#[test]
fn the_stream_is_cut_after_every_byte() {
    let mut cases = Vec::new();
    for flow in ["verify", "create"] {
        let [to_server, to_client] = cut_once(flow, None);
        assert!(to_server > 400 && to_client > 400, "{to_server} {to_client}");
        cases.extend((0..to_server).map(|bytes| (flow, Way::ToServer, bytes)));
        cases.extend((0..to_client).map(|bytes| (flow, Way::ToClient, bytes)));
    }
    in_parallel(
        cases,
        |(flow, way, bytes)| format!("{flow}: {way:?} cut after {bytes}"),
        |(flow, way, bytes)| {
            cut_once(flow, Some((*way, *bytes)));
        },
    );
}
