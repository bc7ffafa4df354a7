//! `/_sandbox/tenants`: tenants by the admin interface.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::console;
use crate::json_reader::{Object, Problem};
use crate::policy::Policy;
use crate::routes::{Route, Target};
use crate::server::metrics;
use crate::server::own_world::OwnWorld;
use crate::server::tenant::told;
use crate::server::tenant_options::{Refusal, TenantOptions};
use crate::server::tenants::{FIRST, Tenants};

pub(crate) const FIELDS: [&str; 4] = ["name", "seed", "policy", "ttl_seconds"];

/// Responds to a request for one of the server's own routes.
pub(crate) fn respond(tenants: &Tenants, url: &str, call: &Call<'_>, route: &'static Route, name: &str) -> Reply {
    if !route.methods.contains(&call.method) {
        let mut reply = Reply::refusal(405, "This path has no such method.");
        reply.allow = Some(route.allow);
        return reply;
    }
    if call.body.len() > tenants.first().body_limit(Some(route)) {
        return Reply::refusal(413, "The body is too large.");
    }
    match (route.target, call.method) {
        (Target::Metrics, _) => metrics::respond(tenants),
        (Target::Root, _) => console::redirect("/_sandbox/console/"),
        (Target::Tenants, "GET") => {
            let now = Instant::now();
            let shown: Vec<Value> = tenants.all().iter().map(|own| listed(own, now)).collect();
            Reply::admin(&json!({"tenants": shown}))
        }
        (Target::Tenants, "POST") => match wanted(call.body) {
            Ok(wanted) => made(tenants.make(wanted), url),
            Err(problem) => Reply::problem(&problem),
        },
        (Target::Tenant, "DELETE") if name == FIRST => {
            Reply::refusal(409, "The first tenant is the sandbox itself: it ends with it. Reset it instead.")
        }
        (Target::Tenant, "DELETE") if tenants.remove(name) => Reply::admin(&json!({})),
        _ => Reply::not_found(),
    }
}

/// The response where a path names no tenant that there is.
pub(crate) fn unknown() -> Reply {
    Reply::refusal(404, "There is no tenant of this name.")
}

fn made(made: Result<Arc<OwnWorld>, Refusal>, url: &str) -> Reply {
    match made {
        Ok(own) => Reply::admin(&told(url, &own)),
        Err(Refusal::Input(error)) => Reply::refusal(400, &format!("{} {}", error.field(), error.rule())),
        Err(Refusal::Taken) => Reply::refusal(409, "There is a tenant of this name already."),
        Err(Refusal::Full) => Reply::refusal(503, "This sandbox holds no more tenants."),
    }
}

/// No body, or `{"name":"worker-1","seed":7,"policy":{},"ttl_seconds":600}` with any of the fields.
fn wanted(body: &[u8]) -> Result<TenantOptions, Problem> {
    let mut wanted = TenantOptions::default();
    if body.is_empty() {
        return Ok(wanted);
    }
    let body = Object::body(body, &FIELDS)?;
    let whole = |name, rule| {
        let number = body.number(name)?.map(|text| text.parse::<u64>().map_err(|_| Problem::new(name, rule)));
        number.transpose()
    };
    wanted.name = body.text("name")?.map(|name| name.into_owned());
    wanted.seed = whole("seed", "must be 0 or more, and below 2 to the power of 64")?;
    wanted.lives = whole("ttl_seconds", "must be 1 to 31536000")?.map(Duration::from_secs);
    let policy = body.raw("policy").map(|text| Policy::from_json(text.as_bytes())).transpose();
    wanted.policy = policy.map_err(|error| Problem::new("policy", error.rule().to_owned()))?;
    Ok(wanted)
}

/// Nothing secret: whoever made the tenant was given its key.
fn listed(own: &OwnWorld, now: Instant) -> Value {
    let (seed, now_there, created) = {
        let world = own.world_now();
        (world.seed(), world.now(), world.created())
    };
    json!({
        "name": own.name,
        "client_id": own.credentials.client_id,
        "seed": seed,
        "now": now_there.as_str(),
        "microdeposits": created,
        "seconds_left": own.ends.map(|ends| ends.saturating_duration_since(now).as_secs()),
    })
}
