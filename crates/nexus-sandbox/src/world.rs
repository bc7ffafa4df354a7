//! [`World`]: the imitated server without a socket. The caller moves its clock, its randomness comes from a seed, and the
//! same requests in the same order get the same bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::Arc;

use nexus_types::{DepositAmount, Event, KnownStatus, MicrodepositGuid, Operation, Timestamp};

use crate::books::{Act, Books};
use crate::call::{Call, Reply};
use crate::changes::Live;
use crate::deliveries::Deliveries;
use crate::faults::{Contradiction, Fault, Faults};
use crate::index::Index;
use crate::later::Later;
use crate::log::{Log, Notes};
use crate::options::{Credentials, Options};
use crate::parts::Rest;
use crate::record::Record;
use crate::response_body::Manner;
use crate::rng::{Chance, Identity, Purpose};
use crate::routes::ROUTES;
use crate::rules::Rules;
use crate::sessions::{SESSION_TOKEN, Sessions};
use crate::tally::Tally;
use crate::users::Users;
use crate::widget::tickets::Widgets;

/// No path has more.
const METHODS: usize = 3;
pub(crate) const GUID_PREFIX: &str = "MIC-";
const USER_PREFIX: &str = "USR-";
/// What every API key of a sandbox begins with, so that a leaked one frightens nobody and a real one is noticed.
pub(crate) const KEY_MARK: &str = "sandbox_";
/// Further than this the clock cannot be: the year 9000, for timestamps have four digits for the year.
pub(crate) const LATEST: i64 = 221_845_392_000_000;

/// The handler of a request of the API, given the parameters of its path.
pub(crate) type Handler = fn(&mut World, &Call<'_>, &[Cow<'_, str>; 2]) -> Result<Reply, Reply>;

/// The state of the imitated server.
pub struct World {
    pub(crate) options: Options,
    pub(crate) identity: Identity,
    /// The highest epoch that this world ever had.
    pub(crate) epochs: u64,
    pub(crate) rules: Rules,
    pub(crate) now: i64,
    pub(crate) sessions: Sessions,
    pub(crate) widgets: Widgets,
    pub(crate) credentials: Credentials,
    pub(crate) records: Vec<Record>,
    pub(crate) users: Users,
    /// The numbers of each user's records, in order of creation.
    pub(crate) of_user: Vec<Vec<u32>>,
    pub(crate) index: Index,
    pub(crate) books: Books,
    pub(crate) later: Later,
    pub(crate) deliveries: Deliveries,
    /// The number of the request that is being carried out; 0 for one of the admin interface.
    pub(crate) request: u64,
    /// The user of a request that is being carried out after its response was sent.
    pub(crate) on_behalf: Option<u32>,
    /// The contradiction that a fault puts into the present response.
    pub(crate) contradiction: Option<Contradiction>,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    /// What the present request turns out to be, for the log.
    pub(crate) notes: Notes,
    /// What is left to write of the present list.
    pub(crate) rest: Option<Rest>,
    /// Whether this world has records out of an export, whose accounts and persons are pseudonyms.
    pub(crate) imported: bool,
    /// Whether the request that is being carried out says pseudonyms, being out of an export too.
    pub(crate) inventing: bool,
    /// Gone with a reset, so that what was begun before it is not continued.
    pub(crate) life: Arc<()>,
    /// What the metrics count; a reset does not.
    pub(crate) tally: Tally,
    /// Requests served, by path of the table and its method.
    pub(crate) served: [[u64; METHODS]; ROUTES.len()],
    /// What has changed, once somebody has listened.
    pub(crate) live: Option<Box<Live>>,
}

impl World {
    /// A new world with one session open; see [`World::credentials`].
    pub fn new(options: Options) -> World {
        let identity = Identity { salt: options.salt, epoch: 0 };
        let chance = Chance::new(options.seed, identity);
        let users = Users::new(&options.users);
        let credentials = Credentials {
            client_id: options.client_id.clone(),
            user_id: users.id(0).to_owned(),
            api_key: format!("{KEY_MARK}{}", chance.token(Purpose::Credential, 0, 32)),
            session_token: chance.token(Purpose::Session, 0, SESSION_TOKEN),
        };
        World::begun(options, identity, credentials, users)
    }

    /// The beginning of a world; its identity may be another's, and its credentials are its own.
    pub(crate) fn begun(options: Options, identity: Identity, credentials: Credentials, users: Users) -> World {
        let chance = Chance::new(options.seed, identity).marked(options.salt);
        let mut sessions = Sessions::new();
        let now = options.start_unix_seconds.saturating_mul(1000).clamp(0, LATEST);
        sessions.adopt(&credentials.session_token, 0, now);
        let (seed, profile, policy) = (options.seed, options.profile, options.policy.clone());
        let webhooks = options.webhooks.clone();
        let mut world = World {
            books: Books::new(&policy, options.record_acts),
            later: Later::default(),
            deliveries: Deliveries::default(),
            request: 0,
            on_behalf: None,
            contradiction: None,
            faults: Faults::default(),
            log: Log::new(policy.requests),
            notes: Notes::default(),
            rest: None,
            imported: false,
            inventing: false,
            life: Arc::default(),
            tally: Tally::default(),
            rules: Rules { seed, profile, policy, chance },
            now,
            sessions,
            widgets: Widgets::default(),
            credentials,
            records: Vec::new(),
            of_user: vec![Vec::new(); users.len()],
            users,
            epochs: identity.epoch,
            identity,
            index: Index::default(),
            served: [[0; METHODS]; ROUTES.len()],
            live: None,
            options,
        };
        for subscription in webhooks {
            // Who serves the world has checked them; another is as good as none.
            let _ = world.subscribe(subscription);
        }
        world
    }

    /// Who may ask: made from the seed, and the same after [`World::reset`]: both secrets stand for the client and its first
    /// user, who are there before and after it.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The time in this world.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.now)
    }

    /// Everything as at the beginning, the clock too. But no guid, no token, and no number of an event, request or fault of the time
    /// before is used again: who still holds one is refused, and meets nobody else's record. Only the
    /// [`credentials`](World::credentials) stay. Only those get webhooks that got them at the beginning.
    pub fn reset(&mut self) {
        let (live, sink) = (self.live.take(), self.log.sink.take());
        let identity = Identity { salt: self.options.salt, epoch: self.epochs + 1 };
        let anew = (self.books.outbox.anew(), self.log.anew(), self.faults.anew());
        let users = Users::new(&self.options.users);
        let mut world = World::begun(self.options.clone(), identity, self.credentials.clone(), users);
        (world.books.outbox, world.log, world.faults) = anew;
        world.log.sink = sink;
        world.books.outbox.tap(!world.deliveries.entries().is_empty());
        world.deliveries.follow(&self.deliveries);
        world.tally = std::mem::take(&mut self.tally);
        world.live = live;
        *self = world;
    }

    /// Injects a failure; gives its id.
    pub fn add_fault(&mut self, fault: Fault) -> u32 {
        self.faults.add(fault, None)
    }

    /// Takes every failure out again.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Gives one line for each request of the API from now on, masked as `GET /_sandbox/requests` is: its number and time, what was
    /// asked for, the status, and why it was refused. A reset does not end it.
    pub fn log_to(&mut self, line: impl FnMut(&str) + Send + 'static) {
        self.log.sink = Some(Box::new(line));
    }

    /// How many requests the failures have met that are in now.
    pub fn fault_hits(&self) -> u32 {
        self.faults.all().iter().map(|armed| armed.hits).sum()
    }

    /// The operations received so far, in order, as far as they are kept; none for a path that is no operation's.
    pub fn received(&self) -> Vec<Option<Operation>> {
        self.log.after(0).map(|(_, one)| one.operation).collect()
    }

    /// How many requests of the API were received since the world began, those for unknown paths included; not those of the admin
    /// interface.
    pub fn requests_received(&self) -> u64 {
        self.log.received()
    }

    /// Every time that the server acted by now, in order: records created, and submissions of amounts counted. Empty unless
    /// [`Options::record_acts`](crate::Options::record_acts) is set.
    pub fn acts(&mut self) -> &[Act] {
        self.settle_all();
        let chance = &self.rules.chance;
        self.books.acts.order(|number| chance.guid(GUID_PREFIX, number));
        self.books.acts.all()
    }

    /// The two sums on the imaginary bank statement; none for an unknown guid.
    pub fn statement(&self, guid: &MicrodepositGuid) -> Option<[DepositAmount; 2]> {
        let number = self.number(guid.as_str())?;
        let [first, second] = self.rules.cents(number).map(|cents| DepositAmount::from_cents(u32::from(cents)).ok());
        Some([first?, second?])
    }

    /// How many submissions of amounts were counted by now; none for an unknown guid.
    pub fn attempts(&mut self, guid: &MicrodepositGuid) -> Option<u8> {
        let number = self.number(guid.as_str())?;
        self.settled(number).map(|record| record.state.attempts())
    }

    /// The true state of a microdeposit. None if the guid is unknown or the record is deleted.
    pub fn status(&mut self, guid: &MicrodepositGuid) -> Option<KnownStatus> {
        let number = self.number(guid.as_str())?;
        self.settled(number)?.state.status()
    }

    /// The true states of all microdeposits, in order of creation.
    pub fn statuses(&mut self) -> Vec<Option<KnownStatus>> {
        self.settle_all();
        self.records.iter().map(|record| record.state.status()).collect()
    }

    /// How many microdeposits were ever created, deleted ones included.
    pub fn created(&self) -> usize {
        self.records.len()
    }

    /// How many sessions were ever opened by way of an API token.
    pub fn sessions_opened(&self) -> u64 {
        // The first one was there from the beginning.
        self.sessions.opened().saturating_sub(1)
    }

    /// Ends every session at once, as a server does that restarts.
    pub fn expire_sessions(&mut self) {
        self.sessions.expire_all();
    }

    pub(crate) fn seed(&self) -> u64 {
        self.rules.seed
    }

    pub(crate) fn guid(&self, number: u32) -> String {
        self.rules.chance.guid(GUID_PREFIX, number)
    }

    pub(crate) fn user_guid(&self, user: u32) -> String {
        self.rules.chance.user_guid(USER_PREFIX, user)
    }

    pub(crate) fn user_id(&self, user: u32) -> &str {
        self.users.id(user)
    }

    /// The user with this identifier; a new one appears, unless the policy knows its users.
    pub(crate) fn user(&mut self, id: &str) -> Option<u32> {
        // In an imported world identifiers may be pseudonyms.
        let pseudonym = self.imported.then(|| self.rules.chance.pseudonym_of_user(id));
        let id = pseudonym.as_deref().unwrap_or(id);
        if let Some(known) = self.users.find(id) {
            return Some(known);
        }
        if self.rules.policy.known_users_only {
            return None;
        }
        let user = self.users.add(id)?;
        self.of_user.push(Vec::new());
        Some(user)
    }

    /// The number of a record that exists or existed.
    pub(crate) fn number(&self, guid: &str) -> Option<u32> {
        let number = self.rules.chance.number(GUID_PREFIX, guid)?;
        ((number as usize) < self.records.len()).then_some(number)
    }

    /// Whether this guid was one of a record, or would have been, before one of the last resets.
    pub(crate) fn was_reset_since(&self, guid: &str) -> bool {
        const EPOCHS: u64 = 64;
        let (seed, salt) = (self.rules.seed, self.identity.salt);
        let before = self.identity.epoch.saturating_sub(EPOCHS)..self.identity.epoch;
        before.rev().any(|epoch| Chance::new(seed, Identity { salt, epoch }).number(GUID_PREFIX, guid).is_some())
    }

    /// A record as of now.
    pub(crate) fn settled(&mut self, number: u32) -> Option<&mut Record> {
        let record = self.records.get_mut(number as usize)?;
        record.settle(&self.rules, number, self.now, &mut self.books);
        Some(record)
    }

    /// Lets something happen to a record now; false where the table does not admit it.
    pub(crate) fn happen(&mut self, number: u32, event: Event) -> bool {
        let (now, request, books) = (self.now, self.request, &mut self.books);
        self.records.get_mut(number as usize).is_some_and(|record| record.apply(number, event, now, request, books))
    }

    /// How records are written at present, in the response to a verify or another.
    pub(crate) fn manner(&self, verified: bool) -> Manner<'_> {
        Manner { policy: &self.rules.policy, contradiction: self.contradiction, verified }
    }

    /// Brings every record up to now, so that counts and events are complete.
    pub(crate) fn settle_all(&mut self) {
        for (number, record) in (0..).zip(&mut self.records) {
            record.settle(&self.rules, number, self.now, &mut self.books);
        }
        self.books.outbox.order();
    }

    /// The number of records in each true status.
    pub(crate) fn counts(&self) -> (BTreeMap<&'static str, usize>, usize) {
        let mut counts: BTreeMap<&'static str, usize> =
            KnownStatus::ALL.iter().map(|known| (known.name(), 0)).collect();
        let mut deleted = 0;
        for record in &self.records {
            match record.state.status() {
                Some(known) => *counts.entry(known.name()).or_default() += 1,
                None => deleted += 1,
            }
        }
        (counts, deleted)
    }
}

/// One number for several texts, the same in every run.
pub(crate) fn hash(parts: &[&str]) -> u64 {
    BuildHasherDefault::<DefaultHasher>::default().hash_one(parts)
}

impl std::fmt::Debug for World {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("World").field("now", &self.now()).field("records", &self.records.len()).finish_non_exhaustive()
    }
}
