//! [`ListFlow`]: lists all microdeposits of a user, across all pages.
//!
//! ```text
//! listing --> done
//! ```

use std::time::Duration;

use super::Flow;
use super::exchange::{End, Exchange, Go, Wire, failure};
use super::step::{Event, Moment, Purpose, Settings, Step, rest};
use crate::decide::budget::Budget;
use crate::endpoint::{Endpoint, List, Next, Pages};
use crate::error::{DecodeProblem, Error};
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;

/// A list on its way, page by page.
pub(super) struct Listing {
    exchange: Exchange,
    list: List,
    pages: Pages,
    purpose: Purpose,
    deadline: Duration,
    /// Requests of the pages before this one.
    sent: u32,
}

/// What to do, or all records, or why they could not be had.
pub(super) enum Listed {
    Do(Wire),
    End(Result<Vec<Microdeposit>, Error>),
}

impl Listing {
    pub(super) fn new(purpose: Purpose, deadline: Duration) -> Listing {
        let list = List::new();
        let exchange = Exchange::new(list.request(), purpose, deadline);
        Listing { exchange, list, pages: Pages::new(), purpose, deadline, sent: 0 }
    }

    pub(super) fn sent(&self) -> u32 {
        self.sent.saturating_add(self.exchange.sent())
    }

    /// `before`: how many requests the flow has sent before this list.
    pub(super) fn next(
        &mut self,
        at: Moment,
        chance: f64,
        budget: &mut Budget,
        settings: &Settings,
        before: u32,
    ) -> Listed {
        loop {
            let end = match self.exchange.next(at, chance, budget, settings, before.saturating_add(self.sent)) {
                Go::Do(wire) => return Listed::Do(wire),
                Go::End(end) => end,
            };
            let sent = self.sent();
            let page = match end {
                End::Response(response, asked) => {
                    self.list.parse_page(&response).map_err(|error| error.with_retry_after(asked).with_attempts(sent))
                }
                other => Err(failure(other, Operation::List, sent)),
            };
            match page.map(|page| self.pages.add(page)) {
                Err(error) => return Listed::End(Err(error)),
                Ok(Next::Complete(records)) => return Listed::End(Ok(records)),
                Ok(Next::Fetch(list)) => {
                    self.sent = sent;
                    self.exchange = Exchange::new(list.request(), self.purpose, self.deadline);
                    self.list = list;
                }
                Ok(Next::Incomplete) => {
                    let error = Error::decode(DecodeProblem::IncompleteList, "micro_deposits");
                    return Listed::End(Err(error.with_operation(Operation::List).with_attempts(sent)));
                }
            }
        }
    }

    pub(super) fn handle(&mut self, at: Moment, event: Event) {
        self.exchange.handle(at, event);
    }
}

/// Lists all microdeposits.
pub struct ListFlow {
    settings: Settings,
    listing: Listing,
    over: bool,
}

impl ListFlow {
    /// Begins at this moment.
    pub fn new(settings: Settings, at: Moment) -> ListFlow {
        let listing = Listing::new(Purpose::Call, at.elapsed.saturating_add(settings.call));
        ListFlow { settings, listing, over: false }
    }
}

impl Flow for ListFlow {
    type Output = Result<Vec<Microdeposit>, Error>;

    fn next(&mut self, at: Moment, chance: f64, budget: &mut Budget) -> Step<Self::Output> {
        if self.over {
            return rest();
        }
        match self.listing.next(at, chance, budget, &self.settings, 0) {
            Listed::Do(wire) => wire.into(),
            Listed::End(output) => {
                self.over = true;
                Step::Done(output)
            }
        }
    }

    fn handle(&mut self, at: Moment, event: Event) {
        self.listing.handle(at, event);
    }

    fn state(&self) -> &'static str {
        if self.over { "done" } else { "listing" }
    }

    fn requests_sent(&self) -> u32 {
        self.listing.sent()
    }
}
