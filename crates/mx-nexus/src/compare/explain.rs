//! Which switches of the policy explain the differences: each is tried in a sandbox of its own, and the one after which the
//! fewest differences are left is taken, again and again. So what is named has been shown to explain, not guessed.

use std::collections::BTreeSet;

use nexus_sandbox::Policy;
use serde_json::{Map, Value};

use super::script::{Conditions, Transcript, hold};
use super::side::Inside;
use super::switches::{self, Switch};
use super::values::Values;
use crate::failure::Failure;

/// One place of one response that is not the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Difference {
    pub(super) step: &'static str,
    pub(super) place: String,
    /// What the sandbox says there; none: nothing.
    pub(super) here: Option<String>,
    pub(super) there: Option<String>,
}

pub(super) struct Explained {
    /// Each switch, with the differences that it explains.
    pub(super) by: Vec<(Switch, Vec<Difference>)>,
    /// Those that no switch explains.
    pub(super) unexplained: Vec<Difference>,
    /// How many places were compared.
    pub(super) compared: usize,
}

/// How a sandbox is set before anything is tried.
pub(super) struct Setting<'a> {
    pub(super) values: &'a Values,
    pub(super) conditions: Conditions,
    pub(super) start: Option<i64>,
    /// Fields that the caller has set already.
    pub(super) base: Map<String, Value>,
}

impl Setting<'_> {
    /// The conversation with a sandbox that has these fields set; none where no policy has them so.
    pub(super) fn heard(&self, fields: &Map<String, Value>) -> Result<Option<Transcript>, Failure> {
        let Ok(policy) = serde_json::from_value::<Policy>(Value::Object(fields.clone())) else { return Ok(None) };
        hold(&mut Inside::new(policy, self.start), self.values, self.conditions).map(Some)
    }
}

pub(super) fn explain(setting: &Setting<'_>, there: &Transcript) -> Result<Explained, Failure> {
    let mut fields = setting.base.clone();
    let first = setting.heard(&fields)?;
    let first = first.ok_or_else(|| Failure::input("policy", "is not a policy"))?;
    let compared = places(&first).union(&places(there)).count();
    let mut left = differences(&first, there);
    let mut by: Vec<(Switch, Vec<Difference>)> = Vec::new();
    let candidates = switches::all(&there.hints);
    while !left.is_empty() {
        let mut best: Option<(Switch, Map<String, Value>, Vec<Difference>)> = None;
        for candidate in &candidates {
            let mut tried = fields.clone();
            tried.extend(candidate.fields.clone());
            if tried == fields {
                continue;
            }
            let Some(heard) = setting.heard(&tried)? else { continue };
            let rest = differences(&heard, there);
            if rest.len() < best.as_ref().map_or(left.len(), |(_, _, best)| best.len()) {
                let done = rest.is_empty();
                best = Some((candidate.clone(), tried, rest));
                if done {
                    break;
                }
            }
        }
        let Some((switch, tried, rest)) = best else { break };
        let same_place =
            |one: &Difference| rest.iter().any(|other| (other.step, &other.place) == (one.step, &one.place));
        let explained = left.iter().filter(|one| !same_place(one)).cloned().collect();
        by.push((switch, explained));
        (fields, left) = (tried, rest);
    }
    Ok(Explained { by, unexplained: left, compared })
}

fn places(transcript: &Transcript) -> BTreeSet<(&'static str, &str)> {
    let all = transcript.steps.iter();
    all.flat_map(|(step, shape)| shape.keys().map(move |place| (*step, place.as_str()))).collect()
}

/// In the order of the conversation. A step that one side did not come to is one difference.
fn differences(here: &Transcript, there: &Transcript) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut steps: Vec<&'static str> = there.steps.iter().map(|(step, _)| *step).collect();
    steps.extend(here.steps.iter().map(|(step, _)| *step).filter(|step| !steps.contains(step)).collect::<Vec<_>>());
    for step in steps {
        let of = |side: &Transcript| side.steps.iter().find(|(name, _)| *name == step).map(|(_, shape)| shape.clone());
        let (one, other) = match (of(here), of(there)) {
            (Some(one), Some(other)) => (one, other),
            (one, other) => {
                let told = |side: Option<_>| Some(if side.is_some() { "asked" } else { "not possible" }.to_owned());
                found.push(Difference { step, place: "request".to_owned(), here: told(one), there: told(other) });
                continue;
            }
        };
        let all: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
        for place in all {
            let (here, there) = (one.get(place).cloned(), other.get(place).cloned());
            if here != there {
                found.push(Difference { step, place: place.clone(), here, there });
            }
        }
    }
    found
}
