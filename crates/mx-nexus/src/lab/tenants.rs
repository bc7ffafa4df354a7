//! Tenants and scenarios.

use serde_json::{Value, json};

use super::admin::{Admin, segment};
use super::happenings::coloured;
use super::told::{table, text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lab_args::Tenants;
use crate::output::Output;

pub(super) fn run(admin: &Admin, word: &Tenants, output: Output) -> Result<Exit, Failure> {
    match word {
        Tenants::List => {
            let told = admin.get("tenants")?;
            let row = |one: &Value| {
                let left = one["seconds_left"].as_u64().map_or_else(|| "-".to_owned(), |left| format!("{left}s"));
                vec![text(one, "name"), text(one, "client_id"), text(one, "now"), text(one, "microdeposits"), left]
            };
            let all = told["tenants"].as_array().map(Vec::as_slice).unwrap_or_default();
            let head = ["NAME", "CLIENT", "NOW", "MICRODEPOSITS", "ENDS IN"];
            output.result(table(&head, all.iter().map(row)), &told)?;
        }
        Tenants::Make { name, seed, policy, ttl } => {
            let policy = policy.as_deref().map(read_policy).transpose()?;
            let mut body =
                json!({"name": name, "seed": seed, "policy": policy, "ttl_seconds": ttl.map(|ttl| ttl.as_secs())});
            if let Value::Object(fields) = &mut body {
                fields.retain(|_, value| !value.is_null());
            }
            let told = admin.post("tenants", &body)?;
            // They open nothing but this sandbox.
            let lines = format!(
                "tenant {}\n  export NEXUS_BASE_URL={}\n  export NEXUS_CLIENT_ID={} NEXUS_USER_ID={}\n  \
                 export NEXUS_API_KEY={}\n",
                text(&told, "name"),
                text(&told, "url"),
                text(&told, "client_id"),
                text(&told, "user_id"),
                text(&told, "api_key"),
            );
            output.result(lines, &told)?;
        }
        Tenants::Delete { name } => {
            let told = admin.delete(&format!("tenants/{}", segment(name)))?;
            output.result("deleted", &told)?;
        }
    }
    Ok(Exit::Done)
}

fn read_policy(file: &str) -> Result<Value, Failure> {
    let text = std::fs::read(file);
    let text = text.map_err(|error| Failure::input("policy", format!("the file cannot be read: {}", error.kind())))?;
    serde_json::from_slice(&text).map_err(|_| Failure::input("policy", "is not JSON"))
}

pub(super) fn scenarios(admin: &Admin, output: Output) -> Result<Exit, Failure> {
    let told = admin.get("scenarios")?;
    let mut out = String::new();
    for one in told["scenarios"].as_array().into_iter().flatten() {
        let ends = one["ends"].as_str().map_or_else(|| "deleted".to_owned(), coloured);
        out.push_str(&format!("{}  {ends}\n  {}\n", text(one, "name"), text(one, "title")));
        for step in one["steps"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            out.push_str(&format!("  - {}\n", crate::render::clean(step)));
        }
    }
    output.result(out, &told)?;
    Ok(Exit::Done)
}

pub(super) fn scenario(admin: &Admin, name: &str, user: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let body = user.map_or_else(|| json!({}), |user| json!({"user_id": user}));
    let told = admin.post(&format!("scenarios/{}", segment(name)), &body)?;
    let mut out = String::new();
    for step in told["steps"].as_array().into_iter().flatten() {
        let mark = if step["done"] == true { "done" } else { "NOT DONE" };
        out.push_str(&format!("{}  {mark}  {}\n", text(step, "at"), text(step, "text")));
    }
    for one in told["micro_deposits"].as_array().into_iter().flatten() {
        let status = one["status"].as_str().map_or_else(|| "deleted".to_owned(), coloured);
        out.push_str(&format!("{}  {status}\n", text(one, "guid")));
    }
    output.result(out, &told)?;
    Ok(if told["as_promised"] == true { Exit::Done } else { Exit::NotAccepted })
}
