//! `Settings`: the limits and assumptions of flows, and the retry budget that the flows of one program share.

use std::sync::{Arc, Mutex};

use nexus_http::{Environment, INTEGRATION_URL, PRODUCTION_URL, Scope};
use nexus_types::Error;
use nexus_types::decide::budget::Budget;
use nexus_types::flow;
use pyo3::prelude::*;

use crate::arguments::{Text, given};
use crate::assumptions::Assumptions;
use crate::client_options::{Options, retry};
use crate::errors::raise;
use crate::logging::Log;

/// Limits and assumptions of flows, and the budget of retries that they share: make one for each user of a server.
///
/// base_url: the address of the server; client_id and user_id: the user of the session. A journal separates its entries by
/// these three, so a flow with a key needs the address. timeout: a whole flow, or one read of a wait (60 s); attempt_timeout:
/// one request and its response (30 s); reconcile_timeout: reading or listing after an unknown outcome, within the flow (5 s).
/// read_attempts: how often a read may be sent (3). environment: "integration" or "production", says how often a wait reads
/// (by the address).
/// Raises InvalidInput, naming the option.
#[pyclass(frozen, module = "mx_nexus.flows")]
pub struct Settings(pub(crate) Arc<Shared>);

/// What the flows of one `Settings` share.
pub(crate) struct Shared {
    pub(crate) flow: flow::Settings,
    pub(crate) scope: Option<Scope>,
    pub(crate) budget: Mutex<Budget>,
}

type Arg<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

#[pymethods]
impl Settings {
    #[new]
    #[pyo3(signature = (base_url = None, *, client_id = None, user_id = None, timeout = None, attempt_timeout = None,
        reconcile_timeout = None, read_attempts = None, environment = None, assumptions = None))]
    #[allow(clippy::too_many_arguments)]
    fn new<'py>(
        py: Python<'py>,
        base_url: Option<Text<'py>>,
        client_id: Option<Text<'py>>,
        user_id: Option<Text<'py>>,
        timeout: Arg<'_, 'py>,
        attempt_timeout: Arg<'_, 'py>,
        reconcile_timeout: Arg<'_, 'py>,
        read_attempts: Arg<'_, 'py>,
        environment: Option<Text<'py>>,
        assumptions: Option<&Bound<'py, Assumptions>>,
    ) -> PyResult<Settings> {
        let (base_url, environment) = (given("base_url", &base_url)?, given("environment", &environment)?);
        let user = match (given("client_id", &client_id)?, given("user_id", &user_id)?) {
            (None, None) => None,
            (Some(client_id), Some(user_id)) => Some([client_id.to_owned(), user_id.to_owned()]),
            _ => return Err(raise(py, Error::input("credentials", "must be client_id and user_id together"))),
        };
        // A client is built with them, so that address and limits are held to its rules; it sends nothing.
        let session = pyo3::types::PyString::new(py, "none");
        let limits = Options {
            base_url: Some(base_url.unwrap_or(PRODUCTION_URL)),
            session_token: Some(session.as_any()),
            timeout,
            attempt_timeout,
            reconcile_timeout,
            environment,
            assumptions,
            ..Options::default()
        };
        let limits = limits.build(py, Log::new())?.1;
        let mut own = flow::Settings::default();
        (own.attempt, own.call, own.reconcile) = (limits.attempt, limits.call, limits.reconcile);
        own.retry = retry(read_attempts)?.unwrap_or(own.retry);
        let (origin, near) = base_url.map(origin).unzip();
        own.environment = match (environment, near) {
            (Some("integration"), _) | (None, Some(true)) => Environment::Integration,
            _ => Environment::Production,
        };
        own.assumptions = assumptions.map(|assumptions| assumptions.get().0).unwrap_or_default();
        let scope = origin.map(|origin| Scope::new(origin, user));
        Ok(Settings(Arc::new(Shared { flow: own, scope, budget: Mutex::new(Budget::default()) })))
    }

    fn __repr__(&self) -> String {
        let at = self.0.scope.as_ref().map(|scope| format!(" {}", scope.environment)).unwrap_or_default();
        format!("<Settings{at}>")
    }
}

impl Shared {
    /// For a flow that was given none.
    pub(crate) fn own() -> Arc<Shared> {
        let flow = flow::Settings::default();
        Arc::new(Shared { flow, scope: None, budget: Mutex::new(Budget::default()) })
    }
}

/// Scheme, host and port of an address that a client has taken, in the form in which the client names them to a journal: lower
/// case, no usual port, no dot behind the host; and whether deposits take minutes there.
fn origin(url: &str) -> (String, bool) {
    let url = url.to_ascii_lowercase();
    let (scheme, rest) = url.split_once("://").unwrap_or(("https", &url));
    let authority = rest.split('/').next().unwrap_or_default();
    let port_at = authority.rfind(':').filter(|at| !authority.get(*at..).is_some_and(|rest| rest.contains(']')));
    let (host, port) = port_at.map_or((authority, ""), |at| authority.split_at(at));
    let host = host.strip_suffix('.').unwrap_or(host);
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    let host = match address {
        Ok(std::net::IpAddr::V6(address)) => format!("[{address}]"),
        Ok(std::net::IpAddr::V4(address)) => address.to_string(),
        Err(_) => host.to_owned(),
    };
    let number = port.trim_start_matches(':').parse::<u16>().ok();
    let usual = if scheme == "http" { 80 } else { 443 };
    let origin = match number.filter(|number| *number != usual) {
        Some(number) => format!("{scheme}://{host}:{number}"),
        None => format!("{scheme}://{host}"),
    };
    let loopback = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
    let near = loopback || origin == INTEGRATION_URL;
    (origin, near)
}
