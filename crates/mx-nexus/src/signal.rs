//! Handlers of Ctrl-C and SIGTERM.
//!
//! An interruption cancels a wait and stops a sandbox. It also cancels a create or verify under way, which then still
//! reports what is known; a silent kill would hide that. A second signal ends the process at once, and then the outcome is
//! unknown.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

use nexus_http::{Canceller, Client, Observation, Observer};
use nexus_types::{Error, Operation, TransportProblem};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// The number of the operation that is on its way and must not be repeated blindly; 0 for none.
static UNDER_WAY: AtomicU8 = AtomicU8::new(0);

/// Whether the last signal was SIGTERM.
static TERMINATED: AtomicBool = AtomicBool::new(false);

/// Ends the call that is on its way.
static CALL: OnceLock<Canceller> = OnceLock::new();

/// Calls `on_signal` in a thread of its own for each SIGINT or SIGTERM (Ctrl-C or Ctrl-Break on Windows).
pub(crate) fn listen(mut on_signal: impl FnMut() + Send + 'static) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(trouble)?;
        let listening = move || {
            for signal in signals.forever() {
                TERMINATED.store(signal == SIGTERM, Ordering::SeqCst);
                on_signal();
            }
        };
        // A machine may have no thread left: then nothing is begun that could not be interrupted.
        std::thread::Builder::new().name("signals".to_owned()).spawn(listening).map(drop).map_err(trouble)
    }
    #[cfg(not(unix))]
    {
        ctrlc::set_handler(move || on_signal()).map_err(|error| trouble(std::io::Error::other(error)))
    }
}

/// The exit that an interruption ends with, by the signal that it was.
pub(crate) fn as_ended(exit: Exit) -> Exit {
    let terminated = exit == Exit::Interrupted && TERMINATED.load(Ordering::SeqCst);
    if terminated { Exit::Terminated } else { exit }
}

fn trouble(error: std::io::Error) -> Failure {
    Failure::Local("signals cannot be handled", error)
}

/// From here on an interruption ends the process with 130 or 143; but from the moment in which a create or verify goes out until its
/// result is written, the first one ends that call, and the next one the process, with OUTCOME UNKNOWN.
pub(crate) fn end_on_interrupt(output: Output) -> Result<(), Failure> {
    listen(move || {
        let number = UNDER_WAY.load(Ordering::SeqCst);
        if let Some(call) = CALL.get().filter(|call| number != 0 && !call.is_cancelled()) {
            return call.cancel();
        }
        let operation = Operation::ALL.into_iter().find(|operation| *operation as u8 == number);
        let exit = operation.map_or(Exit::Interrupted, |operation| {
            let error = Error::transport(TransportProblem::Cancelled, operation).with_outcome_unknown(true);
            output.failure(&Failure::from(error))
        });
        std::process::exit(i32::from(as_ended(exit).code()));
    })
}

/// The same client, for the one call that an interruption is to end.
pub(crate) fn cancellable(client: &Client) -> Client {
    let (client, canceller) = client.cancellable();
    // A command makes one such call.
    let _ = CALL.set(canceller);
    client
}

/// Notes a request that is sent, so that an interruption can report whether something may have been done.
pub(crate) struct UnderWay;

impl Observer for UnderWay {
    fn observe(&self, event: &Observation) {
        if let Observation::Sending { operation, .. } = event
            && operation.changes()
        {
            UNDER_WAY.store(*operation as u8, Ordering::SeqCst);
        }
    }
}

/// The result has been written: an interruption has nothing left to report.
pub(crate) fn nothing_under_way() {
    UNDER_WAY.store(0, Ordering::SeqCst);
}
