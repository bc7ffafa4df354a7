//! Statuses that this version does not know: newer ones and contradictory ones.

use std::fmt;

/// How many characters of a contradictory status are kept.
const KEPT: usize = 200;

/// A status that this version does not know.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct UnknownStatus {
    /// The number as received, of at most four digits. None in a contradictory status.
    pub number: Option<i64>,
    /// The name as received. None in a contradictory status.
    pub name: Option<Box<str>>,
    /// Of a [contradictory](super::Status::is_contradictory) status, the first 200 characters of the JSON of both fields as
    /// received. It can hold anything, so it is never printed.
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

/// Whether the text could be the name of a status, in any case: 1 to 32 letters and underscores, no digit.
pub(crate) fn is_a_word(text: &str) -> bool {
    is_plain_name(&text.trim().to_ascii_uppercase())
}

/// Whether the name is 1 to 32 capital letters and underscores. Such a name can be printed: it holds no digit of an account number.
pub(super) fn is_plain_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    (1..=32).contains(&name.len()) && name.bytes().all(plain)
}
