//! Create a microdeposit: `POST /micro_deposits` with person and account (source: domain.md 1.1).

use serde::Serialize;

use super::{Endpoint, body, data_request, gate};
use crate::account::{AccountName, AccountNumber, AccountType};
use crate::endpoint::sealed::Sealed;
use crate::error::Error;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::person::Person;
use crate::routing::RoutingNumber;
use crate::tolerance;
use crate::wire::{Request, Response};

/// A new microdeposit with all its account details. The record comes back INITIATED; or, created and refused at once, in
/// one of the failed statuses (domain.md 3.2): look at its status.
///
/// There is no idempotency key: never send it twice without looking.
#[derive(Debug, Clone)]
pub struct Create {
    person: Person,
    routing_number: RoutingNumber,
    account_number: AccountNumber,
    account_type: AccountType,
    account_name: Option<AccountName>,
}

impl Create {
    /// Whose account, which bank, which account, of which type.
    pub fn new(
        person: Person,
        routing_number: RoutingNumber,
        account_number: AccountNumber,
        account_type: AccountType,
    ) -> Create {
        Create { person, routing_number, account_number, account_type, account_name: None }
    }

    /// The same with a name for the account.
    pub fn with_account_name(mut self, name: AccountName) -> Create {
        self.account_name = Some(name);
        self
    }

    /// Whose account.
    pub fn person(&self) -> &Person {
        &self.person
    }

    /// Which bank.
    pub fn routing_number(&self) -> &RoutingNumber {
        &self.routing_number
    }

    /// Of which type.
    pub fn account_type(&self) -> AccountType {
        self.account_type
    }

    /// The name for it, if it has one.
    pub fn account_name(&self) -> Option<&AccountName> {
        self.account_name.as_ref()
    }

    /// Which account.
    pub fn account_number(&self) -> &AccountNumber {
        &self.account_number
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
    #[serde(skip_serializing_if = "Option::is_none")]
    account_name: Option<&'a str>,
    account_number: &'a str,
    account_type_name: &'a str,
    routing_number: &'a str,
}

impl Sealed for Create {}

impl Endpoint for Create {
    type Output = Microdeposit;

    fn operation(&self) -> Operation {
        Operation::Create
    }

    fn request(&self) -> Request {
        let fields = Fields {
            first_name: self.person.first_name(),
            last_name: self.person.last_name(),
            email: self.person.email(),
            account_name: self.account_name.as_ref().map(AccountName::expose),
            account_number: self.account_number.expose(),
            account_type_name: self.account_type.name(),
            routing_number: self.routing_number.as_str(),
        };
        let request = data_request(Operation::Create, "/micro_deposits".to_owned());
        Request { body: body(&Wrapped { micro_deposit: fields }), ..request }
    }

    fn parse(&self, response: &Response) -> Result<Microdeposit, Error> {
        gate(Operation::Create, None, response, tolerance::record)
    }
}
