//! **Flows**: what is dangerous, as pure values. A flow says what to do next and is told what came of it.
//!
//! ```text
//!             ┌──────── driver: owns sockets, clocks, files and chance; decides nothing ────────┐
//! intention ─▶ flow.next(moment, chance, budget) ──▶ Send      a request that may be repeated    │
//!             │                                      SendOnce  one that must not: a Permit       │
//!             │                                      Sleep     until a moment                    │
//!             │                                      Renew     the session                       │
//!             │                                      Journal   find, claim or settle (durable)   │
//!             │                                      Done      the output                        │
//!             └◀───────── flow.handle(moment, Event) ◀───────────────────────────────────────────┘
//! ```
//!
//! A flow never asks for the time, never sleeps and never sends, so any HTTP library in any language can carry it, and every
//! order of events can be tried without a socket. [`VerifyFlow`], [`CreateFlow`], [`WaitFlow`], [`SessionFlow`], [`ListFlow`]
//! and [`CallFlow`] are the flows; their module documentation draws their states, and a test compares drawing and code.
//!
//! # The duties of a driver
//!
//! 1. **Carry out each step as it says, then tell what came**, with the moment at which it came. One step, one event.
//! 2. **[`Step::SendOnce`]: on a new connection, once.** No redirects, no retries by the HTTP library (several repeat a PUT by
//!    themselves when a kept connection turns out to be closed). The [`Permit`] cannot be copied; spend it and send.
//! 3. **[`Event::NotSent`] needs positive evidence**: no connection was made, or no byte of the body left. Whatever is unsure
//!    is [`Event::MaybeSent`], a panic or a full table included.
//! 4. **Keep the limits**: [`Send::timeout`] bounds name, connection, request and response together; a response larger than
//!    the driver's own limit is `MaybeSent`.
//! 5. **Join the secret** that [`Request::auth`](crate::Request::auth) asks for. Without a session, open one (by a
//!    [`SessionFlow`]); if that fails, tell [`Event::NoSession`].
//! 6. **Durable means durable**: [`Event::Claimed`] is told only when the claim survives a crash of the machine.
//!
//! A driver that forgets to report is safe too: asked for the next step while a request of [`Step::SendOnce`] is out, a flow
//! takes it for lost.

mod call;
mod create;
mod create_turns;
mod exchange;
mod journal;
mod list;
mod outcome;
mod session;
mod step;
#[cfg(test)]
mod tests;
mod timing;
mod verify;
mod verify_after;
mod verify_before;
mod verify_turns;
mod wait;

pub use call::CallFlow;
pub use create::CreateFlow;
pub use journal::{Claim, Ended, Entry, Find, Heard, JournalStep, Past, Prior, Settle, Subject};
pub use list::ListFlow;
pub use outcome::{Created, Outcome, Verdict};
pub use session::SessionFlow;
pub use step::{Event, Lost, Moment, Once, Pause, Permit, Purpose, Send, Settings, Sleep, Step};
pub use verify::VerifyFlow;
pub use wait::{Progress, Until, WaitFlow};

use crate::decide::budget::Budget;

/// What every flow can do; see the [module documentation](self) for who calls it how.
pub trait Flow {
    /// What it ends with.
    type Output;

    /// The next step. `chance`: an even number in 0..1. `budget`: what is left of the retries that the flows of one client
    /// share. Asked again without an event in between, it says the same again; but a request of [`Step::SendOnce`] that is
    /// out counts as lost then. After [`Step::Done`], which comes once, it has nothing more to say and asks to sleep for ever.
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Self::Output>;

    /// What came of the last step. An event that does not belong to it changes nothing.
    fn handle(&mut self, at: Moment, event: Event);

    /// The name of the state that the flow is in, as its module documentation draws it.
    fn state(&self) -> &'static str;

    /// How many requests went out so far, session renewals not counted.
    fn requests_sent(&self) -> u32;
}
