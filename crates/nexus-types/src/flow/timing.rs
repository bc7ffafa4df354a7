//! The times that the flows which change something share: when to leave, when to look, and for how long.

use std::time::Duration;

use super::step::{Moment, Settings};

/// What is being processed at this moment shows soon; what takes longer is looked for less and less often.
pub(super) const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// So many seconds the two clocks may drift apart between the claim and the request without the machine having stood still.
const SLACK: i64 = 5;

/// When everything must be over that comes before the request: a quarter of the time is kept for looking afterwards.
pub(super) fn early(settings: &Settings, deadline: Duration, at: Moment) -> Duration {
    let left = deadline.saturating_sub(at.elapsed);
    deadline.saturating_sub((left / 4).min(settings.reconcile))
}

/// Until when a server may act on what is claimed now: to the end of the call, and the grace after it.
pub(super) fn until(settings: &Settings, deadline: Duration, at: Moment) -> i64 {
    let Some(grace) = settings.assumptions.server_grace else { return i64::MAX };
    let time = deadline.saturating_sub(at.elapsed).saturating_add(grace).as_secs();
    at.unix.saturating_add(i64::try_from(time).unwrap_or(i64::MAX)).saturating_add(SLACK + 1)
}

/// The last second on the wall clock at which what was claimed may leave, if nothing more is to be done before: what has passed
/// on the other clock since the claim was handed out, and some seconds. If more has passed, the machine stood still; and it may
/// have done so before the journal's result was known.
pub(super) fn leave_by(claimed: Moment, at: Moment) -> i64 {
    let passed = i64::try_from(at.elapsed.saturating_sub(claimed.elapsed).as_secs()).unwrap_or(i64::MAX);
    claimed.unix.saturating_add(passed).saturating_add(SLACK)
}
