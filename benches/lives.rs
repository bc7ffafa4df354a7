//! Whole microdeposits in process, on virtual time: the cost for a program that tests a client against thousands of worlds.
//!
//! `cargo bench --bench lives`
//!
//! Each life is a world of its own: created in it, read, submitted to wrong and right, listed. The parts are measured by
//! themselves too, many calls to one measurement, so that the clock costs nothing.

#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::hint::black_box;
use std::time::Duration;

use nexus_sandbox::{Options, World};
use nexus_types::{
    AccountNumber, AccountType, Create, DepositAmount, Endpoint, List, MicrodepositGuid, Person, Read, Request,
    RoutingNumber, Verify,
};

/// Calls to one measurement.
const CALLS: u32 = 100;
const TWO_MINUTES: Duration = Duration::from_secs(120);

fn main() {
    let rounds = if support::short() { 3 } else { 301 };
    let create = create();
    part("World::new", rounds, || (), |()| drop(black_box(World::new(options(1)))));
    part("try_handle create", rounds, fresh, |life| life.ask(&create));
    part("try_handle read", rounds, || deposited(&create), |life| life.ask(&life.read.clone()));
    part("try_handle verify, wrong", rounds, || deposited(&create), |life| life.ask(&life.wrong.clone()));
    part("try_handle list of one", rounds, || deposited(&create), |life| life.ask(&List::new().request()));
    let mut seed = 0;
    let whole = support::median(
        (0..rounds)
            .map(|_| {
                support::timed(|| {
                    for _ in 0..CALLS {
                        seed += 1;
                        life(seed, &create);
                    }
                }) / CALLS
            })
            .collect(),
    );
    let each = 1.0 / whole.as_secs_f64().max(1e-12);
    println!("a whole life, a world and six requests: {whole:.2?}, {each:.0} a second (goal: 5000)");
}

/// What one call costs; each measurement has worlds of its own, made before it begins.
fn part<T>(what: &str, rounds: usize, make: impl Fn() -> T, work: impl Fn(&mut T)) {
    let one = || {
        let mut all: Vec<T> = (0..CALLS).map(|_| make()).collect();
        support::timed(|| all.iter_mut().for_each(&work)) / CALLS
    };
    let cost = support::median((0..rounds).map(|_| one()).collect());
    println!("{what}: {cost:.2?} (no goal)");
}

struct Life {
    world: World,
    token: String,
    read: Request,
    wrong: Request,
    right: Request,
}

impl Life {
    fn ask(&mut self, request: &Request) {
        let response = self.world.try_handle(request, &self.token).expect("a response");
        assert_eq!(black_box(response).status, 200);
    }
}

fn options(seed: u64) -> Options {
    let mut options = Options::default();
    (options.seed, options.record_acts) = (seed, true);
    options
}

fn begun(seed: u64) -> Life {
    let world = World::new(options(seed));
    let token = world.credentials().session_token.clone();
    // Of a record that is not there yet: the requests are made when it is.
    let guid = MicrodepositGuid::new("MIC-1").unwrap();
    let [read, wrong, right] = requests(&guid);
    Life { world, token, read, wrong, right }
}

fn fresh() -> Life {
    begun(1)
}

fn deposited(create: &Request) -> Life {
    let mut life = begun(1);
    live_until_deposited(&mut life, create);
    life
}

fn live_until_deposited(life: &mut Life, create: &Request) {
    life.ask(create);
    life.world.advance(TWO_MINUTES);
    let guid = life.world.acts()[0].guid.clone();
    [life.read, life.wrong, life.right] = requests(&guid);
}

/// To read, to submit wrong amounts, to submit right ones.
fn requests(guid: &MicrodepositGuid) -> [Request; 3] {
    let verify = |cents| {
        let amount = DepositAmount::from_cents(cents).unwrap();
        Verify::new(guid.clone(), amount, amount).request()
    };
    [Read::new(guid.clone()).request(), verify(2), verify(9)]
}

fn create() -> Request {
    let person = Person::new("Josh", "James", "example@example.com").unwrap();
    let (routing, account) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new("333312345").unwrap());
    Create::new(person, routing, account, AccountType::Checking).request()
}

fn life(seed: u64, create: &Request) {
    let mut life = begun(seed);
    live_until_deposited(&mut life, create);
    for request in [life.read.clone(), life.wrong.clone(), life.right.clone(), life.read.clone(), List::new().request()]
    {
        life.ask(&request);
    }
    assert_eq!(life.world.acts().len(), 3);
}
