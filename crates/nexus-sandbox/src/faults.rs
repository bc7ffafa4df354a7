//! Faults: failures injected on purpose, which requests they apply to, and their effects. Their chance comes from the seed.

use std::time::Duration;

use nexus_types::Operation;

use crate::numbers::Numbers;
use crate::rng::{Chance, Purpose};

/// One failure to inject.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Which operation it meets; `None`: all of the API. Create and pre-initiate are one path, and so one here.
    pub operation: Option<Operation>,
    /// Which of their requests.
    pub when: When,
    /// After so many it is over; `None`: never.
    pub times: Option<u32>,
    /// What happens.
    pub effect: Effect,
}

/// Which of the requests that fit a [`Fault`] it meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// All of them.
    Every,
    /// The n-th from now on, from 1, and no other.
    Nth(u32),
    /// Each with this chance.
    Probability(Probability),
}

/// A chance from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Probability(f64);

// Never a value that is not a number.
impl Eq for Probability {}

impl Probability {
    /// This chance; none where it is not from 0 to 1.
    pub fn new(chance: f64) -> Option<Probability> {
        (0.0..=1.0).contains(&chance).then_some(Probability(chance))
    }

    /// The chance.
    pub fn get(self) -> f64 {
        self.0
    }
}

/// What becomes of a request, or of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// It is carried out at once; the response comes so much later.
    Delay(Duration),
    /// The connection is reset before anything was done.
    ResetBefore,
    /// It is carried out; then the connection is reset without a response.
    ResetAfter,
    /// It is carried out; the connection is reset after so many bytes of the response's body.
    Cut(usize),
    /// The response has this HTTP status, and a `Retry-After` if given; carried out before, or not.
    Status {
        /// The HTTP status.
        status: u16,
        /// The header, as it is to be sent.
        retry_after: Option<Box<str>>,
        /// Whether it is carried out all the same.
        acting: bool,
    },
    /// It is carried out; half of the response's body comes, and nothing says that it is half.
    Truncated,
    /// It is carried out; the response's body is no JSON.
    Garbage,
    /// It is carried out; the response says that it is HTML.
    ContentType,
    /// It is carried out; the response's body comes byte by byte, with this pause between two.
    Slow(Duration),
    /// Not carried out; a 307 to this address.
    Redirect(Box<str>),
    /// All sessions end before it is looked at.
    ExpireSessions,
    /// Not carried out; a 401 without a body.
    Empty401,
    /// The response comes now, with this HTTP status (a body of its own for an error, none for another), or the connection is
    /// reset now. The request is carried out so much later, for the user of its session, if the clock gets there.
    Later {
        /// How much later.
        delay: Duration,
        /// The HTTP status; `None`: the connection is reset.
        status: Option<u16>,
    },
    /// The response is an HTML page with this HTTP status; carried out before, or not.
    Html {
        /// The HTTP status.
        status: u16,
        /// Whether it is carried out all the same.
        acting: bool,
    },
    /// It is carried out; the response shows the record as it was shown before, for a create the user's newest earlier record.
    /// Where there is none, the response is as it should be.
    Stale,
    /// It is carried out; the record in the response is another one: another user's newest, else the user's own newest other,
    /// else a made-up one, VERIFIED in 2021.
    AnotherRecord,
    /// It is carried out twice, as if a gateway had sent it twice.
    Duplicate {
        /// Which of the two responses the caller gets.
        response: Which,
    },
    /// All sessions end and the connection is reset, before anything was done.
    Restart,
    /// It is carried out; each record in the response contradicts itself in its status.
    Contradictory(Contradiction),
}

/// One of the two responses to a request that reached the server twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// To the first.
    First,
    /// To the second.
    Second,
}

/// How a record contradicts itself in its status. The other status is VERIFIED, or DENIED where it is VERIFIED.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Contradiction {
    /// The number is the true one, the name another's.
    Name,
    /// The key `status` is given twice: the true number, then another.
    Duplicate,
    /// The number is `true`.
    Boolean,
}

impl Fault {
    /// This effect on the n-th request of this operation, counted from 1 from now on.
    pub fn nth(operation: Operation, n: u32, effect: Effect) -> Fault {
        Fault { operation: Some(operation), when: When::Nth(n), times: None, effect }
    }

    /// This effect on the n-th request of the API, whatever it is.
    pub fn nth_of_all(n: u32, effect: Effect) -> Fault {
        Fault { when: When::Nth(n), ..Fault::always(effect) }
    }

    /// This effect on every request of the API.
    pub fn always(effect: Effect) -> Fault {
        Fault { operation: None, when: When::Every, times: None, effect }
    }

    /// This effect on each request of the API with so many chances in a thousand.
    pub fn per_thousand(chances: u16, effect: Effect) -> Fault {
        let chance = Probability::new(f64::from(chances.min(1000)) / 1000.0);
        Fault { when: chance.map_or(When::Every, When::Probability), ..Fault::always(effect) }
    }
}

/// How a response is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delivery {
    /// As it should be.
    #[default]
    Whole,
    /// Later.
    Late(Duration),
    /// Not at all: the connection is reset.
    Reset,
    /// The connection is reset after so many bytes of the body.
    Cut(usize),
    /// Byte by byte, with this pause.
    Slow(Duration),
}

/// A fault and what it has done so far.
#[derive(Clone)]
pub(crate) struct Armed {
    pub(crate) id: u32,
    pub(crate) fault: Fault,
    /// What its maker wrote beside it: JSON, as it came.
    pub(crate) comment: Option<Box<str>>,
    pub(crate) seen: u32,
    pub(crate) hits: u32,
}

#[derive(Default)]
pub(crate) struct Faults {
    pub(crate) numbers: Numbers,
    armed: Vec<Armed>,
    issued: u64,
    drawn: u64,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault, comment: Option<Box<str>>) -> u32 {
        self.issued = self.issued.saturating_add(1);
        let id = u32::try_from(self.numbers.shown(self.issued)).unwrap_or(u32::MAX);
        self.armed.push(Armed { id, fault, comment, seen: 0, hits: 0 });
        id
    }

    /// None, and their ids begin above all that this one has given.
    pub(crate) fn anew(&self) -> Faults {
        Faults { numbers: self.numbers.anew(self.issued), ..Faults::default() }
    }

    /// With these, after so many were issued and so many chances drawn.
    pub(crate) fn restored(numbers: Numbers, armed: Vec<Armed>, issued: u64, drawn: u64) -> Faults {
        Faults { numbers, armed, issued, drawn }
    }

    /// How many were issued, and how many chances were drawn.
    pub(crate) fn counts(&self) -> (u64, u64) {
        (self.issued, self.drawn)
    }

    pub(crate) fn remove(&mut self, id: u32) -> bool {
        let before = self.armed.len();
        self.armed.retain(|armed| armed.id != id);
        self.armed.len() < before
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn all(&self) -> &[Armed] {
        &self.armed
    }

    /// What meets this request: the first that does. Every fault that fits it counts it.
    pub(crate) fn meet(&mut self, operation: Operation, chance: &Chance) -> Option<(u32, Effect)> {
        let mut met = None;
        for armed in &mut self.armed {
            let fault = &armed.fault;
            if !fault.operation.is_none_or(|wanted| same(wanted, operation)) {
                continue;
            }
            armed.seen = armed.seen.saturating_add(1);
            if met.is_some() || fault.times.is_some_and(|times| armed.hits >= times) {
                continue;
            }
            let hit = match fault.when {
                When::Every => true,
                When::Nth(n) => armed.seen == n,
                When::Probability(Probability(probability)) => {
                    self.drawn += 1;
                    chance.stream(Purpose::Fault, self.drawn).f64() < probability
                }
            };
            if hit {
                armed.hits += 1;
                met = Some((armed.id, fault.effect.clone()));
            }
        }
        met
    }
}

fn same(one: Operation, other: Operation) -> bool {
    let path = |operation| if operation == Operation::Preinitiate { Operation::Create } else { operation };
    path(one) == path(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Identity;

    fn hits(fault: Fault, requests: &[Operation]) -> Vec<usize> {
        let (mut faults, chance) = (Faults::default(), Chance::new(1, Identity::default()));
        faults.add(fault, None);
        let met = |operation: &Operation| faults.meet(*operation, &chance).is_some();
        requests.iter().map(met).enumerate().filter(|(_, met)| *met).map(|(index, _)| index).collect()
    }

    #[test]
    fn the_nth_of_an_operation() {
        use Operation::{Create, List, Preinitiate, Read};
        let requests = [Read, Create, Read, Preinitiate, List];
        assert_eq!(hits(Fault::nth(Read, 2, Effect::ResetBefore), &requests), [2]);
        assert_eq!(hits(Fault::nth(Create, 2, Effect::ResetBefore), &requests), [3]);
        assert_eq!(hits(Fault::nth_of_all(5, Effect::ResetBefore), &requests), [4]);
        let twice = Fault { operation: None, when: When::Every, times: Some(2), effect: Effect::Garbage };
        assert_eq!(hits(twice, &requests), [0, 1]);
    }

    #[test]
    fn chances_in_a_thousand() {
        let requests = [Operation::Read; 2000];
        let of = |chances| hits(Fault::per_thousand(chances, Effect::Garbage), &requests).len();
        assert_eq!((of(0), of(1000)), (0, 2000));
        assert!((150..=250).contains(&of(100)), "{}", of(100));
    }

    #[test]
    fn the_first_that_fits_wins_and_all_count() {
        let (mut faults, chance) = (Faults::default(), Chance::new(1, Identity::default()));
        let first = faults.add(Fault::nth(Operation::Read, 1, Effect::Garbage), None);
        let second = faults.add(Fault::nth_of_all(2, Effect::Empty401), None);
        assert_eq!(faults.meet(Operation::Read, &chance), Some((first, Effect::Garbage)));
        assert_eq!(faults.meet(Operation::Read, &chance), Some((second, Effect::Empty401)));
        assert!(faults.remove(first) && !faults.remove(first));
        assert_eq!(faults.all().len(), 1);
    }
}
