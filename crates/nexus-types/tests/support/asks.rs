//! Requests for tests in which the input does not matter.
#![allow(dead_code, clippy::unwrap_used)]

use nexus_types::{AccountNumber, AccountType, Create, DepositAmount, Person, RoutingNumber};

pub(crate) fn person() -> Person {
    Person::new("Josh", "James", "example@example.com").unwrap()
}

pub(crate) fn create_of(account: &str) -> Create {
    let account = AccountNumber::new(account).unwrap();
    Create::new(person(), RoutingNumber::new("091000019").unwrap(), account, AccountType::Checking)
}

pub(crate) fn cents(cents: u32) -> DepositAmount {
    DepositAmount::from_cents(cents).unwrap()
}
