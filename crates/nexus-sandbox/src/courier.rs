//! [`Courier`]: the thread that sends a world's webhooks, and moves its clock from one moment to the next on the way.
//!
//! The world is locked only to ask what is due and to say what came of it, never while something is sent: a receiver that
//! reads from the sandbox while it is called gets a response, with the state of that moment. The thread begins with the
//! first subscription.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use crate::held::Held;
use crate::sending::Sender;
use crate::world::World;

/// Where a courier finds its world.
pub(crate) trait Holder: Send + Sync + 'static {
    /// The world, as of now.
    fn world(&self) -> Held<'_>;

    /// Whether its clock runs with the real one.
    fn runs(&self) -> bool;
}

/// What is to be done when nothing more is due.
type Then = Box<dyn FnOnce() + Send>;

#[derive(Default)]
pub(crate) struct Courier {
    bell: Arc<Bell>,
}

#[derive(Default)]
struct Bell {
    state: Mutex<State>,
    ring: Condvar,
}

#[derive(Default)]
struct State {
    begun: bool,
    rung: bool,
    stopped: bool,
    waiting: Vec<Then>,
}

impl Courier {
    /// Says that something may be due, and what to do when nothing more is.
    pub(crate) fn ring<P: Holder>(&self, place: &Arc<P>, then: Option<Then>) {
        let mut state = self.bell.state();
        state.rung = true;
        state.waiting.extend(then);
        if !state.begun {
            let place: Weak<dyn Holder> = Arc::downgrade(&(Arc::clone(place) as Arc<dyn Holder>));
            let bell = Arc::clone(&self.bell);
            let name = "nexus-webhooks".to_owned();
            let begun = std::thread::Builder::new().name(name).spawn(move || run(&bell, &place));
            state.begun = begun.is_ok();
        }
        if !state.begun || state.stopped {
            // Nobody would ever be told.
            let waiting = std::mem::take(&mut state.waiting);
            drop(state);
            waiting.into_iter().for_each(|then| then());
            return;
        }
        drop(state);
        self.bell.ring.notify_all();
    }

    /// Sends nothing more after what is on its way.
    pub(crate) fn stop(&self) {
        self.bell.state().stopped = true;
        self.bell.ring.notify_all();
    }
}

impl std::fmt::Debug for Courier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Courier").finish_non_exhaustive()
    }
}

impl Bell {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is rung, or for so long; gives who waits for the end of what follows. None: it is over.
    fn wait(&self, longest: Option<Duration>) -> Option<Vec<Then>> {
        let idle = |state: &mut State| !state.rung && !state.stopped;
        let mut state = match longest {
            Some(longest) => {
                let waited = self.ring.wait_timeout_while(self.state(), longest, idle);
                waited.unwrap_or_else(PoisonError::into_inner).0
            }
            None => self.ring.wait_while(self.state(), idle).unwrap_or_else(PoisonError::into_inner),
        };
        state.rung = false;
        let waiting = std::mem::take(&mut state.waiting);
        if state.stopped { None } else { Some(waiting) }
    }
}

fn run(bell: &Bell, place: &Weak<dyn Holder>) {
    let Some(roots) = place.upgrade().map(|place| place.world().options.webhook_roots.clone()) else { return };
    let mut sender = Sender::new(roots.as_deref());
    let mut longest = None;
    while let Some(waiting) = bell.wait(longest) {
        loop {
            // The place is let go while something is sent, so that its sandbox can end meanwhile.
            let Some(attempt) = place.upgrade().map(|place| place.world().next_attempt()) else { return };
            let Some(attempt) = attempt else { break };
            let outcome = sender.send(&attempt);
            let Some(place) = place.upgrade() else { return };
            place.world().attempt_ended(&attempt, outcome);
            if bell.state().stopped {
                return;
            }
        }
        waiting.into_iter().for_each(|then| then());
        let Some(place) = place.upgrade() else { return };
        longest = if place.runs() { until_next(&mut place.world()) } else { None };
    }
}

/// How long until something is due, where the clock runs.
fn until_next(world: &mut World) -> Option<Duration> {
    let (now, next) = (world.now, world.next_due()?.unix_millis()?);
    // A little later rather than too early by less than a millisecond, again and again.
    Some(Duration::from_millis(next.saturating_sub(now).unsigned_abs().saturating_add(1)))
}
