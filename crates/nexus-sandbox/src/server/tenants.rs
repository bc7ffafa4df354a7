//! [`Tenants`]: the worlds of one server. Each has its own lock, and nothing that happens in one shows in another.
//!
//! The tokens of every world but the first begin with eight characters of its own, so a request finds its world without
//! a list of tokens that would have to be kept and cleaned. The first world's tokens have none: alone it is as it always was.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Instant;

use tokio::sync::Notify;

use crate::options::Options;
use crate::rng::{MARK, mark};
use crate::server::durations::Durations;
use crate::server::own_world::{OwnWorld, Running};
use crate::server::tenant_options::{Refusal, TenantOptions};
use crate::tally::Tally;
use crate::world::KEY_MARK;

/// The first tenant's name.
pub(crate) const FIRST: &str = "default";
/// More there cannot be at once.
pub(crate) const MOST: usize = 10_000;

#[derive(Debug)]
pub(crate) struct Tenants {
    first: Arc<OwnWorld>,
    /// What a new tenant has that says nothing else.
    usual: Options,
    running: Running,
    /// With real time, a tenant's clock begins at the present.
    began: Instant,
    others: RwLock<Others>,
    /// How many others there are or were: most servers have none, and pay nothing.
    count: AtomicUsize,
    /// How long requests took.
    pub(crate) durations: Durations,
    /// A tenant was made that ends by itself.
    pub(crate) ending: Notify,
}

#[derive(Debug, Default)]
struct Others {
    by_name: BTreeMap<String, (Arc<OwnWorld>, [u8; MARK])>,
    by_mark: HashMap<[u8; MARK], Arc<OwnWorld>>,
    /// The marks of those that are gone: their tokens lead nowhere, and not to the first world nor to another of that name.
    gone: HashSet<[u8; MARK]>,
    named: u64,
    /// What those that are gone have counted.
    tally: Tally,
    /// How many end by themselves.
    mortal: usize,
}

impl Tenants {
    pub(crate) fn new(mut options: Options, running: Running) -> Tenants {
        // The caller's copy may begin another server.
        options.served_at = Arc::default();
        Tenants {
            first: Arc::new(OwnWorld::new(FIRST, options.clone(), running, None)),
            usual: options,
            running,
            began: Instant::now(),
            others: RwLock::default(),
            count: AtomicUsize::new(0),
            durations: Durations::default(),
            ending: Notify::new(),
        }
    }

    pub(crate) fn first(&self) -> &Arc<OwnWorld> {
        &self.first
    }

    /// Says where all of them are served.
    pub(crate) fn serve_at(&self, url: &str) {
        // It is said once.
        let _ = self.usual.served_at.set(url.to_owned());
    }

    pub(crate) fn make(&self, wanted: TenantOptions) -> Result<Arc<OwnWorld>, Refusal> {
        wanted.check()?;
        let ends = wanted.lives.and_then(|lives| Instant::now().checked_add(lives));
        self.forget_ended();
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if others.by_name.len() >= MOST {
            return Err(Refusal::Full);
        }
        let name = match wanted.name {
            Some(name) if name == FIRST || others.by_name.contains_key(&name) => return Err(Refusal::Taken),
            Some(name) => name,
            None => others.next_name(),
        };
        let (salt, own_mark) = others.salt(&name);
        let mut options = self.usual.clone();
        options.client_id = format!("{}-{name}", options.client_id);
        options.seed = wanted.seed.unwrap_or(options.seed);
        options.policy = wanted.policy.unwrap_or(options.policy);
        options.salt = salt;
        // Who gets the events of the first world has not asked for those of others.
        options.webhooks = Vec::new();
        options.admin = format!("/_sandbox/t/{name}");
        if self.running.real_time {
            let passed = i64::try_from(self.began.elapsed().as_secs()).unwrap_or(i64::MAX);
            options.start_unix_seconds = options.start_unix_seconds.saturating_add(passed);
        }
        let own = Arc::new(OwnWorld::new(&name, options, self.running, ends));
        others.put(&own, own_mark);
        self.count.fetch_add(1, Ordering::Release);
        drop(others);
        if ends.is_some() {
            self.ending.notify_one();
        }
        Ok(own)
    }

    /// The tenant of this name, the first one too.
    pub(crate) fn named(&self, name: &str) -> Option<Arc<OwnWorld>> {
        if name == FIRST {
            return Some(Arc::clone(&self.first));
        }
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        let own = others.by_name.get(name).map(|(own, _)| own);
        own.filter(|own| !own.has_ended(Instant::now())).cloned()
    }

    /// The tenant that issued this token or key; the first one where no other did; nobody where that one is gone.
    pub(crate) fn of_secret(&self, secret: Option<&str>) -> Option<Arc<OwnWorld>> {
        let first = || Some(Arc::clone(&self.first));
        if self.count.load(Ordering::Acquire) == 0 {
            return first();
        }
        let marked = secret.map(|secret| secret.strip_prefix(KEY_MARK).unwrap_or(secret).as_bytes());
        let Some(own_mark) = marked.and_then(|marked| marked.first_chunk::<MARK>()) else { return first() };
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        match others.by_mark.get(own_mark) {
            Some(own) => Some(Arc::clone(own)).filter(|own| !own.has_ended(Instant::now())),
            None if others.gone.contains(own_mark) => None,
            None => first(),
        }
    }

    /// All of them, the first one first.
    pub(crate) fn all(&self) -> Vec<Arc<OwnWorld>> {
        let (others, now) = (self.others.read().unwrap_or_else(PoisonError::into_inner), Instant::now());
        let living = others.by_name.values().map(|(own, _)| own).filter(|own| !own.has_ended(now));
        std::iter::once(&self.first).chain(living).cloned().collect()
    }

    /// What those that are gone have counted.
    pub(crate) fn gone_tally(&self) -> Tally {
        self.others.read().unwrap_or_else(PoisonError::into_inner).tally.clone()
    }

    /// Takes one out; false where there is none of this name. The first one cannot be taken out.
    pub(crate) fn remove(&self, name: &str) -> bool {
        self.forget_ended();
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        let taken = others.take(name);
        // A world may be large: its memory is given back when nobody waits for the lock.
        drop(others);
        if let Some(own) = &taken {
            own.stop_sending();
        }
        taken.is_some()
    }

    /// Takes out those whose time is over, and gives back their memory. Whether there are others that will end.
    pub(crate) fn forget_ended(&self) -> bool {
        if self.count.load(Ordering::Acquire) == 0 {
            return false;
        }
        let now = Instant::now();
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        if others.mortal == 0 {
            return false;
        }
        let ended = others.by_name.values().map(|(own, _)| own).filter(|own| own.has_ended(now));
        let names: Vec<String> = ended.map(|own| own.name.clone()).collect();
        let taken: Vec<_> = names.iter().filter_map(|name| others.take(name)).collect();
        let left = others.mortal > 0;
        drop(others);
        drop(taken);
        left
    }
}

impl Others {
    fn put(&mut self, own: &Arc<OwnWorld>, own_mark: [u8; MARK]) {
        self.mortal += usize::from(own.ends.is_some());
        self.by_name.insert(own.name.clone(), (Arc::clone(own), own_mark));
        self.by_mark.insert(own_mark, Arc::clone(own));
    }

    fn take(&mut self, name: &str) -> Option<Arc<OwnWorld>> {
        let (own, own_mark) = self.by_name.remove(name)?;
        self.mortal -= usize::from(own.ends.is_some());
        self.by_mark.remove(&own_mark);
        self.gone.insert(own_mark);
        self.tally.add(&own.world().tally);
        Some(own)
    }

    fn next_name(&mut self) -> String {
        loop {
            self.named += 1;
            let name = format!("tenant-{}", self.named);
            if !self.by_name.contains_key(&name) {
                return name;
            }
        }
    }

    /// What tells the tokens and guids of a tenant of this name apart, and the mark of its tokens. They depend on the name,
    /// and on how often it was given before, so that a tenant is the same whoever else is there.
    fn salt(&self, name: &str) -> (u64, [u8; MARK]) {
        let free = |own_mark: &[u8; MARK]| !self.by_mark.contains_key(own_mark) && !self.gone.contains(own_mark);
        let mut given = 0;
        loop {
            let salt = salt(name, given);
            if let Some(own_mark) = mark(salt).filter(free) {
                return (salt, own_mark);
            }
            given += 1;
        }
    }
}

/// FNV-1a: the same in every run and on every machine, which the standard library does not promise of its own.
fn salt(name: &str, given: u64) -> u64 {
    let bytes = name.bytes().chain(given.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
#[path = "tenants_tests.rs"]
mod tests;
