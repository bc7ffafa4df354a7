//! [`Client`]: its methods, and the loop that carries out what the core decided.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nexus_types::decide::budget::Budget;
use nexus_types::decide::retry::{Failure, Verdict, parse_retry_after};
use nexus_types::{
    Endpoint, Error, Host, List, Microdeposit, MicrodepositGuid, Operation, Read, Request, Response, SessionToken,
    TransportProblem, WidgetLink, WidgetUrl,
};
use ureq::Agent;

use crate::cancel::Canceller;
use crate::exchange::{Broken, exchange};
use crate::keeper::Keeper;
use crate::observe::Observation;
use crate::resolver::Resolver;
use crate::settings::{ClientBuilder, Credentials, Settings};
use crate::sync::{Mutex, PoisonError};

/// A blocking client. Cheap to clone: clones share session, connections and retry budget. `Send + Sync`.
#[derive(Clone)]
pub struct Client {
    pub(crate) shared: Arc<Shared>,
    /// Keeps connections alive, for requests that may be repeated.
    pooled: Agent,
    /// Makes a new connection each time, for requests that must not be repeated: a connection that has been idle may be
    /// closed by the server in the very moment in which it is used, and then nobody knows what the server has seen.
    fresh: Agent,
    pub(crate) canceller: Option<Canceller>,
    timeout: Duration,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) keeper: Keeper,
    budget: Mutex<Budget>,
}

/// When a call must be over.
pub(crate) type Deadline = Instant;

impl Client {
    /// Begins a client for this address: [`INTEGRATION_URL`](crate::INTEGRATION_URL),
    /// [`PRODUCTION_URL`](crate::PRODUCTION_URL), or a sandbox's.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }

    pub(crate) fn new(settings: Settings) -> Client {
        let keeper = match &settings.credentials {
            Credentials::Session(token) => Keeper::given(token.clone()),
            Credentials::Sso(_) => Keeper::renewing(),
        };
        let timeout = settings.limits.call;
        let [pooled, fresh] = agents(&settings);
        let shared = Arc::new(Shared { settings, keeper, budget: Mutex::new(Budget::default()) });
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
        canceller.watch([pooled.clone(), fresh.clone()], &self.shared);
        if let Some(own) = &self.canceller {
            canceller.follow(own);
        }
        let client = Client { pooled, fresh, canceller: Some(canceller.clone()), ..self.clone() };
        (client, canceller)
    }

    /// All microdeposits of the session's user, in the server's order.
    ///
    /// # Errors
    /// Every kind but `Boundary`; nothing is changed by a list that fails.
    pub fn list(&self) -> Result<Vec<Microdeposit>, Error> {
        self.send(&List::new())
    }

    /// One microdeposit. Forces the server to update its status.
    ///
    /// # Errors
    /// As [`list`](Client::list); `NotFound` for an unknown, deleted or foreign one.
    pub fn read(&self, guid: &MicrodepositGuid) -> Result<Microdeposit, Error> {
        self.send(&Read::new(guid.clone()))
    }

    /// The token of the session in use; opened first if there is none. Hand it on with care: it is the session.
    ///
    /// # Errors
    /// As [`list`](Client::list).
    pub fn session(&self) -> Result<SessionToken, Error> {
        self.ticket(self.deadline()).map(|ticket| ticket.token)
    }

    /// An address of the Connect Widget in verification mode, for one browser, once, within ten minutes.
    ///
    /// # Errors
    /// As [`list`](Client::list); `Input` on `credentials` where the client has no SSO credentials.
    pub fn widget_url(&self, current: Option<MicrodepositGuid>) -> Result<WidgetLink, Error> {
        let sso = self.sso()?;
        self.send(&WidgetUrl::new(sso.client_id.clone(), sso.user_id.clone(), current))
    }

    /// Sends any endpoint: once, or as often as the endpoint's operation allows. A verify or create that goes this way is
    /// not looked after when its outcome is unknown; [`verify`](Client::verify) and [`create`](Client::create) are.
    ///
    /// # Errors
    /// As the endpoint's own, and `Transport`.
    pub fn send<E: Endpoint>(&self, endpoint: &E) -> Result<E::Output, Error> {
        self.run(endpoint, self.deadline())
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.timeout
    }

    pub(crate) fn deadline(&self) -> Deadline {
        Instant::now() + self.timeout
    }

    /// Carries out one endpoint until its answer, its last attempt or the deadline.
    pub(crate) fn run<E: Endpoint>(&self, endpoint: &E, deadline: Deadline) -> Result<E::Output, Error> {
        let request = endpoint.request();
        let (operation, repeatable) = (request.operation, request.operation.repeatable());
        let (mut sent, mut tries, mut renewed) = (0u32, 0u32, false);
        loop {
            let secret = self.secret(&request, deadline).map_err(|error| {
                let sent = sent.saturating_add(error.attempts());
                error.with_attempts(sent)
            })?;
            (sent, tries) = (sent + 1, tries + 1);
            self.observe(Observation::Sending { operation, attempt: sent });
            let began = Instant::now();
            let outcome = self.exchange(&request, secret.expose(), deadline);
            let elapsed = began.elapsed();
            let (error, failure, retry_after) = match outcome {
                Ok(response) => {
                    self.observe(Observation::Answered { operation, status: response.status, elapsed });
                    if self.note(&secret, &response, began) && !renewed {
                        // A 401 proves that the request was not carried out: with a new session it goes out once more.
                        (renewed, tries) = (true, tries - 1);
                        continue;
                    }
                    let error = match endpoint.parse(&response) {
                        Ok(output) => {
                            self.budget(Budget::refill);
                            return Ok(output);
                        }
                        Err(error) => error,
                    };
                    let success = (200..300).contains(&response.status);
                    let failure = if success { Failure::Body } else { Failure::Status(response.status) };
                    let asked = response.retry_after.as_deref().and_then(|text| parse_retry_after(text, now()));
                    (error.with_retry_after(asked), failure, asked)
                }
                Err(Broken { problem, cause, sent: reached }) => {
                    self.observe(Observation::Failed { operation, problem, elapsed });
                    let error = Error::transport(problem, operation).with_cause(cause).with_guid(request.guid.clone());
                    (error.with_outcome_unknown(!repeatable && reached), failure_of(problem), None)
                }
            };
            let error = error.with_attempts(sent);
            let left = deadline.saturating_duration_since(Instant::now());
            let verdict =
                self.shared.settings.retry.decide(repeatable, failure, tries, left, retry_after, fastrand::f64());
            match verdict {
                Verdict::After(pause) if !self.is_cancelled() && self.budget(Budget::take) => {
                    self.observe(Observation::Retrying { operation, after: pause });
                    self.pause(pause, operation)?;
                }
                _ => return Err(error),
            }
        }
    }

    fn exchange(&self, request: &Request, secret: &str, deadline: Deadline) -> Result<Response, Broken> {
        let left = deadline.saturating_duration_since(Instant::now());
        if self.is_cancelled() {
            return Err(Broken { problem: TransportProblem::Cancelled, cause: None, sent: false });
        }
        if left.is_zero() {
            return Err(Broken { problem: TransportProblem::Timeout, cause: None, sent: false });
        }
        let settings = &self.shared.settings;
        let base = match (request.host, &settings.credentials) {
            (Host::Sso, Credentials::Sso(sso)) => &sso.address,
            _ => &settings.base,
        };
        let agent = if request.operation.repeatable() { &self.pooled } else { &self.fresh };
        let time = left.min(settings.limits.attempt);
        let outcome = exchange(agent, &base.join(&request.path), request, secret, time, settings.limits.body, None);
        outcome.map_err(|broken| match self.is_cancelled() {
            true => Broken { problem: TransportProblem::Cancelled, cause: None, ..broken },
            false => broken,
        })
    }

    /// Sleeps, unless cancelled.
    pub(crate) fn pause(&self, time: Duration, operation: Operation) -> Result<(), Error> {
        let cut_short = match &self.canceller {
            Some(canceller) => canceller.sleep(time),
            None => {
                std::thread::sleep(time);
                false
            }
        };
        if cut_short { Err(Error::transport(TransportProblem::Cancelled, operation)) } else { Ok(()) }
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.canceller.as_ref().is_some_and(Canceller::is_cancelled)
    }

    pub(crate) fn observe(&self, event: Observation) {
        if let Some(observer) = &self.shared.settings.observer {
            // A panic there must not take the outcome of a request with it.
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| observer.observe(&event)));
        }
    }

    fn budget<T>(&self, change: impl FnOnce(&mut Budget) -> T) -> T {
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

fn failure_of(problem: TransportProblem) -> Failure {
    match problem {
        TransportProblem::Connect => Failure::Connect,
        TransportProblem::Timeout => Failure::Timeout,
        TransportProblem::Io => Failure::Io,
        // Neither TLS that is refused, nor a body that is too large, nor what is no HTTP gets better by asking again.
        _ => Failure::Body,
    }
}

/// Seconds since 1970, UTC.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base", &self.shared.settings.base)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
