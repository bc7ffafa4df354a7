//! The choices of a [`Policy`](crate::Policy) with more than two values.

use serde::Deserialize;

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

/// How a list shows that it is one page of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// Each in an object `micro_deposit` of its own, as the documentation's example shows.
    #[default]
    Nested,
    /// Not at all.
    Flat,
}

/// Whether a read moves `updated_at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeResolution {
    /// To the millisecond.
    #[default]
    Millis,
    /// Cut to whole seconds.
    Seconds,
}

/// How often the widget's address opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WidgetToken {
    /// Once, within ten minutes.
    #[default]
    Once,
    /// Any number of times, for ever: for a host page that is reloaded while it is written.
    Reusable,
}

/// How the widget learns what became of a microdeposit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IavDeletes {
    /// When the institution is selected.
    #[default]
    OnSelection,
    /// When the person has signed in there.
    OnMember,
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
