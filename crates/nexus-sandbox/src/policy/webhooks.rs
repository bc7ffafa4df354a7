//! What the [`Policy`](crate::Policy) says of webhooks: when they are sent, and what counts as received.

use serde::{Deserialize, Serialize};

const MINUTE: u32 = 60;
const HOUR: u32 = 60 * MINUTE;

/// Thirteen attempts in exactly a day, less and less often: both numbers that MX documents (domain.md 8).
pub(super) const SCHEDULE: [u32; 13] = [
    0,
    MINUTE,
    3 * MINUTE,
    7 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    7 * HOUR,
    11 * HOUR,
    17 * HOUR,
    24 * HOUR,
];

/// No attempt is later than 30 days after its event.
pub(super) const LATEST: u32 = 30 * 24 * HOUR;

/// Which responses say that an event was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookSuccess {
    /// Every status from 200 to 299.
    #[default]
    #[serde(rename = "any_2xx")]
    Any2xx,
    /// 204 alone, the one that the documentation asks for.
    #[serde(rename = "only_204")]
    Only204,
}

impl WebhookSuccess {
    /// Whether this HTTP status says so.
    pub(crate) fn admits(self, status: u16) -> bool {
        match self {
            WebhookSuccess::Any2xx => (200..300).contains(&status),
            WebhookSuccess::Only204 => status == 204,
        }
    }
}

/// Offsets in seconds: at least one, ascending, so that no two attempts are due at once.
pub(super) fn is_schedule(offsets: &[u32]) -> bool {
    let ascending = offsets.windows(2).all(|pair| matches!(pair, [one, next] if one < next));
    ascending && (1..=100).contains(&offsets.len()) && offsets.last().is_some_and(|last| *last <= LATEST)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;

    #[test]
    fn which_statuses_are_received() {
        let admitted = |policy: WebhookSuccess| (100..600).filter(|status| policy.admits(*status)).count();
        assert_eq!((admitted(WebhookSuccess::Any2xx), admitted(WebhookSuccess::Only204)), (100, 1));
        assert!(WebhookSuccess::Only204.admits(204));
    }

    #[test]
    fn a_schedule_ascends() {
        let read = |text: &str| Policy::from_json(format!("{{\"webhook_schedule\":{text}}}").as_bytes());
        assert_eq!(read("[0,5]").unwrap().webhook_schedule, [0, 5]);
        for wrong in ["[]", "[5,5]", "[5,0]", "[-1]", "[2592001]", "5", "[\"5\"]"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
