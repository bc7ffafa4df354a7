//! The methods that all Python flows share: the next step, and the events.

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

            /// The next step: Send, SendOnce, Sleep, Renew or Done. If no event was reported for the last step, a request
            /// of SendOnce counts as lost. After Done it returns the same Done again.
            ///
            /// elapsed: seconds on a clock that never goes back, unix: whole seconds since 1970, chance: a random number,
            /// uniform from 0 to below 1. `mx_nexus.flows.now()` gives all three.
            #[pyo3(signature = (elapsed, unix, chance, /))]
            fn next(&self, py: Python<'_>, elapsed: f64, unix: i64, chance: f64) -> PyResult<Py<PyAny>> {
                self.0.next(py, elapsed, unix, chance)
            }

            /// Reports a whole response, of any HTTP status.
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

            /// Reports that no response came, and that certainly no byte of the request's body left this machine. problem:
            /// "connect", "timeout", "io", "tls", "too_large", "cancelled" or "protocol". cause: a TransportCause, where it
            /// is known.
            #[pyo3(signature = (problem, *, cause = None))]
            fn not_sent(&self, py: Python<'_>, problem: Text<'_>, cause: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
                self.0.tell(Event::NotSent(lost(py, &problem, cause)?));
                Ok(())
            }

            /// Reports that no whole response came, and that the server may have acted. Parameters as of not_sent().
            #[pyo3(signature = (problem, *, cause = None))]
            fn maybe_sent(&self, py: Python<'_>, problem: Text<'_>, cause: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
                self.0.tell(Event::MaybeSent(lost(py, &problem, cause)?));
                Ok(())
            }

            /// Reports that no session could be opened and nothing was sent: give the NexusError that a SessionFlow ended
            /// with.
            #[pyo3(signature = (error, /))]
            fn no_session(&self, error: &Bound<'_, PyAny>) -> PyResult<()> {
                let rule = "error must be an exception that this package has raised";
                let error = errors::core(error).ok_or_else(|| PyTypeError::new_err(rule))?;
                self.0.tell(Event::NoSession(error));
                Ok(())
            }

            /// Reports the end of a Sleep.
            fn elapsed(&self) {
                self.0.tell(Event::Elapsed);
            }

            /// Reports that the caller cancelled a sleep, or a request before it was sent. While a request of SendOnce is
            /// out, the request counts as maybe sent.
            fn cancelled(&self) {
                self.0.tell(Event::Cancelled);
            }

            /// Reports a new session.
            fn renewed(&self) {
                self.0.tell(Event::Renewed);
            }

            /// Reports that the session was given from outside and cannot be renewed.
            fn not_renewable(&self) {
                self.0.tell(Event::NotRenewable);
            }

            /// The name of the state that the flow was in when it was last asked; "before" until then.
            #[getter]
            fn state(&self) -> &'static str {
                self.0.state()
            }

            /// The number of requests sent so far, without session renewals.
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
