//! [`OwnWorld`]: one tenant's world behind a lock of its own, with its clock.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::admin;
use crate::call::{Call, Reply};
#[cfg(feature = "webhooks")]
use crate::courier::{Courier, Holder};
use crate::held::Held;
use crate::options::{Credentials, Options};
use crate::parts::Rest;
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
    /// Told whenever something may have changed, if somebody listens.
    touched: watch::Sender<u64>,
    /// With real time: when the world's clock was last moved.
    moved: Option<Mutex<Instant>>,
    #[cfg(feature = "webhooks")]
    courier: Courier,
}

impl OwnWorld {
    pub(crate) fn new(name: &str, options: Options, running: Running, ends: Option<Instant>) -> OwnWorld {
        let mut world = World::new(options);
        if let Some(log) = running.log {
            let name = name.to_owned();
            world.log_to(move |line| log(&name, line));
        }
        world.deliveries.attended = cfg!(feature = "webhooks");
        world.deliveries.unable = !cfg!(feature = "webhooks");
        OwnWorld {
            name: name.to_owned(),
            credentials: world.credentials().clone(),
            ends,
            world: Mutex::new(world),
            touched: watch::Sender::new(0),
            moved: running.real_time.then(|| Mutex::new(Instant::now())),
            #[cfg(feature = "webhooks")]
            courier: Courier::default(),
        }
    }

    /// Gives access to the world between two requests.
    pub(crate) fn with_world<T>(self: &Arc<OwnWorld>, look: impl FnOnce(&mut World) -> T) -> T {
        let mut world = self.world();
        let seen = look(&mut world);
        let sends = world.deliveries.are_sent();
        drop(world);
        self.hand_over(sends);
        seen
    }

    /// Moves the clock. Where webhooks are due on the way, each is sent at its own time, and this ends when all are.
    pub(crate) fn advance(self: &Arc<OwnWorld>, by: Duration) {
        if self.with_world(|world| world.go(by)) {
            self.wait();
        }
    }

    /// Responds as to a request over HTTP. One that waits for webhooks to be sent waits here.
    pub(crate) fn respond(self: &Arc<OwnWorld>, call: &Call<'_>) -> Reply {
        let reply = self.with_world(|world| world.respond(call));
        if reply.waits {
            self.wait();
            return self.with_world(|world| admin::arrived(world, call.plain_path()));
        }
        reply
    }

    /// The same for a request over HTTP; of a long list the first part, and what is left of it.
    pub(crate) async fn exchange(self: &Arc<OwnWorld>, call: &Call<'_>) -> (Reply, Option<Rest>) {
        let ((reply, rest), sends) = {
            let mut world = self.world_now();
            (world.begin(call), world.deliveries.are_sent())
        };
        if reply.waits {
            self.sent().await;
            return (admin::arrived(&self.world_now(), call.plain_path()), None);
        }
        self.hand_over(sends);
        (reply, rest)
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

    /// So many bytes the body of a request to this route may have, or to none. An import brings another policy, so the world is asked.
    pub(crate) fn body_limit(&self, route: Option<&Route>) -> usize {
        self.world().limit(route.map_or(Target::State, |route| route.target))
    }

    pub(crate) fn has_ended(&self, now: Instant) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

#[cfg(feature = "webhooks")]
impl Holder for OwnWorld {
    fn world(&self) -> Held<'_> {
        self.world_now()
    }

    fn runs(&self) -> bool {
        self.moved.is_some()
    }
}

#[cfg(feature = "webhooks")]
impl OwnWorld {
    /// Sends nothing more after what is on its way.
    pub(crate) fn stop_sending(&self) {
        self.courier.stop();
    }

    /// Has webhooks sent that may be due now.
    fn hand_over(self: &Arc<Self>, sends: bool) {
        if sends {
            self.courier.ring(self, None);
        }
    }

    /// Comes back when no webhook is due any more.
    async fn sent(self: &Arc<Self>) {
        let (done, is_done) = tokio::sync::oneshot::channel::<()>();
        self.courier.ring(self, Some(Box::new(move || drop(done))));
        // Where the channel is closed, nothing more is sent.
        let _ = is_done.await;
    }

    fn wait(self: &Arc<Self>) {
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        self.courier.ring(self, Some(Box::new(move || drop(done))));
        let _ = is_done.recv();
    }
}

/// Without the means to send webhooks nobody can subscribe, and nothing is ever due.
#[cfg(not(feature = "webhooks"))]
impl OwnWorld {
    pub(crate) fn stop_sending(&self) {}

    fn hand_over(&self, _: bool) {}

    async fn sent(&self) {}

    fn wait(&self) {}
}

impl Drop for OwnWorld {
    fn drop(&mut self) {
        self.stop_sending();
    }
}

impl std::fmt::Debug for OwnWorld {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OwnWorld").field("name", &self.name).finish_non_exhaustive()
    }
}
