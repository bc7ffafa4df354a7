//! Tests of the journal file: what it keeps, and what it refuses.

use std::fs::{read, write as put};

use nexus_types::decide::creation::{Intention, Known};
use nexus_types::decide::submission::Before;
use nexus_types::flow::PriorResponse;
use nexus_types::{
    AccountNumber, AccountType, Assumption, Create, DepositAmount, KnownStatus, Person, RoutingNumber,
    Verify as Amounts,
};

use super::*;

pub(super) const KEY: &[u8] = b"sixteen bytes at least";

pub(super) fn guid(text: &str) -> MicrodepositGuid {
    MicrodepositGuid::new(text).unwrap()
}

pub(super) fn create(account: &str) -> Subject {
    let person = Person::new("Josh", "James", "josh@example.com").unwrap();
    let (routing, number) = (RoutingNumber::new("091000019").unwrap(), AccountNumber::new(account).unwrap());
    Subject::Make(Box::new(Intention::Create(Create::new(person, routing, number, AccountType::Checking))))
}

pub(super) fn amounts(of: &str, first: u32) -> Subject {
    let cents = |cents| DepositAmount::from_cents(cents).unwrap();
    Subject::Verify(Box::new(Amounts::new(guid(of), cents(first), cents(87))))
}

pub(super) fn entry(subject: &Subject) -> Entry {
    let known = Known { guids: vec![guid("MIC-0")], newest: Some(5), taken: Vec::new() };
    let before = Before { status: Some(KnownStatus::Denied), updated_at: Some(-1), steady: true, earlier_open: false };
    let past = if subject.guid().is_some() { Past::Record(before) } else { Past::List(known) };
    Entry { until: 200, past }
}

pub(super) fn scope() -> Scope {
    Scope::new("https://data.example", Some(["acme".to_owned(), "user-1".to_owned()]))
}

/// A journal in a folder of its own, with short ways to ask it.
pub(super) struct Fixture {
    pub(super) folder: tempfile::TempDir,
    pub(super) journal: FileJournal,
}

impl Fixture {
    pub(super) fn new() -> Fixture {
        let folder = tempfile::tempdir().unwrap();
        let journal = FileJournal::open(folder.path().join("journal"), KEY).unwrap();
        Fixture { folder, journal }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join("journal")
    }
}

pub(super) fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

pub(super) fn find(journal: &FileJournal, key: &str, subject: &Subject) -> Prior {
    journal.find(&Find::new(key, subject.clone(), 100), &scope(), soon()).unwrap()
}

pub(super) fn claim(journal: &FileJournal, key: &str, subject: &Subject, instead_of: Option<u64>) -> Claimed {
    let find = Find::new(key, subject.clone(), 100);
    journal.claim(&Claim::new(find, entry(subject), instead_of), &scope(), soon()).unwrap()
}

pub(super) fn attempt(journal: &FileJournal, key: &str, subject: &Subject) -> u64 {
    match claim(journal, key, subject, None) {
        Claimed::Attempt(attempt) => attempt,
        Claimed::Prior(prior) => panic!("{prior:?}"),
    }
}

pub(super) fn settle(journal: &FileJournal, key: &str, subject: &Subject, attempt: u64, ended: Ended) -> bool {
    journal.settle(&Settle::new(Find::new(key, subject.clone(), 100), attempt, ended), &scope(), soon()).unwrap()
}

pub(super) fn pending(subject: &Subject, attempt: u64, response: PriorResponse) -> Prior {
    Prior::Pending { entry: entry(subject), attempt, response, taken: Vec::new() }
}

pub(super) const NOTHING: Prior = Prior::Nothing { taken: Vec::new(), open: None };

#[test]
fn journal_survives_restarts_and_holds_no_secret() {
    let fixture = Fixture::new();
    let (first, second) = (&fixture.journal, FileJournal::open(fixture.path(), KEY).unwrap());
    let (make, submit) = (create("333312345"), amounts("MIC-1", 56));
    let (one, two) = (attempt(first, "one", &make), attempt(&second, "two", &submit));
    assert_ne!(one, two);
    assert_eq!(
        find(&second, "one", &make),
        pending(&make, one, PriorResponse::None),
        "another process sees it, word for word"
    );
    assert_eq!(find(first, "two", &submit), pending(&submit, two, PriorResponse::None));
    assert!(settle(first, "two", &submit, two, Ended::Accepted(104)));
    assert_eq!(find(&second, "two", &submit), pending(&submit, two, PriorResponse::Accepted(104)));
    let assumed = Some(Assumption::JudgedWithin);
    assert!(settle(first, "two", &submit, two, Ended::Judged(Verdict::Denied, assumed)));
    assert!(settle(first, "one", &make, one, Ended::Made(guid("MIC-1"))));
    let third = FileJournal::open(fixture.path(), KEY).unwrap();
    assert_eq!(find(&third, "one", &make), Prior::Made(guid("MIC-1")));
    assert_eq!(find(&third, "two", &submit), Prior::Judged(Verdict::Denied, assumed));
    let text = String::from_utf8(read(fixture.path()).unwrap()).unwrap();
    for secret in
        ["333312345", "091000019", "Josh", "josh@", "0.56", "56,", "0.87", "acme", "user-1", "one\"", "bytes at"]
    {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains("*****2345"));
    assert!(text.lines().all(|line| line.len() < 450), "as the documentation says: {text}");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&fixture.path().metadata().unwrap().permissions()) & 0o777,
        0o600
    );
}

fn opened(fixture: &Fixture) -> Option<(io::ErrorKind, String)> {
    FileJournal::open(fixture.path(), KEY).err().map(|error| (error.kind(), error.to_string()))
}

#[test]
fn journal_stops_at_any_damaged_line() {
    let fixture = Fixture::new();
    let make = create("333312345");
    let one = attempt(&fixture.journal, "one", &make);
    settle(&fixture.journal, "one", &make, one, Ended::Made(guid("MIC-1")));
    attempt(&fixture.journal, "two", &amounts("MIC-1", 56));
    let whole = read(fixture.path()).unwrap();
    for at in 0..whole.len() {
        for byte in [whole[at] ^ 1, whole[at] ^ 0x20, b'\n', 0] {
            let mut text = whole.clone();
            text[at] = byte;
            put(fixture.path(), &text).unwrap();
            let kind = opened(&fixture).map(|(kind, _)| kind);
            let wanted = (byte != whole[at]).then_some(io::ErrorKind::InvalidData);
            assert_eq!(kind, wanted, "byte {at} made {byte}");
        }
    }
    let lines: Vec<&[u8]> = whole.split_inclusive(|byte| *byte == b'\n').collect();
    for order in
        [vec![1, 2, 3], vec![0, 2, 3], vec![0, 1, 3], vec![0, 2, 1, 3], vec![0, 1, 1, 2, 3], vec![0, 1, 2, 3, 3]]
    {
        put(fixture.path(), order.iter().flat_map(|line| lines[*line]).copied().collect::<Vec<u8>>()).unwrap();
        assert_eq!(opened(&fixture).map(|(kind, _)| kind), Some(io::ErrorKind::InvalidData), "{order:?}");
    }
    let mut holes = whole.clone();
    holes.extend([0; 64]);
    put(fixture.path(), &holes).unwrap();
    assert_eq!(opened(&fixture).unwrap().1, "line 5 of the journal is damaged", "no writing that was cut leaves this");
    assert!(
        fixture.journal.find(&Find::new("one", make, 100), &scope(), soon()).is_err(),
        "nor for those who have it open"
    );
}

#[test]
fn journal_ignores_a_torn_last_line() {
    let fixture = Fixture::new();
    let (make, submit) = (create("333312345"), amounts("MIC-1", 56));
    attempt(&fixture.journal, "one", &make);
    let before = read(fixture.path()).unwrap().len();
    attempt(&fixture.journal, "two", &submit);
    let whole = read(fixture.path()).unwrap();
    for length in 0..=whole.len() {
        put(fixture.path(), &whole[..length]).unwrap();
        let (here, there) =
            (FileJournal::open(fixture.path(), KEY).unwrap(), FileJournal::open(fixture.path(), KEY).unwrap());
        if length >= before {
            // All but its end counts: it may have been written, and then it may have been sent.
            let wanted = if length + 1 >= whole.len() { pending(&submit, 2, PriorResponse::None) } else { NOTHING };
            assert_eq!(find(&here, "two", &submit), wanted, "cut after {length}");
            assert_eq!(find(&there, "one", &make), pending(&make, 1, PriorResponse::None), "cut after {length}");
        }
        let three = attempt(&here, "three", &make);
        assert!(settle(&there, "three", &make, three, Ended::Made(guid("MIC-3"))), "cut after {length}");
        let again = FileJournal::open(fixture.path(), KEY).unwrap();
        for journal in [&here, &there, &again] {
            assert_eq!(find(journal, "three", &make), Prior::Made(guid("MIC-3")), "cut after {length}");
        }
    }
}

#[test]
fn journal_refuses_wrong_key_version_or_file() {
    let fixture = Fixture::new();
    let refused = |text: &[u8], key: &[u8]| {
        put(fixture.folder.path().join("other"), text).unwrap();
        let error = FileJournal::open(fixture.folder.path().join("other"), key).unwrap_err();
        assert_eq!(read(fixture.folder.path().join("other")).unwrap(), text);
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        error.to_string()
    };
    let own = read(fixture.path()).unwrap();
    assert!(refused(&own, b"another key of sixteen").contains("another key"));
    for other in ["not a journal\n", "not a journal", "{\"a\":1}\n", "{\"journal\":\"nexus\",\"n\":1", "\n"] {
        assert_eq!(refused(other.as_bytes(), KEY), "this file is no journal");
    }
    assert!(refused(b"{\"check\":\"x\",\"v\":1}\n", KEY).contains("older version"));
    assert!(refused(b"{\"check\":\"x\",\"v\":3}\n", KEY).contains("newer version"));
    // A line that only a newer version can have written: its seal is right.
    let mut book = Book::open(&fixture.path(), false).unwrap();
    book.catch_up(KEY, &fixture.path()).unwrap();
    assert!(book.append(KEY, serde_json::json!({"event": "later"})).unwrap_err().to_string().contains("newer version"));
    assert_eq!(opened(&fixture).unwrap().1, "line 2 of the journal was written by a newer version");
    assert!(FileJournal::open(fixture.folder.path().join("short"), b"short").is_err());
}

#[path = "journal_state_tests.rs"]
mod rules;
#[path = "journal_sharing_tests.rs"]
mod sharing;
