//! The rules of a [`World`](crate::World): profile, policy and randomness. The order of requests does not change them.

use nexus_types::{DepositAmount, Event, KnownStatus};

use crate::calendar::Day;
use crate::policy::{AmountOrder, CreateShows, Deposits, Policy, Profile};
use crate::rng::{Chance, Purpose};

pub(crate) const SECOND: i64 = 1000;
pub(crate) const DAY: i64 = 86_400 * SECOND;

/// The documented magic of the integration environment: accounts that begin so are deposited within two minutes.
const SWIFT_ACCOUNT: &str = "3333";

/// Where deposits land on business days, they do so between these seconds of the day (assumed).
const OPENS: i64 = 6 * 3600;
const CLOSES: i64 = 18 * 3600;

pub(crate) struct Rules {
    pub(crate) seed: u64,
    pub(crate) profile: Profile,
    pub(crate) policy: Policy,
    pub(crate) chance: Chance,
}

/// What a submission of the two amounts is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Judgement {
    Right,
    Wrong,
    Locking,
}

/// What of a record says when something happens to it by itself.
pub(crate) struct Schedule<'a> {
    /// Its number.
    pub(crate) number: u32,
    /// Its true status.
    pub(crate) status: KnownStatus,
    /// When the schedule began.
    pub(crate) begun: i64,
    /// When the true status changed last.
    pub(crate) changed: Option<i64>,
    pub(crate) account_number: &'a str,
}

impl Rules {
    /// The two sums on the imaginary bank statement, in cents (assumed: 1 to 9 each, unless the policy names others).
    pub(crate) fn cents(&self, number: u32) -> [u8; 2] {
        self.policy.deposit_amounts.map_or_else(
            || {
                let mut stream = self.chance.stream(Purpose::Amounts, u64::from(number));
                loop {
                    let drawn = [stream.u8(1..=9), stream.u8(1..=9)];
                    // Sums that mean something else in the integration environment would not be right there.
                    if !matches!(drawn, [2, 2] | [4, 1] | [1, 4]) {
                        break drawn;
                    }
                }
            },
            |amounts| amounts.map(DepositAmount::cents),
        )
    }

    /// The policy's own amounts, then the documented sentinels in the integration profile, then the statement, then wrong.
    pub(crate) fn judge(&self, number: u32, given: [u8; 2]) -> Judgement {
        if self.policy.deposit_amounts.is_some_and(|amounts| amounts.map(DepositAmount::cents) == given) {
            return Judgement::Right;
        }
        match (self.profile, given) {
            (Profile::Integration, [9, 9]) => return Judgement::Right,
            (Profile::Integration, [2, 2]) => return Judgement::Wrong,
            (Profile::Integration, [4, 1]) => return Judgement::Locking,
            _ => {}
        }
        let [first, second] = self.cents(number);
        let swapped = self.policy.amount_order == AmountOrder::Any && given == [second, first];
        if given == [first, second] || swapped { Judgement::Right } else { Judgement::Wrong }
    }

    /// What happens next to a record by itself, and when.
    pub(crate) fn next_due(&self, schedule: &Schedule<'_>) -> Option<(i64, Event)> {
        let Schedule { status, begun, changed, .. } = *schedule;
        let days = match status {
            KnownStatus::Initiated | KnownStatus::Requested | KnownStatus::Deposited => self.policy.retention_days,
            KnownStatus::Preinitiated => self.policy.preinitiated_days,
            KnownStatus::Denied => self.policy.denied_days,
            _ => None,
        };
        // From the last wrong submission, so that no submission meets an end that it caused itself.
        let since = changed.filter(|_| status == KnownStatus::Denied).unwrap_or(begun);
        let expiry = days.map(|days| (since.saturating_add(i64::from(days.max(1)) * DAY), Event::Expired));
        let step = match status {
            KnownStatus::Initiated => Some((self.requested_at(schedule), Event::Requested)),
            KnownStatus::Requested => Some(self.outcome(schedule)),
            _ => None,
        };
        // If both fall on the same instant, deletion wins.
        expiry.into_iter().chain(step).min_by_key(|(at, _)| *at)
    }

    fn swift(&self, schedule: &Schedule<'_>) -> bool {
        self.profile == Profile::Integration && schedule.account_number.starts_with(SWIFT_ACCOUNT)
    }

    /// The provider takes the request within a minute (assumed); for the magic accounts after a second.
    fn requested_at(&self, schedule: &Schedule<'_>) -> i64 {
        let delay = match self.swift(schedule) {
            _ if self.policy.create_shows == CreateShows::Requested => 0,
            true => 1,
            false => self.chance.stream(Purpose::Delay, u64::from(schedule.number)).i64(1..=60),
        };
        schedule.begun.saturating_add(delay * SECOND)
    }

    /// Two minutes after the beginning for the magic accounts, else 12 to 36 hours after the request.
    fn outcome(&self, schedule: &Schedule<'_>) -> (i64, Event) {
        if self.swift(schedule) {
            return (schedule.begun.saturating_add(120 * SECOND), Event::Landed);
        }
        let mut stream = self.chance.stream(Purpose::Delay, u64::from(schedule.number));
        let (requested, landing) = (stream.i64(1..=60), stream.i64(12 * 3600..=36 * 3600));
        let fails = self.chance.stream(Purpose::Failure, u64::from(schedule.number)).u16(0..1000)
            < self.policy.failures_per_thousand;
        let event = if fails { Event::Failed } else { Event::Landed };
        let at = match self.policy.deposits {
            Deposits::AnyDay => schedule.begun.saturating_add((requested + landing) * SECOND),
            Deposits::BusinessDays => {
                let (days, time) = (stream.u8(1..=2), stream.i64(OPENS..CLOSES));
                let mut day = Day::of(schedule.begun.saturating_add(requested * SECOND));
                for _ in 0..days {
                    day = day.next_business_day();
                }
                day.begin().saturating_add(time * SECOND)
            }
        };
        (at, event)
    }
}
