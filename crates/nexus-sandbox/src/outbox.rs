//! The webhook events that MX would have posted (source: domain.md 8), kept until they are read.
//!
//! Records are aged only when they are read, so events arrive here out of order. They are sorted by time and numbered
//! before they are shown.

use std::collections::VecDeque;

use nexus_types::KnownStatus;

use crate::numbers::Numbers;
use crate::policy::Policy;

/// One event, not yet written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Happening {
    pub(crate) at: i64,
    pub(crate) number: u32,
    pub(crate) status: KnownStatus,
    /// The record's `updated_at` then. Later than `at` where the clock stands still between two changes.
    pub(crate) updated: i64,
    /// Whether the status was the same before: a second wrong submission.
    pub(crate) again: bool,
    /// Whether this event made the record. The time does not show it: the clock may stand still between two events.
    pub(crate) first: bool,
}

pub(crate) struct Outbox {
    limit: usize,
    preinitiated: bool,
    denied_again: bool,
    /// What was put in order since it was last taken, for those who have subscribed; none while nobody has.
    tapped: Option<Vec<(u64, Happening)>>,
    pub(crate) numbers: Numbers,
    fresh: Vec<Happening>,
    ordered: VecDeque<Happening>,
    /// How many are no longer in `ordered`: the number of the first that is.
    dropped: u64,
}

impl Outbox {
    pub(crate) fn new(policy: &Policy) -> Outbox {
        Outbox {
            limit: policy.outbox,
            preinitiated: policy.webhook_preinitiated,
            denied_again: policy.webhook_denied_again,
            tapped: None,
            numbers: Numbers::default(),
            fresh: Vec::new(),
            ordered: VecDeque::new(),
            dropped: 0,
        }
    }

    /// An empty one whose numbers begin above all that this one can have given.
    pub(crate) fn anew(&self) -> Outbox {
        Outbox {
            numbers: self.numbers.anew(self.given()),
            tapped: None,
            fresh: Vec::new(),
            ordered: VecDeque::new(),
            dropped: 0,
            ..*self
        }
    }

    /// How many numbers this one can have given.
    pub(crate) fn given(&self) -> u64 {
        self.dropped + (self.ordered.len() + self.fresh.len()) as u64
    }

    /// Keeps what is put in order from now on until it is taken; or no longer.
    pub(crate) fn tap(&mut self, on: bool) {
        self.tapped = on.then(|| self.tapped.take().unwrap_or_default());
    }

    /// What was put in order since it was tapped or taken last, with its numbers.
    pub(crate) fn take(&mut self) -> Vec<(u64, Happening)> {
        self.tapped.as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(crate) fn push(&mut self, event: Happening) {
        let silent = event.status == KnownStatus::Preinitiated && !self.preinitiated;
        if silent || (event.again && !self.denied_again) {
            return;
        }
        self.fresh.push(event);
        if self.tapped.is_some() {
            // They are put in order after each request and each moment.
            return;
        }
        // Room for twice the limit, so that the cut is paid for by as many events.
        if self.fresh.len() >= self.limit.saturating_mul(2).max(1024) {
            self.thin();
        }
    }

    /// Lets go what is too old in any case. The rest is not put in order yet, since older events may still come: those of
    /// records that were not accessed since. All of `ordered` is older, for it was complete up to its time.
    fn thin(&mut self) {
        self.fresh.sort_by_key(|event| (event.at, event.number));
        let excess = self.fresh.len().saturating_sub(self.limit);
        self.dropped += (self.ordered.len() + excess) as u64;
        self.ordered.clear();
        self.fresh.drain(..excess);
    }

    /// Puts what came since into order, and lets the oldest beyond the limit go. Every record has been looked at.
    pub(crate) fn order(&mut self) {
        // Stable: events of one record at one instant stay in the order in which they happened.
        self.fresh.sort_by_key(|event| (event.at, event.number));
        if let Some(tapped) = &mut self.tapped {
            let first = self.numbers.shown(self.dropped + self.ordered.len() as u64) + 1;
            tapped.extend((first..).zip(self.fresh.iter().copied()));
        }
        self.ordered.extend(self.fresh.drain(..));
        let excess = self.ordered.len().saturating_sub(self.limit);
        self.ordered.drain(..excess);
        self.dropped += excess as u64;
    }

    /// With these events, which are in order, behind so many that are no longer kept.
    pub(crate) fn restored(policy: &Policy, numbers: Numbers, dropped: u64, events: Vec<Happening>) -> Outbox {
        Outbox { numbers, ordered: events.into(), dropped, ..Outbox::new(policy) }
    }

    /// What has happened to one record, as far as it is kept. Nothing is numbered for it: for that every record has to be looked at.
    pub(crate) fn of(&self, number: u32) -> Vec<Happening> {
        let all = self.ordered.iter().chain(&self.fresh).filter(|happening| happening.number == number);
        let mut happened: Vec<Happening> = all.copied().collect();
        happened.sort_by_key(|happening| happening.at);
        happened
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The events after this number, with their numbers, which count from 1 in a world that has not begun anew.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = (u64, Happening)> {
        let gone = self.numbers.shown(self.dropped);
        let skip = usize::try_from(number.saturating_sub(gone)).unwrap_or(usize::MAX);
        (gone + 1..).zip(self.ordered.iter().copied()).skip(skip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happening(at: i64) -> Happening {
        Happening { at, number: 0, status: KnownStatus::Requested, updated: at, again: false, first: false }
    }

    fn holding(outbox: usize) -> Outbox {
        Outbox::new(&Policy { outbox, ..Policy::default() })
    }

    fn numbers(outbox: &Outbox, after: u64) -> Vec<(u64, i64)> {
        outbox.after(after).map(|(number, event)| (number, event.at)).collect()
    }

    #[test]
    fn outbox_orders_events_by_time_and_numbers_them_from_one() {
        let mut outbox = holding(3);
        for at in [30, 10, 20] {
            outbox.push(happening(at));
        }
        outbox.order();
        assert_eq!(numbers(&outbox, 0), [(1, 10), (2, 20), (3, 30)]);
        assert_eq!(numbers(&outbox, 2), [(3, 30)]);
        assert_eq!(numbers(&outbox, 9), []);
    }

    #[test]
    fn numbers_are_not_given_again_after_a_beginning_anew() {
        let mut outbox = holding(3);
        for epoch in 0..3 {
            assert_eq!(numbers(&outbox, 0), []);
            let first = 1 + epoch * 6;
            for at in 0..5 {
                outbox.push(happening(at));
            }
            if epoch == 1 {
                outbox = outbox.anew();
                continue;
            }
            outbox.order();
            let given = numbers(&outbox, 0);
            assert_eq!(given, [(first + 2, 2), (first + 3, 3), (first + 4, 4)]);
            for (number, _) in &given {
                assert!(!outbox.numbers.is_stale(*number) && outbox.anew().numbers.is_stale(*number), "{number}");
            }
            outbox = outbox.anew();
        }
        assert!(!outbox.numbers.is_stale(0) && !outbox.numbers.is_stale(u64::MAX));
    }

    #[test]
    fn outbox_drops_and_counts_the_oldest_events() {
        let mut outbox = holding(2);
        for at in 0..5 {
            outbox.push(happening(at));
            outbox.order();
        }
        assert_eq!((numbers(&outbox, 0), outbox.dropped()), (vec![(4, 3), (5, 4)], 3));
    }

    #[test]
    fn what_is_tapped_is_whole_and_has_the_numbers_of_the_outbox() {
        let mut outbox = holding(1);
        for at in [10, 20] {
            outbox.push(happening(at));
        }
        outbox.order();
        assert_eq!(outbox.take(), []);
        outbox.tap(true);
        for at in [50, 30, 40] {
            outbox.push(happening(at));
        }
        outbox.order();
        let taken: Vec<_> = outbox.take().iter().map(|(number, event)| (*number, event.at)).collect();
        assert_eq!(taken, [(3, 30), (4, 40), (5, 50)]);
        assert_eq!((numbers(&outbox, 0), outbox.take().len()), (vec![(5, 50)], 0));
    }

    #[test]
    fn the_policy_says_which_changes_are_events() {
        let preinitiated = Happening { status: KnownStatus::Preinitiated, ..happening(1) };
        let denied_again = Happening { status: KnownStatus::Denied, again: true, ..happening(2) };
        for (first, second) in [(true, true), (false, true), (true, false), (false, false)] {
            let policy = Policy { webhook_preinitiated: first, webhook_denied_again: second, ..Policy::default() };
            let mut outbox = Outbox::new(&policy);
            for event in [preinitiated, denied_again, happening(3)] {
                outbox.push(event);
            }
            outbox.order();
            let wanted: Vec<_> =
                [(first, 1), (second, 2), (true, 3)].iter().filter(|(sent, _)| *sent).map(|(_, at)| *at).collect();
            assert_eq!(numbers(&outbox, 0).iter().map(|(_, at)| *at).collect::<Vec<_>>(), wanted);
        }
    }
}
