//! Shared by the failure tests: a client whose every call is compared with what the sandbox has carried out.
#![allow(dead_code, clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../../../nexus-types/tests/support/asks.rs"]
mod asks;
pub(crate) mod later;
pub(crate) mod memory;
pub(crate) mod peer;
pub(crate) mod proxy;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

pub(crate) use asks::{cents, create_of, person};
use nexus_http::{Client, Limits, RetryPolicy, Until, WaitOptions};
use nexus_sandbox::{HostName, Options, Sandbox, Serving};
use nexus_types::{
    ApiKey, ClientId, Created, Error, KnownStatus, Microdeposit, MicrodepositGuid, Outcome, Preinitiate, SessionToken,
    UserId, Verdict,
};

/// Short, so that thousands of failures take seconds.
pub(crate) const CALL: Duration = Duration::from_millis(900);
const ATTEMPT: Duration = Duration::from_millis(200);
const LOOK: Duration = Duration::from_millis(120);
/// A busy machine may wake a thread late; what is systematic is measured where nothing else runs.
const LATE: Duration = Duration::from_millis(1500);

pub(crate) struct Checked {
    pub(crate) sandbox: Sandbox,
    pub(crate) client: Client,
    pub(crate) creates: AtomicUsize,
    /// Whether the server judges later than it responds, so that what is pending may not be counted yet.
    pub(crate) judges_later: bool,
}

pub(crate) fn limits() -> Limits {
    let mut limits = Limits::default();
    (limits.call, limits.attempt, limits.connect, limits.reconcile) = (CALL, ATTEMPT, ATTEMPT, LOOK);
    limits
}

pub(crate) fn quick() -> RetryPolicy {
    let mut policy = RetryPolicy::default();
    policy.base = Duration::from_millis(2);
    policy
}

pub(crate) fn sso(sandbox: &Sandbox, url: &str) -> Client {
    sso_with(sandbox, url, limits())
}

pub(crate) fn sso_with(sandbox: &Sandbox, url: &str, limits: Limits) -> Client {
    let credentials = sandbox.credentials();
    let (client, user) = (&*credentials.client_id, &*credentials.user_id);
    let key = ApiKey::new(&*credentials.api_key).unwrap();
    let builder = Client::builder(url).sso(ClientId::new(client).unwrap(), UserId::new(user).unwrap(), key);
    builder.limits(limits).retry(quick()).build().unwrap()
}

pub(crate) fn by_token(sandbox: &Sandbox, url: &str) -> Client {
    let token = SessionToken::new(&*sandbox.credentials().session_token).unwrap();
    Client::builder(url).session_token(token).limits(limits()).retry(quick()).build().unwrap()
}

/// The status that a verdict says.
pub(crate) fn known_of(verdict: Verdict) -> KnownStatus {
    match verdict {
        Verdict::Verified => KnownStatus::Verified,
        Verdict::Denied => KnownStatus::Denied,
        Verdict::Locked => KnownStatus::Prevented,
        Verdict::Pending => KnownStatus::Deposited,
    }
}

/// What the imitated server truly holds of a microdeposit.
pub(crate) fn truth(sandbox: &Sandbox, guid: &MicrodepositGuid) -> (u8, Option<KnownStatus>) {
    sandbox.with_world(|world| (world.attempts(guid).unwrap_or(0), world.status(guid)))
}

/// Tens of thousands of connections use up a machine's ports for a minute; then it is waited for.
pub(crate) fn patiently<T>(mut start: impl FnMut() -> std::io::Result<T>) -> T {
    let began = Instant::now();
    loop {
        match start() {
            Ok(started) => return started,
            Err(error) => assert!(began.elapsed() < Duration::from_secs(120), "{error}"),
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

pub(crate) fn started(options: &Options) -> Sandbox {
    // A proxy in between hands on its own port in `Host`.
    let mut serving = Serving::default();
    serving.host_names = vec![HostName::new("127.0.0.1").expect("a name")];
    patiently(|| Sandbox::start_with(options.clone(), serving.clone()))
}

impl Checked {
    pub(crate) fn new() -> Checked {
        let sandbox = started(&Options::default());
        let client = sso(&sandbox, sandbox.url());
        Checked::with(sandbox, client)
    }

    pub(crate) fn seeded(seed: u64) -> Checked {
        let mut options = Options::default();
        options.seed = seed;
        let sandbox = started(&options);
        let client = sso(&sandbox, sandbox.url());
        Checked::with(sandbox, client)
    }

    pub(crate) fn with(sandbox: Sandbox, client: Client) -> Checked {
        Checked { sandbox, client, creates: AtomicUsize::new(0), judges_later: false }
    }

    fn timed<T>(&self, call: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
        let began = Instant::now();
        let outcome = call();
        let took = began.elapsed();
        assert!(took < CALL + LATE, "a call took {took:?}");
        outcome
    }

    /// At most one record; exactly one where it says so; none where it says that none was made.
    fn made(&self, call: impl FnOnce() -> Result<Created, Error>) -> Option<Microdeposit> {
        self.creates.fetch_add(1, Ordering::Relaxed);
        let before = self.sandbox.with_world(|world| world.created());
        let outcome = self.timed(call);
        let made = self.sandbox.with_world(|world| world.created()) - before;
        match &outcome {
            Ok(Created { record, .. }) => {
                assert_eq!(made, 1, "a record was reported");
                assert!(self.sandbox.with_world(|world| world.status(&record.guid)).is_some(), "and it exists");
            }
            Err(error) if error.outcome_unknown() => assert!(made <= 1, "{made} records"),
            Err(error) => assert_eq!(made, 0, "said not to be made: {error}"),
        }
        outcome.ok().map(|created| created.record)
    }

    pub(crate) fn create(&self, account: &str) -> Option<Microdeposit> {
        self.made(|| self.client.create(&create_of(account)))
    }

    pub(crate) fn preinitiate(&self) -> Option<Microdeposit> {
        self.made(|| self.client.preinitiate(&Preinitiate::new(person())))
    }

    /// At most one submission is counted, exactly one if a verdict is reported, and the verdict is the true one.
    pub(crate) fn verify(&self, guid: &MicrodepositGuid, each: u32) -> Result<Outcome, Error> {
        self.judged(guid, || self.client.verify(guid, cents(each), cents(each)))
    }

    /// The same, waiting for the outcome.
    pub(crate) fn verify_and_wait(&self, guid: &MicrodepositGuid, each: u32) -> Result<Outcome, Error> {
        self.judged(guid, || self.client.verify_and_wait(guid, cents(each), cents(each)))
    }

    fn judged(&self, guid: &MicrodepositGuid, call: impl FnOnce() -> Result<Outcome, Error>) -> Result<Outcome, Error> {
        let (before, _) = truth(&self.sandbox, guid);
        let outcome = self.timed(call);
        let (after, status) = truth(&self.sandbox, guid);
        let counted = after - before;
        match &outcome {
            Ok(Outcome { verdict: Verdict::Pending, record, .. }) => {
                assert!(
                    counted == 1 || (counted == 0 && self.judges_later),
                    "{counted} submissions, reported as pending"
                );
                assert!(record.status.may_verify(), "no verdict shows: {:?}", record.status);
            }
            Ok(Outcome { verdict, record, .. }) => {
                assert_eq!(counted, 1, "{verdict} was reported");
                assert_eq!(
                    (record.status.known(), Some(known_of(*verdict))),
                    (status, status),
                    "and it is the true one"
                );
            }
            Err(error) if error.outcome_unknown() => {
                assert!(counted <= 1, "{counted} submissions");
                assert!(error.last_seen().is_some(), "the last record is reported");
            }
            Err(error) => assert_eq!(counted, 0, "said not to be counted: {error}"),
        }
        outcome
    }

    pub(crate) fn read(&self, guid: &MicrodepositGuid) -> Option<Microdeposit> {
        self.timed(|| self.client.read(guid)).ok()
    }

    pub(crate) fn list(&self) -> Option<Vec<Microdeposit>> {
        self.timed(|| self.client.list()).ok()
    }

    pub(crate) fn wait(&self, guid: &MicrodepositGuid) -> Option<Microdeposit> {
        let options = WaitOptions::default().with_timeout(CALL).with_poll_every(Duration::from_millis(20));
        self.timed(|| self.client.wait(guid, Until::Actionable, options)).ok()
    }

    /// Every flow once: sessions opened and renewed, create, list, read, wait, wrong amounts, right ones, pre-initiate.
    pub(crate) fn story(&self) {
        self.list();
        if let Some(made) = self.create("333312345") {
            let guid = &made.guid;
            self.read(guid);
            self.sandbox.advance(Duration::from_secs(120));
            self.wait(guid);
            let _ = self.verify(guid, 2);
            // The clock moves between two submissions, as it does in the world.
            self.sandbox.advance(Duration::from_secs(1));
            self.sandbox.with_world(|world| world.expire_sessions());
            let _ = self.verify(guid, 9);
            self.read(guid);
        }
        self.preinitiate();
        self.list();
        let creates = self.creates.load(Ordering::Relaxed);
        self.sandbox.with_world(|world| assert!(world.created() <= creates));
    }
}

/// Runs the cases on some threads; the first that fails ends it with its name.
pub(crate) fn in_parallel<T: Send>(cases: Vec<T>, name: impl Fn(&T) -> String + Sync, run: impl Fn(&T) + Sync) {
    let queue = std::sync::Mutex::new(cases.into_iter());
    let failed = Arc::new(std::sync::Mutex::new(None));
    std::thread::scope(|scope| {
        for _ in 0..16 {
            scope.spawn(|| {
                while failed.lock().unwrap().is_none() {
                    let Some(case) = queue.lock().unwrap().next() else { break };
                    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&case)));
                    if outcome.is_err() {
                        failed.lock().unwrap().get_or_insert(name(&case));
                    }
                }
            });
        }
    });
    let failed = failed.lock().unwrap().take();
    assert_eq!(failed, None, "see the panic above");
}
