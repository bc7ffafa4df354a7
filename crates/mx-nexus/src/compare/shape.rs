//! What is kept of a response: its form, known words, and aliases. What the schema does not name is masked, and nothing that
//! is about a person, an account or a session leaves this file.

use std::collections::BTreeMap;

use nexus_types::{KnownStatus, Microdeposit};
use serde_json::{Map, Value};

use super::aliases::Aliases;

/// The name that MX's example has for an institution.
const EXAMPLE: &str = "MX Bank";

/// What a response says, by place.
pub(super) type Shape = BTreeMap<String, String>;

/// What is compared loosely, because time runs by itself on the other side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Exactness {
    /// Both clocks move on request only.
    pub(super) clock: bool,
}

/// Describes a body of JSON, HTML or nothing.
pub(super) fn body(bytes: &[u8], aliases: &mut Aliases, exact: Exactness) -> Shape {
    let mut shape = Shape::new();
    if bytes.is_empty() {
        shape.insert("body".to_owned(), "empty".to_owned());
    } else if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        shape.insert("body".to_owned(), kind(&value).to_owned());
        describe("", &value, aliases, exact, &mut shape);
    } else {
        let html = bytes.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'<');
        shape.insert("body".to_owned(), if html { "a page of HTML" } else { "no JSON" }.to_owned());
    }
    shape
}

fn describe(at: &str, value: &Value, aliases: &mut Aliases, exact: Exactness, shape: &mut Shape) {
    let Value::Object(fields) = value else { return };
    for (index, (name, inner)) in fields.iter().enumerate() {
        let shown = if is_known(name) { name.clone() } else { format!("(unknown field {})", index + 1) };
        let place = if at.is_empty() { shown } else { format!("{at}.{shown}") };
        match (name.as_str(), inner) {
            ("micro_deposits", list) => records(&place, list, aliases, exact, shape),
            ("micro_deposit", Value::Object(record)) => {
                shape.insert(place.clone(), "object".to_owned());
                one(&place, record, aliases, exact, shape);
            }
            (_, Value::Object(_)) if is_known(name) => {
                shape.insert(place.clone(), "object".to_owned());
                describe(&place, inner, aliases, exact, shape);
            }
            _ => {
                shape.insert(place, leaf(name, inner, aliases));
            }
        }
    }
}

/// Of a list only the records of this conversation: the others are somebody's.
fn records(place: &str, list: &Value, aliases: &mut Aliases, exact: Exactness, shape: &mut Shape) {
    let Value::Array(list) = list else {
        shape.insert(place.to_owned(), kind(list).to_owned());
        return;
    };
    shape.insert(place.to_owned(), "list".to_owned());
    let mut order = Vec::new();
    for item in list {
        let (record, wrapped) = match item.get("micro_deposit") {
            Some(Value::Object(record)) => (record, "in an object micro_deposit"),
            _ => match item {
                Value::Object(record) => (record, "not wrapped"),
                _ => continue,
            },
        };
        let guid = record.get("guid").and_then(Value::as_str).unwrap_or_default();
        let Some(alias) = aliases.known("guid", guid).map(str::to_owned) else { continue };
        shape.insert(format!("{place}[]"), wrapped.to_owned());
        one(&format!("{place}[{alias}]"), record, aliases, exact, shape);
        order.push(alias);
    }
    shape.insert(format!("{place} in order"), if order.is_empty() { "none".to_owned() } else { order.join(", ") });
}

fn one(place: &str, record: &Map<String, Value>, aliases: &mut Aliases, exact: Exactness, shape: &mut Shape) {
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let (guid, created) = (text("guid"), text("created_at"));
    let moving = !exact.clock && !guid.is_empty() && is_on_its_way(record);
    for (index, (name, value)) in record.iter().enumerate() {
        let shown = if is_known(name) { name.clone() } else { format!("(unknown field {})", index + 1) };
        let mut told = leaf(name, value, aliases);
        if moving && ["status", "status_name"].contains(&name.as_str()) {
            told = if value.is_string() { "text, on its way" } else { "number, on its way" }.to_owned();
        }
        if let ("updated_at", Value::String(at)) = (name.as_str(), value) {
            let since = aliases.moved(&guid, at);
            if exact.clock {
                let began = if *at == created { "as created_at" } else { "after created_at" };
                told = format!("{told}, {began}{}", since.map(|since| format!(", {since}")).unwrap_or_default());
            }
        }
        shape.insert(format!("{place}.{shown}"), told);
    }
}

/// Whether the next moment may show another status by itself.
fn is_on_its_way(record: &Map<String, Value>) -> bool {
    let number = record.get("status").and_then(Value::as_u64);
    [KnownStatus::Initiated, KnownStatus::Requested, KnownStatus::Deposited]
        .iter()
        .any(|known| number == Some(u64::from(known.number())))
}

/// Names of the API's documents. Another may be anything, even a person's.
fn is_known(name: &str) -> bool {
    const FURTHER: [&str; 18] = [
        "micro_deposit",
        "micro_deposits",
        "error",
        "code",
        "message",
        "errors",
        "session",
        "api_token",
        "token",
        "pagination",
        "current_page",
        "per_page",
        "total_entries",
        "total_pages",
        "next",
        "url",
        "user_guid",
        "type",
    ];
    Microdeposit::FIELDS.contains(&name) || FURTHER.contains(&name)
}

fn leaf(name: &str, value: &Value, aliases: &mut Aliases) -> String {
    let what = kind(value);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return what.to_owned(),
    };
    let word = |known: bool| if known { format!("{what} {text}") } else { what.to_owned() };
    match name {
        "guid" => format!("{what} {}", aliases.of("guid", &text)),
        "user_guid" => format!("{what} {}", aliases.of("user", &text)),
        "account_number" if text.contains('*') => format!("{what}, masked"),
        "account_number" => format!("{what} {}", aliases.of("acct", text.trim_start_matches('0'))),
        "routing_number" => format!("{what} {}", aliases.of("routing", text.trim_start_matches('0'))),
        "first_name" | "last_name" => format!("{what} {}", aliases.of("person", &text)),
        "email" => format!("{what} {}", aliases.of("email", &text)),
        "account_name" => format!("{what} {}", aliases.of("name", &text)),
        "created_at" | "updated_at" | "verified_at" => {
            aliases.fractions |= text.split('.').nth(1).is_some_and(|rest| rest.contains(|c| ('1'..='9').contains(&c)));
            format!("{what}, {}", time(&text))
        }
        "status" => word(text.parse::<u8>().is_ok_and(|number| number <= 9)),
        "account_type" => word(text.len() == 1),
        "status_name" => word(KnownStatus::ALL.iter().any(|known| known.name() == text)),
        "account_type_name" => word(text == "CHECKING" || text == "SAVINGS"),
        "institution_name" if text == EXAMPLE => format!("{what} {EXAMPLE}"),
        "institution_name" => format!("another {what}"),
        // A code is a word or a return code such as R03.
        "error_code" => word(is_code(&text)),
        "code" => word(text.len() <= 5 && text.bytes().all(|byte| byte.is_ascii_digit())),
        _ => what.to_owned(),
    }
}

/// Several words in capitals, or a return code such as R03: one word alone may be a name.
fn is_code(text: &str) -> bool {
    let words = text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_') && text.contains('_');
    let returned = text.strip_prefix('R').is_some_and(|digits| digits.len() == 2 && digits.parse::<u8>().is_ok());
    (words && text.len() <= 40) || returned
}

/// The form of a time, such as `2026-01-05T09:00:00.000Z`.
fn time(text: &str) -> &'static str {
    let (fraction, zulu) = (text.contains('.'), text.ends_with('Z'));
    match (text.get(10..11) == Some("T"), fraction, zulu) {
        (false, ..) => "not a time in ISO 8601",
        (_, true, true) => "a time with a fraction and Z",
        (_, false, true) => "a time to the second, with Z",
        (_, true, false) => "a time with a fraction and an offset",
        (_, false, false) => "a time to the second, with an offset",
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "number",
        Value::String(text) if text.is_empty() => "empty text",
        Value::String(_) => "text",
        Value::Array(list) if list.is_empty() => "empty list",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}
