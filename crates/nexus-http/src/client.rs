//! [`Client`]: its calls. Each one is a flow of the core, driven to its end.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use nexus_types::decide::budget::Budget;
use nexus_types::decide::creation::Intention;
use nexus_types::flow::{CallFlow, CreateFlow, Flow, ListFlow, Settings as FlowSettings, VerifyFlow};
use nexus_types::{
    Auth, Create, Created, DepositAmount, Endpoint, Error, Microdeposit, MicrodepositGuid, Operation, Outcome,
    Preinitiate, Read, SessionToken, StateProblem, TransportCause, TransportProblem, Verdict, Verify, WidgetLink,
    WidgetUrl,
};
use ureq::Agent;

use crate::cancel::Canceller;
use crate::journal::{Journal, Scope};
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
    /// Makes a new connection each time, for requests that must not be repeated: a connection that has been idle may be
    /// closed by the server in the very moment in which it is used, and then nobody knows what the server has seen.
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
    /// Waits for the outcome where the server judges later, within the client's limit for a call.
    pub wait: bool,
    /// Your own name for this submission, such as the number of an application and of the try, and the journal to keep it in:
    /// one key is one submission, whatever happens to the process.
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
        let [pooled, fresh] = agents(&settings);
        let (open, origin, budget) = (Open::default(), Instant::now(), Mutex::new(Budget::default()));
        let shared = Arc::new(Shared { settings, keeper, scope, open, origin, budget });
        Client { shared, pooled, fresh, canceller: None, timeout }
    }

    /// The same client with another limit for each call in all, at most a day.
    pub fn with_timeout(&self, timeout: Duration) -> Client {
        Client { timeout: timeout.min(Duration::from_secs(86_400)), ..self.clone() }
    }

    /// The same client with connections of its own, and what ends its calls and waits from another thread. The session is
    /// shared with this one; and what ends this one ends that one too.
    pub fn cancellable(&self) -> (Client, Canceller) {
        let canceller = Canceller::default();
        let [pooled, fresh] = agents(&self.shared.settings);
        canceller.watch([pooled.clone(), fresh.clone()], &self.shared.keeper);
        if let Some(own) = &self.canceller {
            canceller.follow(own);
        }
        let client = Client { pooled, fresh, canceller: Some(canceller.clone()), ..self.clone() };
        (client, canceller)
    }

    /// All microdeposits of the session's user, in the server's order, whatever pages they come in.
    ///
    /// # Errors
    /// Every kind but `Boundary` and `State`; nothing is changed by a list that fails.
    pub fn list(&self) -> Result<Vec<Microdeposit>, Error> {
        self.run(ListFlow::new(self.flow_settings(), self.moment()))
    }

    /// One microdeposit. Forces the server to update its status.
    ///
    /// # Errors
    /// As [`list`](Client::list); `NotFound` for an unknown, deleted or foreign one.
    pub fn read(&self, guid: &MicrodepositGuid) -> Result<Microdeposit, Error> {
        self.run(CallFlow::new(Read::new(guid.clone()), self.flow_settings(), self.moment()))
    }

    /// Creates a microdeposit. The record comes back INITIATED, or at once in one of the failed statuses: look at it.
    ///
    /// Sends at most one POST that the server can have acted on. Lists before; a response is held to what was asked for; if no
    /// usable response comes, lists after: the one new record that fits is taken for this call's, and
    /// [`Created::assumed`] says what that presumes.
    ///
    /// # Errors
    /// Every kind but `Boundary`. [`Error::outcome_unknown`] says whether the record may exist, [`Error::candidates`] which new
    /// ones may be it; if it does not, [`Error::assumption`] says what that presumes beside the response.
    pub fn create(&self, create: &Create) -> Result<Created, Error> {
        self.make(Intention::Create(create.clone()), None)
    }

    /// As [`create`](Client::create), for a process that may be killed at any moment: `key` is your own name for this create,
    /// such as the number of an application, and one key is one microdeposit for ever. What is about to be sent is written to
    /// the journal first; a later call with the same key returns the record that was made, finds the one whose response was
    /// never heard, or sends anew: only when no server can act on the earlier request any more
    /// ([`Assumptions::server_grace`](nexus_types::Assumptions::server_grace)) and no list shows a record that could be it. It
    /// presumes that the wall clock does not jump forward.
    ///
    /// # Errors
    /// As [`create`](Client::create); `State` `Unsettled` while nobody knows how an earlier call under the key ended,
    /// `JournalUnusable`; `Input` on `key` where it stands for something else.
    pub fn create_once(&self, key: &str, create: &Create, journal: &dyn Journal) -> Result<Created, Error> {
        self.make(Intention::Create(create.clone()), Some((key, journal)))
    }

    /// Creates a microdeposit without account details, PREINITIATED; the person gives them in the Connect Widget. As
    /// careful as [`create`](Client::create).
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

    /// Submits the two amounts, and tells what became of them: verified, denied, locked, or taken and still pending.
    ///
    /// Sends at most one PUT that the server can have acted on. Reads before, and sends nothing where the status admits no
    /// submission; if no usable response comes, reads after. [`verify_and_wait`](Client::verify_and_wait) waits for a pending
    /// outcome, [`verify_with`](Client::verify_with) takes a key too. That nobody else submits meanwhile is presumed; a 409
    /// with an outcome to be seen is told as unknown.
    ///
    /// # Errors
    /// `State` `NotVerifiable` where nothing was sent because of the status, `SubmissionOpen` where this client is submitting
    /// for the same microdeposit at this moment (a double click), `MicrodepositFailed` where the record says nothing
    /// about the amounts any more; every other kind but `Boundary`. [`Error::outcome_unknown`] says whether the amounts may
    /// have been counted; [`Error::last_seen`] is the record then. If they were not, [`Error::assumption`] says what that
    /// presumes beside the response.
    pub fn verify(
        &self,
        guid: &MicrodepositGuid,
        first: DepositAmount,
        second: DepositAmount,
    ) -> Result<Outcome, Error> {
        self.verify_with(guid, first, second, VerifyOptions::default())
    }

    /// As [`verify`](Client::verify), and waits for the outcome where the server judges later, within this client's limit for
    /// a call. [`Verdict::Pending`] is told where none showed in time.
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

    /// As [`verify`](Client::verify), with options. Under a key, a later call with the same one never sends the amounts again
    /// once they may have left; it only looks how that ended.
    ///
    /// # Errors
    /// As [`verify`](Client::verify); under a key, `State` `Unsettled` while nobody knows how an earlier call ended,
    /// `SubmissionOpen` while another key's submission for this microdeposit is open, `JournalUnusable`; `Input` on `key` where
    /// it stands for something else.
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

    /// The token of the session in use; opened first if there is none. Hand it on with care: it is the session.
    ///
    /// # Errors
    /// As [`list`](Client::list).
    pub fn session(&self) -> Result<SessionToken, Error> {
        self.ticket(self.deadline()).map(|ticket| (*ticket.token).clone())
    }

    /// An address of the Connect Widget in verification mode, for one browser, once, within ten minutes.
    ///
    /// # Errors
    /// As [`list`](Client::list); `Input` on `credentials` where the client has no SSO credentials.
    pub fn widget_url(&self, current: Option<MicrodepositGuid>) -> Result<WidgetLink, Error> {
        let sso = self.sso()?;
        self.send_unguarded(&WidgetUrl::new(sso.client_id.clone(), sso.user_id.clone(), current))
    }

    /// Sends any endpoint: once, or as often as the endpoint's operation allows. Unguarded: a verify or create that goes this
    /// way is neither looked before nor looked after. [`verify`](Client::verify) and [`create`](Client::create) are the careful
    /// ones.
    ///
    /// # Errors
    /// As the endpoint's own, and `Transport`; `Input` on `credentials` where the client does not have those that it needs.
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

    /// A defect in this library must not take with it that something may have been sent.
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
fn agents(settings: &Settings) -> [Agent; 2] {
    settings.configs.clone().map(|config| {
        let resolver = Resolver::default();
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
