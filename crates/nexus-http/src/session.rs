//! [`SessionKeeper`]: one session for all threads. One thread renews it while the others wait.
//!
//! ```text
//! acquire --> good session? -----------------------------------------> it
//!               no --> somebody renews? -- yes --> wait (own deadline) --> check again, or share the failure
//!                        no --> renew alone, wake the others
//! ```
//!
//! A session expires by a 401 (reported to [`SessionKeeper::expire`]) or by age. A thread that reports the 401 of an older
//! session gets the newer session and renews nothing.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Instant;

use nexus_types::decide::session::still_good;
use nexus_types::{Error, ErrorKind, Operation, SessionToken, TransportProblem};

use crate::check::{CHECK_EVERY, check, is_checking};
use crate::sync::{Condvar, Mutex, MutexGuard, PoisonError};

thread_local! {
    /// Whether this thread renews a session at present, and makes a check meanwhile.
    static RENEWING: Cell<bool> = const { Cell::new(false) };
}

/// A check may make calls of its own: they cannot wait for a renewal that waits for the check.
struct Inside(bool);

impl Inside {
    fn enter() -> Inside {
        Inside(RENEWING.replace(is_checking()))
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        RENEWING.set(self.0);
    }
}

/// A session and its number, so that a late 401 does not end a newer session.
#[derive(Clone)]
pub(crate) struct Ticket {
    pub(crate) token: Arc<SessionToken>,
    generation: u64,
}

pub(crate) struct SessionKeeper {
    state: Mutex<State>,
    changed: Condvar,
    /// A session that was given from outside cannot be renewed.
    renewable: bool,
}

struct State {
    current: Option<Ticket>,
    last_use: Instant,
    generation: u64,
    renewing: bool,
    /// The number of finished renewals, and the error of the last failed one.
    ended: u64,
    failure: Option<Error>,
}

impl SessionKeeper {
    /// Keeps a session that was opened elsewhere.
    pub(crate) fn given(token: SessionToken) -> SessionKeeper {
        SessionKeeper::with(Some(Ticket { token: Arc::new(token), generation: 0 }), false)
    }

    /// Opens sessions when they are needed.
    pub(crate) fn renewing() -> SessionKeeper {
        SessionKeeper::with(None, true)
    }

    fn with(current: Option<Ticket>, renewable: bool) -> SessionKeeper {
        let last_use = Instant::now();
        let state = State { current, last_use, generation: 0, renewing: false, ended: 0, failure: None };
        SessionKeeper { state: Mutex::new(state), changed: Condvar::new(), renewable }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is whole, so a panic elsewhere in the thread leaves nothing half done.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_renewable(&self) -> bool {
        self.renewable
    }

    /// Returns the session. If there is none, one thread calls `renew` for all that wait.
    ///
    /// # Errors
    /// The error of `renew`, for all waiting threads. But if the renewing thread was cancelled or reached its own deadline,
    /// only it fails and the next thread tries.
    pub(crate) fn acquire(
        &self,
        deadline: Instant,
        is_cancelled: impl Fn() -> bool,
        renew: impl FnOnce() -> Result<SessionToken, Error>,
    ) -> Result<Ticket, Error> {
        let mut state = self.lock();
        let seen = state.ended;
        loop {
            let good = !self.renewable || still_good(state.last_use.elapsed());
            if let Some(ticket) = state.current.clone().filter(|_| good) {
                return Ok(ticket);
            }
            if !state.renewing || RENEWING.get() {
                if state.ended != seen
                    && let Some(failure) = state.failure.clone()
                {
                    return Err(failure);
                }
                break;
            }
            if is_cancelled() {
                return Err(Error::transport(TransportProblem::Cancelled, Operation::OpenSession));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Err(Error::transport(TransportProblem::Timeout, Operation::OpenSession));
            }
            let pause = if is_checking() { left.min(CHECK_EVERY) } else { left };
            (state, _) = self.changed.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner);
            if is_checking() {
                // Not under the lock: the check may cancel, which wakes this keeper.
                drop(state);
                check();
                state = self.lock();
            }
        }
        state.renewing = true;
        state.current = None;
        drop(state);
        let inside = Inside::enter();
        // Also when `renew` panics: no thread may wait for one that has ended.
        let mut renewal = Renewal { keeper: self, ended: false };
        let result = renew();
        drop(inside);
        renewal.ended = true;
        self.finish(result)
    }

    fn finish(&self, result: Result<SessionToken, Error>) -> Result<Ticket, Error> {
        let mut state = self.lock();
        state.renewing = false;
        state.ended += 1;
        state.failure = None;
        let result = result.map(|token| {
            state.generation += 1;
            Ticket { token: Arc::new(token), generation: state.generation }
        });
        match &result {
            Ok(ticket) => {
                state.last_use = Instant::now();
                state.current = Some(ticket.clone());
            }
            Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::Timeout) => {}
            Err(error) => state.failure = Some(error.clone()),
        }
        drop(state);
        self.changed.notify_all();
        result
    }

    /// Wakes every thread that waits for a renewal, so that it checks for cancellation.
    pub(crate) fn wake(&self) {
        // Notify under the lock, so that no thread misses it between its check and its wait.
        let state = self.lock();
        self.changed.notify_all();
        drop(state);
    }

    /// Ends the session of this ticket after a 401.
    pub(crate) fn expire(&self, ticket: &Ticket) {
        let mut state = self.lock();
        if self.renewable && state.current.as_ref().is_some_and(|current| current.generation == ticket.generation) {
            state.current = None;
        }
    }

    /// Restarts the session's time after a response other than 401.
    pub(crate) fn used(&self, ticket: &Ticket, sent_at: Instant) {
        let mut state = self.lock();
        if state.current.as_ref().is_some_and(|current| current.generation == ticket.generation) {
            state.last_use = state.last_use.max(sent_at);
        }
    }
}

struct Renewal<'a> {
    keeper: &'a SessionKeeper,
    ended: bool,
}

impl Drop for Renewal<'_> {
    fn drop(&mut self) {
        if !self.ended {
            let cancelled = Error::transport(TransportProblem::Cancelled, Operation::OpenSession);
            let _ = self.keeper.finish(Err(cancelled));
        }
    }
}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
