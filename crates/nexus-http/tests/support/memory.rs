//! A journal in memory, with the behaviour that the trait requires.

use std::collections::BTreeMap;
use std::io;
use std::sync::Mutex;
use std::time::Instant;

use nexus_http::{Claimed, Journal, Scope};
use nexus_types::MicrodepositGuid;
use nexus_types::flow::{Claim, Ended, Entry, Find, Prior, PriorResponse, Settle, Subject};

#[derive(Default)]
pub(crate) struct Memory(Mutex<BTreeMap<Box<str>, Known>>);

struct Known {
    parts: Vec<String>,
    guid: Option<MicrodepositGuid>,
    attempt: u64,
    entry: Entry,
    ended: Option<Ended>,
}

fn parts(subject: &Subject) -> Vec<String> {
    subject.parts().into_iter().map(|part| part.to_string()).collect()
}

impl Memory {
    fn prior(all: &BTreeMap<Box<str>, Known>, find: &Find) -> Prior {
        let others = || all.iter().filter(|(key, _)| **key != find.key).map(|(_, known)| known);
        let made = |known: &Known| match &known.ended {
            Some(Ended::Made(guid)) => Some(guid.clone()),
            _ => None,
        };
        let taken: Vec<MicrodepositGuid> = others().filter_map(made).collect();
        let open = others().filter(|known| {
            let unsettled = matches!(known.ended, None | Some(Ended::Accepted(_) | Ended::Contested));
            unsettled && known.guid.is_some() && known.guid.as_ref() == find.subject.guid()
        });
        let open = open.map(|known| known.entry.until).max();
        let Some(known) = all.get(&find.key) else { return Prior::Nothing { taken, open } };
        if known.parts != parts(&find.subject) {
            return Prior::Different;
        }
        let pending = |response| Prior::Pending {
            entry: known.entry.clone(),
            attempt: known.attempt,
            response,
            taken: taken.clone(),
        };
        match &known.ended {
            None => pending(PriorResponse::None),
            Some(Ended::Accepted(at)) => pending(PriorResponse::Accepted(*at)),
            Some(Ended::Contested) => pending(PriorResponse::Contested),
            Some(Ended::NotMade) => Prior::Nothing { taken, open },
            Some(Ended::Made(guid)) => Prior::Made(guid.clone()),
            Some(Ended::Judged(verdict, assumed)) => Prior::Judged(*verdict, *assumed),
        }
    }
}

impl Journal for Memory {
    fn find(&self, find: &Find, _: &Scope, _: Instant) -> io::Result<Prior> {
        Ok(Memory::prior(&self.0.lock().unwrap(), find))
    }

    fn claim(&self, claim: &Claim, _: &Scope, _: Instant) -> io::Result<Claimed> {
        let mut all = self.0.lock().unwrap();
        let prior = Memory::prior(&all, &claim.find);
        let free = match &prior {
            Prior::Nothing { open, .. } => open.is_none_or(|until| until < claim.find.unix),
            Prior::Pending { attempt, response: PriorResponse::None | PriorResponse::Contested, .. } => {
                claim.instead_of == Some(*attempt)
            }
            _ => false,
        };
        if !free {
            return Ok(Claimed::Prior(prior));
        }
        let attempt = all.values().map(|known| known.attempt).max().unwrap_or(0) + 1;
        let guid = claim.find.subject.guid().cloned();
        let known = Known { parts: parts(&claim.find.subject), guid, attempt, entry: claim.entry.clone(), ended: None };
        all.insert(claim.find.key.clone(), known);
        Ok(Claimed::Attempt(attempt))
    }

    fn settle(&self, settle: &Settle, _: &Scope, _: Instant) -> io::Result<bool> {
        let mut all = self.0.lock().unwrap();
        if let Prior::Nothing { taken, .. } | Prior::Pending { taken, .. } = Memory::prior(&all, &settle.find)
            && matches!(&settle.ended, Ended::Made(guid) if taken.contains(guid))
        {
            return Ok(false);
        }
        if let Some(known) = all.get_mut(&settle.find.key).filter(|known| known.attempt == settle.attempt) {
            if known.ended == Some(Ended::Contested) && matches!(settle.ended, Ended::Made(_) | Ended::Judged(..)) {
                return Ok(false);
            }
            known.ended = Some(settle.ended.clone());
        }
        Ok(true)
    }
}
