//! Bodies of events that are changed on purpose, and bodies as they may be shown.
//!
//! Fields stay in their order and keep their bytes, for a body is to differ in one thing only.

use std::fmt;

use fastrand::Rng;
use nexus_types::{AccountNumber, KnownStatus, Private, RoutingNumber};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Map, Value, json};

use super::faults::Shape;

const INNER: &str = "micro_deposit";

/// An object's fields in order, their values as they were written.
struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn read(body: &[u8]) -> Option<Fields> {
        serde_json::from_slice(body).ok()
    }

    /// Reads a body with the fields of its microdeposit.
    fn both(body: &[u8]) -> Option<(Fields, Fields)> {
        let outer = Fields::read(body)?;
        let inner = Fields::read(outer.get(INNER)?.get().as_bytes())?;
        Some((outer, inner))
    }

    fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    fn set(&mut self, name: &str, value: Box<RawValue>) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// Sets plain values, which can always be written.
    fn put(&mut self, name: &str, value: impl Serialize) {
        if let Ok(value) = to_raw_value(&value) {
            self.set(name, value);
        }
    }

    fn written(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// The body of an earlier event of the same microdeposit, sent as a later one.
pub(super) fn stale(older: &[u8]) -> Option<Vec<u8>> {
    let mut outer = Fields::read(older)?;
    outer.put("action", "updated");
    Some(outer.written())
}

/// An event that says VERIFIED of a microdeposit that nobody knows.
pub(super) fn forged(body: &[u8], guid: &str) -> Option<Vec<u8>> {
    let (mut outer, mut inner) = Fields::both(body)?;
    inner.put("guid", guid);
    inner.put("status", KnownStatus::Verified.number());
    inner.put("status_name", KnownStatus::Verified.name());
    if let Some(updated) = inner.get("updated_at").map(RawValue::to_owned) {
        inner.set("verified_at", updated);
    }
    outer.put("action", "updated");
    outer.put(INNER, &inner);
    Some(outer.written())
}

/// The same event in another form, as MX says that forms may be.
pub(super) fn shaped(body: &[u8], shape: Shape, chance: &mut Rng) -> Option<Vec<u8>> {
    let (mut outer, mut inner) = Fields::both(body)?;
    match shape {
        Shape::Extra => {
            inner.put("field_of_the_future", json!({"nested": [1, null]}));
            outer.put("field_of_the_future", "text");
        }
        Shape::Null => {
            for name in ["account_number", "account_type", "institution_guid", "routing_number", "user_id"] {
                inner.put(name, ());
            }
        }
        Shape::Shuffled => {
            chance.shuffle(&mut inner.0);
            chance.shuffle(&mut outer.0);
        }
    }
    outer.put(INNER, &inner);
    Some(outer.written())
}

/// The event with other values in its microdeposit. None where the changes are no object.
pub(super) fn edited(body: &[u8], changes: &str) -> Option<Vec<u8>> {
    let (mut outer, mut inner) = Fields::both(body)?;
    for (name, value) in Fields::read(changes.as_bytes())?.0 {
        inner.set(&name, value);
    }
    outer.put(INNER, &inner);
    Some(outer.written())
}

/// The body as it may be shown: numbers of accounts keep their last digits, what is not known here shows nothing.
pub(crate) fn masked(body: &[u8]) -> Value {
    let Ok(Value::Object(outer)) = serde_json::from_slice(body) else { return Value::Null };
    let field = |(name, value): (String, Value)| match (name.as_str(), value) {
        ("micro_deposit", Value::Object(inner)) => (name, Value::Object(inner.into_iter().map(inner_field).collect())),
        ("action" | "version", value) if is_plain(&value) => (name, value),
        ("action" | "version" | "micro_deposit", _) => (name, json!("****")),
        _ => unknown(),
    };
    Value::Object(outer.into_iter().map(field).collect::<Map<_, _>>())
}

fn inner_field((name, value): (String, Value)) -> (String, Value) {
    let shown = match (name.as_str(), &value) {
        (_, Value::Null) if KNOWN.contains(&name.as_str()) => Value::Null,
        ("account_number", Value::String(text)) => {
            json!(AccountNumber::new(text.as_str()).map_or_else(|_| "****".to_owned(), |number| number.masked()))
        }
        ("routing_number", Value::String(text)) => {
            json!(RoutingNumber::new(text).map_or_else(|_| "****".to_owned(), |number| number.masked()))
        }
        ("user_id", Value::String(text)) => json!(Private::from(text.as_str()).masked()),
        ("account_number" | "routing_number" | "user_id", _) => json!("****"),
        (known, value) if KNOWN.contains(&known) && is_plain(value) => value.clone(),
        (known, _) if KNOWN.contains(&known) => json!("****"),
        _ => return unknown(),
    };
    (name, shown)
}

const KNOWN: [&str; 12] = [
    "account_number",
    "account_type",
    "created_at",
    "guid",
    "institution_guid",
    "routing_number",
    "status",
    "status_name",
    "updated_at",
    "user_guid",
    "user_id",
    "verified_at",
];

/// A small number or a text in which no account number can hide.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.as_u64().is_some_and(|number| number < 100),
        Value::String(text) => text.len() <= 64 && text.bytes().any(|byte| !byte.is_ascii_digit()),
        _ => false,
    }
}

/// A name that is none of the event's may itself be a value that slipped.
fn unknown() -> (String, Value) {
    ("(unknown)".to_owned(), json!("****"))
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Fields, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut found = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    found.push(entry);
                }
                Ok(Fields(found))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::WebhookEvent;

    use super::*;

    const BODY: &[u8] = br#"{"action":"created","version":1,"micro_deposit":{"account_number":"333312345","account_type":1,"created_at":"2026-01-05T09:00:00.000+00:00","guid":"MIC-1","institution_guid":null,"routing_number":"091000019","status":0,"status_name":"INITIATED","updated_at":"2026-01-05T09:00:00.000+00:00","user_guid":"USR-1","user_id":"user-1"}}"#;

    fn text(body: Option<Vec<u8>>) -> String {
        String::from_utf8(body.unwrap()).unwrap()
    }

    #[test]
    fn one_thing_differs() {
        let own = std::str::from_utf8(BODY).unwrap();
        assert_eq!(text(stale(BODY)), own.replace("created\"", "updated\""));
        assert_eq!(text(edited(BODY, r#"{"status":3}"#)), own.replace("\"status\":0", "\"status\":3"));
        assert_eq!(text(edited(BODY, r#"{"new":[1, 2]}"#)), own.replace("\"user-1\"", "\"user-1\",\"new\":[1, 2]"));
        assert_eq!(text(edited(BODY, "{}")), own);
        assert!(edited(BODY, "7").is_none() && edited(b"{}", "{}").is_none());
        let forged = text(forged(BODY, "MIC-2"));
        let read = WebhookEvent::parse(forged.as_bytes()).unwrap();
        assert_eq!((read.record.guid.as_str(), read.record.status.name()), ("MIC-2", "VERIFIED"), "{forged}");
    }

    #[test]
    fn every_shape_is_one_that_the_core_reads() {
        let own = WebhookEvent::parse(BODY).unwrap();
        let of = |shape, seed| shaped(BODY, shape, &mut Rng::with_seed(seed)).unwrap();
        for shape in [Shape::Extra, Shape::Null, Shape::Shuffled] {
            let body = of(shape, 1);
            assert_ne!(body, BODY, "{shape:?}");
            let read = WebhookEvent::parse(&body).unwrap();
            assert_eq!((&read.record.guid, &read.record.status), (&own.record.guid, &own.record.status));
            if shape != Shape::Null {
                assert_eq!(read.record.account_number, own.record.account_number, "{shape:?}");
            }
        }
        assert_eq!(of(Shape::Shuffled, 1), of(Shape::Shuffled, 1));
        assert_ne!(of(Shape::Shuffled, 1), of(Shape::Shuffled, 2));
    }

    #[test]
    fn no_number_or_name_is_shown() {
        let shown = masked(BODY).to_string();
        assert!(shown.contains("*****2345") && shown.contains("INITIATED") && shown.contains("MIC-1"), "{shown}");
        let odd = br#"{"333312345":1,"action":"333312345","micro_deposit":{"status":333312345,"guid":"333312345","account_number":333312345,"user_id":"user-1","x333312345":"y","status_name":["333312345"]}}"#;
        for body in [BODY, odd, b"333312345", b"[\"333312345\"]"] {
            let shown = masked(body).to_string();
            assert!(!shown.contains("3333") && !shown.contains("user-1") && !shown.contains("09100"), "{shown}");
        }
    }
}
