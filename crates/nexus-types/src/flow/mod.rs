//! **Flows**: the dangerous operations as pure state machines. A flow returns the next step; its driver carries the step
//! out and reports the event that resulted.
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
//! A flow reads no clock, does not sleep and does no I/O. Any HTTP library in any language can drive it, and tests can try
//! every order of events without a socket. [`VerifyFlow`], [`CreateFlow`], [`WaitFlow`], [`SessionFlow`], [`ListFlow`] and
//! [`CallFlow`] are the flows. The documentation of each module draws its states; a test compares drawing and code.
//!
//! # The duties of a driver
//!
//! 1. **Carry out each step, then report its event**, with the moment at which it happened. One step, one event.
//! 2. **[`Step::SendOnce`]: on a new connection, once.** No redirects, no retries by the HTTP library (several repeat a PUT by
//!    themselves when a kept connection turns out to be closed). The [`Permit`] cannot be copied; spend it and send.
//! 3. **[`Event::NotSent`] needs positive evidence**: no connection was made, or no byte of the body left. Everything
//!    uncertain is [`Event::MaybeSent`], including a panic or a full table.
//! 4. **Keep the limits**: [`Send::timeout`] bounds name lookup, connection, request and response together; a response
//!    larger than the driver's own limit is `MaybeSent`.
//! 5. **Join the secret** that [`Request::auth`](crate::Request::auth) asks for. Without a session, open one (by a
//!    [`SessionFlow`]); if that fails, report [`Event::NoSession`].
//! 6. **Report [`Event::Claimed`] only when the claim is durable**: it must survive a crash of the machine.
//!
//! A driver that forgets to report is safe too. A flow that is asked for the next step while a request of
//! [`Step::SendOnce`] is out treats the response as lost.

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
pub use journal::{Claim, Ended, Entry, Find, JournalStep, Past, Prior, PriorResponse, Settle, Subject};
pub use list::ListFlow;
pub use outcome::{Created, Outcome, Verdict};
pub use session::SessionFlow;
pub use step::{Event, Lost, Moment, Once, Pause, Permit, Purpose, Send, Settings, Sleep, Step};
pub use verify::VerifyFlow;
pub use wait::{Progress, Until, WaitFlow};

use crate::decide::budget::Budget;

/// The interface of every flow. The [module documentation](self) says how a driver uses it.
pub trait Flow {
    /// The result of the flow.
    type Output;

    /// The next step. `chance`: a random number, uniform in 0..1. `budget`: the retries that the flows of one client share.
    /// Without an event in between, the flow returns the same step again; but if a request of [`Step::SendOnce`] is out,
    /// its response counts as lost. [`Step::Done`] is returned once; after it, the flow only returns a sleep without end.
    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Self::Output>;

    /// Reports the result of the last step. An event that does not belong to that step changes nothing.
    fn handle(&mut self, at: Moment, event: Event);

    /// The name of the flow's present state, as the module documentation draws it.
    fn state(&self) -> &'static str;

    /// The number of requests sent so far, without session renewals.
    fn requests_sent(&self) -> u32;
}
