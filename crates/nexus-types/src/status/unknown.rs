//! Statuses outside the ten: newer ones, and what contradicts itself.

use std::fmt;

/// The characters that are kept of what contradicts itself.
const KEPT: usize = 200;

/// A status outside the ten.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownStatus {
    /// The number, if there was one, and nothing contradicts it.
    pub number: Option<i64>,
    /// The name, if there was one, as it came, and nothing contradicts it.
    pub name: Option<Box<str>>,
    /// Where what came [contradicts itself](super::Status::is_contradictory): the JSON of both fields as they came, its first
    /// 200 characters. It may hold anything, so it is not shown when printed.
    pub came: Option<Box<str>>,
}

impl UnknownStatus {
    pub(super) fn contradictory(came: &str) -> UnknownStatus {
        UnknownStatus { number: None, name: None, came: Some(came.chars().take(KEPT).collect()) }
    }
}

impl fmt::Debug for UnknownStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.as_deref().map(|name| if is_plain_name(name) { name } else { "(odd)" });
        let mut shown = f.debug_struct("UnknownStatus");
        shown.field("number", &self.number).field("name", &name);
        if self.came.is_some() {
            shown.field("contradictory", &true);
        }
        shown.finish()
    }
}

/// Whether text could be the name of a status, of whatever case: letters and underscores.
pub(crate) fn is_a_word(text: &str) -> bool {
    is_plain_name(&text.trim().to_ascii_uppercase())
}

/// Capital letters and underscores: a name, and nothing that could be a secret.
pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}
