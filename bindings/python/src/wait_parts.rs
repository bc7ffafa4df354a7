//! A wait in parts, for `AsyncClient`: the event loop sleeps in between, and no thread does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexus_http::{Client, Wait, WaitOptions, WaitStep};
use nexus_types::flow::{self, Until};
use nexus_types::{self as core, Error, MicrodepositGuid};
use pyo3::prelude::*;

use crate::call::Caller;
use crate::errors::{checked, exception};
use crate::locks::locked;
use crate::record::Microdeposit;
use crate::wait::Progress;

/// What a part came to: seconds to sleep, the record, the exception that ends the wait, and the reads that were made.
pub(crate) type Part = (Option<f64>, Option<Microdeposit>, Option<Py<PyAny>>, Vec<Progress>);

/// A wait of `AsyncClient`.
#[pyclass(frozen, module = "mx_nexus._nexus", name = "_Wait")]
pub struct WaitParts {
    wait: Arc<Mutex<Wait>>,
    client: Client,
}

impl WaitParts {
    pub(crate) fn new(
        py: Python<'_>,
        client: Client,
        guid: &MicrodepositGuid,
        until: Until,
        timeout: Option<Duration>,
        poll_every: Option<Duration>,
    ) -> PyResult<WaitParts> {
        let usual = WaitOptions::default();
        let options = WaitOptions::default().with_timeout(timeout.unwrap_or(usual.timeout)).with_poll_every(poll_every);
        let wait = checked(py, client.start_wait(guid, until, options))?;
        Ok(WaitParts { wait: Arc::new(Mutex::new(wait)), client })
    }

    /// Sends what is due over the connections of this client.
    pub(crate) fn step(&self, py: Python<'_>, caller: &Caller, reports: bool) -> PyResult<Part> {
        let wait = Arc::clone(&self.wait);
        let (step, seen) = caller.call(py, None, "wait", move |client| {
            let mut seen = Vec::new();
            let step = locked(&wait).step(client, &mut |progress| {
                if reports {
                    seen.push(progress.clone());
                }
            });
            Ok((step, seen))
        })?;
        part(py, step, seen)
    }
}

#[pymethods]
impl WaitParts {
    /// Ends a wait that sleeps: the exception that says so.
    fn cancelled(&self, py: Python<'_>) -> PyResult<Option<Py<PyAny>>> {
        let mut wait = locked(&self.wait);
        wait.cancel();
        match wait.step(&self.client, &mut |_| {}) {
            WaitStep::Done(Err(error)) => exception(py, &error).map(Some),
            _ => Ok(None),
        }
    }
}

fn part(py: Python<'_>, step: WaitStep, seen: Vec<flow::Progress>) -> PyResult<Part> {
    let seen = seen.into_iter().map(|progress| Progress::new(py, progress)).collect::<PyResult<Vec<_>>>()?;
    let done = |outcome: Result<core::Microdeposit, Error>| match outcome {
        Ok(record) => Ok((Some(Microdeposit::new(record)), None)),
        Err(error) => Ok((None, Some(exception(py, &error)?))),
    };
    match step {
        WaitStep::Sleep(time) => Ok((Some(time.as_secs_f64()), None, None, seen)),
        WaitStep::Done(outcome) => done(outcome).map(|(record, error)| (None, record, error, seen)),
    }
}
