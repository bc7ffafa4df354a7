//! Webhooks that are delivered: who has subscribed to the events, what is to be sent when, and what became of it.
//!
//! Pure: no socket and no clock. The world says what happened and what time it is; whoever sends asks what is due, and
//! says what came of it.

mod attempt;
mod body;
mod delivery;
mod engine;
mod faults;
mod intake;
mod reading;
mod subscription;

pub use attempt::{AttemptKind, WebhookAttempt, WebhookManner, WebhookOutcome, WebhookTrouble};
pub(crate) use body::masked;
pub use delivery::WebhookState;
pub(crate) use delivery::{Delivery, News};
pub(crate) use engine::{Deliveries, Entry, NotSent};
pub(crate) use faults::Armed as ArmedWebhookFault;
pub use faults::{Shape, WebhookEffect, WebhookFault};
pub(crate) use reading::subscription as read_subscription;
#[cfg(test)]
pub(crate) use reading::{AUTH, SUBSCRIPTION};
pub use subscription::{Subscription, WebhookAuth};
