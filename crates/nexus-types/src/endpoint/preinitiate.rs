//! Pre-initiate a microdeposit: `POST /micro_deposits` with the person only (source: domain.md 1.1).

use serde::Serialize;

use super::{Endpoint, body, data_request, gate};
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::person::Person;
use crate::tolerance;
use crate::wire::{Request, Response};

/// A new microdeposit that knows the person; the Connect Widget asks for the account. The record comes back PREINITIATED.
///
/// If the person picks an institution that supports IAV, MX deletes the record. There is no idempotency key: never send it
/// twice without looking.
#[derive(Debug, Clone)]
pub struct Preinitiate {
    person: Person,
}

impl Preinitiate {
    /// For this person.
    pub fn new(person: Person) -> Preinitiate {
        Preinitiate { person }
    }

    /// Whose account.
    pub fn person(&self) -> &Person {
        &self.person
    }
}

#[derive(Serialize)]
struct Wrapped<'a> {
    micro_deposit: Fields<'a>,
}

#[derive(Serialize)]
struct Fields<'a> {
    first_name: &'a str,
    last_name: &'a str,
    email: &'a str,
}

impl Sealed for Preinitiate {}

impl Endpoint for Preinitiate {
    type Output = Microdeposit;

    fn operation(&self) -> Operation {
        Operation::Preinitiate
    }

    fn request(&self) -> Request {
        let fields = Fields {
            first_name: self.person.first_name(),
            last_name: self.person.last_name(),
            email: self.person.email(),
        };
        let request = data_request(Operation::Preinitiate, "/micro_deposits".to_owned());
        Request { body: body(&Wrapped { micro_deposit: fields }), ..request }
    }

    fn parse(&self, response: &Response) -> Result<Microdeposit, Error> {
        gate(Operation::Preinitiate, None, response, tolerance::record)
    }
}
