//! [`Aliases`]: what stands for a value that must not be shown. Equal values have equal aliases, and only this conversation
//! knows which is which; nothing of it is kept.

use std::collections::{BTreeMap, HashMap};

#[derive(Default)]
pub(super) struct Aliases {
    known: HashMap<(&'static str, String), String>,
    counts: BTreeMap<&'static str, usize>,
    /// Whether a time with a fraction that is not zero was told.
    pub(super) fractions: bool,
    /// When each record was last changed, as it was last told.
    updated: HashMap<String, String>,
}

impl Aliases {
    /// The alias of a value of this kind; a new one where it was not seen before.
    pub(super) fn of(&mut self, kind: &'static str, value: &str) -> String {
        if let Some(alias) = self.known.get(&(kind, value.to_owned())) {
            return alias.clone();
        }
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        let alias = format!("{kind}-{count}");
        self.known.insert((kind, value.to_owned()), alias.clone());
        alias
    }

    /// Gives a value this alias.
    pub(super) fn name(&mut self, kind: &'static str, value: &str, alias: &str) {
        self.known.insert((kind, value.to_owned()), alias.to_owned());
    }

    /// The alias of a value that was seen before.
    pub(super) fn known(&self, kind: &'static str, value: &str) -> Option<&str> {
        self.known.get(&(kind, value.to_owned())).map(String::as_str)
    }

    /// How the time of a record's last change stands to the one that was told before; none the first time.
    pub(super) fn moved(&mut self, guid: &str, updated: &str) -> Option<&'static str> {
        let before = self.updated.insert(guid.to_owned(), updated.to_owned())?;
        Some(if before == updated { "not moved" } else { "moved" })
    }
}
