//! [`InputError`]: a value that breaks a rule.

use std::borrow::Cow;

/// A value or setting that the caller gave breaks a rule: the field and the rule, never the value. Nothing was sent.
///
/// The constructors of values return it, and `?` makes it an [`Error`](super::Error) of the kind
/// [`InvalidInput`](super::ErrorKind::InvalidInput).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct InputError {
    field: Cow<'static, str>,
    rule: Cow<'static, str>,
}

impl InputError {
    /// The error for this field, which breaks this rule.
    pub fn new(field: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> InputError {
        InputError { field: field.into(), rule: rule.into() }
    }

    /// The field, such as `routing_number`.
    pub fn field(&self) -> &str {
        &self.field
    }

    /// The rule that it breaks, in words, such as `must be nine digits`.
    pub fn rule(&self) -> &str {
        &self.rule
    }
}

#[cfg(test)]
mod tests {
    use super::super::Error;
    use super::*;

    #[test]
    fn input_error_names_field_and_rule() {
        let refused = InputError::new("routing_number", "must be nine digits");
        assert_eq!(refused.to_string(), "routing_number: must be nine digits");
        assert_eq!((refused.field(), refused.rule()), ("routing_number", "must be nine digits"));
        let error = Error::from(refused.clone());
        assert_eq!(error.to_string(), refused.to_string());
        assert_eq!((error.field(), error.kind().number()), (Some("routing_number"), 101));
    }
}
