//! [`Assumptions`]: what this library takes for true about MX's server although MX has not documented it.
//!
//! It is the client's twin of the sandbox's `Policy`. Every field is **assumed**; the defaults are on the careful side, and
//! each can be switched. A result or error that rests on one says which: [`Outcome::assumed`](crate::flow::Outcome::assumed),
//! [`Error::assumption`](crate::Error::assumption).

use std::fmt;
use std::time::Duration;

/// The HTTP statuses that can be taken for refusals given before anything was done. 401 is not among them: it proves that the
/// session was not accepted, whatever is assumed.
pub const REFUSALS: [u16; 7] = [400, 403, 404, 413, 415, 422, 429];

/// What is taken for true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assumptions {
    /// One switch for each of [`REFUSALS`], in their order; see [`refuses`](Assumptions::refuses).
    refusals: [bool; REFUSALS.len()],
    /// A second wrong submission moves `updated_at`, and nothing else does. It is taken only where two reads before the
    /// submission have shown that reading does not move it. On by default: otherwise every second wrong submission waits for
    /// `judged_within`.
    pub updated_at_shows_denial: bool,
    /// How long after a submission was taken the server has judged it at the latest: 18 seconds, the time for which MX's own
    /// widget looks for the outcome (domain.md 3.3). A microdeposit that is DENIED then is DENIED by this submission.
    /// `None`: no time is long enough.
    pub judged_within: Option<Duration>,
    /// A list without a sign of more shows every microdeposit that there is, new ones at once, and nobody else makes the same
    /// microdeposit at the same time: the one new record that fits is this create's. Off: a record found in a list is only
    /// ever a candidate, and a create under a key is never sent a second time.
    pub lists_show_all: bool,
    /// How long after its sender gave up a server may still act on a request: 2 minutes. After that, a create under a key is
    /// sent anew if no list shows its record. `None`: it is never sent anew.
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

    /// Whether a response of this HTTP status is taken for a proof that the request was not carried out. Always true for
    /// 401, always false for what is not in [`REFUSALS`]: 406, 408 and 409, every 5xx, and whatever a gateway could say after
    /// the server has acted.
    pub fn refuses(&self, status: u16) -> bool {
        status == 401 || REFUSALS.iter().zip(self.refusals).any(|(own, on)| *own == status && on)
    }

    /// The same with one switch set; what is not in [`REFUSALS`] has none and changes nothing.
    #[must_use]
    pub fn with_refusal(mut self, status: u16, on: bool) -> Assumptions {
        for (own, switch) in REFUSALS.iter().zip(&mut self.refusals) {
            if *own == status {
                *switch = on;
            }
        }
        self
    }

    /// Which assumption makes this HTTP status a refusal; none for 401, which needs none, and for what is no refusal.
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
