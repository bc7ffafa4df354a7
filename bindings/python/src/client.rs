//! `Client`: its methods in Python.

use nexus_types::{self as core, Created, Error, Operation};
use pyo3::prelude::*;

use crate::arguments::{Text, given};
use crate::assumptions::Assumptions;
use crate::call::Caller;
use crate::client_options::Options;
use crate::convert::{self, duration};
use crate::endpoints::{create, person};
use crate::journal::{Journal, keyed};
use crate::logging::Log;
use crate::outcome::Outcome;
use crate::record::Microdeposit;
use crate::records::Microdeposits;
use crate::secrets::Secret;
use crate::values::amount;
use crate::wait;
use crate::wait_parts::{Part, WaitParts};

/// A client of the Nexus API. Safe to share between threads; a context manager.
///
/// Give a session token, or SSO credentials (client_id, user_id, api_key), with which it opens and renews sessions itself.
/// base_url: INTEGRATION_URL, PRODUCTION_URL, or a sandbox's; if left out, it follows from sso_url. Options, each None for its
/// default:
///
/// timeout: a call in all (60 s); attempt_timeout: one request and its response (30 s); connect_timeout: name, connection and
/// TLS (10 s); reconcile_timeout: reading or listing after an unknown outcome, within the call (5 s). Seconds as float or int,
/// or a timedelta.
/// max_body: the largest response in bytes (64 MiB). read_attempts: how often a read may be sent (3); creates and verifies are
/// sent once regardless. environment: "integration" or "production" decides how often wait() reads; the default follows
/// from the address. assumptions: what is assumed about MX's server, an Assumptions. proxy: "http://host:port"; no
/// environment variable is read. root_certificates: PEM instead of Mozilla's. client_certificate: (chain PEM, key
/// PEM). product: names your program in User-Agent.
///
/// Raises InvalidInput, naming the option. Nothing is sent until the first call.
#[pyclass(frozen, module = "mx_nexus")]
pub struct Client {
    caller: Caller,
    shown: String,
}

type Arg<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

fn limit(timeout: Arg<'_, '_>) -> PyResult<Option<std::time::Duration>> {
    timeout.map(|value| duration("timeout", value)).transpose()
}

impl Client {
    fn make(
        &self,
        py: Python<'_>,
        timeout: Arg<'_, '_>,
        operation: Operation,
        work: impl FnOnce(&nexus_http::Client) -> Result<Created, Error> + Send + 'static,
    ) -> PyResult<Py<Microdeposit>> {
        self.caller
            .change(py, limit(timeout)?, operation, work, |py, created| Bound::new(py, Microdeposit::created(created)))
    }
}

#[pymethods]
impl Client {
    #[new]
    #[pyo3(signature = (base_url = None, *, session_token = None, sso_url = None, client_id = None, user_id = None,
        api_key = None, timeout = None, attempt_timeout = None, connect_timeout = None, reconcile_timeout = None, max_body = None,
        read_attempts = None, environment = None, assumptions = None, proxy = None, root_certificates = None,
        client_certificate = None, product = None))]
    #[allow(clippy::too_many_arguments)]
    fn new<'py>(
        py: Python<'py>,
        base_url: Option<Text<'py>>,
        session_token: Arg<'_, 'py>,
        sso_url: Option<Text<'py>>,
        client_id: Option<Text<'py>>,
        user_id: Option<Text<'py>>,
        api_key: Arg<'_, 'py>,
        timeout: Arg<'_, 'py>,
        attempt_timeout: Arg<'_, 'py>,
        connect_timeout: Arg<'_, 'py>,
        reconcile_timeout: Arg<'_, 'py>,
        max_body: Arg<'_, 'py>,
        read_attempts: Arg<'_, 'py>,
        environment: Option<Text<'py>>,
        assumptions: Option<&Bound<'py, Assumptions>>,
        proxy: Option<Text<'py>>,
        root_certificates: Arg<'_, 'py>,
        client_certificate: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
        product: Option<Text<'py>>,
    ) -> PyResult<Client> {
        let log = Log::new();
        let (base_url, sso_url) = (given("base_url", &base_url)?, given("sso_url", &sso_url)?);
        let options = Options {
            base_url,
            session_token,
            sso_url,
            client_id: given("client_id", &client_id)?,
            user_id: given("user_id", &user_id)?,
            api_key,
            timeout,
            attempt_timeout,
            connect_timeout,
            reconcile_timeout,
            max_body,
            read_attempts,
            environment: given("environment", &environment)?,
            assumptions,
            proxy: given("proxy", &proxy)?,
            root_certificates,
            client_certificate,
            product: given("product", &product)?,
        };
        let (client, _) = options.build(py, std::sync::Arc::clone(&log))?;
        // No address with a user or password in it is accepted.
        let shown = format!("<Client {}>", base_url.or(sso_url).unwrap_or_default());
        Ok(Client { caller: Caller::new(client, log, None), shown })
    }

    /// Creates a microdeposit. It is INITIATED, or already has one of the failed statuses: check its status.
    ///
    /// account_type: "checking", "savings" or an AccountType. timeout: seconds or timedelta, for this call in all.
    /// Sends at most one POST that the server can have acted on; lists before and, if no usable response comes, after: the
    /// record's `assumed` says what it presumes where it was found so.
    /// Raises InvalidInput, ApiError, TransportError, DecodeError; `outcome_unknown` says whether the record may exist,
    /// `candidates` which new ones may be it; if it does not, `assumption` says what that presumes beside the response.
    #[pyo3(signature = (*, first_name, last_name, email, routing_number, account_number, account_type,
        account_name = None, timeout = None))]
    #[allow(clippy::too_many_arguments)]
    fn create(
        &self,
        py: Python<'_>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        routing_number: &Bound<'_, PyAny>,
        account_number: &Bound<'_, PyAny>,
        account_type: &Bound<'_, PyAny>,
        account_name: Option<Text<'_>>,
        timeout: Arg<'_, '_>,
    ) -> PyResult<Py<Microdeposit>> {
        let who = [first_name, last_name, email];
        let create = create(py, who, routing_number, account_number, account_type, account_name)?;
        let work = move |client: &nexus_http::Client| client.create(&create);
        self.make(py, timeout, Operation::Create, work)
    }

    /// As create(), for a process that may be killed at any moment: what is about to be sent is written to the journal first,
    /// and a later call with the same key continues where the earlier one stopped. It returns the record, finds it if its
    /// response was lost, or sends again after the time in which a server can act on the earlier request.
    ///
    /// key: your own name for this create, such as the number of an application; one key is one microdeposit, for ever.
    /// Raises what create() raises; Unsettled while the outcome of an earlier call is unknown, JournalUnusable, and
    /// InvalidInput on `key` if the key is bound to another request.
    #[pyo3(signature = (key, /, *, journal, first_name, last_name, email, routing_number, account_number, account_type,
        account_name = None, timeout = None))]
    #[allow(clippy::too_many_arguments)]
    fn create_once(
        &self,
        py: Python<'_>,
        key: Text<'_>,
        journal: &Bound<'_, Journal>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        routing_number: &Bound<'_, PyAny>,
        account_number: &Bound<'_, PyAny>,
        account_type: &Bound<'_, PyAny>,
        account_name: Option<Text<'_>>,
        timeout: Arg<'_, '_>,
    ) -> PyResult<Py<Microdeposit>> {
        let who = [first_name, last_name, email];
        let create = create(py, who, routing_number, account_number, account_type, account_name)?;
        let (key, journal) = (key.of("key")?.to_owned(), std::sync::Arc::clone(&journal.get().0));
        let work = move |client: &nexus_http::Client| client.create_once(&key, &create, &*journal);
        self.make(py, timeout, Operation::Create, work)
    }

    /// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget
    /// (see widget_url). As careful as create(), and raises the same.
    #[pyo3(signature = (*, first_name, last_name, email, timeout = None))]
    fn preinitiate(
        &self,
        py: Python<'_>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        timeout: Arg<'_, '_>,
    ) -> PyResult<Py<Microdeposit>> {
        let endpoint = core::Preinitiate::new(person(py, [first_name, last_name, email])?);
        let work = move |client: &nexus_http::Client| client.preinitiate(&endpoint);
        self.make(py, timeout, Operation::Preinitiate, work)
    }

    /// As preinitiate(), under a key: see create_once(), which raises the same.
    #[pyo3(signature = (key, /, *, journal, first_name, last_name, email, timeout = None))]
    #[allow(clippy::too_many_arguments)]
    fn preinitiate_once(
        &self,
        py: Python<'_>,
        key: Text<'_>,
        journal: &Bound<'_, Journal>,
        first_name: Text<'_>,
        last_name: Text<'_>,
        email: Text<'_>,
        timeout: Arg<'_, '_>,
    ) -> PyResult<Py<Microdeposit>> {
        let endpoint = core::Preinitiate::new(person(py, [first_name, last_name, email])?);
        let (key, journal) = (key.of("key")?.to_owned(), std::sync::Arc::clone(&journal.get().0));
        let work = move |client: &nexus_http::Client| client.preinitiate_once(&key, &endpoint, &*journal);
        self.make(py, timeout, Operation::Preinitiate, work)
    }

    /// All microdeposits of the session's user, in the server's order. Does not force a status update; read() does.
    /// Raises ApiError, TransportError, DecodeError.
    #[pyo3(signature = (*, timeout = None))]
    fn list(&self, py: Python<'_>, timeout: Arg<'_, '_>) -> PyResult<Microdeposits> {
        let work = |client: &nexus_http::Client| client.list();
        self.caller.call(py, limit(timeout)?, "list", work).map(Microdeposits::new)
    }

    /// One microdeposit; forces the server to update its status.
    ///
    /// Raises NotFound for an unknown, deleted or foreign one; ApiError, TransportError, DecodeError.
    #[pyo3(signature = (guid, /, *, timeout = None))]
    fn read(&self, py: Python<'_>, guid: Text<'_>, timeout: Arg<'_, '_>) -> PyResult<Microdeposit> {
        let guid = convert::guid(py, &guid)?;
        let record = self.caller.call(py, limit(timeout)?, "read", move |client| client.read(&guid));
        record.map(Microdeposit::new)
    }

    /// Submits the two amounts: text such as "0.03", Decimal, or Cents; a float is a TypeError. Returns the outcome:
    /// `outcome.verdict` is VERIFIED, DENIED, LOCKED (the third wrong submission) or PENDING (accepted and not judged yet).
    ///
    /// wait: if the server judges later, reads until the verdict shows, within the timeout. key, journal: your key for
    /// this submission and the journal that holds it; once the amounts may have been sent, a later call with the same key never
    /// sends them again, it only reads to find the outcome. Sends at most one PUT that the server can have acted on. Raises
    /// NotVerifiable if nothing was sent because of the status, MicrodepositFailed if the record no longer shows whether
    /// the amounts were right, and what create() raises; `outcome_unknown` says whether the amounts may have been counted,
    /// `last_seen` is the record then. Under a key also Unsettled, SubmissionOpen, JournalUnusable, and InvalidInput on
    /// `key` if the key is bound to another request.
    #[pyo3(signature = (guid, first, second, /, *, wait = false, key = None, journal = None, timeout = None))]
    #[allow(clippy::too_many_arguments)]
    fn verify(
        &self,
        py: Python<'_>,
        guid: Text<'_>,
        first: &Bound<'_, PyAny>,
        second: &Bound<'_, PyAny>,
        wait: bool,
        key: Option<Text<'_>>,
        journal: Option<&Bound<'_, Journal>>,
        timeout: Arg<'_, '_>,
    ) -> PyResult<Py<Outcome>> {
        let (guid, first, second) = (convert::guid(py, &guid)?, amount(first)?, amount(second)?);
        let keyed = keyed(py, key, journal)?;
        let work = move |client: &nexus_http::Client| {
            let options = nexus_http::VerifyOptions::default();
            let options = if wait { options.waiting() } else { options };
            match &keyed {
                Some((key, journal)) => client.verify_with(&guid, first, second, options.with_key(key, &**journal)),
                None => client.verify_with(&guid, first, second, options),
            }
        };
        let finish = |py, outcome: core::Outcome| Bound::new(py, Outcome::new(py, outcome)?);
        self.caller.change(py, limit(timeout)?, Operation::Verify, work, finish)
    }

    /// Reads repeatedly until the microdeposit has the wanted status; Ctrl-C ends it at once.
    ///
    /// until: "actionable" (the default: something can be done, or nothing more), a Status, or its name. timeout: seconds or
    /// timedelta in all (three days). poll_every: a fixed time between reads; by default reads come when they are worth making.
    /// on_progress: called with a Progress after each read, also after one that failed; the wait continues when it returns, and
    /// ends with what it raises.
    /// Raises WaitTimedOut (also a TimeoutError) and WaitEnded, both with `last_seen` and `last_failure`; NotFound and what else
    /// a read ends with for good; InvalidInput on `poll_every` below 10 ms. A read that fails in a way that may pass does not
    /// end the wait.
    #[pyo3(signature = (guid, /, *, until = None, timeout = None, poll_every = None, on_progress = None))]
    fn wait<'py>(
        &self,
        py: Python<'py>,
        guid: Text<'_>,
        until: Arg<'_, 'py>,
        timeout: Arg<'_, 'py>,
        poll_every: Arg<'_, 'py>,
        on_progress: Arg<'_, 'py>,
    ) -> PyResult<Microdeposit> {
        let guid = convert::guid(py, &guid)?;
        wait::wait(py, &self.caller, guid, until, [timeout, poll_every], on_progress)
    }

    /// An address of the Connect Widget in verification mode, for one browser, once, within ten minutes; with a guid it goes
    /// on with that microdeposit. Needs SSO credentials. Raises InvalidInput, ApiError, TransportError, DecodeError.
    #[pyo3(signature = (guid = None, *, timeout = None))]
    fn widget_url(&self, py: Python<'_>, guid: Option<Text<'_>>, timeout: Arg<'_, '_>) -> PyResult<Secret> {
        let current = guid.map(|text| convert::guid(py, &text)).transpose()?;
        let work = move |client: &nexus_http::Client| client.widget_url(current);
        let link = self.caller.call(py, limit(timeout)?, "widget_url", work)?;
        Ok(Secret::make(link.expose()))
    }

    /// Returns the token of the session in use, and opens a session first if there is none. Whoever has the token has the
    /// session.
    #[pyo3(signature = (*, timeout = None))]
    fn session(&self, py: Python<'_>, timeout: Arg<'_, '_>) -> PyResult<Secret> {
        let work = |client: &nexus_http::Client| client.session();
        let token = self.caller.call(py, limit(timeout)?, "session", work)?;
        Ok(Secret::make(token.expose()))
    }

    /// Ends every wait() of this client that is under way, whatever thread it is in, with Cancelled. Other calls end by
    /// themselves, within their time.
    fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.caller.cancel());
    }

    /// As cancel(), and closes the connections. Calls after it raise RuntimeError.
    fn close(&self, py: Python<'_>) {
        py.detach(|| self.caller.close());
    }

    /// For AsyncClient: the same session with connections of its own, and what cancels its calls.
    fn _split(&self) -> PyResult<(Client, Canceller)> {
        let (caller, canceller) = self.caller.split()?;
        Ok((Client { caller, shown: self.shown.clone() }, Canceller(canceller)))
    }

    /// For AsyncClient: begins a wait that the event loop carries on.
    #[pyo3(signature = (guid, /, *, until, timeout, poll_every))]
    fn _start_wait(
        &self,
        py: Python<'_>,
        guid: Text<'_>,
        until: Arg<'_, '_>,
        timeout: Arg<'_, '_>,
        poll_every: Arg<'_, '_>,
    ) -> PyResult<WaitParts> {
        let guid = convert::guid(py, &guid)?;
        let until = wait::until(until)?;
        let timeout = limit(timeout)?;
        let poll_every = poll_every.map(|value| duration("poll_every", value)).transpose()?;
        WaitParts::new(py, self.caller.client()?, &guid, until, timeout, poll_every)
    }

    /// For AsyncClient: carries a wait on to its next sleep, or to its end.
    fn _step(&self, py: Python<'_>, wait: &Bound<'_, WaitParts>, reports: bool) -> PyResult<Part> {
        wait.get().step(py, &self.caller, reports)
    }

    fn __enter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __exit__(
        &self,
        py: Python<'_>,
        _kind: &Bound<'_, PyAny>,
        _error: &Bound<'_, PyAny>,
        _traceback: &Bound<'_, PyAny>,
    ) {
        py.detach(|| self.caller.close());
    }

    fn __repr__(&self) -> &str {
        &self.shown
    }

    fn __reduce__(&self) -> PyResult<Py<PyAny>> {
        Err(pyo3::exceptions::PyTypeError::new_err(
            "a Client cannot be pickled, for it holds credentials and connections: make one in each process",
        ))
    }
}

/// Ends the calls of one client. For AsyncClient.
#[pyclass(frozen, module = "mx_nexus._nexus", name = "_Canceller")]
pub struct Canceller(nexus_http::Canceller);

#[pymethods]
impl Canceller {
    /// Closes the connections in use; what waits ends at once.
    fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.0.cancel());
    }
}
