//! [`Assumptions`]: undocumented behaviour of MX's server that this library relies on.
//!
//! It is the client's counterpart of the sandbox's `Policy`. Every field is **assumed**, has a cautious default and can be
//! changed. A result or error that rests on an assumption names it: [`Outcome::assumed`](crate::flow::Outcome::assumed),
//! [`Error::assumption`](crate::Error::assumption).

use std::fmt;
use std::time::Duration;

/// The HTTP statuses that can be assumed to mean that the server refused before it acted. 401 is not among them: it proves
/// a refusal without any assumption.
pub const REFUSALS: [u16; 7] = [400, 403, 404, 413, 415, 422, 429];

/// What is assumed about the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumptions {
    /// One switch for each of [`REFUSALS`], in their order; see [`refuses`](Assumptions::refuses).
    refusals: [bool; REFUSALS.len()],
    /// A second wrong submission moves `updated_at`, and nothing else does. It is used only if two reads before the
    /// submission have shown that reading does not move it. On by default: otherwise every second wrong submission waits
    /// for `judged_within`.
    pub updated_at_shows_denial: bool,
    /// The longest time between accepting and judging a submission: 18 seconds, the time for which MX's own widget looks
    /// for the outcome (domain.md 3.3). A microdeposit that is DENIED after it was DENIED by this submission. `None`: no
    /// limit is assumed.
    pub judged_within: Option<Duration>,
    /// A list without a sign of further pages shows every microdeposit, new ones at once, and no other client creates the
    /// same microdeposit at the same time. So the one new record that fits is this create's. Off: a record found in a list
    /// is only a candidate, and a create with a key is never sent again.
    pub lists_show_all: bool,
    /// How long after its sender gave up a server may still act on a request: 2 minutes. After that, a create with a key is
    /// sent again if no list shows its record. `None`: it is never sent again.
    pub server_grace: Option<Duration>,
}

impl Default for Assumptions {
    fn default() -> Assumptions {
        Assumptions {
            refusals: [true; REFUSALS.len()],
            updated_at_shows_denial: true,
            judged_within: Some(Duration::from_secs(18)),
            lists_show_all: true,
            server_grace: Some(Duration::from_secs(120)),
        }
    }
}

impl Assumptions {
    /// Assumes as little as possible: every switch off.
    pub const NONE: Assumptions = Assumptions {
        refusals: [false; REFUSALS.len()],
        updated_at_shows_denial: false,
        judged_within: None,
        lists_show_all: false,
        server_grace: None,
    };

    /// Whether a response of this HTTP status proves that the request was not carried out. Always true for 401. Always
    /// false for a status that is not in [`REFUSALS`]: 406, 408, 409, every 5xx, and every status that a gateway could send
    /// after the server has acted.
    pub fn refuses(&self, status: u16) -> bool {
        status == 401 || REFUSALS.iter().zip(self.refusals).any(|(own, on)| *own == status && on)
    }

    /// The same assumptions with one switch set. A status that is not in [`REFUSALS`] changes nothing.
    #[must_use]
    pub fn with_refusal(mut self, status: u16, on: bool) -> Assumptions {
        for (own, switch) in REFUSALS.iter().zip(&mut self.refusals) {
            if *own == status {
                *switch = on;
            }
        }
        self
    }

    /// The assumption by which this HTTP status is a refusal. None for 401, which needs none, and for a status that is no
    /// refusal.
    pub(crate) fn behind(&self, status: u16) -> Option<Assumption> {
        (status != 401 && self.refuses(status)).then_some(Assumption::RefusedBeforeActing)
    }
}

macro_rules! assumptions {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal, $text:literal;)*) => {
        /// One assumption that a result rests on, numbered for C and Python. Numbers are never reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Assumption { $($(#[$doc])* $variant = $number,)* }

        impl Assumption {
            /// Every assumption, in order of number.
            pub const ALL: &'static [Assumption] = &[$(Assumption::$variant,)*];

            /// The stable name, in lower case.
            pub fn name(self) -> &'static str {
                match self { $(Assumption::$variant => $name,)* }
            }

            /// What is assumed, in one sentence.
            pub fn text(self) -> &'static str {
                match self { $(Assumption::$variant => $text,)* }
            }
        }
    };
}

assumptions! {
    /// See [`Assumptions::refuses`].
    RefusedBeforeActing = 1, "refused_before_acting", "A refusal of this HTTP status is given before anything is done.";
    /// See [`Assumptions::updated_at_shows_denial`].
    UpdatedAtShowsDenial = 2, "updated_at_shows_denial", "A wrong submission moves updated_at, and nothing else does.";
    /// See [`Assumptions::judged_within`].
    JudgedWithin = 3, "judged_within", "A submission that was taken is judged within this time.";
    /// See [`Assumptions::lists_show_all`].
    ListsShowAll = 4, "lists_show_all", "A list without a sign of more shows every microdeposit, new ones at once.";
    /// See [`Assumptions::server_grace`].
    ServerGrace = 5, "server_grace", "A server does not act on a request later than this after its sender gave up.";
}

impl Assumption {
    /// The stable number.
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_switch_each() {
        for status in 100..1000 {
            let listed = REFUSALS.contains(&status);
            assert_eq!(Assumptions::default().refuses(status), listed || status == 401, "{status}");
            assert_eq!(Assumptions::NONE.refuses(status), status == 401, "{status}");
            let without = Assumptions::default().with_refusal(status, false);
            assert_eq!(without.refuses(status), status == 401, "{status}");
            assert_eq!(
                REFUSALS.iter().filter(|one| without.refuses(**one)).count(),
                REFUSALS.len() - usize::from(listed)
            );
        }
    }

    #[test]
    fn numbers_go_up() {
        let numbers: Vec<u8> = Assumption::ALL.iter().map(|one| one.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
    }
}
