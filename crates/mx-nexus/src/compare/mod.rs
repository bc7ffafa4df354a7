//! `nexus compare`: one conversation with the sandbox inside this program and with another side, and what differs.

mod aliases;
mod explain;
mod hints;
mod options;
mod outside;
mod report;
mod script;
mod shape;
mod side;
mod switches;
#[cfg(test)]
mod tests;
mod values;

use std::time::{SystemTime, UNIX_EPOCH};

use nexus_sandbox::Policy;
use serde_json::{Map, Value};

use self::explain::{Setting, explain};
pub(crate) use self::options::Compare;
use self::outside::Outside;
use self::report::Report;
use self::script::{Conditions, hold};
use self::values::Values;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::global::Global;
use crate::output::Output;

/// The fields that are not seen, for the help text.
pub(crate) fn help() -> String {
    let fields = switches::UNSEEN.iter().map(|(name, why)| format!("\n  {name}: {why}"));
    format!(
        "Exit codes: 0 equal, 1 different.\n\nFields of the policy that it cannot see:{}",
        fields.collect::<String>()
    )
}

pub(crate) fn run(global: &Global, options: &Compare, output: Output) -> Result<Exit, Failure> {
    let base = options.policy.as_deref().map_or_else(|| Ok(Map::new()), policy)?;
    let mut there = Outside::find(global, options)?;
    let start = there.start()?;
    let conditions = Conditions {
        keyed: there.is_keyed(),
        clock: there.has_clock(),
        accounts: !there.production,
        wait: options.wait.map_or(0, |wait| wait.as_secs()),
        fresh: None,
        deposited: None,
    };
    let chance = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let values = Values::new(u64::try_from(chance).unwrap_or_default());
    let heard = hold(&mut there, &values, conditions)?;
    let setting = Setting { values: &values, conditions: heard.conditions, start, base };
    let explained = explain(&setting, &heard)?;
    let report = Report { explained: &explained, there: &heard, sent: there.sent };
    output.result(report.text(), &report.document())?;
    Ok(if report.is_equal() { Exit::Done } else { Exit::NotAccepted })
}

/// What the sandbox is set to from the beginning.
fn policy(file: &str) -> Result<Map<String, Value>, Failure> {
    let text = std::fs::read(file);
    let text = text.map_err(|error| Failure::input("policy", format!("the file cannot be read: {}", error.kind())))?;
    let fields = serde_json::from_slice(&text).map_err(|_| Failure::input("policy", "is not a JSON object"))?;
    // What is wrong in it is found before anything is sent.
    let checked: Result<Policy, _> = serde_json::from_value(Value::Object(Map::clone(&fields)));
    checked.map(|_| fields).map_err(|_| Failure::input("policy", "has a field or a value that no policy has"))
}
