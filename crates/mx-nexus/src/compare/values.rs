//! [`Values`]: what the conversation sends. Nobody's: test accounts as MX documents them, and addresses at example.com.

use nexus_types::{
    AccountNumber, AccountType, Create, DepositAmount, Endpoint, InputError, MicrodepositGuid, Person, Preinitiate,
    RoutingNumber, Verify,
};
use serde_json::Value;

use super::aliases::Aliases;

/// MX's example.
const ROUTING: &str = "091000019";

/// Different in every run, for an account and an e-mail address that were used before behave otherwise.
pub(super) struct Values {
    run: u32,
}

impl Values {
    pub(super) fn new(chance: u64) -> Values {
        Values { run: u32::try_from(chance % 90_000_000).unwrap_or_default() }
    }

    /// Test accounts begin with 3333.
    pub(super) fn account(&self, number: u32) -> String {
        format!("3333{:08}{number:02}", self.run)
    }

    pub(super) fn email(&self, number: u32) -> String {
        format!("probe-{}-{number}@example.com", self.run)
    }

    /// A guid that nobody has.
    pub(super) fn unknown_guid(&self) -> String {
        format!("MIC-{:08x}-0000-4000-8000-000000000000", self.run)
    }

    pub(super) fn unknown_user(&self) -> String {
        format!("probe-{}", self.run)
    }

    /// What is sent is known by the same names on both sides.
    pub(super) fn aliases(&self) -> Aliases {
        let mut aliases = Aliases::default();
        aliases.of("person", "Josh");
        aliases.of("person", "James");
        aliases.of("routing", ROUTING.trim_start_matches('0'));
        for number in 1..=9 {
            aliases.of("acct", &self.account(number));
            aliases.of("email", &self.email(number));
        }
        aliases
    }

    pub(super) fn person(&self, email: u32) -> Result<Vec<u8>, InputError> {
        let person = Person::new("Josh", "James", self.email(email))?;
        Ok(body(&Preinitiate::new(person)))
    }

    pub(super) fn create(&self, account: u32, email: u32) -> Result<Vec<u8>, InputError> {
        let create = Create::new(
            Person::new("Josh", "James", self.email(email))?,
            RoutingNumber::new(ROUTING)?,
            AccountNumber::new(self.account(account))?,
            AccountType::Checking,
        );
        Ok(body(&create))
    }

    /// A create with other values in some of its fields; null takes a field out.
    pub(super) fn changed(&self, account: u32, changes: &[(&str, Value)]) -> Result<Vec<u8>, InputError> {
        changed(self.create(account, account)?, changes)
    }

    /// A pre-initiation with another first name.
    pub(super) fn named(&self, email: u32, first_name: &str) -> Result<Vec<u8>, InputError> {
        changed(self.person(email)?, &[("first_name", first_name.into())])
    }

    pub(super) fn amounts(&self, guid: &str, cents: u32) -> Result<Vec<u8>, InputError> {
        let amount = DepositAmount::from_cents(cents)?;
        Ok(body(&Verify::new(MicrodepositGuid::new(guid)?, amount, amount)))
    }

    /// Two amounts that no deposit can have.
    pub(super) fn odd_amounts(&self, guid: &str) -> Result<Vec<u8>, InputError> {
        changed(self.amounts(guid, 9)?, &[("deposit_amount_1", 1.5.into()), ("deposit_amount_2", 1.5.into())])
    }
}

fn body(endpoint: &impl Endpoint) -> Vec<u8> {
    endpoint.request().body.map(|body| body.to_vec()).unwrap_or_default()
}

fn changed(body: Vec<u8>, changes: &[(&str, Value)]) -> Result<Vec<u8>, InputError> {
    let refuse = |_| InputError::new("body", "is not the object that it should be");
    let mut whole: Value = serde_json::from_slice(&body).map_err(refuse)?;
    let inner = if whole.get("micro_deposit").is_some() { &mut whole["micro_deposit"] } else { &mut whole };
    if let Value::Object(fields) = inner {
        for (name, value) in changes {
            if value.is_null() {
                fields.remove(*name);
            } else {
                fields.insert((*name).to_owned(), value.clone());
            }
        }
    }
    Ok(whole.to_string().into_bytes())
}
