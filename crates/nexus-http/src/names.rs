//! [`Names`]: the addresses of host names, looked up by a few threads for all clients of the process.
//!
//! ```text
//! addresses --> known for less than half a minute? ---------------------------> them
//!                 no --> asked already? -- yes --> wait (own time limit) -----> the shared result, or Silent
//!                          no --> ask: queue --> a worker --> the system's lookup --> known
//! ```
//!
//! The system's lookup cannot be cancelled, so it runs in a worker thread that no caller has to wait for. There are never
//! more than [`WORKERS`] workers, however many lookups hang; a worker that is idle for a while ends.

use std::collections::VecDeque;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use nexus_types::TransportCause;

use crate::interrupt::Interrupts;

/// How many lookups run at once.
const WORKERS: usize = 4;
/// How long an idle worker stays. Lookups are rare, and a thread that stays prevents the unloading of a library.
const IDLE: Duration = Duration::from_secs(1);
/// How long addresses are reused: long enough to spare kept connections a lookup, short enough to follow a host that moves.
const FRESH: Duration = Duration::from_secs(30);
/// The longest time for which callers join a running lookup. It may hang for ever, so a free worker then begins another.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most names that are cached, and the most that are queued.
const MOST: usize = 64;

/// The addresses of a name, without a port, or the cause for which there are none.
pub(crate) type Resolved = Result<Arc<[SocketAddr]>, TransportCause>;
type Lookup = dyn Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync;

/// Cheap to clone: clones share everything.
#[derive(Clone)]
pub(crate) struct Names(Arc<Shared>);

struct Shared {
    lookup: Box<Lookup>,
    state: Mutex<State>,
    /// For workers: a lookup is queued.
    queued: Condvar,
    /// For callers: a lookup has ended.
    ended: Condvar,
}

#[derive(Default)]
struct State {
    known: VecDeque<Known>,
    queue: VecDeque<Arc<Query>>,
    under_way: Vec<Arc<Query>>,
    workers: usize,
    idle: usize,
}

struct Known {
    name: String,
    addresses: Arc<[SocketAddr]>,
    until: Instant,
}

struct Query {
    name: String,
    asked: Instant,
    result: OnceLock<Resolved>,
}

impl Names {
    pub(crate) fn new(lookup: impl Fn(&str) -> io::Result<Vec<SocketAddr>> + Send + Sync + 'static) -> Names {
        let (queued, ended) = (Condvar::new(), Condvar::new());
        Names(Arc::new(Shared { lookup: Box::new(lookup), state: Mutex::default(), queued, ended }))
    }

    /// The names of the system's lookup, shared by the whole process.
    pub(crate) fn of_this_process() -> &'static Names {
        static FIRST: LazyLock<Process> = LazyLock::new(Process::new);
        let (mut process, own) = (&*FIRST, std::process::id());
        while process.id != own {
            process = process.forked.get_or_init(|| Box::new(Process::new()));
        }
        &process.names
    }

    /// The addresses of this name in the system's order, within this time or until an interrupt ends the wait.
    pub(crate) fn addresses(&self, name: &str, time: Option<Duration>, interrupts: &Interrupts) -> Resolved {
        let now = Instant::now();
        let end = time.and_then(|time| now.checked_add(time));
        let mut ended = false;
        let mut state = self.0.lock();
        if let Some(addresses) = state.known(name, now) {
            return Ok(addresses);
        }
        let query = match state.joinable(name, now) {
            Some(query) => query,
            None => self.ask(&mut state, name, now)?,
        };
        loop {
            if let Some(result) = query.result.get() {
                return result.clone();
            }
            let left = end.map_or(Duration::MAX, |end| end.saturating_duration_since(Instant::now()));
            if left.is_zero() || ended {
                state.withdraw(&query);
                return Err(TransportCause::NameServiceSilent);
            }
            let pause = interrupts.pause(left);
            state = match pause {
                Duration::MAX => self.0.ended.wait(state).unwrap_or_else(PoisonError::into_inner),
                pause => self.0.ended.wait_timeout(state, pause).unwrap_or_else(PoisonError::into_inner).0,
            };
            if interrupts.are_possible() && query.result.get().is_none() {
                // Not under the lock: the check may run anything.
                drop(state);
                ended = interrupts.end_the_wait();
                state = self.0.lock();
            }
        }
    }

    /// Forgets a name whose addresses could not be connected to, so that it is looked up again.
    pub(crate) fn forget(&self, name: &str) {
        self.0.lock().known.retain(|known| known.name != name);
    }

    fn ask(&self, state: &mut State, name: &str, now: Instant) -> Result<Arc<Query>, TransportCause> {
        if state.queue.len() >= MOST {
            return Err(TransportCause::NameServiceSilent);
        }
        let query = Arc::new(Query { name: name.to_owned(), asked: now, result: OnceLock::new() });
        state.queue.push_back(Arc::clone(&query));
        if state.idle < state.queue.len() && state.workers < WORKERS {
            let shared = Arc::clone(&self.0);
            // Not `thread::spawn`, which panics where no thread is to be had.
            match std::thread::Builder::new().name("nexus-names".to_owned()).spawn(move || shared.work()) {
                Ok(_) => state.workers += 1,
                Err(_) if state.workers > 0 => {}
                Err(_) => {
                    state.queue.pop_back();
                    return Err(TransportCause::NoResources);
                }
            }
        }
        self.0.queued.notify_one();
        Ok(query)
    }

    /// How many workers there are.
    #[cfg(test)]
    fn workers(&self) -> usize {
        self.0.lock().workers
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change under the lock is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn work(&self) {
        let mut state = self.lock();
        loop {
            if let Some(query) = state.queue.pop_front() {
                state.under_way.push(Arc::clone(&query));
                drop(state);
                let result = self.look_up(&query.name);
                state = self.lock();
                state.under_way.retain(|other| !Arc::ptr_eq(other, &query));
                if let Ok(addresses) = &result {
                    state.learn(&query.name, addresses);
                }
                let _ = query.result.set(result);
                self.ended.notify_all();
                continue;
            }
            state.idle += 1;
            let (woken, waited) = self.queued.wait_timeout(state, IDLE).unwrap_or_else(PoisonError::into_inner);
            state = woken;
            state.idle -= 1;
            if waited.timed_out() && state.queue.is_empty() {
                state.workers -= 1;
                return;
            }
        }
    }

    fn look_up(&self, name: &str) -> Resolved {
        // A panic must not take the worker with it, which is counted.
        let found = catch_unwind(AssertUnwindSafe(|| (self.lookup)(name))).map_err(|_| TransportCause::Internal)?;
        match found {
            Ok(addresses) if !addresses.is_empty() => Ok(addresses.into()),
            Ok(_) => Err(TransportCause::NameNotFound),
            // A number of the system's is about this machine; what a name service says has none.
            Err(error) => match crate::cause::of_this_machine(&error) {
                Some(cause) => Err(cause),
                // Where no file is left, the system's lookup cannot ask anybody, and says that there is no such name.
                None if no_files() => Err(TransportCause::NoFiles),
                None => Err(TransportCause::NameNotFound),
            },
        }
    }
}

fn no_files() -> bool {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0));
    socket.is_err_and(|error| crate::cause::of_this_machine(&error) == Some(TransportCause::NoFiles))
}

impl State {
    fn known(&self, name: &str, now: Instant) -> Option<Arc<[SocketAddr]>> {
        let known = self.known.iter().find(|known| known.name == name && now < known.until)?;
        Some(Arc::clone(&known.addresses))
    }

    fn learn(&mut self, name: &str, addresses: &Arc<[SocketAddr]>) {
        self.known.retain(|known| known.name != name);
        if self.known.len() >= MOST {
            self.known.pop_front();
        }
        let (name, until) = (name.to_owned(), Instant::now() + FRESH);
        self.known.push_back(Known { name, addresses: Arc::clone(addresses), until });
    }

    fn joinable(&self, name: &str, now: Instant) -> Option<Arc<Query>> {
        let young = |query: &&Arc<Query>| now.saturating_duration_since(query.asked) < PATIENCE;
        let mut joinable = self.queue.iter().chain(self.under_way.iter().filter(young));
        joinable.find(|query| query.name == name).cloned()
    }

    /// Takes a query back that nobody else waits for, if no worker has it yet.
    fn withdraw(&mut self, query: &Arc<Query>) {
        // One count is the queue's, one the caller's.
        self.queue.retain(|other| !Arc::ptr_eq(other, query) || Arc::strong_count(query) > 2);
    }
}

/// The names of one process. A child made by `fork` inherits the memory but not the workers, and perhaps a lock of a
/// thread that it does not have. It therefore starts with new names.
struct Process {
    id: u32,
    names: Names,
    forked: OnceLock<Box<Process>>,
}

impl Process {
    fn new() -> Process {
        let names = Names::new(|name| (name, 0).to_socket_addrs().map(Iterator::collect));
        Process { id: std::process::id(), names, forked: OnceLock::new() }
    }
}

#[cfg(test)]
#[path = "names_tests.rs"]
mod tests;
