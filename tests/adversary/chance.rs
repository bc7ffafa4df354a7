//! Random policies, faults and machine failures, one at a time.

use fastrand::Rng;
use nexus_types::Microdeposit;

use crate::life::{At, Fault, Life, Machine, On, Reading, Strike, Trouble};

pub fn harmless(dice: &mut Rng) -> Reading {
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

pub fn reading(dice: &mut Rng) -> Reading {
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

pub fn faults(life: &mut Life, dice: &mut Rng) {
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

pub fn strike(on: On, dice: &mut Rng) -> Strike {
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

pub fn trouble(life: &Life, dice: &mut Rng) -> Trouble {
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
