//! [`Interrupts`]: what may end a wait for a name or a connection before its time.

use std::time::Duration;

use crate::cancel::{Canceller, Watch};
use crate::check::{CHECK_EVERY, check, is_checking};

/// What may end a wait before its time: the thread's check, and the canceller of the client whose connection it is.
#[derive(Clone, Default)]
pub(crate) struct Interrupts(Option<Watch>);

impl Interrupts {
    /// Those of a client that can be cancelled.
    pub(crate) fn of(canceller: &Canceller) -> Interrupts {
        Interrupts(Some(canceller.watched()))
    }

    /// Whether there is anything that could end a wait.
    pub(crate) fn are_possible(&self) -> bool {
        self.0.is_some() || is_checking()
    }

    /// How long to wait before the next look.
    pub(crate) fn pause(&self, left: Duration) -> Duration {
        if self.are_possible() { left.min(CHECK_EVERY) } else { left }
    }

    /// Has the thread check, and says whether the client is cancelled.
    pub(crate) fn end_the_wait(&self) -> bool {
        check();
        self.0.as_ref().is_some_and(Watch::is_cancelled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canceller_that_nobody_holds_any_more_interrupts_nothing() {
        let canceller = Canceller::default();
        let interrupts = Interrupts::of(&canceller);
        assert!(!interrupts.end_the_wait() && interrupts.are_possible());
        canceller.cancel();
        assert!(interrupts.end_the_wait());
        drop(canceller);
        assert!(!interrupts.end_the_wait());
    }
}
