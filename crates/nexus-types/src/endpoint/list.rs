//! List the microdeposits of the session's user: `GET /micro_deposits` (source: seed, list).

use super::{Endpoint, at_status, data_request, gate};
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

    /// Reads the body of a success where it lies, as [`parse`](Endpoint::parse) reads that of a [`Response`]. For a body that
    /// somebody else owns and that is too large to be copied for nothing.
    ///
    /// # Errors
    /// As `parse` for this HTTP status, which must be a 2xx.
    pub fn parse_success(&self, status: u16, body: &[u8]) -> Result<Vec<Microdeposit>, Error> {
        let told = |error| at_status(error, status).with_operation(Operation::List).with_attempts(1);
        tolerance::list(body).map_err(told)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_read_alike_wherever_it_lies() {
        let list = List::new();
        for body in [r#"{"micro_deposits":[{"micro_deposit":{"guid":"MIC-1","status":2}}]}"#, "{}", "<html>", ""] {
            let copied = list.parse(&Response::new(200, body));
            assert_eq!(list.parse_success(200, body.as_bytes()), copied, "{body}");
        }
    }
}
