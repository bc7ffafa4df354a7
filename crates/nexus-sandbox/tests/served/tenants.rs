//! Tenants: worlds that share an address and nothing else.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use crate::support::*;
use nexus_sandbox::{Options, Policy, Sandbox, TenantOptions};
use serde_json::{Value, json};

const JSON: (&str, &[u8]) = ("Content-Type", b"application/json");

fn started(seed: u64) -> Sandbox {
    let mut options = Options::default();
    options.seed = seed;
    Sandbox::start(options).unwrap()
}

/// A tenant as somebody sees it who made it by the admin interface.
struct Own {
    caller: Caller,
    name: String,
    told: Value,
}

impl Own {
    fn new(sandbox: &Sandbox, wanted: &Value) -> Own {
        let mut caller = Caller::new(sandbox);
        let made = caller.raw("POST", "/_sandbox/tenants", &[JSON], wanted.to_string().as_bytes());
        let told = value(&made, 200);
        caller.session = told["session_token"].as_str().unwrap().to_owned();
        Own { caller, name: told["name"].as_str().unwrap().to_owned(), told }
    }

    fn admin(&self, method: &str, path: &str, body: &str) -> Received {
        self.caller.raw(method, &format!("/_sandbox/t/{}/{path}", self.name), &[JSON], body.as_bytes())
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Value {
        value(&self.admin(method, path, body), 200)
    }

    fn text(&self, name: &str) -> &str {
        self.told[name].as_str().unwrap()
    }

    /// The status of a call of the SSO API with this client's identifier and that key.
    fn sso(&self, client: &str, key: &str) -> Received {
        let path = format!("/{client}/users/user-1/api_token.json");
        self.caller.raw("GET", &path, &[("MD-API-KEY", key.as_bytes())], b"")
    }
}

#[test]
fn a_tenant_is_told_as_the_sandbox_itself_is() {
    let sandbox = started(7);
    let own = Own::new(&sandbox, &json!({"name": "worker-1"}));
    let first: Value = serde_json::from_str(&sandbox.to_json()).unwrap();
    let mut wanted: Vec<&String> = first.as_object().unwrap().keys().collect();
    let name = "name".to_owned();
    wanted.push(&name);
    wanted.sort();
    assert_eq!(own.told.as_object().unwrap().keys().collect::<Vec<_>>(), wanted);
    assert_eq!((own.text("url"), own.text("sso_url")), (sandbox.url(), sandbox.url()));
    assert_eq!((own.text("client_id"), own.text("user_id")), ("sandbox-client-worker-1", "user-1"));
    assert!(own.text("api_key").starts_with("sandbox_") && own.text("api_key").len() == 40);
    assert_eq!(own.text("session_token").len(), 86);
    let token = value(&own.sso(own.text("client_id"), own.text("api_key")), 200);
    let token = token["api_token"]["token"].as_str().unwrap();
    let session = value(&own.caller.raw("POST", "/sessions", &[("MD-API-TOKEN", token.as_bytes())], b""), 200);
    let again = Caller::with(&sandbox, session["session"]["token"].as_str().unwrap().to_owned());
    let guid = own.caller.made("333312345");
    assert_eq!(again.ask("GET", &format!("/micro_deposits/{guid}"), "").0, 200);
    let unnamed = [0; 2].map(|_| Own::new(&sandbox, &json!({})).name);
    assert_eq!(unnamed, ["tenant-1", "tenant-2"]);
    let listed = value(&own.caller.raw("GET", "/_sandbox/tenants", &[], b""), 200);
    let names: Vec<&Value> = listed["tenants"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["default", "tenant-1", "tenant-2", "worker-1"]);
    assert_eq!((&listed["tenants"][3]["microdeposits"], &listed["tenants"][3]["seed"]), (&json!(1), &json!(7)));
    for secret in [own.text("api_key"), own.text("session_token")] {
        assert!(!listed.to_string().contains(secret));
    }
}

#[test]
fn what_is_one_tenants_opens_nothing_of_another() {
    let sandbox = started(0);
    // The same seed: what they would hand out alone is alike.
    let [one, two] = ["one", "two"].map(|name| Own::new(&sandbox, &json!({"name": name, "seed": 0})));
    let first = Caller::new(&sandbox);
    let guids = [one.caller.made("333312345"), two.caller.made("333312345"), first.made("333312345")];
    let callers = [&one.caller, &two.caller, &first];
    for (at, caller) in callers.iter().enumerate() {
        for (of, guid) in guids.iter().enumerate() {
            let wanted = if at == of { 200 } else { 404 };
            assert_eq!(caller.ask("GET", &format!("/micro_deposits/{guid}"), "").0, wanted);
            let put = caller.ask("PUT", &format!("/micro_deposits/{guid}"), WRONG).0;
            assert_eq!(put, if at == of { 409 } else { 404 });
        }
        assert_eq!(caller.get("GET", "/micro_deposits", "")["micro_deposits"].as_array().unwrap().len(), 1);
    }
    for (of, own) in [&one, &two].into_iter().enumerate() {
        for (at, guid) in guids.iter().enumerate() {
            let wanted = if at == of { 200 } else { 404 };
            assert_eq!(own.admin("GET", &format!("state/{guid}"), "").0, wanted);
            assert_eq!(own.admin("GET", &format!("deposits/{guid}"), "").0, wanted);
        }
    }
    let (client_one, client_two) = (one.text("client_id"), two.text("client_id"));
    for (client, key, status) in [
        (client_one, one.text("api_key"), 200),
        (client_two, one.text("api_key"), 401),
        (client_one, two.text("api_key"), 401),
        ("sandbox-client", one.text("api_key"), 401),
        (client_one, &sandbox.credentials().api_key, 401),
        (client_one, "sandbox_", 401),
        (client_one, "", 401),
    ] {
        assert_eq!(one.sso(client, key).0, status, "{client}");
    }
    let strange = one.sso(client_one, "0123456789abcdef0123456789abcdef01234567");
    assert!(strange.0 == 401 && strange.2.contains("may be a real one"), "{}", strange.2);
    for request in ["requests", "state", "events"] {
        assert!(!one.admin("GET", request, "").2.contains("0123456789abcdef"), "{request}");
    }
}

#[test]
fn clock_faults_policy_and_reset_are_a_tenants_own() {
    let sandbox = started(0);
    let one = Own::new(&sandbox, &json!({"name": "one", "policy": {"deposit_amounts": ["0.03", "0.07"]}}));
    let two = Own::new(&sandbox, &json!({"name": "two"}));
    let guids = [&one, &two].map(|own| own.caller.made("333312345"));
    one.ask("POST", "advance", r#"{"seconds":120}"#);
    one.ask("POST", "faults", r#"{"effect":"status","status":503,"operation":"list"}"#);
    assert_eq!(one.ask("GET", "state", "")["now"], "2026-01-05T09:02:00.000Z");
    assert_eq!(two.ask("GET", "state", "")["now"], "2026-01-05T09:00:00.000Z");
    let first = Caller::new(&sandbox);
    assert_eq!(first.get("GET", "/_sandbox/state", "")["now"], "2026-01-05T09:00:00.000Z");
    assert_eq!(one.caller.ask("GET", "/micro_deposits", "").0, 503);
    assert_eq!((two.caller.ask("GET", "/micro_deposits", "").0, first.ask("GET", "/micro_deposits", "").0), (200, 200));
    assert_eq!(one.ask("GET", &format!("deposits/{}", guids[0]), "")["deposit_amount_2"], 0.07);
    assert_eq!(two.ask("GET", "faults", "")["faults"], json!([]));
    let received = |own: &Own| own.ask("GET", "requests", "")["requests"].as_array().unwrap().len();
    assert_eq!((received(&one), received(&two)), (2, 2));
    one.ask("POST", "reset", "");
    assert_eq!(one.caller.ask("GET", &format!("/micro_deposits/{}", guids[0]), "").0, 404);
    assert_eq!(two.caller.ask("GET", &format!("/micro_deposits/{}", guids[1]), "").0, 200);
    one.ask("POST", "sessions/expire", "");
    assert_eq!(
        (one.caller.ask("GET", "/micro_deposits", "").0, two.caller.ask("GET", "/micro_deposits", "").0),
        (401, 200)
    );
}

/// A mixed life of one tenant, step by step; all bytes that it saw.
struct Life {
    own: Own,
    chance: fastrand::Rng,
    guids: Vec<String>,
    seen: Vec<String>,
}

impl Life {
    fn new(sandbox: &Sandbox, number: u64) -> Life {
        // Half of the tenants share a seed with others.
        let own = Own::new(sandbox, &json!({"name": format!("life-{number}"), "seed": number / 2}));
        let mut told = own.told.clone();
        for address in ["url", "sso_url", "console_url"] {
            // The port is another with each start.
            told[address].take();
        }
        let (guids, seen) = (vec!["MIC-unknown".to_owned()], vec![told.to_string()]);
        Life { own, chance: fastrand::Rng::with_seed(number), guids, seen }
    }

    fn step(&mut self) {
        let guid = self.guids[self.chance.usize(..self.guids.len())].clone();
        let account = format!("{}{}", ["3333", "1000"][self.chance.usize(..2)], self.chance.u8(..));
        let caller = &self.own.caller;
        let received = match self.chance.u8(..12) {
            0..=2 => caller.ask("POST", "/micro_deposits", &creation(&account)),
            3 | 4 => caller.ask("GET", &format!("/micro_deposits/{guid}"), ""),
            5 => caller.ask("PUT", &format!("/micro_deposits/{guid}"), [RIGHT, WRONG][self.chance.usize(..2)]),
            6 => caller.ask("GET", "/micro_deposits", ""),
            7 => self.own.admin("POST", "advance", r#"{"seconds":1500}"#),
            8 => self.own.admin("GET", &format!("deposits/{guid}"), ""),
            9 => self.own.admin("GET", ["events", "requests", "state"][self.chance.usize(..3)], ""),
            10 if self.chance.u8(..4) == 0 => self.own.admin("POST", "reset", ""),
            10 => self.own.admin("POST", "faults", r#"{"effect":"truncated","probability":0.05,"times":1}"#),
            _ => {
                let client = self.own.text("client_id");
                let path = format!("/{client}/users/person-{account}/api_token.json");
                caller.raw("GET", &path, &[("MD-API-KEY", self.own.text("api_key").as_bytes())], b"")
            }
        };
        if let Ok(body) = serde_json::from_str::<Value>(&received.2) {
            self.guids.extend(body["micro_deposit"]["guid"].as_str().map(str::to_owned));
        }
        self.seen.push(format!("{} {}", received.0, received.2));
    }
}

#[test]
fn fifty_tenants_interleaved_see_what_each_sees_alone() {
    const TENANTS: u64 = 50;
    const STEPS: usize = 40;
    let sandbox = started(0);
    let mut order = fastrand::Rng::with_seed(1);
    let mut lives: Vec<Life> = (0..TENANTS).map(|number| Life::new(&sandbox, number)).collect();
    let mut left: Vec<usize> = (0..lives.len()).flat_map(|life| [life; STEPS]).collect();
    order.shuffle(&mut left);
    for life in left {
        lives[life].step();
    }
    let successes = lives.iter().flat_map(|life| &life.seen).filter(|seen| seen.starts_with("200")).count();
    assert!(successes > 1000, "{successes}");
    for (number, life) in (0..TENANTS).zip(&lives) {
        let other = started(0);
        let mut alone = Life::new(&other, number);
        (0..STEPS).for_each(|_| alone.step());
        assert_eq!(alone.seen, life.seen, "tenant {number}");
    }
}

#[test]
fn an_afternoon_of_eight_workers_with_twenty_five_tests_each() {
    let sandbox = started(0);
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for worker in 0..8 {
            let (sandbox, start) = (&sandbox, &start);
            scope.spawn(move || {
                start.wait();
                for test in 0..25 {
                    one_test(sandbox, &format!("worker-{worker}-test-{test}"));
                }
            });
        }
    });
    let listed = value(&Caller::new(&sandbox).raw("GET", "/_sandbox/tenants", &[], b""), 200);
    assert_eq!(listed["tenants"].as_array().unwrap().len(), 1, "each cleaned up after itself");
    assert_eq!(sandbox.with_world(|world| (world.created(), world.requests_received())), (0, 0));
}

/// What a test does that would spoil those of others on the same world: the same account, the clock, faults, a reset.
fn one_test(sandbox: &Sandbox, name: &str) {
    let own = Own::new(sandbox, &json!({"name": name}));
    let guid = own.caller.made("333312345");
    let shown = |guid: &str| {
        own.caller.get("GET", &format!("/micro_deposits/{guid}"), "")["micro_deposit"]["status_name"].clone()
    };
    assert_eq!(shown(&guid), "INITIATED", "{name}: nobody else's clock");
    own.ask("POST", "advance", r#"{"seconds":120}"#);
    assert_eq!(shown(&guid), "DEPOSITED", "{name}");
    own.ask("POST", "faults", r#"{"effect":"status","status":503,"operation":"verify","nth":1}"#);
    let verify = |amounts| own.caller.ask("PUT", &format!("/micro_deposits/{guid}"), amounts).0;
    assert_eq!((verify(WRONG), verify(WRONG), verify(RIGHT)), (503, 200, 200), "{name}: nobody else's fault");
    assert_eq!(shown(&guid), "VERIFIED", "{name}");
    own.ask("POST", "reset", "");
    let again = own.caller.made("333312345");
    assert_eq!(shown(&again), "INITIATED", "{name}: no conflict with another's");
    assert_eq!(own.caller.get("GET", "/micro_deposits", "")["micro_deposits"].as_array().unwrap().len(), 1, "{name}");
    assert_eq!(value(&own.caller.raw("DELETE", &format!("/_sandbox/tenants/{name}"), &[], b""), 200), json!({}));
    assert_eq!(own.caller.ask("GET", "/micro_deposits", "").0, 401, "{name}: gone");
}

#[test]
fn a_tenant_of_a_name_that_was_deleted_is_a_new_one() {
    let sandbox = started(0);
    let mut past: Vec<(String, Value)> = Vec::new();
    for _ in 0..3 {
        let own = Own::new(&sandbox, &json!({"name": "again"}));
        let guid = own.caller.made("333312345");
        for (stale, told) in &past {
            assert_ne!(*stale, guid);
            assert_eq!(own.caller.ask("GET", &format!("/micro_deposits/{stale}"), "").0, 404);
            let before = Caller::with(&sandbox, told["session_token"].as_str().unwrap().to_owned());
            assert_eq!(before.ask("GET", "/micro_deposits", "").0, 401);
            assert_eq!(own.sso(own.text("client_id"), told["api_key"].as_str().unwrap()).0, 401);
        }
        past.push((guid, own.told.clone()));
        assert_eq!(own.caller.raw("DELETE", "/_sandbox/tenants/again", &[], b"").0, 200);
        assert_eq!(own.admin("GET", "state", "").0, 404);
    }
}

#[test]
fn a_tenant_in_the_process() {
    let sandbox = started(0);
    let mut wanted = TenantOptions::default();
    wanted.policy = Some(Policy { known_users_only: true, ..Policy::default() });
    (wanted.name, wanted.seed) = (Some("a".to_owned()), Some(9));
    let tenant = sandbox.tenant(wanted.clone()).unwrap();
    assert_eq!((tenant.name(), tenant.url()), ("a", sandbox.url()));
    assert_eq!(sandbox.tenant(wanted).unwrap_err().field(), "name");
    let caller = Caller::with(&sandbox, tenant.credentials().session_token.clone());
    caller.made("333312345");
    tenant.advance(Duration::from_secs(60));
    assert_eq!(
        tenant.with_world(|world| (world.created(), world.now().as_str().to_owned())).1,
        "2026-01-05T09:01:00.000Z"
    );
    assert_eq!(sandbox.with_world(|world| world.created()), 0);
    let told: Value = serde_json::from_str(&tenant.to_json()).unwrap();
    assert_eq!((&told["name"], &told["api_key"]), (&json!("a"), &json!(tenant.credentials().api_key)));
    assert!(!format!("{tenant:?} {sandbox:?}").contains(&tenant.credentials().api_key));
    let same = tenant.clone();
    assert!(tenant.delete() && !same.delete(), "once");
    assert_eq!(caller.ask("GET", "/micro_deposits", "").0, 401);
}

#[test]
fn a_tenant_whose_time_is_over_is_gone() {
    let sandbox = started(0);
    let mut wanted = TenantOptions::default();
    (wanted.name, wanted.lives) = (Some("short".to_owned()), Some(Duration::from_millis(50)));
    let short = sandbox.tenant(wanted).unwrap();
    let caller = Caller::with(&sandbox, short.credentials().session_token.clone());
    while caller.ask("GET", "/micro_deposits", "").0 == 200 {
        thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(caller.raw("GET", "/_sandbox/t/short/state", &[], b"").0, 404);
    let long = Own::new(&sandbox, &json!({"name": "short", "ttl_seconds": 600}));
    assert!(!short.delete(), "another has the name now");
    let listed = value(&long.caller.raw("GET", "/_sandbox/tenants", &[], b""), 200);
    assert!((500..=600).contains(&listed["tenants"][1]["seconds_left"].as_u64().unwrap()), "{listed}");
}

#[test]
fn bad_requests_for_tenants() {
    let sandbox = started(0);
    let own = Own::new(&sandbox, &json!({"name": "there"}));
    for (method, path, body, status, names) in [
        ("POST", "tenants", "{", 400, "body"),
        ("POST", "tenants", r#"{"nam":"x"}"#, 400, "nam"),
        ("POST", "tenants", r#"{"name":""}"#, 400, "name"),
        ("POST", "tenants", r#"{"name":"a/b"}"#, 400, "name"),
        ("POST", "tenants", r#"{"name":".."}"#, 400, "name"),
        ("POST", "tenants", r#"{"name":7}"#, 400, "name"),
        ("POST", "tenants", r#"{"name":"there"}"#, 409, "name"),
        ("POST", "tenants", r#"{"name":"default"}"#, 409, "name"),
        ("POST", "tenants", r#"{"seed":-1}"#, 400, "seed"),
        ("POST", "tenants", r#"{"seed":18446744073709551616}"#, 400, "seed"),
        ("POST", "tenants", r#"{"ttl_seconds":0}"#, 400, "ttl_seconds"),
        ("POST", "tenants", r#"{"ttl_seconds":31536001}"#, 400, "ttl_seconds"),
        ("POST", "tenants", r#"{"ttl_seconds":1.5}"#, 400, "ttl_seconds"),
        (
            "POST",
            "tenants",
            r#"{"policy":{"amount_odrer":"any"}}"#,
            400,
            "policy is refused: amount_odrer is not a field of a policy; did you mean amount_order?",
        ),
        (
            "POST",
            "tenants",
            r#"{"policy":{"amount_order":"333312345"}}"#,
            400,
            "policy is refused: amount_order must be any or exact",
        ),
        (
            "POST",
            "tenants",
            r#"{"policy":{"base":"observd"}}"#,
            400,
            "policy is refused: base must be default, documented, observed",
        ),
        ("POST", "tenants", r#"{"policy":7}"#, 400, "policy must be a JSON object"),
        ("PUT", "tenants", "{}", 405, "method"),
        ("GET", "tenants/there", "", 405, "method"),
        ("DELETE", "tenants/nobody", "", 404, "found"),
        ("DELETE", "tenants/default", "", 409, "first"),
        ("GET", "t/nobody/state", "", 404, "tenant"),
        ("GET", "t/there/nowhere", "", 404, "found"),
        ("GET", "t/there", "", 404, "found"),
        ("POST", "t/there/tenants", "{}", 404, "found"),
    ] {
        let error = value(&own.caller.raw(method, &format!("/_sandbox/{path}"), &[JSON], body.as_bytes()), status);
        let message = error["error"]["message"].as_str().unwrap();
        assert!(message.contains(names) && !message.contains("3333"), "{method} {path} {body}: {message}");
    }
    let huge = vec![b' '; 65_537];
    assert_eq!(own.caller.raw("POST", "/_sandbox/tenants", &[JSON], &huge).0, 413);
    assert_eq!(own.ask("GET", "state", "")["deleted"], 0);
}
