//! `/_sandbox/webhooks/faults`: what goes wrong with webhooks on purpose.

use std::time::Duration;

use nexus_types::KnownStatus;
use serde_json::{Value, json};

use super::paging::no_fault;
use crate::call::{Call, Reply};
use crate::deliveries::{ArmedWebhookFault, Shape, WebhookEffect, WebhookFault};
use crate::faults::{Probability, When};
use crate::json_reader::{Object, Problem, required};
use crate::world::World;

pub(crate) const FIELDS: [&str; 13] = [
    "effect",
    "webhook",
    "status_name",
    "nth",
    "probability",
    "times",
    "copies",
    "gap",
    "behind",
    "seconds",
    "milliseconds",
    "kind",
    "comment",
];

type Given<'a> = Object<'a, 13>;

/// No event comes more often.
const MOST: u64 = 100;
/// No event is kept longer: 30 days.
const LONGEST: u64 = 2_592_000;
/// No byte comes later than so many milliseconds after the one before it.
const SLOWEST: u64 = 60_000;

pub(crate) fn respond(world: &mut World, call: &Call<'_>, id: &str) -> Result<Reply, Reply> {
    match (call.method, id) {
        ("GET", _) => Ok(Reply::admin(&list(world))),
        ("POST", _) => {
            let fault = read(call.body).map_err(|problem| Reply::problem(&problem))?;
            Ok(Reply::admin(&json!({"id": world.add_webhook_fault(fault)})))
        }
        (_, "") => {
            world.clear_webhook_faults();
            Ok(Reply::admin(&json!({"faults": []})))
        }
        (_, id) => {
            let id: u32 = id.parse().map_err(|_| Reply::not_found())?;
            let faults = &mut world.deliveries.faults;
            if faults.remove(id) { Ok(Reply::admin(&json!({}))) } else { Err(no_fault(faults.numbers, id)) }
        }
    }
}

/// All that are armed.
pub(crate) fn list(world: &World) -> Value {
    json!({"faults": world.deliveries.faults.all().iter().map(shown).collect::<Vec<_>>()})
}

fn whole(object: &Given<'_>, name: &'static str, least: u64, most: u64) -> Result<Option<u64>, Problem> {
    let number = object.number(name)?.map(|text| text.parse().ok().filter(|number| (least..=most).contains(number)));
    number.map(|number| number.ok_or_else(|| Problem::new(name, "must be a whole number in its range"))).transpose()
}

fn read(body: &[u8]) -> Result<WebhookFault, Problem> {
    let object = Object::body(body, &FIELDS)?;
    let small = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
    let nth = whole(&object, "nth", 1, u64::from(u32::MAX))?;
    let probability = object.number("probability")?.map(|text| {
        let chance = text.parse().ok().and_then(Probability::new);
        chance.ok_or_else(|| Problem::new("probability", "must be between 0 and 1"))
    });
    let when = match (nth, probability.transpose()?) {
        (None, None) => When::Every,
        (Some(nth), None) => When::Nth(small(nth)),
        (None, Some(chance)) => When::Probability(chance),
        _ => return Err(Problem::new("nth", "and probability cannot both be given")),
    };
    let status = object.text("status_name")?.map(|name| {
        let known = KnownStatus::ALL.into_iter().find(|known| known.name() == name);
        known.ok_or_else(|| Problem::new("status_name", "must be the name of a status, such as DEPOSITED"))
    });
    Ok(WebhookFault {
        effect: effect(&object)?,
        when,
        times: whole(&object, "times", 0, u64::from(u32::MAX))?.map(small),
        webhook: whole(&object, "webhook", 1, u64::from(u32::MAX))?.map(small),
        status: status.transpose()?,
    })
}

fn effect(object: &Given<'_>) -> Result<WebhookEffect, Problem> {
    let count = |name, or: Option<u64>| -> Result<u16, Problem> {
        let number = required(name, whole(object, name, 1, MOST)?.or(or))?;
        Ok(u16::try_from(number).unwrap_or(u16::MAX))
    };
    let name = required("effect", object.text("effect")?)?;
    Ok(match &*name {
        "drop" => WebhookEffect::Drop,
        "duplicate" => WebhookEffect::Duplicate {
            copies: count("copies", Some(1))?,
            gap: Duration::from_secs(whole(object, "gap", 0, LONGEST)?.unwrap_or(0)),
        },
        "reorder" => WebhookEffect::Reorder { behind: count("behind", Some(1))? },
        "delay" => {
            WebhookEffect::Delay(Duration::from_secs(required("seconds", whole(object, "seconds", 1, LONGEST)?)?))
        }
        "stale" => WebhookEffect::Stale,
        "shape" => {
            let kind = required("kind", object.text("kind")?)?;
            let known = SHAPES.iter().find(|(name, _)| *name == kind).map(|(_, shape)| *shape);
            WebhookEffect::Shape(known.ok_or_else(|| Problem::new("kind", "must be extra, null or shuffled"))?)
        }
        "forged" => WebhookEffect::Forged,
        "slow" => {
            let pause = required("milliseconds", whole(object, "milliseconds", 0, SLOWEST)?)?;
            WebhookEffect::Slow(Duration::from_millis(pause))
        }
        "reset" => WebhookEffect::Reset,
        "wrong_auth" => WebhookEffect::WrongAuth,
        _ => return Err(Problem::new("effect", "is not known; see openapi.json")),
    })
}

const SHAPES: [(&str, Shape); 3] = [("extra", Shape::Extra), ("null", Shape::Null), ("shuffled", Shape::Shuffled)];

/// Every field as it was given; null where it was not.
fn shown(armed: &ArmedWebhookFault) -> Value {
    let WebhookFault { effect, when, times, webhook, status } = &armed.fault;
    let (nth, probability) = match *when {
        When::Every => (None, None),
        When::Nth(nth) => (Some(nth), None),
        When::Probability(chance) => (None, Some(chance.get())),
    };
    let mut shown = json!({
        "id": armed.id,
        "effect": Value::Null,
        "webhook": webhook,
        "status_name": status.map(KnownStatus::name),
        "nth": nth,
        "probability": probability,
        "times": times,
        "copies": Value::Null,
        "gap": Value::Null,
        "behind": Value::Null,
        "seconds": Value::Null,
        "milliseconds": Value::Null,
        "kind": Value::Null,
        "seen": armed.seen,
        "hits": armed.hits,
    });
    let mut put = |name: &str, value: Value| {
        if let Some(slot) = shown.get_mut(name) {
            *slot = value;
        }
    };
    let name = match effect {
        WebhookEffect::Drop => "drop",
        WebhookEffect::Duplicate { copies, gap } => {
            put("copies", json!(copies));
            put("gap", json!(gap.as_secs()));
            "duplicate"
        }
        WebhookEffect::Reorder { behind } => {
            put("behind", json!(behind));
            "reorder"
        }
        WebhookEffect::Delay(time) => {
            put("seconds", json!(time.as_secs()));
            "delay"
        }
        WebhookEffect::Stale => "stale",
        WebhookEffect::Shape(shape) => {
            put("kind", json!(SHAPES.iter().find(|(_, known)| known == shape).map(|(name, _)| *name)));
            "shape"
        }
        WebhookEffect::Forged => "forged",
        WebhookEffect::Slow(pause) => {
            put("milliseconds", json!(pause.as_millis() as u64));
            "slow"
        }
        WebhookEffect::Reset => "reset",
        WebhookEffect::WrongAuth => "wrong_auth",
    };
    put("effect", json!(name));
    shown
}
