//! [`Status`]: where a microdeposit stands. All ten that are known, and room for more.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $definition:literal, $next:literal;)*) => {
        /// The ten known statuses by their numbers (source: `domain.md` 3.1). [`Status`] also holds unknown ones.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Stage { $($(#[$doc])* $variant = $number,)* }

        impl Stage {
            /// All ten, in order of number.
            pub const ALL: [Stage; 10] = [$(Stage::$variant,)*];

            /// The name as the API writes it.
            pub fn name(self) -> &'static str {
                match self { $(Stage::$variant => $name,)* }
            }

            /// What it means.
            pub fn definition(self) -> &'static str {
                match self { $(Stage::$variant => $definition,)* }
            }

            /// What the caller may do next, in words that a person can act on.
            pub fn next_step(self) -> &'static str {
                match self { $(Stage::$variant => $next,)* }
            }

            /// The same as a [`Status`].
            pub const fn status(self) -> Status {
                match self { $(Stage::$variant => Status::$variant,)* }
            }
        }

        /// Where a microdeposit stands.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[$doc])* $variant,)*
            /// A status that this version does not know, kept whole.
            Unknown(Box<UnknownStatus>),
        }

        impl Status {
            /// The ten known ones, in order of number.
            pub const ALL: [Status; 10] = [$(Status::$variant,)*];

            /// The known stage, unless it is unknown.
            pub fn stage(&self) -> Option<Stage> {
                match self { $(Status::$variant => Some(Stage::$variant),)* Status::Unknown(_) => None }
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
    /// 5: wrong amounts, answers left.
    Denied = 5, "DENIED", "The amounts that were submitted are wrong; answers are left.",
        "Have the person look at the statement again before another answer: the third wrong one locks it.";
    /// 6: too many wrong answers. Terminal.
    Prevented = 6, "PREVENTED", "Too many wrong answers: this microdeposit is locked.",
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

/// A status outside the ten.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct UnknownStatus {
    /// The number, if there was one.
    pub number: Option<i64>,
    /// The name, if there was one, as it came.
    pub name: Option<Box<str>>,
}

impl Stage {
    /// The number in `status`.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The stage of this number.
    pub fn from_number(number: i64) -> Option<Stage> {
        usize::try_from(number).ok().and_then(|index| Stage::ALL.get(index).copied())
    }

    /// The stage of this exact name.
    pub fn from_name(name: &str) -> Option<Stage> {
        Stage::ALL.into_iter().find(|stage| stage.name() == name)
    }

    /// Whether nothing leads out of it: 3, 4, 6, 7 and 8. DENIED is not terminal (source: `domain.md` 10-C12).
    pub const fn is_terminal(self) -> bool {
        matches!(self, Stage::Verified | Stage::Errored | Stage::Prevented | Stage::Conflicted | Stage::Rejected)
    }

    /// Whether amounts may be submitted: 2 and 5.
    pub const fn may_verify(self) -> bool {
        matches!(self, Stage::Deposited | Stage::Denied)
    }
}

impl Status {
    /// The status of this number, unknown ones kept.
    pub fn from_number(number: i64) -> Status {
        Status::from_parts(Some(number), None)
    }

    /// The status of this exact name, unknown ones kept.
    pub fn from_name(name: &str) -> Status {
        Status::from_parts(None, Some(name))
    }

    /// The status that a record's two fields say. The number decides; the name speaks where there is no number.
    pub fn from_parts(number: Option<i64>, name: Option<&str>) -> Status {
        let known = match number {
            Some(number) => Stage::from_number(number),
            None => name.and_then(Stage::from_name),
        };
        known.map_or_else(
            || Status::Unknown(Box::new(UnknownStatus { number, name: name.map(Into::into) })),
            Stage::status,
        )
    }

    /// The number in `status`; None for an unknown one that came without.
    pub fn number(&self) -> Option<i64> {
        match self {
            Status::Unknown(unknown) => unknown.number,
            known => known.stage().map(|stage| i64::from(stage.number())),
        }
    }

    /// The name; for an unknown one the name that came, if it looks like one, else `UNKNOWN`. An unknown number beside a
    /// known name is `UNKNOWN` too: the number decides, and nobody who compares names may take it for that status.
    pub fn name(&self) -> &str {
        match self {
            Status::Unknown(unknown) => {
                let own = |name: &&str| is_plain_name(name) && Stage::from_name(name).is_none();
                unknown.name.as_deref().filter(own).unwrap_or("UNKNOWN")
            }
            known => known.stage().map_or("UNKNOWN", Stage::name),
        }
    }

    /// Whether it is one of the ten.
    pub fn is_known(&self) -> bool {
        self.stage().is_some()
    }

    /// See [`Stage::is_terminal`]. False for unknown ones: nothing is known to end there.
    pub fn is_terminal(&self) -> bool {
        self.stage().is_some_and(Stage::is_terminal)
    }

    /// See [`Stage::may_verify`]. False for unknown ones.
    pub fn may_verify(&self) -> bool {
        self.stage().is_some_and(Stage::may_verify)
    }

    /// What it means.
    pub fn definition(&self) -> &'static str {
        self.stage().map_or("A status that this version does not know.", Stage::definition)
    }

    /// What the caller may do next, in words that a person can act on.
    pub fn next_step(&self) -> &'static str {
        self.stage()
            .map_or("Ask MX what this status means, and look for a newer version of this library.", Stage::next_step)
    }
}

/// Capital letters, digits and underscores, beginning with a letter: a name, and nothing that could be a secret.
fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}

impl From<Stage> for Status {
    fn from(stage: Stage) -> Status {
        stage.status()
    }
}

impl PartialEq<Stage> for Status {
    fn eq(&self, stage: &Stage) -> bool {
        self.stage() == Some(*stage)
    }
}

impl fmt::Debug for UnknownStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().map(|name| if is_plain_name(name) { name } else { "(odd)" });
        f.debug_struct("UnknownStatus").field("number", &self.number).field("name", &name).finish()
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
        Stage::ALL
            .into_iter()
            .find(|stage| stage.name().eq_ignore_ascii_case(text) || stage.number().to_string() == text)
            .map(Stage::status)
            .ok_or_else(|| Error::input("status", "must be a status name such as DEPOSITED, or its number 0 to 9"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_the_documented_ones() {
        let names = [
            "INITIATED",
            "REQUESTED",
            "DEPOSITED",
            "VERIFIED",
            "ERRORED",
            "DENIED",
            "PREVENTED",
            "CONFLICTED",
            "REJECTED",
            "PREINITIATED",
        ];
        for (number, name) in (0i64..).zip(names) {
            let status = Status::from_number(number);
            assert_eq!((status.number(), status.name()), (Some(number), name));
            assert_eq!(Status::from_name(name), status);
            assert_eq!(name.to_lowercase().parse::<Status>().unwrap(), status);
            assert_eq!(number.to_string().parse::<Status>().unwrap(), status);
        }
        let terminal: Vec<_> = Status::ALL.iter().filter(|s| s.is_terminal()).filter_map(Status::number).collect();
        assert_eq!(terminal, [3, 4, 6, 7, 8]);
        let verifiable: Vec<_> = Status::ALL.iter().filter(|s| s.may_verify()).filter_map(Status::number).collect();
        assert_eq!(verifiable, [2, 5]);
    }

    #[test]
    fn the_number_decides() {
        assert_eq!(Status::from_parts(Some(3), Some("DENIED")), Status::Verified);
        assert_eq!(Status::from_parts(None, Some("DENIED")), Status::Denied);
    }

    #[test]
    fn unknown_ones_are_kept_whole() {
        let status = Status::from_parts(Some(12), Some("PAUSED"));
        assert_eq!((status.number(), status.name()), (Some(12), "PAUSED"));
        assert_eq!(status.to_string(), "PAUSED (12)");
        assert!(!status.is_terminal() && !status.may_verify() && !status.is_known());
        assert_eq!(Status::from_parts(None, None).name(), "UNKNOWN");
        assert_eq!(Status::from_parts(Some(12), Some("VERIFIED")).to_string(), "UNKNOWN (12)");
        assert!(!format!("{:?}", Status::from_name("333312345")).contains("3333"));
    }
}
