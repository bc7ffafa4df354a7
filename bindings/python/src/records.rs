//! `Microdeposits`: the records of a list. A record becomes a Python object only on access, so a list of 100,000 records costs
//! no more than its parsing.

use std::sync::Arc;

use nexus_types::{self as core};
use pyo3::exceptions::{PyIndexError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PySlice, PyType};

use crate::record::{Microdeposit, escaped};

/// The microdeposits of a user, in the server's order: a sequence that does not change.
///
/// A frame in one line: `pandas.DataFrame(records.to_dicts(redacted=True))`, `polars.DataFrame(...)` likewise.
#[pyclass(frozen, sequence, module = "mx_nexus")]
pub struct Microdeposits(Arc<Vec<core::Microdeposit>>);

impl Microdeposits {
    pub(crate) fn new(records: Vec<core::Microdeposit>) -> Microdeposits {
        Microdeposits(Arc::new(records))
    }

    fn at(&self, place: usize) -> PyResult<Microdeposit> {
        Microdeposit::of(&self.0, place).ok_or_else(|| PyIndexError::new_err("no such record"))
    }

    fn place_of(&self, record: &Bound<'_, PyAny>) -> Option<usize> {
        let record = record.cast::<Microdeposit>().ok()?;
        self.0.iter().position(|own| own == record.get().core())
    }
}

/// So many rows are shown in a notebook.
const ROWS: usize = 20;

#[pymethods]
impl Microdeposits {
    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __getitem__<'py>(&self, place: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = place.py();
        if let Ok(slice) = place.cast::<PySlice>() {
            let length = isize::try_from(self.0.len()).unwrap_or(isize::MAX);
            let indices = slice.indices(length)?;
            let list = PyList::empty(py);
            let mut at = indices.start;
            for _ in 0..indices.slicelength {
                list.append(self.at(usize::try_from(at).unwrap_or(usize::MAX))?)?;
                at += indices.step;
            }
            return Ok(list.into_any());
        }
        let wrong = |_| PyTypeError::new_err("a place is a whole number or a slice");
        let place = place.call_method0("__index__").map_err(wrong)?;
        let place: isize = place.extract().map_err(|_| PyIndexError::new_err("no such record"))?;
        let from_end = place.checked_add_unsigned(self.0.len()).unwrap_or(-1);
        let place = usize::try_from(if place < 0 { from_end } else { place }).unwrap_or(usize::MAX);
        Ok(Bound::new(py, self.at(place)?)?.into_any())
    }

    fn __iter__(&self) -> MicrodepositsIterator {
        MicrodepositsIterator { records: Arc::clone(&self.0), next: 0 }
    }

    fn __contains__(&self, record: &Bound<'_, PyAny>) -> bool {
        self.place_of(record).is_some()
    }

    /// Where this record stands first. Raises ValueError.
    #[pyo3(signature = (record, /))]
    fn index(&self, record: &Bound<'_, PyAny>) -> PyResult<usize> {
        self.place_of(record).ok_or_else(|| pyo3::exceptions::PyValueError::new_err("no such record"))
    }

    /// How often this record is in it.
    #[pyo3(signature = (record, /))]
    fn count(&self, record: &Bound<'_, PyAny>) -> usize {
        let Ok(record) = record.cast::<Microdeposit>() else { return 0 };
        self.0.iter().filter(|own| *own == record.get().core()).count()
    }

    /// Every record as Microdeposit.to_dict() gives it: what pandas and polars make a frame of.
    #[pyo3(signature = (*, redacted = false))]
    fn to_dicts<'py>(&self, py: Python<'py>, redacted: bool) -> PyResult<Bound<'py, PyList>> {
        let list = PyList::empty(py);
        for place in 0..self.0.len() {
            list.append(self.at(place)?.to_dict(py, redacted)?)?;
        }
        Ok(list)
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

    fn __eq__(&self, other: &Microdeposits) -> bool {
        self.0 == other.0
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.0.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        let shown: Vec<String> = (0..self.0.len().min(3)).filter_map(|at| Some(self.at(at).ok()?.summary())).collect();
        let more = if self.0.len() > 3 { format!(", … {} in all", self.0.len()) } else { String::new() };
        format!("<Microdeposits [{}{more}]>", shown.join(", "))
    }

    /// A small table for notebooks, masked.
    fn _repr_html_(&self) -> String {
        let mut html = String::from(
            "<table><tr><th>guid</th><th>status</th><th>account</th><th>institution</th><th>updated</th></tr>",
        );
        for record in self.0.iter().take(ROWS) {
            let account = record.account_number.as_ref().map(|number| number.masked()).unwrap_or_default();
            let updated = record.updated_at.as_ref().map(ToString::to_string).unwrap_or_default();
            let cells = [
                record.guid.to_string(),
                record.status.to_string(),
                account,
                record.institution_name.as_deref().unwrap_or_default().to_owned(),
                updated,
            ];
            html.push_str("<tr>");
            for cell in cells {
                html.push_str(&format!("<td>{}</td>", escaped(&cell)));
            }
            html.push_str("</tr>");
        }
        let more = self.0.len().saturating_sub(ROWS);
        let rest = if more > 0 { format!("<p>and {more} more</p>") } else { String::new() };
        format!("{html}</table>{rest}")
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err(
            "Microdeposits cannot be pickled, for they hold account numbers: \
             pickle to_dicts(redacted=True), or send the guids and read them anew",
        ))
    }
}

/// Goes through a list.
#[pyclass(module = "mx_nexus")]
struct MicrodepositsIterator {
    records: Arc<Vec<core::Microdeposit>>,
    next: usize,
}

#[pymethods]
impl MicrodepositsIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&mut self) -> Option<Microdeposit> {
        let record = Microdeposit::of(&self.records, self.next)?;
        self.next += 1;
        Some(record)
    }
}
