//! [`Policy`]: a switch for each behaviour that MX has not documented and the sandbox must decide.
//!
//! What is **assumed** here MX has not documented; each can be switched, so that a program can be tested with the other
//! readings too. One list makes the fields, their defaults, their rules, the words of `nexus sandbox --policy-help`, the table of
//! the guide and the schema in `openapi.json`.

use nexus_types::DepositAmount;
use nexus_types::routing::MX_TEST_REFUSED;

mod choices;
mod field;
mod form;
mod kept;
mod presets;
mod reading;
mod webhooks;

pub use choices::{
    AmountOrder, CreateShows, Deposits, EmptyList, ErrorBody, ErrorCode, IavDeletes, ListPaging, ListShape, MediaType,
    Numbers, OddAmounts, Profile, ReadsTouch, Refresh, TimeForm, TimeResolution, UpdatedAt, Verification, WidgetPoll,
    WidgetToken,
};
pub use field::PolicyField;
use form::Form;
use kept::Kept;
pub use presets::Preset;
pub use webhooks::WebhookSuccess;

macro_rules! policy {
    ($($(#[doc = $doc:literal])+ $name:ident: $kind:ty = $default:expr, $form:expr;)+) => {
        /// What is assumed. In JSON: any of the fields, named as here, and `base` with the name of a [`Preset`] from which
        /// they differ.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Policy {
            $($(#[doc = $doc])+ pub $name: $kind,)+
        }

        impl Default for Policy {
            fn default() -> Policy {
                Policy { $($name: $default,)+ }
            }
        }

        impl Policy {
            /// All fields, in order, each with its documentation.
            pub const FIELDS: &[PolicyField] = &[$(PolicyField {
                name: stringify!($name),
                doc: concat!($($doc),+),
                form: $form,
                default: || {
                    let default: $kind = $default;
                    Kept::write(&default)
                },
            },)+];

            /// Sets one field from JSON that fits its form; whether there is such a field.
            fn set(&mut self, name: &str, value: serde_json::Value) -> bool {
                match name {
                    $(stringify!($name) => {
                        Kept::read(value).map(|value| self.$name = value).is_some()
                    })+
                    _ => false,
                }
            }

            /// One field as JSON; null for an unknown one.
            pub(crate) fn get(&self, name: &str) -> serde_json::Value {
                match name {
                    $(stringify!($name) => Kept::write(&self.$name),)+
                    _ => serde_json::Value::Null,
                }
            }
        }
    };
}

/// HTTP statuses of refusals.
const REFUSALS: Form = Form::Whole(400, 599);
const CODES: Form = Form::WholeOrNull(1, 99_999);
const DAYS: Form = Form::WholeOrNull(1, 65_535);
const COUNT: Form = Form::Whole(0, 1_000_000_000);

policy! {
    /// Assumed: either order of the two amounts is right.
    amount_order: AmountOrder = AmountOrder::default(), Form::One(&["any", "exact"]);
    /// Assumed: the outcome of a submission is in the PUT's own response.
    verification: Verification = Verification::default(), Form::OneOrSeconds(&["immediate", "deferred"]);
    /// Assumed: any user id is welcome, and its user appears with the first call that names it. If on: 404 for one that was not there
    /// from the beginning.
    known_users_only: bool = false, Form::Flag;
    /// Documented in two ways (hourly, and every minute); assumed: hourly at minute 15.
    refresh: Refresh = Refresh::default(), Form::One(&["hourly@15", "minutely", "on_read"]);
    /// Documented in two ways: the prose says that a create shows INITIATED, the example shows REQUESTED; assumed: the prose.
    create_shows: CreateShows = CreateShows::default(), Form::One(&["initiated", "requested"]);
    /// Assumed: where deposits take 12 to 36 hours, they land on any day, as MX's page for that time names no day. On business
    /// days instead: not on weekends and holidays of the Federal Reserve.
    deposits: Deposits = Deposits::default(), Form::One(&["any_day", "business_days"]);
    /// Documented: three accounts for one e-mail address. Assumed: different accounts are counted whose microdeposits did not
    /// fail; the fourth is created REJECTED. Null: no limit.
    accounts_per_email: Option<u32> = Some(3), Form::WholeOrNull(0, 1_000_000);
    /// Assumed: a second microdeposit for an account of the same user is created CONFLICTED while the first is INITIATED,
    /// REQUESTED, DEPOSITED or DENIED.
    conflict: bool = true, Form::Flag;
    /// Assumed: with one of these routing numbers the microdeposit is created REJECTED. Empty by default.
    blocked_routing_numbers: Vec<String> = Vec::new(), Form::RoutingNumbers;
    /// Documented: a partner may have MX block routing numbers. Assumed: with one of these too the microdeposit is created
    /// REJECTED; the widget calls it `CLIENT_BLOCKED` and the others `BLOCKED`. Empty by default.
    client_blocked_routing_numbers: Vec<String> = Vec::new(), Form::RoutingNumbers;
    /// Documented as invalid although their check digits are right; assumed: refused with 400.
    refused_routing_numbers: Vec<String> = MX_TEST_REFUSED.map(str::to_owned).to_vec(), Form::RoutingNumbers;
    /// Documented: 21 days in INITIATED, REQUESTED or DEPOSITED. Assumed: counted from the creation (or from the submission of
    /// the account details), and gone means 404. Null: never.
    retention_days: Option<u16> = Some(21), DAYS;
    /// Assumed: PREINITIATED has no expiry.
    preinitiated_days: Option<u16> = None, DAYS;
    /// Assumed: DENIED has no expiry. If it has one, it is counted from the last wrong submission.
    denied_days: Option<u16> = None, DAYS;
    /// Assumed: any other media type is refused with 415 (406 for what a caller accepts).
    media_type: MediaType = MediaType::default(), Form::One(&["strict", "admit_json"]);
    /// MX's expression for names is not public. Assumed: letters, digits, spaces and `' - . ,` only. Off: anything printable.
    strict_names: bool = true, Form::Flag;
    /// Documented as text. Assumed: an account or routing number that is a JSON number is refused. If taken: a routing number
    /// gets its leading zeros back.
    integers_in_requests: bool = false, Form::Flag;
    /// Documented in two ways: the prose asks for `account_type`, the schema for `account_type_name`; assumed: the schema, and
    /// `account_type` may stand beside it. If on: `account_type` alone is enough.
    account_type_alone: bool = false, Form::Flag;
    /// Assumed: 1 to 9 cents each, from the seed. These instead, for every microdeposit, if given; in JSON as two texts.
    deposit_amounts: Option<[DepositAmount; 2]> = None, Form::AmountsOrNull;
    /// Assumed: amounts that are not above 0, below 1 and of at most two decimals are refused, and no submission is counted.
    odd_amounts: OddAmounts = OddAmounts::default(), Form::One(&["refused", "wrong"]);
    /// Assumed: the provider fails at none in a thousand by itself (it can be made to fail by an event). Accounts that begin
    /// with 3333 never fail by themselves in the integration profile.
    failures_per_thousand: u16 = 0, Form::Whole(0, 1000);
    /// Assumed: a PUT in a status that admits no submission is refused with 409. This HTTP status instead.
    wrong_state_status: u16 = 409, REFUSALS;
    /// Assumed: the code in the body of that refusal is the HTTP status with a zero behind it. This one instead.
    wrong_state_code: Option<u32> = None, CODES;
    /// Assumed: an unknown, foreign or deleted microdeposit, an unknown user and an unknown path are refused with 404. This HTTP
    /// status instead.
    not_found_status: u16 = 404, REFUSALS;
    /// Assumed: the code in the body of that refusal is the HTTP status with a zero behind it. This one instead.
    not_found_code: Option<u32> = None, CODES;
    /// Documented for parameters that are missing: 400. Assumed: for every other rule that a body breaks too. This HTTP status
    /// instead.
    invalid_status: u16 = 400, REFUSALS;
    /// Documented: an expired session has code 4011. Assumed: its HTTP status is 401, and so is that of a wrong token or key.
    /// This HTTP status instead.
    unauthorized_status: u16 = 401, REFUSALS;
    /// Assumed: a method that a path does not have is refused with 405. This HTTP status instead.
    method_status: u16 = 405, REFUSALS;
    /// Assumed: a response whose media type the caller does not accept is refused with 406. This HTTP status instead.
    accept_status: u16 = 406, REFUSALS;
    /// Assumed: a body of another media type is refused with 415. This HTTP status instead.
    media_type_status: u16 = 415, REFUSALS;
    /// Assumed: a body that is too large is refused with 413. This HTTP status instead.
    too_large_status: u16 = 413, REFUSALS;
    /// Documented: an error has a code and a message. Assumed: their names, and the object around them.
    error_body: ErrorBody = ErrorBody::default(), Form::One(&["wrapped", "bare", "empty", "html"]);
    /// Assumed: the code is a number. As text instead.
    error_code: ErrorCode = ErrorCode::default(), Form::One(&["number", "text"]);
    /// Assumed: a new record is in lists at once. Only after so many seconds instead; reads by guid find it at once.
    list_lag_seconds: u32 = 0, Form::Whole(0, u32::MAX as u64);
    /// Assumed: a list holds all records, the oldest first. Pages of so many instead: `?page=N`, counted from 1, and
    /// `records_per_page` from 10 to 1,000, as MX's other lists have them.
    list_page: Option<u16> = None, Form::WholeOrNull(1, 65_535);
    /// Assumed, with `list_page`: an object `pagination` says how many pages there are.
    list_paging: ListPaging = ListPaging::default(), Form::One(&["object", "next", "total", "silent"]);
    /// Assumed, with `list_page`: `page` is obeyed. If not, every page is the first.
    list_ignores_page: bool = false, Form::Flag;
    /// Assumed: a list without records is `{"micro_deposits":[]}`.
    empty_list: EmptyList = EmptyList::default(), Form::One(&["empty", "null", "missing"]);
    /// Documented by an example: each record of a list is in a wrapper of its own. A client of 2021 reads a list without them.
    list_shape: ListShape = ListShape::default(), Form::One(&["nested", "flat"]);
    /// Assumed: a read does not move `updated_at`.
    reads_touch: ReadsTouch = ReadsTouch::default(), Form::One(&["never", "always", "minutely"]);
    /// Assumed: `updated_at` moves with every change, and with a second wrong submission too.
    updated_at: UpdatedAt = UpdatedAt::default(), Form::One(&["moves", "status_only", "never_moves", "null"]);
    /// Assumed: times are written to the millisecond.
    time_resolution: TimeResolution = TimeResolution::default(), Form::One(&["millis", "seconds"]);
    /// Documented by examples: times end with Z. With an offset instead, as captured data show.
    time_form: TimeForm = TimeForm::default(), Form::One(&["zulu", "offset"]);
    /// Documented by an example, `MX Bank`; assumed: every institution has this name, whatever its routing number. Null: none has.
    institution_name: Option<String> = Some("MX Bank".to_owned()), Form::TextOrNull;
    /// Assumed: none. These fields are left out of every record.
    hidden_fields: Vec<String> = Vec::new(), Form::FieldNames;
    /// Assumed: none. These fields are null in every record.
    null_fields: Vec<String> = Vec::new(), Form::FieldNames;
    /// Assumed: the account number is written out. If masked: `*****2345`.
    masked_account_number: bool = false, Form::Flag;
    /// Assumed: a record has the documented fields only. If invented: others beside them, of which one holds a status too.
    invented_fields: bool = false, Form::Flag;
    /// Documented as text; some examples show account and routing numbers as JSON numbers, without leading zeros. Assumed: text.
    numbers: Numbers = Numbers::default(), Form::One(&["text", "examples", "integers"]);
    /// Assumed: a request's body may have 65,536 bytes.
    body_limit: usize = 65_536, COUNT;
    /// Assumed, for MX says only that it sends again up to twelve times in about a day: the attempts come so many seconds after
    /// the event: 0; 1, 3, 7, 15 and 30 minutes; 1, 2, 4, 7, 11, 17 and 24 hours.
    webhook_schedule: Vec<u32> = webhooks::SCHEDULE.to_vec(), Form::Schedule;
    /// Assumed: every status from 200 to 299 counts as received. A redirect does not and is not followed.
    webhook_success: WebhookSuccess = WebhookSuccess::default(), Form::One(&["any_2xx", "only_204"]);
    /// Assumed: an attempt fails after ten seconds (in milliseconds, of real time).
    webhook_timeout_milliseconds: u32 = 10_000, Form::Whole(0, u32::MAX as u64);
    /// Assumed: an event that fails does not hold the next one. If in order: each waits until the one before it is delivered or
    /// given up.
    webhook_in_order: bool = false, Form::Flag;
    /// Assumed: a pre-initiation is an event. If not, the first is that of the account details, and `updated`.
    webhook_preinitiated: bool = true, Form::Flag;
    /// Assumed: a second wrong submission, which leaves the status DENIED, is an event.
    webhook_denied_again: bool = true, Form::Flag;
    /// Assumed: an event has no `verified_at` before VERIFIED, as in the documentation's example. If null: it has, and it is null.
    webhook_null_verified_at: bool = false, Form::Flag;
    /// Assumed, for nothing of the kind is MX's: 10,000 webhook events are kept until they are read; older ones are dropped and
    /// counted.
    outbox: usize = 10_000, COUNT;
    /// Documented: the widget's address opens once, and for ten minutes. Assumed: nothing more. If reusable it opens always.
    widget_token: WidgetToken = WidgetToken::default(), Form::One(&["once", "reusable"]);
    /// Assumed: the widget shows at once what is true. If like MX's, it looks again and again as MX's widget was measured to.
    widget_poll: WidgetPoll = WidgetPoll::default(), Form::One(&["at_once", "mx"]);
    /// Assumed, as MX's widget was measured: it tells its host that it did not go back, wherever it stands, and stays there. If on,
    /// it goes back to the search and says so, as its definition has it.
    widget_goes_back: bool = false, Form::Flag;
    /// Assumed: the widget is told of a routing number with a wrong check digit, or one that is refused, when it looks it up
    /// (`INVALID`). If off, only when the details are submitted, and its error view is shown.
    widget_checks_routing: bool = true, Form::Flag;
    /// Assumed: the names of the institutions with instant account verification that the widget finds. They are invented.
    institutions: Vec<String> = ["First Example Bank (IAV)", "Second Example Bank (IAV)"].map(str::to_owned).to_vec(), Form::Texts;
    /// Assumed: the widget finds all institutions for one of these routing numbers, and offers them before the manual way
    /// (`IAV_PREFERRED`). The API admits these numbers.
    iav_preferred_routing_numbers: Vec<String> = vec!["123456780".to_owned()], Form::RoutingNumbers;
    /// Documented: a pre-initiated microdeposit is deleted where the person chooses an institution with instant account
    /// verification. Assumed: as it is selected.
    iav_deletes: IavDeletes = IavDeletes::default(), Form::One(&["on_selection", "on_member"]);
    /// Assumed, for nothing of the kind is MX's: 1,000 requests are kept for `GET /_sandbox/requests`; older ones are dropped and
    /// counted.
    requests: usize = 1_000, COUNT;
}
