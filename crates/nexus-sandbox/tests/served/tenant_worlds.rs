//! What a world can do, in a tenant's world: export and import, scenarios, long lists, lines of the log.

use std::sync::Mutex;

use crate::support::*;
use nexus_sandbox::{Options, Policy, Sandbox, Serving, Tenant, TenantOptions};
use serde_json::{Value, json};

const JSON: (&str, &[u8]) = ("Content-Type", b"application/json");

fn made(sandbox: &Sandbox, name: &str, policy: Policy) -> (Tenant, Caller) {
    let mut wanted = TenantOptions::default();
    (wanted.name, wanted.policy) = (Some(name.to_owned()), Some(policy));
    let tenant = sandbox.tenant(wanted).unwrap();
    let caller = Caller::with(sandbox, tenant.credentials().session_token.clone());
    (tenant, caller)
}

fn admin(caller: &Caller, name: &str, method: &str, path: &str, body: &str) -> Received {
    caller.raw(method, &format!("/_sandbox/t/{name}/{path}"), &[JSON], body.as_bytes())
}

/// A session of this user, by the tenant's own client and key.
fn session(caller: &Caller, tenant: &Tenant, user: &str) -> String {
    let own = tenant.credentials();
    let path = format!("/{}/users/{user}/api_token.json", own.client_id);
    let token = value(&caller.raw("GET", &path, &[("MD-API-KEY", own.api_key.as_bytes())], b""), 200);
    let token = token["api_token"]["token"].as_str().unwrap().to_owned();
    let opened = value(&caller.raw("POST", "/sessions", &[("MD-API-TOKEN", token.as_bytes())], b""), 200);
    opened["session"]["token"].as_str().unwrap().to_owned()
}

#[test]
fn a_tenant_becomes_another_and_is_still_reached_by_its_own_key() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (one, caller) = made(&sandbox, "one", Policy { body_limit: 1000, ..Policy::default() });
    let (two, other) = made(&sandbox, "two", Policy::default());
    caller.made("333310022345");
    one.with_world(|world| world.reset());
    let guid = caller.made("333310022345");
    let worker = session(&caller, &one, "worker");
    Caller::with(&sandbox, worker.clone()).made("44556677");
    let stale = other.made("333312345");
    let export = admin(&caller, "one", "GET", "export", "").2;
    for number in 0..5 {
        caller.made(&format!("7777{number}"));
    }
    // Longer than a body of either tenant may be.
    let long = admin(&caller, "one", "GET", "export", "").2;
    assert!(long.len() > 5000 && !long.contains("10022345"));
    value(&admin(&caller, "one", "POST", "import", &long), 200);
    value(&admin(&other, "two", "POST", "import", &export), 200);
    assert_eq!(admin(&other, "two", "GET", "export", "").2, export, "the same bytes in a world of another name");
    // The import has brought its limit of bodies.
    assert_eq!(admin(&other, "two", "POST", "advance", &" ".repeat(1001)).0, 413);
    // The credentials that were told at the beginning open the imported world; tokens of the exported one do not.
    assert_eq!(other.ask("GET", &format!("/micro_deposits/{guid}"), "").0, 200);
    assert_eq!(other.ask("GET", &format!("/micro_deposits/{stale}"), "").0, 404);
    let again = session(&other, &two, "worker");
    assert!(again != worker && again[..8] == two.credentials().session_token[..8]);
    let listed = Caller::with(&sandbox, again).get("GET", "/micro_deposits", "");
    assert_eq!(listed["micro_deposits"].as_array().unwrap().len(), 1, "{listed}");
    // Either goes its own way.
    assert_eq!(
        Caller::with(&sandbox, worker).get("GET", "/micro_deposits", "")["micro_deposits"][0],
        listed["micro_deposits"][0]
    );
    value(&admin(&other, "two", "POST", "advance", r#"{"seconds":120}"#), 200);
    assert_eq!(caller.get("GET", &format!("/micro_deposits/{guid}"), "")["micro_deposit"]["status_name"], "INITIATED");
    assert_eq!(other.get("GET", &format!("/micro_deposits/{guid}"), "")["micro_deposit"]["status_name"], "DEPOSITED");
    // And the first world, which is a tenant like the others.
    let first = Caller::new(&sandbox);
    value(&admin(&first, "default", "POST", "import", &export), 200);
    assert_eq!(first.raw("GET", "/_sandbox/export", &[], b"").2, export);
    assert_eq!(first.ask("GET", &format!("/micro_deposits/{guid}"), "").0, 200);
    let listed = value(&first.raw("GET", "/_sandbox/tenants", &[], b""), 200);
    assert_eq!(listed["tenants"][2]["microdeposits"], 2);
}

#[test]
fn a_scenario_is_a_tenants_own() {
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (_, one) = made(&sandbox, "one", Policy::default());
    let (_, two) = made(&sandbox, "two", Policy::default());
    let run = value(&admin(&one, "one", "POST", "scenarios/happy", r#"{"user_id":"somebody"}"#), 200);
    assert_eq!((&run["as_promised"], &run["micro_deposits"][0]["status"]), (&json!(true), &json!("VERIFIED")));
    assert_eq!(admin(&one, "one", "GET", "scenarios", ""), admin(&two, "two", "GET", "scenarios", ""));
    let state = |caller: &Caller, name| value(&admin(caller, name, "GET", "state", ""), 200);
    assert_eq!(state(&one, "one")["counts"]["VERIFIED"], 1);
    assert_eq!(
        (&state(&two, "two")["counts"]["VERIFIED"], &state(&two, "two")["now"]),
        (&json!(0), &json!("2026-01-05T09:00:00.000Z"))
    );
    assert_eq!(sandbox.with_world(|world| world.created()), 0);
}

#[test]
fn a_tenants_long_list_comes_in_parts_and_does_not_hold_others_up() {
    const COUNT: usize = 20_000;
    let sandbox = Sandbox::start(Options::default()).unwrap();
    let (tenant, caller) = made(&sandbox, "long", Policy { requests: 0, ..Policy::default() });
    let token = tenant.credentials().session_token.clone();
    tenant.with_world(|world| {
        for number in 0..COUNT {
            let body = format!(
                r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"Boy","email":"user{number}@example.com"}}}}"#
            );
            let mut call = nexus_sandbox::Call::new("POST", "/micro_deposits");
            (call.session_token, call.content_type) = (Some(&*token), Some(nexus_types::MEDIA_TYPE));
            call.body = body.as_bytes();
            assert_eq!(world.respond(&call).status, 200);
        }
    });
    // Asked for, and not read yet.
    let mut wire = Wire::new(&sandbox);
    wire.write(
        format!("GET /micro_deposits HTTP/1.1\r\nHost: {}\r\nMD-SESSION-TOKEN: {token}\r\n\r\n", host(&sandbox))
            .as_bytes(),
    );
    assert!(wire.line().contains(" 200 "));
    assert_eq!(caller.made("333312345").len(), 40);
    assert_eq!(Caller::new(&sandbox).made("333312345").len(), 40);
    // Deleted meanwhile: what was begun is completed.
    assert!(tenant.delete());
    let rest = wire.chunks();
    let list: Value = serde_json::from_str(&rest).unwrap();
    assert_eq!(list["micro_deposits"].as_array().unwrap().len(), COUNT);
    assert_eq!(caller.ask("GET", "/micro_deposits", "").0, 401);
}

static LINES: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

#[test]
fn lines_of_the_log_say_whose_they_are() {
    let mut serving = Serving::default();
    serving.log = Some(|name, line| LINES.lock().unwrap().push((name.to_owned(), line.to_owned())));
    let sandbox = Sandbox::start_with(Options::default(), serving).unwrap();
    let (_, one) = made(&sandbox, "one", Policy::default());
    one.made("333312345");
    value(&admin(&one, "one", "POST", "reset", ""), 200);
    assert_eq!(one.ask("GET", "/micro_deposit", "").0, 404);
    Caller::new(&sandbox).made("333312345");
    let export = admin(&one, "one", "GET", "export", "").2;
    value(&admin(&one, "one", "POST", "import", &export), 200);
    assert_eq!(one.ask("GET", "/micro_deposits", "").0, 200);
    let lines = LINES.lock().unwrap().clone();
    let names: Vec<&str> = lines.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["one", "one", "default", "one"], "{lines:?}");
    assert!(lines.iter().all(|(_, line)| !line.contains("3333") && !line.contains("Josh")), "{lines:?}");
}
