//! A JSON object whose values stay unparsed, and which notes the fields that were given twice.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::text::text;
use crate::error::{DecodeProblem, Error};

/// One JSON object. Of a field that is given twice the last holds, as everywhere; but who a record is and where it stands may
/// not depend on which of two values a reader happens to take.
pub(crate) struct Raw<'a> {
    fields: BTreeMap<String, &'a RawValue>,
    /// The values that came first for `status`, `status_name` and `guid`, and differ from the last.
    differing: Vec<(&'static str, &'a RawValue)>,
    /// Wrappers that came twice, whatever is in them.
    doubled: Vec<&'static str>,
}

/// Fields that may be given twice only with the same value.
const ONE_VALUE: [&str; 3] = ["guid", "status", "status_name"];

/// Wrappers that may be given only once.
const ONCE: [&str; 2] = ["micro_deposit", "micro_deposits"];

impl<'a> Raw<'a> {
    /// The value of this field, the last if there are several.
    pub(crate) fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.fields.get(name).copied()
    }

    /// The value of this wrapper, of which there may be only one; `path` is for the error.
    pub(crate) fn wrapper(
        &self,
        name: &str,
        path: impl Into<Cow<'static, str>>,
    ) -> Result<Option<&'a RawValue>, Error> {
        if self.doubled.contains(&name) {
            return Err(Error::decode(DecodeProblem::WrongShape, path));
        }
        Ok(self.get(name))
    }

    /// Whether this field was given twice with different values.
    pub(super) fn differs(&self, name: &str) -> bool {
        self.differing.iter().any(|(differing, _)| *differing == name)
    }

    /// The JSON of all that came for the status.
    pub(super) fn came_for_status(&self) -> String {
        let names = ["status", "status_name"];
        let first = self.differing.iter().copied().filter(|(name, _)| names.contains(name));
        let last = names.into_iter().filter_map(|name| Some((name, self.get(name)?)));
        let pairs: Vec<_> = first.chain(last).map(|(name, raw)| format!("\"{name}\":{}", raw.get())).collect();
        format!("{{{}}}", pairs.join(","))
    }

    fn take(&mut self, name: String, value: &'a RawValue) {
        let one_value = ONE_VALUE.into_iter().find(|own| *own == name);
        let once = ONCE.into_iter().find(|own| *own == name);
        let Some(before) = self.fields.insert(name, value) else { return };
        if let Some(name) = one_value {
            // The first and the last are enough to tell that they differ, however many there are.
            if !self.differs(name) && text(before) != text(value) {
                self.differing.push((name, before));
            }
        }
        if let Some(name) = once.filter(|name| !self.doubled.contains(name)) {
            self.doubled.push(name);
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Raw<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Raw<'a>, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Raw<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw<'de>, A::Error> {
                let mut raw = Raw { fields: BTreeMap::new(), differing: Vec::new(), doubled: Vec::new() };
                while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
                    raw.take(name, value);
                }
                Ok(raw)
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// One JSON object as pairs, whatever is given twice.
pub(super) struct Pairs<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Pairs<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<'a>, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(Read)
    }
}
