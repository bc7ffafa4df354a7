//! `Microdeposit`: a record for Python, frozen, printed masked.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use nexus_types::{self as core};
use nexus_types::{FieldValue, Reveal};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyType};
use zeroize::Zeroizing;

use crate::arguments::bytes;
use crate::convert::datetime;
use crate::errors::checked;
use crate::panic::guarded;
use crate::secrets::{AccountNumber, Private, RoutingNumber};
use crate::status;

/// One microdeposit as the server reported it: a field is None where the server sent null or nothing.
///
/// Frozen and comparable. Printed it shows no secret: personal fields are values with `expose()`. A record cannot be pickled;
/// pickle `to_dict(redacted=True)`, or keep the guid and read it again.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Microdeposit(Held, Option<core::Assumption>);

/// A record of its own, or one of a list that was read as a whole.
enum Held {
    One(Box<core::Microdeposit>),
    Of(Arc<Vec<core::Microdeposit>>, usize),
}

impl Microdeposit {
    pub(crate) fn new(record: core::Microdeposit) -> Microdeposit {
        Microdeposit(Held::One(Box::new(record)), None)
    }

    /// What a create or pre-initiate has made.
    pub(crate) fn created(created: core::Created) -> Microdeposit {
        Microdeposit(Held::One(Box::new(created.record)), created.assumed)
    }

    /// One of a list; the place must be inside.
    pub(crate) fn of(list: &Arc<Vec<core::Microdeposit>>, place: usize) -> Option<Microdeposit> {
        list.get(place).map(|_| Microdeposit(Held::Of(Arc::clone(list), place), None))
    }

    #[allow(clippy::indexing_slicing)] // `of` has looked; lists do not change.
    pub(crate) fn core(&self) -> &core::Microdeposit {
        match &self.0 {
            Held::One(record) => record,
            Held::Of(list, place) => &list[*place],
        }
    }

    /// Words for a person: guid, status, the account's last four.
    pub(crate) fn summary(&self) -> String {
        let record = self.core();
        let account = record.account_number.as_ref().map(|number| format!(" {}", number.masked())).unwrap_or_default();
        let kind = record.kind().map(|kind| format!(" {}", kind.name())).unwrap_or_default();
        format!("<Microdeposit {} {}{kind}{account}>", record.guid, record.status)
    }

    pub(crate) fn hashed(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.core().hash(&mut hasher);
        hasher.finish()
    }
}

fn reveal(redacted: bool) -> Reveal {
    if redacted { Reveal::Masked } else { Reveal::Full }
}

fn private(text: &Option<core::Private>) -> Option<Private> {
    text.clone().map(Private)
}

#[pymethods]
impl Microdeposit {
    /// What a positional pattern matches: `case Microdeposit(guid, Status.VERIFIED)`.
    #[classattr]
    #[pyo3(name = "__match_args__")]
    const MATCH_ARGS: (&'static str, &'static str) = ("guid", "status");

    /// Reads a record in the API's own shape, wrapped or bare: bytes or str. Raises DecodeError.
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_json(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Microdeposit> {
        let text = Zeroizing::new(bytes("text", text)?);
        let record = py.detach(|| guarded("Microdeposit.from_json", || core::Microdeposit::from_json(&text)));
        checked(py, record).map(Microdeposit::new)
    }

    /// The name of the account.
    #[getter]
    fn account_name(&self) -> Option<Private> {
        private(&self.core().account_name)
    }

    /// The account number; printed as its last four.
    #[getter]
    fn account_number(&self) -> Option<AccountNumber> {
        self.core().account_number.clone().map(AccountNumber)
    }

    /// 1 for CHECKING, 2 for SAVINGS, or what else came.
    #[getter]
    fn account_type(&self) -> Option<i64> {
        self.core().account_type
    }

    /// The name of the account's type, as it came.
    #[getter]
    fn account_type_name(&self) -> Option<&str> {
        self.core().account_type_name.as_deref()
    }

    /// From create() and preinitiate() only: what presumes that this record is that call's; None where the server's own response
    /// brought it.
    #[getter]
    fn assumed<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        crate::members::assumption(py, self.1)
    }

    /// When it was created, aware and in UTC; None also where the server's text says no instant (see to_dict()).
    #[getter]
    fn created_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.core().created_at.as_ref())
    }

    /// The person's e-mail address; printed masked.
    #[getter]
    fn email(&self) -> Option<Private> {
        private(&self.core().email)
    }

    /// A code, where something failed, such as an ACH return code.
    #[getter]
    fn error_code(&self) -> Option<&str> {
        self.core().error_code.as_deref()
    }

    /// A message, where something failed; it may repeat what it complains of, so it is printed masked.
    #[getter]
    fn error_message(&self) -> Option<Private> {
        private(&self.core().error_message)
    }

    /// The person's first name; printed masked.
    #[getter]
    fn first_name(&self) -> Option<Private> {
        private(&self.core().first_name)
    }

    /// The identifier. Not a secret.
    #[getter]
    fn guid(&self) -> &str {
        self.core().guid.as_str()
    }

    /// The bank's name.
    #[getter]
    fn institution_name(&self) -> Option<&str> {
        self.core().institution_name.as_deref()
    }

    /// The person's last name; printed masked.
    #[getter]
    fn last_name(&self) -> Option<Private> {
        private(&self.core().last_name)
    }

    /// The routing number; printed as its last four.
    #[getter]
    fn routing_number(&self) -> Option<RoutingNumber> {
        self.core().routing_number.clone().map(RoutingNumber)
    }

    /// Where it stands.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        status::to_python(py, &self.core().status)
    }

    /// The name of the status as it came. Where it contradicts the number, `status` is an unknown one.
    #[getter]
    fn status_name(&self) -> Option<&str> {
        self.core().status_name.as_deref()
    }

    /// When it last changed, aware and in UTC.
    #[getter]
    fn updated_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.core().updated_at.as_ref())
    }

    /// When it was verified, aware and in UTC. MX's examples carry it in other statuses too, so it proves nothing.
    #[getter]
    fn verified_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.core().verified_at.as_ref())
    }

    /// The record in the API's own shape: every field in the documented order, None for what is absent. In full, secrets too,
    /// unless `redacted`.
    #[pyo3(signature = (*, redacted = false))]
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>, redacted: bool) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        for (field, value) in self.core().fields(reveal(redacted)) {
            match value {
                FieldValue::Null => dict.set_item(field.name(), py.None())?,
                FieldValue::Number(number) => dict.set_item(field.name(), number)?,
                FieldValue::Text(text) => dict.set_item(field.name(), text)?,
            }
        }
        Ok(dict)
    }

    /// As to_dict(), as the bytes of a JSON document.
    #[pyo3(signature = (*, redacted = false))]
    fn to_json<'py>(&self, py: Python<'py>, redacted: bool) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.core().to_json_text(reveal(redacted)).as_bytes())
    }

    /// The names of the fields, in the documented order. With this a record is a mapping to what to_dict(redacted=True) holds:
    /// `dict(record)` is masked.
    fn keys(&self) -> [&'static str; core::Microdeposit::FIELDS.len()] {
        core::Microdeposit::FIELDS
    }

    /// The masked values, in the order of keys().
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py, true)?.as_any().call_method0("values")
    }

    /// The pairs of name and masked value.
    fn items<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py, true)?.call_method0("items")
    }

    /// The masked value of a field, or the default where there is no such field.
    #[pyo3(signature = (name, default = None, /))]
    fn get<'py>(
        &self,
        py: Python<'py>,
        name: &Bound<'py, PyAny>,
        default: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(py, true)?.call_method1("get", (name, default))
    }

    fn __getitem__<'py>(&self, name: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.to_dict(name.py(), true)?.as_any().get_item(name)
    }

    fn __contains__(&self, name: &Bound<'_, PyAny>) -> PyResult<bool> {
        self.to_dict(name.py(), true)?.contains(name)
    }

    fn __len__(&self) -> usize {
        core::Microdeposit::FIELDS.len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.keys().into_pyobject(py)?.call_method0("__iter__")
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
        self.summary()
    }

    /// A small table for notebooks, masked.
    fn _repr_html_(&self) -> String {
        let mut html = String::from("<table>");
        for (field, value) in self.core().fields(Reveal::Masked) {
            let text = match value {
                FieldValue::Null => continue,
                FieldValue::Number(number) => number.to_string(),
                FieldValue::Text(text) => escaped(&text),
            };
            html.push_str(&format!("<tr><th>{}</th><td>{text}</td></tr>", field.name()));
        }
        html + "</table>"
    }

    fn __eq__(&self, other: &Microdeposit) -> bool {
        self.core() == other.core()
    }

    fn __hash__(&self) -> u64 {
        self.hashed()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(PyTypeError::new_err(
            "a Microdeposit cannot be pickled, for it holds an account number: \
             pickle to_dict(redacted=True), or send the guid and read it anew",
        ))
    }
}

/// For HTML text.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}
