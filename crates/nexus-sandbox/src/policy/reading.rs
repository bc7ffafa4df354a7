//! Policies from JSON and to JSON. An error names the field and its rule, and no value.

use std::fmt;

use nexus_types::InputError;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};

use super::{Policy, Preset};
use crate::json_reader::repeatable;
use crate::nearest::nearest;

/// The name under which JSON says from which preset the fields differ.
const BASE: &str = "base";

/// A field and what is wrong with it.
struct Wrong {
    field: String,
    rule: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.rule)
    }
}

impl Policy {
    /// Reads a policy from JSON: any of the fields, and `base`, the name of a [`Preset`].
    ///
    /// # Errors
    /// An [`InputError`] whose rule names the field and what it must be; it repeats no value.
    pub fn from_json(json: &[u8]) -> Result<Policy, InputError> {
        let refuse = |rule: String| InputError::new("policy", rule);
        let mut deserializer = serde_json::Deserializer::from_slice(json);
        let read = Given::deserialize(&mut deserializer).and_then(|given| deserializer.end().map(|()| given));
        let given = read.map_err(|error| {
            // Only the place: serde's own words would repeat what stands there.
            refuse(format!("is not well-formed JSON at line {}, column {}", error.line(), error.column()))
        })?;
        given
            .0
            .ok_or_else(|| refuse("must be a JSON object".to_owned()))
            .and_then(|fields| Policy::of(fields).map_err(|wrong| refuse(format!("is refused: {wrong}"))))
    }

    /// As a JSON object with every field, in order.
    pub fn to_json(&self) -> Value {
        Policy::FIELDS.iter().map(|field| (field.name.to_owned(), self.get(field.name))).collect::<Map<_, _>>().into()
    }

    fn of(fields: Vec<(String, Value)>) -> Result<Policy, Wrong> {
        let base = fields.iter().find(|(name, _)| name == BASE).map(|(_, value)| value);
        let preset = base.map_or(Some(Preset::Default), |value| value.as_str().and_then(Preset::from_name));
        let mut policy = preset.map(Preset::policy).ok_or_else(|| Wrong {
            field: BASE.to_owned(),
            rule: format!("must be {}", Preset::ALL.map(Preset::name).join(", ")),
        })?;
        for (index, (name, value)) in fields.iter().enumerate() {
            if fields.iter().take(index).any(|(earlier, _)| earlier == name) {
                return Err(Wrong { field: repeatable(name).into_owned(), rule: "is given twice".to_owned() });
            }
            if name != BASE {
                policy.take(name, value)?;
            }
        }
        Ok(policy)
    }

    fn take(&mut self, name: &str, value: &Value) -> Result<(), Wrong> {
        let Some(field) = Policy::FIELDS.iter().find(|field| field.name == name) else {
            let near = nearest(name, Policy::FIELDS.iter().map(|field| field.name));
            let hint = near.map(|near| format!("; did you mean {near}?")).unwrap_or_default();
            let rule = format!("is not a field of a policy{hint}");
            return Err(Wrong { field: repeatable(name).into_owned(), rule });
        };
        if field.form.fits(value) && self.set(name, value.clone()) {
            return Ok(());
        }
        Err(Wrong { field: name.to_owned(), rule: format!("must be {}", field.values()) })
    }
}

/// Any JSON: the entries of an object, or none of anything else.
struct Given(Option<Vec<(String, Value)>>);

impl<'de> Deserialize<'de> for Given {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Given, D::Error> {
        deserializer.deserialize_any(Entries)
    }
}

struct Entries;

impl<'de> Visitor<'de> for Entries {
    type Value = Given;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a policy")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Given, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Given(Some(entries)))
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Given, A::Error> {
        while seq.next_element::<serde::de::IgnoredAny>()?.is_some() {}
        Ok(Given(None))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Given, E> {
        Ok(Given(None))
    }

    fn visit_unit<E: Error>(self) -> Result<Given, E> {
        Ok(Given(None))
    }
}

impl<'de> Deserialize<'de> for Policy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Policy, D::Error> {
        let Given(fields) = Given::deserialize(deserializer)?;
        let fields = fields.ok_or_else(|| D::Error::custom("a policy must be a JSON object"))?;
        Policy::of(fields).map_err(D::Error::custom)
    }
}

impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(Policy::FIELDS.len()))?;
        for field in Policy::FIELDS {
            map.serialize_entry(field.name, &self.get(field.name))?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use nexus_types::DepositAmount;

    use super::super::choices::{AmountOrder, ListShape};
    use super::super::form::Form;
    use super::*;

    fn refused(json: &str) -> String {
        Policy::from_json(json.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn a_policy_is_read_from_what_differs() {
        let json =
            r#"{"deposit_amounts":["0.03","0.07"],"amount_order":"exact","refresh":"hourly@15","retention_days":null}"#;
        let policy = Policy::from_json(json.as_bytes()).unwrap();
        assert_eq!(serde_json::from_str::<Policy>(json).unwrap(), policy);
        assert_eq!(policy.deposit_amounts.unwrap().map(DepositAmount::cents), [3, 7]);
        assert_eq!((policy.amount_order, policy.retention_days), (AmountOrder::Exact, None));
        assert_eq!(
            Policy { deposit_amounts: None, amount_order: AmountOrder::Any, retention_days: Some(21), ..policy },
            Policy::default()
        );
    }

    #[test]
    fn an_error_names_the_field_and_its_rule_and_no_value() {
        let cases = [
            (r#"{"amount_odrer":"any"}"#, "amount_odrer is not a field of a policy; did you mean amount_order?"),
            (r#"{"s3cret 333312345":1}"#, "one field's name is not a field of a policy"),
            (r#"{"deposit_amounts":["0.03"]}"#, "deposit_amounts must be null or two amounts as texts"),
            (r#"{"amount_order":"s3cret"}"#, "amount_order must be any or exact"),
            (r#"{"wrong_state_status":200}"#, "wrong_state_status must be a whole number from 400 to 599"),
            (r#"{"retention_days":0}"#, "retention_days must be null or a whole number from 1 to 65535"),
            (r#"{"verification":{"after":5}}"#, "verification must be immediate, deferred or {\"after_seconds\":N}"),
            (r#"{"conflict":true,"conflict":false}"#, "conflict is given twice"),
            (r#"{"base":"s3cret"}"#, "base must be default, documented, observed"),
            (r#""s3cret""#, "must be a JSON object"),
            ("[333312345]", "must be a JSON object"),
            (r#"{"conflict":s3cret}"#, "is not well-formed JSON at line 1, column 13"),
            (r#"{"conflict":true} x"#, "is not well-formed JSON at line 1, column 19"),
        ];
        for (json, expected) in cases {
            let message = refused(json);
            assert!(message.contains(expected) && !message.contains("s3cret"), "{json}: {message}");
            assert!(!message.contains("3333") && serde_json::from_str::<Policy>(json).is_err(), "{json}: {message}");
        }
    }

    #[test]
    fn every_field_can_be_read_written_and_changed() {
        let usual = Policy::default();
        assert_eq!(serde_json::from_value::<Policy>(usual.to_json()).unwrap(), usual);
        assert_eq!(serde_json::to_value(&usual).unwrap(), usual.to_json());
        for field in Policy::FIELDS {
            assert!(field.form.fits(&usual.get(field.name)), "{}: its default does not fit", field.name);
            assert!(field.text().contains("ssumed") || field.is_documented(), "{}: {}", field.name, field.text());
            let others = match field.form {
                Form::One(words) => words.iter().map(|word| json!(word)).collect(),
                Form::OneOrSeconds(_) => vec![json!("deferred"), json!({"after_seconds": 5})],
                Form::Flag => vec![json!(true), json!(false)],
                Form::Whole(least, most) | Form::WholeOrNull(least, most) => vec![json!(least), json!(most)],
                Form::TextOrNull => vec![json!("x"), json!(null)],
                Form::RoutingNumbers => vec![json!(["091000019"])],
                Form::FieldNames => vec![json!(["email"])],
                Form::Texts => vec![json!(["First Bank"]), json!([])],
                Form::Schedule => vec![json!([0, 5])],
                Form::AmountsOrNull => vec![json!(["0.03", "0.07"]), json!(null)],
            };
            assert!(others.iter().any(|other| *other != usual.get(field.name)), "{}", field.name);
            for other in others {
                let mut policy = Policy::default();
                assert!(policy.take(field.name, &other).is_ok(), "{} {other}", field.name);
                assert_eq!(policy.get(field.name), other, "{}", field.name);
            }
        }
    }

    #[test]
    fn presets_are_a_base_to_differ_from() {
        let of = |json: &str| Policy::from_json(json.as_bytes()).unwrap();
        for preset in Preset::ALL {
            assert_eq!(of(&format!(r#"{{"base":"{}"}}"#, preset.name())), preset.policy());
        }
        assert_eq!(of("{}"), Preset::Default.policy());
        let mixed = of(r#"{"list_shape":"nested","base":"observed"}"#);
        assert_eq!(mixed, Policy { list_shape: ListShape::Nested, ..Preset::Observed.policy() });
        assert_ne!(Preset::Documented.policy(), Preset::Observed.policy());
    }
}
