//! A flow of the core behind its handle: its steps, events and result.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use nexus_http::{Journal, Progress, Scope, run_journal_step};
use nexus_types::decide::budget::Budget;
use nexus_types::flow::{Event, Flow, Moment, Step};
use nexus_types::{
    BoundaryProblem, Created, Error, Microdeposit, MicrodepositGuid, Operation, Outcome, SessionToken, TransportCause,
    TransportProblem,
};

use crate::panic::unknown;
use crate::record::nexus_microdeposit;
use crate::sheet::Sheet;
use crate::table::Reserved;
use crate::text::Text;
use crate::wait::Show;

/// The result of a flow.
pub(crate) enum Fruit {
    Outcome(Outcome),
    Created(Created),
    Record(Microdeposit),
    List(Vec<Microdeposit>),
    Text(Text),
}

macro_rules! fruits {
    ($($from:ty => $variant:ident, $how:expr;)*) => {
        $(impl From<$from> for Fruit {
            fn from(output: $from) -> Fruit {
                Fruit::$variant($how(output))
            }
        })*
    };
}
fruits! {
    Outcome => Outcome, |output| output;
    Created => Created, |output| output;
    Microdeposit => Record, |output| output;
    Vec<Microdeposit> => List, |output| output;
    SessionToken => Text, |token: SessionToken| Text::new(token.expose());
}

/// Any flow of the core.
pub(crate) trait Machine: Send {
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Result<Fruit, Error>>;
    fn handle(&mut self, at: Moment, event: Event);
    /// The progress, for flows that have one.
    fn progress(&mut self) -> Option<Progress>;
}

/// A flow and its progress.
pub(crate) struct Telling<F>(pub(crate) F, pub(crate) fn(&mut F) -> Option<Progress>);

impl<T: Into<Fruit>, F: Flow<Output = Result<T, Error>> + Send> Machine for Telling<F> {
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Result<Fruit, Error>> {
        match self.0.next(at, chance, budget) {
            Step::Send(send) => Step::Send(send),
            Step::SendOnce(permit) => Step::SendOnce(permit),
            Step::Sleep(sleep) => Step::Sleep(sleep),
            Step::Renew(deadline) => Step::Renew(deadline),
            Step::Journal(step) => Step::Journal(step),
            Step::Done(output) => Step::Done(output.map(Into::into)),
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        self.0.handle(at, event);
    }

    fn progress(&mut self) -> Option<Progress> {
        (self.1)(&mut self.0)
    }
}

/// What a [`nexus_flow`](crate::flow::nexus_flow) leads to.
pub(crate) struct Carried {
    pub(crate) machine: Box<dyn Machine>,
    pub(crate) operation: Operation,
    pub(crate) guid: Option<MicrodepositGuid>,
    pub(crate) budget: Arc<Mutex<Budget>>,
    /// The journal, for whom it is asked, and how long one step of it may take.
    pub(crate) journal: Option<(Arc<dyn Journal>, Scope, Duration)>,
    pub(crate) show: Option<Show>,
    /// The reserved place for the record that the flow may end with.
    pub(crate) place: Option<Reserved<nexus_microdeposit>>,
    pub(crate) clock: Clock,
    /// Whether something may have been sent: a request to be sent once was handed out, by this flow or by an earlier one
    /// with this key.
    pub(crate) at_stake: bool,
    pub(crate) progress: Standing,
}

/// The state of a flow.
pub(crate) enum Standing {
    UnderWay,
    /// The flow has panicked, or is running and may panic.
    Broken,
    Over(Option<Box<Result<Fruit, Error>>>),
}

/// The caller's clock, which may begin at any value.
#[derive(Default)]
pub(crate) struct Clock {
    origin: Option<Duration>,
    last: Duration,
}

impl Clock {
    /// The present time for the flow. A clock that goes back counts as stopped.
    pub(crate) fn moment(&mut self, elapsed_ms: u64, unix: i64) -> Moment {
        let given = Duration::from_millis(elapsed_ms);
        let origin = *self.origin.get_or_insert(given);
        self.last = self.last.max(given.saturating_sub(origin));
        Moment { elapsed: self.last, unix }
    }

    /// A time of the flow on the caller's clock, in milliseconds.
    pub(crate) fn millis(&self, time: Duration, round: fn(Duration) -> u128) -> u64 {
        u64::try_from(round(time.saturating_add(self.origin.unwrap_or_default()))).unwrap_or(u64::MAX)
    }
}

/// What is to be done, but for the journal, which is asked here; none at the end.
pub(crate) type NextStep = Option<Step<()>>;

impl Carried {
    /// Whether it is over, or cannot go on.
    pub(crate) fn is_over(&self) -> bool {
        !matches!(self.progress, Standing::UnderWay)
    }

    pub(crate) fn next(&mut self, elapsed_ms: u64, unix: i64, chance: f64) -> NextStep {
        let mut at = self.clock.moment(elapsed_ms, unix);
        while !self.is_over() {
            let step = self.guarded(|own| {
                let mut budget = own.budget.lock().unwrap_or_else(PoisonError::into_inner);
                own.machine.next(at, chance, &mut budget)
            });
            let goes_on = match (&self.show, self.machine.progress()) {
                (Some(show), Some(progress)) => show.show(&progress),
                _ => true,
            };
            if !goes_on && !matches!(step, Step::Done(_)) {
                self.guarded(|own| own.machine.handle(at, Event::Cancelled));
                continue;
            }
            match step {
                Step::Send(send) => return Some(Step::Send(send)),
                Step::SendOnce(permit) => {
                    self.at_stake = true;
                    return Some(Step::SendOnce(permit));
                }
                Step::Sleep(sleep) => return Some(Step::Sleep(sleep)),
                Step::Renew(deadline) => return Some(Step::Renew(deadline)),
                Step::Done(output) => self.progress = Standing::Over(Some(Box::new(output))),
                Step::Journal(step) => {
                    let began = Instant::now();
                    let event = match &self.journal {
                        Some((journal, scope, time)) => run_journal_step(&**journal, step, scope, began + *time),
                        None => Event::JournalFailed,
                    };
                    // What the journal takes is the flow's time, though the caller's clock was not looked at.
                    let took = began.elapsed();
                    let seconds = i64::try_from(took.as_secs()).unwrap_or(i64::MAX);
                    at = Moment { elapsed: at.elapsed + took, unix: at.unix.saturating_add(seconds) };
                    self.clock.last = at.elapsed;
                    self.guarded(|own| own.machine.handle(at, event));
                }
            }
        }
        None
    }

    pub(crate) fn handle(&mut self, elapsed_ms: u64, unix: i64, event: Event) {
        let at = self.clock.moment(elapsed_ms, unix);
        if !self.is_over() {
            self.guarded(|own| own.machine.handle(at, event));
        }
    }

    /// Ends a flow that has panicked: its state can no longer be trusted.
    fn guarded<T>(&mut self, step: impl FnOnce(&mut Carried) -> T) -> T {
        self.progress = Standing::Broken;
        let done = step(self);
        self.progress = Standing::UnderWay;
        done
    }

    /// The result of the flow. A failure can be taken any number of times.
    pub(crate) fn take(&mut self, fits: impl FnOnce(&Fruit) -> bool) -> Result<Fruit, Error> {
        let (operation, guid) = (self.operation, self.guid.as_ref());
        match &mut self.progress {
            Standing::UnderWay if self.at_stake => {
                let error = Error::transport(TransportProblem::Cancelled, operation).with_guid(guid.cloned());
                Err(error.with_outcome_unknown(true))
            }
            Standing::Broken if self.at_stake => Err(unknown(operation, guid, TransportCause::Internal)),
            Standing::UnderWay => Err(Error::input("flow", "must be done before anything can be taken from it")),
            Standing::Broken => Err(Error::boundary(BoundaryProblem::Panic, "nexus_flow")),
            Standing::Over(output) => match output.as_deref() {
                Some(Err(error)) => Err(error.clone()),
                Some(Ok(fruit)) if !fits(fruit) => Err(Error::input("flow", "must be one that ends with this")),
                _ => match output.take() {
                    Some(output) => *output,
                    None => Err(Error::input("flow", "must not be asked again: it was taken")),
                },
            },
        }
    }
}

/// A flow, and the texts of its last step.
pub(crate) struct Driven {
    pub(crate) carried: Carried,
    pub(crate) sheet: Option<Sheet>,
}

#[cfg(test)]
#[path = "carried_tests.rs"]
mod tests;
