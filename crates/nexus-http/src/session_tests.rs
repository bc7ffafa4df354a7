//! Tests of the session keeper with many threads; with `--cfg shuttle`, under every interleaving that a model checker tries.
//!
//! `RUSTFLAGS="--cfg shuttle" cargo test -p nexus-http --lib session` (with `NEXUS_RUNS` for more orders).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use nexus_types::{Error, ErrorKind, Operation, SessionToken, TransportProblem};

use super::{SessionKeeper, Ticket};

#[cfg(shuttle)]
use shuttle::thread;
#[cfg(not(shuttle))]
use std::thread;

/// Runs it once, or in many orders of its threads.
fn model(run: impl Fn() + Send + Sync + 'static) {
    #[cfg(not(shuttle))]
    (0..50).for_each(|_| run());
    #[cfg(shuttle)]
    {
        let orders = std::env::var("NEXUS_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
        let run = Arc::new(run);
        let other = Arc::clone(&run);
        shuttle::check_random(move || run(), orders);
        shuttle::check_pct(move || other(), orders, 3);
    }
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(3600)
}

fn token(number: u32) -> SessionToken {
    SessionToken::new(format!("session-{number}")).unwrap()
}

fn acquire(keeper: &SessionKeeper, renewals: &AtomicU32) -> Result<Ticket, Error> {
    keeper.acquire(
        far(),
        || false,
        || {
            thread::yield_now();
            Ok(token(renewals.fetch_add(1, Ordering::SeqCst) + 1))
        },
    )
}

#[test]
fn session_is_renewed_once_for_all_threads() {
    model(|| {
        let (keeper, renewals) = (Arc::new(SessionKeeper::renewing()), Arc::new(AtomicU32::new(0)));
        let first = acquire(&keeper, &renewals).unwrap();
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let (keeper, renewals, first) = (Arc::clone(&keeper), Arc::clone(&renewals), first.clone());
                thread::spawn(move || {
                    // Each has the server's 401 for the first session in its hands.
                    keeper.expire(&first);
                    acquire(&keeper, &renewals).unwrap().token
                })
            })
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), token(2).into());
        }
        assert_eq!(renewals.load(Ordering::SeqCst), 2);
    });
}

#[test]
fn session_renewal_failure_is_shared_by_waiting_threads_only() {
    model(|| {
        let (keeper, tries) = (Arc::new(SessionKeeper::renewing()), Arc::new(AtomicU32::new(0)));
        let threads: Vec<_> = (0..3)
            .map(|_| {
                let (keeper, tries) = (Arc::clone(&keeper), Arc::clone(&tries));
                thread::spawn(move || {
                    let refused = keeper.acquire(
                        far(),
                        || false,
                        || {
                            tries.fetch_add(1, Ordering::SeqCst);
                            thread::yield_now();
                            Err(Error::transport(TransportProblem::Connect, Operation::ApiToken))
                        },
                    );
                    assert_eq!(refused.err().map(|error| error.kind()), Some(ErrorKind::Connect));
                })
            })
            .collect();
        for thread in threads {
            thread.join().unwrap();
        }
        assert!((1..=3).contains(&tries.load(Ordering::SeqCst)), "never more than once each");
        assert_eq!(acquire(&keeper, &AtomicU32::new(6)).unwrap().token, token(7).into());
    });
}

#[test]
fn session_renewal_passes_to_the_next_thread_on_cancel() {
    model(|| {
        let keeper = Arc::new(SessionKeeper::renewing());
        let threads: Vec<_> = (0..3)
            .map(|number| {
                let keeper = Arc::clone(&keeper);
                thread::spawn(move || {
                    let renew = || match number {
                        0 => Err(Error::transport(TransportProblem::Cancelled, Operation::OpenSession)),
                        number => Ok(token(number)),
                    };
                    (number, keeper.acquire(far(), || false, renew))
                })
            })
            .collect();
        for thread in threads {
            match thread.join().unwrap() {
                (0, Err(error)) => assert_eq!(error.kind(), ErrorKind::Cancelled),
                (_, outcome) => assert!(outcome.is_ok(), "another's end is not theirs"),
            }
        }
    });
}

#[cfg(not(shuttle))]
mod with_a_clock {
    use super::*;

    #[test]
    fn session_wait_ends_at_the_thread_s_own_deadline() {
        let keeper = SessionKeeper::renewing();
        thread::scope(|scope| {
            let (started, is_started) = std::sync::mpsc::channel();
            let (finish, finished) = std::sync::mpsc::channel::<()>();
            let keeper = &keeper;
            let slow = scope.spawn(move || {
                keeper.acquire(
                    far(),
                    || false,
                    move || {
                        started.send(()).unwrap();
                        finished.recv().unwrap();
                        Ok(token(1))
                    },
                )
            });
            is_started.recv().unwrap();
            let soon = Instant::now() + Duration::from_millis(20);
            let error = keeper.acquire(soon, || false, || Ok(token(2))).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::Timeout);
            finish.send(()).unwrap();
            assert_eq!(slow.join().unwrap().unwrap().token, token(1).into());
        });
    }

    #[test]
    fn session_wait_ends_on_cancel() {
        let (keeper, cancelled) = (SessionKeeper::renewing(), std::sync::atomic::AtomicBool::new(false));
        thread::scope(|scope| {
            let (started, is_started) = std::sync::mpsc::channel();
            let (finish, finished) = std::sync::mpsc::channel::<()>();
            let (keeper, cancelled) = (&keeper, &cancelled);
            scope.spawn(move || {
                keeper.acquire(
                    far(),
                    || false,
                    move || {
                        started.send(()).unwrap();
                        finished.recv().unwrap();
                        Ok(token(1))
                    },
                )
            });
            is_started.recv().unwrap();
            let waiting = scope.spawn(|| keeper.acquire(far(), || cancelled.load(Ordering::SeqCst), || Ok(token(2))));
            cancelled.store(true, Ordering::SeqCst);
            keeper.wake();
            assert_eq!(waiting.join().unwrap().err().map(|error| error.kind()), Some(ErrorKind::Cancelled));
            finish.send(()).unwrap();
        });
    }

    #[test]
    fn session_renewal_panic_does_not_block_other_threads() {
        let keeper = SessionKeeper::renewing();
        let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            keeper.acquire(far(), || false, || panic!("on purpose"))
        }));
        assert!(panicked.is_err());
        assert_eq!(keeper.acquire(far(), || false, || Ok(token(1))).unwrap().token, token(1).into());
    }

    #[test]
    fn session_given_from_outside_is_kept_regardless_of_age() {
        let keeper = SessionKeeper::given(token(1));
        let ticket = keeper.acquire(far(), || false, || Ok(token(2))).unwrap();
        keeper.expire(&ticket);
        assert_eq!(keeper.acquire(far(), || false, || Ok(token(2))).unwrap().token, token(1).into());
        assert!(!keeper.is_renewable());
    }

    #[test]
    fn a_late_401_does_not_end_a_newer_session() {
        let (keeper, renewals) = (SessionKeeper::renewing(), AtomicU32::new(0));
        let old = acquire(&keeper, &renewals).unwrap();
        keeper.expire(&old);
        acquire(&keeper, &renewals).unwrap();
        keeper.expire(&old);
        assert_eq!(acquire(&keeper, &renewals).unwrap().token, token(2).into());
    }

    #[test]
    fn a_session_is_renewed_ahead_of_its_end() {
        let (keeper, renewals) = (SessionKeeper::renewing(), AtomicU32::new(0));
        acquire(&keeper, &renewals).unwrap();
        let aged = Instant::now().checked_sub(nexus_types::decide::session::LIFETIME);
        // A machine that has just started has no such time.
        if let Some(aged) = aged {
            keeper.lock().last_use = aged;
            assert_eq!(acquire(&keeper, &renewals).unwrap().token, token(2).into());
        }
    }
}
