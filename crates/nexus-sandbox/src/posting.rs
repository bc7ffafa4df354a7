//! Webhooks of a [`World`] in process: what happened, what is to be sent, and when something happens next.

use std::fmt;
use std::time::Duration;

use nexus_types::{InputError, KnownStatus, MicrodepositGuid, Timestamp};

use crate::deliveries::{
    AttemptKind, Delivery, News, Subscription, WebhookAttempt, WebhookFault, WebhookOutcome, WebhookState,
    read_subscription,
};
use crate::json_reader::Problem;
use crate::options::Options;
use crate::outbox::Happening;
use crate::webhooks;
use crate::world::{LATEST, World};

/// A webhook event. Printing it does not show the body.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// Its number, from 1, in order of time.
    pub id: u64,
    /// When it happened.
    pub at: Timestamp,
    /// The microdeposit to which it happened.
    pub guid: MicrodepositGuid,
    /// Whether the microdeposit was created; otherwise it was updated.
    pub created: bool,
    /// Its status then.
    pub status: KnownStatus,
    /// What is sent.
    pub body: Vec<u8>,
}

/// An event on its way to one subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WebhookDelivery {
    /// Its number, from 1.
    pub id: u64,
    /// The event's number.
    pub event: u64,
    /// The subscription's number.
    pub webhook: u32,
    /// When it happened.
    pub at: Timestamp,
    /// The microdeposit.
    pub guid: MicrodepositGuid,
    /// Whether the microdeposit was created; otherwise it was updated.
    pub created: bool,
    /// Its status then.
    pub status: KnownStatus,
    /// What has become of it.
    pub state: WebhookState,
    /// What was sent so far, in order.
    pub attempts: Vec<MadeAttempt>,
    /// When the next attempt of the schedule is due.
    pub next_at: Option<Timestamp>,
}

/// A request that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MadeAttempt {
    /// When, by the sandbox's clock.
    pub at: Timestamp,
    /// How long after the event.
    pub offset: Duration,
    /// What it was.
    pub kind: AttemptKind,
    /// What came of it.
    pub outcome: WebhookOutcome,
}

impl Subscription {
    /// Reads what `POST /_sandbox/webhooks` takes, such as
    /// `{"url":"https://example.com/","auth":{"type":"basic","username":"...","password":"..."}}`.
    ///
    /// # Errors
    /// [`InputError`] that names the field.
    pub fn from_json(text: &str) -> Result<Subscription, InputError> {
        read_subscription(text.as_bytes()).map_err(input)
    }

    /// Whether it can be sent to, in a world with these options.
    ///
    /// # Errors
    /// [`InputError`] for an address that webhooks may not go to, or credentials that cannot be sent.
    pub fn check_for(&self, options: &Options) -> Result<(), InputError> {
        self.check(&options.webhook_hosts).map_err(input)
    }
}

fn input(problem: Problem) -> InputError {
    InputError::new(problem.field, problem.rule)
}

impl World {
    /// The webhook events numbered above this one that have happened by now, oldest first. The oldest may be gone: as many are
    /// kept as [`Policy::outbox`](crate::Policy::outbox) says.
    pub fn webhooks_after(&mut self, number: u64) -> Vec<Webhook> {
        self.settle_all();
        let events: Vec<(u64, Happening)> = self.books.outbox.after(number).collect();
        events.into_iter().filter_map(|(id, happening)| self.webhook(id, happening)).collect()
    }

    fn webhook(&self, id: u64, happening: Happening) -> Option<Webhook> {
        let record = self.records.get(happening.number as usize)?;
        let (guid, user) = (self.guid(happening.number), (self.user_guid(record.user), self.user_id(record.user)));
        let event = webhooks::event(&self.rules.policy, happening, guid.clone(), record, user);
        Some(Webhook {
            id,
            at: Timestamp::from_unix_millis(happening.at),
            guid: MicrodepositGuid::new(guid).ok()?,
            created: happening.first,
            status: happening.status,
            // Plain structs of text and numbers cannot fail to serialise.
            body: serde_json::to_vec(&event).unwrap_or_default(),
        })
    }

    /// When something happens next by itself: a microdeposit changes, a list catches up, a request that was kept for later is
    /// carried out, a webhook is due. None if nothing ever will.
    ///
    /// From the first call on the world keeps its moments in order, which costs a little with each change.
    pub fn next_due(&mut self) -> Option<Timestamp> {
        self.attend();
        let next = self.next_moment().into_iter().chain(self.deliveries.next_due()).min();
        next.map(|at| Timestamp::from_unix_millis(at.max(self.now)))
    }

    /// Sends events there from now on; gives the subscription's number.
    ///
    /// A world has no socket: what is due comes from [`attempt_due`](World::attempt_due), unless a
    /// [`Sandbox`](crate::Sandbox) sends it.
    ///
    /// # Errors
    /// [`InputError`] for an address that webhooks may not go to, or credentials that cannot be sent.
    pub fn subscribe(&mut self, subscription: Subscription) -> Result<u32, InputError> {
        subscription.check_for(&self.options)?;
        self.attend();
        // What has happened before is nobody's news.
        self.catch_up();
        self.settle_all();
        self.books.outbox.tap(true);
        Ok(self.deliveries.subscribe(subscription))
    }

    /// Keeps account of what happens from now on, for those who have subscribed already.
    pub(crate) fn watch(&mut self) {
        if !self.deliveries.entries().is_empty() {
            self.attend();
            self.catch_up();
            self.settle_all();
            self.books.outbox.tap(true);
        }
    }

    /// Ends a subscription. What was not sent to it yet never is. False where there is none of this number.
    pub fn unsubscribe(&mut self, webhook: u32) -> bool {
        let ended = self.deliveries.unsubscribe(webhook);
        if self.deliveries.entries().is_empty() {
            self.books.outbox.tap(false);
            self.books.agenda.end();
        }
        ended
    }

    /// The next webhook that is due by now. Whoever takes it sends it and says by [`attempt_ended`](World::attempt_ended) what
    /// came of it.
    pub fn attempt_due(&mut self) -> Option<WebhookAttempt> {
        self.catch_up();
        self.deliveries.due(self.now, &self.rules)
    }

    /// Notes what came of a webhook, and plans the next attempt where it was not received.
    pub fn attempt_ended(&mut self, attempt: &WebhookAttempt, outcome: WebhookOutcome) {
        let admits = |status| self.rules.policy.webhook_success.admits(status);
        self.tally.attempt(outcome, matches!(outcome, WebhookOutcome::Response(status) if admits(status)));
        self.deliveries.answered(attempt, outcome, &self.rules);
    }

    /// The deliveries numbered above this one, oldest first, and what has become of each.
    pub fn webhook_deliveries(&self, after: u64) -> Vec<WebhookDelivery> {
        self.deliveries.deliveries(after).filter_map(|(id, delivery)| told(id, delivery)).collect()
    }

    /// Lets webhooks go wrong; gives the fault's number.
    pub fn add_webhook_fault(&mut self, fault: WebhookFault) -> u32 {
        self.deliveries.faults.add(fault)
    }

    /// Takes every fault of webhooks out again.
    pub fn clear_webhook_faults(&mut self) {
        self.deliveries.faults.clear();
    }

    /// Moves the clock; or, where webhooks are sent on the way, says how far it is to go. True for the latter.
    pub(crate) fn go(&mut self, by: Duration) -> bool {
        if !self.deliveries.are_sent() {
            self.advance(by);
            return false;
        }
        let then = self.now.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)).min(LATEST);
        self.deliveries.goal = self.deliveries.goal.max(Some(then));
        true
    }

    /// The next webhook to send, the clock going towards its goal; none when it is there and nothing is due.
    #[cfg_attr(not(feature = "webhooks"), allow(dead_code, reason = "only what sends asks"))]
    pub(crate) fn next_attempt(&mut self) -> Option<WebhookAttempt> {
        loop {
            if let Some(attempt) = self.attempt_due() {
                return Some(attempt);
            }
            let goal = self.deliveries.goal.filter(|goal| *goal > self.now);
            let Some(goal) = goal else {
                self.deliveries.goal = None;
                return None;
            };
            let next = self.next_moment().into_iter().chain(self.deliveries.next_due()).min().unwrap_or(goal);
            let by = next.clamp(self.now, goal).saturating_sub(self.now);
            self.advance(Duration::from_millis(by.unsigned_abs()));
        }
    }

    /// From now on the moments of all records are kept in order.
    fn attend(&mut self) {
        if !self.books.agenda.is_on() {
            self.settle_all();
            // There are never more: see the creation.
            self.books.agenda.begin(u32::try_from(self.records.len()).unwrap_or(u32::MAX));
        }
    }

    /// Hands what happened to those who have subscribed.
    pub(crate) fn hand_on(&mut self) {
        if self.deliveries.entries().is_empty() {
            return;
        }
        self.books.outbox.order();
        for (event, happening) in self.books.outbox.take() {
            let Some(webhook) = self.webhook(event, happening) else { continue };
            let news = News {
                event,
                record: happening.number,
                at: happening.at,
                created: happening.first,
                status: happening.status,
                guid: webhook.guid.as_str(),
                body: webhook.body,
            };
            let chance = &self.rules.chance;
            // No record ever has the last number.
            let unknown = || chance.guid(crate::world::GUID_PREFIX, u32::MAX);
            self.deliveries.take_in(&news, &self.rules, &unknown);
        }
    }
}

fn told(id: u64, delivery: &Delivery) -> Option<WebhookDelivery> {
    let attempts = delivery.tried.iter().map(|tried| MadeAttempt {
        at: Timestamp::from_unix_millis(tried.at),
        offset: Duration::from_millis(u64::try_from(tried.at.saturating_sub(delivery.at)).unwrap_or(0)),
        kind: tried.kind,
        outcome: tried.outcome,
    });
    Some(WebhookDelivery {
        id,
        event: delivery.event,
        webhook: delivery.subscription,
        at: Timestamp::from_unix_millis(delivery.at),
        guid: MicrodepositGuid::new(&*delivery.guid).ok()?,
        created: delivery.created,
        status: delivery.status,
        state: delivery.state,
        attempts: attempts.collect(),
        next_at: delivery.slot.map(|(at, ..)| Timestamp::from_unix_millis(at)),
    })
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("id", &self.id)
            .field("at", &self.at)
            .field("guid", &self.guid)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}
