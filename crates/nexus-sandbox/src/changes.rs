//! What has changed in a world, numbered, and what it was like when somebody looked last. It knows of no world: a look is
//! `admin/live.rs`.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Weak;

/// So many changes are kept for listeners that come back; one that has missed more begins anew.
pub(crate) const KEPT: usize = 4096;
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Change {
    /// Everything may be another: a reset, or an import.
    Anew,
    Clock,
    Record(u32),
    Request(u64),
    Faults,
    Webhooks,
    WebhookFaults,
    /// A delivery of a webhook, its attempts included.
    Delivery(u64),
}

/// The changes, and what the world was like at the last look.
pub(crate) struct Live {
    /// Of the last change.
    pub(crate) number: u64,
    pub(crate) kept: VecDeque<(u64, Change)>,
    pub(crate) known: Known,
}

#[derive(Default)]
pub(crate) struct Known {
    /// Of which beginning it was.
    pub(crate) life: Weak<()>,
    pub(crate) now: i64,
    pub(crate) requests: u64,
    pub(crate) faults: Vec<(u32, u32, u32)>,
    pub(crate) webhooks: Vec<(u32, bool)>,
    pub(crate) webhook_faults: Vec<(u32, u32, u32)>,
    /// The number of each delivery that is kept, and a fingerprint of it.
    pub(crate) deliveries: BTreeMap<u64, u64>,
    /// A fingerprint of each record.
    pub(crate) records: Vec<u64>,
}

impl Known {
    fn is_before(&self, other: &Known) -> bool {
        Weak::ptr_eq(&self.life, &other.life)
            && self.records.len() <= other.records.len()
            && self.requests <= other.requests
    }

    /// What is different later.
    pub(crate) fn differences(&self, later: &Known, add: &mut impl FnMut(Change)) {
        if !self.is_before(later) {
            return add(Change::Anew);
        }
        if self.now != later.now {
            add(Change::Clock);
        }
        for (number, record) in (0..).zip(&later.records) {
            if self.records.get(number as usize) != Some(record) {
                add(Change::Record(number));
            }
        }
        // Of more than are kept the oldest would be dropped at once.
        let first = (self.requests + 1).max(later.requests.saturating_sub(KEPT as u64));
        (first..=later.requests).for_each(|number| add(Change::Request(number)));
        if self.faults != later.faults {
            add(Change::Faults);
        }
        if self.webhooks != later.webhooks {
            add(Change::Webhooks);
        }
        if self.webhook_faults != later.webhook_faults {
            add(Change::WebhookFaults);
        }
        for (id, delivery) in &later.deliveries {
            if self.deliveries.get(id) != Some(delivery) {
                add(Change::Delivery(*id));
            }
        }
    }
}

impl Live {
    pub(crate) fn add(&mut self, change: Change) {
        self.number += 1;
        if change == Change::Anew {
            self.kept.clear();
        }
        if self.kept.len() >= KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((self.number, change));
    }

    /// Whether everything after this change is still kept.
    pub(crate) fn covers(&self, after: u64) -> bool {
        let first = self.kept.front().map_or(self.number + 1, |(number, _)| *number);
        after <= self.number && first <= after + 1
    }
}
