//! Secret values: printed masked, refused by pickle, and read only by `expose()`.

use std::hash::{DefaultHasher, Hash, Hasher};

use nexus_types::{self as core};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use zeroize::Zeroizing;

use crate::arguments::{Text, whole};
use crate::convert::formatted;
use crate::errors::checked;

fn refused(class: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "a {class} cannot be pickled, so that no file or queue holds it in clear: store what expose() gives in a place that may hold it"
    ))
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

macro_rules! masked {
    ($name:ident, $expose:ident) => {
        impl $name {
            fn masked_text(&self) -> String {
                self.0.masked()
            }

            pub(crate) fn text(&self) -> &str {
                self.0.$expose()
            }
        }
    };
}

/// Personal text of a record: a name, an e-mail address, a message. Printed it shows its first character.
#[pyclass(frozen, eq, hash, module = "mx_nexus")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Private(pub core::Private);
masked!(Private, expose);

#[pymethods]
impl Private {
    /// The text itself. Keep it out of logs.
    fn expose(&self) -> &str {
        self.text()
    }

    fn __str__(&self) -> String {
        self.masked_text()
    }

    fn __repr__(&self) -> String {
        format!("Private({:?})", self.masked_text())
    }

    fn __format__(&self, py: Python<'_>, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        formatted(py, &self.__str__(), spec)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(refused("Private"))
    }
}

/// An account number, 1 to 17 characters. Printed it shows its last four, or nothing of a shorter one.
///
/// Raises InvalidInput on `account_number`.
#[pyclass(frozen, eq, hash, module = "mx_nexus")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccountNumber(pub core::AccountNumber);
masked!(AccountNumber, expose);

#[pymethods]
impl AccountNumber {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(py: Python<'_>, text: Text<'_>) -> PyResult<AccountNumber> {
        checked(py, core::AccountNumber::new(text.of("account_number")?)).map(AccountNumber)
    }

    /// The whole number. Keep it out of logs.
    fn expose(&self) -> &str {
        self.text()
    }

    fn __str__(&self) -> String {
        self.masked_text()
    }

    fn __repr__(&self) -> String {
        format!("AccountNumber({:?})", self.masked_text())
    }

    fn __format__(&self, py: Python<'_>, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        formatted(py, &self.__str__(), spec)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(refused("AccountNumber"))
    }
}

/// A routing number: nine digits whose ABA check digit is right. Printed it shows its last four.
///
/// `refused` names numbers to refuse, such as MX_TEST_REFUSED. Raises InvalidInput on `routing_number`.
#[pyclass(frozen, eq, hash, module = "mx_nexus")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RoutingNumber(pub core::RoutingNumber);
masked!(RoutingNumber, as_str);

#[pymethods]
impl RoutingNumber {
    #[new]
    #[pyo3(signature = (text, /, *, refused = Vec::new()))]
    fn new(py: Python<'_>, text: Text<'_>, refused: Vec<Text<'_>>) -> PyResult<RoutingNumber> {
        let refused: Vec<&str> = refused.iter().map(|number| number.of("refused")).collect::<PyResult<_>>()?;
        checked(py, core::RoutingNumber::new_refusing(text.of("routing_number")?, &refused)).map(RoutingNumber)
    }

    /// From a number that lost its leading zeros: 91000019 is 091000019. Raises InvalidInput.
    #[staticmethod]
    #[pyo3(signature = (number, /))]
    fn from_number(py: Python<'_>, number: &Bound<'_, PyAny>) -> PyResult<RoutingNumber> {
        let number = whole("routing_number", number, "must be at most nine digits", |_| true)?;
        checked(py, core::RoutingNumber::from_number(number)).map(RoutingNumber)
    }

    /// The nine digits.
    fn expose(&self) -> &str {
        self.text()
    }

    /// Whether it satisfies the rules; a record may hold one that does not.
    #[getter]
    fn is_valid(&self) -> bool {
        self.0.is_valid()
    }

    fn __str__(&self) -> String {
        self.masked_text()
    }

    fn __repr__(&self) -> String {
        format!("RoutingNumber({:?})", self.masked_text())
    }

    fn __format__(&self, py: Python<'_>, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        formatted(py, &self.__str__(), spec)
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(refused("RoutingNumber"))
    }
}

/// A token, or the address of a widget. Nothing of it is ever printed.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    pub(crate) fn make(text: &str) -> Secret {
        Secret(Zeroizing::new(text.to_owned()))
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

#[pymethods]
impl Secret {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(text: Text<'_>) -> PyResult<Secret> {
        text.of("secret").map(Secret::make)
    }

    /// The secret itself. Keep it out of logs.
    fn expose(&self) -> &str {
        self.text()
    }

    fn __str__(&self) -> &'static str {
        "…"
    }

    fn __repr__(&self) -> &'static str {
        "Secret(…)"
    }

    fn __format__(&self, py: Python<'_>, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        formatted(py, self.__str__(), spec)
    }

    fn __eq__(&self, other: &Secret) -> bool {
        self.text() == other.text()
    }

    fn __hash__(&self) -> u64 {
        hash(self.text())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(refused("Secret"))
    }
}
