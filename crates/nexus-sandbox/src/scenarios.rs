//! Scenarios: stories of a microdeposit as data, `scenarios.json`, that a world can be asked to live through.

use std::sync::LazyLock;

use nexus_types::KnownStatus;
use serde::{Deserialize, Deserializer};

const TEXT: &str = include_str!("../scenarios.json");

static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
    // Its form is tested; a file that is wrong would mean no scenario.
    serde_json::from_str::<File>(TEXT).map(|file| file.scenarios).unwrap_or_default()
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenarios: Vec<Scenario>,
}

/// A story: what happens in it, and how it is promised to end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Scenario {
    /// Its name: small letters and underscores.
    pub name: Box<str>,
    /// What it is about, in a sentence.
    pub title: Box<str>,
    /// The status in which its microdeposits are then; none: they are deleted.
    #[serde(deserialize_with = "status")]
    pub ends: Option<KnownStatus>,
    pub(crate) steps: Vec<Step>,
}

/// One step: what a person is told, and what is done with the story's microdeposits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Step {
    pub(crate) text: Box<str>,
    #[serde(flatten)]
    pub(crate) action: Action,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub(crate) enum Action {
    /// Creates so many.
    Create {
        #[serde(default = "one")]
        count: u32,
    },
    /// Lets time pass until all have this status; none: until they are deleted.
    Wait {
        #[serde(rename = "for", deserialize_with = "status")]
        until: Option<KnownStatus>,
    },
    /// Submits amounts for each.
    Verify { amounts: Amounts },
    /// Lets this happen to each.
    Event {
        event: Box<str>,
        #[serde(default)]
        code: Option<Box<str>>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Amounts {
    Right,
    Wrong,
}

fn one() -> u32 {
    1
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<KnownStatus>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    let known = |name: String| KnownStatus::ALL.into_iter().find(|known| known.name() == name);
    name.map(|name| known(name).ok_or_else(|| serde::de::Error::custom("not a status"))).transpose()
}

impl Scenario {
    /// All scenarios.
    pub fn all() -> &'static [Scenario] {
        &ALL
    }

    /// The scenario of this name.
    pub fn from_name(name: &str) -> Option<&'static Scenario> {
        ALL.iter().find(|scenario| &*scenario.name == name)
    }

    /// Its steps as a person is told them.
    pub fn steps(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().map(|step| &*step.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_is_well_formed_and_names_are_unique() {
        let file: File = serde_json::from_str(TEXT).unwrap();
        assert_eq!(file.scenarios, Scenario::all());
        let mut names: Vec<_> = file.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), file.scenarios.len());
        assert_eq!(Scenario::from_name("happy").unwrap().ends, Some(KnownStatus::Verified));
        assert_eq!(Scenario::from_name("expired").unwrap().ends, None);
        assert!(Scenario::from_name("unhappy").is_none());
    }
}
