//! Scenarios: each ends as it promises, in every environment and with what a policy may change of the way there.

use nexus_sandbox::{Deposits, Effect, Fault, Options, Policy, Profile, Scenario, Verification, World};
use nexus_types::KnownStatus;
use serde_json::json;

use crate::life::Life;

fn world(profile: Profile, policy: Policy) -> World {
    let mut options = Options::default();
    (options.profile, options.policy) = (profile, policy);
    World::new(options)
}

fn run(world: &mut World, name: &str) -> Vec<Option<KnownStatus>> {
    let scenario = Scenario::from_name(name).unwrap();
    let run = world.run_scenario(name, None).unwrap();
    assert!(run.as_promised, "{name}: {run:?}");
    assert!(run.steps.iter().all(|(_, done)| *done) && run.steps.len() == scenario.steps().count(), "{name}: {run:?}");
    run.micro_deposits.into_iter().map(|(_, status)| status).collect()
}

#[test]
fn each_scenario_ends_as_promised() {
    let promised = [
        ("happy", Some(KnownStatus::Verified), 1),
        ("wrong_twice", Some(KnownStatus::Denied), 1),
        ("locked", Some(KnownStatus::Prevented), 1),
        ("ach_r03", Some(KnownStatus::Errored), 1),
        ("expired", None, 1),
        ("webhook_storm", Some(KnownStatus::Verified), 50),
    ];
    assert_eq!(promised.map(|(name, _, _)| name), *Scenario::all().iter().map(|one| &*one.name).collect::<Vec<_>>());
    let policies = [
        Policy::default(),
        Policy { verification: Verification::Deferred, ..Policy::default() },
        Policy { verification: Verification::AfterSeconds(90), ..Policy::default() },
        Policy { deposits: Deposits::BusinessDays, ..Policy::default() },
        Policy {
            deposit_amounts: Some(["0.02", "0.02"].map(|sum| nexus_types::DepositAmount::parse(sum).unwrap())),
            ..Policy::default()
        },
    ];
    for profile in [Profile::Integration, Profile::Production] {
        for policy in &policies {
            // One after the other in the same world: they do not get in each other's way, nor in their own.
            let mut world = world(profile, policy.clone());
            for (name, status, count) in promised.iter().chain(&promised) {
                assert_eq!(run(&mut world, name), vec![*status; *count], "{name}");
            }
        }
    }
}

#[test]
fn a_scenario_leaves_what_it_promises_to_be_looked_at() {
    let mut life = Life::new(Policy::default());
    life.world.add_fault(Fault::always(Effect::ResetBefore));
    let before = life.world.requests_received();
    for (name, attempts) in [("happy", 1), ("wrong_twice", 2), ("locked", 3)] {
        let run = life.world.run_scenario(name, None).unwrap();
        assert_eq!(life.world.attempts(&run.micro_deposits[0].0), Some(attempts), "{name}");
    }
    let run = life.world.run_scenario("ach_r03", Some("user-2")).unwrap();
    assert_eq!(
        (life.world.fault_hits(), life.world.requests_received()),
        (0, before),
        "past the faults and past the log"
    );
    life.world.clear_faults();
    let guid = run.micro_deposits[0].0.as_str();
    let session = life.session_of("user-2");
    let (_, text) = life.ask_as(&session, "GET", &format!("/micro_deposits/{guid}"), "");
    assert!(text.contains(r#""error_code":"R03""#), "{text}");
    let events = life.get("GET", "/_sandbox/events", "")["events"].as_array().unwrap().len();
    let storm = life.world.run_scenario("webhook_storm", None).unwrap();
    let more = life.get("GET", "/_sandbox/events", "")["events"].as_array().unwrap().len();
    assert_eq!((storm.micro_deposits.len(), more - events), (50, 200));
    assert!(life.world.run_scenario("unhappy", None).is_none());
}

#[test]
fn a_scenario_is_lived_through_for_any_user_that_the_policy_admits() {
    for known_users_only in [false, true] {
        let mut life = Life::new(Policy { known_users_only, ..Policy::default() });
        let run = life.world.run_scenario("happy", Some("x"));
        assert_eq!(run.is_some(), !known_users_only);
        let Some(run) = run else { continue };
        assert!(run.as_promised, "{run:?}");
        let guid = run.micro_deposits[0].0.as_str().to_owned();
        let session = life.session_of("x");
        assert_eq!(life.ask_as(&session, "GET", &format!("/micro_deposits/{guid}"), "").0, 200);
        assert_eq!(life.status(&guid), Err(404), "the first user's it is not");
        // Who is not asked for does not appear.
        assert!(life.world.run_scenario("unhappy", Some("y")).is_none());
        assert!(!life.world.export().contains("\"y\""));
    }
}

#[test]
fn a_scenario_that_a_policy_prevents_says_so() {
    let mut never = world(Profile::Integration, Policy { retention_days: None, ..Policy::default() });
    let run = never.run_scenario("expired", None).unwrap();
    assert_eq!((run.as_promised, run.micro_deposits[0].1), (false, Some(KnownStatus::Deposited)));
    assert_eq!(run.steps.iter().map(|(_, done)| *done).collect::<Vec<_>>(), [true, true, false]);
    let policy = Policy { blocked_routing_numbers: vec!["091000019".to_owned()], ..Policy::default() };
    let mut blocked = world(Profile::Integration, policy);
    assert!(!blocked.run_scenario("happy", None).unwrap().as_promised);
}

#[test]
fn the_same_seed_tells_the_same_story() {
    let mut told = Vec::new();
    for _ in 0..2 {
        let mut life = Life::new(Policy::default());
        let run = life.get("POST", "/_sandbox/scenarios/webhook_storm", "");
        told.push((run, life.get("GET", "/_sandbox/events", ""), life.get("GET", "/_sandbox/scenarios", "")));
    }
    assert_eq!(told[0], told[1]);
    assert_eq!(told[0].2["scenarios"][4]["ends"], json!(null));
}
