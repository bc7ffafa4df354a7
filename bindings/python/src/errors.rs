//! Converts errors of Rust to the exceptions of `mx_nexus.errors`, which are Python classes.

use nexus_types::{Error, ErrorKind, Operation, TransportProblem};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::arguments::Text;
use crate::ending::Section;
use crate::members;
use crate::record::Microdeposit;

/// The core's error inside its exception, for flows that get the exception as an event.
#[pyclass(frozen, module = "mx_nexus._nexus", name = "_Error")]
pub struct CoreError(pub(crate) Error);

/// The exception for this error, with everything that the error knows.
pub(crate) fn raise(py: Python<'_>, error: Error) -> PyErr {
    build(py, &error).unwrap_or_else(|problem| problem)
}

/// Turns the core's refusals into exceptions.
pub(crate) fn checked<T, E: Into<Error>>(py: Python<'_>, value: Result<T, E>) -> PyResult<T> {
    value.map_err(|error| raise(py, error.into()))
}

/// The exception as a value.
pub(crate) fn exception(py: Python<'_>, error: &Error) -> PyResult<Py<PyAny>> {
    build(py, error).map(|raised| raised.into_value(py).into_any())
}

/// What is known of a call that was cancelled and does not say in time how it ended: it may have been sent.
pub(crate) fn silent(operation: Operation) -> Error {
    Error::transport(TransportProblem::Cancelled, operation).with_outcome_unknown(true)
}

/// The exception of a cancelled create or verify that does not say in time how it ended.
#[pyfunction]
#[pyo3(signature = (operation, /))]
pub fn silent_call(py: Python<'_>, operation: Text<'_>) -> PyResult<Py<PyAny>> {
    let operation = Operation::from_name(operation.of("operation")?.trim_end_matches("_once"));
    exception(py, &silent(operation.unwrap_or(Operation::Verify)))
}

/// The cause of what a signal's handler raised: what the call had come to, or that its outcome is unknown.
pub(crate) fn interrupted(py: Python<'_>, operation: Operation, came: PyResult<Bound<'_, PyAny>>) -> Option<PyErr> {
    let _section = Section::enter(py);
    let error = match came {
        Ok(result) => {
            let make = || py.import("mx_nexus.errors")?.call_method1("interrupted", (operation.name(), result));
            make().map_or_else(|failed| failed, PyErr::from_value)
        }
        Err(error) => error,
    };
    // That nothing was done needs no telling.
    let unknown = error.value(py).getattr("outcome_unknown").and_then(|unknown| unknown.is_truthy()).unwrap_or(true);
    let result = error.value(py).getattr("result").is_ok_and(|result| !result.is_none());
    (unknown || result).then_some(error)
}

/// What `raise` was made of, where it was ours.
pub(crate) fn core(exception: &Bound<'_, PyAny>) -> Option<Error> {
    let held = exception.getattr("_core").ok()?;
    held.cast::<CoreError>().ok().map(|held| held.get().0.clone())
}

fn build(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    static BUILD: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let facts = PyDict::new(py);
    facts.set_item("status", error.http_status())?;
    facts.set_item("code", error.server_code())?;
    facts.set_item("field", error.field())?;
    facts.set_item("guid", error.guid().map(|guid| guid.as_str()))?;
    facts.set_item("outcome_unknown", error.outcome_unknown())?;
    facts.set_item("retryable", error.is_retryable())?;
    facts.set_item("attempts", error.attempts())?;
    facts.set_item("retry_after", error.retry_after().map(|wait| wait.as_secs_f64()))?;
    facts.set_item("operation", error.operation().map(|operation| operation.name()))?;
    facts.set_item("advice", error.advice())?;
    facts.set_item("cause", members::cause(py, error.cause())?)?;
    facts.set_item("assumption", members::assumption(py, error.assumption())?)?;
    facts.set_item("last_failure", error.last_failure().map(|kind| kind.name()))?;
    facts.set_item("_core", Py::new(py, CoreError(error.clone()))?)?;
    let candidates: Vec<&str> = error.candidates().iter().map(|guid| guid.as_str()).collect();
    facts.set_item("candidates", pyo3::types::PyTuple::new(py, candidates)?)?;
    let seen = error.last_seen().map(|record| Py::new(py, Microdeposit::new(record.clone()))).transpose()?;
    facts.set_item("last_seen", seen)?;
    let build = BUILD.import(py, "mx_nexus.errors", "build")?;
    let stands = error.last_seen().filter(|_| error.kind() == ErrorKind::NotVerifiable);
    let message = match stands.and_then(|record| record.status.known()) {
        Some(known) => format!("{error}: {}", known.name()),
        None => error.to_string(),
    };
    let exception = build.call((error.kind().number(), message), Some(&facts))?;
    Ok(PyErr::from_value(exception))
}

/// Every kind of error that the core knows: number, name, and the number of its group.
#[pyfunction]
pub fn error_kinds() -> Vec<(u16, &'static str, u8)> {
    ErrorKind::ALL.iter().map(|kind| (kind.number(), kind.name(), kind.group() as u8)).collect()
}
