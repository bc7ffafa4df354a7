//! From Python's values to the core's. What has the wrong type is a `TypeError`, what breaks a rule an `InvalidInput`; neither
//! repeats the value.

use std::time::Duration;

use nexus_types::{DepositAmount, Error, MicrodepositGuid, Timestamp};
use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBool, PyFloat, PyInt, PyString};

use crate::arguments::{Text, text};
use crate::errors::raise;
use crate::values::Cents;

/// Turns the core's refusals into exceptions.
pub(crate) fn checked<T>(py: Python<'_>, value: Result<T, Error>) -> PyResult<T> {
    value.map_err(|error| raise(py, error))
}

pub(crate) fn guid(py: Python<'_>, text: &Text<'_>) -> PyResult<MicrodepositGuid> {
    checked(py, MicrodepositGuid::new(text.of("micro_deposit_guid")?))
}

/// Text, `Decimal` or `Cents`. Never a number that may not be what its writer meant.
pub(crate) fn amount(value: &Bound<'_, PyAny>) -> PyResult<DepositAmount> {
    let py = value.py();
    if let Ok(cents) = value.cast::<Cents>() {
        return Ok(cents.get().0);
    }
    if let Ok(given) = value.cast::<PyString>() {
        return checked(py, DepositAmount::parse(text("deposit_amount", given)?));
    }
    if value.is_instance_of::<PyFloat>() {
        return Err(PyTypeError::new_err(
            "an amount must not be a float: a float cannot hold 0.29 exactly. Give \"0.29\", Decimal(\"0.29\") or Cents(29)",
        ));
    }
    if value.is_instance_of::<PyInt>() {
        return Err(PyTypeError::new_err(
            "an amount must not be an int: 1 may mean a dollar or a cent. Give \"0.29\", Decimal(\"0.29\") or Cents(29)",
        ));
    }
    if value.is_instance(decimal(py)?)? {
        return checked(py, decimal_amount(value)?);
    }
    Err(PyTypeError::new_err("an amount must be text such as \"0.29\", a Decimal or Cents"))
}

fn decimal_amount(value: &Bound<'_, PyAny>) -> PyResult<Result<DepositAmount, Error>> {
    if !value.call_method0("is_finite")?.is_truthy()? {
        return Ok(DepositAmount::parse(""));
    }
    if value.call_method0("is_zero")?.is_truthy()? {
        return Ok(DepositAmount::from_cents(0));
    }
    // The place of the first digit. Written out, 1E+999999999 would fill the memory.
    Ok(match value.call_method0("adjusted")?.extract::<i64>()? {
        ..-2 => DepositAmount::parse("0.001"),
        -2..0 => DepositAmount::parse(&value.call_method1("__format__", ("f",))?.extract::<String>()?),
        _ => DepositAmount::from_cents(100),
    })
}

fn decimal(py: Python<'_>) -> PyResult<&Bound<'_, PyAny>> {
    static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    DECIMAL.import(py, "decimal", "Decimal")
}

/// `Decimal("0.09")`.
pub(crate) fn to_decimal(py: Python<'_>, amount: DepositAmount) -> PyResult<Bound<'_, PyAny>> {
    decimal(py)?.call1((amount.to_string(),))
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
