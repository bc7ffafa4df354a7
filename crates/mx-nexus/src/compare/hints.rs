//! [`Hints`]: which values a switch might need, from what the other side was heard to say. Kept in memory only.

use std::collections::BTreeSet;

use nexus_types::Microdeposit;
use serde_json::Value;

#[derive(Default)]
pub(super) struct Hints {
    pub(super) statuses: BTreeSet<u16>,
    pub(super) codes: BTreeSet<u64>,
    pub(super) institution: Option<String>,
    /// Fields that no record of a create or read had.
    pub(super) missing: BTreeSet<&'static str>,
    /// Fields that were null in every one of them.
    pub(super) null: BTreeSet<&'static str>,
    records: usize,
}

impl Hints {
    pub(super) fn note(&mut self, status: u16, body: &Value) {
        if status >= 400 {
            self.statuses.insert(status);
            let code = body["error"].get("code").or_else(|| body.get("code"));
            let number = code.and_then(|code| code.as_u64().or_else(|| code.as_str()?.parse().ok()));
            self.codes.extend(number.filter(|number| (1..=99_999).contains(number)));
        }
        if let Some(record) = body.get("micro_deposit").filter(|record| record.is_object()) {
            if let Some(name) = record["institution_name"].as_str() {
                self.institution = Some(name.chars().take(50).collect());
            }
            let missing = Microdeposit::FIELDS.into_iter().filter(|field| record.get(*field).is_none()).collect();
            let null = Microdeposit::FIELDS
                .into_iter()
                .filter(|field| record.get(*field).is_some_and(Value::is_null))
                .collect();
            let (missing, null): (BTreeSet<_>, BTreeSet<_>) = (missing, null);
            if self.records == 0 {
                (self.missing, self.null) = (missing, null);
            } else {
                self.missing.retain(|field| missing.contains(field));
                self.null.retain(|field| null.contains(field));
            }
            self.records += 1;
        }
    }
}
