//! `nexus lab` and `nexus why`: a sandbox's admin interface in words. They talk to a sandbox and to nothing else.

mod address;
pub(crate) mod admin;
mod fault;
mod happenings;
mod tenants;
mod time;
mod transfer;
mod why;

pub(crate) use address::is_loopback;
pub(crate) use why::why;

use serde_json::{Value, json};

use self::admin::Admin;
use crate::args::Global;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lab_args::{Lab, Scenarios, Word};
use crate::output::Output;

/// Says one word to the sandbox.
pub(crate) fn run(global: &Global, lab: &Lab, output: Output) -> Result<Exit, Failure> {
    let admin = Admin::find(global, &lab.place)?;
    match &lab.word {
        Word::Advance { by, to } => time::advance(&admin, *by, to.as_deref(), output),
        Word::Statement { guid } => time::statement(&admin, guid, output),
        Word::Happen(options) => happenings::happen(&admin, options, output),
        Word::Fault(word) => fault::run(&admin, word, output),
        Word::State { guid: None } => happenings::state(&admin, output),
        Word::State { guid: Some(guid) } => happenings::state_of(&admin, guid, output),
        Word::Events { after } => happenings::events(&admin, *after, output),
        Word::Requests { after } => happenings::requests(&admin, *after, output),
        Word::Tenants(word) => tenants::run(&admin, word, output),
        Word::Scenarios(Scenarios::List) => tenants::scenarios(&admin, output),
        Word::Scenarios(Scenarios::Run { name, of_user }) => {
            tenants::scenario(&admin, name, of_user.as_deref(), output)
        }
        Word::Export { file } => transfer::export(&admin, file.as_deref(), output),
        Word::Import { file } => transfer::import(&admin, file, output),
        Word::ExpireSessions => time::said(&admin, "sessions/expire", output),
        Word::Reset => time::said(&admin, "reset", output),
    }
}

/// A text of a response, harmless to a terminal; empty where there is none.
fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => crate::render::clean(text),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The entries of a list that comes in parts of a thousand, numbered above `after`, and how many are kept no longer.
fn all(admin: &Admin, path: &str, after: u64) -> Result<(Vec<Value>, Value), Failure> {
    let (mut entries, mut last, mut dropped) = (Vec::new(), after, json!(0));
    loop {
        let mut page = admin.get(&format!("{path}?after={last}"))?;
        dropped = page.get("dropped").cloned().unwrap_or(dropped);
        let Some(Value::Array(more)) = page.get_mut(path).map(Value::take) else { break };
        let Some(id) = more.last().and_then(|entry| entry["id"].as_u64()).filter(|id| *id > last) else { break };
        last = id;
        entries.extend(more);
    }
    Ok((entries, dropped))
}

/// A table without lines.
fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(comfy_table::ContentArrangement::Disabled).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table.lines().map(|line| format!("{}\n", line.trim())).collect()
}
