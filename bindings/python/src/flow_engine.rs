//! The inside of every Python flow: a flow of the core, the events that it has not yet handled, and its journal.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nexus_http::{FileJournal, run_journal_step};
use nexus_types::decide::budget::Budget;
use nexus_types::flow::{Event, Flow, Moment, Progress, Step, WaitFlow};
use nexus_types::{Error, Operation, TransportCause, TransportProblem};
use pyo3::prelude::*;

use crate::errors::checked;
use crate::flow_settings::Shared;
use crate::flow_steps::{Output, Taken};

type Ended = Result<Output, Error>;

/// A flow of any kind.
pub(crate) trait Running: Send {
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Ended>;
    fn handle(&mut self, at: Moment, event: Event);
    fn state(&self) -> &'static str;
    fn requests_sent(&self) -> u32;
    fn progress(&mut self) -> Option<Progress>;
}

/// A flow, what its output is for Python, and where it stands if it is a wait.
struct Of<F, O>(F, fn(O) -> Output, fn(&mut F) -> Option<Progress>);

impl<F: Flow<Output = Result<O, Error>> + Send, O> Running for Of<F, O> {
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Ended> {
        match self.0.next(at, chance, budget) {
            Step::Done(output) => Step::Done(output.map(self.1)),
            Step::Send(send) => Step::Send(send),
            Step::SendOnce(permit) => Step::SendOnce(permit),
            Step::Sleep(sleep) => Step::Sleep(sleep),
            Step::Renew(deadline) => Step::Renew(deadline),
            Step::Journal(step) => Step::Journal(step),
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        self.0.handle(at, event);
    }

    fn state(&self) -> &'static str {
        self.0.state()
    }

    fn requests_sent(&self) -> u32 {
        self.0.requests_sent()
    }

    fn progress(&mut self) -> Option<Progress> {
        (self.2)(&mut self.0)
    }
}

pub(crate) fn of<F, O>(flow: F, output: fn(O) -> Output) -> Box<dyn Running>
where
    F: Flow<Output = Result<O, Error>> + Send + 'static,
    O: 'static,
{
    Box::new(Of(flow, output, |_| None))
}

pub(crate) fn of_wait(flow: WaitFlow) -> Box<dyn Running> {
    Box::new(Of(flow, |record| Output::Record(Box::new(record)), WaitFlow::progress))
}

type Begin = Box<dyn FnOnce(Moment) -> Result<Box<dyn Running>, Error> + Send>;

enum Phase {
    /// Begins with the first question, so that its time runs from there.
    Before(Option<Begin>),
    Running(Box<dyn Running>),
    Over(Ended),
}

pub(crate) struct Engine {
    inner: Mutex<Inner>,
    shared: Arc<Shared>,
    journal: Option<Arc<FileJournal>>,
    operation: Operation,
}

struct Inner {
    phase: Phase,
    /// What came since the last question; the flow hears it with the next one's moment.
    events: Vec<Event>,
    progress: Option<Progress>,
    requests_sent: u32,
    /// Whether something was handed out that must not be repeated.
    once: bool,
}

impl Engine {
    pub(crate) fn new(
        shared: Arc<Shared>,
        journal: Option<Arc<FileJournal>>,
        operation: Operation,
        begin: impl FnOnce(Moment) -> Result<Box<dyn Running>, Error> + Send + 'static,
    ) -> Engine {
        let phase = Phase::Before(Some(Box::new(begin)));
        let inner = Inner { phase, events: Vec::new(), progress: None, requests_sent: 0, once: false };
        Engine { inner: Mutex::new(inner), shared, journal, operation }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn tell(&self, event: Event) {
        self.inner().events.push(event);
    }

    pub(crate) fn progress(&self) -> Option<Progress> {
        self.inner().progress.take()
    }

    pub(crate) fn state(&self) -> &'static str {
        match &self.inner().phase {
            Phase::Before(_) => "before",
            Phase::Running(flow) => flow.state(),
            Phase::Over(_) => "done",
        }
    }

    pub(crate) fn requests_sent(&self) -> u32 {
        self.inner().requests_sent
    }

    /// The next step.
    pub(crate) fn next(&self, py: Python<'_>, elapsed: f64, unix: i64, chance: f64) -> PyResult<Py<PyAny>> {
        let time = Duration::try_from_secs_f64(elapsed);
        let rule = |field, rule| move || Error::input(field, rule);
        let elapsed = checked(py, time.map_err(|_| rule("elapsed", "must be seconds, not below zero")()))?;
        let even = Some(chance).filter(|chance| (0.0..1.0).contains(chance));
        let chance = checked(py, even.ok_or_else(rule("chance", "must be from 0 to below 1")))?;
        let taken = py.detach(|| {
            let mut inner = self.inner();
            let step = catch_unwind(AssertUnwindSafe(|| self.take(&mut inner, Moment { elapsed, unix }, chance)));
            step.unwrap_or_else(|_| {
                // A defect in there must not take with it that something may have been sent.
                let error = Error::transport(TransportProblem::Io, self.operation).with_outcome_unknown(inner.once);
                let sent = inner.requests_sent;
                inner.over(Err(error.with_cause(Some(TransportCause::Internal)).with_attempts(sent)))
            })
        });
        taken.into_python(py)
    }

    fn take(&self, inner: &mut Inner, mut at: Moment, chance: f64) -> Taken {
        loop {
            let flow = match &mut inner.phase {
                Phase::Over(ended) => return Taken::Done(ended.clone()),
                Phase::Running(flow) => flow,
                Phase::Before(begin) => {
                    inner.phase = match begin.take().map(|begin| begin(at)) {
                        Some(Ok(flow)) => Phase::Running(flow),
                        Some(Err(error)) => Phase::Over(Err(error)),
                        None => Phase::Over(Err(Error::transport(TransportProblem::Io, self.operation))),
                    };
                    continue;
                }
            };
            for event in inner.events.drain(..) {
                flow.handle(at, event);
            }
            let step = {
                let mut budget = self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner);
                flow.next(at, chance, &mut budget)
            };
            inner.requests_sent = flow.requests_sent();
            inner.progress = flow.progress().or(inner.progress.take());
            match step {
                Step::Send(send) => return Taken::Send(send),
                Step::SendOnce(permit) => {
                    // An unused session does no harm.
                    inner.once |= !matches!(self.operation, Operation::OpenSession);
                    return Taken::SendOnce(permit, self.operation.name());
                }
                Step::Sleep(sleep) => return Taken::Sleep(sleep),
                Step::Renew(deadline) => return Taken::Renew(deadline),
                Step::Done(ended) => return inner.over(ended),
                Step::Journal(step) => {
                    let (began, wall) = (Instant::now(), seconds());
                    let deadline = began.checked_add(self.shared.flow.call).unwrap_or(began);
                    let event = match (&self.journal, &self.shared.scope) {
                        (Some(journal), Some(scope)) => run_journal_step(&**journal, step, scope, deadline),
                        _ => Event::JournalFailed,
                    };
                    // What a disk or a lock took is time that has passed.
                    at.elapsed = at.elapsed.saturating_add(began.elapsed());
                    at.unix = at.unix.saturating_add(seconds().saturating_sub(wall).max(0));
                    flow.handle(at, event);
                }
            }
        }
    }
}

impl Inner {
    fn over(&mut self, ended: Ended) -> Taken {
        self.phase = Phase::Over(ended.clone());
        Taken::Done(ended)
    }
}

fn seconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}
