//! Tenants have subscriptions, deliveries and faults of their own, and each is sent what is its own.

use std::sync::{Mutex, mpsc};
use std::time::Duration;

use nexus_sandbox::{Options, Sandbox, Subscription, Tenant, TenantOptions, WebhookEffect, WebhookFault};
use serde_json::json;

use crate::hook::Hook;
use crate::support::*;

fn tenant(sandbox: &Sandbox, name: &str) -> Tenant {
    let mut options = TenantOptions::default();
    options.name = Some(name.to_owned());
    sandbox.tenant(options).unwrap()
}

#[test]
fn each_tenant_gets_its_own_events() {
    let firsts = Hook::always(204);
    let mut options = Options::default();
    options.webhooks = vec![Subscription::new(&firsts.url)];
    let sandbox = Sandbox::start(options).unwrap();
    let hooks: Vec<Hook> = (0..8).map(|_| Hook::always(500)).collect();
    let tenants: Vec<Tenant> = (0..8).map(|number| tenant(&sandbox, &format!("t{number}"))).collect();
    std::thread::scope(|scope| {
        for (tenant, hook) in tenants.iter().zip(&hooks) {
            scope.spawn(|| {
                let caller = Caller::with(&sandbox, tenant.credentials().session_token.clone());
                let path = format!("t/{}/webhooks", tenant.name());
                assert_eq!(caller.admin("POST", &path, &format!(r#"{{"url":"{}"}}"#, hook.url)), json!({"id": 1}));
                caller.preinitiated("a@example.com");
                let then = caller.admin("POST", &format!("t/{}/advance", tenant.name()), r#"{"seconds":86400}"#);
                assert_eq!(then, json!({"now": "2026-01-06T09:00:00.000Z"}));
            });
        }
    });
    let mut bodies: Vec<Vec<u8>> = Vec::new();
    for hook in &hooks {
        let got = hook.got();
        assert_eq!(got.len(), 13);
        assert!(got.iter().all(|one| one.body == got[0].body));
        bodies.push(got[0].body.clone());
    }
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 8, "each with a guid of its own");
    // Whoever gets the first world's events gets nobody else's.
    assert!(firsts.got().is_empty());
    Caller::new(&sandbox).preinitiated("a@example.com");
    sandbox.advance(Duration::ZERO);
    assert_eq!(firsts.got().len(), 1);
}

#[test]
fn a_receiver_that_is_slow_holds_nobody_elses_clock_and_a_deleted_tenant_sends_no_more() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (one, two) = (tenant(&sandbox, "one"), tenant(&sandbox, "two"));
    let (told, arrived) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let may_go = Mutex::new(may_go);
    let slow = Hook::new(move |_, _| {
        told.send(()).unwrap();
        let _ = may_go.lock().unwrap().recv_timeout(PATIENCE);
        "500".to_owned()
    });
    let quick = Hook::always(204);
    for (tenant, hook) in [(&one, &slow), (&two, &quick)] {
        tenant.with_world(|world| world.subscribe(Subscription::new(&hook.url))).unwrap();
        Caller::with(&sandbox, tenant.credentials().session_token.clone()).made("333312345");
    }
    arrived.recv_timeout(PATIENCE).unwrap();
    two.with_world(|world| world.add_webhook_fault(WebhookFault::nth(1, WebhookEffect::Drop)));
    two.advance(Duration::from_secs(120));
    assert_eq!(quick.statuses(), ["INITIATED", "DEPOSITED"]);
    // The other one is gone while its receiver still thinks.
    assert!(one.delete());
    go.send(()).unwrap();
    two.advance(Duration::from_secs(86_400));
    assert!(slow.got().len() <= 1, "no retry");
}
