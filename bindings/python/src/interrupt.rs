//! Lets a signal end a read that is done in the main thread itself.
//!
//! Python's own C handler writes a byte to its "wakeup fd" whenever a signal comes. While a read is under way that is one
//! end of a pair of sockets; at the other end a thread of ours waits, and cancels the read. The main thread then asks
//! Python to run the handlers: what they raise ends the call, and if they raise nothing the read is made again.

use std::io::Read;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Mutex, PoisonError};

use nexus_http::Canceller;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// The pair of sockets and the thread that listens, of this process.
#[derive(Clone)]
pub(crate) struct Watch {
    process: u32,
    signalled: Arc<UnixStream>,
    current: Arc<Mutex<Option<Canceller>>>,
}

static WATCH: Mutex<Option<Watch>> = Mutex::new(None);

impl Watch {
    /// The one of this process. A fork leaves the thread behind, so a child gets a new one.
    pub(crate) fn get() -> std::io::Result<Watch> {
        let mut watch = WATCH.lock().unwrap_or_else(PoisonError::into_inner);
        match &*watch {
            Some(watch) if watch.process == std::process::id() => Ok(watch.clone()),
            _ => Ok(watch.insert(Watch::new()?).clone()),
        }
    }

    fn new() -> std::io::Result<Watch> {
        let (signalled, mut heard) = UnixStream::pair()?;
        signalled.set_nonblocking(true)?;
        let current: Arc<Mutex<Option<Canceller>>> = Arc::default();
        let listening = Arc::clone(&current);
        std::thread::Builder::new().name("mx_nexus signals".to_owned()).spawn(move || {
            let mut bytes = [0u8; 64];
            while heard.read(&mut bytes).is_ok_and(|read| read > 0) {
                if let Some(canceller) = &*listening.lock().unwrap_or_else(PoisonError::into_inner) {
                    canceller.cancel();
                }
            }
        })?;
        Ok(Watch { process: std::process::id(), signalled: Arc::new(signalled), current })
    }

    /// Does this with signals watched; without, where somebody else has the wakeup fd, such as a running event loop.
    pub(crate) fn during<T>(
        &self,
        py: Python<'_>,
        canceller: &Canceller,
        work: impl FnOnce() -> PyResult<T>,
    ) -> PyResult<T> {
        self.aim(Some(canceller.clone()));
        let before = set_wakeup(py, self.signalled.as_raw_fd())?;
        if before != -1 {
            set_wakeup(py, before)?;
        }
        // What came before there was anybody to hear it.
        let outcome = py.check_signals().and_then(|()| work());
        self.aim(None);
        if before == -1 {
            set_wakeup(py, -1)?;
        }
        outcome
    }

    fn aim(&self, canceller: Option<Canceller>) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = canceller;
    }
}

/// Gives the one from before; -1 for none.
fn set_wakeup(py: Python<'_>, fd: i32) -> PyResult<i32> {
    static SET: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    SET.import(py, "_signal", "set_wakeup_fd")?.call1((fd,))?.extract()
}
