//! Which record a create or pre-initiate has made: the one in the server's response, or one found in a list.
//!
//! The API has no idempotency key, so a record is compared with the request. A field that the record lacks decides nothing.

use std::collections::BTreeSet;

use crate::account::{AccountNumber, AccountType};
use crate::endpoint::{Create, Endpoint, Preinitiate};
use crate::error::Error;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::person::Person;
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::KnownStatus;
use crate::timestamp::Timestamp;
use crate::wire::{Request, Response};

/// The record that a create or pre-initiate asks for.
#[derive(Debug, Clone)]
pub enum Intention {
    /// With all account details.
    Create(Create),
    /// With the person only.
    Preinitiate(Preinitiate),
}

/// The microdeposits from before the request was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Known {
    /// All of them.
    pub guids: Vec<MicrodepositGuid>,
    /// `created_at` of the newest, in milliseconds since 1970, if one can be read.
    pub newest: Option<i64>,
    /// The records that other keys of the caller's journal have.
    pub taken: Vec<MicrodepositGuid>,
}

impl Known {
    /// What a complete list shows.
    pub fn of(records: &[Microdeposit]) -> Known {
        Known {
            guids: records.iter().map(|record| record.guid.clone()).collect(),
            newest: records.iter().filter_map(created_at).max(),
            taken: Vec::new(),
        }
    }

    /// All that were there, in lower case: a server may write a guid in either.
    fn all(&self) -> BTreeSet<String> {
        self.guids.iter().chain(&self.taken).map(|guid| guid.as_str().to_ascii_lowercase()).collect()
    }
}

/// What a complete list proves about a create that got no usable response.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Exactly one new record, and it fits.
    One(Box<Microdeposit>),
    /// New records that may be this create's: several fit, or one lacks the fields to decide.
    Candidates(Vec<MicrodepositGuid>),
    /// No new record fits. The request may still be on its way, so this proves nothing.
    Nothing,
}

/// The largest difference between the clocks of one server's machines (assumed). A record that is older by more was
/// certainly there before.
const SKEW_MILLIS: i64 = 3_600_000;

impl crate::endpoint::sealed::Sealed for Intention {}

impl Endpoint for Intention {
    type Output = Microdeposit;

    fn operation(&self) -> Operation {
        match self {
            Intention::Create(create) => create.operation(),
            Intention::Preinitiate(preinitiate) => preinitiate.operation(),
        }
    }

    fn request(&self) -> Request {
        match self {
            Intention::Create(create) => create.request(),
            Intention::Preinitiate(preinitiate) => preinitiate.request(),
        }
    }

    fn parse(&self, response: &Response) -> Result<Microdeposit, Error> {
        match self {
            Intention::Create(create) => create.parse(response),
            Intention::Preinitiate(preinitiate) => preinitiate.parse(response),
        }
    }
}

impl Intention {
    /// Whether this request may have made the record in its response: the record is new, and no field contradicts the
    /// request. No deposit arrives during a create.
    pub fn may_have_made(&self, known: &Known, record: &Microdeposit) -> bool {
        let early = !settled(record) && record.status != KnownStatus::Deposited;
        early && is_new(&known.all(), record) && self.agrees(record) && !is_older(known, record) && !two_kinds(record)
    }

    /// Looks for the record in a complete list.
    pub fn find(&self, known: &Known, records: Vec<Microdeposit>) -> Found {
        let all = known.all();
        let candidate = |record: &Microdeposit| is_new(&all, record) && self.agrees(record) && !is_older(known, record);
        let mut candidates: Vec<Microdeposit> = records.into_iter().filter(candidate).collect();
        match candidates.pop() {
            None => Found::Nothing,
            Some(record) if candidates.is_empty() && self.is_shown_by(known, &record) => Found::One(Box::new(record)),
            Some(last) => Found::Candidates(candidates.into_iter().chain([last]).map(|record| record.guid).collect()),
        }
    }

    /// Whether a candidate has enough fields to be identified as this create's record.
    fn is_shown_by(&self, known: &Known, record: &Microdeposit) -> bool {
        let in_time = !matches!((created_at(record), known.newest), (Some(at), Some(newest)) if at < newest);
        let identified = match self {
            Intention::Create(create) => {
                let whole = |number: &AccountNumber| number == create.account_number() || digits_only(number.expose());
                let named = record.account_name.is_some() && create.account_name().is_none();
                // Two accounts may have one number, and differ in their type alone.
                record.kind().is_some()
                    && record.account_number.as_ref().is_some_and(whole)
                    && record.routing_number.as_ref().is_some_and(|routing| routing == create.routing_number())
                    && !named
            }
            Intention::Preinitiate(_) => record.email.is_some() && record.status == KnownStatus::Preinitiated,
        };
        in_time && identified && !settled(record) && !two_kinds(record)
    }

    /// Whether no field of the record contradicts the request.
    fn agrees(&self, record: &Microdeposit) -> bool {
        match self {
            Intention::Create(create) => {
                let name = record.account_name.as_ref().zip(create.account_name());
                let routing = |given: &RoutingNumber| same_digits(given.as_str(), create.routing_number().as_str());
                record.status != KnownStatus::Preinitiated
                    && record.account_number.as_ref().is_none_or(|number| same_number(number, create.account_number()))
                    && record.routing_number.as_ref().is_none_or(routing)
                    && record.kind().is_none_or(|kind| kind == create.account_type())
                    && name.is_none_or(|(given, wanted)| same_text(given.expose(), wanted.expose()))
                    && same_person(record, create.person())
            }
            Intention::Preinitiate(preinitiate) => {
                let early = matches!(record.status.known(), Some(KnownStatus::Preinitiated) | None);
                early && record.account_number.is_none() && same_person(record, preinitiate.person())
            }
        }
    }
}

/// Whether the status is one that only a submission leads to: a new record has none of them.
fn settled(record: &Microdeposit) -> bool {
    matches!(record.status.known(), Some(KnownStatus::Verified | KnownStatus::Denied | KnownStatus::Prevented))
}

fn is_new(known: &BTreeSet<String>, record: &Microdeposit) -> bool {
    !known.contains(&record.guid.as_str().to_ascii_lowercase())
}

/// Whether the record was certainly there before. Times in records are compared only with times in records.
fn is_older(known: &Known, record: &Microdeposit) -> bool {
    matches!((created_at(record), known.newest), (Some(at), Some(newest)) if at < newest.saturating_sub(SKEW_MILLIS))
}

fn created_at(record: &Microdeposit) -> Option<i64> {
    record.created_at.as_ref().and_then(Timestamp::unix_millis)
}

fn digits_only(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the number and the name of the account's type contradict each other.
fn two_kinds(record: &Microdeposit) -> bool {
    let number = record.account_type.and_then(AccountType::from_number);
    let name = record.account_type_name.as_deref().and_then(AccountType::from_name);
    matches!((number, name), (Some(number), Some(name)) if number != name)
}

/// Whether two account numbers can be the same.
pub(super) fn same_number(given: &AccountNumber, wanted: &AccountNumber) -> bool {
    same_digits(given.expose(), wanted.expose())
}

/// Whether two account numbers are equal, apart from leading zeros that are lost in a JSON number; or, if one is masked,
/// whether the last four characters are.
pub(super) fn same_digits(given: &str, wanted: &str) -> bool {
    if given == wanted {
        return true;
    }
    if digits_only(given) && digits_only(wanted) {
        return given.len() <= wanted.len() && given.trim_start_matches('0') == wanted.trim_start_matches('0');
    }
    let last_four =
        |text: &str| -> Vec<char> { text.chars().filter(char::is_ascii_alphanumeric).rev().take(4).collect() };
    !digits_only(given) && last_four(given) == last_four(wanted)
}

/// Whether two names are equal, apart from case and space: a server may write names in its own way.
pub(super) fn same_text(given: &str, wanted: &str) -> bool {
    given.trim().to_lowercase() == wanted.trim().to_lowercase()
}

/// Whether no field of the record contradicts this person. Older responses leave the person out (domain.md 2).
fn same_person(record: &Microdeposit, person: &Person) -> bool {
    let fits =
        |given: &Option<Private>, wanted: &str| given.as_ref().is_none_or(|given| same_text(given.expose(), wanted));
    fits(&record.first_name, person.first_name())
        && fits(&record.last_name, person.last_name())
        && fits(&record.email, person.email())
}

#[cfg(test)]
#[path = "creation_tests.rs"]
mod tests;
