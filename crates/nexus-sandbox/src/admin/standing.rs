//! What the admin interface says of one microdeposit: where it stands, what it was, what comes next. No person, and of its
//! account the last four.

use nexus_types::{AccountNumber, KnownStatus, Microdeposit, Private, RoutingNumber, Timestamp};
use serde_json::{Map, Value, json};

use crate::call::Reply;
use crate::response_body::single;
use crate::world::World;

/// One line of a list; none for a number that no record has.
pub(crate) fn summary(world: &World, number: u32) -> Option<Value> {
    let record = world.records.get(number as usize)?;
    let time = |at: i64| Timestamp::from_unix_millis(at).as_str().to_owned();
    let account = Some(record.account_number()).filter(|number| !number.is_empty());
    let next = record.coming(&world.rules, number);
    Some(json!({
        "guid": world.guid(number),
        "status": record.state.status().map(KnownStatus::name),
        "shown": record.shown().map(KnownStatus::name),
        "attempts": record.state.attempts(),
        "reads": record.requests.reads,
        "verifies": record.requests.verifies,
        "account": account.map(masked_account),
        "created_at": time(record.created),
        "updated_at": record.changed_at().map(time),
        "next": next.map(|(at, what)| json!({"at": time(at), "what": what})),
    }))
}

/// Everything of one: its history and its record, as a list shows it, too.
pub(crate) fn one(world: &mut World, guid: &str) -> Result<Reply, Reply> {
    let number = world.number(guid).ok_or_else(Reply::not_found)?;
    world.settled(number).ok_or_else(Reply::not_found)?;
    let mut told = summary(world, number).ok_or_else(Reply::not_found)?;
    let happened = world.books.outbox.of(number);
    let history: Vec<Value> = happened
        .iter()
        .map(|one| json!({"at": Timestamp::from_unix_millis(one.at).as_str(), "status": one.status.name()}))
        .collect();
    told["history"] = json!(history);
    let shown =
        world.records.get(number as usize).and_then(|record| single(world.manner(false), guid.to_owned(), record));
    let shown = shown.and_then(|shown| serde_json::to_value(shown).ok());
    told["record"] = shown.map_or(Value::Null, |mut shown| masked(shown["micro_deposit"].take()));
    Ok(Reply::admin(&told))
}

/// Whether it is one of those that are looked for: by its true status, by a part of its guid, or by the end of its account.
pub(super) fn fits(world: &World, number: u32, status: Option<&str>, find: Option<&str>) -> bool {
    let Some(record) = world.records.get(number as usize) else { return false };
    let of_status = |name: &str| record.state.status().map_or("deleted", KnownStatus::name).eq_ignore_ascii_case(name);
    let named = |text: &str| {
        let guid = world.guid(number).to_ascii_lowercase();
        let account = record.account_number();
        let ends = account.get(account.len().saturating_sub(4)..).unwrap_or_default();
        guid.contains(&text.to_ascii_lowercase()) || (text.len() >= 2 && ends.ends_with(text))
    };
    status.filter(|name| !name.is_empty()).is_none_or(of_status)
        && find.filter(|text| !text.is_empty()).is_none_or(named)
}

fn masked_account(number: &str) -> String {
    AccountNumber::new(number).map_or_else(|_| "****".to_owned(), |number| number.masked())
}

/// A record as a list shows it, without what is personal.
fn masked(record: Value) -> Value {
    let Value::Object(fields) = record else { return record };
    let hidden = |name: &str, value: Value| match (name, value) {
        ("account_number", Value::String(number)) => json!(masked_account(&number)),
        ("account_number" | "routing_number", Value::Number(_)) => json!("****"),
        ("routing_number", Value::String(number)) => {
            json!(RoutingNumber::new(&number).map_or_else(|_| "****".to_owned(), |number| number.masked()))
        }
        ("first_name" | "last_name" | "email" | "account_name" | "user_id", Value::String(text)) => {
            json!(Private::from(text.as_str()).masked())
        }
        (name, value) if Microdeposit::FIELDS.contains(&name) || !value.is_string() => value,
        _ => json!("****"),
    };
    let fields = fields.into_iter().map(|(name, value)| {
        let value = hidden(&name, value);
        (name, value)
    });
    Value::Object(fields.collect::<Map<_, _>>())
}
