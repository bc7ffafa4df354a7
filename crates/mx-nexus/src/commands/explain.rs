//! `nexus explain`: what a status means, from the core's own table. No network.

use nexus_types::machine::TABLE;
use nexus_types::{KnownStatus, Position, Status};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::{self, style};

pub(super) fn run(status: Option<&str>, output: Output) -> Result<Exit, Failure> {
    match status {
        Some(text) => {
            let status: Status = text.parse()?;
            let stages = status.known();
            let stage = stages.ok_or_else(|| Failure::input("status", "is not a known status"))?;
            output.result(one(stage), &document(stage))?;
        }
        None => {
            let all: String = KnownStatus::ALL.iter().map(|stage| short(*stage)).collect();
            let documents: Vec<Value> = KnownStatus::ALL.iter().map(|stage| document(*stage)).collect();
            output.result(all, &json!({"statuses": documents}))?;
        }
    }
    Ok(Exit::Done)
}

fn transitions(stage: KnownStatus) -> impl Iterator<Item = (&'static str, String)> {
    TABLE.iter().filter(move |row| row.from == Position::At(stage)).map(|row| (row.event.name(), row.to.to_string()))
}

fn short(stage: KnownStatus) -> String {
    let status = stage.status();
    let pad = " ".repeat(14usize.saturating_sub(stage.name().len()));
    format!("{} {}{pad}{}\n", stage.number(), render::status(&status), stage.definition())
}

fn one(stage: KnownStatus) -> String {
    let faint = style::FAINT;
    let mut out = format!("{}  {}\n", render::status(&stage.status()), stage.number());
    out.push_str(&format!("  {}\n  {}\n", stage.definition(), stage.next_step()));
    let terminal = if stage.is_terminal() { "yes" } else { "no" };
    out.push_str(&format!("  {faint}terminal          {faint:#}{terminal}\n"));
    for (event, to) in transitions(stage) {
        out.push_str(&format!("  {faint}{event:<18}{faint:#}-> {to}\n"));
    }
    out
}

fn document(stage: KnownStatus) -> Value {
    let transitions: Vec<Value> = transitions(stage).map(|(event, to)| json!({"event": event, "to": to})).collect();
    json!({
        "number": stage.number(),
        "name": stage.name(),
        "definition": stage.definition(),
        "next_step": stage.next_step(),
        "terminal": stage.is_terminal(),
        "may_verify": stage.may_verify(),
        "transitions": transitions,
    })
}
