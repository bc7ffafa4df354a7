//! Export and import: everything that decides a world's future, as JSON in a fixed order, with pseudonyms for what people typed.
//!
//! What a world does next is the same after an export and an import, but for the pseudonyms: an account that was typed before
//! is recognised when it is typed again. The log of requests stays behind; its numbers go on. Subscriptions to webhooks and what is on
//! its way to them stay behind too: their addresses may hold secrets, and their receivers belong to one machine.

mod faults;
mod waiting;

use nexus_types::{InputError, KnownStatus};
use serde::{Deserialize, Serialize};

use self::faults::KeptFaults;
use self::waiting::KeptWaiting;
use crate::books::Books;
use crate::count::Count;
use crate::instant::Instant;
use crate::json_reader::Problem;
use crate::later::Later;
use crate::log::Log;
use crate::numbers::Numbers;
use crate::obstacles::remember;
use crate::options::Credentials;
use crate::outbox::{Happening, Outbox};
use crate::policy::{Policy, Profile};
use crate::record::Kept;
use crate::rng::Identity;
use crate::routes::ROUTES;
use crate::sessions::{KeptSessions, Sessions};
use crate::users::Users;
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
    world: KeptIdentity,
    /// All of them, in order; those from the beginning come first.
    users: Vec<String>,
    users_from_the_beginning: usize,
    start: Instant,
    now: Instant,
    /// The numbers up to here are from before a reset.
    requests_before: Count,
    requests_received: Count,
    requests: Vec<Served>,
    sessions: KeptSessions,
    faults: KeptFaults,
    waiting: Vec<KeptWaiting>,
    events_before: Count,
    events_dropped: Count,
    events: Vec<KeptEvent>,
    micro_deposits: Vec<Kept>,
}

/// What guids and tokens are made from, beside the seed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptIdentity {
    /// Sixteen hexadecimal digits, for it is too large for the numbers of many languages.
    salt: String,
    /// How often the world had begun anew.
    epoch: Count,
}

impl KeptIdentity {
    fn of(identity: Identity) -> KeptIdentity {
        KeptIdentity { salt: format!("{:016x}", identity.salt), epoch: Count(identity.epoch) }
    }

    fn restored(&self) -> Option<Identity> {
        let salt = u64::from_str_radix(&self.salt, 16).ok()?;
        // One way to write it, so that the next export has the same bytes.
        let identity = Identity { salt, epoch: self.epoch.0 };
        (KeptIdentity::of(identity).salt == self.salt).then_some(identity)
    }
}

/// Requests that were served, by method and path.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Served {
    method: String,
    path: String,
    count: Count,
}

/// A webhook event.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptEvent {
    at: Instant,
    /// The place of its record in the list.
    micro_deposit: u32,
    status: String,
    /// The record's `updated_at` then.
    updated: Instant,
    /// Whether the status was the same before.
    again: bool,
    first: bool,
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
                count: Count(*count),
            })
        });
        let event = |(_, happening): (u64, Happening)| KeptEvent {
            at: Instant(happening.at),
            micro_deposit: happening.number,
            status: happening.status.name().to_owned(),
            updated: Instant(happening.updated),
            again: happening.again,
            first: happening.first,
        };
        let file = File {
            kind: KIND.to_owned(),
            version: VERSION,
            seed: self.rules.seed,
            profile: self.rules.profile.name().to_owned(),
            policy: self.rules.policy.clone(),
            world: KeptIdentity::of(self.identity),
            users: self.users.ids().map(|id| chance.pseudonym_of_user(id)).collect(),
            users_from_the_beginning: Users::new(&self.options.users).len(),
            start: Instant(self.options.start_unix_seconds.saturating_mul(1000)),
            now: Instant(self.now),
            requests_before: Count(self.log.numbers.before()),
            requests_received: Count(self.log.received()),
            // The interface is not the imitated server: looking at it decides nothing.
            requests: served.filter(|one| !one.path.starts_with("/_sandbox/")).collect(),
            sessions: self.sessions.keep(),
            faults: KeptFaults::of(&self.faults),
            waiting: self.later.all().map(|(due, waiting)| KeptWaiting::of(self, due, waiting)).collect(),
            events_before: Count(self.books.outbox.numbers.before()),
            events_dropped: Count(self.books.outbox.dropped()),
            events: self.books.outbox.after(0).map(event).collect(),
            micro_deposits: records.map(|(number, record)| record.keep(self.guid(number), chance)).collect(),
        };
        // Plain structs of text and numbers cannot fail to serialise.
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Makes this world the exported one. What it was before is gone; where the export is refused, nothing has changed.
    ///
    /// Guids, tokens and numbers go on from the export, so that this world and the exported one do the same from then on: those that
    /// this world gave since the export are given again. Its secrets and its client stay its own, see
    /// [`credentials`](World::credentials); the first user is the export's. In a tenant's world, tokens begin with the tenant's own
    /// mark. Who has subscribed to webhooks stays so, and is told of what happens from now on. A reset afterwards is the beginning of the exported world, and gives nothing again that this one ever gave.
    ///
    /// # Errors
    /// An [`InputError`] that names the field and its rule, and no value.
    pub fn import(&mut self, json: &[u8]) -> Result<(), InputError> {
        let file: File = serde_json::from_slice(json).map_err(|error| {
            let place = format!("is not an export of this version (line {}, column {})", error.line(), error.column());
            InputError::new("export", place)
        })?;
        let mut world = restored(file, self).map_err(|problem| InputError::new("export", problem.to_string()))?;
        world.epochs = world.epochs.max(self.epochs);
        let numbers = &mut world.log.numbers;
        *numbers = numbers.instead_of(self.log.numbers, self.log.received());
        let numbers = &mut world.faults.numbers;
        *numbers = numbers.instead_of(self.faults.numbers, self.faults.counts().0);
        let (own, outbox) = (&self.books.outbox, &mut world.books.outbox);
        outbox.numbers = outbox.numbers.instead_of(own.numbers, own.given());
        (world.log.sink, world.live) = (self.log.sink.take(), self.live.take());
        world.deliveries = std::mem::take(&mut self.deliveries).stay();
        world.tally = std::mem::take(&mut self.tally);
        world.watch();
        *self = world;
        Ok(())
    }
}

/// The world of an export, with the secrets and the client of `own`.
fn restored(file: File, own: &World) -> Result<World, Problem> {
    if file.kind != KIND || file.version != VERSION {
        return Err(Problem::new("version", format!("must be {VERSION}, and kind {KIND}")));
    }
    if !(0..=LATEST).contains(&file.now.0) {
        return Err(Problem::new("now", "must be from 1970 to the year 9000"));
    }
    let identity = file.world.restored();
    let identity = identity.ok_or_else(|| Problem::new("world", "must have a salt of 16 hexadecimal digits"))?;
    let all = Users::new(&file.users);
    let first = file.users.get(..file.users_from_the_beginning).filter(|first| !first.is_empty());
    let first = first.filter(|_| all.len() == file.users.len());
    let first =
        first.ok_or_else(|| Problem::new("users", "must be there once each, one from the beginning at least"))?;
    let mut options = own.options.clone();
    (options.seed, options.policy) = (file.seed, file.policy);
    options.profile = Profile::from_name(&file.profile)
        .ok_or_else(|| Problem::new("profile", "must be integration or production"))?;
    options.start_unix_seconds = file.start.0.div_euclid(1000);
    options.users = first.to_vec();
    let (users, record_acts) = (all.len(), options.record_acts);
    let credentials = Credentials { user_id: all.id(0).to_owned(), ..own.credentials.clone() };
    let mut world = World::begun(options, identity, credentials, all);
    (world.imported, world.now) = (true, file.now.0);
    let requests = world.rules.policy.requests;
    world.log = Log::behind(requests, Numbers::behind(file.requests_before.0), file.requests_received.0);
    let token = &world.credentials.session_token;
    world.sessions = Sessions::restored(file.sessions, &world.rules.chance, users, token)?;
    for Served { method, path, count } in file.requests {
        let route = ROUTES.iter().position(|route| route.path == path);
        let place = route.and_then(|route| {
            let method = ROUTES.get(route)?.methods.iter().position(|known| *known == method)?;
            world.served.get_mut(route)?.get_mut(method)
        });
        *place.ok_or_else(|| Problem::new("requests", "must name methods and paths of this sandbox"))? = count.0;
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
    for KeptEvent { at, micro_deposit, status, updated, again, first } in file.events {
        let status = KnownStatus::ALL.into_iter().find(|known| known.name() == status);
        let exists = (micro_deposit as usize) < world.records.len();
        let status =
            status.filter(|_| exists).ok_or_else(|| Problem::new("events", "must name a status and a microdeposit"))?;
        events.push(Happening { at: at.0, number: micro_deposit, status, updated: updated.0, again, first });
    }
    world.books = Books::new(&world.rules.policy, record_acts);
    world.books.outbox =
        Outbox::restored(&world.rules.policy, Numbers::behind(file.events_before.0), file.events_dropped.0, events);
    world.faults = file.faults.restored()?;
    world.later = Later::default();
    for kept in file.waiting {
        let (due, waiting) = kept.restored(&world)?;
        world.later.add(due, waiting);
    }
    Ok(world)
}
