//! [`Tally`]: how often what happened, for the metrics. It only grows, through resets and imports too.

use std::collections::BTreeMap;

use nexus_types::Operation;

use crate::deliveries::WebhookOutcome;
use crate::faults::Delivery;

/// The operation of a request that is none of the API's.
const NO_OPERATION: &str = "unknown";

/// Counters of one world. What distinguishes them is bounded: operations, HTTP statuses, effects of faults.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// By operation and HTTP status; none where the connection was reset instead of a response.
    requests: BTreeMap<(&'static str, Option<u16>), u64>,
    /// By effect.
    faults: BTreeMap<&'static str, u64>,
    /// Attempts to deliver a webhook, by outcome.
    attempts: BTreeMap<&'static str, u64>,
}

impl Tally {
    /// Counts a request as the log has it.
    pub(crate) fn request(&mut self, operation: Option<Operation>, status: u16, delivery: Delivery) {
        let name = operation.map_or(NO_OPERATION, Operation::name);
        let status = (delivery != Delivery::Reset).then_some(status);
        *self.requests.entry((name, status)).or_default() += 1;
    }

    /// Counts a request that a fault met.
    pub(crate) fn fault(&mut self, effect: &'static str) {
        *self.faults.entry(effect).or_default() += 1;
    }

    /// Counts an attempt to deliver a webhook.
    pub(crate) fn attempt(&mut self, outcome: WebhookOutcome, success: bool) {
        let name = match outcome {
            WebhookOutcome::Response(_) if success => "delivered",
            WebhookOutcome::Response(_) => "refused_by_status",
            WebhookOutcome::Failed(trouble) => trouble.name(),
        };
        *self.attempts.entry(name).or_default() += 1;
    }

    /// Adds what another world has counted.
    pub(crate) fn add(&mut self, other: &Tally) {
        for (key, count) in &other.requests {
            *self.requests.entry(*key).or_default() += count;
        }
        for (key, count) in &other.faults {
            *self.faults.entry(key).or_default() += count;
        }
        for (key, count) in &other.attempts {
            *self.attempts.entry(key).or_default() += count;
        }
    }

    /// Operation, status and count.
    pub(crate) fn requests(&self) -> impl Iterator<Item = (&'static str, Option<u16>, u64)> {
        self.requests.iter().map(|((name, status), count)| (*name, *status, *count))
    }

    /// Outcome and count.
    pub(crate) fn attempts(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.attempts.iter().map(|(outcome, count)| (*outcome, *count))
    }

    /// Effect and count.
    pub(crate) fn faults(&self) -> impl Iterator<Item = (&'static str, u64)> {
        self.faults.iter().map(|(effect, count)| (*effect, *count))
    }
}
