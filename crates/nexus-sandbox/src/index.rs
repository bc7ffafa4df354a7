//! An index of records by a hash of their account, to find those that conflict with a new one. The caller checks equality.

use crate::sessions::Map;

#[derive(Default)]
pub(crate) struct Index {
    pub(crate) by_account: Map<u64, Few>,
    pub(crate) by_email: Map<u64, Few>,
}

/// Numbers of records; nearly always a single one, which needs no memory of its own.
pub(crate) enum Few {
    One(u32),
    More(Vec<u32>),
}

impl Default for Few {
    fn default() -> Few {
        Few::More(Vec::new())
    }
}

impl Few {
    pub(crate) fn push(&mut self, number: u32) {
        match self {
            Few::More(more) if more.is_empty() => *self = Few::One(number),
            Few::More(more) => more.push(number),
            Few::One(one) => *self = Few::More(vec![*one, number]),
        }
    }

    pub(crate) fn retain(&mut self, mut keep: impl FnMut(&u32) -> bool) {
        match self {
            Few::One(one) if keep(one) => {}
            Few::One(_) => *self = Few::default(),
            Few::More(more) => more.retain(keep),
        }
    }

    pub(crate) fn as_slice(&self) -> &[u32] {
        match self {
            Few::One(one) => std::slice::from_ref(one),
            Few::More(more) => more,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn index_finds_none_one_and_several() {
        let mut few = Few::default();
        assert!(few.as_slice().is_empty());
        for number in 1..=4 {
            few.push(number);
        }
        assert_eq!(few.as_slice(), [1, 2, 3, 4]);
        few.retain(|number| number % 2 == 0);
        assert_eq!(few.as_slice(), [2, 4]);
        few.retain(|_| false);
        few.push(9);
        assert!(matches!(few, Few::One(9)));
        few.retain(|number| *number == 9);
        assert_eq!(few.as_slice(), [9]);
        few.retain(|_| false);
        assert!(few.as_slice().is_empty());
    }
}
