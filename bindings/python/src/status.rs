//! Statuses: the enum is Python's `mx_nexus.Status`, its facts come from the core.

use nexus_types::{Error, KnownStatus, Status};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyDict;

use crate::errors::raise;

/// Name, terminal, may verify, definition and next step of a status number; the words of unknown ones for any other.
#[pyfunction]
#[pyo3(signature = (number))]
pub fn status_facts(number: Option<i64>) -> (String, bool, bool, &'static str, &'static str) {
    let status = Status::from_parts(number, None);
    let name = status.name().to_owned();
    (name, status.is_terminal(), status.may_verify(), status.definition(), status.next_step())
}

/// The members of `mx_nexus.Status` by number, and what makes unknown ones.
fn members(py: Python<'_>) -> PyResult<&'static (Py<PyDict>, Py<PyAny>)> {
    static MEMBERS: PyOnceLock<(Py<PyDict>, Py<PyAny>)> = PyOnceLock::new();
    MEMBERS.get_or_try_init(py, || {
        let class = py.import("mx_nexus.status")?.getattr("Status")?;
        let members = PyDict::new(py);
        for known in KnownStatus::ALL {
            members.set_item(known.number(), class.getattr(known.name())?)?;
        }
        Ok((members.unbind(), class.getattr("_unknown")?.unbind()))
    })
}

/// The member for this status.
pub(crate) fn to_python<'py>(py: Python<'py>, status: &Status) -> PyResult<Bound<'py, PyAny>> {
    let (members, unknown) = members(py)?;
    match status.known() {
        Some(known) => members.bind(py).as_any().get_item(known.number()),
        None => unknown.bind(py).call1((status.number(), status.name())),
    }
}

/// The known status of a member; raises `InvalidInput` for an unknown one.
pub(crate) fn known(value: &Bound<'_, PyAny>) -> PyResult<KnownStatus> {
    let wrong = |_| PyTypeError::new_err("until must be text or a Status");
    let number: Option<i64> = value.getattr("number").map_err(wrong)?.extract()?;
    let rule = || raise(value.py(), Error::input("until", "must be a known status"));
    number.and_then(KnownStatus::from_number).ok_or_else(rule)
}
