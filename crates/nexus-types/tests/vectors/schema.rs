//! Checks a document against the part of JSON Schema that `tests/vectors/schema.json` uses.
//!
//! A keyword that is not known here fails the test instead of passing unseen. A whole validator would cost sixty crates,
//! and it would switch on features of serde_json under which the core is not shipped.

use serde_json::{Map, Value};

pub(crate) struct Schema {
    root: Value,
}

impl Schema {
    pub(crate) fn new(text: &str) -> Schema {
        Schema { root: serde_json::from_str(text).unwrap() }
    }

    /// What is wrong with a document by the definition of this name; empty if nothing is.
    pub(crate) fn faults(&self, definition: &str, document: &Value) -> Vec<String> {
        let mut faults = Vec::new();
        self.check(&self.root["$defs"][definition], document, "$", &mut faults);
        faults
    }

    fn check(&self, schema: &Value, value: &Value, path: &str, faults: &mut Vec<String>) {
        let rules = schema.as_object().unwrap_or_else(|| panic!("no schema at {path}"));
        for (keyword, rule) in rules {
            let fits = match keyword.as_str() {
                "description" => true,
                "$ref" => {
                    let name = rule.as_str().and_then(|text| text.strip_prefix("#/$defs/")).unwrap();
                    self.check(&self.root["$defs"][name], value, path, faults);
                    true
                }
                "const" => value == rule,
                "enum" => rule.as_array().unwrap().contains(value),
                "type" => match rule {
                    Value::Array(types) => types.iter().any(|name| is_a(value, name)),
                    name => is_a(value, name),
                },
                "minLength" => value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().unwrap()),
                "minimum" => value.as_i64().is_none_or(|number| number >= rule.as_i64().unwrap()),
                "maximum" => value.as_i64().is_none_or(|number| number <= rule.as_i64().unwrap()),
                "minItems" => value.as_array().is_none_or(|list| list.len() as u64 >= rule.as_u64().unwrap()),
                "maxItems" => value.as_array().is_none_or(|list| list.len() as u64 <= rule.as_u64().unwrap()),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(rule, item, &format!("{path}[{index}]"), faults);
                    }
                    true
                }
                "required" => rule.as_array().unwrap().iter().all(|key| value.get(key.as_str().unwrap()).is_some()),
                "properties" => {
                    self.properties(rule.as_object().unwrap(), value, path, faults);
                    true
                }
                "additionalProperties" => {
                    assert_eq!(rule, false, "only a closed object is understood");
                    let known = rules["properties"].as_object().unwrap();
                    value.as_object().is_none_or(|object| object.keys().all(|key| known.contains_key(key)))
                }
                "oneOf" => {
                    let fitting = |schema: &&Value| {
                        let mut inner = Vec::new();
                        self.check(schema, value, path, &mut inner);
                        inner.is_empty()
                    };
                    rule.as_array().unwrap().iter().filter(fitting).count() == 1
                }
                unknown => panic!("the keyword {unknown} is not understood here"),
            };
            if !fits {
                faults.push(format!("{path}: {keyword}"));
            }
        }
    }

    fn properties(&self, known: &Map<String, Value>, value: &Value, path: &str, faults: &mut Vec<String>) {
        for (key, schema) in known {
            if let Some(inner) = value.get(key) {
                self.check(schema, inner, &format!("{path}.{key}"), faults);
            }
        }
    }
}

fn is_a(value: &Value, name: &Value) -> bool {
    match name.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("the type {other} is not understood here"),
    }
}
