//! `WebhookEvent`: the parsed body of a webhook.

use nexus_types::{self as core, Action};
use pyo3::prelude::*;

use crate::arguments::bytes;
use crate::errors::checked;
use crate::panic::guarded;
use crate::record::Microdeposit;

const ADVICE: &str =
    "Do not act on it: this is not what MX posts. Read the microdeposit instead; if MX did post it, please report it.";

/// A webhook delivery. It is a hint, unsigned: read the microdeposit before you act on it.
#[pyclass(frozen, module = "mx_nexus")]
pub struct WebhookEvent {
    event: core::WebhookEvent,
    record: Py<Microdeposit>,
}

#[pymethods]
impl WebhookEvent {
    /// Reads the body of a delivery: bytes or str. Raises DecodeError.
    #[staticmethod]
    #[pyo3(signature = (body, /))]
    fn parse(py: Python<'_>, body: &Bound<'_, PyAny>) -> PyResult<WebhookEvent> {
        let body = bytes("body", body)?;
        let event = py.detach(|| guarded("WebhookEvent.parse", || core::WebhookEvent::parse(&body)));
        let event = checked(py, event).inspect_err(|error| {
            // There is no address to check: whoever posted it is at fault, and a delivery is only a hint.
            let _ = error.value(py).setattr("advice", ADVICE);
        })?;
        let record = Py::new(py, Microdeposit::new(event.record.clone()))?;
        Ok(WebhookEvent { event, record })
    }

    /// "created", "updated", or any other as it came; empty where there was none.
    #[getter]
    fn action(&self) -> &str {
        match &self.event.action {
            Action::Created => "created",
            Action::Updated => "updated",
            Action::Other(text) => text,
            _ => "",
        }
    }

    /// The version of the form; 1 is the known one.
    #[getter]
    fn version(&self) -> Option<i64> {
        self.event.version
    }

    /// The microdeposit as the event describes it. Read it from the API before trusting this.
    #[getter]
    fn record(&self, py: Python<'_>) -> Py<Microdeposit> {
        self.record.clone_ref(py)
    }

    /// MX's identifier of the institution.
    #[getter]
    fn institution_guid(&self) -> Option<&str> {
        self.event.institution_guid.as_deref()
    }

    /// MX's identifier of the user.
    #[getter]
    fn user_guid(&self) -> Option<&str> {
        self.event.user_guid.as_deref()
    }

    /// The partner's identifier of the user.
    #[getter]
    fn user_id(&self) -> Option<&str> {
        self.event.user_id.as_deref()
    }

    fn __repr__(&self) -> String {
        let action = match &self.event.action {
            Action::Created => "created",
            Action::Updated => "updated",
            _ => "(other)",
        };
        format!("<WebhookEvent {action} {}>", self.record.get().summary())
    }

    fn __eq__(&self, other: &WebhookEvent) -> bool {
        self.event == other.event
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(pyo3::exceptions::PyTypeError::new_err(
            "a WebhookEvent cannot be pickled, for it holds an account number: \
             pickle record.to_dict(redacted=True), or send the guid and read it anew",
        ))
    }
}
