//! [`Form`]: which JSON values a field of a policy may have, in words and as a JSON Schema.

use nexus_types::{DepositAmount, Microdeposit};
use serde_json::{Value, json};

use super::webhooks;

/// The values of one field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Flag,
    /// A whole number in a range.
    Whole(u64, u64),
    /// The same, or null.
    WholeOrNull(u64, u64),
    /// 1 to 50 characters, or null.
    TextOrNull,
    /// One of these words.
    One(&'static [&'static str]),
    /// One of these words, or `{"after_seconds":N}`.
    OneOrSeconds(&'static [&'static str]),
    RoutingNumbers,
    /// Names of fields of a record.
    FieldNames,
    /// Texts of 1 to 100 characters.
    Texts,
    /// Ascending seconds.
    Schedule,
    /// Two amounts as texts, or null.
    AmountsOrNull,
}

impl Form {
    pub(crate) fn fits(self, value: &Value) -> bool {
        let text_of = |most: usize| value.as_str().is_some_and(|text| (1..=most).contains(&text.chars().count()));
        match self {
            Form::Flag => value.is_boolean(),
            Form::Whole(least, most) => value.as_u64().is_some_and(|number| (least..=most).contains(&number)),
            Form::WholeOrNull(least, most) => value.is_null() || Form::Whole(least, most).fits(value),
            Form::TextOrNull => value.is_null() || text_of(50),
            Form::One(words) => value.as_str().is_some_and(|word| words.contains(&word)),
            Form::OneOrSeconds(words) => {
                let seconds = value.as_object().filter(|object| object.len() == 1);
                let seconds = seconds.and_then(|object| object.get("after_seconds"));
                Form::One(words).fits(value) || seconds.is_some_and(|one| Form::Whole(0, SECONDS).fits(one))
            }
            Form::RoutingNumbers => {
                all(value, |text| text.len() == 9 && text.bytes().all(|byte| byte.is_ascii_digit()))
            }
            Form::Texts => all(value, |text| (1..=100).contains(&text.chars().count())),
            Form::Schedule => {
                let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
                let offsets: Option<Vec<u32>> =
                    list.iter().map(|one| one.as_u64().and_then(|one| u32::try_from(one).ok())).collect();
                offsets.is_some_and(|offsets| webhooks::is_schedule(&offsets))
            }
            Form::FieldNames => all(value, |text| Microdeposit::FIELDS.contains(&text)),
            Form::AmountsOrNull => {
                let two = value.as_array().is_some_and(|list| list.len() == 2);
                value.is_null() || (two && all(value, |text| DepositAmount::parse(text).is_ok()))
            }
        }
    }

    /// What a value must be, as it follows "must be".
    pub(crate) fn words(self) -> String {
        match self {
            Form::Flag => "true or false".to_owned(),
            Form::Whole(least, most) => format!("a whole number from {least} to {most}"),
            Form::WholeOrNull(least, most) => format!("null or a whole number from {least} to {most}"),
            Form::TextOrNull => "null or a text of 1 to 50 characters".to_owned(),
            Form::One(words) => one_of(words),
            Form::OneOrSeconds(words) => format!("{} or {{\"after_seconds\":N}}", words.join(", ")),
            Form::RoutingNumbers => "a list of routing numbers, texts of nine digits".to_owned(),
            Form::Texts => "a list of texts of 1 to 100 characters".to_owned(),
            Form::Schedule => "1 to 100 ascending offsets in seconds, at most 30 days".to_owned(),
            Form::FieldNames => "a list of names of a record's fields".to_owned(),
            Form::AmountsOrNull => "null or two amounts as texts, such as [\"0.03\",\"0.07\"]".to_owned(),
        }
    }

    /// The JSON Schema of these values, without a description.
    pub(crate) fn schema(self) -> Value {
        let nullable = |kind: &str| json!([kind, "null"]);
        match self {
            Form::Flag => json!({"type": "boolean"}),
            Form::Whole(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
            Form::WholeOrNull(least, most) => {
                json!({"type": nullable("integer"), "minimum": least, "maximum": most})
            }
            Form::TextOrNull => json!({"type": nullable("string"), "minLength": 1, "maxLength": 50}),
            Form::One(words) => json!({"type": "string", "enum": words}),
            Form::OneOrSeconds(words) => json!({"oneOf": [
                Form::One(words).schema(),
                {"type": "object", "properties": {"after_seconds": Form::Whole(0, SECONDS).schema()},
                    "additionalProperties": false, "required": ["after_seconds"]},
            ]}),
            Form::RoutingNumbers => {
                json!({"type": "array", "items": {"type": "string", "minLength": 9, "maxLength": 9}})
            }
            Form::Texts => {
                json!({"type": "array", "items": {"type": "string", "minLength": 1, "maxLength": 100}})
            }
            Form::Schedule => {
                let offset = Form::Whole(0, u64::from(webhooks::LATEST)).schema();
                json!({"type": "array", "minItems": 1, "maxItems": 100, "items": offset})
            }
            Form::FieldNames => json!({"type": "array", "items": {"type": "string", "enum": Microdeposit::FIELDS}}),
            Form::AmountsOrNull => {
                json!({"type": nullable("array"), "minItems": 2, "maxItems": 2, "items": {"type": "string"}})
            }
        }
    }
}

/// The most that a number of seconds may be.
const SECONDS: u64 = u32::MAX as u64;

fn all(value: &Value, fits: impl Fn(&str) -> bool) -> bool {
    value.as_array().is_some_and(|list| list.iter().all(|item| item.as_str().is_some_and(&fits)))
}

fn one_of(words: &[&str]) -> String {
    match words.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        _ => words.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_take_what_their_words_say_and_nothing_else() {
        let cases = [
            (Form::Flag, vec![json!(true)], vec![json!("true"), json!(1), json!(null)]),
            (
                Form::Whole(1, 3),
                vec![json!(1), json!(3)],
                vec![json!(0), json!(4), json!(1.5), json!("1"), json!(null)],
            ),
            (Form::WholeOrNull(1, 3), vec![json!(null), json!(2)], vec![json!(-1), json!([])]),
            (Form::TextOrNull, vec![json!(null), json!("MX Bank")], vec![json!(""), json!("x".repeat(51)), json!(1)]),
            (Form::One(&["a", "b"]), vec![json!("b")], vec![json!("c"), json!(0)]),
            (
                Form::OneOrSeconds(&["a"]),
                vec![json!("a"), json!({"after_seconds": 5})],
                vec![json!({"after_seconds": -1}), json!({"after": 5}), json!({"after_seconds": 5, "x": 1})],
            ),
            (Form::RoutingNumbers, vec![json!([]), json!(["091000019"])], vec![json!([91000019]), json!(["1"])]),
            (Form::Texts, vec![json!([]), json!(["x"])], vec![json!([""]), json!([1]), json!("x")]),
            (
                Form::Schedule,
                vec![json!([0]), json!([0, 5])],
                vec![json!([]), json!([5, 5]), json!([5, 0]), json!([-1]), json!([2_592_001]), json!(5), json!(["5"])],
            ),
            (Form::FieldNames, vec![json!(["email"])], vec![json!(["e_mail"]), json!("email")]),
            (
                Form::AmountsOrNull,
                vec![json!(null), json!(["0.03", "0.07"])],
                vec![json!(["0.03"]), json!(["3", "7"]), json!([0.03, 0.07])],
            ),
        ];
        for (form, good, bad) in cases {
            assert!(good.iter().all(|value| form.fits(value)), "{form:?}");
            assert!(!bad.iter().any(|value| form.fits(value)), "{form:?}");
            assert!(!form.words().is_empty() && form.schema().is_object());
        }
        assert_eq!(Form::One(&["a", "b", "c"]).words(), "a, b or c");
    }
}
