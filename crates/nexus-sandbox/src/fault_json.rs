//! Faults as JSON: read strictly, and written as they were given.

use std::ops::RangeInclusive;
use std::time::Duration;

use nexus_types::Operation;
use serde_json::{Map, Value, json};

use crate::faults::{Contradiction, Effect, Fault, Probability, When, Which};
use crate::json_reader::{Object, Problem, required};

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

fn whole<T: TryFrom<u64>>(object: &Object<'_, 14>, name: &'static str) -> Result<Option<T>, Problem> {
    let number = object.number(name)?;
    let number = number.map(|text| text.parse().ok().and_then(|number: u64| T::try_from(number).ok()));
    number.map(|number| number.ok_or_else(|| Problem::new(name, "must be a whole number in its range"))).transpose()
}

/// The fault that this object describes.
pub(crate) fn read(object: &Object<'_, 14>) -> Result<Fault, Problem> {
    let operation = object.text("operation")?.map(|name| {
        let known = Operation::from_name(&name);
        known.ok_or_else(|| {
            Problem::new("operation", "must be create, list, read, verify, open_session, api_token or widget_url")
        })
    });
    let nth: Option<u32> = whole(object, "nth")?;
    let probability = object.number("probability")?.map(|text| {
        let chance = text.parse().ok().and_then(Probability::new);
        chance.ok_or_else(|| Problem::new("probability", "must be between 0 and 1"))
    });
    let when = match (nth, probability.transpose()?) {
        (None, None) => When::Every,
        (Some(nth), None) if nth > 0 => When::Nth(nth),
        (None, Some(chance)) => When::Probability(chance),
        _ => return Err(Problem::new("nth", "must be 1 or more, and not together with probability")),
    };
    let (times, effect) = (whole(object, "times")?, effect(object)?);
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
    if let Some(field) = OF_EFFECTS.into_iter().find(|field| object.has(field) && !belongs(field, &name)) {
        return Err(Problem::new(field, "is no field of this effect; see openapi.json"));
    }
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

/// The fields that only some effects have.
pub(crate) const OF_EFFECTS: [&str; 8] =
    ["status", "retry_after", "after_acting", "milliseconds", "bytes", "location", "response", "kind"];

/// Whether an effect has this field. One that is not known has every field, so that it is what is complained about.
pub(crate) fn belongs(field: &str, effect: &str) -> bool {
    let own: &[&str] = match effect {
        "delay" | "slow" => &["milliseconds"],
        "cut" => &["bytes"],
        "redirect" => &["location"],
        "status" => &["status", "retry_after", "after_acting"],
        "later" => &["milliseconds", "status"],
        "html" => &["status", "after_acting"],
        "duplicate" => &["response"],
        "contradictory" => &["kind"],
        "reset_before" | "reset_after" | "truncated" | "garbage" | "content_type" | "expire_sessions" | "empty_401"
        | "stale" | "another_record" | "restart" => &[],
        _ => return true,
    };
    own.contains(&field)
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

/// A fault as it was given.
pub(crate) fn given(fault: &Fault) -> Map<String, Value> {
    let Fault { operation, when, times, effect } = fault;
    let millis = |time: &Duration| json!(u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
    let mut given = Map::new();
    let mut put = |field: &str, value: Value| {
        if !value.is_null() {
            given.insert(field.to_owned(), value);
        }
    };
    put("effect", json!(name(effect)));
    put("operation", json!(operation.map(|operation| operation.name())));
    match when {
        When::Every => {}
        When::Nth(nth) => put("nth", json!(nth)),
        When::Probability(chance) => put("probability", json!(chance.get())),
    }
    put("times", json!(times));
    match effect {
        Effect::Delay(time) | Effect::Slow(time) => put("milliseconds", millis(time)),
        Effect::Cut(bytes) => put("bytes", json!(bytes)),
        Effect::Redirect(location) => put("location", json!(location)),
        Effect::Status { status, retry_after, acting } => {
            put("status", json!(status));
            put("retry_after", json!(retry_after));
            put("after_acting", json!(acting));
        }
        Effect::Later { delay, status } => {
            put("milliseconds", millis(delay));
            put("status", json!(status));
        }
        Effect::Html { status, acting } => {
            put("status", json!(status));
            put("after_acting", json!(acting));
        }
        Effect::Duplicate { response } => put("response", json!(word(&WHICH, response))),
        Effect::Contradictory(kind) => put("kind", json!(word(&KINDS, kind))),
        Effect::ResetBefore
        | Effect::ResetAfter
        | Effect::Truncated
        | Effect::Garbage
        | Effect::ContentType
        | Effect::ExpireSessions
        | Effect::Empty401
        | Effect::Stale
        | Effect::AnotherRecord
        | Effect::Restart => {}
    }
    given
}

fn word<T: PartialEq>(all: &[(&'static str, T)], one: &T) -> Option<&'static str> {
    all.iter().find(|(_, known)| known == one).map(|(word, _)| *word)
}
