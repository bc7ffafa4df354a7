//! [`World`]: the imitated server without a socket. It is told the time, its chance comes from a seed, and the same
//! requests in the same order get the same bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use nexus_types::{DepositAmount, Event, MEDIA_TYPE, MicrodepositGuid, Operation, Request, Response, Stage, Timestamp};

use crate::call::{Call, Reply};
use crate::chance::{Chance, Purpose};
use crate::faults::{Delivery, Effect, Fault, Faults};
use crate::log::{Log, Received};
use crate::options::{Credentials, Options};
use crate::outbox::Outbox;
use crate::record::Record;
use crate::routes::{self, Place};
use crate::rules::Rules;
use crate::sessions::{Map, Sessions};
use crate::{admin, micro_deposits, sso};

pub(crate) const GUID_PREFIX: &str = "MIC-";
const USER_PREFIX: &str = "USR-";
/// Further than this the clock cannot be: the year 9000, for timestamps have four digits for the year.
const LATEST: i64 = 221_845_392_000_000;

/// The state of the imitated server.
pub struct World {
    pub(crate) options: Options,
    pub(crate) rules: Rules,
    pub(crate) now: i64,
    pub(crate) sessions: Sessions,
    pub(crate) credentials: Credentials,
    pub(crate) records: Vec<Record>,
    /// The numbers of each user's records, in order of creation.
    pub(crate) of_user: Vec<Vec<u32>>,
    pub(crate) index: Index,
    pub(crate) outbox: Outbox,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
    /// Requests answered, by method and path of the table.
    pub(crate) answered: BTreeMap<(&'static str, &'static str), u64>,
}

/// Where to look for records that stand in a new one's way: by hash, so that it stays small; equality is looked at there.
#[derive(Default)]
pub(crate) struct Index {
    pub(crate) by_account: Map<u64, Vec<u32>>,
    pub(crate) by_email: Map<u64, Vec<u32>>,
}

impl World {
    /// A new world with one session open; see [`World::credentials`].
    pub fn new(options: Options) -> World {
        let chance = Chance::new(options.seed);
        let mut sessions = Sessions::new();
        let now = options.start_unix_seconds.saturating_mul(1000).clamp(0, LATEST);
        let credentials = Credentials {
            client_id: options.client_id.clone(),
            user_id: options.users.first().cloned().unwrap_or_default(),
            api_key: chance.token(Purpose::Credential, 0, 40),
            session_token: sessions.open_for(&chance, 0, now),
        };
        let (seed, profile, policy) = (options.seed, options.profile, options.policy.clone());
        World {
            outbox: Outbox::new(policy.outbox),
            faults: Faults::default(),
            log: Log::new(policy.requests),
            rules: Rules { seed, profile, policy, chance },
            now,
            sessions,
            credentials,
            records: Vec::new(),
            of_user: vec![Vec::new(); options.users.len()],
            index: Index::default(),
            answered: BTreeMap::new(),
            options,
        }
    }

    /// Who may ask: made from the seed, and the same after [`World::reset`].
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// The time in this world.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_millis(self.now)
    }

    /// Moves the clock. What is due by then is found out when somebody looks, so this costs the same for any distance.
    pub fn advance(&mut self, by: std::time::Duration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.now = self.now.saturating_add(millis).min(LATEST);
    }

    /// Everything as at the beginning, the clock too.
    pub fn reset(&mut self) {
        *self = World::new(self.options.clone());
    }

    /// Answers one request of the core, with the secret that its [`auth`](Request::auth) asks for.
    ///
    /// An answer that a [`Fault`] keeps back is a 502 here; [`try_handle`](World::try_handle) tells it apart.
    pub fn handle(&mut self, request: &Request, secret: &str) -> Response {
        self.try_handle(request, secret).unwrap_or_else(|_| Response::new(502, Vec::new()))
    }

    /// As [`handle`](World::handle), for worlds with faults.
    ///
    /// # Errors
    /// How the answer fails to arrive, where a fault has the connection break.
    pub fn try_handle(&mut self, request: &Request, secret: &str) -> Result<Response, Delivery> {
        let mut call = Call::new(request.method.as_str(), &request.path);
        for (name, value) in request.headers() {
            match name {
                "Accept" => call.accept = Some(value),
                "Content-Type" => call.content_type = Some(value),
                _ => {}
            }
        }
        match request.auth {
            nexus_types::Auth::Session => call.session_token = Some(secret),
            nexus_types::Auth::ApiToken => call.api_token = Some(secret),
            nexus_types::Auth::ApiKey => call.api_key = Some(secret),
        }
        call.body = request.body.as_deref().unwrap_or_default();
        let reply = self.answer(&call);
        match reply.delivery {
            Delivery::Reset | Delivery::Cut(_) => Err(reply.delivery),
            _ => {
                let response = Response::new(reply.status, reply.body).with_content_type(reply.content_type);
                Ok(reply.retry_after.into_iter().fold(response, Response::with_retry_after))
            }
        }
    }

    /// Answers any HTTP request: the API's, the SSO API's, and the admin interface's.
    pub fn answer(&mut self, call: &Call<'_>) -> Reply {
        let Some((route, parameters)) = routes::find(call.plain_path()) else {
            return self.noted(Received::new(self.now, None, None, call.body), Reply::not_found());
        };
        let Some(method) = route.methods.iter().find(|method| **method == call.method) else {
            let mut reply = Reply::refusal(405, "This path has no such method.");
            reply.allow = Some(route.allow);
            return self.noted(Received::new(self.now, None, None, call.body), reply);
        };
        *self.answered.entry((route.path, method)).or_default() += 1;
        let Some(operation) = route.place.operation(method) else {
            return self.act(call, route.place, method, &parameters);
        };
        // Something else in the place of a guid may be anything, somebody's account number too.
        let guid = (route.place == Place::MicroDeposit).then_some(&*parameters[0]);
        let guid = guid.filter(|guid| self.number(guid).is_some());
        let mut received = Received::new(self.now, Some(operation), guid, call.body);
        let met = self.faults.meet(operation, &self.rules.chance);
        received.fault = met.as_ref().map(|(id, _)| *id);
        let reply = match met {
            None => self.act(call, route.place, method, &parameters),
            Some((_, effect)) => self.fail(effect, |world| world.act(call, route.place, method, &parameters)),
        };
        self.noted(received, reply)
    }

    fn noted(&mut self, mut received: Received, reply: Reply) -> Reply {
        (received.status, received.delivery) = (reply.status, reply.delivery);
        self.log.push(received);
        reply
    }

    /// What the server does with a request, faults aside.
    fn act(&mut self, call: &Call<'_>, place: Place, method: &str, [first, second]: &[Cow<'_, str>; 2]) -> Reply {
        if call.body.len() > self.rules.policy.body_limit {
            return Reply::refusal(413, "The body is too large.");
        }
        let answer = match (place, method) {
            (Place::MicroDeposits, "GET") => micro_deposits::list(self, call),
            (Place::MicroDeposits, _) => micro_deposits::create(self, call),
            (Place::MicroDeposit, "GET") => micro_deposits::read(self, call, first),
            (Place::MicroDeposit, _) => micro_deposits::verify(self, call, first),
            (Place::Sessions, _) => sso::open_session(self, call),
            (Place::ApiToken, _) => sso::api_token(self, call, first, second),
            (Place::Urls, _) => sso::widget_url(self, call, first, second),
            (place, _) => admin::answer(self, call, place, first),
        };
        // A refusal is an answer like any other; as an error it only made the way here shorter.
        answer.unwrap_or_else(|refusal| refusal)
    }

    /// What becomes of a request that a fault has met.
    fn fail(&mut self, effect: Effect, act: impl FnOnce(&mut World) -> Reply) -> Reply {
        let empty = |status| Reply::with_body(status, MEDIA_TYPE, Vec::new());
        let mut reply = match &effect {
            Effect::ResetBefore => empty(500),
            Effect::Redirect(_) => empty(307),
            Effect::Empty401 => empty(401),
            Effect::Status { acting: false, .. } => empty(500),
            Effect::ExpireSessions => {
                self.expire_sessions();
                act(self)
            }
            _ => act(self),
        };
        match effect {
            Effect::Delay(time) => reply.delivery = Delivery::Late(time),
            Effect::ResetBefore | Effect::ResetAfter => reply.delivery = Delivery::Reset,
            Effect::Cut(bytes) => reply.delivery = Delivery::Cut(bytes),
            Effect::Slow(pause) => reply.delivery = Delivery::Slow(pause),
            Effect::Status { status, retry_after, .. } => {
                reply = Reply::refusal(status, "A fault was injected.");
                reply.retry_after = retry_after;
            }
            Effect::Truncated => reply.body.truncate(reply.body.len() / 2),
            Effect::Garbage => reply.body = b"\xff\x00 no JSON {{{".to_vec(),
            Effect::ContentType => {
                reply.content_type = "text/html";
                reply.body = b"<html><body>Bad gateway</body></html>".to_vec();
            }
            Effect::Redirect(location) => reply.location = Some(location),
            Effect::Empty401 | Effect::ExpireSessions => {}
        }
        reply
    }

    /// Injects a failure; gives its id.
    pub fn add_fault(&mut self, fault: Fault) -> u32 {
        self.faults.add(fault)
    }

    /// Takes every failure out again.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// How many requests the failures have met that are in now.
    pub fn fault_hits(&self) -> u32 {
        self.faults.all().iter().map(|armed| armed.hits).sum()
    }

    /// The operations received so far, in order, as far as they are kept; none for a path that is no operation's.
    pub fn received(&self) -> Vec<Option<Operation>> {
        self.log.after(0).map(|(_, one)| one.operation).collect()
    }

    /// The two sums on the imaginary bank statement; none for an unknown guid.
    pub fn statement(&self, guid: &MicrodepositGuid) -> Option<[DepositAmount; 2]> {
        let number = self.number(guid.as_str())?;
        let [first, second] = self.rules.cents(number).map(|cents| DepositAmount::from_cents(u32::from(cents)).ok());
        Some([first?, second?])
    }

    /// How many answers were counted; none for an unknown guid.
    pub fn attempts(&self, guid: &MicrodepositGuid) -> Option<u8> {
        let number = self.number(guid.as_str())?;
        self.records.get(number as usize).map(|record| record.state.attempts())
    }

    /// Where a microdeposit truly stands by now; none for an unknown guid and where it is deleted.
    pub fn stage(&mut self, guid: &MicrodepositGuid) -> Option<Stage> {
        let number = self.number(guid.as_str())?;
        self.settled(number)?.state.stage()
    }

    /// Where all of them truly stand by now, in order of creation.
    pub fn stages(&mut self) -> Vec<Option<Stage>> {
        self.settle_all();
        self.records.iter().map(|record| record.state.stage()).collect()
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

    pub(crate) fn body_limit(&self) -> usize {
        self.rules.policy.body_limit
    }

    pub(crate) fn guid(&self, number: u32) -> String {
        self.rules.chance.guid(GUID_PREFIX, number)
    }

    pub(crate) fn user_guid(&self, user: u32) -> String {
        self.rules.chance.guid(USER_PREFIX, user)
    }

    pub(crate) fn user_id(&self, user: u32) -> &str {
        self.options.users.get(user as usize).map_or("", String::as_str)
    }

    /// The number of a record that exists or existed.
    pub(crate) fn number(&self, guid: &str) -> Option<u32> {
        let number = self.rules.chance.number(GUID_PREFIX, guid)?;
        ((number as usize) < self.records.len()).then_some(number)
    }

    /// A record as of now.
    pub(crate) fn settled(&mut self, number: u32) -> Option<&mut Record> {
        let record = self.records.get_mut(number as usize)?;
        record.settle(&self.rules, number, self.now, &mut self.outbox);
        Some(record)
    }

    /// Lets something happen to a record now; false where the table does not admit it.
    pub(crate) fn happen(&mut self, number: u32, event: Event) -> bool {
        let (now, outbox) = (self.now, &mut self.outbox);
        self.records.get_mut(number as usize).is_some_and(|record| record.apply(number, event, now, outbox))
    }

    /// Brings every record up to now, so that counts and events are complete.
    pub(crate) fn settle_all(&mut self) {
        for (number, record) in (0..).zip(&mut self.records) {
            record.settle(&self.rules, number, self.now, &mut self.outbox);
        }
        self.outbox.order();
    }

    /// How many records stand where, by their true status.
    pub(crate) fn counts(&self) -> (BTreeMap<&'static str, usize>, usize) {
        let mut counts: BTreeMap<&'static str, usize> = Stage::ALL.iter().map(|stage| (stage.name(), 0)).collect();
        let mut deleted = 0;
        for record in &self.records {
            match record.state.stage() {
                Some(stage) => *counts.entry(stage.name()).or_default() += 1,
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
