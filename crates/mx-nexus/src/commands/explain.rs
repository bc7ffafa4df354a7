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
            let known = status.known();
            let known = known.ok_or_else(|| Failure::input("status", "is not a known status"))?;
            output.result(one(known), &document(known))?;
        }
        None => {
            let all: String = KnownStatus::ALL.iter().map(|known| short(*known)).collect();
            let documents: Vec<Value> = KnownStatus::ALL.iter().map(|known| document(*known)).collect();
            output.result(all, &json!({"statuses": documents}))?;
        }
    }
    Ok(Exit::Done)
}

fn transitions(known: KnownStatus) -> impl Iterator<Item = (&'static str, String, bool)> {
    let rows = TABLE.iter().filter(move |row| row.from == Position::At(known));
    rows.map(|row| (row.event.name(), row.to.to_string(), row.is_assumed()))
}

fn short(known: KnownStatus) -> String {
    let status = known.status();
    let pad = " ".repeat(14usize.saturating_sub(known.name().len()));
    format!("{} {}{pad}{}\n", known.number(), render::status(&status), known.definition())
}

fn one(known: KnownStatus) -> String {
    let faint = style::FAINT;
    let mut out = format!("{}  {}\n", render::status(&known.status()), known.number());
    out.push_str(&format!("  {}\n  {}\n", known.definition(), known.next_step()));
    let terminal = if known.is_terminal() { "yes" } else { "no" };
    out.push_str(&format!("  {faint}terminal          {faint:#}{terminal}\n"));
    for (event, to, assumed) in transitions(known) {
        let mark = if assumed { " (assumed)" } else { "" };
        out.push_str(&format!("  {faint}{event:<18}{faint:#}-> {to}{mark}\n"));
    }
    out
}

fn document(known: KnownStatus) -> Value {
    let transitions: Vec<Value> =
        transitions(known).map(|(event, to, assumed)| json!({"event": event, "to": to, "assumed": assumed})).collect();
    json!({
        "number": known.number(),
        "name": known.name(),
        "definition": known.definition(),
        "next_step": known.next_step(),
        "terminal": known.is_terminal(),
        "may_verify": known.may_verify(),
        "transitions": transitions,
    })
}
