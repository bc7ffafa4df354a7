//! When a wait reads next.
//!
//! A read forces the update that otherwise comes once an hour at minute 15 (source: domain.md 3.3), so a client that reads
//! need not wait for that minute; what it waits for is the deposits. In production they take 12 to 36 hours
//! (domain.md 3.2); in the integration environment two minutes. After 21 days there is nothing left to wait for.

use std::time::Duration;

use crate::status::{KnownStatus, Status};

/// Where the server stands, which says how long deposits take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Environment {
    /// Deposits in about two minutes.
    Integration,
    /// Deposits in 12 to 36 hours.
    #[default]
    Production,
}

/// Deposits do not arrive earlier than this in production.
const EARLIEST: i64 = 12 * 3600;
/// And seldom later than this.
const LATEST: i64 = 36 * 3600;
/// The minute of the hour at which the server refreshes by itself, in seconds.
const REFRESH_AT: i64 = 15 * 60;
const HOUR: i64 = 3600;

/// How long to wait before the next read; None when no read will show anything new by waiting alone: the status is
/// terminal, or waits for the person's submission.
///
/// `now` and `created` are seconds since 1970, UTC. `reads` counts the reads already made in this wait.
///
/// - integration: every 2 seconds for the first minute, then every 10;
/// - production, before the deposits can have arrived: at the next hourly refresh, where a change that others cause (a
///   failure, a rejection) shows too;
/// - production, from 12 to 36 hours: every 15 minutes, as MX advises (domain.md 3.3);
/// - production, later: hourly at minute 15;
/// - an unknown status or PREINITIATED (the person is in the widget): every minute, or hourly after a day.
pub fn next_read(
    environment: Environment,
    status: &Status,
    now: i64,
    created: Option<i64>,
    reads: u32,
) -> Option<Duration> {
    let age = created.map(|created| now.saturating_sub(created).max(0));
    let waiting = match status.known() {
        Some(status) if status.is_terminal() || status.may_verify() => return None,
        Some(KnownStatus::Initiated | KnownStatus::Requested) => true,
        _ => false,
    };
    let seconds = match (environment, age) {
        (Environment::Integration, _) => {
            if reads < 30 {
                2
            } else {
                10
            }
        }
        (Environment::Production, Some(age)) if waiting && age < EARLIEST => {
            to_refresh(now).min(EARLIEST - age).max(60)
        }
        (Environment::Production, Some(age)) if waiting && age < LATEST => 15 * 60,
        (Environment::Production, None) if waiting => 15 * 60,
        (Environment::Production, _) if waiting => to_refresh(now).max(60),
        (Environment::Production, Some(age)) if age > 24 * HOUR => to_refresh(now).max(60),
        (Environment::Production, _) => 60,
    };
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(60)))
}

/// As [`next_read`], for the time after amounts were submitted and before the outcome shows: the verification is
/// asynchronous, so a status that admits submissions is waited on too. 1 second at first, doubling to a minute.
pub fn next_read_after_verify(status: &Status, reads: u32) -> Option<Duration> {
    if status.is_terminal() {
        return None;
    }
    Some(Duration::from_secs(1 << reads.min(6)).min(Duration::from_secs(60)))
}

/// Seconds to the next minute 15; a whole hour when it is now.
fn to_refresh(now: i64) -> i64 {
    HOUR - (now - REFRESH_AT).rem_euclid(HOUR)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn seconds(status: Status, now: i64, created: i64) -> Option<u64> {
        next_read(Environment::Production, &status, now, Some(created), 0).map(|wait| wait.as_secs())
    }

    #[test]
    fn the_worked_example_of_the_read_page() {
        // "if the guid status updates on the 16th minute of the hour, you would have to wait for 59 minutes"
        assert_eq!(to_refresh(16 * 60), 59 * 60);
        assert_eq!(to_refresh(15 * 60), 60 * 60);
        assert_eq!(to_refresh(14 * 60), 60);
    }

    #[test]
    fn a_production_life() {
        let created = 10 * HOUR;
        assert_eq!(seconds(Status::Requested, created, created), Some(15 * 60), "to the next refresh");
        assert_eq!(seconds(Status::Requested, created + EARLIEST - 120, created), Some(120), "no later than hour 12");
        assert_eq!(seconds(Status::Requested, created + EARLIEST, created), Some(15 * 60));
        assert_eq!(seconds(Status::Requested, created + LATEST + 1, created), Some(15 * 60 - 1));
        assert_eq!(seconds(Status::Deposited, created, created), None);
        assert_eq!(seconds(Status::Denied, created, created), None);
        assert_eq!(seconds(Status::Verified, created, created), None);
        assert_eq!(seconds(Status::Preinitiated, created + 60, created), Some(60));
    }

    #[test]
    fn a_wait_goes_on_in_every_status_that_only_time_or_others_can_change() {
        let unknown =
            [Status::from_number(99), Status::from_name("PAUSED"), Status::from_parts(Some(3), Some("DENIED"))];
        for status in Status::ALL.into_iter().chain(unknown) {
            let goes_on = !status.is_terminal() && !status.may_verify();
            for now in [1, 30 * 24 * HOUR] {
                assert_eq!(seconds(status.clone(), now, 0).is_some(), goes_on, "{status:?}");
            }
        }
    }

    #[test]
    fn poll_after_a_submission() {
        let waits: Vec<_> =
            (0..8).filter_map(|reads| next_read_after_verify(&Status::Deposited, reads)).map(|w| w.as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(next_read_after_verify(&Status::Verified, 0), None);
    }

    proptest! {
        #[test]
        fn never_busy_and_never_over_an_hour(number in -2i64..12, now in any::<i64>(), created in prop::option::of(any::<i64>()), reads in any::<u32>(), production in any::<bool>()) {
            let environment = if production { Environment::Production } else { Environment::Integration };
            if let Some(wait) = next_read(environment, &Status::from_number(number), now, created, reads) {
                prop_assert!((1..=3600).contains(&wait.as_secs()));
            }
        }
    }
}
