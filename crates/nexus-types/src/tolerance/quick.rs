//! The quick parser: one pass over the body, straight into records. It gives up with `None` on anything that it might read
//! differently from the careful parser.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::fields::Fields;
use crate::microdeposit::{Microdeposit, record as fields};

/// A reader of a body in UTF-8. To check the whole body at once is cheaper than to check every key and text in it.
fn reader(body: &[u8]) -> Option<serde_json::Deserializer<serde_json::de::StrRead<'_>>> {
    std::str::from_utf8(body).ok().map(serde_json::Deserializer::from_str)
}

pub(super) fn record(body: &[u8]) -> Option<Microdeposit> {
    let mut json = reader(body)?;
    let fields = Wrapping::Allowed.deserialize(&mut json).ok()?;
    json.end().ok()?;
    finish(fields)
}

pub(super) fn list(body: &[u8]) -> Option<Vec<Microdeposit>> {
    let mut json = reader(body)?;
    let records = Outer { room: room(body) }.deserialize(&mut json).ok()?;
    json.end().ok()?;
    Some(records)
}

/// The record. The careful parser handles contradictions.
fn finish(fields: Fields) -> Option<Microdeposit> {
    let status = fields.status()?;
    fields.finish(&status)
}

/// The bytes of the shortest record that the documentation shows, in its wrapper.
const SHORTEST: usize = 400;

/// How many records a list probably has: room for so many at once saves moving them as the list grows. They are counted by their
/// guids in the beginning of the body, with a little to spare, and are never more than a small multiple of the body that is held
/// anyway.
fn room(body: &[u8]) -> usize {
    const SAMPLE: usize = 64 * 1024;
    let sample = body.get(..SAMPLE).unwrap_or(body);
    let guids = sample.windows(GUID.len()).filter(|window| *window == GUID).count();
    let whole = guids.saturating_mul(body.len()) / sample.len().max(1);
    (whole + whole / 64 + 1).min(body.len() / SHORTEST + 1)
}

const GUID: &[u8] = b"\"guid\"";

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident, $field:ident = $number:literal, $kind:ty;)*) => {
        /// The keys that mean something to us, written as they are.
        #[derive(Deserialize, Clone, Copy)]
        #[serde(field_identifier)]
        #[allow(non_camel_case_types)]
        enum Key {
            $($name,)*
            micro_deposit,
            error,
            errors,
            #[serde(other)]
            unknown,
        }

        impl Fields {
            /// Reads the value of this key into its field, and passes over that of any other.
            #[inline(always)]
            fn take<'de, A: MapAccess<'de>>(&mut self, key: Key, map: &mut A) -> Result<(), A::Error> {
                match key {
                    $(Key::$name => self.$name = map.next_value()?,)*
                    Key::micro_deposit | Key::error | Key::errors | Key::unknown => drop(map.next_value::<IgnoredAny>()?),
                }
                Ok(())
            }
        }
    };
}
fields!(define);

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
        let mut seen = Seen::default();
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                // What stands beside the wrapper may contradict what is in it.
                Key::micro_deposit if self == Wrapping::Allowed && seen.any() => {
                    return Err(de::Error::custom("beside the wrapper"));
                }
                Key::micro_deposit if self == Wrapping::Allowed => return wrapped(map),
                Key::error | Key::errors if self == Wrapping::Allowed => return Err(de::Error::custom("an error")),
                Key::guid => seen.guid.first()?,
                Key::status => seen.status.first()?,
                Key::status_name => seen.status_name.first()?,
                _ => {}
            }
            fields.take(key, &mut map)?;
        }
        Ok(fields)
    }
}

/// Which of the fields came that may not come twice. The careful parser decides whether a second value differs.
#[derive(Default)]
struct Seen {
    guid: Once,
    status: Once,
    status_name: Once,
}

impl Seen {
    fn any(&self) -> bool {
        self.guid.0 || self.status.0 || self.status_name.0
    }
}

#[derive(Default)]
struct Once(bool);

impl Once {
    fn first<E: de::Error>(&mut self) -> Result<(), E> {
        if std::mem::replace(&mut self.0, true) { Err(E::custom("given twice")) } else { Ok(()) }
    }
}

/// The record inside its wrapper; what else the wrapper holds is passed over.
fn wrapped<'de, A: MapAccess<'de>>(mut map: A) -> Result<Fields, A::Error> {
    let fields = map.next_value_seed(Wrapping::Inside)?;
    while let Some(key) = map.next_key::<Key>()? {
        if matches!(key, Key::micro_deposit | Key::guid | Key::status | Key::status_name | Key::error | Key::errors) {
            return Err(de::Error::custom("given twice, or contradicted"));
        }
        map.next_value::<IgnoredAny>()?;
    }
    Ok(fields)
}

/// `{"micro_deposits":[...]}`.
struct Outer {
    room: usize,
}

impl<'de> DeserializeSeed<'de> for Outer {
    type Value = Vec<Microdeposit>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Microdeposit>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Outer {
    type Value = Vec<Microdeposit>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of microdeposits in its wrapper")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Vec<Microdeposit>, A::Error> {
        #[derive(Deserialize)]
        #[serde(field_identifier, rename_all = "snake_case")]
        enum Key {
            MicroDeposits,
            #[serde(other)]
            Unknown,
        }
        let mut records = None;
        while let Some(key) = map.next_key::<Key>()? {
            match key {
                Key::MicroDeposits if records.is_some() => return Err(de::Error::custom("given twice")),
                Key::MicroDeposits => records = Some(map.next_value_seed(Records { room: self.room })?),
                Key::Unknown => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        records.ok_or_else(|| de::Error::missing_field("micro_deposits"))
    }
}

/// A list whose every element is a record.
struct Records {
    room: usize,
}

impl<'de> DeserializeSeed<'de> for Records {
    type Value = Vec<Microdeposit>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Microdeposit>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Records {
    type Value = Vec<Microdeposit>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of microdeposits")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<Microdeposit>, A::Error> {
        let mut records = Vec::with_capacity(self.room);
        while let Some(fields) = seq.next_element_seed(Wrapping::Allowed)? {
            records.push(finish(fields).ok_or_else(|| de::Error::missing_field("guid"))?);
        }
        Ok(records)
    }
}
