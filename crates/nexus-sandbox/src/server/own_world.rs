//! [`OwnWorld`]: one tenant's world behind a lock of its own, with its clock.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::options::{Credentials, Options};
use crate::routes::{Route, Target};
use crate::world::World;

/// What all worlds of one server have in common.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Running {
    pub(crate) real_time: bool,
    /// Takes a tenant's name and a line for each request.
    pub(crate) log: Option<fn(&str, &str)>,
}

pub(crate) struct OwnWorld {
    pub(crate) name: String,
    pub(crate) credentials: Credentials,
    /// When it is gone by itself.
    pub(crate) ends: Option<Instant>,
    world: Mutex<World>,
    /// With real time: when the world's clock was last moved.
    moved: Option<Mutex<Instant>>,
}

impl OwnWorld {
    pub(crate) fn new(name: &str, options: Options, running: Running, ends: Option<Instant>) -> OwnWorld {
        let mut world = World::new(options);
        if let Some(log) = running.log {
            let name = name.to_owned();
            world.log_to(move |line| log(&name, line));
        }
        OwnWorld {
            name: name.to_owned(),
            credentials: world.credentials().clone(),
            ends,
            world: Mutex::new(world),
            moved: running.real_time.then(|| Mutex::new(Instant::now())),
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

    /// So many bytes the body of a request to this route may have, or to none. An import brings another policy, so the world is asked.
    pub(crate) fn body_limit(&self, route: Option<&Route>) -> usize {
        self.world().limit(route.map_or(Target::State, |route| route.target))
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
