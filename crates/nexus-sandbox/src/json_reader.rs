//! Strict reading of JSON objects: known fields only, each once. A message names a field and never a value.
//!
//! The sandbox has its own reading of request bodies, apart from the core's writing of them, so that a field misspelt there
//! cannot pass on both sides. serde's own messages repeat what was sent and are therefore not used.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

/// What is wrong with a body, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) field: Cow<'static, str>,
    pub(crate) rule: Cow<'static, str>,
    /// The field of the policy that made the rule.
    pub(crate) policy: Option<&'static str>,
}

impl Problem {
    pub(crate) fn new(field: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> Problem {
        Problem { field: field.into(), rule: rule.into(), policy: None }
    }

    /// The same where a field of the policy made the rule.
    pub(crate) fn by(self, policy: &'static str) -> Problem {
        Problem { policy: Some(policy), ..self }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.field, self.rule)
    }
}

/// The values of one object, in the order of the names that it may have.
pub(crate) struct Object<'a, const N: usize> {
    names: &'static [&'static str; N],
    values: [Option<&'a RawValue>; N],
}

impl<'a, const N: usize> Object<'a, N> {
    /// Reads a whole body.
    pub(crate) fn body(body: &'a [u8], names: &'static [&'static str; N]) -> Result<Object<'a, N>, Problem> {
        let text = std::str::from_utf8(body).map_err(|_| Problem::new("the body", "is not UTF-8"))?;
        Object::read(text, "the body", names)
    }

    fn read(text: &'a str, at: &'static str, names: &'static [&'static str; N]) -> Result<Object<'a, N>, Problem> {
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let read = Fields(names).deserialize(&mut deserializer);
        let read = read.and_then(|read| deserializer.end().map(|()| read));
        match read {
            Ok((values, None)) => Ok(Object { names, values }),
            Ok((_, Some(problem))) => Err(problem),
            Err(error) if error.classify() == Category::Data => Err(Problem::new(at, "must be a JSON object")),
            Err(error) => {
                let place = format!("is not well-formed JSON at line {}, column {}", error.line(), error.column());
                Err(Problem::new(at, place))
            }
        }
    }

    /// The field as it was written.
    pub(crate) fn raw(&self, name: &'static str) -> Option<&'a str> {
        let index = self.names.iter().position(|known| *known == name)?;
        self.values.get(index).copied().flatten().map(RawValue::get)
    }

    /// Whether the field is there, `null` included.
    pub(crate) fn has(&self, name: &'static str) -> bool {
        self.raw(name).is_some()
    }

    /// The field as an object of these names.
    pub(crate) fn object<const M: usize>(
        &self,
        name: &'static str,
        names: &'static [&'static str; M],
    ) -> Result<Option<Object<'a, M>>, Problem> {
        self.raw(name).map(|text| Object::read(text, name, names)).transpose()
    }

    /// The field as text.
    pub(crate) fn text(&self, name: &'static str) -> Result<Option<Cow<'a, str>>, Problem> {
        let Some(raw) = self.raw(name) else { return Ok(None) };
        let inner = raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"'));
        match inner {
            None => Err(Problem::new(name, "must be a JSON string")),
            Some(plain) if !plain.contains('\\') => Ok(Some(Cow::Borrowed(plain))),
            Some(_) => {
                let text = serde_json::from_str::<String>(raw);
                text.map(|text| Some(Cow::Owned(text))).map_err(|_| Problem::new(name, "has a wrong escape"))
            }
        }
    }

    /// Whether the field is a JSON number.
    pub(crate) fn is_number(&self, name: &'static str) -> bool {
        self.raw(name).is_some_and(|raw| raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()))
    }

    /// The field as the digits of a JSON number, exactly as they were written.
    pub(crate) fn number(&self, name: &'static str) -> Result<Option<&'a str>, Problem> {
        match self.raw(name) {
            Some(raw) if raw.starts_with(|first: char| first == '-' || first.is_ascii_digit()) => Ok(Some(raw)),
            Some(_) => Err(Problem::new(name, "must be a JSON number")),
            None => Ok(None),
        }
    }

    /// The field as texts in a list.
    pub(crate) fn texts(&self, name: &'static str) -> Result<Option<Vec<String>>, Problem> {
        let read = |raw| serde_json::from_str(raw).map_err(|_| Problem::new(name, "must be a list of JSON strings"));
        self.raw(name).map(read).transpose()
    }

    /// The same object, as if fields that are null were not given.
    pub(crate) fn without_nulls(mut self) -> Object<'a, N> {
        for value in &mut self.values {
            *value = value.filter(|value| value.get() != "null");
        }
        self
    }

    /// The field as true or false.
    pub(crate) fn truth(&self, name: &'static str) -> Result<Option<bool>, Problem> {
        match self.raw(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(Problem::new(name, "must be true or false")),
        }
    }
}

/// Complains that a required field is missing.
pub(crate) fn required<T>(name: &'static str, value: Option<T>) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::new(name, "is required"))
}

struct Fields<const N: usize>(&'static [&'static str; N]);

type Found<'a, const N: usize> = ([Option<&'a RawValue>; N], Option<Problem>);

impl<'de, const N: usize> DeserializeSeed<'de> for Fields<N> {
    type Value = Found<'de, N>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Found<'de, N>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, const N: usize> Visitor<'de> for Fields<N> {
    type Value = Found<'de, N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found<'de, N>, A::Error> {
        let mut values = [None; N];
        let mut problem = None;
        // Read to the end, so that broken JSON is reported as such, whatever comes before it.
        while let Some(name) = map.next_key_seed(Name(self.0))? {
            let slot = match &name {
                Ok(index) => values.get_mut(*index),
                Err(_) => None,
            };
            match (slot, name) {
                (Some(slot @ None), _) => *slot = Some(map.next_value::<&RawValue>()?),
                (taken, name) => {
                    map.next_value::<IgnoredAny>()?;
                    let known = taken.and(name.as_ref().ok()).and_then(|index| self.0.get(*index));
                    let found = match (known, name) {
                        (Some(known), _) => Problem::new(*known, "is given twice"),
                        (None, Err(unknown)) => Problem::new(unknown, "is not a known field"),
                        (None, Ok(_)) => Problem::new("the body", "has a field that is not known"),
                    };
                    problem.get_or_insert(found);
                }
            }
        }
        Ok((values, problem))
    }
}

/// A key: the index of a known name, or an unknown name fit to be repeated.
struct Name<const N: usize>(&'static [&'static str; N]);

impl<'de, const N: usize> DeserializeSeed<'de> for Name<N> {
    type Value = Result<usize, Cow<'static, str>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<const N: usize> Visitor<'_> for Name<N> {
    type Value = Result<usize, Cow<'static, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        let known = self.0.iter().position(|known| *known == name);
        Ok(known.ok_or_else(|| Cow::Owned(repeatable(name).into_owned())))
    }
}

/// A misspelt name helps who wrote it; but a value that slipped into the place of a name is not repeated.
pub(crate) fn repeatable(name: &str) -> Cow<'_, str> {
    let shape = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
    let digits = name.bytes().filter(u8::is_ascii_digit).count();
    let shown =
        (1..=40).contains(&name.len()) && shape && digits <= 2 && name.starts_with(|c: char| c.is_ascii_lowercase());
    if shown { Cow::Borrowed(name) } else { Cow::Borrowed("one field's name") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Object<'_, 2>, Problem> {
        Object::body(text.as_bytes(), &["name", "count"])
    }

    fn complaint(text: &str) -> String {
        read(text).err().unwrap().to_string()
    }

    #[test]
    fn known_fields_in_any_order() {
        let object = read(r#" {"count": 1e0, "name":"a\u00e9\"b"} "#).unwrap();
        assert_eq!(object.text("name").unwrap().unwrap(), "aé\"b");
        assert_eq!(object.number("count").unwrap(), Some("1e0"));
        assert!(!read("{}").unwrap().has("name"));
        assert!(read(r#"{"name":null}"#).unwrap().has("name"));
    }

    #[test]
    fn each_complaint_names_its_field_and_no_value() {
        let cases = [
            (r#"{"name":"s3cret","nmae":"s3cret"}"#, "nmae is not a known field"),
            (r#"{"name":"s3cret","name":"s3cret"}"#, "name is given twice"),
            (r#"{"s3cret 333312345":1}"#, "one field's name is not a known field"),
            (r#"{"a333312345":1}"#, "one field's name is not a known field"),
            (r#"["s3cret"]"#, "the body must be a JSON object"),
            ("null", "the body must be a JSON object"),
            (r#"{"name":"s3cret""#, "the body is not well-formed JSON at line 1, column 16"),
            (r#"{"name":"s3cret"} x"#, "the body is not well-formed JSON at line 1, column 19"),
            ("", "the body is not well-formed JSON at line 1, column 0"),
        ];
        for (text, expected) in cases {
            assert_eq!(complaint(text), expected, "{text}");
        }
        assert_eq!(
            Object::<2>::body(b"{\"\xff\":1}", &["name", "count"]).err().unwrap().to_string(),
            "the body is not UTF-8"
        );
    }

    #[test]
    fn wrong_types_name_the_field() {
        for wrong in ["1", "null", "true", "[]", "{}"] {
            let text = format!(r#"{{"name":{wrong}}}"#);
            assert_eq!(read(&text).unwrap().text("name").unwrap_err().to_string(), "name must be a JSON string");
        }
        for wrong in ["\"1\"", "null", "true", "[]"] {
            let text = format!(r#"{{"count":{wrong}}}"#);
            assert_eq!(read(&text).unwrap().number("count").unwrap_err().to_string(), "count must be a JSON number");
        }
        let lone = read(r#"{"name":"\ud800"}"#).map(|object| object.text("name").is_err());
        assert!(matches!(lone, Ok(true) | Err(_)));
    }

    #[test]
    fn deep_nesting_is_no_danger() {
        let deep = format!("{{\"name\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert_eq!(read(&deep).unwrap().text("name").unwrap_err().to_string(), "name must be a JSON string");
        assert!(read(&format!("{{\"x\":{}", "[".repeat(30_000))).is_err());
    }
}
