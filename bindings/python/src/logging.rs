//! What the client does, told to Python's `logging` under the name `mx_nexus`: no address, header, body or guid is in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use nexus_http::{Observation, Observer};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

const DEBUG: u8 = 10;
const WARNING: u8 = 30;
/// Above every level.
const SILENT: u8 = u8::MAX;

/// Carries observations to the logger, from the level on that somebody wants to hear.
pub(crate) struct Log(AtomicU8);

impl Log {
    pub(crate) fn new() -> Arc<Log> {
        Arc::new(Log(AtomicU8::new(SILENT)))
    }

    /// Looks which level is wanted; before each call, while the interpreter's lock is held anyway. A program that has not
    /// imported `logging` cannot have asked for anything.
    pub(crate) fn look(&self, py: Python<'_>) {
        self.0.store(wanted(py).unwrap_or(SILENT), Ordering::Relaxed);
    }
}

fn wanted(py: Python<'_>) -> PyResult<u8> {
    static MODULES: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    static ENABLED: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    if ENABLED.get(py).is_none() {
        let modules = MODULES.get_or_try_init(py, || {
            py.import("sys")?.getattr("modules")?.extract::<Py<PyDict>>().map_err(PyErr::from)
        })?;
        if !modules.bind(py).contains(pyo3::intern!(py, "logging"))? {
            return Ok(SILENT);
        }
    }
    let enabled = ENABLED.get_or_try_init(py, || {
        let logger = logger(py)?;
        // A library is silent unless somebody listens.
        logger.call_method1("addHandler", (py.import("logging")?.getattr("NullHandler")?.call0()?,))?;
        logger.getattr("isEnabledFor").map(Bound::unbind)
    })?;
    let hears = |level: u8| enabled.bind(py).call1((level,)).and_then(|answer| answer.is_truthy());
    Ok(match hears(DEBUG)? {
        true => DEBUG,
        false if hears(WARNING)? => WARNING,
        false => SILENT,
    })
}

fn logger(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static LOGGER: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let make = || py.import("logging")?.call_method1("getLogger", ("mx_nexus",)).map(Bound::unbind);
    LOGGER.get_or_try_init(py, make).map(|logger| logger.bind(py))
}

impl Observer for Log {
    fn observe(&self, event: &Observation) {
        let level = match event {
            Observation::Retrying { .. } | Observation::Looking { .. } => WARNING,
            _ => DEBUG,
        };
        if level < self.0.load(Ordering::Relaxed) {
            return;
        }
        let message = words(event);
        // None while the interpreter ends.
        let _ = Python::try_attach(|py| {
            let told = logger(py).and_then(|logger| logger.call_method1("log", (level, "%s", message)));
            if let Err(error) = told {
                error.write_unraisable(py, None);
            }
        });
    }
}

fn words(event: &Observation) -> String {
    match *event {
        Observation::Sending { operation, attempt } => format!("{}: sending, attempt {attempt}", operation.name()),
        Observation::Answered { operation, status, elapsed } => {
            format!("{}: answered {status} in {:.3} s", operation.name(), elapsed.as_secs_f64())
        }
        Observation::Failed { operation, problem, elapsed } => {
            format!("{}: {problem} after {:.3} s", operation.name(), elapsed.as_secs_f64())
        }
        Observation::Retrying { after } => format!("retrying in {:.3} s", after.as_secs_f64()),
        Observation::Renewing => "renewing the session".to_owned(),
        Observation::Looking { operation } => format!("{}: the outcome is unknown, looking", operation.name()),
        _ => "something else happened".to_owned(),
    }
}
