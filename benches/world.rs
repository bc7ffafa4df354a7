//! The imitated server without a socket: a response costs the same among a thousand records and among a million.
//!
//! `cargo bench --bench world`
//!
//! Every record has an e-mail address and an account number of its own. Small and large are asked in turn, in many small
//! rounds; the small world is made anew for each, so that it stays small while records are created in it. Reads go to all
//! records, so the large world's are not in the processor's caches and the small one's are; that is the price of a million.
//! To see whether anything else grows, the same number of records is also read in both.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::hint::black_box;
use std::time::{Duration, Instant};

use nexus_http::Client;
use nexus_sandbox::{Call, Options, Sandbox, World};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, ErrorKind, Person, RoutingNumber, Status,
    UserId, Verdict,
};
use support::fill::{FEW, Filled, Guids, MANY, ask, get, login};
use support::process::resident;

const DAYS_21: Duration = Duration::from_secs(21 * 86_400);

fn main() {
    let short = support::short();
    let (small, large) = if short { (1_000, 10_000) } else { (1_000, 1_000_000) };
    let guids = Guids::room_for(large);
    let before = resident();
    let mut filled = Filled::new(guids);
    match (before, resident()) {
        (Some(before), Some(after)) => {
            let each = after.saturating_sub(before) as f64 / large as f64;
            println!("memory: {each:.0} bytes resident for each of {large} records (no goal)");
        }
        _ => println!("memory: this system does not tell"),
    }
    growth(&mut filled, small, large, if short { 5 } else { 200 });
    looks(&mut filled);
    let mut lives: Vec<f64> = (0..if short { 3 } else { 40 }).map(|_| life().as_secs_f64() * 1e3).collect();
    lives.sort_unstable_by(f64::total_cmp);
    let (middle, slowest) = (support::middle(lives.iter().copied()), lives.last().copied().unwrap_or_default());
    println!("a 21-day life through the client: {middle:.2} ms, slowest {slowest:.2} ms (goal: under 50 ms)");
}

/// Reading and creating in the large world over the same in the small one.
fn growth(filled: &mut Filled, small: usize, large: usize, rounds: usize) {
    const CALLS: usize = 100;
    let mut reads = Vec::new();
    let mut near = Vec::new();
    let mut creates = Vec::new();
    for round in 0..rounds {
        let mut fresh = Filled::new(Guids::room_for(small));
        let seed = round as u64;
        // Asked once beforehand, or the first to be asked would pay for whatever was in the caches.
        let times = |world: &mut Filled| {
            world.reads(CALLS, !seed, usize::MAX);
            let far = world.reads(CALLS, seed, usize::MAX);
            world.reads(small, seed, small);
            (far, world.creates(CALLS), world.reads(CALLS, seed, small))
        };
        let (of_large, of_small) = if round % 2 == 0 {
            let first = times(filled);
            (first, times(&mut fresh))
        } else {
            let first = times(&mut fresh);
            (times(filled), first)
        };
        reads.push((of_large.0, of_small.0));
        creates.push((of_large.1, of_small.1));
        near.push((of_large.2, of_small.2));
    }
    let goal = "goal: at most 1.50";
    let all = [("read", reads, goal), ("create", creates, goal), ("read of the same thousand", near, "no goal")];
    for (what, rounds, goal) in all {
        let one = |side: fn(&(Duration, Duration)) -> Duration| {
            support::median(rounds.iter().map(side).collect()) / CALLS as u32
        };
        let (of_large, of_small) = (one(|round| round.0), one(|round| round.1));
        let ratio = support::middle_ratio(rounds.iter().copied());
        println!(
            "{what}: {of_large:.2?} among {large} against {of_small:.2?} among {small}, ratio {ratio:.2} ({goal})"
        );
    }
}

/// What looks at one user's records, and at all; and what a jump of the clock costs.
fn looks(filled: &mut Filled) {
    let few = login(&mut filled.world, FEW);
    let list = get(&few, "/micro_deposits");
    let times = (0..101).map(|_| support::timed(|| drop(black_box(ask(&mut filled.world, &list))))).collect();
    println!("list of one user's 3 records: {:.2?} (no goal)", support::median(times));
    println!("GET /_sandbox/state: {:.2?} (no goal)", state(&mut filled.world));

    let advance = support::timed(|| filled.world.advance(DAYS_21));
    // The session is long over.
    filled.session = login(&mut filled.world, MANY);
    let path = filled.path(0);
    let start = Instant::now();
    let status = black_box(filled.world.respond(&get(&filled.session, &path))).status;
    let first = start.elapsed();
    assert_eq!(status, 404, "expired after 21 days");
    println!("advance by 21 days: {advance:.2?}, the first read after it: {first:.2?} (no goal)");
    let (all, again) = (state(&mut filled.world), state(&mut filled.world));
    println!("GET /_sandbox/state when 21 days are due for all: {all:.2?}, and again: {again:.2?} (no goal)");
}

fn state(world: &mut World) -> Duration {
    support::timed(|| drop(black_box(ask(world, &Call::new("GET", "/_sandbox/state")))))
}

/// Create, wait for the deposits, wrong, right; and one more, which expires. Over loopback; opens its sessions too.
fn life() -> Duration {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let start = Instant::now();
    let who = sandbox.credentials();
    let (id, user) = (ClientId::new(who.client_id.clone()).unwrap(), UserId::new(who.user_id.clone()).unwrap());
    let key = ApiKey::new(who.api_key.clone()).unwrap();
    let client = Client::builder(sandbox.url()).sso(id, user, key).build().expect("a client");
    let cents = |cents| DepositAmount::from_cents(cents).unwrap();
    let create = |number: &str| {
        let person = Person::new("Josh", "James", "example@example.com").unwrap();
        let (routing, account) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new(number).unwrap());
        client.create(&Create::new(person, routing, account, AccountType::Checking)).unwrap().record.guid
    };
    let made = create("333312345");
    // Not on a whole second: where times are whole seconds, a second submission waits for one more.
    sandbox.advance(Duration::from_millis(120_123));
    assert_eq!(client.read(&made).unwrap().status, Status::Deposited);
    assert_eq!(client.verify(&made, cents(2), cents(2)).unwrap().verdict, Verdict::Denied);
    assert_eq!(client.verify(&made, cents(9), cents(9)).unwrap().verdict, Verdict::Verified);
    let other = create("333354321");
    sandbox.advance(DAYS_21);
    assert_eq!(client.read(&other).unwrap_err().kind(), ErrorKind::NotFound, "expired");
    start.elapsed()
}
