//! The outbox: how many webhook events are kept, and which.

use nexus_sandbox::{Policy, Profile};
use serde_json::{Value, json};

use crate::life::{DAY, Life};

/// So many lives of two days each, and the events that are kept; whether somebody read them at the beginning too.
fn events(outbox: usize, lives: u32, look_between: bool) -> (Vec<Value>, u64) {
    let policy = Policy { outbox, accounts_per_email: None, ..Policy::default() };
    let mut life = Life::with(Profile::Production, policy);
    for number in 0..lives {
        life.made(&number.to_string());
    }
    if look_between {
        life.get("GET", "/_sandbox/events", "");
    }
    life.pass(2 * DAY);
    let (mut kept, mut after) = (Vec::new(), 0);
    loop {
        let page = life.get("GET", &format!("/_sandbox/events?after={after}"), "");
        let Some(last) = page["events"].as_array().unwrap().last() else {
            return (kept, page["dropped"].as_u64().unwrap());
        };
        after = last["id"].as_u64().unwrap();
        kept.extend(page["events"].as_array().unwrap().iter().cloned());
    }
}

#[test]
fn the_newest_are_kept_in_order_of_time_and_under_their_numbers() {
    // Three events each: INITIATED, REQUESTED, DEPOSITED.
    let (all, dropped) = events(10_000, 2000, false);
    assert_eq!((all.len(), dropped), (6000, 0));
    for (index, pair) in all.windows(2).enumerate() {
        assert_eq!(pair[0]["id"], index + 1);
        assert!(pair[0]["at"].as_str() <= pair[1]["at"].as_str(), "{index}");
    }
    for limit in [0, 1, 10, 1500] {
        for look_between in [false, true] {
            let (kept, dropped) = events(limit, 2000, look_between);
            assert_eq!((kept.len(), dropped), (limit, 6000 - limit as u64));
            assert_eq!(kept, all[6000 - limit..], "{limit} {look_between}");
        }
    }
}

#[test]
fn reading_does_not_empty_it() {
    let mut life = Life::new(Policy { outbox: 2, ..Policy::default() });
    for number in ["1", "2", "3"] {
        life.made(number);
    }
    let first = life.get("GET", "/_sandbox/events", "");
    assert_eq!(first["events"].as_array().unwrap().iter().map(|event| &event["id"]).collect::<Vec<_>>(), [2, 3]);
    assert_eq!((&first["dropped"], &life.get("GET", "/_sandbox/events", "")), (&json!(1), &first));
}

/// The records in the events of a life that ends VERIFIED after two wrong submissions, at a standing clock.
fn told(policy: Policy) -> Vec<Value> {
    let mut life = Life::with(Profile::Integration, policy);
    let guid = life.made("333312345");
    life.pass(120);
    for cents in [[2, 2], [2, 2], [9, 9]] {
        life.verify(&guid, cents).unwrap();
    }
    let events = life.get("GET", "/_sandbox/events", "");
    events["events"].as_array().unwrap().iter().map(|event| event["body"]["micro_deposit"].clone()).collect()
}

#[test]
fn two_denials_at_a_standing_clock_differ_in_updated_at() {
    let records = told(Policy::default());
    let times: Vec<_> = records.iter().map(|record| record["updated_at"].as_str().unwrap()).collect();
    let ends: Vec<_> = times.iter().map(|time| &time[14..23]).collect();
    assert_eq!(ends, ["00:00.000", "00:01.000", "02:00.000", "02:00.000", "02:00.001", "02:00.002"]);
    let key = |record: &Value| ["guid", "status", "updated_at"].map(|name| record[name].to_string());
    let distinct: std::collections::BTreeSet<_> = records.iter().map(key).collect();
    assert_eq!(distinct.len(), records.len(), "a receiver can tell a new event from a repeated one");
}

#[test]
fn verified_at_is_absent_or_null_before_verified() {
    for (null, wanted) in [(false, None), (true, Some(&Value::Null))] {
        let records = told(Policy { webhook_null_verified_at: null, ..Policy::default() });
        let (last, before) = records.split_last().unwrap();
        assert!(before.iter().all(|record| record.get("verified_at") == wanted), "{before:?}");
        assert_eq!((&last["verified_at"], &last["status_name"]), (&last["updated_at"], &json!("VERIFIED")));
    }
}
