//! Random runs from seeds: several faults at once in every flow; and many clients at once with faults.
//!
//! `make chaos` for ten thousand runs; `NEXUS_RUNS` and `NEXUS_SEED` choose others.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

mod support;

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nexus_sandbox::{Contradiction, Effect, Fault, Options, Sandbox};
use nexus_types::{KnownStatus, MicrodepositGuid, Operation};
use support::{Checked, cents, create_of, in_parallel, limits, sso_with};

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// HTTP statuses that can come after the server has acted.
const UNPROVEN: [u16; 6] = [406, 408, 409, 410, 425, 499];

fn effect(chance: &mut fastrand::Rng) -> Effect {
    let acting = chance.bool();
    match chance.u8(0..16) {
        0 => Effect::Delay(Duration::from_millis(chance.u64(0..300))),
        1 => Effect::ResetBefore,
        2 => Effect::ResetAfter,
        3 => Effect::Cut(chance.usize(0..500)),
        4 => Effect::Status { status: chance.u16(500..=504), retry_after: None, acting },
        5 => Effect::Status { status: 429, retry_after: Some("0".into()), acting: false },
        // A refusal that means it, and one by something in between, which proves nothing.
        6 if acting => Effect::Status { status: UNPROVEN[chance.usize(0..UNPROVEN.len())], retry_after: None, acting },
        6 => Effect::Status { status: chance.u16(400..=499), retry_after: None, acting: false },
        7 => Effect::Truncated,
        8 => Effect::Garbage,
        9 => Effect::ContentType,
        10 => Effect::Slow(Duration::from_micros(chance.u64(0..400))),
        11 => Effect::ExpireSessions,
        12 => Effect::AnotherRecord,
        13 => Effect::Html { status: [200, 406, 502][chance.usize(0..3)], acting },
        14 => Effect::Contradictory([Contradiction::Name, Contradiction::Duplicate][usize::from(acting)]),
        _ => Effect::Empty401,
    }
}

#[test]
fn random_faults_break_no_promise() {
    let (runs, first) = (setting("NEXUS_RUNS", 150), setting("NEXUS_SEED", 1));
    let began = Instant::now();
    let (requests, faults, verified) = (AtomicUsize::new(0), AtomicU32::new(0), AtomicUsize::new(0));
    in_parallel(
        (first..first + runs).collect(),
        |seed| format!("NEXUS_SEED={seed} NEXUS_RUNS=1"),
        |seed| {
            let mut chance = fastrand::Rng::with_seed(*seed);
            let checked = Checked::seeded(*seed);
            checked.sandbox.with_world(|world| {
                for _ in 0..chance.usize(1..=4) {
                    world.add_fault(Fault::per_thousand(chance.u16(20..400), effect(&mut chance)));
                }
            });
            checked.story();
            checked.sandbox.with_world(|world| {
                requests.fetch_add(world.received().len(), Ordering::Relaxed);
                faults.fetch_add(world.fault_hits(), Ordering::Relaxed);
                let ended = world.statuses().first().copied().flatten() == Some(KnownStatus::Verified);
                verified.fetch_add(usize::from(ended), Ordering::Relaxed);
            });
        },
    );
    let (requests, faults) = (requests.into_inner(), faults.into_inner());
    println!(
        "{runs} runs from seed {first} in {:?}: {requests} requests, {faults} faults, {} verified all the same; no promise broken",
        began.elapsed(),
        verified.into_inner()
    );
    assert!(faults as usize > runs as usize && requests > runs as usize * 5, "the faults were there");
}

/// Two hundred at once may keep each other waiting.
fn patient() -> nexus_http::Limits {
    let mut limits = limits();
    (limits.call, limits.attempt, limits.connect) =
        (Duration::from_secs(60), Duration::from_secs(20), Duration::from_secs(20));
    limits
}

#[test]
fn a_crowd_with_faults_on_loses_nothing() {
    let mut options = Options::default();
    (options.policy.accounts_per_email, options.policy.requests) = (None, 1_000_000);
    let sandbox = Sandbox::start(options).expect("a sandbox");
    let client = sso_with(&sandbox, sandbox.url(), patient());
    // One microdeposit for all, and one for each.
    let shared = client.create(&create_of("333300000")).expect("a record").record.guid;
    sandbox.advance(Duration::from_secs(120));
    sandbox.with_world(|world| {
        world.add_fault(Fault::per_thousand(100, Effect::ResetBefore));
        world.add_fault(Fault::per_thousand(100, Effect::ResetAfter));
        world.add_fault(Fault::per_thousand(50, Effect::Status { status: 503, retry_after: None, acting: true }));
        world.add_fault(Fault::per_thousand(50, Effect::Truncated));
    });
    let (created, unknown, submitted) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let mut held = Vec::new();
    for round in 0..ROUNDS {
        crowd(&sandbox, &shared, round, &created, &unknown, &submitted);
        held.push(resident());
    }
    // What each round adds are two hundred records and a few pages; not what the connections took.
    let (first, last) = (held[0], held[ROUNDS - 1]);
    assert!(last < first + 48 * 1024, "memory grows: {held:?} KiB");
    let (created, unknown) = (created.into_inner(), unknown.into_inner());
    // Two hundred at once are what `verify` presumes not to be: whose submission an outcome was, nobody can tell. That there is
    // one for somebody, and never a fourth submission, can be told.
    assert!(submitted.into_inner() >= 1);
    sandbox.with_world(|world| {
        let records = world.created() - 1;
        assert!(created <= records && records <= created + unknown, "{created} <= {records} <= {created} + {unknown}");
        assert_eq!(world.attempts(&shared), Some(3), "three submissions, whosever they were");
        assert_eq!(world.status(&shared), Some(KnownStatus::Prevented));
        let creates = world.received().iter().filter(|operation| **operation == Some(Operation::Create)).count();
        assert!(creates >= records, "{creates} creates received");
    });
}

const CROWD: usize = 200;
const ROUNDS: usize = 2;

fn crowd(
    sandbox: &Sandbox,
    shared: &MicrodepositGuid,
    round: usize,
    created: &AtomicUsize,
    unknown: &AtomicUsize,
    submitted: &AtomicUsize,
) {
    std::thread::scope(|scope| {
        for number in 0..CROWD {
            let thread = std::thread::Builder::new().stack_size(512 * 1024);
            let one = thread.spawn_scoped(scope, move || {
                // A client of its own: two hundred connections, two hundred sessions.
                let client = sso_with(sandbox, sandbox.url(), patient());
                match client.create(&create_of(&format!("3333{round}{number:05}"))) {
                    Ok(_) => created.fetch_add(1, Ordering::Relaxed),
                    Err(error) => unknown.fetch_add(usize::from(error.outcome_unknown()), Ordering::Relaxed),
                };
                submitted.fetch_add(usize::from(client.verify(shared, cents(2), cents(2)).is_ok()), Ordering::Relaxed);
                let _ = client.list();
            });
            one.expect("a thread");
        }
    });
}

/// Resident memory in KiB; nothing where the system does not tell.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|rest| rest.split_whitespace().next()).and_then(|text| text.parse().ok()).unwrap_or(0)
}
