//! Values of arguments that clap reads, and [`Rule`]: what is said of one that does not fit, which never repeats it.

use std::fmt;

use clap::ValueEnum;
use nexus_sandbox::{EmbedOrigin, HostName, Origin};
use nexus_types::{Event, InputError};

/// The rule that a value breaks. clap's own words repeat the value, which may be an account number in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule(pub(crate) String);

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Rule {}

impl From<InputError> for Rule {
    fn from(error: InputError) -> Rule {
        Rule(error.rule().to_owned())
    }
}

/// The type of an account.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum AccountType {
    Checking,
    Savings,
}

pub(crate) fn port(text: &str) -> Result<u16, Rule> {
    text.parse().map_err(|_| Rule("must be 0 to 65535".to_owned()))
}

/// How long a receiver takes to answer: at most ten minutes.
pub(crate) fn milliseconds(text: &str) -> Result<u64, Rule> {
    let given = text.parse().ok().filter(|given| *given <= 600_000);
    given.ok_or_else(|| Rule("must be 0 to 600000".to_owned()))
}

pub(crate) fn seed(text: &str) -> Result<u64, Rule> {
    text.parse().map_err(|_| Rule("must be 0 or more, and below 2 to the power of 64".to_owned()))
}

/// A whole number.
pub(crate) fn number(text: &str) -> Result<u64, Rule> {
    text.parse().map_err(|_| Rule("must be a whole number, 0 or more".to_owned()))
}

pub(crate) fn chance(text: &str) -> Result<f64, Rule> {
    let given = text.parse().ok().filter(|given| (0.0..=1.0).contains(given));
    given.ok_or_else(|| Rule("must be 0 to 1, such as 0.25".to_owned()))
}

/// An event of the state machine.
pub(crate) fn event(text: &str) -> Result<&'static str, Rule> {
    let known = Event::ALL.iter().map(|event| event.name()).find(|name| *name == text);
    known.ok_or_else(|| {
        let all: Vec<&str> = Event::ALL.iter().map(|event| event.name()).collect();
        Rule(format!("must be one of: {}", all.join(", ")))
    })
}

pub(crate) fn host_name(text: &str) -> Result<HostName, Rule> {
    Ok(HostName::new(text)?)
}

pub(crate) fn embed_origin(text: &str) -> Result<EmbedOrigin, Rule> {
    Ok(EmbedOrigin::new(text)?)
}

pub(crate) fn origin(text: &str) -> Result<Origin, Rule> {
    Ok(Origin::new(text)?)
}
