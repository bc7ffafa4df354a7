//! One running call: its flow, the session that is being opened for it, and the event that it waits for.

use std::rc::Rc;
use std::time::Duration;

use nexus_types::decide::budget::Budget;
use nexus_types::flow::{CreateFlow, Event, Flow, Moment, Send, SessionFlow, Step, VerifyFlow, WaitFlow};
use nexus_types::{Created, Error, Microdeposit, MicrodepositGuid, Outcome};

/// The flows that callers use.
pub enum Running {
    Create(Box<CreateFlow>),
    Verify(Box<VerifyFlow>),
    Wait(Box<WaitFlow>),
}

/// How a call ended.
#[derive(Debug, Clone)]
pub enum Ended {
    Create(Result<Created, Error>),
    Verify(Result<Outcome, Error>),
    Wait(Result<Microdeposit, Error>),
    /// Its process was killed.
    Killed,
    /// It went on and on.
    Endless,
}

impl Running {
    pub fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Ended> {
        match self {
            Running::Create(flow) => map_output(flow.next(at, chance, budget), Ended::Create),
            Running::Verify(flow) => map_output(flow.next(at, chance, budget), Ended::Verify),
            Running::Wait(flow) => map_output(flow.next(at, chance, budget), Ended::Wait),
        }
    }

    pub fn handle(&mut self, at: Moment, event: Event) {
        match self {
            Running::Create(flow) => flow.handle(at, event),
            Running::Verify(flow) => flow.handle(at, event),
            Running::Wait(flow) => flow.handle(at, event),
        }
    }
}

fn map_output<T>(step: Step<T>, wrap: impl FnOnce(T) -> Ended) -> Step<Ended> {
    match step {
        Step::Done(output) => Step::Done(wrap(output)),
        Step::Send(send) => Step::Send(send),
        Step::SendOnce(permit) => Step::SendOnce(permit),
        Step::Sleep(sleep) => Step::Sleep(sleep),
        Step::Renew(deadline) => Step::Renew(deadline),
        Step::Journal(step) => Step::Journal(step),
    }
}

/// A request that is about to leave.
pub struct Leaving {
    pub send: Send,
    pub not_after: Option<i64>,
    /// One of those that must go out once.
    pub once: bool,
}

/// What a session is being opened for.
pub enum Then {
    Carry(Leaving),
    Renew,
}

pub struct Actor {
    pub call: usize,
    pub flow: Running,
    pub session: Option<(SessionFlow, Then)>,
    /// When it continues, in milliseconds of the world.
    pub ready: u64,
    pub event: Option<Event>,
    /// A request that was held up as the machine stood still.
    pub held: Option<Leaving>,
    /// How far its own clock is behind the world's: the time for which its process stood still.
    pub lag: u64,
    pub cancelled: bool,
    pub token: Option<Rc<str>>,
    pub report: CallReport,
}

/// What the judge wants to know about a call.
pub struct CallReport {
    pub call: usize,
    /// The microdeposit that it was for.
    pub guid: Option<MicrodepositGuid>,
    /// The numbers that the server gave to its changes.
    pub sent: Vec<u64>,
    /// How many requests the server had received as the call began, and as it ended.
    pub received: [u64; 2],
    /// Permissions to send once that were handed out, and responses of 401 that came for them.
    pub permits: u32,
    pub refused: u32,
    /// The response to its change was a 409.
    pub conflict: bool,
    /// After that, it went on to another request or to its end.
    pub went_on: bool,
    /// What it had to tell the journal was lost.
    pub unwritten: bool,
    pub steps: u32,
    /// On its own clock.
    pub began: Duration,
    pub ended_at: Duration,
    pub limit: Duration,
    pub ended: Ended,
    /// Where the microdeposit stood in the server's books as the call ended.
    pub status: Option<nexus_types::KnownStatus>,
}
