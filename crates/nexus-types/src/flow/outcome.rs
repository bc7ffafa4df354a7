//! The results of the flows: [`Outcome`] of a submission, with its [`Verdict`], and [`Created`].

use std::fmt;

use crate::assumptions::Assumption;
use crate::microdeposit::Microdeposit;

macro_rules! verdicts {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $advice:literal;)*) => {
        /// The verdict on the two amounts, numbered for C and Python.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum Verdict { $($(#[$doc])* $variant = $number,)* }

        impl Verdict {
            /// All of them, in order of number.
            pub const ALL: [Verdict; [$($number,)*].len()] = [$(Verdict::$variant,)*];

            /// The stable name, in lower case.
            pub fn name(self) -> &'static str {
                match self { $(Verdict::$variant => $name,)* }
            }

            /// What the caller may do next, in words for a person.
            pub fn advice(self) -> &'static str {
                match self { $(Verdict::$variant => $advice,)* }
            }
        }
    };
}

verdicts! {
    /// The account is the person's: the status is VERIFIED.
    Verified = 1, "verified", "Nothing is left to do.";
    /// These amounts were judged wrong, and submissions are left: the status is DENIED, by this submission.
    Denied = 2, "denied",
        "Have the person look at the statement again before another submission: the third wrong one locks it.";
    /// Judged wrong, and no submission is left: the status is PREVENTED.
    Locked = 3, "locked", "Start a new microdeposit from the beginning.";
    /// The server has accepted the amounts and has not judged them yet.
    Pending = 4, "pending",
        "The amounts were taken and are not judged yet. Do not ask the person again: read the microdeposit later.";
}

impl Verdict {
    /// The stable number.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The verdict of this name.
    pub fn from_name(name: &str) -> Option<Verdict> {
        Verdict::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The outcome of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The verdict on the amounts.
    pub verdict: Verdict,
    /// The last record that was read; the verdict rests on it.
    pub record: Microdeposit,
    /// The assumption that the verdict rests on, if the record alone does not prove it.
    pub assumed: Option<Assumption>,
}

/// A record that a create or pre-initiate has made.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Created {
    /// The new record. It may already have one of the failed statuses: check its status.
    pub record: Microdeposit,
    /// The assumption by which the record is this call's. None if the server's response held it.
    pub assumed: Option<Assumption>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verdict_names_parse_back_and_only_pending_forbids_asking() {
        for (verdict, number) in Verdict::ALL.into_iter().zip(1..) {
            assert_eq!(verdict.number(), number);
            assert_eq!(Verdict::from_name(verdict.name()), Some(verdict));
            assert_eq!(verdict.advice().contains("Do not ask the person"), verdict == Verdict::Pending);
        }
        assert_eq!(Verdict::from_name("VERIFIED"), None);
    }
}
