//! A life from a seed.

use fastrand::Rng;
use nexus_types::Microdeposit;

use crate::life::{Amounts, At, Call, Earlier, Fault, Life, Machine, On, Reading, Strike, Trouble, Was, What};

/// Draws a life. The low bits of the seed decide what kind of life it is, so that a few seeds have all of them.
pub fn draw(seed: u64) -> Life {
    let mut dice = Rng::with_seed(seed);
    let mut life = Life { seed, ..Life::default() };
    // One life in six is without any fault.
    let narrow = narrow(&mut life, &mut dice);
    let clean = !narrow && dice.u8(0..5) == 0;
    if !narrow {
        earlier(&mut life, &mut dice);
        calls(&mut life, &mut dice);
    }
    for _ in 0..[0, 1, 1, 2, 3][dice.usize(0..5)] {
        let reading = if clean { harmless(&mut dice) } else { reading(&mut dice) };
        life.readings.push(reading);
    }
    if clean {
        life.calls.iter_mut().for_each(|call| call.beside = false);
        return life;
    }
    for _ in 0..[0, 1, 1, 2, 3, 5][dice.usize(0..6)] {
        faults(&mut life, &mut dice);
    }
    // A server that contradicts itself in its only word for the status just lies.
    if dice.u8(0..24) == 0 {
        // Records that do not tell their type.
        life.readings.extend(["account_type", "account_type_name"].map(|field| Reading::Hidden(field.to_owned())));
    }
    let told_once =
        life.has(|one| matches!(one, Reading::Hidden(field) | Reading::Null(field) if field.starts_with("status")));
    life.faults.retain(|fault| !(told_once && matches!(fault.strike, Strike::Contradictory(_))));
    for _ in 0..[0, 0, 1, 1, 2][dice.usize(0..5)] {
        let trouble = trouble(&life, &mut dice);
        life.troubles.push(trouble);
    }
    // The wall clock is presumed not to be set while a process stands still.
    let still = life.troubles.iter().any(|trouble| matches!(trouble.what, Machine::Suspended(_)));
    life.troubles.retain(|trouble| !(still && matches!(trouble.what, Machine::ClockBack(_))));
    life
}

fn earlier(life: &mut Life, dice: &mut Rng) {
    for _ in 0..[0, 0, 1, 1, 2][dice.usize(0..5)] {
        let stage =
            [Was::New, Was::Bare, Was::Deposited, Was::Deposited, Was::Verified, Was::Prevented][dice.usize(0..6)];
        life.earlier.push(Earlier { account: dice.u8(0..4), stage, stranger: dice.u8(0..4) == 0 });
    }
}

/// One life in four is about what seldom comes together by chance. False: this one is not.
fn narrow(life: &mut Life, dice: &mut Rng) -> bool {
    let call = |what: What, after| Call { what, after, beside: false };
    let told = Earlier { account: 0, stage: Was::Deposited, stranger: false };
    let verify = |amounts, key| What::Verify { record: 0, amounts, wait: key % 2 == 0, key: Some(key) };
    let either = [Amounts::Right, Amounts::Wrong][dice.usize(0..2)];
    match dice.u8(0..12) {
        // A create is lost, and sent anew later, which fails in its turn.
        0 => {
            let create = What::Create { account: dice.u8(0..3), key: Some(0) };
            for after in [0, [75, 200, 400][dice.usize(0..3)], [0, 200][dice.usize(0..2)]] {
                life.calls.push(call(create.clone(), after));
            }
            let lost = [Strike::ResetBefore, Strike::ResetAfter, Strike::Redirect][dice.usize(0..3)].clone();
            let later = Strike::Later { millis: 100_000, status: None };
            life.faults.push(Fault { on: On::Create, nth: 1, strike: if dice.bool() { lost } else { later } });
            life.faults.push(Fault { on: On::Create, nth: 2, strike: strike(On::Create, dice) });
        }
        // Two keys answer at once for a microdeposit that is DENIED, and one of them is lost.
        1 => {
            life.earlier = vec![told];
            life.calls.push(call(verify(Amounts::Wrong, 0), 0));
            life.calls.push(call(verify(Amounts::Wrong, 1), 1));
            let last = verify(either, dice.u8(2..4));
            life.calls.push(Call { beside: true, ..call(last.clone(), 0) });
            if dice.bool() {
                // And its process is killed as the claim is made; another goes on.
                life.calls.push(call(last, 0));
                life.troubles.push(Trouble { call: 2, at: At::Claim, what: Machine::Killed { acted: true } });
            }
            let nth = dice.u32(3..=9);
            life.faults.push(Fault { on: On::Read, nth, strike: Strike::Delay([1000, 3000][dice.usize(0..2)]) });
            life.faults.push(Fault { on: On::Verify, nth: dice.u32(2..=3), strike: Strike::ResetBefore });
        }
        // One key's answer is lost, and is judged while another key's is under way.
        2 => {
            life.earlier = vec![told];
            life.calls.push(call(verify(Amounts::Wrong, 0), 0));
            life.calls.push(call(verify(either, dice.u8(1..3)), [100, 150, 200, 400][dice.usize(0..4)]));
            let millis = [150_000, 205_000, 410_000][dice.usize(0..3)];
            life.faults.push(Fault { on: On::Verify, nth: 1, strike: Strike::Later { millis, status: None } });
            life.faults.push(Fault { on: On::Verify, nth: 2, strike: strike(On::Verify, dice) });
        }
        _ => return false,
    }
    true
}

fn calls(life: &mut Life, dice: &mut Rng) {
    let told = life.earlier.iter().any(|one| one.stage == Was::Deposited && !one.stranger && one.account < 3);
    // Deposited already: the caller was told of it, and needs to make none.
    if !told || dice.bool() {
        let key = (dice.u8(0..5) < 3).then_some(0);
        let account = if dice.u8(0..16) == 0 { 3 } else { dice.u8(0..3) };
        let what = if dice.u8(0..6) == 0 { What::Preinitiate { key } } else { What::Create { account, key } };
        life.calls.push(Call { what: what.clone(), after: 0, beside: false });
        // The same again, perhaps by another process, perhaps at the same time; and the other account.
        for number in 1..=[0, 0, 1, 1, 2][dice.usize(0..5)] {
            let again = key.is_some() && dice.u8(0..3) > 0;
            let other = What::Create { account: (account + number) % 3, key: key.map(|_| number) };
            let beside = dice.u8(0..3) == 0;
            let after = if beside {
                [0, 0, 1, 30, 300, 1000][dice.usize(0..6)]
            } else {
                [0, 1, 75, 100, 200, 400][dice.usize(0..6)]
            };
            life.calls.push(Call { what: if again { what.clone() } else { other }, after, beside });
        }
        if account == 3 || dice.u8(0..3) == 0 {
            let (every, hours) = if account == 3 { (3 * 3600, 60) } else { ([0, 60, 60, 60][dice.usize(0..4)], 1) };
            life.calls.push(Call { what: What::Wait { record: 0, every, hours }, after: 0, beside: false });
        }
    }
    submissions(life, dice);
}

fn submissions(life: &mut Life, dice: &mut Rng) {
    let mut key = 0;
    for number in 0..dice.usize(1..=4) {
        let record = dice.u8(0..4) / 3;
        let amounts = [Amounts::Right, Amounts::Swapped, Amounts::Wrong, Amounts::Wrong][dice.usize(0..4)];
        let own = dice.bool().then_some(key);
        let what = What::Verify { record, amounts, wait: dice.bool(), key: own };
        let after = if number == 0 { 130 } else { [0, 1, 20, 70, 400][dice.usize(0..5)] };
        life.calls.push(Call { what: what.clone(), after, beside: false });
        if let (Some(_), 0) = (own, dice.u8(0..6)) {
            // Somebody else answers for the same microdeposit at the same time, under a key of their own.
            let amounts = [Amounts::Right, Amounts::Wrong][dice.usize(0..2)];
            let what = What::Verify { record, amounts, wait: dice.bool(), key: Some(key + 10) };
            life.calls.push(Call { what, after: [0, 0, 1, 3][dice.usize(0..4)], beside: true });
        } else if let (Some(_), 0) = (own, dice.u8(0..2)) {
            let beside = dice.u8(0..3) == 0;
            let after = [0, 1, 10, 25, 200, 400][dice.usize(0..6)];
            life.calls.push(Call { what, after, beside });
        }
        key += 1;
    }
}

fn harmless(dice: &mut Rng) -> Reading {
    match dice.u8(0..14) {
        0 => Reading::Deferred,
        1 => Reading::AfterSeconds(dice.u32(1..=10)),
        2 => Reading::WholeSeconds,
        3 => Reading::Invented,
        4 => Reading::Integers,
        5 => Reading::FlatList,
        6 => Reading::UpdatedByStatusOnly,
        7 => Reading::UpdatedNever,
        8 => Reading::UpdatedNull,
        9 => Reading::ReadsTouchAlways,
        10 => Reading::NoConflict,
        11 => Reading::Minutely,
        12 => Reading::OnRead,
        _ => Reading::Skew(dice.i32(-7200..7200)),
    }
}

fn reading(dice: &mut Rng) -> Reading {
    let field = |dice: &mut Rng| Microdeposit::FIELDS[dice.usize(0..Microdeposit::FIELDS.len())].to_owned();
    match dice.u8(0..32) {
        0..=4 => harmless(dice),
        5 | 6 => Reading::AfterSeconds(dice.u32(1..=60)),
        7 => Reading::Deferred,
        8 => Reading::ReadsTouchAlways,
        9 | 10 => Reading::ReadsTouchMinutely,
        11 => Reading::WholeSeconds,
        12..=14 => Reading::Hidden(field(dice)),
        15 => Reading::Null(field(dice)),
        16 | 17 => Reading::Masked,
        18 => [Reading::EmptyListNull, Reading::EmptyListMissing][dice.usize(0..2)].clone(),
        19 | 20 => Reading::ListLag([2, 10, 100, 400][dice.usize(0..4)]),
        21 => Reading::Pages { per: dice.u16(1..4), sign: dice.u8(0..4), ignored: dice.u8(0..4) == 0 },
        22 => Reading::ExactOrder,
        23 => Reading::WrongState([400, 403, 404, 422][dice.usize(0..4)]),
        24 => Reading::DeniedDays(1),
        25 => Reading::GivenSession,
        26 | 27 => Reading::AssumeNothing,
        28 | 29 => Reading::AssumeNot(dice.u8(2..=5)),
        30 => Reading::ShortCall(dice.u8(1..30)),
        _ => Reading::Production,
    }
}

fn faults(life: &mut Life, dice: &mut Rng) {
    let on = [
        On::Create,
        On::Create,
        On::Verify,
        On::Verify,
        On::Verify,
        On::Read,
        On::Read,
        On::List,
        On::List,
        On::Session,
        On::Token,
    ][dice.usize(0..11)];
    let few = matches!(on, On::Create | On::Verify | On::Session | On::Token);
    let nth = if few { dice.u32(1..=4) } else { dice.u32(1..=12) };
    let strike = strike(on, dice);
    // An outage lasts.
    let last = match on {
        On::Read | On::List if dice.u8(0..4) == 0 => nth + dice.u32(2..12),
        _ if strike == Strike::Empty401 => nth + dice.u32(0..4),
        _ => nth,
    };
    life.faults.extend((nth..=last).map(|nth| Fault { on, nth, strike: strike.clone() }));
}

fn strike(on: On, dice: &mut Rng) -> Strike {
    let acting = dice.u8(0..3) > 0;
    let status =
        |dice: &mut Rng| [400, 403, 404, 406, 408, 409, 413, 415, 422, 429, 500, 502, 503, 504][dice.usize(0..14)];
    let changes = matches!(on, On::Create | On::Verify);
    match dice.u8(0..24) {
        0 => Strike::Delay([100, 3000, 20_000, 40_000][dice.usize(0..4)]),
        1..=3 => Strike::ResetBefore,
        4 | 5 => Strike::ResetAfter,
        6 => Strike::Cut(dice.usize(0..300)),
        7 | 8 => {
            // 406, 409 and what a gateway says may come after acting; what counts as a refusal, only in some lives.
            let status = if acting && dice.u8(0..4) > 0 {
                [406, 408, 409, 500, 502, 503, 504][dice.usize(0..7)]
            } else {
                status(dice)
            };
            let retry_after = (dice.u8(0..4) == 0).then(|| ["0", "2", "40", "soon"][dice.usize(0..4)].to_owned());
            Strike::Status { status, acting, retry_after }
        }
        9 => Strike::Truncated,
        10 => Strike::Garbage,
        11 => Strike::WrongType,
        12 => Strike::Slow(dice.u64(0..120)),
        13 => Strike::Redirect,
        14 => Strike::ExpireSessions,
        15 => Strike::Empty401,
        16 | 17 if changes => {
            let millis = [500, 3000, 8000, 30_000, 100_000, 150_000, 600_000][dice.usize(0..7)];
            Strike::Later { millis, status: dice.bool().then(|| [500, 502, 504, 409, 406, 200, 403][dice.usize(0..7)]) }
        }
        18 => Strike::Html { status: [200, 500, 502, 403][dice.usize(0..4)], acting },
        19 => Strike::Stale,
        20 | 21 => Strike::AnotherRecord,
        22 if changes => Strike::Duplicate { second: dice.bool() },
        23 => Strike::Contradictory(dice.u8(0..3)),
        _ => Strike::Restart,
    }
}

fn trouble(life: &Life, dice: &mut Rng) -> Trouble {
    let call = dice.usize(0..life.calls.len().max(1));
    let at = match dice.u8(0..10) {
        0..=3 => At::Change,
        4 => At::Claim,
        5 => At::Settle,
        6 => At::Sleep,
        7 => At::Find,
        _ => At::Step(dice.u32(1..12)),
    };
    let acted = dice.bool();
    let what = match dice.u8(0..14) {
        0 | 1 => Machine::NotSent(dice.u8(0..4)),
        2 | 3 => Machine::MaybeSent { acted },
        4 => Machine::Forgotten { acted },
        5 | 6 => Machine::Cancelled { acted },
        7..=9 => Machine::Killed { acted },
        10 => Machine::JournalFails { acted },
        11 => Machine::ClockBack([10, 600, 7200][dice.usize(0..3)]),
        _ => Machine::Suspended([3, 100, 400, 3600][dice.usize(0..4)]),
    };
    Trouble { call, at, what }
}
