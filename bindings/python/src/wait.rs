//! `Client.wait`: waits for hours or days, with a callback; Ctrl-C ends it.

use nexus_http::WaitOptions;
use nexus_types::flow::{self, Until};
use nexus_types::{self as core, Error, MicrodepositGuid};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::time::Duration;

use crate::arguments::text;
use crate::call::{Caller, returned};
use crate::ending::Section;
use crate::errors::{checked, exception};
use crate::logging::Kept;
use crate::panic::guarded;
use crate::record::Microdeposit;
use crate::{convert, status};

/// The state of a wait after a read, whether the read succeeded or failed.
#[pyclass(frozen, get_all, module = "mx_nexus")]
pub struct Progress {
    /// The record as it was seen last; None before a read has succeeded.
    record: Option<Py<Microdeposit>>,
    /// How the read failed that was just made, as an exception; None if it succeeded.
    failure: Option<Py<PyAny>>,
    /// Seconds since the wait began.
    elapsed: f64,
    /// Seconds until the next read; None after the last.
    next_read: Option<f64>,
    /// How many reads have succeeded.
    reads: u32,
    /// How many requests went out.
    requests_sent: u32,
}

impl Progress {
    pub(crate) fn new(py: Python<'_>, progress: flow::Progress) -> PyResult<Progress> {
        let record = progress.record.map(|record| Py::new(py, Microdeposit::new(record))).transpose()?;
        Ok(Progress {
            record,
            failure: progress.failure.map(|failure| exception(py, &failure)).transpose()?,
            elapsed: progress.elapsed.as_secs_f64(),
            next_read: progress.next_read.map(|time| time.as_secs_f64()),
            reads: progress.reads,
            requests_sent: progress.requests_sent,
        })
    }
}

#[pymethods]
impl Progress {
    fn __repr__(&self) -> String {
        let record = self.record.as_ref().map_or_else(|| "None".to_owned(), |record| record.get().summary());
        let failed = if self.failure.is_some() { " failed" } else { "" };
        format!("<Progress {record}{failed} reads={} elapsed={:.1}>", self.reads, self.elapsed)
    }
}

/// From the thread that waits.
enum Word {
    Progress(Box<flow::Progress>, SyncSender<()>),
    Done(Box<Result<core::Microdeposit, Error>>),
}

/// What to wait for: nothing or "actionable", a status' name, or a Status.
pub(crate) fn until(value: Option<&Bound<'_, PyAny>>) -> PyResult<Until> {
    let Some(value) = value else { return Ok(Until::Actionable) };
    let py = value.py();
    let Ok(given) = value.cast::<PyString>() else {
        return status::known(value).map(Until::Status);
    };
    let text = text("until", given)?;
    if text == "actionable" {
        return Ok(Until::Actionable);
    }
    let rule = || Error::input("until", "must be \"actionable\" or the name of a status");
    checked(py, text.parse().ok().and_then(|status: core::Status| status.known()).map(Until::Status).ok_or_else(rule))
}

pub(crate) fn wait(
    py: Python<'_>,
    caller: &Caller,
    guid: MicrodepositGuid,
    wanted: Option<&Bound<'_, PyAny>>,
    [timeout, poll_every]: [Option<&Bound<'_, PyAny>>; 2],
    on_progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Microdeposit> {
    let until = until(wanted)?;
    on_progress.map_or(Ok(()), callable)?;
    let timeout = timeout.map(|value| convert::duration("timeout", value)).transpose()?;
    let poll_every = poll_every.map(|value| convert::duration("poll_every", value)).transpose()?;
    let timeout = timeout.unwrap_or(WaitOptions::default().timeout);
    if let Some(record) = here(py, caller, (&guid, until), (timeout, poll_every), on_progress)? {
        return Ok(record);
    }
    let wants_progress = on_progress.is_some();
    let (running, _waiting) = caller.start_wait(py, move |client, tell| {
        // The wait continues after the callback has returned, so that the next read sees what it changed.
        let mut report = |progress: &flow::Progress| {
            let (done, is_done) = sync_channel(1);
            if tell(Word::Progress(Box::new(progress.clone()), done)) {
                let _ = is_done.recv();
            }
        };
        let mut options = WaitOptions::default().with_timeout(timeout).with_poll_every(poll_every);
        if wants_progress {
            options.on_progress = Some(&mut report);
        }
        Word::Done(Box::new(guarded("wait", || client.wait(&guid, until, options))))
    })?;
    loop {
        let word = running.next(py).and_then(|word| match word {
            Word::Done(outcome) => Ok(Some(outcome)),
            Word::Progress(progress, done) => {
                if let Some(callback) = on_progress {
                    tell(callback, *progress)?;
                }
                // Gone where the wait was cancelled meanwhile.
                let _ = done.send(());
                Ok(None)
            }
        });
        match word {
            Ok(Some(outcome)) => return returned(py, *outcome).map(Microdeposit::new),
            Ok(None) => {}
            Err(raised) => {
                caller.interrupt(py, &running);
                return Err(raised);
            }
        }
    }
}

/// In the calling thread, which somebody else can cancel; None where it has to be made in another.
fn here(
    py: Python<'_>,
    caller: &Caller,
    (guid, until): (&MicrodepositGuid, Until),
    (timeout, poll_every): (Duration, Option<Duration>),
    on_progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Option<Microdeposit>> {
    let (mut raised, kept) = (None, Kept::default());
    let callback = on_progress.map(|callback| callback.clone().unbind());
    let outcome = caller.wait_here(py, &kept, |client| {
        let mut report = |progress: &flow::Progress| {
            if callback.is_none() && kept.is_empty() {
                return;
            }
            // None while the interpreter ends.
            let called = Python::try_attach(|py| {
                // A wait may take days, and its warnings do not wait that long.
                kept.tell(py);
                callback.as_ref().map_or(Ok(()), |callback| tell(callback.bind(py), progress.clone()))
            });
            if let (Some(Err(error)), Some(canceller)) = (called, &caller.own) {
                raised = Some(error);
                canceller.cancel();
            }
        };
        let options =
            WaitOptions::default().with_timeout(timeout).with_poll_every(poll_every).with_on_progress(&mut report);
        client.wait(guid, until, options)
    })?;
    match (raised, outcome) {
        (Some(error), _) => Err(error),
        (None, outcome) => Ok(outcome.transpose()?.map(Microdeposit::new)),
    }
}

/// Calls the callback.
fn tell(callback: &Bound<'_, PyAny>, progress: flow::Progress) -> PyResult<()> {
    let py = callback.py();
    let _section = Section::enter(py);
    let returned = callback.call1((Progress::new(py, progress)?,))?;
    // Of a coroutine, nothing has run yet, and nobody would ever run it.
    let names = [pyo3::intern!(py, "__await__"), pyo3::intern!(py, "__next__"), pyo3::intern!(py, "__anext__")];
    match names.into_iter().try_fold(false, |found, name| Ok::<_, PyErr>(found || returned.hasattr(name)?))? {
        false => Ok(()),
        true => {
            let _ = returned.call_method0("close");
            Err(PyTypeError::new_err(ASYNC))
        }
    }
}

/// A callback that can be called, or the `TypeError` that it deserves.
fn callable(on_progress: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = on_progress.py();
    if !on_progress.is_callable() {
        return Err(PyTypeError::new_err("on_progress must be a function that takes a Progress"));
    }
    let inspect = py.import("inspect")?;
    let call = on_progress.getattr("__call__")?;
    for candidate in [on_progress, &call] {
        if inspect.call_method1("iscoroutinefunction", (candidate,))?.is_truthy()? {
            return Err(PyTypeError::new_err(ASYNC));
        }
    }
    Ok(())
}

const ASYNC: &str = "on_progress must be a plain function: an async one would never be awaited";
