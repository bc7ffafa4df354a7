//! A journal that is full, damaged or slow: nothing is sent, and the call ends in time.

use std::io;
use std::time::{Duration, Instant};

use nexus_http::{Claimed, FileJournal, Journal, Scope};
use nexus_types::ErrorKind;
use nexus_types::flow::{Claim, Find, Prior, Settle};

use crate::KEY;
use crate::keys::Fixture;
use crate::support::{CALL, create_of};

/// A journal that cannot be written stops everything before it begins.
pub(crate) struct Full;

impl Journal for Full {
    fn find(&self, _: &Find, _: &Scope, _: Instant) -> io::Result<Prior> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn claim(&self, _: &Claim, _: &Scope, _: Instant) -> io::Result<Claimed> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn settle(&self, _: &Settle, _: &Scope, _: Instant) -> io::Result<bool> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn without_a_journal_nothing_is_sent() {
    let fixture = Fixture::new();
    let create = create_of("333312345");
    let error = fixture.client.create_once("one", &create, &Full).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::JournalUnusable);
    // A damaged one is none either.
    fixture.client.create_once("one", &create, &fixture.journal).unwrap();
    let path = fixture.folder.path().join("journal");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"made\"", "\"mede\"")).unwrap();
    assert_eq!(FileJournal::open(&path, KEY).unwrap_err().kind(), io::ErrorKind::InvalidData);
    std::fs::write(&path, format!("{text}{{}}\n")).unwrap();
    for key in ["one", "two"] {
        let error = fixture.client.create_once(key, &create, &fixture.journal).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::JournalUnusable);
    }
    assert_eq!(fixture.created(), 1);
}

/// A journal that takes its time: a little to look, and all it is given to write.
struct Slow<'a>(&'a FileJournal);

impl Journal for Slow<'_> {
    fn find(&self, find: &Find, scope: &Scope, deadline: Instant) -> io::Result<Prior> {
        std::thread::sleep(Duration::from_millis(600));
        self.0.find(find, scope, deadline)
    }

    fn claim(&self, _: &Claim, _: &Scope, deadline: Instant) -> io::Result<Claimed> {
        std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
        Err(io::ErrorKind::TimedOut.into())
    }

    fn settle(&self, settle: &Settle, scope: &Scope, deadline: Instant) -> io::Result<bool> {
        self.0.settle(settle, scope, deadline)
    }
}

#[test]
fn a_journal_that_keeps_a_call_waiting_does_not_outlast_its_limit() {
    let fixture = Fixture::new();
    let began = Instant::now();
    let error = fixture.client.create_once("one", &create_of("333312345"), &Slow(&fixture.journal)).unwrap_err();
    assert_eq!((error.kind(), error.outcome_unknown()), (ErrorKind::JournalUnusable, false));
    assert!(began.elapsed() < CALL + Duration::from_millis(300), "{:?}", began.elapsed());
    assert_eq!(fixture.created(), 0);
}
