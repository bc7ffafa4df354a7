//! The calls of [`Client`]. Each one drives a flow of the core to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nexus_types::decide::budget::Budget;
use nexus_types::decide::creation::Intention;
use nexus_types::flow::{CallFlow, CreateFlow, Flow, ListFlow, Settings as FlowSettings, VerifyFlow};
use nexus_types::{
    Auth, Create, Created, DepositAmount, Endpoint, Error, InputError, Microdeposit, MicrodepositGuid, Operation,
    Outcome, Preinitiate, Read, SessionToken, StateProblem, TransportCause, TransportProblem, Verdict, Verify,
    WidgetLink, WidgetUrl,
};
use ureq::Agent;

use crate::cancel::Canceller;
use crate::interrupt::Interrupts;
use crate::journal::{Journal, Scope};
use crate::limits;
use crate::observe::Observation;
use crate::open::Open;
use crate::resolver::Resolver;
use crate::session::SessionKeeper;
use crate::settings::{Credentials, Settings};
use crate::sync::{Mutex, PoisonError};

/// A blocking client. Cheap to clone: clones share session, connections and retry budget. `Send + Sync`.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// Keeps connections alive, for requests that may be repeated.
    pub(crate) pooled: Agent,
    /// Opens a new connection each time, for requests that must not be repeated. A server may close an idle connection just
    /// as it is used, which leaves the outcome unknown.
    pub(crate) fresh: Agent,
    pub(crate) canceller: Option<Canceller>,
    timeout: Duration,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) keeper: Arc<SessionKeeper>,
    pub(crate) scope: Scope,
    pub(crate) open: Open,
    /// Where the clock of the flows begins.
    pub(crate) origin: Instant,
    budget: Mutex<Budget>,
}

/// How to submit amounts; see [`Client::verify_with`].
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct VerifyOptions<'a> {
    /// Waits for the verdict if the server judges later, within the client's limit for a call.
    pub wait: bool,
    /// Your own name for this submission, such as the number of an application and of the try, and the journal to keep it
    /// in: one key is one submission, even if the process is killed.
    pub key: Option<(&'a str, &'a dyn Journal)>,
}

impl<'a> VerifyOptions<'a> {
    /// The same, waiting for the outcome.
    #[must_use]
    pub fn waiting(self) -> VerifyOptions<'a> {
        VerifyOptions { wait: true, ..self }
    }

    /// The same, under a key.
    #[must_use]
    pub fn with_key(self, key: &'a str, journal: &'a dyn Journal) -> VerifyOptions<'a> {
        VerifyOptions { key: Some((key, journal)), ..self }
    }
}

impl Client {
    pub(crate) fn new(settings: Settings) -> Client {
        let keeper = Arc::new(match &settings.credentials {
            Credentials::Session(token) => SessionKeeper::given(token.clone()),
            Credentials::Sso(_) => SessionKeeper::renewing(),
        });
        let scope = Scope::of(&settings);
        let timeout = settings.limits.call;
        let [pooled, fresh] = agents(&settings, &Interrupts::default());
        let (open, origin, budget) = (Open::default(), Instant::now(), Mutex::new(Budget::default()));
        let shared = Arc::new(Shared { settings, keeper, scope, open, origin, budget });
        Client { shared, pooled, fresh, canceller: None, timeout }
    }

    /// The same client with another limit for each call in all.
    ///
    /// # Errors
    /// [`InputError`] on `timeout`: it must be above zero and at most a day, as when a client is built.
    pub fn with_timeout(&self, timeout: Duration) -> Result<Client, InputError> {
        limits::check_time("timeout", timeout)?;
        Ok(Client { timeout, ..self.clone() })
    }

    /// A client with its own connections, and a [`Canceller`] that ends its calls and waits from another thread. Both
    /// clients share the session. Cancelling this client cancels the new one too.
    pub fn cancellable(&self) -> (Client, Canceller) {
        let canceller = Canceller::default();
        let [pooled, fresh] = agents(&self.shared.settings, &Interrupts::of(&canceller));
        canceller.watch([pooled.clone(), fresh.clone()], &self.shared.keeper);
        if let Some(own) = &self.canceller {
            canceller.follow(own);
        }
        let client = Client { pooled, fresh, canceller: Some(canceller.clone()), ..self.clone() };
        (client, canceller)
    }

    /// Lists all microdeposits of the session's user, in the server's order, across all pages.
    ///
    /// # Errors
    /// Every kind but `Boundary` and `State`. A list that fails has changed nothing.
    pub fn list(&self) -> Result<Vec<Microdeposit>, Error> {
        self.run(ListFlow::new(self.flow_settings(), self.moment()))
    }

    /// Reads one microdeposit. A read makes the server update the status.
    ///
    /// # Errors
    /// As [`list`](Client::list); `NotFound` for an unknown, deleted or foreign one.
    pub fn read(&self, guid: &MicrodepositGuid) -> Result<Microdeposit, Error> {
        self.run(CallFlow::new(Read::new(guid.clone()), self.flow_settings(), self.moment()))
    }

    /// Creates a microdeposit. The record is INITIATED, or already has one of the failed statuses: check its status.
    ///
    /// Sends at most one POST that the server can have acted on. The client lists before, and compares the response with
    /// the request. If no usable response arrives, it lists again. The one new record that fits is taken for this call's,
    /// and [`Created::assumed`] names the assumption.
    ///
    /// # Errors
    /// Every kind but `Boundary`. [`Error::outcome_unknown`] says whether the record may exist, and [`Error::candidates`]
    /// which new records may be it. If the record does not exist, [`Error::assumption`] names the assumption behind that,
    /// if any.
    pub fn create(&self, create: &Create) -> Result<Created, Error> {
        self.make(Intention::Create(create.clone()), None)
    }

    /// As [`create`](Client::create), for a process that may be killed at any moment. `key` is your own name for this
    /// create, such as the number of an application. One key makes one microdeposit, for ever. The claim is written to the
    /// journal before the request is sent. A later call with the same key returns the record, or finds it if its response
    /// was lost. It sends again only after the time in which a server can act on the earlier request
    /// ([`Assumptions::server_grace`](nexus_types::Assumptions::server_grace)), and if no list shows a record that may be
    /// its. The wall clock must not jump forward.
    ///
    /// # Errors
    /// As [`create`](Client::create); `State` `Unsettled` while the outcome of an earlier call with the key is unknown;
    /// `JournalUnusable`; `Input` on `key` if the key is bound to another request.
    pub fn create_once(&self, key: &str, create: &Create, journal: &dyn Journal) -> Result<Created, Error> {
        self.make(Intention::Create(create.clone()), Some((key, journal)))
    }

    /// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. It is as
    /// guarded as [`create`](Client::create).
    ///
    /// # Errors
    /// As [`create`](Client::create).
    pub fn preinitiate(&self, preinitiate: &Preinitiate) -> Result<Created, Error> {
        self.make(Intention::Preinitiate(preinitiate.clone()), None)
    }

    /// As [`preinitiate`](Client::preinitiate), under a key: see [`create_once`](Client::create_once).
    ///
    /// # Errors
    /// As [`create_once`](Client::create_once).
    pub fn preinitiate_once(
        &self,
        key: &str,
        preinitiate: &Preinitiate,
        journal: &dyn Journal,
    ) -> Result<Created, Error> {
        self.make(Intention::Preinitiate(preinitiate.clone()), Some((key, journal)))
    }

    /// Submits the two amounts and returns the verdict: verified, denied, locked, or pending.
    ///
    /// Sends at most one PUT that the server can have acted on. The client reads before, and sends nothing if the status
    /// admits no submission. If no usable response arrives, it reads again. [`verify_and_wait`](Client::verify_and_wait)
    /// waits for a pending outcome, and [`verify_with`](Client::verify_with) takes a key. No other client may submit at the
    /// same time. After a 409 the outcome is unknown, even if a later read shows a verdict.
    ///
    /// # Errors
    /// `State` `NotVerifiable` if nothing was sent because of the status; `SubmissionOpen` while this client submits for
    /// the same microdeposit (a double click); `MicrodepositFailed` if the microdeposit failed, so that the record says
    /// nothing about the amounts; every other kind but `Boundary`. [`Error::outcome_unknown`] says whether the submission
    /// may have been counted; [`Error::last_seen`] is then the last record. If it was not counted, [`Error::assumption`]
    /// names the assumption behind that, if any.
    pub fn verify(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
    ) -> Result<Outcome, Error> {
        self.verify_with(guid, first, second, VerifyOptions::default())
    }

    /// As [`verify`](Client::verify), and waits for the verdict if the server judges later, within this client's limit for
    /// a call. The verdict is [`Verdict::Pending`] if none showed in time.
    ///
    /// # Errors
    /// As [`verify`](Client::verify).
    pub fn verify_and_wait(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
    ) -> Result<Outcome, Error> {
        self.verify_with(guid, first, second, VerifyOptions::default().waiting())
    }

    /// As [`verify`](Client::verify), with options. Once amounts may have been sent with a key, a later call with that key
    /// never sends them again; it only reconciles.
    ///
    /// # Errors
    /// As [`verify`](Client::verify); with a key, `State` `Unsettled` while the outcome of an earlier call is unknown,
    /// `SubmissionOpen` while another key's submission for this microdeposit is open, `JournalUnusable`; `Input` on `key`
    /// if the key is bound to another request.
    pub fn verify_with(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
        options: VerifyOptions<'_>,
    ) -> Result<Outcome, Error> {
        let submission = Verify::new(guid.clone(), first, second);
        let flow = VerifyFlow::new(submission, self.flow_settings(), self.moment());
        let flow = if options.wait { flow.waiting() } else { flow };
        let (key, journal) = options.key.unzip();
        let entered = self.shared.open.enter(guid, key);
        if entered.busy() {
            entered.withdraw();
            let error = Error::state(StateProblem::SubmissionOpen, Some(Operation::Verify));
            return Err(error.with_guid(Some(guid.clone())));
        }
        let flow = flow.with_earlier_open(entered.earlier_open());
        let flow = match key {
            Some(key) => flow.with_key(key),
            None => flow,
        };
        let outcome = self.guarded(Operation::Verify, Some(guid), || self.drive(flow, journal, &mut |_| {}));
        match &outcome {
            Ok(outcome) => entered.leave(outcome.verdict == Verdict::Pending),
            Err(error) if error.outcome_unknown() => entered.leave(true),
            // Nothing was sent: whatever was open before is open still.
            Err(_) => entered.withdraw(),
        }
        outcome
    }

    /// Returns the token of the session in use, and opens a session first if there is none. Whoever has the token has the
    /// session.
    ///
    /// # Errors
    /// As [`list`](Client::list).
    pub fn session(&self) -> Result<SessionToken, Error> {
        self.ticket(self.deadline()).map(|ticket| (*ticket.token).clone())
    }

    /// Returns an address of the Connect Widget in verification mode, for one use within ten minutes.
    ///
    /// # Errors
    /// As [`list`](Client::list); `Input` on `credentials` where the client has no SSO credentials.
    pub fn widget_url(&self, current: Option<MicrodepositGuid>) -> Result<WidgetLink, Error> {
        let sso = self.sso()?;
        self.send_unguarded(&WidgetUrl::new(sso.client_id.clone(), sso.user_id.clone(), current))
    }

    /// Sends any endpoint, once or as often as its operation may be repeated. This is unguarded: it does not read before a
    /// verify or create, and does not reconcile an unknown outcome after. [`verify`](Client::verify) and
    /// [`create`](Client::create) do.
    ///
    /// # Errors
    /// As the endpoint's own, and `Transport`; `Input` on `credentials` if the client lacks the needed ones.
    pub fn send_unguarded<E: Endpoint + Clone>(&self, endpoint: &E) -> Result<E::Output, Error> {
        let auth = endpoint.request().auth;
        if auth != Auth::Session {
            self.sso()?;
        }
        self.run(CallFlow::new(endpoint.clone(), self.flow_settings(), self.moment()))
    }

    fn make(&self, intention: Intention, key: Option<(&str, &dyn Journal)>) -> Result<Created, Error> {
        let operation = intention.operation();
        let flow = CreateFlow::new(intention, self.flow_settings(), self.moment());
        let (key, journal) = key.unzip();
        let flow = match key {
            Some(key) => flow.with_key(key),
            None => flow,
        };
        self.guarded(operation, None, || self.drive(flow, journal, &mut |_| {}))
    }

    fn run<F: Flow>(&self, flow: F) -> F::Output {
        self.drive(flow, None, &mut |_| {})
    }

    /// Turns a panic into an error that keeps whether something may have been sent.
    fn guarded<T>(
        &self,
        operation: Operation,
        guid: Option<&MicrodepositGuid>,
        call: impl FnOnce() -> Result<T, Error>,
    ) -> Result<T, Error> {
        catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|_| {
            let error = Error::transport(TransportProblem::Io, operation).with_cause(Some(TransportCause::Internal));
            Err(error.with_guid(guid.cloned()).with_outcome_unknown(true))
        })
    }

    /// The limits and assumptions of the flows.
    pub(crate) fn flow_settings(&self) -> FlowSettings {
        let own = &self.shared.settings;
        let mut settings = FlowSettings::default();
        (settings.attempt, settings.call, settings.reconcile) =
            (own.limits.attempt, self.timeout, own.limits.reconcile);
        (settings.retry, settings.environment, settings.assumptions) = (own.retry, own.environment, own.assumptions);
        settings
    }

    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.timeout
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.canceller.as_ref().is_some_and(Canceller::is_cancelled)
    }

    pub(crate) fn observe(&self, event: impl FnOnce() -> Observation) {
        if let Some(observer) = &self.shared.settings.observer {
            // A panic there must not take the outcome of a request with it.
            let _ = catch_unwind(AssertUnwindSafe(|| observer.observe(&event())));
        }
    }

    pub(crate) fn budget<T>(&self, change: impl FnOnce(&mut Budget) -> T) -> T {
        change(&mut self.shared.budget.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// With connections that are kept, and without.
fn agents(settings: &Settings, interrupts: &Interrupts) -> [Agent; 2] {
    settings.configs.clone().map(|config| {
        let resolver = Resolver::interrupted_by(interrupts.clone());
        Agent::with_parts(config, crate::connecting::connector(resolver.clone()), resolver)
    })
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.shared.settings.base)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
