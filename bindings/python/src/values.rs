//! `Cents`: a deposit in whole cents; and the other types that an amount can have.

use nexus_types::{DepositAmount, InputError};
use pyo3::basic::CompareOp;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyFloat, PyInt, PyString};

use crate::arguments::{text, whole};
use crate::convert::formatted;
use crate::errors::checked;

/// One of the two deposits, in whole cents: Cents(9) is nine cents, "0.09".
///
/// Takes 1 to 99; another whole number raises InvalidInput, anything else TypeError.
#[pyclass(frozen, module = "mx_nexus")]
#[derive(Clone, Copy)]
pub struct Cents(pub DepositAmount);

#[pymethods]
impl Cents {
    #[new]
    #[pyo3(signature = (cents, /))]
    fn new(py: Python<'_>, cents: &Bound<'_, PyAny>) -> PyResult<Cents> {
        let cents: u32 = whole("deposit_amount", cents, "must be 1 to 99 cents", |_| true)?;
        checked(py, DepositAmount::from_cents(cents)).map(Cents)
    }

    /// The cents: 1 to 99.
    #[getter]
    fn cents(&self) -> u8 {
        self.0.cents()
    }

    /// The amount in dollars, exact: Decimal("0.09").
    #[getter]
    fn amount<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_decimal(py, self.0)
    }

    fn __str__(&self) -> String {
        self.0.to_string()
    }

    fn __repr__(&self) -> String {
        format!("Cents({})", self.0.cents())
    }

    fn __format__(&self, py: Python<'_>, spec: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        formatted(py, &self.__str__(), spec)
    }

    fn __int__(&self) -> u8 {
        self.0.cents()
    }

    fn __hash__(&self) -> u64 {
        u64::from(self.0.cents())
    }

    fn __richcmp__(&self, other: &Bound<'_, PyAny>, op: CompareOp) -> Py<PyAny> {
        let py = other.py();
        match other.cast::<Cents>() {
            Ok(other) => {
                let result = op.matches(self.0.cmp(&other.get().0));
                pyo3::types::PyBool::new(py, result).to_owned().into_any().unbind()
            }
            Err(_) => py.NotImplemented(),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> (Bound<'py, PyAny>, (u8,)) {
        (slf.get_type().into_any(), (slf.get().0.cents(),))
    }
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

fn decimal_amount(value: &Bound<'_, PyAny>) -> PyResult<Result<DepositAmount, InputError>> {
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
