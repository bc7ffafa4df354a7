//! A journal in memory, as `nexus_types::flow` and `nexus_http::Journal` define it. A written step is durable: it stays when a
//! process is killed.

use std::collections::BTreeMap;

use nexus_types::flow::{Claim, Ended, Entry, Event, Find, JournalStep, Past, Prior, PriorResponse, Settle, Verdict};
use nexus_types::{Assumption, MicrodepositGuid};

#[derive(Default)]
pub struct Journal {
    keys: BTreeMap<Box<str>, Kept>,
    attempts: u64,
}

struct Kept {
    /// What the key stands for. A journal that outlives its process keeps a keyed hash.
    parts: String,
    guid: Option<MicrodepositGuid>,
    state: State,
    /// The number of its last claim.
    claimed: u64,
}

enum State {
    Free,
    Pending { entry: Entry, attempt: u64, response: PriorResponse },
    Made(MicrodepositGuid),
    Judged(Verdict, Option<Assumption>),
}

impl Journal {
    /// Carries out one step, whole or not at all.
    pub fn respond(&mut self, step: &JournalStep) -> Event {
        match step {
            JournalStep::Find(find) => Event::Found(self.find(find)),
            JournalStep::Claim(claim) => self.claim(claim),
            JournalStep::Settle(settle) => self.settle(settle),
        }
    }

    fn find(&self, find: &Find) -> Prior {
        let others = || self.keys.iter().filter(|(key, _)| **key != find.key).map(|(_, kept)| kept);
        let taken: Vec<MicrodepositGuid> = others()
            .filter_map(|kept| if let State::Made(guid) = &kept.state { Some(guid.clone()) } else { None })
            .collect();
        let guid = find.subject.guid();
        let open = others()
            .filter(|kept| guid.is_some() && kept.guid.as_ref() == guid)
            .filter_map(|kept| if let State::Pending { entry, .. } = &kept.state { Some(entry.until) } else { None })
            .max();
        let Some(kept) = self.keys.get(&find.key) else { return Prior::Nothing { taken, open } };
        if kept.parts != parts(find) {
            return Prior::Different;
        }
        match &kept.state {
            State::Free => Prior::Nothing { taken, open },
            State::Pending { entry, attempt, response } => {
                let since = |kept: &Kept| kept.claimed > *attempt && !matches!(kept.state, State::Free);
                let mut entry = entry.clone();
                if let Past::Record(before) = &mut entry.past {
                    before.earlier_open |= others().any(|kept| kept.guid.as_ref() == guid && since(kept));
                }
                Prior::Pending { entry, attempt: *attempt, response: *response, taken }
            }
            State::Made(guid) => Prior::Made(guid.clone()),
            State::Judged(verdict, assumed) => Prior::Judged(*verdict, *assumed),
        }
    }

    fn claim(&mut self, claim: &Claim) -> Event {
        let find = &claim.find;
        let prior = self.find(find);
        let free = match &prior {
            Prior::Nothing { open, .. } => !open.is_some_and(|until| until >= find.unix),
            Prior::Pending { attempt, .. } => claim.instead_of == Some(*attempt),
            _ => false,
        };
        if !free {
            return Event::Found(prior);
        }
        self.attempts += 1;
        let state =
            State::Pending { entry: claim.entry.clone(), attempt: self.attempts, response: PriorResponse::None };
        let (parts, guid) = (parts(find), find.subject.guid().cloned());
        self.keys.insert(find.key.clone(), Kept { parts, guid, state, claimed: self.attempts });
        Event::Claimed { attempt: self.attempts }
    }

    fn settle(&mut self, settle: &Settle) -> Event {
        if let Ended::Made(made) = &settle.ended {
            let others = self.keys.iter().filter(|(key, _)| **key != settle.find.key);
            if others.map(|(_, kept)| &kept.state).any(|state| matches!(state, State::Made(guid) if guid == made)) {
                return Event::Taken;
            }
        }
        let Some(kept) = self.keys.get_mut(&settle.find.key) else { return Event::JournalFailed };
        let own = matches!(&kept.state, State::Pending { attempt, .. } if *attempt == settle.attempt);
        let contested = matches!(&kept.state, State::Pending { response: PriorResponse::Contested, .. } if own);
        match (&settle.ended, &mut kept.state) {
            (Ended::Made(_) | Ended::Judged(..), _) if contested => return Event::Taken,
            (Ended::Made(guid), state) => *state = State::Made(guid.clone()),
            (Ended::Judged(verdict, assumed), state) => *state = State::Judged(*verdict, *assumed),
            (Ended::NotMade, state) if own => *state = State::Free,
            (Ended::Accepted(at), State::Pending { response, .. }) if own => *response = PriorResponse::Accepted(*at),
            (Ended::Contested, State::Pending { response, .. }) if own => *response = PriorResponse::Contested,
            _ => {}
        }
        Event::Settled
    }
}

fn parts(find: &Find) -> String {
    find.subject.parts().iter().flat_map(|part| [part.as_str(), "\0"]).collect()
}
