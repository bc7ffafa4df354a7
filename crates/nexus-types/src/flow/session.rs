//! [`SessionFlow`]: a one-time API token, and a session for it.
//!
//! ```text
//! token --> session   the response has an API token
//! token --> done      no usable response
//! session --> done
//! ```
//!
//! A session that was opened without a response does no harm, so the outcome of opening one is never unknown.

use std::time::Duration;

use super::Flow;
use super::exchange::{End, Exchange, Go, read};
use super::step::{Event, Moment, Purpose, Settings, Step, rest};
use crate::decide::budget::Budget;
use crate::endpoint::{ClientId, Endpoint, GetApiToken, OpenSession, UserId};
use crate::error::Error;
use crate::secret::SessionToken;

/// Opens a session of one user.
pub struct SessionFlow {
    ask: GetApiToken,
    settings: Settings,
    deadline: Duration,
    sent: u32,
    exchange: Exchange,
    state: State,
    #[cfg(test)]
    pub(super) trail: super::tests::Trail,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Token,
    Session,
    Done,
}

impl SessionFlow {
    /// Begins at this moment, for this user of this client.
    pub fn new(client_id: ClientId, user_id: UserId, settings: Settings, at: Moment) -> SessionFlow {
        let deadline = at.elapsed.saturating_add(settings.call);
        let ask = GetApiToken::new(client_id, user_id);
        let exchange = Exchange::new(ask.request(), Purpose::Call, deadline);
        SessionFlow {
            ask,
            settings,
            deadline,
            sent: 0,
            exchange,
            state: State::Token,
            #[cfg(test)]
            trail: Default::default(),
        }
    }

    fn go(&mut self, state: State) {
        #[cfg(test)]
        self.trail.note(name(self.state), name(state));
        self.state = state;
    }

    /// The session token, or the next step towards it.
    fn ended(&mut self, end: End) -> Option<Result<SessionToken, Error>> {
        self.sent = self.sent.saturating_add(self.exchange.sent());
        match self.state {
            State::Token => match read(&self.ask, end, self.sent) {
                Ok(token) => {
                    let request = OpenSession::new().request();
                    self.exchange = Exchange::new(request, Purpose::Call, self.deadline).with_token(token);
                    self.go(State::Session);
                    None
                }
                Err(error) => Some(Err(error)),
            },
            State::Session | State::Done => Some(read(&OpenSession::new(), end, self.sent)),
        }
    }
}

impl Flow for SessionFlow {
    type Output = Result<SessionToken, Error>;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Self::Output> {
        while self.state != State::Done {
            match self.exchange.next(at, chance, budget, &self.settings, self.sent) {
                Go::Do(wire) => return wire.into(),
                Go::End(end) => {
                    if let Some(output) = self.ended(end) {
                        self.go(State::Done);
                        return Step::Done(output.map_err(|error| error.with_outcome_unknown(false)));
                    }
                }
            }
        }
        rest()
    }

    fn handle(&mut self, at: Moment, event: Event) {
        self.exchange.handle(at, event);
    }

    fn state(&self) -> &'static str {
        name(self.state)
    }

    fn requests_sent(&self) -> u32 {
        let under_way = if self.state == State::Done { 0 } else { self.exchange.sent() };
        self.sent.saturating_add(under_way)
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::Token => "token",
        State::Session => "session",
        State::Done => "done",
    }
}
