//! `Outcome`: the result of a submission.

use nexus_types::{self as core};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyType};

use crate::members;
use crate::record::Microdeposit;

/// The verdict on the two amounts, with the record that shows it.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Outcome {
    verdict: core::Verdict,
    assumed: Option<core::Assumption>,
    record: Py<Microdeposit>,
}

impl Outcome {
    pub(crate) fn new(py: Python<'_>, outcome: core::Outcome) -> PyResult<Outcome> {
        let record = Py::new(py, Microdeposit::new(outcome.record))?;
        Ok(Outcome { verdict: outcome.verdict, assumed: outcome.assumed, record })
    }
}

#[pymethods]
impl Outcome {
    /// What a positional pattern matches: `case Outcome(Verdict.VERIFIED)`.
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&'static str, &'static str) = ("verdict", "record");

    /// VERIFIED, DENIED, LOCKED or PENDING; `verdict.advice` says what may be done next.
    #[getter]
    fn verdict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        members::verdict(py, self.verdict)
    }

    /// The last record that was read; the verdict rests on it.
    #[getter]
    fn record(&self, py: Python<'_>) -> Py<Microdeposit> {
        self.record.clone_ref(py)
    }

    /// What the verdict presumes beside the record; None where the record alone proves it.
    #[getter]
    fn assumed<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        members::assumption(py, self.assumed)
    }

    /// The record's status.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        crate::status::to_python(py, &self.record.get().core().status)
    }

    /// The record's guid.
    #[getter]
    fn guid(&self) -> &str {
        self.record.get().core().guid.as_str()
    }

    /// The verdict, what it presumes, and the record, as plain values. In full, secrets too, unless `redacted`.
    #[pyo3(signature = (*, redacted = false))]
    fn to_dict<'py>(&self, py: Python<'py>, redacted: bool) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("verdict", self.verdict.name())?;
        dict.set_item("assumed", self.assumed.map(|assumed| assumed.name()))?;
        dict.set_item("record", self.record.get().to_dict(py, redacted)?)?;
        Ok(dict)
    }

    /// For pydantic 2, and so for FastAPI: in JSON it is written masked.
    #[classmethod]
    fn __get_pydantic_core_schema__<'py>(
        class: &Bound<'py, PyType>,
        _source: &Bound<'py, PyAny>,
        _handler: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class.py().import("mx_nexus._pydantic")?.call_method1("core_schema_of", (class,))
    }

    /// What OpenAPI documents show.
    #[classmethod]
    fn __get_pydantic_json_schema__<'py>(
        class: &Bound<'py, PyType>,
        _schema: &Bound<'py, PyAny>,
        _handler: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyAny>> {
        class.py().import("mx_nexus._pydantic")?.call_method1("json_schema_of", (class,))
    }

    fn __repr__(&self) -> String {
        let assumed = self.assumed.map(|assumed| format!(" assumed={assumed}")).unwrap_or_default();
        format!("<Outcome {}{assumed} {}>", self.verdict, self.record.get().summary())
    }

    fn __eq__(&self, other: &Outcome) -> bool {
        (self.verdict, self.assumed, self.record.get().core())
            == (other.verdict, other.assumed, other.record.get().core())
    }

    fn __hash__(&self) -> u64 {
        self.record.get().hashed() ^ u64::from(self.verdict.number())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err(
            "an Outcome cannot be pickled, for its record holds an account number: \
             pickle to_dict(redacted=True), or send the guid and the verdict, and read the record anew",
        ))
    }
}
