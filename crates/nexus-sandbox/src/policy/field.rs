//! [`PolicyField`]: one field of a policy, described.

use serde_json::Value;

use super::form::Form;

/// One field of a [`Policy`](crate::Policy), for people who look for the switch.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct PolicyField {
    /// Its name, in Rust and in JSON.
    pub name: &'static str,
    pub(super) doc: &'static str,
    pub(super) form: Form,
    pub(super) default: fn() -> Value,
}

impl PolicyField {
    /// What it decides, on one line. It begins with what is documented and what is assumed.
    pub fn text(&self) -> &'static str {
        self.doc.trim()
    }

    /// Whether the behaviour that it switches rests on a document of MX, at least in part; otherwise all of it is assumed.
    pub fn is_documented(&self) -> bool {
        self.text().starts_with("Documented")
    }

    /// The values that it may have, as they follow "must be".
    pub fn values(&self) -> String {
        self.form.words()
    }

    /// The default as JSON.
    pub fn default(&self) -> String {
        (self.default)().to_string()
    }

    /// The JSON Schema of its values, with default and description.
    pub fn schema(&self) -> Value {
        let mut schema = self.form.schema();
        schema["default"] = (self.default)();
        schema["description"] = self.text().into();
        schema["x-assumed"] = self.text().contains("ssumed").into();
        schema
    }
}
