//! [`Later`]: a journal with which time has passed between two calls.

use std::io;
use std::time::Instant;

use nexus_http::{Claimed, FileJournal, Journal, Scope};
use nexus_types::flow::{Claim, Entry, Find, Prior, PriorResponse, Settle};

/// A journal that reads as if so much time had passed on the wall clock.
pub(crate) struct Later<'a>(pub(crate) &'a FileJournal, pub(crate) i64);

impl Later<'_> {
    fn earlier(&self, prior: Prior) -> Prior {
        match prior {
            Prior::Pending { entry, attempt, response, taken } => {
                let entry = Entry { until: entry.until - self.1, ..entry };
                let response = if let PriorResponse::Accepted(at) = response {
                    PriorResponse::Accepted(at - self.1)
                } else {
                    response
                };
                Prior::Pending { entry, attempt, response, taken }
            }
            Prior::Nothing { taken, open } => Prior::Nothing { taken, open: open.map(|until| until - self.1) },
            prior => prior,
        }
    }
}

impl Journal for Later<'_> {
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> io::Result<Prior> {
        self.0.find(find, scope, deadline).map(|prior| self.earlier(prior))
    }

    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> io::Result<Claimed> {
        let mut claim = claim.clone();
        claim.find.unix += self.1;
        claim.entry.until = claim.entry.until.saturating_add(self.1);
        Ok(match self.0.claim(&claim, scope, deadline)? {
            Claimed::Prior(prior) => Claimed::Prior(self.earlier(prior)),
            claimed => claimed,
        })
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool> {
        self.0.settle(settle, scope, deadline)
    }
}
