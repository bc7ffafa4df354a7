//! How a call is carried out: without the interpreter's lock, and so that Ctrl-C ends it.
//!
//! Python runs signal handlers in its main thread only, and only when that thread holds the interpreter's lock. So what the
//! main thread asks for is done in a thread of ours, while the main thread looks for signals. A plain read is the
//! exception: a second thread would cost as much as the read itself, so there the signal is made to cancel it.

use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use nexus_http::{Canceller, Client};
use nexus_types::{Error, ErrorKind};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::convert::checked;
use crate::errors::{guarded, raise};
#[cfg(unix)]
use crate::interrupt::Watch;
use crate::logging::Log;

/// So long a signal may wait.
const LOOK: Duration = Duration::from_millis(20);
/// No call takes longer.
const LONGEST: Duration = Duration::from_secs(86_400);
/// So long an interrupted call has to say how it ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A core client, and how Python's threads use it.
pub(crate) struct Caller {
    /// None once closed.
    client: Mutex<Option<Client>>,
    /// For calls of the main thread: connections that a signal can close.
    main: Mutex<Option<(Client, Canceller)>>,
    /// What cancels this client, where somebody holds it: then its calls are made in the calling thread.
    pub(crate) own: Option<Canceller>,
    log: Arc<Log>,
    /// For a call that names no time of its own.
    timeout: Duration,
    process: u32,
}

impl Caller {
    pub(crate) fn new(client: Client, timeout: Duration, log: Arc<Log>, own: Option<Canceller>) -> Caller {
        let (client, main, process) = (Mutex::new(Some(client)), Mutex::new(None), std::process::id());
        Caller { client, main, own, log, timeout, process }
    }

    pub(crate) fn close(&self) {
        drop((locked(&self.client).take(), locked(&self.main).take()));
    }

    /// The same session with connections of its own, and what cancels its calls.
    pub(crate) fn split(&self) -> PyResult<(Caller, Canceller)> {
        let (client, canceller) = self.client(None)?.cancellable();
        Ok((Caller::new(client, self.timeout, Arc::clone(&self.log), Some(canceller.clone())), canceller))
    }

    fn client(&self, timeout: Option<Duration>) -> PyResult<Client> {
        if self.process != std::process::id() {
            return Err(PyRuntimeError::new_err(
                "this client was made before a fork, and its connections belong to the other process: make a client in each",
            ));
        }
        let client = locked(&self.client).clone();
        let client = client.ok_or_else(|| PyRuntimeError::new_err("this client is closed"))?;
        Ok(within(client, timeout))
    }

    /// In the calling thread.
    pub(crate) fn direct<T: Send>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send,
    ) -> PyResult<T> {
        let client = self.client(timeout)?;
        self.log.look(py);
        let outcome = py.detach(|| guarded(place, || work(&client)));
        checked(py, outcome)
    }

    /// So that Ctrl-C ends it.
    pub(crate) fn interruptible<T: Send + 'static>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
    ) -> PyResult<T> {
        self.interruptible_change(py, timeout, place, work, |_| None)
    }

    /// The same for what changes something: `done` tells in an error what was done after all, for whoever is interrupted and so
    /// does not see the value.
    pub(crate) fn interruptible_change<T: Send + 'static>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl FnOnce(&Client) -> Result<T, Error> + Send + 'static,
        done: impl Fn(T) -> Option<Error>,
    ) -> PyResult<T> {
        if self.own.is_some() || !is_main_thread(py)? {
            return self.direct(py, timeout, place, work);
        }
        let running = self.start(py, timeout, move |client, tell| {
            // Nobody listens any more after an interrupt.
            let _ = tell.send(guarded(place, || work(client)));
        })?;
        let last = |outcome: Result<T, Error>| outcome.map_or_else(Some, &done);
        let outcome = running.next(py).map_err(|signal| running.interrupted(py, self, signal, last))?;
        checked(py, outcome)
    }

    /// So that Ctrl-C ends it, for what may be done again: a signal whose handler raises nothing costs a repetition.
    pub(crate) fn repeatable<T: Send>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        place: &'static str,
        work: impl Fn(&Client) -> Result<T, Error> + Send + Sync,
    ) -> PyResult<T> {
        #[cfg(unix)]
        if self.own.is_none() && is_main_thread(py)? {
            let (watch, end) = (Watch::get()?, Instant::now() + timeout.unwrap_or(self.timeout).min(LONGEST));
            loop {
                let (client, canceller) = self.main()?;
                let client = client.with_timeout(end.saturating_duration_since(Instant::now()));
                self.log.look(py);
                let outcome = watch.during(py, &canceller, || Ok(py.detach(|| guarded(place, || work(&client)))))?;
                match outcome {
                    Err(error) if error.kind() == ErrorKind::Cancelled && canceller.is_cancelled() => {
                        self.forget_cancelled();
                        py.check_signals()?;
                    }
                    outcome => return checked(py, outcome),
                }
            }
        }
        self.direct(py, timeout, place, work)
    }

    /// The client whose connections a signal can close.
    fn main(&self) -> PyResult<(Client, Canceller)> {
        let own = self.client(None)?;
        Ok(locked(&self.main).get_or_insert_with(|| own.cancellable()).clone())
    }

    fn forget_cancelled(&self) {
        drop(locked(&self.main).take_if(|(_, canceller)| canceller.is_cancelled()));
    }

    /// Starts work in a thread of its own, with a client that can be cancelled.
    pub(crate) fn start<M: Send + 'static>(
        &self,
        py: Python<'_>,
        timeout: Option<Duration>,
        work: impl FnOnce(&Client, std::sync::mpsc::Sender<M>) + Send + 'static,
    ) -> PyResult<Running<M>> {
        let (client, canceller) = match is_main_thread(py)? {
            true => self.main()?,
            false => self.client(None)?.cancellable(),
        };
        self.log.look(py);
        let (tell, told) = std::sync::mpsc::channel();
        let client = within(client, timeout);
        let thread = std::thread::Builder::new().name("mx_nexus".to_owned());
        thread.spawn(move || work(&client, tell))?;
        Ok(Running { told: Mutex::new(told), kept: Mutex::new(None), canceller })
    }
}

/// Work that is under way in a thread of its own.
pub(crate) struct Running<M> {
    told: Mutex<Receiver<M>>,
    /// A word that came together with a signal, so that it is not lost with it.
    kept: Mutex<Option<M>>,
    canceller: Canceller,
}

impl<M: Send> Running<M> {
    /// The next word from the thread.
    ///
    /// # Errors
    /// What a signal's handler raised, such as `KeyboardInterrupt`.
    pub(crate) fn next(&self, py: Python<'_>) -> PyResult<M> {
        loop {
            match py.detach(|| locked(&self.told).recv_timeout(LOOK)) {
                Ok(word) => {
                    // A signal since the last look would be raised right behind this call, and what it brought be lost.
                    return match py.check_signals() {
                        Ok(()) => Ok(word),
                        Err(signal) => {
                            *locked(&self.kept) = Some(word);
                            Err(signal)
                        }
                    };
                }
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => {
                    let error = Error::boundary(nexus_types::BoundaryProblem::Panic, "the call's thread");
                    return Err(raise(py, error));
                }
            }
        }
    }

    /// Ends the work because of this exception. Where the call can still say that its outcome is unknown, that becomes the
    /// exception's cause.
    pub(crate) fn interrupted(
        &self,
        py: Python<'_>,
        caller: &Caller,
        signal: PyErr,
        error: impl Fn(M) -> Option<Error>,
    ) -> PyErr {
        py.detach(|| self.canceller.cancel());
        caller.forget_cancelled();
        let kept = locked(&self.kept).take();
        let last = kept.or_else(|| py.detach(|| locked(&self.told).recv_timeout(LAST_WORDS)).ok());
        if let Some(error) = last.and_then(error).filter(Error::outcome_unknown) {
            signal.set_cause(py, Some(raise(py, error)));
        }
        signal
    }
}

fn within(client: Client, timeout: Option<Duration>) -> Client {
    match timeout {
        Some(timeout) => client.with_timeout(timeout),
        None => client,
    }
}

/// Whether Python runs signal handlers in this thread.
fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static IDENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MAIN: PyOnceLock<u64> = PyOnceLock::new();
    let main = MAIN.get_or_try_init(py, || {
        py.import("threading")?.call_method0("main_thread")?.getattr("ident")?.extract::<u64>()
    })?;
    let own: u64 = IDENT.import(py, "_thread", "get_ident")?.call0()?.extract()?;
    Ok(own == *main)
}

/// A lock whose holder panicked still guards plain data.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
