//! `/_sandbox/requests`: what was received, how it was responded to and why, masked; and the same as lines.

use nexus_types::Timestamp;
use serde_json::{Value, json};

use super::paging::{PAGE, after};
use crate::books::Counted;
use crate::call::{Call, Reply};
use crate::faults::Delivery;
use crate::log::Received;
use crate::masking::near_path;
use crate::world::World;

/// `?after=N`: what was received, oldest first. No token, and every body masked.
pub(super) fn requests(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let after = after(call, "request", world.log.numbers)?;
    // A submission may have been judged since it was taken.
    let named: Vec<u32> = world.log.after(after).take(PAGE).filter_map(|(_, received)| received.record).collect();
    for number in named {
        world.settled(number);
    }
    world.count_fresh();
    let shown: Vec<Value> = world.log.after(after).take(PAGE).map(|(id, one)| shown(world, id, one)).collect();
    Ok(Reply::admin(&json!({"requests": shown, "dropped": world.log.dropped()})))
}

pub(crate) fn shown(world: &World, id: u64, received: &Received) -> Value {
    let guid = received.record.map(|number| world.guid(number));
    let near = received.template().is_none().then(|| near(received)).flatten();
    let why = received
        .why()
        .map(|why| json!({"rule": why.rule(), "policy": why.policy, "near": why.near.as_deref().or(near)}));
    let counted = |one: &Counted| {
        json!({
            "at": Timestamp::from_unix_millis(one.at).as_str(),
            "guid": world.guid(one.number),
            "event": one.event.name(),
            "attempts": one.attempts,
        })
    };
    json!({
        "id": id,
        "at": Timestamp::from_unix_millis(received.at).as_str(),
        "method": Some(received.method).filter(|method| !method.is_empty()),
        "path": received.shown_path(guid.as_deref()),
        "template": received.template(),
        "operation": received.operation.map(|operation| operation.name()),
        "user_guid": received.user.map(|user| world.user_guid(user)),
        "guid": guid,
        "body": received.masked_body(),
        "body_bytes": received.body_bytes,
        "status": status(received),
        "delivery": match received.delivery {
            Delivery::Whole => "whole",
            Delivery::Late(_) => "late",
            Delivery::Reset => "reset",
            Delivery::Cut(_) => "cut",
            Delivery::Slow(_) => "slow",
        },
        "fault": received.fault,
        "why": why,
        "counted": received.counted().map(counted).collect::<Vec<_>>(),
    })
}

/// The HTTP status; none where the connection was reset instead.
fn status(received: &Received) -> Option<u16> {
    (received.delivery != Delivery::Reset).then_some(received.status)
}

/// The path that was most likely meant.
fn near(received: &Received) -> Option<&'static str> {
    received.raw_path().and_then(near_path)
}

/// One line for people: number, time, method, path, status, operation, microdeposit, user and why.
pub(crate) fn line(world: &World, id: u64, received: &Received) -> String {
    let guid = received.record.map(|number| world.guid(number));
    let status = status(received).map_or_else(|| "reset".to_owned(), |status| status.to_string());
    let method = Some(received.method).filter(|method| !method.is_empty()).unwrap_or("?");
    let at = Timestamp::from_unix_millis(received.at);
    let mut out = format!("{id} {} {method} {} {status}", at.as_str(), received.shown_path(guid.as_deref()));
    if let (Some(guid), Some("/micro_deposits")) = (&guid, received.template()) {
        out.push_str(&format!(" {guid}"));
    }
    if let Some(user) = received.user {
        out.push_str(&format!(" {}", world.user_guid(user)));
    }
    if let Some(fault) = received.fault {
        out.push_str(&format!(" fault={fault}"));
    }
    if let Some(why) = received.why() {
        let policy = why.policy.map(|policy| format!(" (policy {policy})")).unwrap_or_default();
        let near = why.near.as_deref().or_else(|| received.template().is_none().then(|| near(received)).flatten());
        let near = near.map(|near| format!("; meant {near}?")).unwrap_or_default();
        out.push_str(&format!(": {}{policy}{near}", why.rule()));
    }
    out
}
