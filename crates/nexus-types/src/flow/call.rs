//! [`CallFlow`]: one endpoint, sent as often as its operation allows.
//!
//! ```text
//! sending --> done
//! ```
//!
//! A create or verify is sent once, and an unknown outcome is not reconciled. Use [`CreateFlow`](super::CreateFlow) and
//! [`VerifyFlow`](super::VerifyFlow) instead.

use super::Flow;
use super::exchange::{Exchange, Go, read};
use super::step::{Event, Moment, Purpose, Settings, Step, rest};
use crate::decide::budget::Budget;
use crate::endpoint::Endpoint;
use crate::error::Error;

/// Carries out one endpoint until its response, its last attempt or its deadline.
pub struct CallFlow<E> {
    endpoint: E,
    settings: Settings,
    exchange: Exchange,
    over: bool,
}

impl<E: Endpoint> CallFlow<E> {
    /// Begins at this moment.
    pub fn new(endpoint: E, settings: Settings, at: Moment) -> CallFlow<E> {
        let exchange = Exchange::new(endpoint.request(), Purpose::Call, at.elapsed.saturating_add(settings.call));
        CallFlow { endpoint, settings, exchange, over: false }
    }
}

impl<E: Endpoint> CallFlow<E> {
    /// Judges a refusal by this flow's assumptions; the endpoint knows only the default ones.
    fn judged(&self, error: Error) -> Error {
        let assumptions = &self.settings.assumptions;
        match error.http_status() {
            Some(status) if !self.endpoint.operation().repeatable() => {
                let unknown = !assumptions.refuses(status);
                error.with_outcome_unknown(unknown).with_assumption(assumptions.behind(status))
            }
            _ => error,
        }
    }
}

impl<E: Endpoint> Flow for CallFlow<E> {
    type Output = Result<E::Output, Error>;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Self::Output> {
        if self.over {
            return rest();
        }
        match self.exchange.next(at, chance, budget, &self.settings, 0) {
            Go::Do(wire) => wire.into(),
            Go::End(end) => {
                self.over = true;
                let with_guid = |error: Error| match self.endpoint.request().guid {
                    Some(guid) => error.with_guid(Some(guid)),
                    None => error,
                };
                let output = read(&self.endpoint, end, self.exchange.sent()).map_err(with_guid);
                Step::Done(output.map_err(|error| self.judged(error)))
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        self.exchange.handle(at, event);
    }

    fn state(&self) -> &'static str {
        if self.over { "done" } else { "sending" }
    }

    fn requests_sent(&self) -> u32 {
        self.exchange.sent()
    }
}
