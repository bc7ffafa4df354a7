//! What the lines of a [`FileJournal`](crate::FileJournal)'s file come to, line by line.

use std::collections::HashMap;

use nexus_types::flow::{Ended, Entry, Heard, Past, Prior, Subject, Verdict};
use nexus_types::{Assumption, MicrodepositGuid};

use crate::journal_lines::{Said, Stand};

/// Everything that a file says.
#[derive(Debug, Default)]
pub(crate) struct State {
    keys: HashMap<Box<str>, Held>,
    /// Which keys have submissions for a microdeposit.
    submissions: HashMap<Place, Vec<Box<str>>>,
    /// Which key has a record.
    owners: HashMap<Place, Owner>,
}

/// An environment, and a guid there in lower case.
type Place = (Box<str>, Box<str>);

#[derive(Debug)]
struct Owner {
    id: Box<str>,
    user: Option<Box<str>>,
    guid: MicrodepositGuid,
}

/// What stands under one key.
#[derive(Debug)]
struct Held {
    stand: Stand,
    ends: Ends,
    /// The number of its last claim.
    claimed: u64,
}

#[derive(Debug)]
enum Ends {
    /// It was certainly not carried out.
    NotMade,
    Pending {
        attempt: u64,
        entry: Box<Entry>,
        heard: Heard,
    },
    Made(MicrodepositGuid),
    Judged(Verdict, Option<Assumption>),
}

/// What to do with a word about how something ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Word {
    /// It is news: it must be written.
    News,
    /// It is known already, or too late to count.
    Idle,
    /// Another key has this record.
    Taken,
    /// The key stands for something else.
    Different,
}

fn place(environment: &str, guid: &MicrodepositGuid) -> Place {
    (environment.into(), guid.as_str().to_ascii_lowercase().into())
}

impl Stand {
    /// Whether both can be of one user: nobody knows whose a session is that was given from outside.
    fn may_share_user(&self, user: Option<&str>) -> bool {
        self.user.as_deref().zip(user).is_none_or(|(own, other)| own == other)
    }

    fn fits(&self, other: &Stand) -> bool {
        self.subject == other.subject
            && self.environment == other.environment
            && self.may_share_user(other.user.as_deref())
    }
}

impl State {
    /// Takes the line of this number.
    pub(crate) fn apply(&mut self, number: u64, stand: Stand, said: Said) {
        let (id, known) = (stand.id.clone(), self.keys.remove(&stand.id));
        // A user that was known once stays known.
        let user = stand.user.clone().or_else(|| known.as_ref().and_then(|held| held.stand.user.clone()));
        let stand = Stand { user, ..stand };
        let claimed = match &said {
            Said::Claim { .. } => number,
            Said::Ended { .. } => known.as_ref().map_or(0, |held| held.claimed),
        };
        let before = known.map(|held| held.ends);
        let ends = match said {
            Said::Claim { entry, guid, .. } => {
                if let Some(guid) = guid {
                    let ids = self.submissions.entry(place(&stand.environment, &guid)).or_default();
                    if !ids.contains(&id) {
                        ids.push(id.clone());
                    }
                }
                Some(Ends::Pending { attempt: number, entry: Box::new(entry), heard: Heard::Nothing })
            }
            Said::Ended { ended: Ended::Made(guid), .. } => {
                let owner = Owner { id: id.clone(), user: stand.user.clone(), guid: guid.clone() };
                self.owners.entry(place(&stand.environment, &guid)).or_insert(owner);
                // Whoever has asked once is told the same for ever.
                Some(if let Some(Ends::Made(first)) = before { Ends::Made(first) } else { Ends::Made(guid) })
            }
            Said::Ended { ended: Ended::Judged(verdict, assumed), .. } => Some(Ends::Judged(verdict, assumed)),
            Said::Ended { attempt, ended } => match (before, ended) {
                (Some(Ends::Pending { attempt: own, .. }), Ended::NotMade) if own == attempt => Some(Ends::NotMade),
                (Some(Ends::Pending { attempt: own, entry, .. }), Ended::Accepted(since)) if own == attempt => {
                    Some(Ends::Pending { attempt, entry, heard: Heard::Accepted(since) })
                }
                (Some(Ends::Pending { attempt: own, entry, .. }), Ended::Contested) if own == attempt => {
                    Some(Ends::Pending { attempt, entry, heard: Heard::Contested })
                }
                (before, _) => before,
            },
        };
        if let Some(ends) = ends {
            self.keys.insert(id, Held { stand, ends, claimed });
        }
    }

    /// What is known under a key.
    pub(crate) fn prior(&self, stand: &Stand, subject: &Subject) -> Prior {
        let nothing = || Prior::Nothing { taken: self.taken(stand, subject), open: self.open(stand, subject) };
        let Some(held) = self.keys.get(&stand.id) else { return nothing() };
        if !held.stand.fits(stand) {
            return Prior::Different;
        }
        match &held.ends {
            Ends::NotMade => nothing(),
            Ends::Pending { attempt, entry, heard } => Prior::Pending {
                entry: self.amended(stand, subject, entry, *attempt),
                attempt: *attempt,
                heard: *heard,
                taken: self.taken(stand, subject),
            },
            Ends::Made(guid) => Prior::Made(guid.clone()),
            Ends::Judged(verdict, assumed) => Prior::Judged(*verdict, *assumed),
        }
    }

    /// The records that other keys have, as far as they can be in this user's lists.
    fn taken(&self, stand: &Stand, subject: &Subject) -> Vec<MicrodepositGuid> {
        if subject.guid().is_some() {
            return Vec::new();
        }
        let others = self.owners.iter().filter(|((environment, _), owner)| {
            *environment == stand.environment && owner.id != stand.id && stand.may_share_user(owner.user.as_deref())
        });
        others.map(|(_, owner)| owner.guid.clone()).collect()
    }

    /// What other keys have submitted for the same microdeposit.
    fn others(&self, stand: &Stand, subject: &Subject) -> impl Iterator<Item = &Held> {
        let ids = subject.guid().and_then(|guid| self.submissions.get(&place(&stand.environment, guid)));
        ids.into_iter().flatten().filter(|id| **id != stand.id).filter_map(|id| self.keys.get(id))
    }

    /// What was written then, and whether another key has submitted for the same microdeposit since: a denial may be that
    /// one's.
    fn amended(&self, stand: &Stand, subject: &Subject, entry: &Entry, attempt: u64) -> Entry {
        let mut entry = entry.clone();
        if let Past::Record(before) = &mut entry.past {
            let since = |held: &Held| held.claimed > attempt && !matches!(held.ends, Ends::NotMade);
            before.earlier_open |= self.others(stand, subject).any(since);
        }
        entry
    }

    /// Until when another key's submission for the same microdeposit is open.
    pub(crate) fn open(&self, stand: &Stand, subject: &Subject) -> Option<i64> {
        let until = self.others(stand, subject).filter_map(|held| match &held.ends {
            Ends::Pending { entry, .. } => Some(entry.until),
            Ends::NotMade | Ends::Made(_) | Ends::Judged(..) => None,
        });
        until.max()
    }

    /// What a word about how something ended is worth.
    pub(crate) fn weigh(&self, stand: &Stand, attempt: u64, ended: &Ended) -> Word {
        let held = self.keys.get(&stand.id);
        if held.is_some_and(|held| !held.stand.fits(stand)) {
            return Word::Different;
        }
        let ends = held.map(|held| &held.ends);
        match ended {
            Ended::Made(guid) => match self.owners.get(&place(&stand.environment, guid)) {
                Some(owner) if owner.id != stand.id => Word::Taken,
                Some(_) => Word::Idle,
                None => Word::News,
            },
            // What was heard of an attempt cannot be undone by a word from elsewhere; and one such word is enough.
            Ended::NotMade | Ended::Accepted(_) | Ended::Contested => match ends {
                Some(Ends::Pending { attempt: own, heard: Heard::Nothing, .. }) if *own == attempt => Word::News,
                _ => Word::Idle,
            },
            Ended::Judged(verdict, assumed) => match ends {
                // What was seen stands above what was assumed.
                Some(Ends::Judged(own, None)) if assumed.is_some() || own == verdict => Word::Idle,
                Some(Ends::Judged(own, Some(_))) if assumed.is_some() && own == verdict => Word::Idle,
                _ => Word::News,
            },
        }
    }
}
