//! Tests of a shared journal file: other processes, forked children, and a file that was moved or replaced.

use std::fs::{File, read, write as put};
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

#[test]
fn journal_lock_wait_ends_at_the_deadline() {
    let fixture = Fixture::new();
    let other = File::options().append(true).open(fixture.path()).unwrap();
    other.lock().unwrap();
    let late = Instant::now() + Duration::from_millis(20);
    let asked = Find::new("one", create("333312345"), 100);
    assert_eq!(fixture.journal.find(&asked, &scope(), late).unwrap_err().kind(), io::ErrorKind::TimedOut);
    other.unlock().unwrap();
    assert_eq!(fixture.journal.find(&asked, &scope(), late).unwrap(), NOTHING);
}

#[test]
fn journal_reopens_its_file_after_fork() {
    static PROCESS: AtomicU32 = AtomicU32::new(1);
    let fixture = Fixture::new();
    let make = create("333312345");
    let journal = FileJournal::open_as(&fixture.path(), KEY, || PROCESS.load(Ordering::Relaxed)).unwrap();
    attempt(&journal, "one", &make);
    // A thread of the parent is at work in the file at this moment: it holds everything that the child inherits.
    let parents = journal.book(soon()).unwrap();
    let inside = parents.lock().unwrap();
    inside.try_lock().unwrap().unwrap();
    PROCESS.store(2, Ordering::Relaxed);
    let late = Instant::now() + Duration::from_millis(20);
    let asked = Find::new("one", make.clone(), 100);
    assert_eq!(journal.find(&asked, &scope(), late).unwrap_err().kind(), io::ErrorKind::TimedOut, "kept apart");
    inside.unlock().unwrap();
    assert_eq!(
        find(&journal, "one", &make),
        pending(&make, 1, PriorResponse::None),
        "and the parent's thread is not waited for"
    );
    assert_eq!(attempt(&journal, "two", &make), 2);
    assert_eq!(find(&fixture.journal, "two", &make), pending(&make, 2, PriorResponse::None));
}

#[cfg(unix)]
#[test]
fn journal_notices_a_file_moved_replaced_or_cut_in_use() {
    let fixture = Fixture::new();
    attempt(&fixture.journal, "one", &create("333312345"));
    let message = || {
        let asked = Find::new("one", create("333312345"), 100);
        fixture.journal.find(&asked, &scope(), soon()).unwrap_err().to_string()
    };
    let whole = read(fixture.path()).unwrap();
    put(fixture.path(), &whole[..whole.len() - 1]).unwrap();
    assert!(message().contains("cut short"));
    put(fixture.path(), &whole).unwrap();
    std::fs::rename(fixture.path(), fixture.folder.path().join("old")).unwrap();
    assert!(message().contains("moved"));
    drop(FileJournal::open(fixture.path(), KEY).unwrap());
    assert!(message().contains("replaced"));
}
