//! [`Canceller`]: ends calls and waits of one client from another thread.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Cancels the calls of the client that it was made with; see [`Client::cancellable`](crate::Client::cancellable).
///
/// Cheap to clone. Once cancelled, always cancelled.
#[derive(Clone, Default)]
pub struct Canceller(Arc<State>);

#[derive(Default)]
struct State {
    cancelled: Mutex<bool>,
    changed: Condvar,
    agents: Mutex<Vec<ureq::Agent>>,
}

impl Canceller {
    /// Ends every wait at once, and every request that is under way: its connection is closed. A name that is being
    /// resolved or a connection that is being made is given up within the connect time-out.
    pub fn cancel(&self) {
        *lock(&self.0.cancelled) = true;
        self.0.changed.notify_all();
        for agent in lock(&self.0.agents).drain(..) {
            agent.shutdown();
        }
    }

    /// Whether [`cancel`](Canceller::cancel) was called.
    pub fn is_cancelled(&self) -> bool {
        *lock(&self.0.cancelled)
    }

    /// Has these shut down by [`cancel`](Canceller::cancel).
    pub(crate) fn watch(&self, agents: [ureq::Agent; 2]) {
        lock(&self.0.agents).extend(agents);
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

impl std::fmt::Debug for Canceller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Canceller").field(&self.is_cancelled()).finish()
    }
}

/// A lock whose holder panicked still guards plain data.
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
}
