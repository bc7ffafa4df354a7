//! What a sandbox has told, read and written.

use serde_json::{Value, json};

use super::admin::Admin;
use crate::failure::Failure;

/// A text of a response, harmless to a terminal; empty where there is none.
pub(super) fn text(value: &Value, name: &str) -> String {
    match value.get(name) {
        Some(Value::String(text)) => crate::render::clean(text),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// The entries of a list that comes in parts of a thousand, numbered above `after`, and how many are kept no longer.
pub(super) fn all(admin: &Admin, path: &str, after: u64) -> Result<(Vec<Value>, Value), Failure> {
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
pub(super) fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut table = comfy_table::Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(comfy_table::ContentArrangement::Disabled).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table.lines().map(|line| format!("{}\n", line.trim())).collect()
}
