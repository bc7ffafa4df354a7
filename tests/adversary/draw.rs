//! Draws a test run (a life) from a seed.

use fastrand::Rng;

use crate::chance::{faults, harmless, reading, strike, trouble};
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
    let contradicts_hidden =
        life.has(|one| matches!(one, Reading::Hidden(field) | Reading::Null(field) if field.starts_with("status")));
    life.faults.retain(|fault| !(contradicts_hidden && matches!(fault.strike, Strike::Contradictory(_))));
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
        let was =
            [Was::New, Was::Bare, Was::Deposited, Was::Deposited, Was::Verified, Was::Prevented][dice.usize(0..6)];
        life.earlier.push(Earlier { account: dice.u8(0..4), was, stranger: dice.u8(0..4) == 0 });
    }
}

/// One life in four is about what seldom comes together by chance. False: this one is not.
fn narrow(life: &mut Life, dice: &mut Rng) -> bool {
    let call = |what: What, after| Call { what, after, beside: false };
    let deposited = Earlier { account: 0, was: Was::Deposited, stranger: false };
    let verify = |amounts, key| What::Verify { record: 0, amounts, wait: key % 2 == 0, key: Some(key) };
    let either = [Amounts::Right, Amounts::Wrong][dice.usize(0..2)];
    match dice.u8(0..14) {
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
        // Two keys submit at once for a microdeposit that is DENIED, and one of them is lost.
        1 => {
            life.earlier = vec![deposited];
            life.calls.push(call(verify(Amounts::Wrong, 0), 0));
            life.calls.push(call(verify(Amounts::Wrong, 1), 1));
            let last = verify(either, dice.u8(2..4));
            life.calls.push(Call { beside: true, ..call(last.clone(), 0) });
            if dice.bool() {
                // And its process is killed as the claim is made; another one continues.
                life.calls.push(call(last, 0));
                life.troubles.push(Trouble { call: 2, at: At::Claim, what: Machine::Killed { acted: true } });
            }
            let nth = dice.u32(3..=9);
            life.faults.push(Fault { on: On::Read, nth, strike: Strike::Delay([1000, 3000][dice.usize(0..2)]) });
            life.faults.push(Fault { on: On::Verify, nth: dice.u32(2..=3), strike: Strike::ResetBefore });
        }
        // One key's submission is lost, and is judged while another key's is under way.
        2 => {
            life.earlier = vec![deposited];
            life.calls.push(call(verify(Amounts::Wrong, 0), 0));
            let second = verify(either, dice.u8(1..3));
            life.calls.push(call(second.clone(), [100, 150, 200, 400][dice.usize(0..4)]));
            if dice.bool() {
                // And the second one's process is killed; another one continues.
                life.calls.push(call(second, [0, 75, 200][dice.usize(0..3)]));
                let at = if dice.bool() { At::Change } else { At::Step(dice.u32(4..12)) };
                life.troubles.push(Trouble { call: 1, at, what: Machine::Killed { acted: dice.bool() } });
            }
            let millis = [150_000, 205_000, 410_000][dice.usize(0..3)];
            life.faults.push(Fault { on: On::Verify, nth: 1, strike: Strike::Later { millis, status: None } });
            life.faults.push(Fault { on: On::Verify, nth: 2, strike: strike(On::Verify, dice) });
        }
        // A server judges late, though in time, and the response to a read of it is late too.
        3 => {
            life.earlier = vec![deposited];
            life.readings.push(Reading::AfterSeconds(dice.u32(8..=17)));
            life.calls.push(call(What::Verify { record: 0, amounts: Amounts::Wrong, wait: true, key: None }, 0));
            life.calls.push(call(What::Verify { record: 0, amounts: either, wait: true, key: None }, 1));
            life.faults.push(Fault { on: On::Read, nth: dice.u32(6..=16), strike: Strike::Delay(20_000) });
        }
        // A 409, after which the process is killed; another one continues under the key.
        4 => {
            life.earlier = vec![deposited];
            let (on, what) = match dice.bool() {
                true => (On::Create, What::Create { account: 1, key: Some(0) }),
                false => (On::Verify, verify(either, 0)),
            };
            for after in [0, [0, 75, 200][dice.usize(0..3)]] {
                life.calls.push(call(what.clone(), after));
            }
            let strike = Strike::Status { status: 409, acting: dice.bool(), retry_after: None };
            life.faults.push(Fault { on, nth: 1, strike });
            let at = At::Step(dice.u32(4..12));
            life.troubles.push(Trouble { call: 0, at, what: Machine::Killed { acted: dice.bool() } });
        }
        // Two keys submit for a microdeposit that is DENIED: one is judged while the other's last read is on its way, and the
        // other is judged later still.
        5 => {
            life.earlier = vec![deposited];
            life.readings.push(Reading::AfterSeconds(dice.u32(1..=4)));
            life.calls.push(call(verify(Amounts::Wrong, 0), 0));
            life.calls.push(call(verify(Amounts::Wrong, 2), 1));
            life.calls.push(Call { beside: true, ..call(verify(either, dice.u8(3..5)), dice.u32(0..=4)) });
            let strike = Strike::Delay([3000, 8000][dice.usize(0..2)]);
            life.faults.push(Fault { on: On::Read, nth: dice.u32(3..=14), strike });
        }
        _ => return false,
    }
    true
}

fn calls(life: &mut Life, dice: &mut Rng) {
    let deposited = life.earlier.iter().any(|one| one.was == Was::Deposited && !one.stranger && one.account < 3);
    // The caller has the guid of an earlier record that is DEPOSITED, and need not create one.
    if !deposited || dice.bool() {
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
    for key in 0..dice.u8(1..=4) {
        let record = dice.u8(0..4) / 3;
        let amounts = [Amounts::Right, Amounts::Swapped, Amounts::Wrong, Amounts::Wrong][dice.usize(0..4)];
        let own = dice.bool().then_some(key);
        let what = What::Verify { record, amounts, wait: dice.bool(), key: own };
        let after = if key == 0 { 130 } else { [0, 1, 20, 70, 400][dice.usize(0..5)] };
        life.calls.push(Call { what: what.clone(), after, beside: false });
        if let (Some(_), 0) = (own, dice.u8(0..6)) {
            // Another call submits for the same microdeposit at the same time, under its own key.
            let amounts = [Amounts::Right, Amounts::Wrong][dice.usize(0..2)];
            let what = What::Verify { record, amounts, wait: dice.bool(), key: Some(key + 10) };
            life.calls.push(Call { what, after: [0, 0, 1, 3][dice.usize(0..4)], beside: true });
        } else if let (Some(_), 0) = (own, dice.u8(0..2)) {
            let beside = dice.u8(0..3) == 0;
            let after = [0, 1, 10, 25, 200, 400][dice.usize(0..6)];
            life.calls.push(Call { what, after, beside });
        }
    }
}
