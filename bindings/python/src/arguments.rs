//! Text, whole numbers and bytes from Python's arguments. Every string argument is read here, so that one place decides how
//! text that is not valid Unicode is refused. No message repeats the value.

use std::path::PathBuf;

use nexus_types::Error;
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyUnicodeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyByteArray, PyBytes, PyString};

use crate::errors::raise;

/// A string argument. Only its type is checked; `of` gives what it says.
pub(crate) struct Text<'py>(Bound<'py, PyString>);

impl<'py> FromPyObject<'_, 'py> for Text<'py> {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Text<'py>> {
        Ok(Text(given.cast::<PyString>()?.to_owned()))
    }
}

impl Text<'_> {
    pub(crate) fn of(&self, field: &'static str) -> PyResult<&str> {
        text(field, &self.0)
    }
}

/// Text that may be left out.
pub(crate) fn given<'a>(field: &'static str, value: &'a Option<Text<'_>>) -> PyResult<Option<&'a str>> {
    value.as_ref().map(|text| text.of(field)).transpose()
}

/// What a `str` says. Python's own complaint about a lone surrogate holds the whole text, so it is dropped here.
pub(crate) fn text<'a>(field: &'static str, value: &'a Bound<'_, PyString>) -> PyResult<&'a str> {
    value.to_str().map_err(|_| raise(value.py(), Error::input(field, "must be text without lone surrogates")))
}

/// `str`, or a `TypeError` with these words.
pub(crate) fn text_or<'a>(field: &'static str, value: &'a Bound<'_, PyAny>, wrong: &str) -> PyResult<&'a str> {
    match value.cast::<PyString>() {
        Ok(value) => text(field, value),
        Err(_) => Err(PyTypeError::new_err(format!("{field} must be {wrong}"))),
    }
}

/// `bytes`, `bytearray`, or text.
pub(crate) fn bytes(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(bytes) = value.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    if let Ok(bytes) = value.cast::<PyByteArray>() {
        return Ok(bytes.to_vec());
    }
    text_or(field, value, "bytes or str").map(|text| text.as_bytes().to_vec())
}

/// A path as `open` takes it. A surrogate that stands for an odd byte of a file's name is right here; any other is not.
pub(crate) fn path(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let py = value.py();
    value.extract().map_err(|error: PyErr| match error.is_instance_of::<PyUnicodeError>(py) {
        true => raise(py, Error::input(field, "must be text without lone surrogates")),
        false => error,
    })
}

/// A whole number for which `fits` holds. True is no number here.
pub(crate) fn whole<'py, T>(
    field: &'static str,
    value: &Bound<'py, PyAny>,
    rule: &'static str,
    fits: impl FnOnce(&T) -> bool,
) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    let py = value.py();
    let wrong = || PyTypeError::new_err(format!("{field} must be a whole number"));
    if value.is_instance_of::<PyBool>() {
        return Err(wrong());
    }
    match value.extract::<T>() {
        Ok(number) if fits(&number) => Ok(number),
        Ok(_) => Err(raise(py, Error::input(field, rule))),
        Err(error) if error.is_instance_of::<PyOverflowError>(py) => Err(raise(py, Error::input(field, rule))),
        Err(_) => Err(wrong()),
    }
}

/// The status of an HTTP response.
pub(crate) fn http_status(value: &Bound<'_, PyAny>) -> PyResult<u16> {
    whole("status", value, "must be an HTTP status", |_| true)
}
