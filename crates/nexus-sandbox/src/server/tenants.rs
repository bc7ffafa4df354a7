//! [`Tenants`]: the worlds of one server. Each has its own lock, and nothing that happens in one shows in another.
//!
//! The tokens of every world but the first begin with eight characters of its own, so a request finds its world without
//! a list of tokens that would have to be kept and cleaned. The first world's tokens have none: alone it is as it always was.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use nexus_types::InputError;
use tokio::sync::Notify;

use crate::options::Options;
use crate::policy::Policy;
use crate::rng::{MARK, mark};
use crate::server::own_world::OwnWorld;
use crate::world::KEY_MARK;

/// The first tenant's name.
pub(crate) const FIRST: &str = "default";
/// More there cannot be at once.
const MOST: usize = 10_000;
/// A tenant lives no longer than a year.
const LONGEST: Duration = Duration::from_secs(31_536_000);

/// A tenant as it is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TenantOptions {
    /// Its name: 1 to 64 letters, digits, and `- . _`. Without one, `tenant-1` and so on.
    pub name: Option<String>,
    /// All chance comes from it; the sandbox's own seed if there is none. Tenants of one seed meet the same chances and share
    /// neither guids nor tokens.
    pub seed: Option<u64>,
    /// What is assumed about MX; as the sandbox's own if there is none.
    pub policy: Option<Policy>,
    /// It is gone after this much real time; if there is none, with the sandbox.
    pub lives: Option<Duration>,
}

/// Why there is no such tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    Input(InputError),
    Taken,
    Full,
}

#[derive(Debug)]
pub(crate) struct Tenants {
    first: Arc<OwnWorld>,
    /// What a new tenant has that says nothing else.
    usual: Options,
    real_time: bool,
    others: RwLock<Others>,
    /// How many others there are: most servers have none, and pay nothing.
    count: AtomicUsize,
    /// A tenant was made that ends by itself.
    pub(crate) ending: Notify,
}

#[derive(Debug, Default)]
struct Others {
    by_name: BTreeMap<String, Arc<OwnWorld>>,
    by_mark: HashMap<[u8; MARK], Arc<OwnWorld>>,
    /// How often a name was given away already: the next of that name hands out other tokens and guids.
    before: HashMap<String, u64>,
    named: u64,
}

impl Tenants {
    pub(crate) fn new(options: Options, real_time: bool) -> Tenants {
        Tenants {
            first: Arc::new(OwnWorld::new(FIRST, options.clone(), real_time, None)),
            usual: options,
            real_time,
            others: RwLock::default(),
            count: AtomicUsize::new(0),
            ending: Notify::new(),
        }
    }

    pub(crate) fn first(&self) -> &Arc<OwnWorld> {
        &self.first
    }

    pub(crate) fn make(&self, wanted: TenantOptions) -> Result<Arc<OwnWorld>, Refusal> {
        let input = |field, rule| Err(Refusal::Input(InputError::new(field, rule)));
        if wanted.name.as_deref().is_some_and(|name| !is_name(name)) {
            return input("name", "must be 1 to 64 letters, digits, and - . _, and begin with a letter or digit");
        }
        if wanted.lives.is_some_and(|lives| lives.is_zero() || lives > LONGEST) {
            return input("ttl_seconds", "must be 1 to 31536000");
        }
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
        let own = Arc::new(OwnWorld::new(&name, options, self.real_time, ends));
        others.by_name.insert(name, Arc::clone(&own));
        others.by_mark.insert(own_mark, Arc::clone(&own));
        self.count.store(others.by_name.len(), Ordering::Release);
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
        others.by_name.get(name).filter(|own| !own.has_ended(Instant::now())).cloned()
    }

    /// The tenant that issued this token or key; the first one where no other did.
    pub(crate) fn of_secret(&self, secret: Option<&str>) -> Arc<OwnWorld> {
        self.other_of(secret).unwrap_or_else(|| Arc::clone(&self.first))
    }

    fn other_of(&self, secret: Option<&str>) -> Option<Arc<OwnWorld>> {
        if self.count.load(Ordering::Acquire) == 0 {
            return None;
        }
        let secret = secret?;
        let own_mark = secret.strip_prefix(KEY_MARK).unwrap_or(secret).as_bytes().first_chunk::<MARK>()?;
        let others = self.others.read().unwrap_or_else(PoisonError::into_inner);
        others.by_mark.get(own_mark).filter(|own| !own.has_ended(Instant::now())).cloned()
    }

    /// All of them, the first one first.
    pub(crate) fn all(&self) -> Vec<Arc<OwnWorld>> {
        let (others, now) = (self.others.read().unwrap_or_else(PoisonError::into_inner), Instant::now());
        let living = others.by_name.values().filter(|own| !own.has_ended(now));
        std::iter::once(&self.first).chain(living).cloned().collect()
    }

    /// Takes one out; false where there is none of this name. The first one cannot be taken out.
    pub(crate) fn remove(&self, name: &str) -> bool {
        self.forget_ended();
        self.take_out(|own| own.name == name) > 0
    }

    /// Takes out those whose time is over, and gives back their memory. Whether there are others that will end.
    pub(crate) fn forget_ended(&self) -> bool {
        if self.count.load(Ordering::Acquire) == 0 {
            return false;
        }
        let now = Instant::now();
        self.take_out(|own| own.has_ended(now));
        self.others.read().unwrap_or_else(PoisonError::into_inner).by_name.values().any(|own| own.ends.is_some())
    }

    fn take_out(&self, gone: impl Fn(&OwnWorld) -> bool) -> usize {
        let mut others = self.others.write().unwrap_or_else(PoisonError::into_inner);
        let names: Vec<String> = others.by_name.values().filter(|own| gone(own)).map(|own| own.name.clone()).collect();
        // A world may be large: its memory is given back when nobody waits for the lock.
        let mut taken = Vec::new();
        for name in &names {
            taken.extend(others.by_name.remove(name));
            *others.before.entry(name.clone()).or_default() += 1;
        }
        others.by_mark.retain(|_, own| !names.contains(&own.name));
        self.count.store(others.by_name.len(), Ordering::Release);
        drop(others);
        taken.len()
    }
}

impl Others {
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
    fn salt(&mut self, name: &str) -> (u64, [u8; MARK]) {
        let given = self.before.entry(name.to_owned()).or_default();
        loop {
            let salt = salt(name, *given);
            match mark(salt) {
                Some(own_mark) if !self.by_mark.contains_key(&own_mark) => return (salt, own_mark),
                _ => *given += 1,
            }
        }
    }
}

fn is_name(name: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.bytes().all(fits)
}

/// FNV-1a: the same in every run and on every machine, which the standard library does not promise of its own.
fn salt(name: &str, given: u64) -> u64 {
    let bytes = name.bytes().chain(given.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
