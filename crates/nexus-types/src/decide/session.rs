//! Whether a session is still valid: 30 minutes from its last use (source: domain.md 7.2).

use std::time::Duration;

/// How long a session lives after its last use.
pub const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// The margin before a session's end at which it is renewed, because clocks differ and requests take time (assumed).
pub const MARGIN: Duration = Duration::from_secs(60);

/// Whether a session that was last used this long ago can be used. If false, renew it first. If true, the server may still
/// respond with 401; then renew it too.
pub fn still_good(since_last_use: Duration) -> bool {
    since_last_use < LIFETIME.saturating_sub(MARGIN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_nine_minutes() {
        assert!(still_good(Duration::ZERO));
        assert!(still_good(Duration::from_secs(29 * 60 - 1)));
        assert!(!still_good(Duration::from_secs(29 * 60)));
        assert!(!still_good(Duration::MAX));
    }
}
