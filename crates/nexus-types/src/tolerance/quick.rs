//! The quick way: one pass over the body, straight into records. It gives up (with `None`) on anything that it does not
//! read the same as the careful way.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::Fields;
use crate::microdeposit::Microdeposit;

pub(super) fn record(body: &[u8]) -> Option<Microdeposit> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let fields = Wrapping::Allowed.deserialize(&mut json).ok()?;
    json.end().ok()?;
    fields.finish()
}

pub(super) fn list(body: &[u8]) -> Option<Vec<Microdeposit>> {
    #[derive(Deserialize)]
    struct Outer {
        micro_deposits: Records,
    }
    serde_json::from_slice::<Outer>(body).ok().map(|outer| outer.micro_deposits.0)
}

/// The keys that mean something to us.
#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum Key {
    AccountName,
    AccountNumber,
    AccountType,
    AccountTypeName,
    CreatedAt,
    Email,
    ErrorCode,
    ErrorMessage,
    FirstName,
    Guid,
    InstitutionName,
    LastName,
    RoutingNumber,
    Status,
    StatusName,
    UpdatedAt,
    VerifiedAt,
    MicroDeposit,
    #[serde(other)]
    Unknown,
}

/// Whether a `micro_deposit` key at this level holds the record.
#[derive(Clone, Copy, PartialEq)]
enum Wrapping {
    Allowed,
    Inside,
}

impl<'de> DeserializeSeed<'de> for Wrapping {
    type Value = Fields;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Fields, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Wrapping {
    type Value = Fields;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a microdeposit")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
        let mut fields = Fields::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::AccountName => fields.account_name = map.next_value()?,
                Key::AccountNumber => fields.account_number = map.next_value()?,
                Key::AccountType => fields.account_type = map.next_value()?,
                Key::AccountTypeName => fields.account_type_name = map.next_value()?,
                Key::CreatedAt => fields.created_at = map.next_value()?,
                Key::Email => fields.email = map.next_value()?,
                Key::ErrorCode => fields.error_code = map.next_value()?,
                Key::ErrorMessage => fields.error_message = map.next_value()?,
                Key::FirstName => fields.first_name = map.next_value()?,
                Key::Guid => fields.guid = map.next_value()?,
                Key::InstitutionName => fields.institution_name = map.next_value()?,
                Key::LastName => fields.last_name = map.next_value()?,
                Key::RoutingNumber => fields.routing_number = map.next_value()?,
                Key::Status => fields.status = map.next_value()?,
                Key::StatusName => fields.status_name = map.next_value()?,
                Key::UpdatedAt => fields.updated_at = map.next_value()?,
                Key::VerifiedAt => fields.verified_at = map.next_value()?,
                Key::MicroDeposit if self == Wrapping::Allowed => return wrapped(map),
                Key::MicroDeposit | Key::Unknown => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(fields)
    }
}

/// The record inside its wrapper; what else the wrapper holds is passed over.
fn wrapped<'de, A: MapAccess<'de>>(mut map: A) -> Result<Fields, A::Error> {
    let fields = map.next_value_seed(Wrapping::Inside)?;
    while let Some(key) = map.next_key::<Key>()? {
        if matches!(key, Key::MicroDeposit) {
            return Err(de::Error::custom("given twice"));
        }
        map.next_value::<IgnoredAny>()?;
    }
    Ok(fields)
}

/// A list whose every element is a record.
struct Records(Vec<Microdeposit>);

impl<'de> Deserialize<'de> for Records {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Records, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Records;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of microdeposits")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Records, A::Error> {
                let mut records = Vec::new();
                while let Some(fields) = seq.next_element_seed(Wrapping::Allowed)? {
                    records.push(fields.finish().ok_or_else(|| de::Error::missing_field("guid"))?);
                }
                Ok(Records(records))
            }
        }
        deserializer.deserialize_seq(Read)
    }
}
