//! Statuses outside the ten: newer ones, and what contradicts itself.

use std::fmt;

use super::KnownStatus;

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

/// Whether a number and a name can be said of one status: the name of a known number is its own (in any case, with or without
/// space around it), and a number that nobody knows has no known name. An empty name says nothing.
///
/// A name that nobody knows beside a known number is no agreement: whether the number has got another meaning, or the name is
/// a mistake, cannot be told from here.
pub(crate) fn agree(number: Option<i64>, name: Option<&str>) -> bool {
    let (Some(number), Some(name)) = (number, name.map(str::trim).filter(|name| !name.is_empty())) else { return true };
    match KnownStatus::from_number(number) {
        Some(stage) => name.eq_ignore_ascii_case(stage.name()),
        None => !KnownStatus::ALL.iter().any(|stage| name.eq_ignore_ascii_case(stage.name())),
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
