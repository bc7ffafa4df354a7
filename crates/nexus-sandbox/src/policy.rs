//! [`Policy`]: everything that MX has not documented and that an imitation must decide all the same.
//!
//! Every field is **assumed**: it is this project's reading, not MX's word. Each can be switched, so that a program can be
//! tried against the other readings too.

use nexus_types::DepositAmount;
use nexus_types::routing::MX_TEST_REFUSED;
use serde::{Deserialize, Deserializer};

/// Which of MX's two environments is imitated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Profile {
    /// The integration environment with its documented magic values: account numbers that begin with 3333 are deposited
    /// within two minutes; 0.09/0.09 is right, 0.02/0.02 is wrong, 0.04 then 0.01 locks. Other account numbers go the way
    /// of production. The amounts of the imaginary bank statement are right too (assumed).
    #[default]
    Integration,
    /// The production environment: deposits after 12 to 36 hours, only the bank statement's amounts are right.
    Production,
}

impl Profile {
    /// `integration` or `production`.
    pub fn name(self) -> &'static str {
        match self {
            Profile::Integration => "integration",
            Profile::Production => "production",
        }
    }

    /// The profile of this name.
    pub fn from_name(name: &str) -> Option<Profile> {
        [Profile::Integration, Profile::Production].into_iter().find(|profile| profile.name() == name)
    }
}

/// Whether the two amounts may be given in either order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountOrder {
    /// Either order is right.
    #[default]
    Any,
    /// Only the statement's own order is right.
    Exact,
}

/// When the outcome of a verification shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// In the PUT's own answer, as the documentation's example shows.
    #[default]
    Immediate,
    /// The PUT answers the status from before; a later read shows the outcome.
    Deferred,
}

/// When the status that a list shows catches up with the true one. A read always does so, for its own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Refresh {
    /// At minute 15 of every hour.
    #[default]
    #[serde(rename = "hourly@15")]
    Hourly15,
    /// At every full minute.
    Minutely,
    /// Never by itself.
    OnRead,
}

impl Refresh {
    /// The last refresh at or before this time, and the next one after it; milliseconds since 1970.
    pub(crate) fn around(self, now: i64) -> (i64, i64) {
        let (every, offset) = match self {
            Refresh::Hourly15 => (3_600_000, 900_000),
            Refresh::Minutely => (60_000, 0),
            Refresh::OnRead => return (i64::MIN, i64::MAX),
        };
        let last = now - (now - offset).rem_euclid(every);
        (last, last + every)
    }
}

/// Which media types a request with a body may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// The documented one only.
    #[default]
    Strict,
    /// `application/json` too.
    AdmitJson,
}

/// What is assumed. In JSON: any of the fields, named as here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Assumed: either order of the two amounts is right.
    pub amount_order: AmountOrder,
    /// Assumed: the outcome is in the PUT's own answer.
    pub verification: Verification,
    /// Documented in two ways (hourly, and every minute); assumed: hourly at minute 15.
    pub refresh: Refresh,
    /// Documented: three accounts for one e-mail address. Assumed: different accounts are counted whose microdeposits did not
    /// fail; the fourth is created REJECTED. `None`: no limit.
    pub accounts_per_email: Option<u32>,
    /// Assumed: a second microdeposit for an account of the same user is created CONFLICTED while the first is INITIATED,
    /// REQUESTED, DEPOSITED or DENIED.
    pub conflict: bool,
    /// Assumed: with one of these routing numbers the microdeposit is created REJECTED. Empty by default.
    pub blocked_routing_numbers: Vec<String>,
    /// Documented as invalid although their check digits are right; assumed: refused with 400.
    pub refused_routing_numbers: Vec<String>,
    /// Documented: 21 days in INITIATED, REQUESTED or DEPOSITED. Assumed: counted from the creation (or from the submission of
    /// the account details), and gone means 404. `None`: never.
    pub retention_days: Option<u16>,
    /// Assumed: PREINITIATED has no expiry.
    pub preinitiated_days: Option<u16>,
    /// Assumed: DENIED has no expiry. If it has one, it is counted from the last wrong answer.
    pub denied_days: Option<u16>,
    /// Assumed: any other media type is refused with 415 (406 for what a caller accepts).
    pub media_type: MediaType,
    /// MX's expression for names is not public. Assumed: letters, digits, spaces and `' - . ,` only. Off: anything printable.
    pub strict_names: bool,
    /// Assumed: 1 to 9 cents each, from the seed. These instead, for every microdeposit, if given; in JSON as two texts.
    #[serde(deserialize_with = "two_amounts")]
    pub deposit_amounts: Option<[DepositAmount; 2]>,
    /// Assumed: the provider fails at none in a thousand by itself (it can be made to fail by an event). Accounts that begin
    /// with 3333 never fail by themselves in the integration profile.
    pub failures_per_thousand: u16,
    /// Assumed: a request's body may have 65,536 bytes.
    pub body_limit: usize,
    /// Webhook events that are kept until somebody reads them; older ones are dropped and counted.
    pub outbox: usize,
    /// Requests that are kept for `GET /_sandbox/requests`; older ones are dropped and counted.
    pub requests: usize,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            amount_order: AmountOrder::default(),
            verification: Verification::default(),
            refresh: Refresh::default(),
            accounts_per_email: Some(3),
            conflict: true,
            blocked_routing_numbers: Vec::new(),
            refused_routing_numbers: MX_TEST_REFUSED.map(str::to_owned).to_vec(),
            retention_days: Some(21),
            preinitiated_days: None,
            denied_days: None,
            media_type: MediaType::default(),
            strict_names: true,
            deposit_amounts: None,
            failures_per_thousand: 0,
            body_limit: 65_536,
            outbox: 10_000,
            requests: 1_000,
        }
    }
}

fn two_amounts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[DepositAmount; 2]>, D::Error> {
    let texts = Option::<[String; 2]>::deserialize(deserializer)?;
    let amount = |text: &str| DepositAmount::parse(text).map_err(serde::de::Error::custom);
    texts.map(|[first, second]| Ok([amount(&first)?, amount(&second)?])).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refresh_times() {
        let (hour, minute) = (3_600_000, 60_000);
        let at = |h: i64, m: i64| h * hour + m * minute;
        assert_eq!(Refresh::Hourly15.around(at(3, 15)), (at(3, 15), at(4, 15)));
        assert_eq!(Refresh::Hourly15.around(at(3, 15) - 1), (at(2, 15), at(3, 15)));
        assert_eq!(Refresh::Hourly15.around(at(3, 16)), (at(3, 15), at(4, 15)));
        assert_eq!(Refresh::Minutely.around(at(3, 16) + 1), (at(3, 16), at(3, 17)));
        assert_eq!(Refresh::OnRead.around(0), (i64::MIN, i64::MAX));
    }

    #[test]
    fn a_policy_is_read_from_what_differs() {
        let policy: Policy = serde_json::from_str(
            r#"{"deposit_amounts":["0.03","0.07"],"amount_order":"exact","refresh":"hourly@15","retention_days":null}"#,
        )
        .unwrap();
        assert_eq!(policy.deposit_amounts.unwrap().map(DepositAmount::cents), [3, 7]);
        assert_eq!((policy.amount_order, policy.retention_days), (AmountOrder::Exact, None));
        assert_eq!(
            Policy { deposit_amounts: None, amount_order: AmountOrder::Any, retention_days: Some(21), ..policy },
            Policy::default()
        );
        for bad in [r#"{"amount_odrer":"any"}"#, r#"{"deposit_amounts":["0.03"]}"#, r#"{"deposit_amounts":["3","7"]}"#]
        {
            assert!(serde_json::from_str::<Policy>(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn profiles_by_name() {
        assert_eq!(Profile::from_name("production"), Some(Profile::Production));
        assert_eq!(Profile::from_name(Profile::Integration.name()), Some(Profile::Integration));
        assert_eq!(Profile::from_name("prod"), None);
    }
}
