//! The choices of a [`Policy`](crate::Policy) with more than two values.

use serde::{Deserialize, Serialize};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountOrder {
    /// Either order is right.
    #[default]
    Any,
    /// Only the statement's own order is right.
    Exact,
}

/// When the outcome of a verification shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verification {
    /// In the PUT's own response, as the documentation's example shows.
    #[default]
    Immediate,
    /// The PUT's response has the status from before; a later read shows the outcome.
    Deferred,
    /// The PUT's response has the status from before, and the submission is judged so many seconds later. Until then every read
    /// shows the old status, and further submissions are taken too and judged in turn. In JSON: `{"after_seconds":5}`.
    AfterSeconds(u32),
}

/// When the status that a list shows catches up with the true one. A read always does so, for its own record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaType {
    /// The documented one only.
    #[default]
    Strict,
    /// `application/json` too.
    AdmitJson,
}

/// How a list shows that it is one page of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListPaging {
    /// An object `pagination` with `current_page`, `per_page`, `total_entries` and `total_pages`, as MX's other lists have it.
    #[default]
    Object,
    /// A link `next`, null on the last page.
    Next,
    /// Only the number `total_entries`.
    Total,
    /// Nothing, but that the page is full. It holds 25 records then, whatever `list_page` says.
    Silent,
}

/// How a list without records is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EmptyList {
    /// `{"micro_deposits":[]}`
    #[default]
    Empty,
    /// `{"micro_deposits":null}`
    Null,
    /// `{}`
    Missing,
}

/// How the records of a list are wrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// Each in an object `micro_deposit` of its own, as the documentation's example shows.
    #[default]
    Nested,
    /// Not at all.
    Flat,
}

/// Whether a read moves `updated_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadsTouch {
    /// It does not.
    #[default]
    Never,
    /// Every read moves it to its own time.
    Always,
    /// A read moves it to its own time where it is a minute old.
    Minutely,
}

/// What `updated_at` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdatedAt {
    /// The time of the last change, wrong submissions included; null while PREINITIATED.
    #[default]
    Moves,
    /// The time of the last change of status: not moved by a second wrong submission.
    StatusOnly,
    /// The time of the creation, for ever.
    NeverMoves,
    /// Null.
    Null,
}

/// How exactly times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeResolution {
    /// To the millisecond.
    #[default]
    Millis,
    /// Cut to whole seconds.
    Seconds,
}

/// How often the widget's address opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WidgetToken {
    /// Once, within ten minutes.
    #[default]
    Once,
    /// Any number of times, for ever: for a host page that is reloaded while it is written.
    Reusable,
}

/// How the widget learns what became of a microdeposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WidgetPoll {
    /// It is told at once.
    #[default]
    AtOnce,
    /// As MX's was measured: three looks two seconds apart as it begins, then up to six looks three seconds apart for the
    /// outcome of the amounts, until the status changes. DENIED after DENIED shows after the last one; a status that stays
    /// is waited for for ever.
    Mx,
}

/// When a pre-initiated microdeposit is deleted in favour of instant account verification.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum IavDeletes {
    /// When the institution is selected.
    #[default]
    OnSelection,
    /// When the person has signed in there.
    OnMember,
}

/// How account and routing numbers are written in records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// As text, as they are declared.
    #[default]
    Text,
    /// As each operation's own example shows them: the routing number as a number everywhere, the account number as a number in
    /// the response to a verify only. A number has no leading zeros.
    Examples,
    /// As numbers everywhere, where they have digits only.
    Integers,
}

/// The status in the response to a create.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CreateShows {
    /// INITIATED, as the prose says.
    #[default]
    Initiated,
    /// REQUESTED, as the example shows: the provider takes the request at once.
    Requested,
}

/// On which days deposits land that are not those of the documented test accounts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Deposits {
    /// 12 to 36 hours after the request, on any day.
    #[default]
    AnyDay,
    /// On the first or second business day of the Federal Reserve after the day of the request, between 6 and 18 o'clock at
    /// UTC-5.
    BusinessDays,
}

/// The body of a refusal of the data API and the SSO API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorBody {
    /// `{"error":{"code":4001,"message":"..."}}`
    #[default]
    Wrapped,
    /// `{"code":4001,"message":"..."}`
    Bare,
    /// No body.
    Empty,
    /// A page of HTML.
    Html,
}

/// How the code in the body of a refusal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// As a number.
    #[default]
    Number,
    /// As text.
    Text,
}

/// What becomes of two amounts that are not above 0, below 1 and of at most two decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OddAmounts {
    /// They are refused, and no submission is counted.
    #[default]
    Refused,
    /// They are wrong amounts, and the submission is counted.
    Wrong,
}

/// How the times of the API are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeForm {
    /// `2021-09-01T18:29:06.000Z`, as the examples show.
    #[default]
    Zulu,
    /// `2021-09-01T18:29:06+00:00`, as a client has captured it in 2021. Always to the second.
    Offset,
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
    fn profiles_by_name() {
        assert_eq!(Profile::from_name("production"), Some(Profile::Production));
        assert_eq!(Profile::from_name(Profile::Integration.name()), Some(Profile::Integration));
        assert_eq!(Profile::from_name("prod"), None);
    }
}
