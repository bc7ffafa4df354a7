//! `/_sandbox/webhooks`: subscriptions, deliveries, and what is sent again.

use nexus_types::Timestamp;
use serde_json::{Value, json};

use super::paging::{PAGE, after};
use crate::call::{Call, Reply};
use crate::deliveries::{Delivery, Entry, NotSent, Subscription, WebhookOutcome, masked, read_subscription};
use crate::json_reader::{Object, Problem};
use crate::routes::Target;
use crate::world::World;

type Handled = Result<Reply, Reply>;

pub(crate) const REPLAY: [&str; 3] = ["body", "fields", "wait"];

pub(crate) fn respond(world: &mut World, call: &Call<'_>, target: Target, id: &str) -> Handled {
    match (target, call.method) {
        (Target::Webhooks, "POST") => subscribe(world, call.body),
        (Target::Webhooks, _) => Ok(Reply::admin(&list(world))),
        (Target::Deliveries, _) => deliveries(world, call),
        (Target::Delivery, _) => one(world, id.parse().map_err(|_| Reply::not_found())?),
        (Target::Replay, _) => replay(world, call.body, id.parse().map_err(|_| Reply::not_found())?),
        (Target::Webhook, "DELETE") => {
            let ended = id.parse().is_ok_and(|id| world.unsubscribe(id));
            if ended { Ok(Reply::admin(&json!({}))) } else { Err(Reply::not_found()) }
        }
        (target, _) => {
            let id: u32 = id.parse().map_err(|_| Reply::not_found())?;
            if target != Target::Webhook {
                world.deliveries.pause(id, target == Target::PauseWebhook);
            }
            let found = world.deliveries.entries().iter().find(|entry| entry.id == id);
            found.map(|entry| Reply::admin(&shown(entry))).ok_or_else(Reply::not_found)
        }
    }
}

/// All subscriptions.
pub(crate) fn list(world: &World) -> Value {
    json!({"webhooks": world.deliveries.entries().iter().map(shown).collect::<Vec<_>>()})
}

fn subscribe(world: &mut World, body: &[u8]) -> Handled {
    let subscription = read_subscription(body).map_err(|problem| Reply::problem(&problem))?;
    if world.deliveries.unable {
        return Err(Reply::refusal(501, "This sandbox was built without the means to send webhooks."));
    }
    let id = world.subscribe(subscription).map_err(|error| {
        let (field, rule) = (error.field().to_owned(), error.rule().to_owned());
        Reply::problem(&Problem::new(field, rule))
    })?;
    Ok(Reply::admin(&json!({"id": id})))
}

/// No secret, and of the address no query.
fn shown(entry: &Entry) -> Value {
    let Subscription { created, updated, auth, .. } = &entry.subscription;
    let actions = [("created", *created), ("updated", *updated)];
    json!({
        "id": entry.id,
        "url": entry.subscription.shown_url(),
        "actions": actions.iter().filter(|(_, wanted)| *wanted).map(|(name, _)| *name).collect::<Vec<_>>(),
        "auth": {"type": auth.name()},
        "paused": entry.paused,
    })
}

/// `?after=N`: the deliveries numbered above N, oldest first, their bodies masked.
fn deliveries(world: &mut World, call: &Call<'_>) -> Handled {
    let after = after(call, "delivery", world.deliveries.numbers())?;
    let page: Vec<Value> =
        world.deliveries.deliveries(after).take(PAGE).map(|(id, delivery)| summary(id, delivery)).collect();
    Ok(Reply::admin(&json!({"deliveries": page, "dropped": world.deliveries.dropped()})))
}

/// One delivery.
pub(super) fn one(world: &World, id: u64) -> Handled {
    let delivery = world.deliveries.delivery(id).ok_or_else(Reply::not_found)?;
    Ok(Reply::admin(&summary(id, delivery)))
}

/// Sends a delivery again: as it was, with `{"fields":{"status":3}}` of its microdeposit changed, or with `{"body":{...}}`.
fn replay(world: &mut World, body: &[u8], id: u64) -> Handled {
    let read = || -> Result<_, Problem> {
        let object = Object::body(if body.is_empty() { b"{}" } else { body }, &REPLAY)?;
        let (whole, fields) = (object.raw("body"), object.raw("fields"));
        if whole.is_some() && fields.is_some() {
            return Err(Problem::new("body", "or fields: not both"));
        }
        if whole.is_some_and(|whole| !whole.starts_with('{')) {
            return Err(Problem::new("body", "must be a JSON object"));
        }
        Ok((whole, fields, object.truth("wait")?.unwrap_or(true)))
    };
    let (whole, fields, wait) = read().map_err(|problem| Reply::problem(&problem))?;
    let refused = |reason| match reason {
        NotSent::Unknown => Reply::not_found(),
        NotSent::Ended => Reply::refusal(409, "The subscription of this delivery has ended."),
        NotSent::NoObject => Reply::problem(&Problem::new("fields", "must be a JSON object")),
    };
    let other = match (whole, fields) {
        (Some(whole), _) => Some(whole.as_bytes().to_vec()),
        (_, Some(fields)) => Some(world.deliveries.edited(id, fields).map_err(refused)?),
        _ => None,
    };
    let now = world.now;
    world.deliveries.replay(id, other, now).map_err(refused)?;
    Ok(one(world, id)?.waiting(wait && world.deliveries.are_sent()))
}

pub(crate) fn summary(id: u64, delivery: &Delivery) -> Value {
    let time = |at: i64| Timestamp::from_unix_millis(at).as_str().to_owned();
    let attempts = delivery.tried.iter().map(|tried| {
        let (name, outcome) = match tried.outcome {
            WebhookOutcome::Response(status) => ("status", json!(status)),
            WebhookOutcome::Failed(trouble) => ("error", json!(trouble.name())),
        };
        json!({
            "at": time(tried.at),
            "offset_seconds": seconds(tried.at.saturating_sub(delivery.at)),
            "kind": tried.kind.name(),
            name: outcome,
            "fault": tried.fault,
        })
    });
    json!({
        "id": id,
        "event": delivery.event,
        "webhook": delivery.subscription,
        "at": time(delivery.at),
        "action": if delivery.created { "created" } else { "updated" },
        "guid": delivery.guid,
        "status_name": delivery.status.name(),
        "state": delivery.state.name(),
        "attempts": attempts.collect::<Vec<_>>(),
        "next_at": delivery.slot.map(|(at, ..)| time(at)),
        "fault": delivery.fault,
        "body": masked(&delivery.body),
        "body_bytes": delivery.body.len(),
    })
}

/// A whole number where it is one.
fn seconds(millis: i64) -> Value {
    if millis % 1000 == 0 { json!(millis / 1000) } else { json!(millis as f64 / 1000.0) }
}
