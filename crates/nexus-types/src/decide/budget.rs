//! A budget of retries for one client, so that retries do not multiply the load in an outage.

/// Tokens, in tenths. A retry costs one token, a success gives a tenth of one back.
///
/// With the default of ten tokens a client that meets an outage makes ten retries, and from then on one for every ten
/// successes (assumed; the figures of the retry quotas of the large cloud SDKs are of this order).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    tenths: u32,
    most: u32,
}

const TOKEN: u32 = 10;

impl Budget {
    /// Full, with so many tokens.
    pub const fn new(tokens: u16) -> Budget {
        let most = tokens as u32 * TOKEN;
        Budget { tenths: most, most }
    }

    /// Takes one token for a retry; false where there is none.
    pub fn take(&mut self) -> bool {
        let left = self.tenths.checked_sub(TOKEN);
        self.tenths = left.unwrap_or(self.tenths);
        left.is_some()
    }

    /// A success gives a tenth of a token back.
    pub fn refill(&mut self) {
        self.tenths = self.tenths.saturating_add(1).min(self.most);
    }
}

impl Default for Budget {
    fn default() -> Budget {
        Budget::new(10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_retries_and_then_one_for_ten_successes() {
        let mut budget = Budget::default();
        assert_eq!((0..20).filter(|_| budget.take()).count(), 10);
        for _ in 0..9 {
            budget.refill();
        }
        assert!(!budget.take());
        budget.refill();
        assert!(budget.take() && !budget.take());
    }

    #[test]
    fn never_above_what_it_began_with() {
        let mut budget = Budget::new(2);
        (0..1000).for_each(|_| budget.refill());
        assert_eq!((0..20).filter(|_| budget.take()).count(), 2);
        assert!(!Budget::new(0).take());
    }
}
