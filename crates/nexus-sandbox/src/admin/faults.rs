//! `/_sandbox/faults` and `/_sandbox/requests`.

use std::ops::RangeInclusive;
use std::time::Duration;

use nexus_types::{Operation, Timestamp};
use serde_json::{Value, json};

use super::paging::{PAGE, after};
use crate::call::{Call, Reply};
use crate::faults::{Armed, Contradiction, Delivery, Effect, Fault, When, Which};
use crate::json_reader::{Object, Problem, required};
use crate::world::World;

pub(crate) const FIELDS: [&str; 14] = [
    "effect",
    "operation",
    "nth",
    "probability",
    "times",
    "status",
    "retry_after",
    "after_acting",
    "milliseconds",
    "bytes",
    "location",
    "response",
    "kind",
    "comment",
];

/// No response is delayed longer: ten minutes.
const LONGEST: u64 = 600_000;
/// Nothing is carried out later than so many milliseconds: 30 days.
const LATEST: u64 = 2_592_000_000;

pub(crate) fn respond(world: &mut World, call: &Call<'_>, id: &str) -> Result<Reply, Problem> {
    match (call.method, id) {
        ("GET", _) => Ok(Reply::admin(&list(world))),
        ("POST", _) => {
            let fault = read(call.body)?;
            Ok(Reply::admin(&json!({"id": world.add_fault(fault)})))
        }
        (_, "") => {
            world.clear_faults();
            Ok(Reply::admin(&json!({"faults": []})))
        }
        (_, id) => {
            let removed = id.parse().is_ok_and(|id| world.faults.remove(id));
            Ok(if removed { Reply::admin(&json!({})) } else { Reply::not_found() })
        }
    }
}

fn whole<T: TryFrom<u64>>(object: &Object<'_, 14>, name: &'static str) -> Result<Option<T>, Problem> {
    let number = object.number(name)?;
    let number = number.map(|text| text.parse().ok().and_then(|number: u64| T::try_from(number).ok()));
    number.map(|number| number.ok_or_else(|| Problem::new(name, "must be a whole number in its range"))).transpose()
}

fn read(body: &[u8]) -> Result<Fault, Problem> {
    let object = Object::body(body, &FIELDS)?;
    let operation = object.text("operation")?.map(|name| {
        let known = Operation::from_name(&name);
        known.ok_or_else(|| {
            Problem::new("operation", "must be create, list, read, verify, open_session, api_token or widget_url")
        })
    });
    let nth: Option<u32> = whole(&object, "nth")?;
    let probability = object.number("probability")?.map(|text| {
        let chance: Option<f64> = text.parse().ok().filter(|chance| (0.0..=1.0).contains(chance));
        chance.ok_or_else(|| Problem::new("probability", "must be between 0 and 1"))
    });
    let when = match (nth, probability.transpose()?) {
        (None, None) => When::Every,
        (Some(nth), None) if nth > 0 => When::Nth(nth),
        // In the range from 0 to 1000, so nothing is lost.
        (None, Some(chance)) => When::PerThousand((chance * 1000.0).round() as u16),
        _ => return Err(Problem::new("nth", "must be 1 or more, and not together with probability")),
    };
    let (times, effect) = (whole(&object, "times")?, effect(&object)?);
    Ok(Fault { operation: operation.transpose()?, when, times, effect })
}

fn effect(object: &Object<'_, 14>) -> Result<Effect, Problem> {
    let up_to = |most: u64, rule| -> Result<Duration, Problem> {
        let time: u64 = required("milliseconds", whole(object, "milliseconds")?)?;
        if time > most { Err(Problem::new("milliseconds", rule)) } else { Ok(Duration::from_millis(time)) }
    };
    let milliseconds = || up_to(LONGEST, "must be at most 600000");
    let status = |range: RangeInclusive<u16>, rule| -> Result<Option<u16>, Problem> {
        let status: Option<u16> = whole(object, "status")?;
        if status.is_some_and(|status| !range.contains(&status)) {
            Err(Problem::new("status", rule))
        } else {
            Ok(status)
        }
    };
    let any_status = || status(200..=599, "must be between 200 and 599");
    let acting = || -> Result<bool, Problem> { Ok(object.truth("after_acting")?.unwrap_or(false)) };
    let name = required("effect", object.text("effect")?)?;
    Ok(match &*name {
        "delay" => Effect::Delay(milliseconds()?),
        "slow" => Effect::Slow(milliseconds()?),
        "reset_before" => Effect::ResetBefore,
        "reset_after" => Effect::ResetAfter,
        "cut" => Effect::Cut(required("bytes", whole(object, "bytes")?)?),
        "truncated" => Effect::Truncated,
        "garbage" => Effect::Garbage,
        "content_type" => Effect::ContentType,
        "expire_sessions" => Effect::ExpireSessions,
        "empty_401" => Effect::Empty401,
        "redirect" => {
            let location = required("location", object.text("location")?)?;
            Effect::Redirect(header("location", &location)?)
        }
        "status" => {
            let status = required("status", status(400..=599, "must be between 400 and 599")?)?;
            let retry_after = object.text("retry_after")?.map(|text| header("retry_after", &text)).transpose()?;
            Effect::Status { status, retry_after, acting: acting()? }
        }
        "later" => Effect::Later { delay: up_to(LATEST, "must be at most 2592000000")?, status: any_status()? },
        "html" => Effect::Html { status: required("status", any_status()?)?, acting: acting()? },
        "stale" => Effect::Stale,
        "another_record" => Effect::AnotherRecord,
        "duplicate" => Effect::Duplicate { response: one_of(object, "response", &WHICH, "must be first or second")? },
        "restart" => Effect::Restart,
        "contradictory" => Effect::Contradictory(one_of(object, "kind", &KINDS, "must be name, duplicate or boolean")?),
        _ => return Err(Problem::new("effect", "is not known; see openapi.json")),
    })
}

const WHICH: [(&str, Which); 2] = [("first", Which::First), ("second", Which::Second)];
const KINDS: [(&str, Contradiction); 3] =
    [("name", Contradiction::Name), ("duplicate", Contradiction::Duplicate), ("boolean", Contradiction::Boolean)];

fn one_of<T: Copy>(
    object: &Object<'_, 14>,
    name: &'static str,
    all: &[(&str, T)],
    rule: &'static str,
) -> Result<T, Problem> {
    let text = required(name, object.text(name)?)?;
    let found = all.iter().find(|(known, _)| *known == text).map(|(_, value)| *value);
    found.ok_or_else(|| Problem::new(name, rule))
}

fn header(name: &'static str, text: &str) -> Result<Box<str>, Problem> {
    let fits = (1..=1024).contains(&text.len()) && text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    if fits { Ok(text.into()) } else { Err(Problem::new(name, "must be 1 to 1024 visible ASCII characters")) }
}

/// The name that an effect has in JSON.
pub(crate) fn name(effect: &Effect) -> &'static str {
    match effect {
        Effect::Delay(_) => "delay",
        Effect::Slow(_) => "slow",
        Effect::ResetBefore => "reset_before",
        Effect::ResetAfter => "reset_after",
        Effect::Cut(_) => "cut",
        Effect::Truncated => "truncated",
        Effect::Garbage => "garbage",
        Effect::ContentType => "content_type",
        Effect::ExpireSessions => "expire_sessions",
        Effect::Empty401 => "empty_401",
        Effect::Redirect(_) => "redirect",
        Effect::Status { .. } => "status",
        Effect::Later { .. } => "later",
        Effect::Html { .. } => "html",
        Effect::Stale => "stale",
        Effect::AnotherRecord => "another_record",
        Effect::Duplicate { .. } => "duplicate",
        Effect::Restart => "restart",
        Effect::Contradictory(_) => "contradictory",
    }
}

/// All that are armed.
pub(crate) fn list(world: &World) -> Value {
    json!({"faults": world.faults.all().iter().map(shown).collect::<Vec<_>>()})
}

fn shown(armed: &Armed) -> Value {
    let (nth, probability) = match armed.fault.when {
        When::Every => (None, None),
        When::Nth(nth) => (Some(nth), None),
        When::PerThousand(chances) => (None, Some(f64::from(chances) / 1000.0)),
    };
    json!({
        "id": armed.id,
        "effect": name(&armed.fault.effect),
        "operation": armed.fault.operation.map(|operation| operation.name()),
        "nth": nth,
        "probability": probability,
        "times": armed.fault.times,
        "seen": armed.seen,
        "hits": armed.hits,
    })
}

/// `?after=N`: what was received, oldest first. No token, and every body masked.
pub(crate) fn requests(world: &mut World, call: &Call<'_>) -> Result<Reply, Problem> {
    let after = after(call)?;
    let shown: Vec<Value> = world.log.after(after).take(PAGE).map(|(id, received)| request(id, received)).collect();
    Ok(Reply::admin(&json!({"requests": shown, "dropped": world.log.dropped()})))
}

/// One entry of the log.
pub(crate) fn request(id: u64, received: &crate::log::Received) -> Value {
    let delivery = match received.delivery {
        Delivery::Whole => "whole",
        Delivery::Late(_) => "late",
        Delivery::Reset => "reset",
        Delivery::Cut(_) => "cut",
        Delivery::Slow(_) => "slow",
    };
    json!({
        "id": id,
        "at": Timestamp::from_unix_millis(received.at).as_str(),
        "operation": received.operation.map(|operation| operation.name()),
        "guid": received.guid,
        "body": received.masked_body(),
        "body_bytes": received.body_bytes,
        "status": if received.delivery == Delivery::Reset { None } else { Some(received.status) },
        "delivery": delivery,
        "fault": received.fault,
    })
}
