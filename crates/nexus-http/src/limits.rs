//! [`Limits`]: the limits of time and size, checked when a client is built.

use std::time::Duration;

use nexus_types::{Assumptions, InputError};

/// Every limit of a client, each with a safe default. None of the times may be longer than a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// For name lookup, connection and TLS together. 10 seconds.
    pub connect: Duration,
    /// For one request and its response. 30 seconds.
    pub attempt: Duration,
    /// For a call in all: retries, pauses, session renewal and reconciling. 60 seconds.
    pub call: Duration,
    /// How long to reconcile a create or verify that got no usable response, within the call. 5 seconds.
    pub reconcile: Duration,
    /// The largest response, in bytes. 64 MiB.
    pub body: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            connect: Duration::from_secs(10),
            attempt: Duration::from_secs(30),
            call: Duration::from_secs(60),
            reconcile: Duration::from_secs(5),
            body: 64 * 1024 * 1024,
        }
    }
}

/// The longest time that a limit can have; it keeps clocks from overflowing.
const LONGEST: Duration = Duration::from_secs(86_400);

impl Limits {
    /// Returns the name of the first invalid limit.
    pub(crate) fn check(&self) -> Result<(), InputError> {
        for (field, limit) in [("connect", self.connect), ("attempt", self.attempt), ("call", self.call)] {
            check_time(field, limit)?;
        }
        within_a_day("reconcile", self.reconcile)?;
        if self.body == 0 { Err(InputError::new("body", "must be above zero")) } else { Ok(()) }
    }
}

/// A time in which something has to be done.
pub(crate) fn check_time(field: &'static str, limit: Duration) -> Result<(), InputError> {
    if limit.is_zero() { Err(InputError::new(field, "must be above zero")) } else { within_a_day(field, limit) }
}

/// Times that are assumed have the same bound.
pub(crate) fn check_assumptions(assumptions: &Assumptions) -> Result<(), InputError> {
    within_a_day("judged_within", assumptions.judged_within.unwrap_or_default())?;
    within_a_day("server_grace", assumptions.server_grace.unwrap_or_default())
}

fn within_a_day(field: &'static str, limit: Duration) -> Result<(), InputError> {
    if limit > LONGEST { Err(InputError::new(field, "must be at most a day")) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_checked_under_its_own_name() {
        let refused = |change: &dyn Fn(&mut Limits)| {
            let mut limits = Limits::default();
            change(&mut limits);
            limits.check().err().map(|error| error.field().to_owned())
        };
        assert_eq!(refused(&|_| {}), None);
        for time in [Duration::MAX, LONGEST + Duration::from_nanos(1)] {
            assert_eq!(refused(&|limits| limits.connect = time).as_deref(), Some("connect"));
            assert_eq!(refused(&|limits| limits.attempt = time).as_deref(), Some("attempt"));
            assert_eq!(refused(&|limits| limits.call = time).as_deref(), Some("call"));
            assert_eq!(refused(&|limits| limits.reconcile = time).as_deref(), Some("reconcile"));
            let within = |within| check_assumptions(&within).err().map(|error| error.field().to_owned());
            let (mut judged, mut grace) = (Assumptions::default(), Assumptions::default());
            (judged.judged_within, grace.server_grace) = (Some(time), Some(time));
            assert_eq!(within(judged).as_deref(), Some("judged_within"));
            assert_eq!(within(grace).as_deref(), Some("server_grace"));
        }
        assert_eq!(refused(&|limits| limits.connect = Duration::ZERO).as_deref(), Some("connect"));
        assert_eq!(refused(&|limits| limits.attempt = Duration::ZERO).as_deref(), Some("attempt"));
        assert_eq!(refused(&|limits| limits.call = Duration::ZERO).as_deref(), Some("call"));
        assert_eq!(refused(&|limits| limits.body = 0).as_deref(), Some("body"));
        assert_eq!(refused(&|limits| limits.reconcile = Duration::ZERO), None, "not to reconcile is allowed");
        assert_eq!(refused(&|limits| limits.reconcile = LONGEST), None);
        assert_eq!(check_assumptions(&Assumptions::NONE), Ok(()));
    }
}
