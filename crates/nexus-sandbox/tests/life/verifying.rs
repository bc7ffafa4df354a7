//! Policies of verifying: the order of amounts, when the outcome is shown, which amounts are right.

use nexus_sandbox::{AmountOrder, Policy, Profile, Verification};
use nexus_types::{DepositAmount, MicrodepositGuid};
use serde_json::json;

use crate::life::{DAY, Life, shown};

/// A world with one deposit of these two amounts, in DEPOSITED.
fn deposited(profile: Profile, policy: Policy) -> (Life, String) {
    let mut life = Life::with(profile, policy);
    let guid = life.made("333312345");
    life.pass(2 * DAY);
    assert_eq!(life.status(&guid), shown("DEPOSITED"));
    (life, guid)
}

fn three_and_seven() -> Option<[DepositAmount; 2]> {
    Some([3, 7].map(|cents| DepositAmount::from_cents(cents).unwrap()))
}

#[test]
fn amount_order() {
    for (amount_order, swapped) in [(AmountOrder::Any, "VERIFIED"), (AmountOrder::Exact, "DENIED")] {
        for (given, expected) in [([3, 7], "VERIFIED"), ([7, 3], swapped), ([3, 3], "DENIED"), ([7, 7], "DENIED")] {
            let policy = Policy { amount_order, deposit_amounts: three_and_seven(), ..Policy::default() };
            let (mut life, guid) = deposited(Profile::Production, policy);
            assert_eq!(life.verify(&guid, given), shown(expected), "{amount_order:?} {given:?}");
        }
    }
}

#[test]
fn verification_immediate_or_deferred() {
    for (verification, responded) in [(Verification::Immediate, "VERIFIED"), (Verification::Deferred, "DEPOSITED")] {
        let (mut life, guid) = deposited(Profile::Integration, Policy { verification, ..Policy::default() });
        assert_eq!(life.verify(&guid, [9, 9]), shown(responded));
        assert_eq!(life.truth(&guid), "VERIFIED");
        assert_eq!(life.listed(), [responded], "a list does not look");
        let record = life.read(&guid).unwrap();
        assert_eq!((&record["status_name"], record["verified_at"].is_string()), (&json!("VERIFIED"), true));
        assert_eq!(life.listed(), ["VERIFIED"]);
    }
}

#[test]
fn deferred_submissions_are_counted_at_once() {
    let policy = Policy { verification: Verification::Deferred, ..Policy::default() };
    let (mut life, guid) = deposited(Profile::Integration, policy);
    for before in ["DEPOSITED", "DENIED", "DENIED"] {
        assert_eq!(life.verify(&guid, [2, 2]), shown(before));
    }
    assert_eq!(life.verify(&guid, [9, 9]), Err(409), "none is left");
    assert_eq!(life.world.attempts(&MicrodepositGuid::new(guid.clone()).unwrap()), Some(3));
    assert_eq!(life.read(&guid).unwrap()["error_code"], "TOO_MANY_ATTEMPTS");
}

#[test]
fn verification_after_seconds() {
    let policy = Policy { verification: Verification::AfterSeconds(10), ..Policy::default() };
    let (mut life, guid) = deposited(Profile::Integration, policy);
    assert_eq!(life.verify(&guid, [2, 2]), shown("DEPOSITED"));
    life.pass(4);
    assert_eq!(life.verify(&guid, [9, 9]), shown("DEPOSITED"), "a second is taken in the meantime");
    life.pass(5);
    assert_eq!((life.status(&guid), life.truth(&guid)), (shown("DEPOSITED"), json!("DEPOSITED")));
    life.pass(1);
    assert_eq!(life.status(&guid), shown("DENIED"), "the first is judged");
    life.pass(3);
    assert_eq!(life.status(&guid), shown("DENIED"));
    life.pass(1);
    let record = life.read(&guid).unwrap();
    assert_eq!(
        (&record["status_name"], &record["verified_at"]),
        (&json!("VERIFIED"), &json!(life.world.now().as_str()))
    );
    assert_eq!(life.verify(&guid, [9, 9]), Err(409));
}

#[test]
fn submissions_are_judged_at_their_own_times_however_late_anybody_looks() {
    let policy = Policy { verification: Verification::AfterSeconds(10), ..Policy::default() };
    let (mut life, guid) = deposited(Profile::Integration, policy);
    for amounts in [[9, 9], [2, 2], [2, 2]] {
        assert_eq!(life.verify(&guid, amounts), shown("DEPOSITED"));
        life.pass(1);
    }
    life.pass(DAY);
    let record = life.read(&guid).unwrap();
    assert_eq!(record["status_name"], "VERIFIED", "nothing was counted after the right one");
    let judged = life.world.now().unix_millis().unwrap() - 1000 * (DAY as i64 + 3 - 10);
    assert_eq!(record["verified_at"], json!(nexus_types::Timestamp::from_unix_millis(judged).as_str()));
    assert_eq!(life.world.attempts(&MicrodepositGuid::new(guid).unwrap()), Some(1));
    // Five wrong ones, of which three are counted.
    let policy = Policy { verification: Verification::AfterSeconds(10), ..Policy::default() };
    let (mut life, guid) = deposited(Profile::Integration, policy);
    for _ in 0..5 {
        assert_eq!(life.verify(&guid, [2, 2]), shown("DEPOSITED"));
    }
    life.pass(10);
    assert_eq!(life.world.attempts(&MicrodepositGuid::new(guid.clone()).unwrap()), Some(3), "nobody has looked yet");
    assert_eq!(life.status(&guid), shown("PREVENTED"));
}

#[test]
fn what_is_deleted_before_its_submission_is_judged_stays_deleted() {
    let policy = Policy { verification: Verification::AfterSeconds(10), ..Policy::default() };
    let (mut life, guid) = deposited(Profile::Integration, policy);
    life.pass(19 * DAY - 10);
    assert_eq!(life.verify(&guid, [9, 9]), shown("DEPOSITED"));
    life.pass(10);
    assert_eq!((life.status(&guid), life.truth(&guid)), (Err(404), json!(null)), "21 days");
}

#[test]
fn wrong_state_status() {
    for status in [409, 422] {
        let mut life = Life::new(Policy { wrong_state_status: status, ..Policy::default() });
        let guid = life.made("333312345");
        assert_eq!(life.verify(&guid, [9, 9]), Err(status));
        life.pass(120);
        assert_eq!(life.verify(&guid, [9, 9]), shown("VERIFIED"));
    }
}

#[test]
fn deposit_amounts() {
    let statement = |policy: Policy, number: &str| {
        let mut life = Life::new(policy);
        let guid = life.made(number);
        life.world.statement(&MicrodepositGuid::new(guid).unwrap()).unwrap().map(DepositAmount::cents)
    };
    let named = Policy { deposit_amounts: three_and_seven(), ..Policy::default() };
    assert_eq!(statement(named, "1"), [3, 7]);
    // Otherwise 1 to 9 cents from the seed, and every one of them is seen in the end.
    let mut life = Life::new(Policy { accounts_per_email: None, ..Policy::default() });
    let mut seen = [0usize; 10];
    for number in 0..500 {
        let guid = MicrodepositGuid::new(life.made(&number.to_string())).unwrap();
        for amount in life.world.statement(&guid).unwrap() {
            seen[usize::from(amount.cents())] += 1;
        }
    }
    assert_eq!((seen[0], seen.iter().sum::<usize>()), (0, 1000));
    assert!(seen[1..].iter().all(|count| *count > 50), "{seen:?}");
}

#[test]
fn the_documented_amounts_belong_to_the_integration_profile() {
    for (profile, outcomes) in [
        (Profile::Integration, ["VERIFIED", "DENIED", "PREVENTED"]),
        (Profile::Production, ["DENIED", "DENIED", "DENIED"]),
    ] {
        for (given, expected) in [[9, 9], [2, 2], [4, 1]].into_iter().zip(outcomes) {
            let policy = Policy { deposit_amounts: three_and_seven(), ..Policy::default() };
            let (mut life, guid) = deposited(profile, policy);
            assert_eq!(life.verify(&guid, given), shown(expected), "{profile:?} {given:?}");
        }
    }
}
