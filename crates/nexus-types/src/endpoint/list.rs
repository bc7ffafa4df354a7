//! List the microdeposits of the session's user: `GET /micro_deposits` (source: seed, list).

use super::{Endpoint, data_request, gate};
use crate::error::Error;
use crate::microdeposit::Microdeposit;
use crate::tolerance;
use crate::wire::{Method, Operation, Request, Response};

/// All of the user's microdeposits. No pages and no order are documented. Listing does not refresh a status; reading does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct List {}

impl List {
    /// All of them.
    pub fn new() -> List {
        List {}
    }
}

impl Endpoint for List {
    type Output = Vec<Microdeposit>;

    fn operation(&self) -> Operation {
        Operation::List
    }

    fn request(&self) -> Request {
        data_request(Operation::List, Method::Get, "/micro_deposits".to_owned())
    }

    fn parse(&self, response: &Response) -> Result<Vec<Microdeposit>, Error> {
        gate(Operation::List, None, response, tolerance::list)
    }
}
