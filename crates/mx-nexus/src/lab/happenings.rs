//! What happened, what is made to happen, and how things stand.

use nexus_types::{Action, KnownStatus, WebhookEvent};
use serde_json::{Value, json};

use super::admin::{Admin, segment};
use super::told::{all, table, text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lab_args::Happen;
use crate::output::Output;
use crate::render::{self, clean, style};
use crate::secret_input;
use crate::values::AccountType;

pub(super) fn happen(admin: &Admin, options: &Happen, output: Output) -> Result<Exit, Failure> {
    let mut body = json!({"event": options.event});
    if let Some(code) = &options.code {
        body["code"] = json!(code);
    }
    if let Some(file) = &options.account_number_file {
        let number = secret_input::from_file("account_number", file)?;
        let kind = match options.account_type {
            Some(AccountType::Savings) => "SAVINGS",
            _ => "CHECKING",
        };
        body["account"] = json!({
            "account_number": number.as_str(), "routing_number": options.routing_number, "account_type_name": kind,
        });
    }
    let told = admin.post(&format!("events/{}", segment(&options.guid)), &body)?;
    output.result(standing(&told), &told)?;
    Ok(Exit::Done)
}

pub(super) fn state_of(admin: &Admin, guid: &str, output: Output) -> Result<Exit, Failure> {
    let told = admin.get(&format!("state/{}", segment(guid)))?;
    output.result(standing(&told), &told)?;
    Ok(Exit::Done)
}

/// A status in its colour.
pub(super) fn coloured(name: &str) -> String {
    name.parse().map_or_else(|_| clean(name), |status| render::status(&status))
}

fn standing(told: &Value) -> String {
    let name = |field: &str| told[field].as_str().map_or_else(|| "deleted".to_owned(), coloured);
    format!(
        "{}  {}\n  lists show  {}\n  submissions {} of 3\n  reads       {}\n",
        text(told, "guid"),
        name("status"),
        name("shown"),
        text(told, "attempts"),
        text(told, "reads"),
    )
}

pub(super) fn state(admin: &Admin, output: Output) -> Result<Exit, Failure> {
    let told = admin.get("state")?;
    let mut out = format!(
        "now      {}\nprofile  {}\nseed     {}\n",
        text(&told, "now"),
        text(&told, "profile"),
        text(&told, "seed")
    );
    for known in KnownStatus::ALL {
        if let Some(count) = told["counts"][known.name()].as_u64().filter(|count| *count > 0) {
            out.push_str(&format!("{count:<8} {}\n", render::status(&known.status())));
        }
    }
    if let Some(deleted) = told["deleted"].as_u64().filter(|count| *count > 0) {
        out.push_str(&format!("{deleted:<8} deleted\n"));
    }
    let records = told["microdeposits"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !records.is_empty() {
        let row = |one: &Value| {
            let name = |field: &str| one[field].as_str().map_or_else(|| "deleted".to_owned(), clean);
            vec![text(one, "guid"), name("status"), name("shown"), text(one, "attempts")]
        };
        out.push('\n');
        out.push_str(&table(&["GUID", "STATUS", "SHOWN", "SUBMISSIONS"], records.iter().map(row)));
    }
    if let Some(older) = told["not_shown"].as_u64().filter(|count| *count > 0) {
        out.push_str(&format!("and {older} older ones\n"));
    }
    output.result(out, &told)?;
    Ok(Exit::Done)
}

/// The events, their records masked: in a webhook's body the account number is whole.
pub(super) fn events(admin: &Admin, after: u64, output: Output) -> Result<Exit, Failure> {
    let (entries, dropped) = all(admin, "events", after)?;
    let (mut shown, mut rows) = (Vec::new(), Vec::new());
    for entry in &entries {
        let event = WebhookEvent::parse(entry["body"].to_string().as_bytes())?;
        let action = match event.action {
            Action::Created => "created",
            Action::Updated => "updated",
            _ => "(other)",
        };
        let (guid, status) = (clean(event.record.guid.as_str()), clean(&event.record.status.to_string()));
        rows.push(vec![text(entry, "id"), text(entry, "at"), action.to_owned(), guid, status]);
        shown.push(json!({
            "id": entry["id"], "at": entry["at"], "action": action, "micro_deposit": event.record.to_json(output.reveal),
        }));
    }
    let mut out = if rows.is_empty() { "No events.\n".to_owned() } else { String::new() };
    if !rows.is_empty() {
        out = table(&["NUMBER", "AT", "ACTION", "GUID", "STATUS"], rows.into_iter());
    }
    output.result(out, &json!({"events": shown, "dropped": dropped}))?;
    Ok(Exit::Done)
}

pub(super) fn requests(admin: &Admin, after: u64, output: Output) -> Result<Exit, Failure> {
    let (entries, dropped) = all(admin, "requests", after)?;
    let mut out = if entries.is_empty() { "No requests.\n".to_owned() } else { String::new() };
    for entry in &entries {
        out.push_str(&request(entry));
    }
    output.result(out, &json!({"requests": entries, "dropped": dropped}))?;
    Ok(Exit::Done)
}

/// One line, and below it why it was answered so.
pub(super) fn request(entry: &Value) -> String {
    let faint = style::FAINT;
    let status = entry["status"].as_u64().map_or_else(|| "reset".to_owned(), |status| status.to_string());
    let fault = entry["fault"].as_u64().map(|id| format!("  fault {id}")).unwrap_or_default();
    let guid = entry["guid"].as_str().map(|guid| format!("  {}", clean(guid))).unwrap_or_default();
    let (method, path) = (text(entry, "method"), text(entry, "path"));
    let named = if path.is_empty() { String::new() } else { format!("  {method} {path}") };
    let operation = entry["operation"].as_str().unwrap_or("unknown");
    let mut out =
        format!("{:>4}  {}  {status}  {operation}{named}{guid}{fault}\n", text(entry, "id"), text(entry, "at"));
    let why = &entry["why"];
    if let Some(rule) = why["rule"].as_str() {
        let policy = why["policy"].as_str().map(|field| format!(" (policy {field})")).unwrap_or_default();
        let near = why["near"].as_str().map(|near| format!("; meant {near}?")).unwrap_or_default();
        out.push_str(&format!("      {faint}{}{}{}{faint:#}\n", clean(rule), clean(&policy), clean(&near)));
    }
    out
}
