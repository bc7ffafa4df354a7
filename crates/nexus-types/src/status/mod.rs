//! [`Status`]: the status of a microdeposit. The known ones stand in one table; an unknown one is kept.

mod table;
mod unknown;

use std::fmt;
use std::str::FromStr;

use crate::error::InputError;
use crate::mask;
pub(crate) use table::Says;
pub use table::{KnownStatus, Status};
pub use unknown::UnknownStatus;
pub(crate) use unknown::is_a_word;
use unknown::is_plain_name;

impl KnownStatus {
    /// The number in `status`.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The known status of this exact name.
    pub fn from_name(name: &str) -> Option<KnownStatus> {
        KnownStatus::ALL.into_iter().find(|known| known.name() == name)
    }
}

impl Status {
    /// The status of this number. An unknown number of at most four digits is kept; a longer one is
    /// [contradictory](Status::is_contradictory).
    pub fn from_number(number: i64) -> Status {
        Status::from_parts(Some(number), None)
    }

    /// The status of this exact name. An unknown name is kept.
    pub fn from_name(name: &str) -> Status {
        Status::from_parts(None, Some(name))
    }

    /// The status that the two fields of a record give. The name decides where there is no number. The status is
    /// [contradictory](Status::is_contradictory) if both are there and disagree, or if the number has more than four digits.
    pub fn from_parts(number: Option<i64>, name: Option<&str>) -> Status {
        if !agree(number, name) || mask::choice(number) != number {
            return Status::contradictory(&serde_json::json!({ "status": number, "status_name": name }).to_string());
        }
        let known = match number {
            Some(number) => KnownStatus::from_number(number),
            None => name.and_then(KnownStatus::from_name),
        };
        known.map_or_else(
            || Status::Unknown(Box::new(UnknownStatus { number, name: name.map(Into::into), came: None })),
            KnownStatus::status,
        )
    }

    /// A contradictory status, with the JSON of both fields as received.
    pub(crate) fn contradictory(came: &str) -> Status {
        Status::Unknown(Box::new(UnknownStatus::contradictory(came)))
    }

    /// Whether the received fields contradict each other or cannot be a status: number and name disagree, a field is given twice,
    /// or the number is a fraction, a list, or longer than four digits. Such a status is unknown and has neither number nor name;
    /// conclude nothing from it. A status that is only newer than this version is not contradictory and keeps its number.
    pub fn is_contradictory(&self) -> bool {
        matches!(self, Status::Unknown(unknown) if unknown.came.is_some())
    }

    /// The number in `status`. None for an unknown status without a number, and for a contradictory one.
    pub fn number(&self) -> Option<i64> {
        match self {
            Status::Unknown(unknown) => unknown.number,
            known => known.known().map(|known| i64::from(known.number())),
        }
    }

    /// The name. An unknown status has the name as received if it is 1 to 32 capital letters and underscores, and is not the name
    /// of a known status; otherwise `UNKNOWN`. A contradictory status has the name `UNKNOWN`.
    pub fn name(&self) -> &str {
        match self {
            Status::Unknown(unknown) => {
                let own = |name: &&str| is_plain_name(name) && KnownStatus::from_name(name).is_none();
                unknown.name.as_deref().filter(own).unwrap_or("UNKNOWN")
            }
            known => known.known().map_or("UNKNOWN", KnownStatus::name),
        }
    }

    /// Whether this version knows it.
    pub fn is_known(&self) -> bool {
        self.known().is_some()
    }

    /// See [`KnownStatus::is_terminal`]. False for an unknown status.
    pub fn is_terminal(&self) -> bool {
        self.known().is_some_and(KnownStatus::is_terminal)
    }

    /// See [`KnownStatus::may_verify`]. False for an unknown status.
    pub fn may_verify(&self) -> bool {
        self.known().is_some_and(KnownStatus::may_verify)
    }

    /// What it means.
    pub fn definition(&self) -> &'static str {
        let unknown = match self.is_contradictory() {
            true => "The server's response contradicts itself about the status.",
            false => "A status that this version does not know.",
        };
        self.known().map_or(unknown, KnownStatus::definition)
    }

    /// What the caller may do next, in words that a person can act on.
    pub fn next_step(&self) -> &'static str {
        let unknown = match self.is_contradictory() {
            true => "Conclude nothing from it. Read the microdeposit again later; if it stays so, ask MX.",
            false => "Ask MX what this status means, and look for a newer version of this library.",
        };
        self.known().map_or(unknown, KnownStatus::next_step)
    }
}

/// Whether a number and a name can belong to one status. A known number needs its own name, in any case and with or without
/// space around it. An unknown number needs an unknown name. An empty name is ignored.
///
/// An unknown name with a known number does not agree: either the number has a new meaning, or the name is a mistake.
pub(crate) fn agree(number: Option<i64>, name: Option<&str>) -> bool {
    let (Some(number), Some(name)) = (number, name.map(str::trim).filter(|name| !name.is_empty())) else { return true };
    match KnownStatus::from_number(number) {
        Some(known) => name.eq_ignore_ascii_case(known.name()),
        None => !KnownStatus::ALL.iter().any(|known| name.eq_ignore_ascii_case(known.name())),
    }
}

impl From<KnownStatus> for Status {
    fn from(known: KnownStatus) -> Status {
        known.status()
    }
}

impl PartialEq<KnownStatus> for Status {
    fn eq(&self, known: &KnownStatus) -> bool {
        self.known() == Some(*known)
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Unknown(unknown) => unknown.fmt(f),
            known => f.write_str(known.name()),
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Status::Unknown(unknown) => match unknown.number {
                Some(number) => write!(f, "{} ({number})", self.name()),
                None if self.is_contradictory() => f.write_str("UNKNOWN (contradictory)"),
                None => f.write_str(self.name()),
            },
            known => f.write_str(known.name()),
        }
    }
}

impl FromStr for Status {
    type Err = InputError;

    /// Reads a known name in any case, or a known number, for people.
    fn from_str(text: &str) -> Result<Status, InputError> {
        KnownStatus::ALL
            .into_iter()
            .find(|known| known.name().eq_ignore_ascii_case(text) || known.number().to_string() == text)
            .map(KnownStatus::status)
            .ok_or_else(|| {
                InputError::new("status", "must be the name of a known status, such as DEPOSITED, or its number")
            })
    }
}

#[cfg(test)]
mod tests;
