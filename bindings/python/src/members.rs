//! The members of the enums of `mx_nexus.verdict`, which are Python classes.

use nexus_types::{Assumption, TransportCause, Verdict};
use pyo3::prelude::*;

/// The member of an enum of `mx_nexus.verdict`.
fn member<'py>(py: Python<'py>, class: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("mx_nexus.verdict")?.getattr(class)?.call1((name,))
}

pub(crate) fn verdict(py: Python<'_>, verdict: Verdict) -> PyResult<Bound<'_, PyAny>> {
    member(py, "Verdict", verdict.name())
}

pub(crate) fn assumption(py: Python<'_>, assumption: Option<Assumption>) -> PyResult<Option<Bound<'_, PyAny>>> {
    assumption.map(|assumption| member(py, "Assumption", assumption.name())).transpose()
}

pub(crate) fn cause(py: Python<'_>, cause: Option<TransportCause>) -> PyResult<Option<Bound<'_, PyAny>>> {
    cause.map(|cause| member(py, "TransportCause", cause.name())).transpose()
}
