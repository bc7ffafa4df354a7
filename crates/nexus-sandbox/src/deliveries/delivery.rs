//! [`Delivery`]: one event on its way to one subscription, and what has become of it so far.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use nexus_types::KnownStatus;

use super::attempt::{AttemptKind, WebhookOutcome};

/// What happened, ready to be sent.
pub(crate) struct News<'a> {
    /// The event's number in the outbox.
    pub(crate) event: u64,
    /// The record's number.
    pub(crate) record: u32,
    pub(crate) at: i64,
    pub(crate) created: bool,
    pub(crate) status: KnownStatus,
    pub(crate) guid: &'a str,
    pub(crate) body: Vec<u8>,
}

/// A place in the queue: when; then by delivery, whichever came into the queue first, for events are taken in while others
/// are sent; then by what it is; then in order.
pub(crate) type Slot = (i64, u64, u8, u64);

pub(crate) struct Delivery {
    pub(crate) event: u64,
    pub(crate) subscription: u32,
    pub(crate) record: u32,
    pub(crate) at: i64,
    pub(crate) created: bool,
    pub(crate) status: KnownStatus,
    pub(crate) guid: Box<str>,
    /// The same in every attempt.
    pub(crate) body: Arc<[u8]>,
    pub(crate) state: WebhookState,
    /// The fault that met it.
    pub(crate) fault: Option<u32>,
    pub(crate) tried: Vec<Tried>,
    /// How many attempts of the schedule have been made.
    pub(crate) made: usize,
    /// So many later events of the same microdeposit must go out before it.
    pub(crate) behind: u16,
    /// So much later than the schedule says.
    pub(crate) delayed: i64,
    /// Sent so many times more, with so much time between two.
    pub(crate) copies: (u16, i64),
    /// Where it stands in the queue.
    pub(crate) slot: Option<Slot>,
}

/// What has become of an event on its way to one subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookState {
    /// Attempts are still to come.
    Pending,
    /// The receiver has it.
    Delivered,
    /// The last attempt has failed.
    GivenUp,
    /// A fault has lost it.
    Dropped,
    /// The subscription ended first.
    Cancelled,
}

/// An attempt that was made.
pub(crate) struct Tried {
    pub(crate) at: i64,
    pub(crate) kind: AttemptKind,
    pub(crate) outcome: WebhookOutcome,
    pub(crate) fault: Option<u32>,
}

impl Delivery {
    pub(crate) fn new(subscription: u32, news: &News<'_>) -> Delivery {
        Delivery {
            event: news.event,
            subscription,
            record: news.record,
            at: news.at,
            created: news.created,
            status: news.status,
            guid: news.guid.into(),
            body: news.body.as_slice().into(),
            state: WebhookState::Pending,
            fault: None,
            tried: Vec::new(),
            made: 0,
            behind: 0,
            delayed: 0,
            copies: (0, 0),
            slot: None,
        }
    }

    /// A number that is another one where something of the delivery is shown differently.
    pub(crate) fn fingerprint(&self) -> u64 {
        let next = self.slot.map(|(at, ..)| at);
        BuildHasherDefault::<DefaultHasher>::default().hash_one((self.tried.len(), self.state.name(), next))
    }

    pub(crate) fn is_over(&self) -> bool {
        self.state != WebhookState::Pending
    }
}

impl WebhookState {
    /// The name that it has in the log.
    pub fn name(self) -> &'static str {
        match self {
            WebhookState::Pending => "pending",
            WebhookState::Delivered => "delivered",
            WebhookState::GivenUp => "given_up",
            WebhookState::Dropped => "dropped",
            WebhookState::Cancelled => "cancelled",
        }
    }
}
