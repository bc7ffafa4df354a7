//! [`Canceller`]: ends calls and waits of one client from another thread.

use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use crate::session::SessionKeeper;

/// Cancels the calls of one client; see [`Client::cancellable`](crate::Client::cancellable).
///
/// Cheap to clone. A cancelled client stays cancelled.
#[derive(Clone, Default)]
pub struct Canceller(Arc<State>);

#[derive(Default)]
struct State {
    cancelled: Mutex<bool>,
    changed: Condvar,
    agents: Mutex<Vec<ureq::Agent>>,
    /// Whose renewal threads may be waiting for.
    keepers: Mutex<Vec<Weak<SessionKeeper>>>,
    /// The cancellers of clients that were made from this one.
    children: Mutex<Vec<Weak<State>>>,
}

impl Canceller {
    /// Ends every wait, and every request under way by closing its connection, at once; a name lookup or an attempt to connect
    /// within some 20 milliseconds.
    pub fn cancel(&self) {
        *lock(&self.0.cancelled) = true;
        self.0.changed.notify_all();
        for agent in lock(&self.0.agents).drain(..) {
            agent.shutdown();
        }
        for keeper in lock(&self.0.keepers).drain(..).filter_map(|keeper| keeper.upgrade()) {
            keeper.wake();
        }
        for child in lock(&self.0.children).drain(..).filter_map(|child| child.upgrade()) {
            Canceller(child).cancel();
        }
    }

    /// Whether [`cancel`](Canceller::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        *lock(&self.0.cancelled)
    }

    /// A way to see whether it is cancelled that does not keep it alive.
    pub(crate) fn watched(&self) -> Watch {
        Watch(Arc::downgrade(&self.0))
    }

    /// Has these shut down by [`cancel`](Canceller::cancel).
    pub(crate) fn watch(&self, agents: [ureq::Agent; 2], keeper: &Arc<SessionKeeper>) {
        lock(&self.0.agents).extend(agents);
        lock(&self.0.keepers).push(Arc::downgrade(keeper));
    }

    /// Has this one cancelled with the other.
    pub(crate) fn follow(&self, parent: &Canceller) {
        let mut children = lock(&parent.0.children);
        children.retain(|child| child.strong_count() > 0);
        children.push(Arc::downgrade(&self.0));
        drop(children);
        if parent.is_cancelled() {
            self.cancel();
        }
    }

    /// Sleeps; true when it was cut short.
    pub(crate) fn sleep(&self, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut cancelled = lock(&self.0.cancelled);
        while !*cancelled {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            (cancelled, _) = self.0.changed.wait_timeout(cancelled, left).unwrap_or_else(PoisonError::into_inner);
        }
        *cancelled
    }
}

/// A look at a [`Canceller`], for the connections that it holds itself.
#[derive(Clone)]
pub(crate) struct Watch(Weak<State>);

impl Watch {
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.upgrade().is_some_and(|state| Canceller(state).is_cancelled())
    }
}

impl std::fmt::Debug for Canceller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Canceller").field(&self.is_cancelled()).finish()
    }
}

/// Locks, also after a panic of another holder: the data is plain.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_is_cut_short() {
        let canceller = Canceller::default();
        assert!(!canceller.sleep(Duration::from_millis(1)));
        let other = canceller.clone();
        let sleeper = std::thread::spawn(move || other.sleep(Duration::from_secs(600)));
        canceller.cancel();
        assert!(sleeper.join().unwrap());
        assert!(canceller.is_cancelled() && canceller.sleep(Duration::from_secs(600)));
    }

    #[test]
    fn a_follower_is_cancelled_too_and_not_the_other_way_round() {
        let (parent, before, after) = (Canceller::default(), Canceller::default(), Canceller::default());
        before.follow(&parent);
        Canceller::default().follow(&parent);
        let alone = Canceller::default();
        alone.follow(&parent);
        alone.cancel();
        assert!(!parent.is_cancelled() && !before.is_cancelled());
        parent.cancel();
        after.follow(&parent);
        assert!(before.is_cancelled() && after.is_cancelled());
    }
}
