//! Emits the client's observations to Python's `logging`, under the name `mx_nexus`, without address, header, body or guid.
//!
//! The threads that carry calls never touch the interpreter. They hand their lines to the calling thread, which emits them
//! in its own context.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nexus_http::{Observation, Observer};
use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::ending::Section;
use crate::locks::locked;

const DEBUG: u8 = 10;
const WARNING: u8 = 30;
/// Above every level.
const SILENT: u8 = u8::MAX;

/// One line of the log.
pub(crate) struct Line {
    level: u8,
    message: String,
    operation: Option<&'static str>,
    status: Option<u16>,
    attempt: Option<u32>,
    elapsed: Option<Duration>,
    guid: Option<String>,
}

type Teller = Box<dyn Fn(Line)>;

thread_local! {
    /// Who tells the lines of the call that this thread carries.
    static TELLER: RefCell<Option<Teller>> = const { RefCell::new(None) };
}

/// Until this is dropped, lines of this thread have a teller.
pub(crate) struct Telling(());

impl Drop for Telling {
    fn drop(&mut self) {
        let _ = TELLER.try_with(|teller| teller.replace(None));
    }
}

/// Knows from which level on somebody wants to hear.
pub(crate) struct Log(AtomicU8);

impl Log {
    pub(crate) fn new() -> Arc<Log> {
        Arc::new(Log(AtomicU8::new(SILENT)))
    }

    /// Looks which level is wanted, before each call. A program that has not imported `logging` cannot have
    /// asked for anything.
    pub(crate) fn look(&self, py: Python<'_>) {
        self.0.store(wanted(py).unwrap_or(SILENT), Ordering::Relaxed);
    }

    /// Whether every exchange is to be logged, and so at once. Warnings are few, and may wait until a call is over.
    pub(crate) fn hears_all(&self) -> bool {
        self.0.load(Ordering::Relaxed) <= DEBUG
    }

    pub(crate) fn hears(&self) -> bool {
        self.0.load(Ordering::Relaxed) != SILENT
    }

    /// Lines of the calling thread go there.
    pub(crate) fn to(teller: impl Fn(Line) + 'static) -> Telling {
        TELLER.with(|own| own.replace(Some(Box::new(teller))));
        Telling(())
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
    let _section = Section::enter(py);
    let enabled = ENABLED.get_or_try_init(py, || {
        let logger = logger(py)?;
        // A library is silent unless somebody listens.
        logger.call_method1("addHandler", (py.import("logging")?.getattr("NullHandler")?.call0()?,))?;
        logger.getattr("isEnabledFor").map(Bound::unbind)
    })?;
    let hears = |level: u8| enabled.bind(py).call1((level,)).and_then(|truth| truth.is_truthy());
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

impl Line {
    /// Tells it.
    ///
    /// # Errors
    /// What is no `Exception`, such as the `KeyboardInterrupt` of a signal that came meanwhile. What a handler or filter raises
    /// otherwise is its own fault and ends no call.
    pub(crate) fn tell(self, py: Python<'_>) -> PyResult<()> {
        let _section = Section::enter(py);
        match self.log(py) {
            Err(error) if !error.is_instance_of::<PyException>(py) => Err(error),
            Err(error) => {
                error.write_unraisable(py, None);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    fn log(self, py: Python<'_>) -> PyResult<()> {
        let extra = PyDict::new(py);
        extra.set_item("nexus_operation", self.operation)?;
        extra.set_item("nexus_status", self.status)?;
        extra.set_item("nexus_attempt", self.attempt)?;
        extra.set_item("nexus_elapsed", self.elapsed.map(|time| time.as_secs_f64()))?;
        extra.set_item("nexus_guid", &self.guid)?;
        let named = PyDict::new(py);
        named.set_item("extra", extra)?;
        logger(py)?.call_method("log", (self.level, "%s", self.message), Some(&named)).map(|_| ())
    }
}

/// Log lines that the calling thread emits when it has the GIL again.
#[derive(Clone, Default)]
pub(crate) struct Kept(Arc<Mutex<Vec<Line>>>);

impl Kept {
    /// Keeps the lines of the calling thread.
    pub(crate) fn keep(&self) -> Telling {
        let kept = self.clone();
        Log::to(move |line| locked(&kept.0).push(line))
    }

    pub(crate) fn is_empty(&self) -> bool {
        locked(&self.0).is_empty()
    }

    /// Tells what was kept. Nothing that a handler raises may take the outcome of a call with it.
    pub(crate) fn tell(&self, py: Python<'_>) {
        let lines = std::mem::take(&mut *locked(&self.0));
        for line in lines {
            if let Err(error) = line.tell(py) {
                error.write_unraisable(py, None);
            }
        }
    }
}

impl Observer for Log {
    fn observe(&self, event: &Observation) {
        let level = match event {
            Observation::Retrying { .. } | Observation::Reconciling { .. } => WARNING,
            _ => DEBUG,
        };
        if level < self.0.load(Ordering::Relaxed) {
            return;
        }
        let _ = TELLER.try_with(|teller| {
            if let Some(teller) = &*teller.borrow() {
                teller(line(level, event));
            }
        });
    }
}

fn line(level: u8, event: &Observation) -> Line {
    let mut line =
        Line { level, message: String::new(), operation: None, status: None, attempt: None, elapsed: None, guid: None };
    line.guid = guid_of(event);
    line.message = match *event {
        Observation::Sending { operation, attempt, .. } => {
            (line.operation, line.attempt) = (Some(operation.name()), Some(attempt));
            format!("{}: sending, attempt {attempt}", operation.name())
        }
        Observation::Responded { operation, status, elapsed, .. } => {
            (line.operation, line.status, line.elapsed) = (Some(operation.name()), Some(status), Some(elapsed));
            format!("{}: status {status} in {:.3} s", operation.name(), elapsed.as_secs_f64())
        }
        Observation::Failed { operation, problem, elapsed, .. } => {
            (line.operation, line.elapsed) = (Some(operation.name()), Some(elapsed));
            format!("{}: {problem} after {:.3} s", operation.name(), elapsed.as_secs_f64())
        }
        Observation::Retrying { after, .. } => format!("retrying in {:.3} s", after.as_secs_f64()),
        Observation::Renewing => "renewing the session".to_owned(),
        Observation::Reconciling { operation, .. } => {
            line.operation = Some(operation.name());
            format!("{}: the outcome is unknown, reconciling", operation.name())
        }
        _ => "something else happened".to_owned(),
    };
    line
}

fn guid_of(event: &Observation) -> Option<String> {
    match event {
        Observation::Sending { guid, .. }
        | Observation::Responded { guid, .. }
        | Observation::Failed { guid, .. }
        | Observation::Reconciling { guid, .. } => guid.as_ref().map(ToString::to_string),
        _ => None,
    }
}
