//! Export and import: everything that decides a world's future, as JSON in a fixed order, with pseudonyms for what people typed.
//!
//! What a world does next is the same after an export and an import, but for the pseudonyms: an account that was typed before
//! is recognised when it is typed again. The log of requests stays behind; its numbers go on.

mod faults;
mod waiting;

use nexus_types::{InputError, KnownStatus};
use serde::{Deserialize, Serialize};

use self::faults::KeptFaults;
use self::waiting::KeptWaiting;
use crate::books::Books;
use crate::instant::Instant;
use crate::json_reader::Problem;
use crate::later::Later;
use crate::log::Log;
use crate::obstacles::remember;
use crate::options::Options;
use crate::outbox::{Happening, Outbox};
use crate::policy::{Policy, Profile};
use crate::record::Kept;
use crate::routes::ROUTES;
use crate::sessions::{KeptSessions, Sessions};
use crate::world::{LATEST, World};

const KIND: &str = "nexus-sandbox-export";
const VERSION: u32 = 1;

/// A file. Its fields are written in this order.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    version: u32,
    seed: u64,
    profile: String,
    policy: Policy,
    client_id: String,
    users: Vec<String>,
    start: Instant,
    now: Instant,
    requests_received: u64,
    requests: Vec<Served>,
    sessions: KeptSessions,
    faults: KeptFaults,
    waiting: Vec<KeptWaiting>,
    webhooks: Webhooks,
    events: Vec<KeptEvent>,
    events_dropped: u64,
    micro_deposits: Vec<Kept>,
}

/// Requests that were served, by method and path.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Served {
    method: String,
    path: String,
    count: u64,
}

/// A webhook event.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptEvent {
    at: Instant,
    /// The place of its record in the list.
    micro_deposit: u32,
    status: String,
    first: bool,
}

/// Who is told of events. Subscriptions have no secrets here.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Webhooks {
    subscriptions: Vec<()>,
    pending: Vec<()>,
}

impl World {
    /// Everything that decides this world's future, as JSON text: the same for the same world. No account number, name or e-mail
    /// address that was typed is in it, and no token or key.
    pub fn export(&mut self) -> String {
        self.settle_all();
        let chance = &self.rules.chance;
        let records = (0u32..).zip(&self.records);
        let served = ROUTES.iter().zip(&self.served).flat_map(|(route, counts)| {
            let counts = route.methods.iter().zip(counts).filter(|(_, count)| **count > 0);
            counts.map(|(method, count)| Served {
                method: (*method).to_owned(),
                path: route.path.to_owned(),
                count: *count,
            })
        });
        let event = |(_, happening): (u64, Happening)| KeptEvent {
            at: Instant(happening.at),
            micro_deposit: happening.number,
            status: happening.status.name().to_owned(),
            first: happening.first,
        };
        let file = File {
            kind: KIND.to_owned(),
            version: VERSION,
            seed: self.rules.seed,
            profile: self.rules.profile.name().to_owned(),
            policy: self.rules.policy.clone(),
            client_id: chance.pseudonym_of_user(&self.options.client_id),
            users: self.options.users.iter().map(|id| chance.pseudonym_of_user(id)).collect(),
            start: Instant(self.options.start_unix_seconds.saturating_mul(1000)),
            now: Instant(self.now),
            requests_received: self.log.received(),
            // The interface is not the imitated server: looking at it decides nothing.
            requests: served.filter(|one| !one.path.starts_with("/_sandbox/")).collect(),
            sessions: self.sessions.keep(),
            faults: KeptFaults::of(&self.faults),
            waiting: self.later.all().map(|(due, waiting)| KeptWaiting::of(self, due, waiting)).collect(),
            webhooks: Webhooks::default(),
            events: self.books.outbox.after(0).map(event).collect(),
            events_dropped: self.books.outbox.dropped(),
            micro_deposits: records.map(|(number, record)| record.keep(self.guid(number), chance)).collect(),
        };
        // Plain structs of text and numbers cannot fail to serialise.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Makes this world the exported one. What it was before is gone; where the export is refused, nothing has changed.
    ///
    /// # Errors
    /// An [`InputError`] that names the field and its rule, and no value.
    pub fn import(&mut self, json: &[u8]) -> Result<(), InputError> {
        let file: File = serde_json::from_slice(json).map_err(|error| {
            let place = format!("is not an export of this version (line {}, column {})", error.line(), error.column());
            InputError::new("export", place)
        })?;
        let record_acts = self.options.record_acts;
        let mut world =
            restored(file, record_acts).map_err(|problem| InputError::new("export", problem.to_string()))?;
        world.log.sink = self.log.sink.take();
        *self = world;
        Ok(())
    }
}

fn restored(file: File, record_acts: bool) -> Result<World, Problem> {
    if file.kind != KIND || file.version != VERSION {
        return Err(Problem::new("version", format!("must be {VERSION}, and kind {KIND}")));
    }
    if !(0..=LATEST).contains(&file.now.0) {
        return Err(Problem::new("now", "must be from 1970 to the year 9000"));
    }
    if !(file.webhooks.subscriptions.is_empty() && file.webhooks.pending.is_empty()) {
        return Err(Problem::new("webhooks", "must be empty"));
    }
    let mut options = Options::default();
    (options.seed, options.policy, options.record_acts) = (file.seed, file.policy, record_acts);
    options.profile = Profile::from_name(&file.profile)
        .ok_or_else(|| Problem::new("profile", "must be integration or production"))?;
    options.start_unix_seconds = file.start.0.div_euclid(1000);
    (options.client_id, options.users) = (file.client_id, file.users);
    let users = options.users.len();
    let mut world = World::new(options);
    (world.imported, world.now) = (true, file.now.0);
    let Policy { requests, outbox, .. } = world.rules.policy;
    world.log = Log::behind(requests, file.requests_received);
    world.sessions = Sessions::restored(file.sessions, &world.rules.chance, users)?;
    for Served { method, path, count } in file.requests {
        let route = ROUTES.iter().position(|route| route.path == path);
        let place = route.and_then(|route| {
            let method = ROUTES.get(route)?.methods.iter().position(|known| *known == method)?;
            world.served.get_mut(route)?.get_mut(method)
        });
        *place.ok_or_else(|| Problem::new("requests", "must name methods and paths of this sandbox"))? = count;
    }
    for (number, kept) in (0u32..).zip(file.micro_deposits) {
        let user = kept.user as usize;
        if kept.guid != world.guid(number) || user >= users {
            return Err(Problem::new(
                "micro_deposits",
                "must have the guids that the seed makes, in order, and known users",
            ));
        }
        let record = kept.restored(world.now)?;
        if let Some(own) = world.of_user.get_mut(user) {
            own.push(number);
        }
        let with_account = record.kind().is_some();
        world.records.push(record);
        if with_account {
            remember(&mut world, number);
        }
    }
    let mut events = Vec::new();
    for KeptEvent { at, micro_deposit, status, first } in file.events {
        let status = KnownStatus::ALL.into_iter().find(|known| known.name() == status);
        let exists = (micro_deposit as usize) < world.records.len();
        let status =
            status.filter(|_| exists).ok_or_else(|| Problem::new("events", "must name a status and a microdeposit"))?;
        events.push(Happening { at: at.0, number: micro_deposit, status, first });
    }
    world.books = Books::new(outbox, record_acts);
    world.books.outbox = Outbox::restored(outbox, file.events_dropped, events);
    world.faults = file.faults.restored()?;
    world.later = Later::default();
    for kept in file.waiting {
        let (due, waiting) = kept.restored(&world)?;
        world.later.add(due, waiting);
    }
    Ok(world)
}
