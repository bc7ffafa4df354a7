//! `Journal`: claims and outcomes in a file, so that a call after a killed process sends nothing twice.

use std::sync::Arc;

use nexus_http::FileJournal;
use nexus_types::Error;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use crate::arguments::{Text, bytes, path};
use crate::errors::raise;

/// A file in which creates and submissions are written down before they are sent; see Client.create_once and Client.verify.
///
/// path: the file, made where it is absent, readable by its owner only; threads and processes may share it. key: a secret of
/// yours of at least 16 bytes, always the same for the same file. The file holds no account number, only keyed hashes.
/// Raises OSError where the file cannot be used, ValueError for a key that is too short.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Journal(pub(crate) Arc<FileJournal>);

#[pymethods]
impl Journal {
    #[new]
    #[pyo3(signature = (path, key))]
    fn new(py: Python<'_>, path: &Bound<'_, PyAny>, key: &Bound<'_, PyAny>) -> PyResult<Journal> {
        let path = self::path("path", path)?;
        let key = zeroize::Zeroizing::new(bytes("key", key)?);
        if key.len() < 16 {
            return Err(pyo3::exceptions::PyValueError::new_err("the key must have at least 16 bytes"));
        }
        Ok(Journal(Arc::new(py.detach(|| FileJournal::open(path, &key))?)))
    }

    fn __repr__(&self) -> &'static str {
        "<Journal>"
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err("a Journal cannot be pickled, for it holds a key: open the file in each process"))
    }
}

/// A key and its journal: both or neither.
pub(crate) fn keyed(
    py: Python<'_>,
    key: Option<Text<'_>>,
    journal: Option<&Bound<'_, Journal>>,
) -> PyResult<Option<(String, Arc<FileJournal>)>> {
    match (key, journal) {
        (None, None) => Ok(None),
        (Some(key), Some(journal)) => Ok(Some((key.of("key")?.to_owned(), Arc::clone(&journal.get().0)))),
        (None, Some(_)) => Err(raise(py, Error::input("key", "is missing: a journal needs one"))),
        (Some(_), None) => Err(raise(py, Error::input("journal", "is missing: a key needs one"))),
    }
}
