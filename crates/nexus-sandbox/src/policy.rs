//! [`Policy`]: a switch for each behaviour that MX has not documented and the sandbox must decide.
//!
//! Every field is **assumed**: MX has not documented it. Each can be switched, so that a program can be tested with the
//! other readings too.

use nexus_types::routing::MX_TEST_REFUSED;
use nexus_types::{DepositAmount, Microdeposit};
use serde::{Deserialize, Deserializer};

mod choices;
mod webhooks;

pub use choices::{
    AmountOrder, EmptyList, IavDeletes, ListPaging, ListShape, MediaType, Profile, ReadsTouch, Refresh, TimeResolution,
    UpdatedAt, Verification, WidgetPoll, WidgetToken,
};
pub use webhooks::WebhookSuccess;

/// What is assumed. In JSON: any of the fields, named as here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// Assumed: either order of the two amounts is right.
    pub amount_order: AmountOrder,
    /// Assumed: the outcome is in the PUT's own response.
    pub verification: Verification,
    /// Assumed: any user id is welcome, and its user appears with the first call of the SSO API. If only known users: 404 for
    /// one that is not among [`Options::users`](crate::Options::users).
    pub known_users_only: bool,
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
    /// Documented: a partner may have MX block routing numbers. Assumed: with one of these too the microdeposit is created
    /// REJECTED; the widget calls it `CLIENT_BLOCKED` and the others `BLOCKED`. Empty by default.
    pub client_blocked_routing_numbers: Vec<String>,
    /// Documented as invalid although their check digits are right; assumed: refused with 400.
    pub refused_routing_numbers: Vec<String>,
    /// Documented: 21 days in INITIATED, REQUESTED or DEPOSITED. Assumed: counted from the creation (or from the submission of
    /// the account details), and gone means 404. `None`: never.
    pub retention_days: Option<u16>,
    /// Assumed: PREINITIATED has no expiry.
    pub preinitiated_days: Option<u16>,
    /// Assumed: DENIED has no expiry. If it has one, it is counted from the last wrong submission.
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
    /// Assumed: a PUT in a status that admits no submission is refused with 409. This HTTP status instead.
    pub wrong_state_status: u16,
    /// Assumed: a new record is in lists at once. Only after so many seconds instead; reads by guid find it at once.
    pub list_lag_seconds: u32,
    /// Assumed: a list holds all records, the oldest first. Pages of so many instead: `?page=N`, counted from 1, and
    /// `records_per_page` from 10 to 1,000, as MX's other lists have them.
    pub list_page: Option<u16>,
    /// Assumed, with `list_page`: an object `pagination` says how many pages there are.
    pub list_paging: ListPaging,
    /// Assumed, with `list_page`: `page` is obeyed. If not, every page is the first.
    pub list_ignores_page: bool,
    /// Assumed: a list without records is `{"micro_deposits":[]}`.
    pub empty_list: EmptyList,
    /// Documented by an example: each record of a list is in a wrapper of its own.
    pub list_shape: ListShape,
    /// Assumed: a read does not move `updated_at`.
    pub reads_touch: ReadsTouch,
    /// Assumed: `updated_at` moves with every change, and with a second wrong submission too.
    pub updated_at: UpdatedAt,
    /// Assumed: times are written to the millisecond.
    pub time_resolution: TimeResolution,
    /// Assumed: none. These fields are left out of every record.
    #[serde(deserialize_with = "field_names")]
    pub hidden_fields: Vec<String>,
    /// Assumed: none. These fields are null in every record.
    #[serde(deserialize_with = "field_names")]
    pub null_fields: Vec<String>,
    /// Assumed: the account number is written out. If masked: `*****2345`.
    pub masked_account_number: bool,
    /// Assumed: a record has the documented fields only. If invented: others beside them, of which one holds a status too.
    pub invented_fields: bool,
    /// Documented as text; some examples show numbers. If numbers: account number (where it has digits only) and routing
    /// number, without their leading zeros.
    pub numbers_as_integers: bool,
    /// Assumed: a request's body may have 65,536 bytes.
    pub body_limit: usize,
    /// Assumed, for MX says only that it sends again up to twelve times in about a day: the attempts come so many seconds after
    /// the event: 0; 1, 3, 7, 15 and 30 minutes; 1, 2, 4, 7, 11, 17 and 24 hours. In JSON the seconds, ascending.
    #[serde(deserialize_with = "webhooks::schedule")]
    pub webhook_schedule: Vec<u32>,
    /// Assumed: every status from 200 to 299 counts as received. A redirect does not and is not followed.
    pub webhook_success: WebhookSuccess,
    /// Assumed: an attempt fails after ten seconds (in milliseconds, of real time).
    pub webhook_timeout_milliseconds: u32,
    /// Assumed: an event that fails does not hold the next one. If in order: each waits until the one before it is delivered or
    /// given up.
    pub webhook_in_order: bool,
    /// Assumed: a pre-initiation is an event. If not, the first is that of the account details, and `updated`.
    pub webhook_preinitiated: bool,
    /// Assumed: a second wrong submission, which leaves the status DENIED, is an event.
    pub webhook_denied_again: bool,
    /// Assumed: an event has no `verified_at` before VERIFIED, as in the documentation's example. If null: it has, and it is null.
    pub webhook_null_verified_at: bool,
    /// How many webhook events are kept until they are read; older ones are dropped and counted.
    pub outbox: usize,
    /// Documented: the widget's address opens once, and for ten minutes. If reusable it opens always.
    pub widget_token: WidgetToken,
    /// Assumed: the widget shows at once what is true. If like MX's, it looks again and again as MX's widget was measured to.
    pub widget_poll: WidgetPoll,
    /// Measured: MX's widget tells its host that it did not go back, wherever it stands, and stays there. If on, it goes back
    /// to the search and says so, as its definition has it.
    pub widget_goes_back: bool,
    /// Assumed: the widget is told of a routing number with a wrong check digit, or one that is refused, when it looks it up
    /// (`INVALID`). If off, only when the details are submitted, and its error view is shown.
    pub widget_checks_routing: bool,
    /// Assumed: the names of the institutions with instant account verification that the widget finds. They are invented.
    pub institutions: Vec<String>,
    /// Assumed: the widget finds all institutions for one of these routing numbers, and offers them before the manual way
    /// (`IAV_PREFERRED`). The API admits these numbers.
    pub iav_preferred_routing_numbers: Vec<String>,
    /// Documented: a pre-initiated microdeposit is deleted where the person chooses an institution with instant account
    /// verification. Assumed: as it is selected.
    pub iav_deletes: IavDeletes,
    /// Requests that are kept for `GET /_sandbox/requests`; older ones are dropped and counted.
    pub requests: usize,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            amount_order: AmountOrder::default(),
            verification: Verification::default(),
            known_users_only: false,
            refresh: Refresh::default(),
            accounts_per_email: Some(3),
            conflict: true,
            blocked_routing_numbers: Vec::new(),
            client_blocked_routing_numbers: Vec::new(),
            refused_routing_numbers: MX_TEST_REFUSED.map(str::to_owned).to_vec(),
            retention_days: Some(21),
            preinitiated_days: None,
            denied_days: None,
            media_type: MediaType::default(),
            strict_names: true,
            deposit_amounts: None,
            failures_per_thousand: 0,
            wrong_state_status: 409,
            list_lag_seconds: 0,
            list_page: None,
            list_paging: ListPaging::default(),
            list_ignores_page: false,
            empty_list: EmptyList::default(),
            list_shape: ListShape::default(),
            reads_touch: ReadsTouch::default(),
            updated_at: UpdatedAt::default(),
            time_resolution: TimeResolution::default(),
            hidden_fields: Vec::new(),
            null_fields: Vec::new(),
            masked_account_number: false,
            invented_fields: false,
            numbers_as_integers: false,
            body_limit: 65_536,
            webhook_schedule: webhooks::SCHEDULE.to_vec(),
            webhook_success: WebhookSuccess::default(),
            webhook_timeout_milliseconds: 10_000,
            webhook_in_order: false,
            webhook_preinitiated: true,
            webhook_denied_again: true,
            webhook_null_verified_at: false,
            outbox: 10_000,
            widget_token: WidgetToken::default(),
            widget_poll: WidgetPoll::default(),
            widget_goes_back: false,
            widget_checks_routing: true,
            institutions: ["First Example Bank (IAV)", "Second Example Bank (IAV)"].map(str::to_owned).to_vec(),
            iav_preferred_routing_numbers: vec!["123456780".to_owned()],
            iav_deletes: IavDeletes::default(),
            requests: 1_000,
        }
    }
}

fn two_amounts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<[DepositAmount; 2]>, D::Error> {
    let texts = Option::<[String; 2]>::deserialize(deserializer)?;
    let amount = |text: &str| DepositAmount::parse(text).map_err(serde::de::Error::custom);
    texts.map(|[first, second]| Ok([amount(&first)?, amount(&second)?])).transpose()
}

/// Names of fields of a record, checked: a misspelt name would silently change nothing.
fn field_names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<String>::deserialize(deserializer)?;
    let known = |name: &String| Microdeposit::FIELDS.contains(&name.as_str());
    if names.iter().all(known) { Ok(names) } else { Err(serde::de::Error::custom("not a field of a record")) }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
