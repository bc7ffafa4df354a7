//! `Client.wait`: hours or days, with a callback, until Ctrl-C.

use nexus_http::{Canceller, WaitOptions};
use nexus_types::flow::{self, Until};
use nexus_types::{self as core, Error, MicrodepositGuid};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::mpsc::{SyncSender, sync_channel};

use crate::arguments::text;
use crate::call::Caller;
use crate::convert::checked;
use crate::errors::{exception, guarded};
use crate::record::Microdeposit;
use crate::{convert, status};

/// Where a wait stands after a read, whether it succeeded or failed.
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
        return status::stage(value).map(Until::Stage);
    };
    let text = text("until", given)?;
    if text == "actionable" {
        return Ok(Until::Actionable);
    }
    let rule = || Error::input("until", "must be \"actionable\" or the name of a status");
    checked(py, text.parse().ok().and_then(|status: core::Status| status.stage()).map(Until::Stage).ok_or_else(rule))
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
    let timeout = timeout.map(|value| convert::duration("timeout", value)).transpose()?;
    let poll_every = poll_every.map(|value| convert::duration("poll_every", value)).transpose()?;
    let mut options = WaitOptions { poll_every, ..WaitOptions::default() };
    options.timeout = timeout.unwrap_or(options.timeout);
    if let Some(canceller) = &caller.own {
        return here(py, caller, canceller, (guid, until), options, on_progress);
    }
    let timeout = options.timeout;
    let wants_progress = on_progress.is_some();
    let running = caller.start(py, None, move |client, tell| {
        // The wait goes on when the callback has returned, so that what it changes is seen.
        let mut report = |progress: &flow::Progress| {
            let (done, is_done) = sync_channel(1);
            if tell.send(Word::Progress(Box::new(progress.clone()), done)).is_ok() {
                let _ = is_done.recv();
            }
        };
        let mut options = WaitOptions { timeout, poll_every, ..WaitOptions::default() };
        if wants_progress {
            options.on_progress = Some(&mut report);
        }
        let outcome = guarded("wait", || client.wait(&guid, until, options));
        let _ = tell.send(Word::Done(Box::new(outcome)));
    })?;
    loop {
        let word = running.next(py).and_then(|word| match word {
            Word::Done(outcome) => Ok(Some(outcome)),
            Word::Progress(progress, done) => {
                if let Some(callback) = on_progress {
                    callback.call1((Progress::new(py, *progress)?,))?;
                }
                // Gone where the wait was cancelled meanwhile.
                let _ = done.send(());
                Ok(None)
            }
        });
        match word {
            Ok(Some(outcome)) => return checked(py, *outcome).map(Microdeposit::new),
            Ok(None) => {}
            Err(raised) => return Err(running.interrupted(py, caller, raised, |_| None)),
        }
    }
}

/// In the calling thread, with a client that somebody else can cancel; signals are not that thread's to look for.
fn here(
    py: Python<'_>,
    caller: &Caller,
    canceller: &Canceller,
    (guid, until): (MicrodepositGuid, Until),
    mut options: WaitOptions<'_>,
    on_progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<Microdeposit> {
    let mut raised = None;
    let callback = on_progress.map(|callback| callback.clone().unbind());
    let (timeout, poll_every) = (options.timeout, options.poll_every.take());
    let outcome = caller.direct(py, None, "wait", |client| {
        let mut report = |progress: &flow::Progress| {
            let Some(callback) = &callback else { return };
            let told = Python::attach(|py| callback.call1(py, (Progress::new(py, progress.clone())?,)));
            if let Err(error) = told {
                raised = Some(error);
                canceller.cancel();
            }
        };
        client.wait(&guid, until, WaitOptions { timeout, poll_every, on_progress: Some(&mut report) })
    });
    match raised {
        Some(error) => Err(error),
        None => outcome.map(Microdeposit::new),
    }
}
