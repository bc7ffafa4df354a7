//! The end of the interpreter. Before 3.14 CPython kills a daemon thread that asks for the GIL while the interpreter ends. If
//! it kills the thread inside this library's frames, the process aborts. A thread therefore enters a section before it runs
//! Python code, the interpreter waits at its exit until all sections are left, and a thread that comes later blocks for ever,
//! as in 3.14.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static INSIDE: AtomicUsize = AtomicUsize::new(0);
static ENDING: AtomicBool = AtomicBool::new(false);

/// So long the exit waits for a log handler or a callback.
const PATIENCE: Duration = Duration::from_secs(1);

/// Python code is run while this lives.
pub(crate) struct Section(());

impl Section {
    pub(crate) fn enter(py: Python<'_>) -> Section {
        INSIDE.fetch_add(1, Ordering::SeqCst);
        let section = Section(());
        // The main thread still runs what others have registered with `atexit`.
        if ENDING.load(Ordering::SeqCst) && !is_main_thread(py).unwrap_or(true) {
            drop(section);
            py.detach(|| {
                loop {
                    std::thread::park();
                }
            });
        }
        section
    }
}

impl Drop for Section {
    fn drop(&mut self) {
        INSIDE.fetch_sub(1, Ordering::SeqCst);
    }
}

/// What `atexit` calls.
#[pyfunction]
pub fn ending(py: Python<'_>) {
    ENDING.store(true, Ordering::SeqCst);
    py.detach(|| {
        let end = Instant::now() + PATIENCE;
        while INSIDE.load(Ordering::SeqCst) > 0 && Instant::now() < end {
            std::thread::sleep(Duration::from_millis(2));
        }
    });
}

/// Whether Python runs signal handlers in this thread.
pub(crate) fn is_main_thread(py: Python<'_>) -> PyResult<bool> {
    static IDENT: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    static MAIN: PyOnceLock<u64> = PyOnceLock::new();
    let main = MAIN.get_or_try_init(py, || {
        py.import("threading")?.call_method0("main_thread")?.getattr("ident")?.extract::<u64>()
    })?;
    let own: u64 = IDENT.import(py, "_thread", "get_ident")?.call0()?.extract()?;
    Ok(own == *main)
}
