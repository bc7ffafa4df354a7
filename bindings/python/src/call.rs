//! Runs a call without the interpreter's lock, so that Ctrl-C ends it and the calling thread emits its log lines.
//!
//! Python runs signal handlers in its main thread only, and only when that thread holds the interpreter's lock. So a call of the
//! main thread that changes nothing looks for signals while it waits. One that changes something is made by a thread of ours while
//! the main thread looks for signals, for such a call also waits where it cannot look, as for a journal's lock. A signal whose
//! handler raises nothing disturbs nothing, and nothing is sent again for it.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use nexus_http::{Canceller, Client, while_waiting};
use nexus_types::{Error, Operation};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::ending::{Section, is_main_thread};
use crate::errors::{checked, interrupted, silent};
use crate::locks::locked;
use crate::logging::{Kept, Log};
use crate::panic::{guarded, sure};
use crate::running::{Running, SOON, Word};
use crate::workers;

/// A core client, and how Python's threads use it.
pub(crate) struct Caller {
    /// None once closed.
    client: Mutex<Option<Client>>,
    /// For calls of the main thread: connections that a signal can close.
    main: Mutex<Option<(Client, Canceller)>>,
    /// What ends each wait that is under way.
    waits: Mutex<Vec<(u64, Canceller)>>,
    /// The canceller of this client, if its caller has one. Then this client does not check for signals.
    pub(crate) own: Option<Canceller>,
    log: Arc<Log>,
    process: u32,
}

/// Sends a message of a worker thread before its result; false if no receiver is left.
pub(crate) type Tell<'a, M> = dyn Fn(M) -> bool + 'a;

impl Caller {
    pub(crate) fn new(client: Client, log: Arc<Log>, own: Option<Canceller>) -> Caller {
        let (client, main, process) = (Mutex::new(Some(client)), Mutex::new(None), std::process::id());
        Caller { client, main, waits: Mutex::default(), own, log, process }
    }

    /// Ends the waits that are under way, and takes no more calls.
    pub(crate) fn close(&self) {
        let gone = (locked(&self.client).take(), locked(&self.main).take());
        self.cancel();
        drop(gone);
    }

    /// Ends the waits that are under way.
    pub(crate) fn cancel(&self) {
        for (_, canceller) in locked(&self.waits).drain(..) {
            canceller.cancel();
        }
    }

    /// The same session with connections of its own, and what cancels its calls.
    pub(crate) fn split(&self) -> PyResult<(Caller, Canceller)> {
        let (client, canceller) = self.client()?.cancellable();
        Ok((Caller::new(client, Arc::clone(&self.log), Some(canceller.clone())), canceller))
    }

    pub(crate) fn client(&self) -> PyResult<Client> {
        if self.process != std::process::id() {
            return Err(PyRuntimeError::new_err(
                "this client was made before a fork, and its connections belong to the other process: make a client in each",
            ));
        }
        let client = locked(&self.client).clone();
        client.ok_or_else(|| PyRuntimeError::new_err("this client is closed"))
    }

    /// A call that changes nothing on the server.
    pub(crate) fn call<T: Send + 'static>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
    ) -> PyResult<T> {
        if self.quiet(py)? {
            let client = within(py, self.client()?, timeout)?;
            let outcome = self.here(py, &Kept::default(), || guarded(place, || work(&client)));
            return returned(py, outcome);
        }
        // Where sockets lose nothing when they are interrupted.
        if cfg!(unix) && self.own.is_none() && !self.log.hears_all() {
            return self.watching(py, timeout, place, work);
        }
        let running = self.start(py, timeout, move |client, _| guarded(place, || work(client)))?;
        match running.next(py).and_then(|outcome| py.check_signals().map(|()| outcome)) {
            Ok(outcome) => returned(py, outcome),
            Err(signal) => {
                self.interrupt(py, &running);
                Err(signal)
            }
        }
    }

    /// A call that changes something. `finish` makes of what came what the caller gets; where a signal ends the call, that is
    /// in the cause of what the signal's handler raised.
    pub(crate) fn change<'py, T: Send + 'static, R>(
        &self,
        py: Python<'py>,
        timeout: Option<Duration>,
        operation: Operation,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
        finish: impl Fn(Python<'py>, T) -> PyResult<Bound<'py, R>>,
    ) -> PyResult<Py<R>> {
        if self.quiet(py)? {
            let client = within(py, self.client()?, timeout)?;
            let outcome = self.here(py, &Kept::default(), || sure(operation, || work(&client)));
            return finish(py, returned(py, outcome)?).map(Bound::unbind);
        }
        let running = self.start(py, timeout, move |client, _| sure(operation, || work(client)))?;
        let finish = |outcome| returned(py, outcome).and_then(|value| finish(py, value));
        let (signal, came) = match running.next(py) {
            Ok(outcome) => {
                let came = finish(outcome);
                // A signal since the last look would be raised right behind this call, and what it brought be lost.
                match py.check_signals() {
                    Ok(()) => return came.map(Bound::unbind),
                    Err(signal) => (signal, came),
                }
            }
            Err(signal) => {
                // A response may be on its way at this moment.
                let word = running.soon(py).or_else(|| {
                    self.interrupt(py, &running);
                    running.last(py)
                });
                // It may have been sent by a call that does not say so in time.
                (signal, finish(word.unwrap_or_else(|| Err(silent(operation)))))
            }
        };
        if let Some(cause) = interrupted(py, operation, came.map(Bound::into_any)) {
            signal.set_cause(py, Some(cause));
        }
        Err(signal)
    }

    /// In the calling thread.
    fn here<T: Send>(&self, py: Python<'_>, kept: &Kept, work: impl FnOnce() -> T + Send) -> T {
        let keeps = self.log.hears();
        let outcome = py.detach(|| {
            let _keeping = keeps.then(|| kept.keep());
            work()
        });
        kept.tell(py);
        outcome
    }

    /// In the main thread, which looks for signals while it waits.
    fn watching<T: Send>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let (client, canceller) = self.main()?;
        let client = within(py, client, timeout)?;
        let raised: Signal = Arc::default();
        let (kept, seen, ends) = (Kept::default(), Arc::clone(&raised), canceller);
        let outcome = self
            .here(py, &kept, move || while_waiting(move || look(&seen, &ends), || guarded(place, || work(&client))));
        let signal = locked(&raised).take();
        match signal.map_or_else(|| py.check_signals(), |(signal, _)| Err(signal)) {
            Ok(()) => returned(py, outcome),
            Err(signal) => {
                drop(locked(&self.main).take_if(|(_, canceller)| canceller.is_cancelled()));
                Err(signal)
            }
        }
    }

    /// A wait in the calling thread; None where it has to be made in another.
    pub(crate) fn wait_here<T: Send>(
        &self,
        py: Python<'_>,
        kept: &Kept,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send,
    ) -> PyResult<Option<PyResult<T>>> {
        if self.own.is_none() || !self.quiet(py)? {
            return Ok(None);
        }
        let client = self.client()?;
        let outcome = self.here(py, kept, || guarded("wait", || work(&client)));
        Ok(Some(returned(py, outcome)))
    }

    /// Whether a call may run in the calling thread: it checks for no signals and reports no steps.
    fn quiet(&self, py: Python<'_>) -> PyResult<bool> {
        self.log.look(py);
        Ok(!self.log.hears_all() && (self.own.is_some() || !is_main_thread(py)?))
    }

    /// Starts a call in a thread of ours.
    fn start<M: Send + 'static>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        work: impl FnOnce(&Client, &Tell<'_, M>) -> M + Send + 'static,
    ) -> PyResult<Running<M>> {
        let (client, canceller) = match (&self.own, is_main_thread(py)?) {
            (Some(own), _) => (self.client()?, own.clone()),
            (None, true) => self.main()?,
            // Other threads end by their own deadlines, over the connections of all.
            (None, false) => (self.client()?, Canceller::default()),
        };
        self.carry(py, (within(py, client, timeout)?, canceller), work)
    }

    /// Starts a wait in a thread of ours, over connections of its own.
    pub(crate) fn start_wait<M: Send + 'static>(
        &self,
        py: Python<'_>,
        work: impl FnOnce(&Client, &Tell<'_, M>) -> M + Send + 'static,
    ) -> PyResult<(Running<M>, Waiting<'_>)> {
        static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        self.log.look(py);
        let (client, canceller) = match &self.own {
            Some(own) => (self.client()?, own.clone()),
            None => self.client()?.cancellable(),
        };
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        locked(&self.waits).push((number, canceller.clone()));
        let waiting = Waiting(self, number);
        // It may have been closed in between.
        self.client()?;
        Ok((self.carry(py, (client, canceller), work)?, waiting))
    }

    fn carry<M: Send + 'static>(
        &self,
        py: Python<'_>,
        (client, canceller): (Client, Canceller),
        work: impl FnOnce(&Client, &Tell<'_, M>) -> M + Send + 'static,
    ) -> PyResult<Running<M>> {
        let (tell, messages) = channel();
        let hears = self.log.hears();
        let watches = self.own.is_none() && is_main_thread(py)?;
        let job: workers::Job = Box::new(move |free| {
            let lines = tell.clone();
            let _telling = hears.then(|| Log::to(move |line| drop(lines.send(Word::Log(line)))));
            let last = work(&client, &|word| tell.send(Word::Said(word)).is_ok());
            // Before the caller knows that this call is over.
            drop(client);
            free();
            // Nobody listens any more after an interrupt.
            let _ = tell.send(Word::Said(last));
        });
        py.detach(|| workers::carry(job));
        Ok(Running::new(messages, canceller, watches))
    }

    /// The client whose connections a signal can close.
    fn main(&self) -> PyResult<(Client, Canceller)> {
        let own = self.client()?;
        Ok(locked(&self.main).get_or_insert_with(|| own.cancellable()).clone())
    }

    /// Ends what is under way, because a signal's handler or a callback has raised something.
    pub(crate) fn interrupt<M: Send>(&self, py: Python<'_>, running: &Running<M>) {
        running.cancel(py);
        drop(locked(&self.main).take_if(|(_, canceller)| canceller.is_cancelled()));
    }
}

/// What a signal's handler has raised, and when.
type Signal = Arc<Mutex<Option<(PyErr, Instant)>>>;

/// Runs the handlers of signals that have come. What one raises ends the call, unless its response comes within a moment.
fn look(raised: &Signal, canceller: &Canceller) {
    let since = locked(raised).as_ref().map(|(_, at)| *at);
    match since {
        Some(at) if at.elapsed() >= SOON => canceller.cancel(),
        Some(_) => {}
        // Not under the lock: a handler may run anything.
        None => {
            if let Err(signal) = Python::attach(|py| py.check_signals()) {
                *locked(raised) = Some((signal, Instant::now()));
            }
        }
    }
}

/// A wait that `close` and `cancel` can end.
pub(crate) struct Waiting<'a>(&'a Caller, u64);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        locked(&self.0.waits).retain(|(number, _)| *number != self.1);
    }
}

/// The value, or the exception. Exceptions are Python's, so making one runs Python code.
pub(crate) fn returned<T>(py: Python<'_>, outcome: Result<T, Error>) -> PyResult<T> {
    let _section = outcome.is_err().then(|| Section::enter(py));
    checked(py, outcome)
}

fn within(py: Python<'_>, client: Client, timeout: Option<Duration>) -> PyResult<Client> {
    match timeout {
        Some(timeout) => checked(py, client.with_timeout(timeout)),
        None => Ok(client),
    }
}
