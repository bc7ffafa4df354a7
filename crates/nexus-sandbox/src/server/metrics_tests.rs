//! What the metrics say is what the logs say, and labels are bounded.

use std::collections::BTreeSet;

use nexus_types::{Endpoint, List, Operation, Person, Preinitiate};

use super::*;
use crate::server::own_world::Running;
use crate::server::tenant_options::TenantOptions;
use crate::{Call, Effect, Fault, Options, Subscription, WebhookOutcome, WebhookTrouble, World};

fn value(text: &str, sample: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(sample)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("{sample} is not in {text}")).parse().unwrap()
}

fn total(text: &str, name: &str) -> f64 {
    let lines = text.lines().filter(|line| line.starts_with(&format!("nexus_sandbox_{name}{{")));
    lines.map(|line| line.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

fn preinitiate(world: &mut World) {
    let token = world.credentials().session_token.clone();
    let make = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com").unwrap());
    assert_eq!(make.parse(&world.handle(&make.request(), &token)).unwrap().status.known().unwrap().number(), 9);
}

#[test]
fn counts_are_those_of_the_logs_through_resets_and_the_ends_of_tenants() {
    let tenants = Tenants::new(Options::default(), Running::default());
    {
        let mut world = tenants.first().world();
        let token = world.credentials().session_token.clone();
        preinitiate(&mut world);
        world.handle(&List::new().request(), &token);
        world.handle(&List::new().request(), "wrong");
        world.respond(&Call::new("GET", "/nowhere"));
        world.respond(&Call::new("PATCH", "/micro_deposits"));
        world.respond(&Call::new("GET", "/_sandbox/state"));
        world.add_fault(Fault::nth(Operation::List, 1, Effect::ResetAfter));
        assert!(world.try_handle(&List::new().request(), &token).is_err());
        world.clear_faults();
    }
    let page = text(&tenants);
    let sample = |operation: &str, status: &str| {
        value(&page, &format!("nexus_sandbox_requests_total{{operation=\"{operation}\",status=\"{status}\"}}")) as u64
    };
    assert_eq!(sample("create", "200"), 1);
    assert_eq!([sample("list", "200"), sample("list", "401"), sample("list", "reset")], [1, 1, 1]);
    assert_eq!([sample("unknown", "404"), sample("unknown", "405")], [1, 1]);
    assert_eq!(value(&page, "nexus_sandbox_faults_hit_total{effect=\"reset_after\"}") as u64, 1);
    assert_eq!(value(&page, "nexus_sandbox_microdeposits{status=\"PREINITIATED\"}") as u64, 1);
    assert_eq!(value(&page, "nexus_sandbox_virtual_time_seconds"), 1_767_603_600.0);
    assert_eq!(total(&page, "requests_total") as u64, tenants.first().world().requests_received());

    let own = tenants.make(TenantOptions::default()).unwrap();
    preinitiate(&mut own.world());
    drop(own);
    tenants.first().world().reset();
    let exported = tenants.first().world().export();
    tenants.first().world().import(exported.as_bytes()).unwrap();
    let with = text(&tenants);
    assert_eq!((total(&with, "requests_total") as u64, value(&with, "nexus_sandbox_tenants") as u64), (7, 2));
    assert!(tenants.remove("tenant-1"));
    let without = text(&tenants);
    assert_eq!((total(&without, "requests_total") as u64, value(&without, "nexus_sandbox_tenants") as u64), (7, 1));
    // Gauges say what is there.
    assert_eq!(total(&without, "microdeposits") as u64, 0);
}

#[test]
fn attempts_to_deliver_a_webhook_are_counted_by_outcome() {
    let tenants = Tenants::new(Options::default(), Running::default());
    let mut world = tenants.first().world();
    world.subscribe(Subscription::new("http://127.0.0.1:9/hook")).unwrap();
    preinitiate(&mut world);
    for outcome in
        [WebhookOutcome::Failed(WebhookTrouble::Refused), WebhookOutcome::Response(500), WebhookOutcome::Response(204)]
    {
        let due = world.next_due().unwrap().unix_millis().unwrap();
        let left = (due - world.now).max(0) as u64;
        world.advance(std::time::Duration::from_millis(left));
        let attempt = world.attempt_due().unwrap();
        world.attempt_ended(&attempt, outcome);
    }
    drop(world);
    let page = text(&tenants);
    for outcome in ["refused", "refused_by_status", "delivered"] {
        let sample = format!("nexus_sandbox_webhook_attempts_total{{outcome=\"{outcome}\"}}");
        assert_eq!(value(&page, &sample) as u64, 1);
    }
    assert_eq!(value(&page, "nexus_sandbox_webhooks{state=\"delivered\"}") as u64, 1);
    assert_eq!(value(&page, "nexus_sandbox_webhooks{state=\"pending\"}") as u64, 0);
}

#[test]
fn ten_thousand_microdeposits_users_and_tenants_add_no_series() {
    let tenants = Tenants::new(Options::default(), Running::default());
    preinitiate(&mut tenants.first().world());
    let series = |page: &str| {
        let samples = page.lines().filter(|line| !line.starts_with('#'));
        samples.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect::<BTreeSet<_>>()
    };
    let few = series(&text(&tenants));
    for _ in 0..10_000 {
        preinitiate(&mut tenants.first().world());
    }
    for number in 0..9_999 {
        let options = TenantOptions { name: Some(format!("worker-{number}")), ..TenantOptions::default() };
        let own = tenants.make(options).unwrap();
        own.world().user(&format!("somebody-{number}"));
    }
    let page = text(&tenants);
    assert_eq!(series(&page), few);
    assert_eq!(value(&page, "nexus_sandbox_tenants") as u64, 10_000);
    for word in ["MIC-", "USR-", "worker", "somebody", "user-1", "sandbox-client"] {
        assert!(!page.contains(word), "{word}");
    }
}
