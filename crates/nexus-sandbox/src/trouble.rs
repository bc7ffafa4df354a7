//! [`Trouble`]: why a record failed.

use nexus_types::Event;

/// Why a record failed: the source of `error_code` and `error_message`. MX shows only nulls there, so all of it is assumed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The provider could not make the deposits: an ACH return code, R01 to R99.
    Ach(u8),
    Refused,
    TooManyAccounts,
    Blocked,
    Exists,
    LockedOut,
}

impl Trouble {
    /// What this makes of a record that is created, or given its account details, in spite of it.
    pub(crate) fn at_creation(self) -> Event {
        if self == Trouble::Exists { Event::CreateConflicted } else { Event::CreateRejected }
    }

    /// The trouble of this code.
    pub(crate) fn from_code(code: &str) -> Option<Trouble> {
        let others =
            [Trouble::Refused, Trouble::TooManyAccounts, Trouble::Blocked, Trouble::Exists, Trouble::LockedOut];
        let number = code.strip_prefix('R').filter(|digits| digits.len() == 2).and_then(|digits| digits.parse().ok());
        let returned = number.filter(|number| (1..=99).contains(number)).map(Trouble::Ach);
        returned.or_else(|| others.into_iter().find(|other| other.code() == code))
    }

    /// The field of the policy that makes it a reason.
    pub(crate) fn policy(self) -> Option<&'static str> {
        match self {
            Trouble::TooManyAccounts => Some("accounts_per_email"),
            Trouble::Blocked => Some("blocked_routing_numbers"),
            Trouble::Exists => Some("conflict"),
            Trouble::Ach(_) | Trouble::Refused | Trouble::LockedOut => None,
        }
    }

    pub(crate) fn code(self) -> String {
        match self {
            Trouble::Ach(number) => format!("R{number:02}"),
            Trouble::Refused => "PROVIDER_REFUSED".to_owned(),
            Trouble::TooManyAccounts => "TOO_MANY_ACCOUNTS".to_owned(),
            Trouble::Blocked => "ROUTING_NUMBER_BLOCKED".to_owned(),
            Trouble::Exists => "MICRODEPOSIT_EXISTS".to_owned(),
            Trouble::LockedOut => "TOO_MANY_ATTEMPTS".to_owned(),
        }
    }

    pub(crate) fn message(self) -> &'static str {
        match self {
            Trouble::Ach(2) => "Account closed",
            Trouble::Ach(3) => "No account, or unable to locate it",
            Trouble::Ach(4) => "Invalid account number",
            Trouble::Ach(20) => "Not a transaction account",
            Trouble::Ach(_) => "The deposits were returned",
            Trouble::Refused => "The provider refused the request",
            Trouble::TooManyAccounts => "This e-mail address has its number of accounts",
            Trouble::Blocked => "This institution is not available for microdeposits",
            Trouble::Exists => "There is a microdeposit for this account already",
            Trouble::LockedOut => "Too many wrong submissions",
        }
    }
}
