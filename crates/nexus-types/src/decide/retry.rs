//! Whether and when a failed request may be sent again, and how the header `Retry-After` is read ([`parse_retry_after`]).

use std::time::Duration;

use jiff::fmt::rfc2822::DateTimeParser;

/// What went wrong with an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// No connection was made.
    Connect,
    /// No response in time.
    Timeout,
    /// The connection broke before the response was whole.
    Io,
    /// A response of this HTTP status.
    Status(u16),
    /// A success that cannot be read.
    Body,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// Send again after this long.
    After(Duration),
    /// Report the failure.
    Stop,
}

/// How often and how fast repeatable requests are repeated.
///
/// ```
/// use nexus_types::decide::retry::RetryPolicy;
///
/// let once = RetryPolicy::default().with_attempts(1);
/// assert_eq!(once.cap, RetryPolicy::default().cap);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// Attempts in all, the first included. 1 turns retries off.
    pub attempts: u32,
    /// The longest wait before the second attempt; it doubles with each further one.
    pub base: Duration,
    /// The longest pause without a `Retry-After`.
    pub cap: Duration,
    /// The longest `Retry-After` that is obeyed. A longer one ends the call.
    pub retry_after_cap: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, 200 ms doubling up to 5 s, `Retry-After` up to 30 s.
    fn default() -> RetryPolicy {
        RetryPolicy {
            attempts: 3,
            base: Duration::from_millis(200),
            cap: Duration::from_secs(5),
            retry_after_cap: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// The same policy with another number of attempts in all; 1 turns retries off.
    pub fn with_attempts(self, attempts: u32) -> RetryPolicy {
        RetryPolicy { attempts, ..self }
    }

    /// Judges a failed attempt.
    ///
    /// `repeatable`: the operation's word, [`Operation::repeatable`](crate::operation::Operation::repeatable); nothing else is
    /// ever repeated here. `attempt`: the one that failed, from 1. `left`: time until the call's deadline; a wait that
    /// would reach it ends the call. `chance`: an even number in 0..1, for full jitter.
    ///
    /// Repeated are broken and missing connections, time-outs, 408, 429, 500, 502, 503 and 504. A server's `Retry-After`
    /// replaces the jitter, and ends the call when it is over the cap.
    pub fn decide(
        &self,
        repeatable: bool,
        failure: Failure,
        attempt: u32,
        left: Duration,
        retry_after: Option<Duration>,
        chance: f64,
    ) -> Decision {
        let passing = match failure {
            Failure::Connect | Failure::Timeout | Failure::Io => true,
            Failure::Status(status) => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Failure::Body => false,
        };
        if !repeatable || !passing || attempt >= self.attempts {
            return Decision::Stop;
        }
        let wait = match retry_after {
            Some(asked) if asked > self.retry_after_cap => return Decision::Stop,
            Some(asked) => asked,
            None => self.jitter(attempt, chance),
        };
        if wait < left { Decision::After(wait) } else { Decision::Stop }
    }

    /// Full jitter: anything from nothing to the doubled base.
    fn jitter(&self, attempt: u32, chance: f64) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        let longest = self.base.saturating_mul(1 << doublings).min(self.cap);
        let chance = if chance.is_finite() { chance.clamp(0.0, 1.0) } else { 0.0 };
        longest.mul_f64(chance)
    }
}

/// Reads `Retry-After` in both its forms, whole seconds and an HTTP date. `now` is in seconds since 1970, UTC. A date in
/// the past is no wait at all. None where it is neither.
pub fn parse_retry_after(text: &str, now: i64) -> Option<Duration> {
    static PARSER: DateTimeParser = DateTimeParser::new();
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number holds is still a wish, and a very long one.
        return Some(Duration::from_secs(text.parse().unwrap_or(u64::MAX)));
    }
    let then = PARSER.parse_timestamp(text).ok()?.as_second();
    Some(Duration::from_secs(u64::try_from(then.saturating_sub(now)).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const LONG: Duration = Duration::from_secs(3600);

    #[test]
    fn retry_after_in_both_forms() {
        // 1994-11-06T08:49:37Z is 784111777.
        let date = "Sun, 06 Nov 1994 08:49:37 GMT";
        assert_eq!(parse_retry_after(date, 784_111_777 - 90), Some(Duration::from_secs(90)));
        assert_eq!(parse_retry_after(date, 784_111_777 + 90), Some(Duration::ZERO));
        assert_eq!(parse_retry_after("120", 0), Some(Duration::from_secs(120)));
        assert_eq!(parse_retry_after("99999999999999999999999", 0), Some(Duration::from_secs(u64::MAX)));
        for nonsense in ["", "soon", "-1", "1.5", "Sun, 99 Nov 1994 08:49:37 GMT"] {
            assert_eq!(parse_retry_after(nonsense, 0), None, "{nonsense}");
        }
    }

    #[test]
    fn a_long_wish_ends_the_call() {
        let policy = RetryPolicy::default();
        let wish =
            |seconds| policy.decide(true, Failure::Status(429), 1, LONG, Some(Duration::from_secs(seconds)), 0.5);
        assert_eq!(wish(30), Decision::After(Duration::from_secs(30)));
        assert_eq!(wish(31), Decision::Stop);
    }

    #[test]
    fn refusals_and_unreadable_successes_are_not_repeated() {
        for failure in [400, 401, 403, 404, 409, 422, 501, 302].map(Failure::Status).into_iter().chain([Failure::Body])
        {
            assert_eq!(RetryPolicy::default().decide(true, failure, 1, LONG, None, 0.5), Decision::Stop, "{failure:?}");
        }
    }

    fn failure() -> impl Strategy<Value = Failure> {
        prop_oneof![
            Just(Failure::Connect),
            Just(Failure::Timeout),
            Just(Failure::Io),
            Just(Failure::Body),
            (100u16..600).prop_map(Failure::Status),
        ]
    }

    #[test]
    fn the_wait_is_spread_over_the_doubled_base() {
        let at = |attempt, chance| {
            RetryPolicy { attempts: 99, ..RetryPolicy::default() }.decide(
                true,
                Failure::Io,
                attempt,
                LONG,
                None,
                chance,
            )
        };
        let millis = |millis| Decision::After(Duration::from_millis(millis));
        assert_eq!([at(1, 0.0), at(1, 0.5), at(1, 1.0)], [millis(0), millis(100), millis(200)]);
        assert_eq!([at(2, 1.0), at(3, 0.5), at(30, 1.0)], [millis(400), millis(400), millis(5000)]);
    }

    proptest! {
        #[test]
        fn what_is_not_repeatable_is_never_repeated(failure in failure(), attempt in 0u32..9, chance in 0.0..1.0f64, asked in prop::option::of(0u64..99)) {
            let decision = RetryPolicy { attempts: 99, ..RetryPolicy::default() }
                .decide(false, failure, attempt, LONG, asked.map(Duration::from_secs), chance);
            prop_assert_eq!(decision, Decision::Stop);
        }

        #[test]
        fn no_wait_passes_its_cap_or_the_deadline(failure in failure(), attempt in any::<u32>(), left in 0u64..100_000, chance in any::<f64>()) {
            let policy = RetryPolicy { attempts: u32::MAX, ..RetryPolicy::default() };
            let left = Duration::from_millis(left);
            if let Decision::After(wait) = policy.decide(true, failure, attempt, left, None, chance) {
                prop_assert!(wait <= policy.cap && wait < left);
            }
        }
    }
}
