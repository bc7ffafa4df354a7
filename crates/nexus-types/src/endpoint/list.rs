//! List the microdeposits of the session's user: `GET /micro_deposits` (source: domain.md 1.2).

use super::{Endpoint, Page, at_status, data_request, gate};
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::tolerance;
use crate::wire::{Request, Response};

/// The user's microdeposits. No pages and no order are documented. Listing does not refresh a status; reading does.
///
/// Other lists of the API come in pages (source: domain.md 7.4), and this one may too (assumed). [`parse`](Endpoint::parse)
/// reads the records of one response and is silent about others; whoever concludes anything from a record that is *not* in the
/// list reads it with [`parse_page`](List::parse_page) and collects it with [`Pages`](super::Pages).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct List {
    /// 0 for the first, which is asked for without a number.
    page: u32,
}

impl List {
    /// All of them, or the first page: the request that is documented.
    pub fn new() -> List {
        List { page: 0 }
    }

    /// One page. The first is the same as [`new`](List::new); from the second on the request says `?page=n`.
    pub fn page(number: u32) -> List {
        List { page: if number <= 1 { 0 } else { number } }
    }

    /// Which page this asks for, from 1.
    pub fn number(&self) -> u32 {
        self.page.max(1)
    }

    /// Reads the response, and what it shows about other pages.
    ///
    /// # Errors
    /// As [`parse`](Endpoint::parse).
    pub fn parse_page(&self, response: &Response) -> Result<Page, Error> {
        let read = |body: &[u8]| Ok(Page::new(self.number(), tolerance::list(body)?, &tolerance::paging(body)));
        gate(Operation::List, None, response, read)
    }

    /// Reads the body of a success where it lies, as [`parse`](Endpoint::parse) reads that of a [`Response`]. For a body that
    /// somebody else owns and that is too large to be copied for nothing.
    ///
    /// # Errors
    /// As `parse` for this HTTP status, which must be a 2xx.
    pub fn parse_success(&self, status: u16, body: &[u8]) -> Result<Vec<Microdeposit>, Error> {
        let with_context = |error| at_status(error, status).with_operation(Operation::List).with_attempts(1);
        tolerance::list(body).map_err(with_context)
    }
}

impl Sealed for List {}

impl Endpoint for List {
    type Output = Vec<Microdeposit>;

    fn operation(&self) -> Operation {
        Operation::List
    }

    fn request(&self) -> Request {
        let path = match self.page {
            0 => "/micro_deposits".to_owned(),
            number => format!("/micro_deposits?page={number}"),
        };
        data_request(Operation::List, path)
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
