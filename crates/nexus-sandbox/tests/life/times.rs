//! Policies of time: when a status is shown, when deposits arrive or fail, when a record is deleted.

use nexus_sandbox::{Policy, Profile, Refresh};
use serde_json::json;

use crate::life::{DAY, HOUR, Life, MINUTE, shown, submission};

const SWIFT: &str = "333312345";
const SLOW: &str = "100012345";

#[test]
fn refresh_hourly_at_minute_15() {
    let mut life = Life::new(Policy::default());
    let read = life.made(SWIFT);
    life.made("333300001");
    life.pass(2 * MINUTE);
    assert_eq!(life.listed(), ["INITIATED", "INITIATED"], "a list forces nothing");
    assert_eq!(life.status(&read), shown("DEPOSITED"));
    assert_eq!(life.listed(), ["DEPOSITED", "INITIATED"], "a read forces its own");
    life.pass(13 * MINUTE - 1);
    assert_eq!(life.listed(), ["DEPOSITED", "INITIATED"], "09:14:59");
    life.pass(1);
    assert_eq!(life.listed(), ["DEPOSITED", "DEPOSITED"], "09:15:00");
    life.made("333300002");
    life.pass(HOUR - 1);
    assert_eq!(life.listed().last().unwrap(), "INITIATED", "10:14:59");
    life.pass(1);
    assert_eq!(life.listed().last().unwrap(), "DEPOSITED", "10:15:00");
}

#[test]
fn refresh_minutely() {
    let mut life = Life::new(Policy { refresh: Refresh::Minutely, ..Policy::default() });
    life.made(SWIFT);
    for (seconds, expected) in [(59, "INITIATED"), (1, "REQUESTED"), (59, "REQUESTED"), (1, "DEPOSITED")] {
        life.pass(seconds);
        assert_eq!(life.listed(), [expected]);
    }
}

#[test]
fn refresh_on_read_only() {
    let mut life = Life::new(Policy { refresh: Refresh::OnRead, ..Policy::default() });
    let guid = life.made(SWIFT);
    life.pass(20 * DAY);
    assert_eq!(life.listed(), ["INITIATED"]);
    assert_eq!(life.status(&guid), shown("DEPOSITED"));
    assert_eq!(life.listed(), ["DEPOSITED"]);
    life.pass(DAY);
    assert_eq!(life.listed(), [""; 0], "gone is gone, shown or not");
}

#[test]
fn deposits_arrive_by_the_profile() {
    for (profile, number, soon) in [
        (Profile::Integration, SWIFT, "DEPOSITED"),
        (Profile::Integration, SLOW, "REQUESTED"),
        (Profile::Production, SWIFT, "REQUESTED"),
    ] {
        let mut life = Life::with(profile, Policy::default());
        let guid = life.made(number);
        life.pass(2 * MINUTE);
        assert_eq!(life.status(&guid), shown(soon), "{profile:?} {number}");
        if soon == "REQUESTED" {
            life.pass(12 * HOUR - 2 * MINUTE);
            assert_eq!(life.status(&guid), shown("REQUESTED"), "twelve hours at least");
        }
        life.pass(24 * HOUR + 2 * MINUTE);
        assert_eq!(life.status(&guid), shown("DEPOSITED"), "36 hours and the first minute at most");
    }
}

#[test]
fn failures_per_thousand() {
    for (profile, failures_per_thousand, number, expected) in [
        (Profile::Production, 1000, SLOW, "ERRORED"),
        (Profile::Production, 1000, SWIFT, "ERRORED"),
        (Profile::Production, 0, SLOW, "DEPOSITED"),
        (Profile::Integration, 1000, SLOW, "ERRORED"),
        (Profile::Integration, 1000, SWIFT, "DEPOSITED"),
    ] {
        let mut life = Life::with(profile, Policy { failures_per_thousand, ..Policy::default() });
        let guid = life.made(number);
        life.pass(37 * HOUR);
        let record = life.read(&guid).unwrap();
        assert_eq!(record["status_name"], expected, "{profile:?} {number}");
        assert_eq!(record["error_code"], if expected == "ERRORED" { json!("R03") } else { json!(null) });
    }
    let mut life = Life::with(Profile::Production, Policy { failures_per_thousand: 500, ..Policy::default() });
    let guids: Vec<String> = (0..400).map(|number| life.made(&number.to_string())).collect();
    life.pass(37 * HOUR);
    let failed = guids.iter().filter(|guid| life.truth(guid) == "ERRORED").count();
    assert!((140..260).contains(&failed), "about half: {failed}");
}

/// Reads, lists and verifies just before and at the end of so many seconds.
fn ends_after(life: &mut Life, guid: &str, seconds: u64) {
    life.pass(seconds - 1);
    assert!(life.status(guid).is_ok(), "a second before");
    assert_eq!(life.listed().len(), 1);
    life.pass(1);
    assert_eq!(life.listed(), [""; 0]);
    assert_eq!(life.status(guid), Err(404));
    assert_eq!(life.verify(guid, [9, 9]), Err(404));
    assert_eq!(life.truth(guid), json!(null));
}

#[test]
fn retention_days() {
    for days in [1, 21] {
        for number in [SWIFT, SLOW] {
            let mut life = Life::new(Policy { retention_days: Some(days), ..Policy::default() });
            let guid = life.made(number);
            ends_after(&mut life, &guid, u64::from(days) * DAY);
        }
    }
    let mut life = Life::new(Policy { retention_days: None, ..Policy::default() });
    let guid = life.made(SWIFT);
    life.pass(3650 * DAY);
    assert_eq!(life.verify(&guid, [9, 9]), shown("VERIFIED"));
}

#[test]
fn retention_spares_what_is_verified_or_failed_and_begins_with_the_account() {
    let mut life = Life::new(Policy::default());
    let verified = life.made(SWIFT);
    let failed = life.made("333300001");
    life.event(&failed, &json!({"event": "failed", "code": "R20"})).unwrap();
    life.pass(2 * MINUTE);
    life.verify(&verified, [9, 9]).unwrap();
    life.pass(100 * DAY);
    assert_eq!(life.listed(), ["VERIFIED", "ERRORED"]);
    assert_eq!(life.read(&failed).unwrap()["error_code"], "R20");
    let mut life = Life::new(Policy::default());
    let guid = life.preinitiated();
    life.pass(100 * DAY);
    assert_eq!(life.event(&guid, &submission(SWIFT)).unwrap()["status"], "INITIATED");
    ends_after(&mut life, &guid, 21 * DAY);
}

#[test]
fn preinitiated_days() {
    let mut life = Life::new(Policy { preinitiated_days: Some(5), ..Policy::default() });
    let guid = life.preinitiated();
    ends_after(&mut life, &guid, 5 * DAY);
    assert_eq!(life.event(&guid, &submission(SWIFT)), Err(409), "nothing happens to what is gone");
    let mut life = Life::new(Policy::default());
    let guid = life.preinitiated();
    life.pass(3650 * DAY);
    assert_eq!(life.status(&guid), shown("PREINITIATED"));
}

#[test]
fn denied_days() {
    let denied = |denied_days| {
        let mut life = Life::new(Policy { denied_days, ..Policy::default() });
        let guid = life.made(SLOW);
        life.pass(37 * HOUR);
        assert_eq!(life.verify(&guid, [2, 2]), shown("DENIED"), "the response to a wrong submission is no 404");
        (life, guid)
    };
    let (mut life, guid) = denied(Some(1));
    life.pass(HOUR);
    assert_eq!(life.verify(&guid, [2, 2]), shown("DENIED"));
    ends_after(&mut life, &guid, DAY);
    let (mut life, guid) = denied(None);
    life.pass(3650 * DAY);
    assert_eq!(life.verify(&guid, [9, 9]), shown("VERIFIED"));
}
