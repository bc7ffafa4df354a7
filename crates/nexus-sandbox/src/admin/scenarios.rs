//! `/_sandbox/scenarios`: the stories, and one lived through.

use nexus_types::KnownStatus;
use serde_json::{Value, json};

use crate::call::{Call, Reply};
use crate::json_reader::Object;
use crate::scenarios::Scenario;
use crate::world::World;

pub(crate) const RUN: [&str; 1] = ["user_id"];

/// All of them with their steps and their ends.
pub(super) fn list() -> Reply {
    let shown = |scenario: &Scenario| {
        json!({
            "name": scenario.name,
            "title": scenario.title,
            "ends": scenario.ends.map(KnownStatus::name),
            "steps": scenario.steps().collect::<Vec<_>>(),
        })
    };
    Reply::admin(&json!({"scenarios": Scenario::all().iter().map(shown).collect::<Vec<_>>()}))
}

/// Lives through one. The body may be absent, or `{"user_id":"user-2"}`.
pub(super) fn run(world: &mut World, call: &Call<'_>, name: &str) -> Result<Reply, Reply> {
    let user = match call.body {
        [] => None,
        body => {
            let read = Object::body(body, &RUN).and_then(|body| body.text("user_id"));
            read.map_err(|problem| Reply::problem(&problem))?
        }
    };
    let scenario = Scenario::from_name(name);
    let run = world.run_scenario(name, user.as_deref());
    let (scenario, run) = scenario.zip(run).ok_or_else(Reply::not_found)?;
    let steps: Vec<Value> = scenario
        .steps()
        .zip(&run.steps)
        .map(|(text, (at, done))| json!({"text": text, "at": at.as_str(), "done": done}))
        .collect();
    let ended: Vec<Value> = run
        .micro_deposits
        .iter()
        .map(|(guid, status)| json!({"guid": guid.as_str(), "status": status.map(KnownStatus::name)}))
        .collect();
    Ok(Reply::admin(&json!({
        "name": scenario.name,
        "ends": scenario.ends.map(KnownStatus::name),
        "as_promised": run.as_promised,
        "steps": steps,
        "micro_deposits": ended,
        "now": world.now().as_str(),
    })))
}
