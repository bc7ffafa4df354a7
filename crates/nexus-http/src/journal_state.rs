//! The state that the lines of a [`FileJournal`](crate::FileJournal)'s file add up to.

use std::collections::HashMap;

use nexus_types::flow::{Ended, Entry, Past, Prior, PriorResponse, Subject, Verdict};
use nexus_types::{Assumption, MicrodepositGuid};

use crate::journal_lines::{Binding, LineEvent};

/// The state of one file: keys, submissions and records.
#[derive(Debug, Default)]
pub(crate) struct State {
    keys: HashMap<Box<str>, KeyState>,
    /// The keys that have claimed a submission for a microdeposit.
    submissions: HashMap<RecordKey, Vec<Box<str>>>,
    /// The key that has made a record.
    owners: HashMap<RecordKey, Owner>,
}

/// An environment, and a guid there in lower case.
type RecordKey = (Box<str>, Box<str>);

/// The key that has made a record, its user, and the record's guid.
#[derive(Debug)]
struct Owner {
    id: Box<str>,
    user: Option<Box<str>>,
    guid: MicrodepositGuid,
}

/// What is known of one key.
#[derive(Debug)]
struct KeyState {
    binding: Binding,
    outcome: Outcome,
    /// The number of the key's last claim.
    claimed: u64,
}

/// How the last claim of a key ended.
#[derive(Debug)]
enum Outcome {
    /// The request was certainly not carried out.
    NotMade,
    Pending {
        attempt: u64,
        entry: Box<Entry>,
        response: PriorResponse,
    },
    Made(MicrodepositGuid),
    Judged(Verdict, Option<Assumption>),
}

/// What to do with a request to settle an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SettleDecision {
    /// The outcome is new: write it.
    Write,
    /// The outcome is known already, or the attempt is no longer pending: write nothing.
    Ignore,
    /// What was found is not this key's for certain: another key has this record, or the attempt got a 409.
    Taken,
    /// The key is bound to something else.
    Different,
}

fn record_key(environment: &str, guid: &MicrodepositGuid) -> RecordKey {
    (environment.into(), guid.as_str().to_ascii_lowercase().into())
}

impl Binding {
    /// Whether both can have the same user. A session given from outside has an unknown user, which fits any.
    fn may_share_user(&self, user: Option<&str>) -> bool {
        self.user.as_deref().zip(user).is_none_or(|(own, other)| own == other)
    }

    /// Whether both are bound to the same subject, environment and user.
    fn fits(&self, other: &Binding) -> bool {
        self.subject == other.subject
            && self.environment == other.environment
            && self.may_share_user(other.user.as_deref())
    }
}

impl State {
    /// Applies the line of this number.
    pub(crate) fn apply(&mut self, number: u64, binding: Binding, event: LineEvent) {
        let (id, known) = (binding.id.clone(), self.keys.remove(&binding.id));
        // A user that was known once is kept.
        let user = binding.user.clone().or_else(|| known.as_ref().and_then(|key| key.binding.user.clone()));
        let binding = Binding { user, ..binding };
        let claimed = match &event {
            LineEvent::Claim { .. } => number,
            LineEvent::Ended { .. } => known.as_ref().map_or(0, |key| key.claimed),
        };
        let before = known.map(|key| key.outcome);
        let outcome = match event {
            LineEvent::Claim { entry, guid, .. } => {
                if let Some(guid) = guid {
                    let ids = self.submissions.entry(record_key(&binding.environment, &guid)).or_default();
                    if !ids.contains(&id) {
                        ids.push(id.clone());
                    }
                }
                Some(Outcome::Pending { attempt: number, entry: Box::new(entry), response: PriorResponse::None })
            }
            LineEvent::Ended { ended: Ended::Made(guid), .. } => {
                let owner = Owner { id: id.clone(), user: binding.user.clone(), guid: guid.clone() };
                self.owners.entry(record_key(&binding.environment, &guid)).or_insert(owner);
                // A key keeps its first record for ever.
                Some(if let Some(Outcome::Made(first)) = before { Outcome::Made(first) } else { Outcome::Made(guid) })
            }
            LineEvent::Ended { ended: Ended::Judged(verdict, assumed), .. } => Some(Outcome::Judged(verdict, assumed)),
            LineEvent::Ended { attempt, ended } => match (before, ended) {
                (Some(Outcome::Pending { attempt: own, .. }), Ended::NotMade) if own == attempt => {
                    Some(Outcome::NotMade)
                }
                (Some(Outcome::Pending { attempt: own, entry, .. }), Ended::Accepted(since)) if own == attempt => {
                    Some(Outcome::Pending { attempt, entry, response: PriorResponse::Accepted(since) })
                }
                (Some(Outcome::Pending { attempt: own, entry, .. }), Ended::Contested) if own == attempt => {
                    Some(Outcome::Pending { attempt, entry, response: PriorResponse::Contested })
                }
                (before, _) => before,
            },
        };
        if let Some(outcome) = outcome {
            self.keys.insert(id, KeyState { binding, outcome, claimed });
        }
    }

    /// What is known of a key, as the flow asks for it.
    pub(crate) fn prior(&self, binding: &Binding, subject: &Subject) -> Prior {
        let nothing = || Prior::Nothing { taken: self.taken(binding, subject), open: self.open(binding, subject) };
        let Some(key) = self.keys.get(&binding.id) else { return nothing() };
        if !key.binding.fits(binding) {
            return Prior::Different;
        }
        match &key.outcome {
            Outcome::NotMade => nothing(),
            Outcome::Pending { attempt, entry, response } => Prior::Pending {
                entry: self.updated(binding, subject, entry, *attempt),
                attempt: *attempt,
                response: *response,
                taken: self.taken(binding, subject),
            },
            Outcome::Made(guid) => Prior::Made(guid.clone()),
            Outcome::Judged(verdict, assumed) => Prior::Judged(*verdict, *assumed),
        }
    }

    /// The records that other keys have made and that this user's lists can show.
    fn taken(&self, binding: &Binding, subject: &Subject) -> Vec<MicrodepositGuid> {
        if subject.guid().is_some() {
            return Vec::new();
        }
        let others = self.owners.iter().filter(|((environment, _), owner)| {
            *environment == binding.environment
                && owner.id != binding.id
                && binding.may_share_user(owner.user.as_deref())
        });
        others.map(|(_, owner)| owner.guid.clone()).collect()
    }

    /// The states of other keys that have claimed a submission for the same microdeposit.
    fn others(&self, binding: &Binding, subject: &Subject) -> impl Iterator<Item = &KeyState> {
        let ids = subject.guid().and_then(|guid| self.submissions.get(&record_key(&binding.environment, guid)));
        ids.into_iter().flatten().filter(|id| **id != binding.id).filter_map(|id| self.keys.get(id))
    }

    /// The claim's entry, with `earlier_open` set if another key has submitted for the same microdeposit since: a denial may
    /// then belong to that submission.
    fn updated(&self, binding: &Binding, subject: &Subject, entry: &Entry, attempt: u64) -> Entry {
        let mut entry = entry.clone();
        if let Past::Record(before) = &mut entry.past {
            let since = |key: &KeyState| key.claimed > attempt && !matches!(key.outcome, Outcome::NotMade);
            before.earlier_open |= self.others(binding, subject).any(since);
        }
        entry
    }

    /// The last second at which another key's submission for the same microdeposit is open; none if no other is.
    pub(crate) fn open(&self, binding: &Binding, subject: &Subject) -> Option<i64> {
        let until = self.others(binding, subject).filter_map(|key| match &key.outcome {
            Outcome::Pending { entry, .. } => Some(entry.until),
            Outcome::NotMade | Outcome::Made(_) | Outcome::Judged(..) => None,
        });
        until.max()
    }

    /// Whether an outcome is to be written, and if not, why.
    pub(crate) fn decide(&self, binding: &Binding, attempt: u64, ended: &Ended) -> SettleDecision {
        let key = self.keys.get(&binding.id);
        if key.is_some_and(|key| !key.binding.fits(binding)) {
            return SettleDecision::Different;
        }
        let outcome = key.map(|key| &key.outcome);
        let contested = matches!(
            outcome, Some(Outcome::Pending { attempt: own, response: PriorResponse::Contested, .. }) if *own == attempt
        );
        match ended {
            // Only a reconcile can have found it, in a call that did not know of the 409.
            Ended::Made(_) | Ended::Judged(..) if contested => SettleDecision::Taken,
            Ended::Made(guid) => match self.owners.get(&record_key(&binding.environment, guid)) {
                Some(owner) if owner.id != binding.id => SettleDecision::Taken,
                Some(_) => SettleDecision::Ignore,
                None => SettleDecision::Write,
            },
            // Only the first such outcome of the pending attempt counts.
            Ended::NotMade | Ended::Accepted(_) | Ended::Contested => match outcome {
                Some(Outcome::Pending { attempt: own, response: PriorResponse::None, .. }) if *own == attempt => {
                    SettleDecision::Write
                }
                _ => SettleDecision::Ignore,
            },
            Ended::Judged(verdict, assumed) => match outcome {
                // A verdict that was seen replaces one that was assumed, never the reverse.
                Some(Outcome::Judged(own, None)) if assumed.is_some() || own == verdict => SettleDecision::Ignore,
                Some(Outcome::Judged(own, Some(_))) if assumed.is_some() && own == verdict => SettleDecision::Ignore,
                _ => SettleDecision::Write,
            },
        }
    }
}
