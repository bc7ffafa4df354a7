//! Threads that carry out calls while the calling thread checks for signals and emits log lines. An idle thread is kept for a
//! while, because starting one costs as much as a read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, MutexGuard, TryLockError};
use std::time::Duration;

/// Work, which calls what it is given as soon as the thread may be had by the next.
pub(crate) type Job = Box<dyn FnOnce(&mut dyn FnMut()) + Send>;

/// So many wait for work, so long.
const KEPT: usize = 8;
const LINGER: Duration = Duration::from_secs(10);

struct Idle {
    process: u32,
    workers: Vec<(u64, Sender<Job>)>,
}

static IDLE: Mutex<Idle> = Mutex::new(Idle { process: 0, workers: Vec::new() });

/// Never waits: a fork may have left the lock held for ever, and then nothing is kept.
fn idle() -> Option<MutexGuard<'static, Idle>> {
    let mut idle = match IDLE.try_lock() {
        Ok(idle) => idle,
        Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
        Err(TryLockError::WouldBlock) => return None,
    };
    // The threads of another process are not here.
    let process = std::process::id();
    if idle.process != process {
        idle.process = process;
        idle.workers.clear();
    }
    Some(idle)
}

/// Has a thread do it; in the calling thread where none is to be had.
pub(crate) fn carry(mut job: Job) {
    while let Some((_, worker)) = idle().and_then(|mut idle| idle.workers.pop()) {
        match worker.send(job) {
            Ok(()) => return,
            Err(back) => job = back.0,
        }
    }
    let (give, take) = channel();
    let own = give.clone();
    // Sent first, so that the work is not lost where no thread can be started.
    let _ = give.send(job);
    let take = std::sync::Arc::new(Mutex::new(Some(take)));
    let theirs = std::sync::Arc::clone(&take);
    let taken = |take: &Mutex<Option<Receiver<Job>>>| take.lock().ok().and_then(|mut take| take.take());
    let started = std::thread::Builder::new().name("mx_nexus".to_owned()).spawn(move || {
        if let Some(take) = taken(&theirs) {
            work(own, &take);
        }
    });
    if started.is_err()
        && let Some(job) = taken(&take).and_then(|take| take.try_recv().ok())
    {
        job(&mut || {});
    }
}

fn work(own: Sender<Job>, take: &Receiver<Job>) {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let Ok(mut job) = take.recv() else { return };
    loop {
        let mut kept = false;
        job(&mut || {
            if let Some(mut idle) = idle().filter(|idle| idle.workers.len() < KEPT) {
                idle.workers.push((number, own.clone()));
                kept = true;
            }
        });
        if !kept {
            return;
        }
        match next(number, take) {
            Some(next) => job = next,
            None => return,
        }
    }
}

/// None where nobody has needed this thread for a while.
fn next(number: u64, take: &Receiver<Job>) -> Option<Job> {
    loop {
        if let Ok(job) = take.recv_timeout(LINGER) {
            return Some(job);
        }
        // Where it is not among the idle, somebody has taken it at this very moment, and work comes.
        let Some(mut idle) = idle() else { continue };
        if let Some(at) = idle.workers.iter().position(|(other, _)| *other == number) {
            idle.workers.remove(at);
            return None;
        }
    }
}
