//! Read one microdeposit: `GET /micro_deposits/{guid}` (source: domain.md 1.3).

use super::{Endpoint, data_request, gate, same};
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::tolerance;
use crate::wire::{Request, Response};

/// One microdeposit, its status brought up to date: a read forces the update that otherwise comes once an hour.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Read {
    guid: MicrodepositGuid,
}

impl Read {
    /// The one of this guid.
    pub fn new(guid: MicrodepositGuid) -> Read {
        Read { guid }
    }
}

impl Sealed for Read {}

impl Endpoint for Read {
    type Output = Microdeposit;

    fn operation(&self) -> Operation {
        Operation::Read
    }

    fn request(&self) -> Request {
        let path = format!("/micro_deposits/{}", self.guid.path_segment());
        Request { guid: Some(self.guid.clone()), ..data_request(Operation::Read, path) }
    }

    fn parse(&self, response: &Response) -> Result<Microdeposit, Error> {
        gate(Operation::Read, Some(&self.guid), response, |body| same(tolerance::record(body)?, &self.guid))
    }
}
