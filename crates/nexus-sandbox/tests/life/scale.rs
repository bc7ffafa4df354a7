//! A great many records: the clock moves past their ends, and the remaining state is right.

use std::time::Duration;

use nexus_sandbox::Policy;
use serde_json::json;

use crate::life::{DAY, Life, guid, with_email};

/// One of so many is verified and stays.
const VERIFIED: usize = 1000;

fn live(count: usize) {
    let mut life = Life::new(Policy::default());
    let mut guids = Vec::new();
    for number in 0..count {
        // Half of them by the documented magic within two minutes, the others within 36 hours.
        let account = format!("{}{number}", ["3333", "1000"][number % 2]);
        let guid = guid(&life.create(&with_email(&account, &format!("user{number}@example.com"))));
        guids.extend((number % (VERIFIED / 2) == 0).then_some(guid));
    }
    life.pass(2 * DAY);
    // Of the chosen ones every second is verified.
    for verified in guids.iter().step_by(2) {
        assert_eq!(life.verify(verified, [9, 9]).as_deref(), Ok("VERIFIED"));
    }
    life.world.advance(Duration::from_secs(18 * DAY + DAY - 1));
    assert_eq!(life.get("GET", "/_sandbox/state", "")["deleted"], 0, "a second before");
    life.pass(1);
    let left = count / VERIFIED;
    for (index, guid) in guids.iter().enumerate() {
        let expected = if index % 2 == 0 { Ok("VERIFIED".to_owned()) } else { Err(404) };
        assert_eq!(life.status(guid), expected);
    }
    assert_eq!(life.listed(), vec!["VERIFIED"; left]);
    let state = life.get("GET", "/_sandbox/state", "");
    assert_eq!((&state["deleted"], &state["counts"]["VERIFIED"]), (&json!(count - left), &json!(left)));
    assert_eq!(
        state["counts"].as_object().unwrap().values().filter_map(|count| count.as_u64()).sum::<u64>(),
        left as u64
    );
    assert_eq!(state["microdeposits"].as_array().unwrap().len(), 1000);
    assert_eq!(state["not_shown"], count - 1000);
    // INITIATED, REQUESTED and DEPOSITED of each, and what was verified; ten thousand are kept.
    let events = life.get("GET", "/_sandbox/events", "");
    assert_eq!(events["dropped"], 3 * count + left - 10_000);
    let times: Vec<&str> =
        events["events"].as_array().unwrap().iter().map(|event| event["at"].as_str().unwrap()).collect();
    assert!(times.len() == 1000 && times.is_sorted(), "{:?}", times.first());
}

#[test]
fn a_hundred_thousand() {
    live(100_000);
}

/// A million records take ten seconds when optimised, and about 400 MB.
#[test]
#[ignore = "minutes unoptimised: cargo test --release -p nexus-sandbox --test life -- --ignored"]
fn a_million() {
    live(1_000_000);
}
