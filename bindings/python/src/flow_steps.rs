//! The steps of a flow as Python objects.

use std::sync::{Mutex, PoisonError};

use nexus_types::flow::{self, Pause, Permit, Purpose};
use nexus_types::{self as core, Error};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

use crate::endpoints::Request;
use crate::errors::checked;
use crate::outcome::Outcome;
use crate::record::Microdeposit;
use crate::records::Microdeposits;
use crate::secrets::Secret;

/// What a flow ends with.
#[derive(Clone)]
pub(crate) enum Output {
    Submitted(Box<core::Outcome>),
    Made(Box<core::Created>),
    Record(Box<core::Microdeposit>),
    Records(Vec<core::Microdeposit>),
    Session(core::SessionToken),
}

/// Send `request`, with its secret joined; it may be repeated, so a kept connection may carry it.
#[pyclass(frozen, module = "mx_nexus.flows")]
pub struct Send {
    send: flow::Send,
    not_after: Option<i64>,
}

#[pymethods]
impl Send {
    /// What to send, but for the secret.
    #[getter]
    fn request(&self) -> Request {
        Request((*self.send.request).clone())
    }

    /// Seconds that it may take in all, from the name to the last byte of the body.
    #[getter]
    fn timeout(&self) -> f64 {
        self.send.timeout.as_secs_f64()
    }

    /// When everything about it must be over, the opening of a session included: on the clock that next() is given.
    #[getter]
    fn deadline(&self) -> f64 {
        self.send.deadline.as_secs_f64()
    }

    /// What it is for: "call", "before", "change", "reconcile" or "poll".
    #[getter]
    fn purpose(&self) -> &'static str {
        match self.send.purpose {
            Purpose::Call => "call",
            Purpose::Before => "before",
            Purpose::Change => "change",
            Purpose::Reconcile => "reconcile",
            Purpose::Poll => "poll",
            _ => "",
        }
    }

    /// Which request of the flow it is, from 1.
    #[getter]
    fn number(&self) -> u32 {
        self.send.number
    }

    /// The secret to join, where it is a one-time API token that the flow got itself; None: the session, or the API key where
    /// `request.host` is "sso".
    #[getter]
    fn token(&self) -> Option<Secret> {
        self.send.token.as_ref().map(|token| Secret::make(token.expose()))
    }

    /// Whether it must not leave any more at this second since 1970: then it is not sent, by the cause "too_late". Ask as the
    /// first byte of the body is about to leave; the machine may have slept.
    #[pyo3(signature = (unix, /))]
    fn is_too_late(&self, unix: i64) -> bool {
        self.not_after.is_some_and(|not_after| unix > not_after)
    }

    fn __repr__(&self) -> String {
        format!("<Send {} {} number={}>", self.send.request.operation.name(), self.purpose(), self.send.number)
    }
}

/// Send a request once: on a new connection, without redirects, and without retries by the HTTP library.
#[pyclass(frozen, module = "mx_nexus.flows")]
pub struct SendOnce {
    operation: &'static str,
    /// None once spent.
    permit: Mutex<Option<Permit>>,
}

#[pymethods]
impl SendOnce {
    /// What to send. Given once: RuntimeError after that.
    fn spend(&self) -> PyResult<Send> {
        let permit = self.permit.lock().unwrap_or_else(PoisonError::into_inner).take();
        let spent = "this request was given already, and must not be sent twice";
        let once = permit.ok_or_else(|| PyRuntimeError::new_err(spent))?.spend();
        Ok(Send { send: once.send, not_after: once.not_after })
    }

    fn __repr__(&self) -> String {
        format!("<SendOnce {}>", self.operation)
    }
}

/// Do nothing until a moment; then report elapsed(), or cancelled().
#[pyclass(frozen, get_all, module = "mx_nexus.flows")]
pub struct Sleep {
    /// Until when, on the clock that next() is given.
    until: f64,
    /// Why: "retry", "reconcile" or "poll".
    pause: &'static str,
}

#[pymethods]
impl Sleep {
    fn __repr__(&self) -> String {
        format!("<Sleep until={:.3} {}>", self.until, self.pause)
    }
}

/// The session was refused: open another by a SessionFlow and report renewed() or no_session(); or report not_renewable().
#[pyclass(frozen, get_all, module = "mx_nexus.flows")]
pub struct Renew {
    /// By when, on the clock that next() is given.
    deadline: f64,
}

#[pymethods]
impl Renew {
    fn __repr__(&self) -> String {
        format!("<Renew deadline={:.3}>", self.deadline)
    }
}

/// The flow is over.
#[pyclass(frozen, module = "mx_nexus.flows")]
pub struct Done(pub(crate) Result<Output, Error>);

#[pymethods]
impl Done {
    /// What the flow ends with, or raises what it failed with: the same as the client's method of that name.
    fn output(&self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match checked(py, self.0.clone())? {
            Output::Submitted(outcome) => Py::new(py, Outcome::new(py, *outcome)?)?.into_any(),
            Output::Made(created) => Py::new(py, Microdeposit::created(*created))?.into_any(),
            Output::Record(record) => Py::new(py, Microdeposit::new(*record))?.into_any(),
            Output::Records(records) => Py::new(py, Microdeposits::new(records))?.into_any(),
            Output::Session(token) => Py::new(py, Secret::make(token.expose()))?.into_any(),
        })
    }

    fn __repr__(&self) -> String {
        match &self.0 {
            Ok(_) => "<Done>".to_owned(),
            Err(error) => format!("<Done {}>", error.kind().name()),
        }
    }
}

/// Any step but one for the journal.
pub(crate) enum Taken {
    Send(flow::Send),
    SendOnce(Permit, &'static str),
    Sleep(flow::Sleep),
    Renew(std::time::Duration),
    Done(Result<Output, Error>),
}

impl Taken {
    pub(crate) fn into_python(self, py: Python<'_>) -> PyResult<Py<PyAny>> {
        Ok(match self {
            Taken::Send(send) => Py::new(py, Send { send, not_after: None })?.into_any(),
            Taken::SendOnce(permit, operation) => {
                Py::new(py, SendOnce { operation, permit: Mutex::new(Some(permit)) })?.into_any()
            }
            Taken::Sleep(sleep) => {
                let pause = match sleep.pause {
                    Pause::Retry => "retry",
                    Pause::Reconcile => "reconcile",
                    _ => "poll",
                };
                Py::new(py, Sleep { until: sleep.until.as_secs_f64(), pause })?.into_any()
            }
            Taken::Renew(deadline) => Py::new(py, Renew { deadline: deadline.as_secs_f64() })?.into_any(),
            Taken::Done(ended) => Py::new(py, Done(ended))?.into_any(),
        })
    }
}
