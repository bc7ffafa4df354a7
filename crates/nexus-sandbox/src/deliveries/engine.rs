//! [`Deliveries`]: the queue of what is to be sent, in order of time, and the log of what was sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use nexus_types::Timestamp;

use super::attempt::{AttemptKind, WebhookAttempt, WebhookManner, WebhookOutcome};
use super::body;
use super::delivery::{Delivery, Slot, Tried, WebhookState};
use super::faults::{WebhookEffect, WebhookFaults};
use super::subscription::{Subscription, WebhookAuth};
use crate::numbers::Numbers;
use crate::rules::{Rules, SECOND};

/// A subscription and how it stands.
pub(crate) struct Entry {
    pub(crate) id: u32,
    pub(crate) subscription: Subscription,
    /// What falls due meanwhile waits.
    pub(crate) paused: bool,
    /// With events in order: those that are not over; only the first is in the queue.
    pub(super) line: VecDeque<u64>,
}

/// A request that stands in the queue.
pub(super) struct Queued {
    pub(super) delivery: u64,
    pub(super) kind: AttemptKind,
    /// Instead of the delivery's own.
    pub(super) body: Option<Arc<[u8]>>,
}

/// Why something is not sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSent {
    /// There is no such delivery.
    Unknown,
    /// Its subscription has ended.
    Ended,
    /// The changes are no object.
    NoObject,
}

#[derive(Default)]
pub(crate) struct Deliveries {
    generation: u64,
    pub(super) entries: Vec<Entry>,
    subscribed: u32,
    pub(crate) faults: WebhookFaults,
    /// By number; the oldest go first.
    pub(super) log: BTreeMap<u64, Delivery>,
    pub(super) made: u64,
    dropped: u64,
    numbers: Numbers,
    pub(super) queue: BTreeMap<Slot, Queued>,
    queued: u64,
    /// Deliveries that wait for later ones to go first.
    pub(super) held: Vec<u64>,
    /// Whether somebody sends what is due without being asked.
    pub(crate) attended: bool,
    /// Whether nobody can send what is due: the sandbox is served, and was built without the means.
    pub(crate) unable: bool,
    /// Where the clock is going to, sending on the way what is due.
    pub(crate) goal: Option<i64>,
}

impl Deliveries {
    /// The world began anew: what is still on its way from before changes nothing, and whoever sends goes on. No number of the
    /// time before is used again.
    pub(crate) fn follow(&mut self, before: &Deliveries) {
        self.generation = before.generation + 1;
        self.numbers = before.numbers.anew(before.made);
        self.faults = before.faults.anew();
        self.subscribed = self.subscribed.saturating_add(before.subscribed);
        for entry in &mut self.entries {
            entry.id = entry.id.saturating_add(before.subscribed);
        }
        (self.attended, self.unable) = (before.attended, before.unable);
    }

    /// The world has become another: who is told stays, with the faults. What is on its way from before changes nothing and is not
    /// sent again; no number of the time before is used again.
    pub(crate) fn stay(self) -> Deliveries {
        let empty = |entry| Entry { line: VecDeque::new(), ..entry };
        Deliveries {
            generation: self.generation + 1,
            numbers: self.numbers.anew(self.made),
            entries: self.entries.into_iter().map(empty).collect(),
            subscribed: self.subscribed,
            faults: self.faults,
            attended: self.attended,
            unable: self.unable,
            ..Deliveries::default()
        }
    }

    /// Whether what is due goes out by itself, to somebody.
    pub(crate) fn are_sent(&self) -> bool {
        self.attended && !self.entries.is_empty()
    }

    pub(crate) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    pub(crate) fn subscribe(&mut self, subscription: Subscription) -> u32 {
        self.subscribed = self.subscribed.saturating_add(1);
        let (id, line) = (self.subscribed, VecDeque::new());
        self.entries.push(Entry { id, subscription, paused: false, line });
        id
    }

    /// Ends a subscription; what was not sent to it never is. False where there is none.
    pub(crate) fn unsubscribe(&mut self, id: u32) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.id != id);
        for delivery in self.log.values_mut().filter(|delivery| delivery.subscription == id && !delivery.is_over()) {
            (delivery.state, delivery.slot) = (WebhookState::Cancelled, None);
        }
        let log = &self.log;
        self.queue.retain(|_, queued| log.get(&queued.delivery).is_some_and(|delivery| delivery.subscription != id));
        self.held.retain(|held| log.get(held).is_some_and(|delivery| !delivery.is_over()));
        self.entries.len() < before
    }

    /// Stops or resumes a subscription. False where there is none.
    pub(crate) fn pause(&mut self, id: u32, paused: bool) -> bool {
        let found = self.entries.iter_mut().find(|entry| entry.id == id);
        found.map(|entry| entry.paused = paused).is_some()
    }

    /// Puts a delivery's first attempt into the queue, and its copies.
    pub(super) fn begin(&mut self, id: u64, now: i64, rules: &Rules) {
        let Some(delivery) = self.log.get(&id) else { return };
        let begins = delivery.at.saturating_add(delivery.delayed).saturating_add(offset(rules, 0)).max(now);
        let ((copies, gap), held) = (delivery.copies, delivery.behind > 0);
        let at = match held {
            true => begins.saturating_add(offset(rules, rules.policy.webhook_schedule.len().saturating_sub(1))),
            false => begins,
        };
        let slot = self.enqueue(at, id, 1, Queued { delivery: id, kind: AttemptKind::Scheduled, body: None });
        if held {
            self.held.push(id);
        }
        if let Some(delivery) = self.log.get_mut(&id) {
            delivery.slot = Some(slot);
        }
        for copy in 1..=i64::from(copies) {
            let at = at.saturating_add(gap.saturating_mul(copy));
            self.enqueue(at, id, 2, Queued { delivery: id, kind: AttemptKind::Copy, body: None });
        }
    }

    pub(super) fn enqueue(&mut self, at: i64, rank: u64, class: u8, queued: Queued) -> Slot {
        self.queued += 1;
        let slot = (at, rank, class, self.queued);
        self.queue.insert(slot, queued);
        slot
    }

    /// Whether nothing but a person's wish keeps it.
    fn may_go(&self, queued: &Queued) -> bool {
        let asked_for = matches!(queued.kind, AttemptKind::Replay | AttemptKind::Edited);
        let of = self.log.get(&queued.delivery).map(|delivery| delivery.subscription);
        asked_for || !self.entries.iter().any(|entry| entry.paused && Some(entry.id) == of)
    }

    /// When the next request is due.
    pub(crate) fn next_due(&self) -> Option<i64> {
        self.queue.iter().find(|(_, queued)| self.may_go(queued)).map(|(slot, _)| slot.0)
    }

    /// The next request that is due by now. Whoever takes it says by [`answered`](Deliveries::answered) what came of it.
    pub(crate) fn due(&mut self, now: i64, rules: &Rules) -> Option<WebhookAttempt> {
        loop {
            let mut due = self.queue.range(..=(now, u64::MAX, u8::MAX, u64::MAX));
            let slot = due.find(|(_, queued)| self.may_go(queued)).map(|(slot, _)| *slot)?;
            let queued = self.queue.remove(&slot)?;
            // What was sent again on request may have been forgotten meanwhile.
            if let Some(attempt) = self.attempt(queued, now, rules) {
                return Some(attempt);
            }
        }
    }

    fn attempt(&mut self, queued: Queued, now: i64, rules: &Rules) -> Option<WebhookAttempt> {
        let delivery = self.log.get_mut(&queued.delivery)?;
        let entry = self.entries.iter().find(|entry| entry.id == delivery.subscription)?;
        let scheduled = queued.kind == AttemptKind::Scheduled;
        if scheduled {
            delivery.slot = None;
            self.held.retain(|held| *held != queued.delivery);
        }
        let met = match scheduled {
            true => self.faults.meet(true, entry.id, delivery.status, &rules.chance),
            false => None,
        };
        let (fault, effect) = met.map_or((None, None), |(fault, effect)| (Some(fault), Some(effect)));
        let manner = match effect {
            Some(WebhookEffect::Slow(pause)) => WebhookManner::Slow(pause),
            Some(WebhookEffect::Reset) => WebhookManner::Reset,
            _ => WebhookManner::Whole,
        };
        // Who makes an event up knows no password.
        let forged = queued.kind == AttemptKind::Forged;
        Some(WebhookAttempt {
            delivery: queued.delivery,
            at: Timestamp::from_unix_millis(now),
            url: entry.subscription.url.clone(),
            auth: if forged { WebhookAuth::None } else { entry.subscription.auth.clone() },
            wrong_auth: effect == Some(WebhookEffect::WrongAuth),
            body: queued.body.unwrap_or_else(|| Arc::clone(&delivery.body)),
            manner,
            timeout: Duration::from_millis(u64::from(rules.policy.webhook_timeout_milliseconds)),
            kind: queued.kind,
            generation: self.generation,
            subscription: entry.id,
            millis: now,
            fault,
        })
    }

    /// Notes what came of a request, and plans the next one.
    pub(crate) fn answered(&mut self, attempt: &WebhookAttempt, outcome: WebhookOutcome, rules: &Rules) {
        let Some(delivery) = self.log.get_mut(&attempt.delivery).filter(|_| attempt.generation == self.generation)
        else {
            return;
        };
        let (at, kind, fault) = (attempt.millis, attempt.kind, attempt.fault);
        delivery.tried.push(Tried { at, kind, outcome, fault });
        if kind != AttemptKind::Scheduled {
            return;
        }
        delivery.made += 1;
        if delivery.is_over() {
            return;
        }
        let (made, id) = (delivery.made, attempt.delivery);
        let success =
            matches!(outcome, WebhookOutcome::Response(status) if rules.policy.webhook_success.admits(status));
        if !success && made < rules.policy.webhook_schedule.len() {
            // Where it went out late, the times between two attempts stay as they are.
            let gap = offset(rules, made).saturating_sub(offset(rules, made.saturating_sub(1)));
            let slot = self.enqueue(at.saturating_add(gap), id, 1, Queued { delivery: id, kind, body: None });
            if let Some(delivery) = self.log.get_mut(&id) {
                delivery.slot = Some(slot);
            }
            return;
        }
        delivery.state = if success { WebhookState::Delivered } else { WebhookState::GivenUp };
        let subscription = delivery.subscription;
        let line = self.entries.iter_mut().find(|entry| entry.id == subscription).map(|entry| &mut entry.line);
        let next = line.filter(|line| line.front() == Some(&id)).and_then(|line| {
            line.pop_front();
            line.front().copied()
        });
        if let Some(next) = next {
            self.begin(next, at, rules);
        }
        self.thin(rules.policy.outbox);
    }

    /// Sends a delivery again at once, as it was or with another body; it uses up no attempt of the schedule.
    pub(crate) fn replay(&mut self, id: u64, other: Option<Vec<u8>>, now: i64) -> Result<(), NotSent> {
        let delivery = self.log.get(&id).ok_or(NotSent::Unknown)?;
        if !self.entries.iter().any(|entry| entry.id == delivery.subscription) {
            return Err(NotSent::Ended);
        }
        let kind = if other.is_some() { AttemptKind::Edited } else { AttemptKind::Replay };
        // After all that is due by now.
        self.enqueue(now, u64::MAX, 0, Queued { delivery: id, kind, body: other.map(Arc::from) });
        Ok(())
    }

    /// The body of a delivery with other values in its microdeposit.
    pub(crate) fn edited(&self, id: u64, changes: &str) -> Result<Vec<u8>, NotSent> {
        let delivery = self.log.get(&id).ok_or(NotSent::Unknown)?;
        body::edited(&delivery.body, changes).ok_or(NotSent::NoObject)
    }

    /// A delivery by its number.
    pub(crate) fn delivery(&self, id: u64) -> Option<&Delivery> {
        self.log.get(&id)
    }

    /// The deliveries after this number.
    pub(crate) fn deliveries(&self, after: u64) -> impl Iterator<Item = (u64, &Delivery)> {
        self.log.range(after.saturating_add(1)..).map(|(id, delivery)| (*id, delivery))
    }

    pub(crate) fn numbers(&self) -> Numbers {
        self.numbers
    }

    /// How many of the oldest are no longer kept.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Forgets the oldest beyond the limit, as far as they are over.
    pub(super) fn thin(&mut self, limit: usize) {
        while self.log.len() > limit && self.log.first_key_value().is_some_and(|(_, oldest)| oldest.is_over()) {
            self.log.pop_first();
            self.dropped += 1;
        }
    }
}

/// How long after its event an attempt is due, in milliseconds; counted from 0.
pub(super) fn offset(rules: &Rules, attempt: usize) -> i64 {
    rules.policy.webhook_schedule.get(attempt).map_or(0, |seconds| i64::from(*seconds) * SECOND)
}
