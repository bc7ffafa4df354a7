//! Converts Python's values to the core's. A value of the wrong type is a `TypeError`, a value that breaks a rule is an
//! `InvalidInput`; neither repeats the value.

use std::time::Duration;

use nexus_types::{Error, MicrodepositGuid, Timestamp};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use crate::arguments::Text;
use crate::errors::checked;

pub(crate) fn guid(py: Python<'_>, text: &Text<'_>) -> PyResult<MicrodepositGuid> {
    checked(py, MicrodepositGuid::new(text.of("micro_deposit_guid")?))
}

fn timedelta(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static TIMEDELTA: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    TIMEDELTA.import(py, "datetime", "timedelta")
}

/// Seconds as a float or an int, or a `timedelta`.
pub(crate) fn duration(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let py = value.py();
    let wrong = || PyTypeError::new_err(format!("{field} must be seconds or a timedelta"));
    let seconds = if value.is_instance_of::<PyBool>() {
        return Err(wrong());
    } else if value.is_instance_of::<PyFloat>() || value.is_instance_of::<PyInt>() {
        value.extract::<f64>().or_else(|error| match error.is_instance_of::<PyOverflowError>(py) {
            true => Ok(f64::INFINITY),
            false => Err(error),
        })?
    } else if value.is_instance(timedelta(py)?)? {
        value.call_method0("total_seconds")?.extract()?
    } else {
        return Err(wrong());
    };
    let duration = Duration::try_from_secs_f64(seconds);
    checked(py, duration.map_err(|_| Error::input(field, "must be a finite number of seconds, not below zero")))
}

/// An aware `datetime` in UTC; `None` where the text says no instant, or one that `datetime` cannot hold.
pub(crate) fn datetime<'py>(py: Python<'py>, stamp: Option<&Timestamp>) -> PyResult<Option<Bound<'py, PyAny>>> {
    static EPOCH: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let Some(millis) = stamp.and_then(Timestamp::unix_millis) else { return Ok(None) };
    let epoch = EPOCH.get_or_try_init(py, || {
        let module = py.import("datetime")?;
        let utc = module.getattr("timezone")?.getattr("utc")?;
        Ok::<_, PyErr>(module.getattr("datetime")?.call1((1970, 1, 1, 0, 0, 0, 0, utc))?.unbind())
    })?;
    let since = timedelta(py)?.call1((0, 0, 0, millis));
    match since.and_then(|since| epoch.bind(py).add(since)) {
        Ok(at) => Ok(Some(at)),
        Err(error) if error.is_instance_of::<PyOverflowError>(py) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What `format()` gives for a value that is shown as this text: width, fill and alignment work as for `str`.
pub(crate) fn formatted(py: Python<'_>, shown: &str, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
    PyString::new(py, shown).call_method1("__format__", (spec,)).map(Bound::unbind)
}
