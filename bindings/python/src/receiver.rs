//! A receiver of webhooks in this process, for users' tests. `mx_nexus.sandbox.Receiver` is the Python interface.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use nexus_sandbox::{Receiver, Receiving};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arguments::{Text, whole};

/// Path, headers, body, whether all of it came, whether the credentials were right, and the status of the response.
type Arrived<'py> = (String, Vec<(String, String)>, Bound<'py, PyBytes>, bool, bool, u16);

/// Listens on loopback until it is stopped.
#[pyclass(frozen, module = "mx_nexus._nexus", name = "_ReceiverServer")]
pub struct ReceiverServer {
    /// None once stopped.
    receiver: Mutex<Option<Receiver>>,
    url: String,
    /// A fork leaves its thread behind.
    process: u32,
}

impl Drop for ReceiverServer {
    fn drop(&mut self) {
        if self.process != std::process::id() {
            // Its thread would be waited for, and it is not here.
            std::mem::forget(self.receiver.get_mut().unwrap_or_else(PoisonError::into_inner).take());
        }
    }
}

#[pymethods]
impl ReceiverServer {
    #[new]
    #[pyo3(signature = (answers, basic, milliseconds, port))]
    fn new(
        py: Python<'_>,
        answers: Vec<Bound<'_, PyAny>>,
        basic: Option<(Text<'_>, Text<'_>)>,
        milliseconds: u64,
        port: &Bound<'_, PyAny>,
    ) -> PyResult<ReceiverServer> {
        let mut receiving = Receiving::default();
        let statuses =
            answers.iter().map(|one| whole("answers", one, "must be 200 to 599", |status| (200..600).contains(status)));
        receiving.answers = statuses.collect::<PyResult<_>>()?;
        if let Some((username, password)) = basic {
            receiving.basic = Some((username.of("basic")?.to_owned(), password.of("basic")?.to_owned()));
        }
        receiving.delay = Duration::from_millis(milliseconds);
        receiving.port = whole("port", port, "must be 0 to 65535", |_| true)?;
        let receiver = py.detach(|| Receiver::start(receiving, |_| ()))?;
        let url = receiver.url().to_owned();
        Ok(ReceiverServer { receiver: Mutex::new(Some(receiver)), url, process: std::process::id() })
    }

    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    /// What has arrived so far.
    fn arrivals<'py>(&self, py: Python<'py>) -> Vec<Arrived<'py>> {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner);
        let arrivals = receiver.as_ref().map(Receiver::arrivals).unwrap_or_default();
        let shown = arrivals
            .into_iter()
            .map(|one| (one.path, one.headers, PyBytes::new(py, &one.body), one.whole, one.authorized, one.status));
        shown.collect()
    }

    /// Ends it; a second time it does nothing, nor in a process that was forked from the one that made it.
    fn stop(&self, py: Python<'_>) {
        if self.process == std::process::id() {
            py.detach(|| drop(self.receiver.lock().unwrap_or_else(PoisonError::into_inner).take()));
        }
    }
}
