//! [`Numbers`]: running numbers, counted from 1, that are not given again after the world has begun anew.

/// How numbers go on from one beginning of the world to the next. Inside the world they count from 1 each time; what callers see
/// lies above all that they saw before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Numbers {
    /// The numbers up to here belong to the time before.
    before: u64,
    /// Where the next beginning is at least: what this world gave before it was made another by an import.
    floor: u64,
}

impl Numbers {
    /// Those of a world out of an export.
    pub(crate) fn behind(before: u64) -> Numbers {
        Numbers { before, floor: 0 }
    }

    pub(crate) fn before(self) -> u64 {
        self.before
    }

    /// Those after a new beginning, where so many were given since the last one.
    pub(crate) fn anew(self, given: u64) -> Numbers {
        let before = self.before.saturating_add(given).saturating_add(1).max(self.floor);
        Numbers { before, floor: 0 }
    }

    /// These in place of others, of which so many were given.
    pub(crate) fn instead_of(self, other: Numbers, given: u64) -> Numbers {
        Numbers { floor: other.anew(given).before, ..self }
    }

    /// Whether this was a number of the time before.
    pub(crate) fn is_stale(self, number: u64) -> bool {
        (1..=self.before).contains(&number)
    }

    /// The number inside the world; 0 for one of the time before.
    pub(crate) fn inner(self, shown: u64) -> u64 {
        shown.saturating_sub(self.before)
    }

    /// The number that callers see.
    pub(crate) fn shown(self, number: u64) -> u64 {
        self.before.saturating_add(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_not_given_again_whatever_was_between() {
        let first = Numbers::default();
        assert_eq!((first.shown(3), first.is_stale(3)), (3, false));
        let second = first.anew(3);
        assert!(second.is_stale(3) && second.is_stale(1) && !second.is_stale(0));
        assert!(second.shown(1) > first.shown(3) && !second.is_stale(second.shown(1)));
        assert_eq!((second.inner(second.shown(7)), second.inner(2)), (7, 0));
        // An import counts as the exported world does, and a new beginning above both.
        let imported = Numbers::behind(1).instead_of(second, 90);
        assert_eq!((imported.shown(2), imported.is_stale(second.shown(90))), (3, false));
        let third = imported.anew(2);
        assert!(third.is_stale(second.shown(90)) && third.is_stale(imported.shown(2)));
        assert!(Numbers::behind(1).instead_of(first, 0).anew(50).is_stale(51));
        let last = Numbers::behind(u64::MAX).anew(u64::MAX);
        assert_eq!(last.shown(u64::MAX), u64::MAX);
    }
}
