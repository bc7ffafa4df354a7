//! Tests of the journal's rules: what a key is bound to, which key has a record, and which outcomes count.

use super::*;

fn find_in(journal: &FileJournal, key: &str, subject: &Subject, scope: &Scope) -> Prior {
    journal.find(&Find::new(key, subject.clone(), 100), scope, soon()).unwrap()
}

#[test]
fn journal_key_is_bound_to_subject_environment_and_user() {
    let fixture = Fixture::new();
    let (journal, make) = (&fixture.journal, create("333312345"));
    let one = attempt(journal, "one", &make);
    assert_eq!(find(journal, "one", &create("333312346")), Prior::Different);
    assert_eq!(find(journal, "one", &amounts("MIC-1", 1)), Prior::Different);
    let place = |environment: &str, user: Option<&str>| {
        Scope::new(environment, user.map(|user| ["acme".to_owned(), user.to_owned()]))
    };
    let own = "https://data.example";
    for (scope, same) in [
        (place(own, Some("user-1")), true),
        (place(own, None), true),
        (place(own, Some("user-2")), false),
        (Scope::new(own, Some(["acm".to_owned(), "euser-1".to_owned()])), false),
        (place("https://int.example", Some("user-1")), false),
        (place("https://int.example", None), false),
    ] {
        let wanted = if same { pending(&make, one, PriorResponse::None) } else { Prior::Different };
        assert_eq!(find_in(journal, "one", &make, &scope), wanted, "{scope:?}");
        let settled =
            journal.settle(&Settle::new(Find::new("one", make.clone(), 1), 9, Ended::NotMade), &scope, soon());
        assert_eq!(settled.is_ok(), same);
    }
    // A user who was not known at first is learnt.
    let (nobody, somebody) = (place(own, None), place(own, Some("user-1")));
    let claimed = |scope: &Scope, instead_of| {
        let claim = Claim::new(Find::new("two", make.clone(), 100), entry(&make), instead_of);
        match journal.claim(&claim, scope, soon()).unwrap() {
            Claimed::Attempt(attempt) => Some(attempt),
            Claimed::Prior(_) => None,
        }
    };
    let first = claimed(&nobody, None);
    let second = claimed(&somebody, first);
    let third = claimed(&nobody, second);
    assert!(third.is_some() && find_in(journal, "two", &make, &place(own, Some("user-2"))) == Prior::Different);
    // After a refusal too, the key stands for the same.
    settle(journal, "two", &make, third.unwrap(), Ended::NotMade);
    assert_eq!(find(journal, "two", &make), NOTHING);
    assert_eq!(find(journal, "two", &create("333312346")), Prior::Different);
}

#[test]
fn journal_ignores_late_not_made_of_a_replaced_attempt() {
    let fixture = Fixture::new();
    let (journal, make) = (&fixture.journal, create("333312345"));
    let old = attempt(journal, "one", &make);
    assert_eq!(
        claim(journal, "one", &make, None),
        Claimed::Prior(pending(&make, old, PriorResponse::None)),
        "somebody was first"
    );
    let Claimed::Attempt(new) = claim(journal, "one", &make, Some(old)) else { panic!("in its place") };
    assert_ne!(old, new);
    assert_eq!(
        claim(journal, "one", &make, Some(old)),
        Claimed::Prior(pending(&make, new, PriorResponse::None)),
        "too late"
    );
    let length = || fixture.path().metadata().unwrap().len();
    let before = length();
    assert!(
        settle(journal, "one", &make, old, Ended::NotMade) && settle(journal, "one", &make, old, Ended::Accepted(1))
    );
    assert_eq!(
        (find(journal, "one", &make), length()),
        (pending(&make, new, PriorResponse::None), before),
        "a late outcome"
    );
    settle(journal, "one", &make, new, Ended::NotMade);
    assert_eq!(find(journal, "one", &make), NOTHING);
    let made = Ended::Made(guid("MIC-1"));
    settle(journal, "one", &make, old, made.clone());
    assert_eq!(find(journal, "one", &make), Prior::Made(guid("MIC-1")), "what exists, exists");
    let before = length();
    assert!(settle(journal, "one", &make, new, made) && settle(journal, "one", &make, new, Ended::NotMade));
    assert_eq!(length(), before, "nothing new");
    settle(journal, "one", &make, new, Ended::Made(guid("MIC-2")));
    assert_eq!(find(journal, "one", &make), Prior::Made(guid("MIC-1")), "the same for ever");
    let taken = vec![guid("MIC-1"), guid("MIC-2")];
    let Prior::Nothing { taken: mut others, .. } = find(journal, "two", &make) else { panic!("unknown") };
    others.sort();
    assert_eq!(others, taken, "but both are this key's");
}

#[test]
fn journal_refuses_made_with_a_record_of_another_key() {
    let fixture = Fixture::new();
    let (journal, make) = (&fixture.journal, create("333312345"));
    let (one, two) = (attempt(journal, "one", &make), attempt(journal, "two", &make));
    assert!(settle(journal, "one", &make, one, Ended::Made(guid("MIC-a"))));
    assert!(
        !settle(journal, "two", &make, two, Ended::Made(guid("mic-A"))),
        "it is the other's, however it is written"
    );
    let taken = vec![guid("MIC-a")];
    assert_eq!(find(journal, "three", &make), Prior::Nothing { taken: taken.clone(), open: None });
    assert!(matches!(find(journal, "two", &make), Prior::Pending { taken: listed, .. } if listed == taken));
    assert_eq!(find(journal, "four", &amounts("MIC-a", 1)), NOTHING, "submissions have nothing to do with it");
    let elsewhere = Scope::new("https://int.example", None);
    assert_eq!(find_in(journal, "five", &make, &elsewhere), NOTHING);
    // Another user's records are in nobody else's lists, but they are not to be had either.
    let other = Scope::new("https://data.example", Some(["acme".to_owned(), "user-2".to_owned()]));
    assert_eq!(find_in(journal, "six", &make, &other), NOTHING);
    let six = Settle::new(Find::new("six", make, 100), 0, Ended::Made(guid("MIC-a")));
    assert!(!journal.settle(&six, &other, soon()).unwrap());
}

#[test]
fn journal_admits_one_open_submission_per_microdeposit() {
    let fixture = Fixture::new();
    let journal = &fixture.journal;
    let (one, two) = (amounts("MIC-a", 1), amounts("mic-A", 2));
    let first = attempt(journal, "one", &one);
    let open = Prior::Nothing { taken: Vec::new(), open: Some(200) };
    assert_eq!(find(journal, "two", &two), open, "a guid is the same however it is written");
    assert_eq!(claim(journal, "two", &two, None), Claimed::Prior(open.clone()));
    let at = |unix| Claim::new(Find::new("two", two.clone(), unix), entry(&two), None);
    assert_eq!(journal.claim(&at(200), &scope(), soon()).unwrap(), Claimed::Prior(open.clone()), "to its last second");
    settle(journal, "one", &one, first, Ended::Accepted(120));
    assert_eq!(find(journal, "two", &two), open, "taken is not judged");
    settle(journal, "one", &one, first, Ended::NotMade);
    assert_eq!(find(journal, "two", &two), open, "nor undone");
    assert_eq!(find(journal, "other", &amounts("MIC-b", 1)), NOTHING);
    let elsewhere = Scope::new("https://int.example", None);
    assert_eq!(find_in(journal, "five", &two, &elsewhere), NOTHING);
    assert!(matches!(journal.claim(&at(201), &scope(), soon()).unwrap(), Claimed::Attempt(_)));
    settle(journal, "one", &one, first, Ended::Judged(Verdict::Denied, None));
    let three = amounts("MIC-a", 3);
    assert_eq!(find(journal, "three", &three), open, "the second is open");
    let Prior::Pending { attempt, .. } = find(journal, "two", &two) else { panic!("pending") };
    settle(journal, "two", &two, attempt, Ended::NotMade);
    assert_eq!(find(journal, "three", &three), NOTHING);
}

#[test]
fn journal_refuses_what_a_look_found_for_a_contested_attempt() {
    let fixture = Fixture::new();
    let (journal, submit, make) = (&fixture.journal, amounts("MIC-a", 1), create("333312345"));
    let (one, two) = (attempt(journal, "one", &submit), attempt(journal, "two", &make));
    assert!(settle(journal, "one", &submit, one, Ended::Contested));
    assert!(settle(journal, "two", &make, two, Ended::Contested));
    assert!(!settle(journal, "one", &submit, one, Ended::Judged(Verdict::Denied, None)), "it may be another's");
    assert!(!settle(journal, "two", &make, two, Ended::Made(guid("MIC-b"))), "it may be another's");
    assert_eq!(find(journal, "one", &submit), pending(&submit, one, PriorResponse::Contested));
    assert_eq!(find(journal, "two", &make), pending(&make, two, PriorResponse::Contested));
    // A request that takes its place has a response of its own.
    let Claimed::Attempt(three) = claim(journal, "two", &make, Some(two)) else { panic!("claimed") };
    assert!(settle(journal, "two", &make, three, Ended::Made(guid("MIC-b"))));
    assert_eq!(find(journal, "two", &make), Prior::Made(guid("MIC-b")));
}

#[test]
fn journal_seen_verdict_replaces_assumed_verdict() {
    let fixture = Fixture::new();
    let (journal, one) = (&fixture.journal, amounts("MIC-a", 1));
    let first = attempt(journal, "one", &one);
    let assumed = Some(Assumption::JudgedWithin);
    for (verdict, by, wanted) in [
        (Verdict::Denied, assumed, (Verdict::Denied, assumed)),
        (Verdict::Verified, None, (Verdict::Verified, None)),
        (Verdict::Denied, assumed, (Verdict::Verified, None)),
    ] {
        settle(journal, "one", &one, first, Ended::Judged(verdict, by));
        assert_eq!(find(journal, "one", &one), Prior::Judged(wanted.0, wanted.1));
    }
    let pending = Settle::new(Find::new("one", one, 1), first, Ended::Judged(Verdict::Pending, None));
    assert_eq!(journal.settle(&pending, &scope(), soon()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
}

#[test]
fn journal_concurrent_claims_of_one_key_make_one_attempt() {
    let fixture = Fixture::new();
    let (path, make) = (fixture.path(), create("333312345"));
    let won: Vec<u64> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let own = FileJournal::open(&path, KEY).unwrap();
                    let claims = (0..10).map(|key| claim(&own, &key.to_string(), &make, None));
                    claims.filter_map(|one| if let Claimed::Attempt(one) = one { Some(one) } else { None }).collect()
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| -> Vec<u64> { thread.join().unwrap() }).collect()
    });
    let distinct: std::collections::BTreeSet<u64> = won.iter().copied().collect();
    assert_eq!((won.len(), distinct.len()), (10, 10));
}

#[test]
fn journal_refuses_claim_whose_entry_does_not_fit() {
    let fixture = Fixture::new();
    let (make, submit) = (create("333312345"), amounts("MIC-a", 1));
    let before = fixture.path().metadata().unwrap().len();
    for (subject, entry) in [(&make, entry(&submit)), (&submit, entry(&make))] {
        let claim = Claim::new(Find::new("one", subject.clone(), 100), entry, None);
        assert_eq!(fixture.journal.claim(&claim, &scope(), soon()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }
    assert_eq!(fixture.path().metadata().unwrap().len(), before);
}
