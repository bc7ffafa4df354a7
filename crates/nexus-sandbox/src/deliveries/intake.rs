//! How [`Deliveries`] takes in what happened: for whom it is, and what a fault makes of it.

use std::time::Duration;

use super::attempt::AttemptKind;
use super::body;
use super::delivery::{Delivery, News, WebhookState};
use super::engine::{Deliveries, Entry, Queued, offset};
use super::faults::WebhookEffect;
use crate::rng::Purpose;
use crate::rules::Rules;

/// After the request whose place it is said to be behind.
const BEHIND: u8 = 9;

impl Deliveries {
    /// Takes in what happened, for everybody who wants it. `unknown` makes a guid that no microdeposit has.
    pub(crate) fn take_in(&mut self, news: &News<'_>, rules: &Rules, unknown: &dyn Fn() -> String) {
        let wants = |entry: &&Entry| if news.created { entry.subscription.created } else { entry.subscription.updated };
        let wanting: Vec<u32> = self.entries.iter().filter(wants).map(|entry| entry.id).collect();
        for subscription in wanting {
            self.made += 1;
            let id = self.numbers().shown(self.made);
            let mut delivery = Delivery::new(subscription, news);
            if let Some((fault, effect)) = self.faults.meet(false, subscription, news.status, &rules.chance) {
                delivery.fault = Some(fault);
                self.meet(id, &mut delivery, effect, rules, unknown);
            }
            let lost = delivery.is_over();
            self.log.insert(id, delivery);
            let first = match self.entries.iter_mut().find(|entry| entry.id == subscription) {
                Some(entry) if rules.policy.webhook_in_order && !lost => {
                    entry.line.push_back(id);
                    entry.line.len() == 1
                }
                _ => !lost,
            };
            if first {
                self.begin(id, news.at, rules);
            }
            if !lost {
                self.release(id, subscription, news.record, news.at);
            }
        }
        self.thin(rules.policy.outbox);
    }

    /// What a fault makes of a new delivery.
    fn meet(
        &mut self,
        id: u64,
        delivery: &mut Delivery,
        effect: WebhookEffect,
        rules: &Rules,
        unknown: &dyn Fn() -> String,
    ) {
        let other = match effect {
            WebhookEffect::Drop => {
                delivery.state = WebhookState::Dropped;
                None
            }
            WebhookEffect::Delay(time) => {
                delivery.delayed = millis(time);
                None
            }
            WebhookEffect::Reorder { behind } => {
                delivery.behind = behind;
                None
            }
            WebhookEffect::Duplicate { copies, gap } => {
                delivery.copies = (copies, millis(gap));
                None
            }
            WebhookEffect::Stale => {
                let own = (delivery.subscription, delivery.record);
                let before = self.log.values().rev().find(|older| (older.subscription, older.record) == own);
                before.and_then(|older| body::stale(&older.body))
            }
            WebhookEffect::Shape(shape) => {
                let number = self.numbers().inner(id);
                body::shaped(&delivery.body, shape, &mut rules.chance.stream(Purpose::WebhookShape, number))
            }
            WebhookEffect::Forged => {
                let made_up = body::forged(&delivery.body, &unknown());
                let at = delivery.at.saturating_add(offset(rules, 0));
                if let Some(made_up) = made_up {
                    self.enqueue(
                        at,
                        id,
                        0,
                        Queued { delivery: id, kind: AttemptKind::Forged, body: Some(made_up.into()) },
                    );
                }
                None
            }
            WebhookEffect::Slow(_) | WebhookEffect::Reset | WebhookEffect::WrongAuth => None,
        };
        if let Some(other) = other {
            delivery.body = other.into();
        }
    }

    /// Lets go those that have waited for this one.
    fn release(&mut self, id: u64, subscription: u32, record: u32, at: i64) {
        let behind = self.log.get(&id).and_then(|delivery| delivery.slot).map_or(at, |slot| slot.0);
        let mut free = Vec::new();
        for held in &self.held {
            let Some(delivery) = self.log.get_mut(held) else { continue };
            if *held != id && (delivery.subscription, delivery.record) == (subscription, record) {
                delivery.behind = delivery.behind.saturating_sub(1);
                if delivery.behind == 0 {
                    free.push((*held, delivery.slot.take()));
                }
            }
        }
        for (held, slot) in free {
            self.held.retain(|waiting| *waiting != held);
            if let Some(queued) = slot.and_then(|slot| self.queue.remove(&slot)) {
                let slot = self.enqueue(behind, id, BEHIND, queued);
                if let Some(delivery) = self.log.get_mut(&held) {
                    delivery.slot = Some(slot);
                }
            }
        }
    }
}

/// A duration in milliseconds.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
