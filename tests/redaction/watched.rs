//! A journal that records the `Debug` output of everything that passes through it.

use super::*;

/// An act in a world's books.
pub(crate) fn acts() -> Act {
    let mut options = Options::default();
    options.record_acts = true;
    let sandbox = Sandbox::start(options).unwrap();
    support::by_token(&sandbox, sandbox.url()).create(&create()).unwrap();
    sandbox.with_world(|world| world.acts()[0].clone())
}

/// Writes down how everything prints that goes between a flow and a journal.
pub(crate) struct Watched {
    pub(crate) journal: FileJournal,
    pub(crate) seen: Mutex<BTreeMap<&'static str, String>>,
}

impl Watched {
    fn note(&self, name: &'static str, value: &dyn Debug) {
        self.seen.lock().unwrap().entry(name).or_default().push_str(&format!("{value:?} {value:#?}\n"));
    }

    fn note_find(&self, find: &Find, scope: &Scope) {
        self.note("Find", find);
        self.note("Subject", &find.subject);
        self.note("Scope", scope);
    }
}

impl Journal for Watched {
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> std::io::Result<Prior> {
        self.note_find(find, scope);
        self.note("JournalStep", &flow::JournalStep::Find(find.clone()));
        let prior = self.journal.find(find, scope, deadline);
        self.note("Prior", &prior);
        prior
    }

    fn claim(&self, claim: &Claim, scope: &Scope, deadline: Instant) -> std::io::Result<Claimed> {
        self.note("Claim", claim);
        self.note("Entry", &claim.entry);
        self.note("Past", &claim.entry.past);
        let claimed = self.journal.claim(claim, scope, deadline);
        self.note("Claimed", &claimed);
        claimed
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> std::io::Result<bool> {
        self.note("Settle", settle);
        self.note("Ended", &settle.ended);
        self.journal.settle(settle, scope, deadline)
    }
}
