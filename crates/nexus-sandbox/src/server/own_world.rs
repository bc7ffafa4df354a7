//! [`OwnWorld`]: one tenant's world behind a lock of its own, with its clock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
            moved: real_time.then(|| Mutex::new(Instant::now())),
        }
    }

    /// The world between two requests.
    pub(crate) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The world, as of now.
    pub(crate) fn world_now(&self) -> MutexGuard<'_, World> {
        let mut world = self.world();
        if let Some(moved) = &self.moved {
            let mut moved = moved.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            // Whole milliseconds; what is left over counts the next time.
            let passed = Duration::from_millis(u64::try_from((now - *moved).as_millis()).unwrap_or(u64::MAX));
            *moved += passed;
            world.advance(passed);
        }
        world
    }

    pub(crate) fn has_ended(&self, now: Instant) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

impl std::fmt::Debug for OwnWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWorld").field("name", &self.name).finish_non_exhaustive()
    }
}
