//! `Cents`: a deposit in whole cents.

use nexus_types::DepositAmount;
use pyo3::basic::CompareOp;
use pyo3::prelude::*;

use crate::arguments::whole;
use crate::convert::{checked, formatted, to_decimal};

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
