//! A call that a worker thread carries out, as the calling thread sees it.

use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use nexus_http::Canceller;
use nexus_types::{BoundaryProblem, Error};
use pyo3::prelude::*;

use crate::errors::raise;
use crate::locks::locked;
use crate::logging::Line;

/// So long a signal may wait.
const LOOK: Duration = Duration::from_millis(20);
/// So long a response may still come by itself after a signal.
pub(crate) const SOON: Duration = Duration::from_millis(50);
/// So long an interrupted call has to say how it ended.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A message of a worker thread.
pub(crate) enum Word<M> {
    Log(Line),
    Said(M),
}

pub(crate) struct Running<M> {
    messages: Mutex<Receiver<Word<M>>>,
    canceller: Canceller,
    /// Whether the thread that asked is the one that signals are handled in.
    watches: bool,
}

impl<M: Send> Running<M> {
    pub(crate) fn new(messages: Receiver<Word<M>>, canceller: Canceller, watches: bool) -> Running<M> {
        Running { messages: Mutex::new(messages), canceller, watches }
    }

    /// The next word from the thread. What is to be logged on the way is logged by the thread that asked, in its context.
    ///
    /// # Errors
    /// What a signal's handler raised, such as `KeyboardInterrupt`.
    pub(crate) fn next(&self, py: Python<'_>) -> PyResult<M> {
        loop {
            let word = py.detach(|| {
                let messages = locked(&self.messages);
                match self.watches {
                    true => messages.recv_timeout(LOOK),
                    false => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                }
            });
            match word {
                Ok(Word::Said(word)) => return Ok(word),
                Ok(Word::Log(line)) => {
                    py.check_signals()?;
                    line.tell(py)?;
                }
                Err(RecvTimeoutError::Timeout) => py.check_signals()?,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(raise(py, Error::boundary(BoundaryProblem::Panic, "the call's thread")));
                }
            }
        }
    }

    /// A word that comes within a moment.
    pub(crate) fn soon(&self, py: Python<'_>) -> Option<M> {
        self.within(py, SOON)
    }

    /// The last word of a call that was cancelled.
    pub(crate) fn last(&self, py: Python<'_>) -> Option<M> {
        self.within(py, LAST_WORDS)
    }

    fn within(&self, py: Python<'_>, time: Duration) -> Option<M> {
        py.detach(|| {
            let (messages, end) = (locked(&self.messages), Instant::now() + time);
            loop {
                match messages.recv_timeout(end.saturating_duration_since(Instant::now())) {
                    Ok(Word::Said(word)) => return Some(word),
                    Ok(Word::Log(_)) => {}
                    Err(_) => return None,
                }
            }
        })
    }

    pub(crate) fn cancel(&self, py: Python<'_>) {
        py.detach(|| self.canceller.cancel());
    }
}
