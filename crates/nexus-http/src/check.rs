//! [`while_waiting`]: has a thread check for something while its calls wait, such as a signal.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

/// The time between two checks.
pub(crate) const CHECK_EVERY: Duration = Duration::from_millis(20);

thread_local! {
    static CHECK: RefCell<Option<Rc<dyn Fn()>>> = const { RefCell::new(None) };
}

/// Runs `work`, and calls `check` about every 20 milliseconds while a call of this thread waits within it: for a name, a
/// connection, a response, another thread's session renewal, or the time between two attempts. Meant for languages in which only a
/// certain thread can handle signals. `check` ends the call, if it wants to, by a [`Canceller`](crate::Canceller). It must not panic.
///
/// A read that waits is not interrupted on Windows, whose sockets lose data after an interrupted read: there `check` is called
/// at the other places only. A call that waits for the lock of a journal's file calls nothing.
pub fn while_waiting<T>(check: impl Fn() + 'static, work: impl FnOnce() -> T) -> T {
    struct Restore(Option<Rc<dyn Fn()>>);

    impl Drop for Restore {
        fn drop(&mut self) {
            CHECK.replace(self.0.take());
        }
    }

    let _restore = Restore(CHECK.replace(Some(Rc::new(check))));
    work()
}

/// Whether this thread checks for something while it waits.
pub(crate) fn is_checking() -> bool {
    CHECK.with_borrow(Option::is_some)
}

/// Has the thread make its check, if it has one.
pub(crate) fn check() {
    let check = CHECK.with_borrow(Clone::clone);
    if let Some(check) = check {
        check();
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn check_is_made_within_the_work_and_not_after_it() {
        let checks = Rc::new(Cell::new(0));
        let counted = Rc::clone(&checks);
        check();
        let out = while_waiting(
            move || counted.set(counted.get() + 1),
            || {
                check();
                while_waiting(|| {}, check);
                check();
                assert!(is_checking());
                7
            },
        );
        check();
        assert_eq!((out, checks.get(), is_checking()), (7, 2, false));
    }
}
