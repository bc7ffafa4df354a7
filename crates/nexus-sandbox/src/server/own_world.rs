//! [`OwnWorld`]: one tenant's world behind a lock of its own, with its clock.

use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::options::{Credentials, Options};
use crate::world::World;

pub(crate) struct OwnWorld {
    pub(crate) name: String,
    pub(crate) credentials: Credentials,
    pub(crate) seed: u64,
    /// The policy's, which does not change.
    pub(crate) body_limit: usize,
    /// When it is gone by itself.
    pub(crate) ends: Option<Instant>,
    world: Mutex<World>,
    /// Told whenever something may have changed, if somebody listens.
    touched: watch::Sender<u64>,
    /// With real time: when the world's clock was last moved.
    moved: Option<Mutex<Instant>>,
}

impl OwnWorld {
    pub(crate) fn new(name: &str, options: Options, real_time: bool, ends: Option<Instant>) -> OwnWorld {
        let world = World::new(options);
        OwnWorld {
            name: name.to_owned(),
            credentials: world.credentials().clone(),
            seed: world.seed(),
            body_limit: world.body_limit(),
            ends,
            world: Mutex::new(world),
            touched: watch::Sender::new(0),
            moved: real_time.then(|| Mutex::new(Instant::now())),
        }
    }

    /// The world between two requests.
    pub(crate) fn world(&self) -> Held<'_> {
        Held { world: self.locked(), touched: Some(&self.touched) }
    }

    /// The same for who only looks at what has changed: that wakes no listener.
    pub(crate) fn watched(&self) -> Held<'_> {
        let mut held = Held { world: self.locked(), touched: None };
        self.pass_time(&mut held);
        held
    }

    /// A signal for each time that something may have changed.
    pub(crate) fn touches(&self) -> watch::Receiver<u64> {
        self.touched.subscribe()
    }

    /// Whether time passes by itself.
    pub(crate) fn runs(&self) -> bool {
        self.moved.is_some()
    }

    fn locked(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, as of now.
    pub(crate) fn world_now(&self) -> Held<'_> {
        let mut world = self.world();
        self.pass_time(&mut world);
        world
    }

    fn pass_time(&self, world: &mut World) {
        if let Some(moved) = &self.moved {
            let mut moved = moved.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            // Whole milliseconds; what is left over counts the next time.
            let passed = Duration::from_millis(u64::try_from((now - *moved).as_millis()).unwrap_or(u64::MAX));
            *moved += passed;
            world.advance(passed);
        }
    }

    pub(crate) fn has_ended(&self, now: Instant) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

/// A world that nobody else has meanwhile. Listeners hear of it when it is let go.
pub(crate) struct Held<'a> {
    world: MutexGuard<'a, World>,
    touched: Option<&'a watch::Sender<u64>>,
}

impl Deref for Held<'_> {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Held<'_> {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        if let Some(touched) = self.touched.filter(|touched| touched.receiver_count() > 0) {
            touched.send_modify(|count| *count = count.wrapping_add(1));
        }
    }
}

impl std::fmt::Debug for OwnWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWorld").field("name", &self.name).finish_non_exhaustive()
    }
}
