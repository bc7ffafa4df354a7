//! Ctrl-C and SIGTERM.
//!
//! A wait is cancelled and a sandbox stopped by what they are given here. While a create or a verify is on its way, the
//! process ends at once and says that the outcome is unknown: to be killed silently in that moment would hide it.

use std::sync::atomic::{AtomicU8, Ordering};

use nexus_http::{Observation, Observer};
use nexus_types::{Error, Operation, TransportProblem};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

/// The number of the operation that is on its way and must not be repeated blindly; 0 for none.
static UNDER_WAY: AtomicU8 = AtomicU8::new(0);

/// Calls `on_signal` in a thread of its own for each SIGINT or SIGTERM (Ctrl-C or Ctrl-Break on Windows).
pub(crate) fn listen(mut on_signal: impl FnMut() + Send + 'static) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(trouble)?;
        std::thread::spawn(move || signals.forever().for_each(|_| on_signal()));
        Ok(())
    }
    #[cfg(not(unix))]
    {
        ctrlc::set_handler(move || on_signal()).map_err(|error| trouble(std::io::Error::other(error)))
    }
}

fn trouble(error: std::io::Error) -> Failure {
    Failure::Local("signals cannot be handled", error)
}

/// From here on an interruption ends the process: with 130, or with OUTCOME UNKNOWN
/// from the moment in which a create or verify goes out until its result is written.
pub(crate) fn end_on_interrupt(output: Output) -> Result<(), Failure> {
    listen(move || {
        let number = UNDER_WAY.load(Ordering::SeqCst);
        let operation = Operation::ALL.into_iter().find(|operation| *operation as u8 == number);
        let exit = operation.map_or(Exit::Interrupted, |operation| {
            let error = Error::transport(TransportProblem::Cancelled, operation).with_outcome_unknown(true);
            output.failure(&Failure::from(error))
        });
        std::process::exit(i32::from(exit.code()));
    })
}

/// Notes what goes out, so that an interruption can tell whether something may have been done.
pub(crate) struct UnderWay;

impl Observer for UnderWay {
    fn observe(&self, event: &Observation) {
        if let Observation::Sending { operation, .. } = event
            && matches!(operation, Operation::Create | Operation::Preinitiate | Operation::Verify)
        {
            UNDER_WAY.store(*operation as u8, Ordering::SeqCst);
        }
    }
}

/// What was done has been told.
pub(crate) fn nothing_under_way() {
    UNDER_WAY.store(0, Ordering::SeqCst);
}
