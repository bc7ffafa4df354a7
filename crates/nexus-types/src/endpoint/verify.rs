//! Submit the two amounts: `PUT /micro_deposits/{guid}` (source: domain.md 1.4). The body is not wrapped.

use std::fmt;

use serde::Serialize;

use super::{Endpoint, body, data_request, gate, same};
use crate::amount::DepositAmount;
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::tolerance;
use crate::wire::{Request, Response};

/// One submission of the three that a microdeposit admits. Never send it twice.
///
/// The record that comes back may still show the old status: the verification is complete when a read shows VERIFIED (or
/// DENIED, or PREVENTED). The amounts are what proves ownership, so they are not shown when printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Verify {
    guid: MicrodepositGuid,
    first: DepositAmount,
    second: DepositAmount,
}

impl Verify {
    /// These two amounts for this microdeposit, in the order of the statement.
    pub fn new(guid: MicrodepositGuid, first: DepositAmount, second: DepositAmount) -> Verify {
        Verify { guid, first, second }
    }

    /// The two amounts, in the order of the statement.
    pub(crate) fn amounts(&self) -> [DepositAmount; 2] {
        [self.first, self.second]
    }

    /// Which microdeposit.
    pub fn guid(&self) -> &MicrodepositGuid {
        &self.guid
    }
}

impl fmt::Debug for Verify {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verify").field("guid", &self.guid).finish_non_exhaustive()
    }
}

#[derive(Serialize)]
struct Amounts {
    deposit_amount_1: DepositAmount,
    deposit_amount_2: DepositAmount,
}

impl Sealed for Verify {}

impl Endpoint for Verify {
    type Output = Microdeposit;

    fn operation(&self) -> Operation {
        Operation::Verify
    }

    fn request(&self) -> Request {
        let amounts = Amounts { deposit_amount_1: self.first, deposit_amount_2: self.second };
        let path = format!("/micro_deposits/{}", self.guid.path_segment());
        let request = data_request(Operation::Verify, path);
        Request { body: body(&amounts), guid: Some(self.guid.clone()), ..request }
    }

    fn parse(&self, response: &Response) -> Result<Microdeposit, Error> {
        gate(Operation::Verify, Some(&self.guid), response, |body| same(tolerance::record(body)?, &self.guid))
    }
}
