//! The next moment of a world, and that knowing it changes nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use nexus_sandbox::Policy;

use crate::run::*;

#[test]
fn the_next_moment_is_known() {
    let mut run = Run::new(Policy::default(), 1);
    let next = |run: &mut Run| run.world.next_due().map(|at| at.as_str()[11..19].to_owned());
    assert_eq!(next(&mut run), None);
    let guid = run.made("333312345");
    let mut seen = Vec::new();
    while let Some(at) = run.world.next_due() {
        run.world.advance(Duration::from_millis(u64::try_from(millis(&at) - millis(&run.world.now())).unwrap()));
        let state = run.good("GET", &format!("/_sandbox/state/{guid}"), "");
        seen.push(format!("{} {} {}", run.seconds(), state["status"], state["shown"]));
    }
    assert_eq!(
        seen,
        [
            r#"1 "REQUESTED" "INITIATED""#,
            r#"120 "DEPOSITED" "INITIATED""#,
            // A list catches up at minute 15.
            r#"900 "DEPOSITED" "DEPOSITED""#,
            // After 21 days it is deleted.
            "1814400 null null",
        ]
    );
}

#[test]
fn nothing_is_due_when_everything_has_happened() {
    let mut run = Run::new(Policy::default(), 1);
    run.subscribe();
    let guid = run.live();
    assert_eq!(run.world.next_due(), None);
    let events = run.world.webhooks_after(0);
    assert_eq!(
        events.iter().map(|event| event.status.name()).collect::<Vec<_>>(),
        ["INITIATED", "REQUESTED", "DEPOSITED", "DENIED", "DENIED", "VERIFIED"]
    );
    assert_eq!(events.iter().map(|event| event.id).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(events.iter().all(|event| event.guid.as_str() == guid && event.created == (event.id == 1)));
    assert_eq!(run.world.webhooks_after(4), events[4..]);
    // What subscribers get is what the outbox shows, byte by byte.
    let sent: Vec<&[u8]> = run.sent.iter().map(|(_, attempt)| &*attempt.body).collect();
    assert_eq!(sent, events.iter().map(|event| event.body.as_slice()).collect::<Vec<_>>());
}

/// A mixed life; all responses of the API, and the outbox at the end. Somebody may watch it from the `watched`-th step on.
fn told(seed: u64, policy: Policy, watched: Option<usize>) -> Vec<String> {
    let mut run = Run::new(policy, seed);
    let mut guids = vec!["MIC-unknown".to_owned()];
    let mut told = Vec::new();
    run.good(
        "POST",
        "/_sandbox/faults",
        r#"{"effect":"later","milliseconds":3000000,"operation":"create","probability":0.2}"#,
    );
    for step in 0..200usize {
        if Some(step) == watched {
            run.subscribe();
        }
        let guid = guids[step * 7 % guids.len()].clone();
        let account = format!("{}{step:05}", ["3333", "1000", "3333"][step % 3]);
        let response = match step % 9 {
            0..=2 => {
                let body = format!(
                    r#"{{"micro_deposit":{{"first_name":"A","last_name":"B","email":"{step}@example.com","account_number":"{account}","account_type_name":"CHECKING","routing_number":"091000019"}}}}"#
                );
                run.ask("POST", "/micro_deposits", &body)
            }
            3 => run.ask("GET", &format!("/micro_deposits/{guid}"), ""),
            4 => run.ask("PUT", &format!("/micro_deposits/{guid}"), [RIGHT, WRONG, WRONG][step / 9 % 3]),
            5 | 6 => run.ask("GET", "/micro_deposits", ""),
            _ => {
                run.ask("POST", "/_sandbox/advance", &format!(r#"{{"seconds":{}}}"#, [61, 850, 300, 45][step / 9 % 4]))
            }
        };
        let made: serde_json::Value = serde_json::from_str(&response.1).unwrap();
        guids.extend(made["micro_deposit"]["guid"].as_str().filter(|_| step % 9 < 3).map(str::to_owned));
        told.push(format!("{} {}", response.0, response.1));
    }
    run.world.advance(Duration::from_secs(40 * DAY));
    // The numbers of what happens to several records at one instant depend on who looks when; what happens does not.
    let mut of_each: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for event in run.world.webhooks_after(0) {
        let text = format!("{} {}", event.at.as_str(), String::from_utf8(event.body).unwrap());
        of_each.entry(event.guid.as_str().to_owned()).or_default().push(text);
    }
    told.push(format!("{of_each:?}"));
    told.push(run.ask("GET", "/_sandbox/state", "").1);
    told
}

#[test]
fn a_world_that_is_watched_does_the_same_byte_by_byte() {
    let policies = [
        Policy::default(),
        serde_json::from_str(
            r#"{"verification":{"after_seconds":600},"refresh":"minutely","failures_per_thousand":300}"#,
        )
        .unwrap(),
        serde_json::from_str(
            r#"{"verification":{"after_seconds":0},"denied_days":1,"preinitiated_days":1,"reads_touch":"always"}"#,
        )
        .unwrap(),
        serde_json::from_str(r#"{"verification":"deferred","refresh":"on_read","retention_days":1}"#).unwrap(),
    ];
    for policy in policies {
        for seed in 0..5 {
            let alone = told(seed, policy.clone(), None);
            assert!(alone.iter().filter(|line| line.starts_with("200")).count() > 100);
            for watched in [0, 77] {
                for (number, (one, other)) in alone.iter().zip(told(seed, policy.clone(), Some(watched))).enumerate() {
                    assert_eq!(*one, other, "step {number} of seed {seed}, watched from {watched}, {policy:?}");
                }
            }
        }
    }
}

#[test]
fn who_has_subscribed_gets_every_event_of_many_records_in_order() {
    let mut run = Run::new(Policy { accounts_per_email: None, outbox: 100_000, ..Policy::default() }, 3);
    run.subscribe();
    for number in 0..300 {
        run.made(&format!("1000{number:05}"));
    }
    run.world.advance(Duration::from_secs(3 * DAY));
    run.send();
    let events = run.world.webhooks_after(0);
    assert_eq!(events.len(), 900);
    assert!(events.windows(2).all(|pair| pair[0].at.unix_millis() <= pair[1].at.unix_millis()));
    let ids: Vec<u64> = run.world.webhook_deliveries(0).iter().map(|delivery| delivery.event).collect();
    assert_eq!(ids, (1..=900).collect::<Vec<_>>());
    let sent: Vec<&[u8]> = run.sent.iter().map(|(_, attempt)| &*attempt.body).collect();
    assert_eq!(sent, events.iter().map(|event| event.body.as_slice()).collect::<Vec<_>>());
}
