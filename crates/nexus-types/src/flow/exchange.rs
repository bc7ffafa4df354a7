//! One request of a flow until its response: retries of a repeatable request, and one renewal of the session.
//!
//! ```text
//! ready --> out --> ended
//!             ├---> paused --> ready        (repeatable, and the policy and the budget allow it)
//!             └---> renewing --> ready      (401: once)
//! ```

use std::sync::Arc;
use std::time::Duration;

use super::step::{Event, Lost, Moment, Once, Pause, Permit, Purpose, Send, Settings, Sleep, Step};
use crate::decide::budget::Budget;
use crate::decide::retry::{Decision, Failure};
use crate::endpoint::Endpoint;
use crate::error::{Error, TransportProblem};
use crate::operation::Operation;
use crate::secret::ApiToken;
use crate::wire::{Auth, Request, Response};

/// One request on its way.
pub(super) struct Exchange {
    request: Arc<Request>,
    token: Option<ApiToken>,
    purpose: Purpose,
    deadline: Duration,
    not_after: Option<i64>,
    sent: u32,
    tries: u32,
    renewed: bool,
    /// How the failed attempt ended; the result if no time is left to repeat it.
    last: Option<End>,
    state: State,
}

enum State {
    Ready,
    Out,
    /// The result, and whether the same request may be sent again.
    Judging(End, Failure, Option<Duration>),
    Paused(Duration),
    Renewing(Response),
    Ended(Option<End>),
}

/// How it ended.
#[derive(Debug)]
pub(super) enum End {
    /// With a response, and its `Retry-After`.
    Response(Response, Option<Duration>),
    /// Without a response; whether the server may have acted.
    Lost(Lost, bool),
    /// Without a session. Nothing was sent, or every request was refused with a 401.
    NoSession(Error),
}

/// What to do, or how it ended.
pub(super) enum Go {
    Do(Wire),
    End(End),
}

/// The steps of an exchange.
pub(super) enum Wire {
    Send(Send),
    SendOnce(Permit),
    Sleep(Sleep),
    Renew(Duration),
}

impl<T> From<Wire> for Step<T> {
    fn from(wire: Wire) -> Step<T> {
        match wire {
            Wire::Send(send) => Step::Send(send),
            Wire::SendOnce(permit) => Step::SendOnce(permit),
            Wire::Sleep(sleep) => Step::Sleep(sleep),
            Wire::Renew(deadline) => Step::Renew(deadline),
        }
    }
}

impl Exchange {
    pub(super) fn new(request: Request, purpose: Purpose, deadline: Duration) -> Exchange {
        Exchange {
            request: Arc::new(request),
            token: None,
            purpose,
            deadline,
            not_after: None,
            sent: 0,
            tries: 0,
            renewed: false,
            last: None,
            state: State::Ready,
        }
    }

    /// With a secret of the flow's own.
    pub(super) fn with_token(self, token: ApiToken) -> Exchange {
        Exchange { token: Some(token), ..self }
    }

    /// Not to be sent when the wall clock is past this second.
    pub(super) fn not_after(self, not_after: Option<i64>) -> Exchange {
        Exchange { not_after, ..self }
    }

    /// How many requests went out.
    pub(super) fn sent(&self) -> u32 {
        self.sent
    }

    fn repeatable(&self) -> bool {
        self.request.operation.repeatable()
    }

    /// `before`: how many requests the flow has sent before this exchange.
    pub(super) fn next(
        &mut self,
        at: Moment,
        chance: f64,
        budget: &mut Budget,
        settings: &Settings,
        before: u32,
    ) -> Go {
        loop {
            match std::mem::replace(&mut self.state, State::Ended(None)) {
                State::Ready => return self.send(at, settings, before),
                State::Out if self.repeatable() => {
                    self.state = State::Out;
                    return Go::Do(Wire::Send(self.outgoing(at, settings, before)));
                }
                // The driver asks for the next step without an event for this one.
                State::Out => return Go::End(End::Lost(Lost::new(TransportProblem::Io), true)),
                State::Judging(end, failure, asked) => {
                    let left = self.deadline.saturating_sub(at.elapsed);
                    let repeatable = self.repeatable();
                    match settings.retry.decide(repeatable, failure, self.tries, left, asked, chance) {
                        Decision::After(pause) if budget.take() => {
                            self.last = Some(end);
                            self.state = State::Paused(at.elapsed.saturating_add(pause));
                        }
                        _ => return Go::End(end),
                    }
                }
                State::Paused(until) if at.elapsed < until => {
                    self.state = State::Paused(until);
                    return Go::Do(Wire::Sleep(Sleep { until, pause: Pause::Retry }));
                }
                State::Paused(_) => self.state = State::Ready,
                State::Renewing(response) => {
                    self.state = State::Renewing(response);
                    return Go::Do(Wire::Renew(self.deadline));
                }
                State::Ended(end) => {
                    let end = end.unwrap_or(End::Lost(Lost::new(TransportProblem::Io), !self.repeatable()));
                    if matches!(&end, End::Response(response, _) if (200..300).contains(&response.status)) {
                        budget.refill();
                    }
                    return Go::End(end);
                }
            }
        }
    }

    fn send(&mut self, at: Moment, settings: &Settings, before: u32) -> Go {
        if at.elapsed >= self.deadline || self.not_after.is_some_and(|not_after| at.unix > not_after) {
            return Go::End(self.last.take().unwrap_or(End::Lost(Lost::new(TransportProblem::Timeout), false)));
        }
        (self.sent, self.tries) = (self.sent.saturating_add(1), self.tries.saturating_add(1));
        self.state = State::Out;
        let send = self.outgoing(at, settings, before);
        let not_after = self.not_after;
        Go::Do(if self.repeatable() { Wire::Send(send) } else { Wire::SendOnce(Permit { send, not_after }) })
    }

    fn outgoing(&self, at: Moment, settings: &Settings, before: u32) -> Send {
        Send {
            request: Arc::clone(&self.request),
            timeout: self.deadline.saturating_sub(at.elapsed).min(settings.attempt),
            deadline: self.deadline,
            purpose: self.purpose,
            number: before.saturating_add(self.sent),
            token: self.token.clone(),
        }
    }

    /// Handles the result of a step.
    pub(super) fn handle(&mut self, at: Moment, event: Event) {
        let state = std::mem::replace(&mut self.state, State::Ended(None));
        self.state = match (state, event) {
            (State::Out, Event::Response(response)) => self.judged(at, response),
            (State::Out, Event::NotSent(lost)) => retried(lost, false),
            // What may be repeated changes nothing, wherever it got to.
            (State::Out, Event::MaybeSent(lost)) => retried(lost, !self.repeatable()),
            (State::Out, Event::NoSession(error)) => {
                // It was handed out and did not go out.
                self.sent = self.sent.saturating_sub(1);
                State::Ended(Some(End::NoSession(error)))
            }
            (State::Renewing(_), Event::NoSession(error)) => State::Ended(Some(End::NoSession(error))),
            (State::Renewing(_), Event::Renewed) => {
                // It is the first attempt, made good: the 401 proves that nothing was carried out.
                self.tries = self.tries.saturating_sub(1);
                State::Ready
            }
            (State::Renewing(response), Event::NotRenewable) => State::Ended(Some(End::Response(response, None))),
            (State::Paused(_), Event::Elapsed) => State::Ready,
            (State::Out, Event::Cancelled) => cancelled(!self.repeatable()),
            (State::Paused(_) | State::Renewing(_) | State::Ready, Event::Cancelled) => cancelled(false),
            (state, _) => state,
        };
    }

    fn judged(&mut self, at: Moment, response: Response) -> State {
        if response.status == 401 && self.request.auth == Auth::Session && !self.renewed {
            self.renewed = true;
            return State::Renewing(response);
        }
        let asked = response.wait(at.unix);
        let status = response.status;
        let end = End::Response(response, asked);
        if (200..300).contains(&status) {
            State::Ended(Some(end))
        } else {
            State::Judging(end, Failure::Status(status), asked)
        }
    }
}

fn cancelled(acted: bool) -> State {
    State::Ended(Some(End::Lost(Lost::new(TransportProblem::Cancelled), acted)))
}

/// The retry reason for a failure without a response.
fn retried(lost: Lost, acted: bool) -> State {
    let failure = match lost.problem {
        TransportProblem::Connect => Failure::Connect,
        TransportProblem::Timeout => Failure::Timeout,
        TransportProblem::Io => Failure::Io,
        // Neither refused TLS, nor a body that is too large, nor what is no HTTP, nor a caller who gave up.
        _ => Failure::Body,
    };
    State::Judging(End::Lost(lost, acted), failure, None)
}

/// The result of an exchange, parsed by its endpoint. The endpoint says by its default assumptions whether the outcome is
/// unknown; the flows that change something decide that themselves.
pub(super) fn read<E: Endpoint>(endpoint: &E, end: End, sent: u32) -> Result<E::Output, Error> {
    match end {
        End::Response(response, asked) => {
            endpoint.parse(&response).map_err(|error| error.with_retry_after(asked).with_attempts(sent))
        }
        other => Err(failure(other, endpoint.operation(), sent)),
    }
}

/// The error of an exchange that brought no response.
pub(super) fn failure(end: End, operation: Operation, sent: u32) -> Error {
    match end {
        End::NoSession(error) => {
            let attempts = sent.saturating_add(error.attempts());
            error.with_attempts(attempts).with_outcome_unknown(false)
        }
        End::Lost(lost, acted) => {
            let error = Error::transport(lost.problem, operation).with_cause(lost.cause);
            error.with_attempts(sent).with_outcome_unknown(acted)
        }
        End::Response(..) => Error::transport(TransportProblem::Protocol, operation).with_attempts(sent),
    }
}

impl Once {
    /// Whether the latest second for sending has passed.
    pub fn is_too_late(&self, unix: i64) -> bool {
        self.not_after.is_some_and(|not_after| unix > not_after)
    }
}
