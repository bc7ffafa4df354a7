//! [`Open`]: the microdeposits for which a submission of this client has an unknown outcome.
//!
//! While a submission is open, a denial may belong to it and not to the next submission. A journal remembers this for ever.
//! This type remembers it while the client lives, for the latest microdeposits.

use std::collections::BTreeMap;

use nexus_types::MicrodepositGuid;

use crate::sync::{Mutex, PoisonError};

/// How many are remembered.
const MOST: usize = 10_000;

#[derive(Default)]
pub(crate) struct Open(Mutex<State>);

#[derive(Default)]
struct State {
    open: BTreeMap<Box<str>, Entry>,
    turn: u64,
}

/// The open submissions for one microdeposit, with their keys. Calls with one key are one submission.
#[derive(Default)]
struct Entry {
    under_way: Vec<Key>,
    /// The submissions that ended with an unknown outcome.
    unsettled: Vec<Key>,
    turn: u64,
}

type Key = Option<Box<str>>;

/// One submission under way.
pub(crate) struct Entered<'a> {
    all: &'a Open,
    guid: Box<str>,
    key: Key,
    earlier_open: bool,
    busy: bool,
    left: bool,
}

impl Open {
    pub(crate) fn enter(&self, guid: &MicrodepositGuid, key: Option<&str>) -> Entered<'_> {
        let (guid, key): (Box<str>, Key) = (guid.as_str().to_ascii_lowercase().into(), key.map(Into::into));
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.turn += 1;
        let turn = state.turn;
        let entry = state.open.entry(guid.clone()).or_default();
        let other = |other: &Key| other.is_none() || *other != key;
        let earlier_open = entry.under_way.iter().chain(&entry.unsettled).any(other);
        let busy = entry.under_way.iter().any(other);
        entry.under_way.push(key.clone());
        entry.turn = turn;
        if state.open.len() > MOST {
            state.forget_oldest();
        }
        Entered { all: self, guid, key, earlier_open, busy, left: false }
    }
}

impl State {
    fn forget_oldest(&mut self) {
        let idle = self.open.iter().filter(|(_, entry)| entry.under_way.is_empty());
        if let Some(guid) = idle.min_by_key(|(_, entry)| entry.turn).map(|(guid, _)| guid.clone()) {
            self.open.remove(&guid);
        }
    }
}

impl Entered<'_> {
    pub(crate) fn earlier_open(&self) -> bool {
        self.earlier_open
    }

    /// Whether another submission is under way: the outcome of one could be taken for the other's.
    pub(crate) fn busy(&self) -> bool {
        self.busy
    }

    /// Ends the submission: nothing was sent, so nothing has changed.
    pub(crate) fn withdraw(mut self) {
        self.end(None);
    }

    /// Ends the submission; `open` says whether its outcome is unknown.
    pub(crate) fn leave(mut self, open: bool) {
        self.end(Some(open));
    }

    fn end(&mut self, open: Option<bool>) {
        self.left = true;
        let mut state = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = state.open.get_mut(&self.guid) else { return };
        if let Some(own) = entry.under_way.iter().position(|key| *key == self.key) {
            entry.under_way.swap_remove(own);
        }
        if open.is_some() {
            // With a key, the latest outcome replaces the earlier one. Without a key, each submission counts separately.
            entry.unsettled.retain(|key| key.is_none() || *key != self.key);
        }
        if open == Some(true) && !entry.unsettled.contains(&self.key) {
            entry.unsettled.push(self.key.clone());
        }
        if entry.under_way.is_empty() && entry.unsettled.is_empty() {
            state.open.remove(&self.guid);
        }
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if !self.left {
            self.end(Some(true));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn open_remembers_a_submission_until_its_outcome_is_known() {
        let (open, guid) = (Open::default(), MicrodepositGuid::new("MIC-1").unwrap());
        let first = open.enter(&guid, None);
        assert!(!first.earlier_open());
        let second = open.enter(&guid, None);
        assert!(second.earlier_open(), "the first is under way");
        second.leave(false);
        first.leave(true);
        assert!(open.enter(&guid, None).earlier_open(), "the outcome of the first is unknown");
        let other = MicrodepositGuid::new("MIC-2").unwrap();
        open.enter(&other, None).leave(false);
        assert!(!open.enter(&other, None).earlier_open());
    }

    #[test]
    fn open_admits_one_submission_at_a_time() {
        let (open, guid) = (Open::default(), MicrodepositGuid::new("MIC-1").unwrap());
        let first = open.enter(&guid, Some("a"));
        let second = open.enter(&guid, None);
        assert!(!first.busy() && second.busy());
        second.withdraw();
        first.leave(true);
        open.enter(&guid, Some("a")).withdraw();
        let third = open.enter(&guid, None);
        assert!(third.earlier_open() && !third.busy());
    }

    #[test]
    fn open_counts_calls_with_one_key_as_one_submission() {
        let (open, guid) = (Open::default(), MicrodepositGuid::new("MIC-1").unwrap());
        let first = open.enter(&guid, Some("a"));
        assert!(!open.enter(&guid, Some("a")).earlier_open(), "the same");
        let another = open.enter(&guid, Some("b"));
        assert!(another.earlier_open());
        another.leave(false);
        first.leave(true);
        assert!(!open.enter(&guid, Some("a")).earlier_open());
    }

    #[test]
    fn open_remembers_at_most_its_limit() {
        let open = Open::default();
        for number in 0..MOST + 50 {
            open.enter(&MicrodepositGuid::new(format!("MIC-{number}")).unwrap(), None).leave(true);
        }
        assert!(open.0.lock().unwrap().open.len() <= MOST);
        let last = MicrodepositGuid::new(format!("MIC-{}", MOST + 49)).unwrap();
        assert!(open.enter(&last, None).earlier_open());
    }
}
