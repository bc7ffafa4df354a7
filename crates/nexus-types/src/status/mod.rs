//! [`Status`]: the stage of a microdeposit. Ten are known; an unknown one is kept.

mod unknown;

use std::fmt;
use std::str::FromStr;

use crate::error::Error;
use crate::mask;
pub use unknown::UnknownStatus;
use unknown::is_plain_name;
pub(crate) use unknown::{agree, is_a_word};

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $definition:literal, $next:literal;)*) => {
        /// The ten known statuses by their numbers (source: domain.md 3.1). [`Status`] also holds unknown ones.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum KnownStatus { $($(#[$doc])* $variant = $number,)* }

        impl KnownStatus {
            /// All ten, in order of number.
            pub const ALL: [KnownStatus; 10] = [$(KnownStatus::$variant,)*];

            /// The name as the API writes it.
            pub fn name(self) -> &'static str {
                match self { $(KnownStatus::$variant => $name,)* }
            }

            /// What it means.
            pub fn definition(self) -> &'static str {
                match self { $(KnownStatus::$variant => $definition,)* }
            }

            /// What the caller may do next, in words that a person can act on.
            pub fn next_step(self) -> &'static str {
                match self { $(KnownStatus::$variant => $next,)* }
            }

            /// The same as a [`Status`].
            pub const fn status(self) -> Status {
                match self { $(KnownStatus::$variant => Status::$variant,)* }
            }
        }

        /// The stage of a microdeposit.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[$doc])* $variant,)*
            /// A status that this version does not know, or a contradictory one.
            Unknown(Box<UnknownStatus>),
        }

        impl Status {
            /// The ten known ones, in order of number.
            pub const ALL: [Status; 10] = [$(Status::$variant,)*];

            /// The known status. None for an unknown one.
            pub fn known(&self) -> Option<KnownStatus> {
                match self { $(Status::$variant => Some(KnownStatus::$variant),)* Status::Unknown(_) => None }
            }
        }
    };
}

statuses! {
    /// 0: the verification process has started.
    Initiated = 0, "INITIATED", "The verification process has started.",
        "Wait: the deposits are about to be requested.";
    /// 1: requested from the provider.
    Requested = 1, "REQUESTED", "The deposits have been requested from the microdeposit provider.",
        "Wait until the deposits arrive, usually 12 to 36 hours.";
    /// 2: the deposits are in the account.
    Deposited = 2, "DEPOSITED", "The deposits are in the account and ready to be verified.",
        "Ask the person for the two amounts on their statement and submit them.";
    /// 3: verified. Terminal.
    Verified = 3, "VERIFIED", "The right amounts were submitted: the account is verified.",
        "Nothing is left to do.";
    /// 4: the deposits could not be made. Terminal.
    Errored = 4, "ERRORED", "The deposits could not be made, typically because of an ACH error at the provider.",
        "Check the account details with the person, then start a new microdeposit.";
    /// 5: wrong amounts, submissions left.
    Denied = 5, "DENIED", "The amounts that were submitted are wrong; submissions are left.",
        "Have the person look at the statement again before another submission: the third wrong one locks it.";
    /// 6: too many wrong submissions. Terminal.
    Prevented = 6, "PREVENTED", "Too many wrong submissions: this microdeposit is locked.",
        "Start a new microdeposit from the beginning.";
    /// 7: there is another request for the account. Terminal.
    Conflicted = 7, "CONFLICTED", "There is already a microdeposit for this account.",
        "Continue with the existing microdeposit: list them and look for it.";
    /// 8: refused by MX or the provider. Terminal.
    Rejected = 8, "REJECTED", "Validation at MX failed, or the provider refused something.",
        "Check names, e-mail and account details, then start a new microdeposit.";
    /// 9: only the person is known yet.
    Preinitiated = 9, "PREINITIATED", "Names and e-mail are known; the account details are not yet.",
        "Open the Connect Widget with this guid so that the person can give the account details.";
}

impl KnownStatus {
    /// The number in `status`.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The known status of this number.
    pub fn from_number(number: i64) -> Option<KnownStatus> {
        usize::try_from(number).ok().and_then(|index| KnownStatus::ALL.get(index).copied())
    }

    /// The known status of this exact name.
    pub fn from_name(name: &str) -> Option<KnownStatus> {
        KnownStatus::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether the status is final: 3, 4, 6, 7 and 8. DENIED is not final (source: domain.md C12).
    pub const fn is_terminal(self) -> bool {
        matches!(
            self,
            KnownStatus::Verified
                | KnownStatus::Errored
                | KnownStatus::Prevented
                | KnownStatus::Conflicted
                | KnownStatus::Rejected
        )
    }

    /// Whether amounts may be submitted: 2 and 5.
    pub const fn may_verify(self) -> bool {
        matches!(self, KnownStatus::Deposited | KnownStatus::Denied)
    }
}

impl Status {
    /// The status of this number. An unknown number of at most four digits is kept; a longer one is
    /// [contradictory](Status::is_contradictory).
    pub fn from_number(number: i64) -> Status {
        Status::from_parts(Some(number), None)
    }

    /// The status of this exact name. An unknown name is kept.
    pub fn from_name(name: &str) -> Status {
        Status::from_parts(None, Some(name))
    }

    /// The status that the two fields of a record give. The name decides where there is no number. The status is
    /// [contradictory](Status::is_contradictory) if both are there and disagree, or if the number has more than four digits.
    pub fn from_parts(number: Option<i64>, name: Option<&str>) -> Status {
        if !agree(number, name) || mask::choice(number) != number {
            return Status::contradictory(&serde_json::json!({ "status": number, "status_name": name }).to_string());
        }
        let known = match number {
            Some(number) => KnownStatus::from_number(number),
            None => name.and_then(KnownStatus::from_name),
        };
        known.map_or_else(
            || Status::Unknown(Box::new(UnknownStatus { number, name: name.map(Into::into), came: None })),
            KnownStatus::status,
        )
    }

    /// A contradictory status, with the JSON of both fields as received.
    pub(crate) fn contradictory(came: &str) -> Status {
        Status::Unknown(Box::new(UnknownStatus::contradictory(came)))
    }

    /// Whether the received fields contradict each other or cannot be a status: number and name disagree, a field is given twice,
    /// or the number is a fraction, a list, or longer than four digits. Such a status is unknown and has neither number nor name;
    /// conclude nothing from it. A status that is only newer than this version is not contradictory and keeps its number.
    pub fn is_contradictory(&self) -> bool {
        matches!(self, Status::Unknown(unknown) if unknown.came.is_some())
    }

    /// The number in `status`. None for an unknown status without a number, and for a contradictory one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Status::Unknown(unknown) => unknown.number,
            known => known.known().map(|stage| i64::from(stage.number())),
        }
    }

    /// The name. An unknown status has the name as received if it is 1 to 32 capital letters and underscores, and is not the name
    /// of a known status; otherwise `UNKNOWN`. A contradictory status has the name `UNKNOWN`.
    pub fn name(&self) -> &str {
        match self {
            Status::Unknown(unknown) => {
                let own = |name: &&str| is_plain_name(name) && KnownStatus::from_name(name).is_none();
                unknown.name.as_deref().filter(own).unwrap_or("UNKNOWN")
            }
            known => known.known().map_or("UNKNOWN", KnownStatus::name),
        }
    }

    /// Whether it is one of the ten.
    pub fn is_known(&self) -> bool {
        self.known().is_some()
    }

    /// See [`KnownStatus::is_terminal`]. False for an unknown status.
    pub fn is_terminal(&self) -> bool {
        self.known().is_some_and(KnownStatus::is_terminal)
    }

    /// See [`KnownStatus::may_verify`]. False for an unknown status.
    pub fn may_verify(&self) -> bool {
        self.known().is_some_and(KnownStatus::may_verify)
    }

    /// What it means.
    pub fn definition(&self) -> &'static str {
        let unknown = match self.is_contradictory() {
            true => "The server's response contradicts itself about the status.",
            false => "A status that this version does not know.",
        };
        self.known().map_or(unknown, KnownStatus::definition)
    }

    /// What the caller may do next, in words that a person can act on.
    pub fn next_step(&self) -> &'static str {
        let unknown = match self.is_contradictory() {
            true => "Conclude nothing from it. Read the microdeposit again later; if it stays so, ask MX.",
            false => "Ask MX what this status means, and look for a newer version of this library.",
        };
        self.known().map_or(unknown, KnownStatus::next_step)
    }
}

impl From<KnownStatus> for Status {
    fn from(stage: KnownStatus) -> Status {
        stage.status()
    }
}

impl PartialEq<KnownStatus> for Status {
    fn eq(&self, stage: &KnownStatus) -> bool {
        self.known() == Some(*stage)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Unknown(unknown) => unknown.fmt(f),
            known => f.write_str(known.name()),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Unknown(unknown) => match unknown.number {
                Some(number) => write!(f, "{} ({number})", self.name()),
                None if self.is_contradictory() => f.write_str("UNKNOWN (contradictory)"),
                None => f.write_str(self.name()),
            },
            known => f.write_str(known.name()),
        }
    }
}

impl FromStr for Status {
    type Err = Error;

    /// Reads a known name in any case, or a known number, for people.
    fn from_str(text: &str) -> Result<Status, Error> {
        KnownStatus::ALL
            .into_iter()
            .find(|stage| stage.name().eq_ignore_ascii_case(text) || stage.number().to_string() == text)
            .map(KnownStatus::status)
            .ok_or_else(|| Error::input("status", "must be a status name such as DEPOSITED, or its number 0 to 9"))
    }
}

#[cfg(test)]
mod tests;
