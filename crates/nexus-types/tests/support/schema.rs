//! Checks a value against the part of JSON Schema that `tests/vectors/schema.json` and the sandbox's `openapi.json` use.
//!
//! A keyword that is not known here fails the test instead of passing unseen. A whole validator would cost sixty crates,
//! and it would switch on features of serde_json under which the core is not shipped.

use nexus_types::Timestamp;
use serde_json::{Map, Value};

/// What is wrong with a value by this schema of the document; empty if nothing is.
pub(crate) fn faults(document: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Check { document }.check(schema, value, "$", &mut faults);
    faults
}

/// The place in the document that a `$ref` names.
pub(crate) fn follow<'a>(document: &'a Value, reference: &str) -> &'a Value {
    let pointer = reference.strip_prefix('#').unwrap();
    document.pointer(pointer).unwrap_or_else(|| panic!("{reference} leads nowhere"))
}

struct Check<'a> {
    document: &'a Value,
}

impl Check<'_> {
    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let rules = schema.as_object().unwrap_or_else(|| panic!("no schema at {path}"));
        for (keyword, rule) in rules {
            if !self.fits(rules, keyword, rule, value, path, faults) {
                faults.push(format!("{path}: {keyword}"));
            }
        }
    }

    fn fits(
        &self,
        rules: &Map<String, Value>,
        keyword: &str,
        rule: &Value,
        value: &Value,
        path: &str,
        faults: &mut Vec<String>,
    ) -> bool {
        let length = |text: &str| text.chars().count() as u64;
        let limit = || rule.as_f64().unwrap();
        match keyword {
            "default" | "description" | "example" | "x-assumed" | "x-enum-varnames" => true,
            "$ref" => {
                self.check(follow(self.document, rule.as_str().unwrap()), value, path, faults);
                true
            }
            "const" => value == rule,
            "enum" => rule.as_array().unwrap().contains(value),
            "type" => match rule {
                Value::Array(types) => types.iter().any(|name| is_a(value, name)),
                name => is_a(value, name),
            },
            "format" => value.as_str().is_none_or(|text| is_of(text, rule)),
            "minLength" => value.as_str().is_none_or(|text| length(text) >= rule.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|text| length(text) <= rule.as_u64().unwrap()),
            "minimum" => value.as_f64().is_none_or(|number| number >= limit()),
            "maximum" => value.as_f64().is_none_or(|number| number <= limit()),
            "exclusiveMinimum" => value.as_f64().is_none_or(|number| number > limit()),
            "exclusiveMaximum" => value.as_f64().is_none_or(|number| number < limit()),
            "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
            "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(rule, item, &format!("{path}[{index}]"), faults);
                }
                true
            }
            "required" => value.as_object().is_none_or(|object| has_all(object, rule)),
            "dependentRequired" => value.as_object().is_none_or(|object| {
                let mut given = rule.as_object().unwrap().iter().filter(|(key, _)| object.contains_key(*key));
                given.all(|(_, needed)| has_all(object, needed))
            }),
            "properties" => {
                for (key, schema) in rule.as_object().unwrap() {
                    if let Some(inner) = value.get(key) {
                        self.check(schema, inner, &format!("{path}.{key}"), faults);
                    }
                }
                true
            }
            "additionalProperties" => {
                let known = rules.get("properties").and_then(Value::as_object);
                let other = |key: &String| known.is_none_or(|known| !known.contains_key(key));
                let mut others = value.as_object().into_iter().flatten().filter(|(key, _)| other(key));
                if rule == false {
                    return others.next().is_none();
                }
                for (key, inner) in others {
                    self.check(rule, inner, &format!("{path}.{key}"), faults);
                }
                true
            }
            "oneOf" => {
                let fitting = |schema: &&Value| self::faults(self.document, schema, value).is_empty();
                rule.as_array().unwrap().iter().filter(fitting).count() == 1
            }
            unknown => panic!("the keyword {unknown} is not understood here"),
        }
    }
}

fn has_all(object: &Map<String, Value>, keys: &Value) -> bool {
    keys.as_array().unwrap().iter().all(|key| object.contains_key(key.as_str().unwrap()))
}

fn is_of(text: &str, format: &Value) -> bool {
    match format.as_str().unwrap() {
        "date-time" => text.contains('T') && Timestamp::new(text).unix_millis().is_some(),
        "uri" => text.starts_with("https://"),
        other => panic!("the format {other} is not understood here"),
    }
}

fn is_a(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not understood here"),
    }
}
