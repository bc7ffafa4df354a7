//! The table of statuses, with what each allows and its texts.

use super::UnknownStatus;

/// What a status says of the amounts that were submitted before it was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Says {
    /// They were right.
    Right,
    /// Some were wrong, and submissions are left.
    Wrong,
    /// They were wrong, and no submission is left.
    Locked,
    /// They are not judged yet.
    NotYet,
    /// The microdeposit failed, whatever they were.
    Failed,
    /// Nothing: no submission can have led here.
    Nothing,
}

macro_rules! statuses {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $definition:literal, $next:literal;)*) => {
        /// The known statuses by their numbers (source: domain.md 3.1). [`Status`] also holds unknown ones.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum KnownStatus { $($(#[$doc])* $variant = $number,)* }

        const COUNT: usize = [$($number,)*].len();

        impl KnownStatus {
            /// All of them, in order of number.
            pub const ALL: [KnownStatus; COUNT] = [$(KnownStatus::$variant,)*];

            /// The known status of this number.
            pub fn from_number(number: i64) -> Option<KnownStatus> {
                match number { $($number => Some(KnownStatus::$variant),)* _ => None }
            }

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

        /// Where a microdeposit stands.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Status {
            $($(#[$doc])* $variant,)*
            /// A status that this version does not know, or a contradictory one, kept whole.
            Unknown(Box<UnknownStatus>),
        }

        impl Status {
            /// The known ones, in order of number.
            pub const ALL: [Status; COUNT] = [$(Status::$variant,)*];

            /// The known status; none for an unknown one.
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
    /// Whether nothing leads out of it: 3, 4, 6, 7 and 8. DENIED is not terminal (source: domain.md C12).
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

    /// What it says of amounts that were submitted.
    pub(crate) const fn says(self) -> Says {
        match self {
            KnownStatus::Verified => Says::Right,
            KnownStatus::Prevented => Says::Locked,
            KnownStatus::Denied => Says::Wrong,
            KnownStatus::Deposited => Says::NotYet,
            KnownStatus::Errored | KnownStatus::Conflicted | KnownStatus::Rejected => Says::Failed,
            KnownStatus::Initiated | KnownStatus::Requested | KnownStatus::Preinitiated => Says::Nothing,
        }
    }
}
