//! What every flow is asked and told, as Python writes it: the methods that all of them have.

use nexus_types::flow::Lost;
use nexus_types::{Error, ErrorKind, TransportCause, TransportProblem};
use pyo3::prelude::*;

use crate::arguments::{Text, text_or};
use crate::errors::checked;

pub(crate) fn lost(py: Python<'_>, problem: &Text<'_>, cause: Option<&Bound<'_, PyAny>>) -> PyResult<Lost> {
    let problem = problem.of("problem")?;
    use TransportProblem::{Cancelled, Connect, Io, Protocol, Timeout, Tls, TooLarge};
    let problems = [Connect, Timeout, Io, Tls, TooLarge, Cancelled, Protocol];
    let known = problems.into_iter().find(|known| ErrorKind::from(*known).name() == problem);
    let rule = "must be \"connect\", \"timeout\", \"io\", \"tls\", \"too_large\", \"cancelled\" or \"protocol\"";
    let problem = checked(py, known.ok_or_else(|| Error::input("problem", rule)))?;
    let Some(cause) = cause else { return Ok(Lost::new(problem)) };
    let name = text_or("cause", cause, "text")?;
    let known = TransportCause::ALL.iter().copied().find(|known| known.name() == name);
    let rule = || Error::input("cause", "must be a TransportCause or the name of one");
    Ok(Lost::new(problem).with_cause(Some(checked(py, known.ok_or_else(rule))?)))
}

macro_rules! flow {
    ($name:ident, $doc:literal, $new:item $($more:item)*) => {
        #[doc = $doc]
        #[pyclass(frozen, module = "mx_nexus.flows")]
        pub struct $name(Engine);

        #[pymethods]
        impl $name {
            #[new]
            $new

            $($more)*

            /// The next step: Send, SendOnce, Sleep, Renew or Done. Asked again without a word about the last one, a request
            /// of SendOnce counts as lost; after Done it says the same Done again.
            ///
            /// elapsed: seconds on a clock that never goes back, unix: whole seconds since 1970, chance: an even number from 0
            /// to below 1. `mx_nexus.flows.now()` gives all three.
            #[pyo3(signature = (elapsed, unix, chance, /))]
            fn next(&self, py: Python<'_>, elapsed: f64, unix: i64, chance: f64) -> PyResult<Py<PyAny>> {
                self.0.next(py, elapsed, unix, chance)
            }

            /// A whole response came, of any HTTP status.
            #[pyo3(signature = (status, body, *, retry_after = None))]
            fn response(
                &self,
                status: &Bound<'_, PyAny>,
                body: &Bound<'_, PyAny>,
                retry_after: Option<Text<'_>>,
            ) -> PyResult<()> {
                let response = Response::new(http_status(status)?, bytes("body", body)?);
                self.0.tell(Event::Response(match given("retry_after", &retry_after)? {
                    Some(retry_after) => response.with_retry_after(retry_after),
                    None => response,
                }));
                Ok(())
            }

            /// No response came, and certainly no byte of the request's body left this machine. problem: "connect", "timeout",
            /// "io", "tls", "too_large", "cancelled" or "protocol". cause: a TransportCause, where it is known.
            #[pyo3(signature = (problem, *, cause = None))]
            fn not_sent(&self, py: Python<'_>, problem: Text<'_>, cause: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
                self.0.tell(Event::NotSent(lost(py, &problem, cause)?));
                Ok(())
            }

            /// No whole response came, and the server may have acted. As not_sent().
            #[pyo3(signature = (problem, *, cause = None))]
            fn maybe_sent(&self, py: Python<'_>, problem: Text<'_>, cause: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
                self.0.tell(Event::MaybeSent(lost(py, &problem, cause)?));
                Ok(())
            }

            /// There is no session to send with, and nothing was sent: give the NexusError that a SessionFlow ended with.
            #[pyo3(signature = (error, /))]
            fn no_session(&self, error: &Bound<'_, PyAny>) -> PyResult<()> {
                let rule = "error must be an exception that this package has raised";
                let error = errors::core(error).ok_or_else(|| PyTypeError::new_err(rule))?;
                self.0.tell(Event::NoSession(error));
                Ok(())
            }

            /// The time of a Sleep has come.
            fn elapsed(&self) {
                self.0.tell(Event::Elapsed);
            }

            /// The caller gave up, instead of a sleep or before a request was sent. While a request of SendOnce is out it proves
            /// nothing: the request counts as maybe sent.
            fn cancelled(&self) {
                self.0.tell(Event::Cancelled);
            }

            /// There is a new session.
            fn renewed(&self) {
                self.0.tell(Event::Renewed);
            }

            /// The session was given from outside, and no other can be had.
            fn not_renewable(&self) {
                self.0.tell(Event::NotRenewable);
            }

            /// The name of the state that the flow was in when it was last asked; "before" until then.
            #[getter]
            fn state(&self) -> &'static str {
                self.0.state()
            }

            /// How many requests went out so far, session renewals not counted.
            #[getter]
            fn requests_sent(&self) -> u32 {
                self.0.requests_sent()
            }

            fn __repr__(&self) -> String {
                format!("<{} {}>", stringify!($name), self.0.state())
            }
        }
    };
}
