//! What changes in a world, numbered, for pages that show it while it happens.
//!
//! Nothing is noted where it happens: that would cost every request something. Instead a look compares the world with what
//! was known at the look before, and numbers the differences. While nobody listens nobody looks, so a listener that comes
//! back gets everything that has changed meanwhile by one look.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use serde_json::{Value, json};

use super::{faults, requests, standing, webhook_faults, webhooks};
use crate::call::{Call, Reply};
use crate::changes::{Change, Known, Live};
use crate::world::World;

pub(crate) const EVENTS: &str = "text/event-stream";
/// After this time in milliseconds a browser that has lost the stream asks for it again.
const RETRY: &str = "retry: 500\n";

/// What a listener is told, as server-sent events, and the number of the last change in it.
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) last: u64,
}

impl World {
    /// Finds what has changed since the last look; gives the number of the last change. 0 while nobody has ever listened.
    pub(crate) fn look(&mut self) -> u64 {
        self.settle_all();
        let Some(mut live) = self.live.take() else { return 0 };
        let now = known(self);
        let known = std::mem::take(&mut live.known);
        known.differences(&now, &mut |change| live.add(change));
        live.known = now;
        let number = live.number;
        self.live = Some(live);
        number
    }

    /// What a listener is told first. Who says up to which change it knows everything is told what came after; who does not,
    /// or has missed too much, is told to begin anew. `run` tells one server from the next at the same address.
    pub(crate) fn listen(&mut self, after: Option<u64>, run: &str) -> Told {
        self.look();
        if self.live.is_none() {
            let known = known(self);
            self.live = Some(Box::new(Live { number: 1, kept: VecDeque::new(), known }));
        }
        let (number, known) = match (&self.live, after) {
            (Some(live), Some(after)) => (live.number, live.covers(after).then_some(after)),
            (live, _) => (live.as_ref().map_or(0, |live| live.number), None),
        };
        let hello = json!({"run": run, "change": number, "resumed": known.is_some(), "now": self.now().as_str()});
        let Told { text, last } = known.map_or(Told { text: String::new(), last: number }, |after| self.told(after));
        // What was told before keeps its number until the first change after it.
        let id = if known.is_some() { String::new() } else { format!("id: {number}\n") };
        Told { text: format!("{RETRY}event: hello\n{id}data: {hello}\n\n{text}"), last }
    }

    /// What has changed after this change, of each thing its latest state only.
    pub(crate) fn changes(&mut self, after: u64) -> Told {
        self.look();
        self.told(after)
    }

    fn told(&mut self, after: u64) -> Told {
        let Some(live) = &self.live else { return Told { text: String::new(), last: after } };
        let last = live.number;
        if !live.covers(after) {
            let text = format!("event: reset\nid: {last}\ndata: {}\n\n", json!({"now": self.now().as_str()}));
            return Told { text, last };
        }
        let mut seen = HashSet::new();
        let mut fresh: Vec<(u64, Change)> = live.kept.iter().rev().take_while(|(id, _)| *id > after).copied().collect();
        fresh.retain(|(_, change)| seen.insert(*change));
        fresh.reverse();
        let (mut text, mut told) = (String::new(), after);
        for (id, change) in fresh {
            if let Some((name, data)) = self.shown(change) {
                text.push_str(&format!("event: {name}\nid: {id}\ndata: {data}\n\n"));
                told = id;
            }
        }
        if told < last {
            // What came last is kept no longer, but whoever waits for its number shall hear of it.
            text.push_str(&format!("event: seen\nid: {last}\ndata: {{}}\n\n"));
        }
        Told { text, last }
    }

    fn shown(&self, change: Change) -> Option<(&'static str, Value)> {
        Some(match change {
            Change::Anew => ("reset", json!({"now": self.now().as_str()})),
            Change::Clock => ("clock", json!({"now": self.now().as_str()})),
            Change::Record(number) => ("record", standing::summary(self, number)?),
            Change::Request(number) => {
                let shown = self.log.numbers.shown(number);
                let (id, received) = self.log.after(shown - 1).next().filter(|(id, _)| *id == shown)?;
                ("request", requests::shown(self, id, received))
            }
            Change::Webhooks => ("webhooks", webhooks::list(self)),
            Change::WebhookFaults => ("webhook_faults", webhook_faults::list(self)),
            Change::Delivery(id) => ("attempt", webhooks::summary(id, self.deliveries.delivery(id)?)),
            Change::Faults => ("faults", faults::list(self)),
        })
    }
}

fn known(world: &World) -> Known {
    Known {
        life: Arc::downgrade(&world.life),
        now: world.now,
        requests: world.requests_received(),
        faults: world.faults.all().iter().map(|armed| (armed.id, armed.seen, armed.hits)).collect(),
        webhooks: world.deliveries.entries().iter().map(|entry| (entry.id, entry.paused)).collect(),
        webhook_faults: world.deliveries.faults.all().iter().map(|armed| (armed.id, armed.seen, armed.hits)).collect(),
        deliveries: world.deliveries.deliveries(0).map(|(id, delivery)| (id, delivery.fingerprint())).collect(),
        records: world.records.iter().map(|record| record.fingerprint()).collect(),
    }
}

/// `GET /_sandbox/live` of a world without a socket: what there is to tell now. A served one goes on from there.
pub(crate) fn respond(world: &mut World, call: &Call<'_>) -> Result<Reply, Reply> {
    let after = after(call.parameter("after"))?;
    let told = world.listen(after, "");
    Ok(Reply::with_body(200, EVENTS, told.text.into_bytes()))
}

/// The number of the last change that is known already.
pub(crate) fn after(text: Option<&str>) -> Result<Option<u64>, Reply> {
    let refused = |_| Reply::refusal(400, "after must be a whole number");
    text.filter(|text| !text.is_empty()).map(str::parse).transpose().map_err(refused)
}

#[cfg(test)]
#[path = "live_tests.rs"]
mod tests;
