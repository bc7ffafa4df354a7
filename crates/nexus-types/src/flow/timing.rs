//! The times of a create and a verify: when to send, when to reconcile, and for how long.

use std::time::Duration;

use super::step::{Moment, Settings};

/// The pause before the next reconcile; it grows with each one.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// The seconds by which the two clocks may drift apart between claim and request on a machine that was not suspended.
const SLACK: i64 = 5;

/// The deadline for everything before the request: a quarter of the time is kept for reconciling.
pub(super) fn early(settings: &Settings, deadline: Duration, at: Moment) -> Duration {
    let left = deadline.saturating_sub(at.elapsed);
    deadline.saturating_sub((left / 4).min(settings.reconcile))
}

/// The last second at which a server may act on a request that is claimed now: the end of the call and the grace after it.
pub(super) fn until(settings: &Settings, deadline: Duration, at: Moment) -> i64 {
    let Some(grace) = settings.assumptions.server_grace else { return i64::MAX };
    let time = deadline.saturating_sub(at.elapsed).saturating_add(grace).as_secs();
    at.unix.saturating_add(i64::try_from(time).unwrap_or(i64::MAX)).saturating_add(SLACK + 1)
}

/// The last second, by the wall clock, at which a claimed request may be sent: the second of the claim, plus the time on
/// the monotonic clock since then, plus some seconds. If the wall clock is later, the machine was suspended, perhaps before
/// the journal's result was known.
pub(super) fn leave_by(claimed: Moment, at: Moment) -> i64 {
    let passed = i64::try_from(at.elapsed.saturating_sub(claimed.elapsed).as_secs()).unwrap_or(i64::MAX);
    claimed.unix.saturating_add(passed).saturating_add(SLACK)
}
