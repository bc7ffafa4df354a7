//! Tests of which record a create has made.

use super::*;
use crate::account::{AccountName, AccountType};
use crate::endpoint::{Endpoint, List};
use crate::routing::RoutingNumber;
use crate::wire::Response;

fn record(fields: &str) -> Microdeposit {
    let list = List::new().parse(&Response::new(200, format!(r#"{{"micro_deposits":[{{{fields}}}]}}"#)));
    list.unwrap().remove(0)
}

fn josh() -> Person {
    Person::new("Josh", "James", "j@example.com").unwrap()
}

fn create() -> Create {
    let routing = RoutingNumber::new("091000019").unwrap();
    Create::new(josh(), routing, AccountNumber::new("0333312345").unwrap(), AccountType::Checking)
}

const WHOLE: &str =
    r#""guid":"MIC-new","account_number":"0333312345","routing_number":"091000019","account_type":1,"status":0"#;

fn find(fields: &[&str], known: &Known) -> String {
    let records = fields.iter().map(|fields| record(fields)).collect();
    match Intention::Create(create()).find(known, records) {
        Found::One(record) => format!("one {}", record.guid),
        Found::Candidates(guids) => {
            let guids: Vec<&str> = guids.iter().map(MicrodepositGuid::as_str).collect();
            format!("candidates {}", guids.join(" "))
        }
        Found::Nothing => "nothing".to_owned(),
    }
}

fn known(guid: &str, created_at: &str) -> Known {
    Known::of(&[record(&format!(r#""guid":"{guid}","created_at":"{created_at}""#))])
}

#[test]
fn what_a_list_shows() {
    let none = Known::default();
    let cases = [
        (WHOLE.to_owned(), "one MIC-new"),
        (WHOLE.replace(r#""0333312345""#, "333312345"), "one MIC-new"),
        (WHOLE.replace("0333312345", "333312346"), "nothing"),
        (WHOLE.replace("0333312345", "*****2345"), "candidates MIC-new"),
        (WHOLE.replace("0333312345", "*****2346"), "nothing"),
        (WHOLE.replace(r#""account_number":"0333312345","#, ""), "candidates MIC-new"),
        (WHOLE.replace("091000019", "091000022"), "nothing"),
        (WHOLE.replace(r#""account_type":1"#, r#""account_type":2"#), "nothing"),
        (WHOLE.replace(r#""account_type":1,"#, ""), "candidates MIC-new"),
        (format!(r#"{WHOLE},"account_name":"Another""#), "candidates MIC-new"),
        (format!(r#"{WHOLE},"first_name":" JOSH","last_name":"james""#), "one MIC-new"),
        (format!(r#"{WHOLE},"email":"k@example.com""#), "nothing"),
        (WHOLE.replace(r#""status":0"#, r#""status":9"#), "nothing"),
        (WHOLE.replace(r#""status":0"#, r#""status":8"#), "one MIC-new"),
        (WHOLE.replace(r#""status":0"#, r#""status":3"#), "candidates MIC-new"),
        (r#""guid":"MIC-bare""#.to_owned(), "candidates MIC-bare"),
    ];
    for (fields, wanted) in cases {
        assert_eq!(find(&[&fields], &none), wanted, "{fields}");
    }
    let other = WHOLE.replace("MIC-new", "MIC-b");
    assert_eq!(find(&[WHOLE, &other], &none), "candidates MIC-new MIC-b");
    assert_eq!(find(&[WHOLE, r#""guid":"MIC-bare""#], &none), "candidates MIC-new MIC-bare");
}

#[test]
fn what_was_there_before_is_not_the_one() {
    let at = |time: &str| format!(r#"{WHOLE},"created_at":"{time}""#);
    let known_new = known("MIC-new", "2026-01-05T09:00:00Z");
    assert_eq!(find(&[WHOLE], &known_new), "nothing");
    let taken = Known { taken: known_new.guids.clone(), ..Known::default() };
    assert_eq!(find(&[WHOLE], &taken), "nothing", "another key has it");
    let before = known("MIC-old", "2026-01-05T09:00:00Z");
    for (time, wanted) in [
        ("2026-01-05T09:00:00Z", "one MIC-new"),
        ("2026-01-05T10:00:00+01:00", "one MIC-new"),
        ("2026-01-05T08:59:59Z", "candidates MIC-new"),
        ("2021-09-01T18:29:06Z", "nothing"),
        ("some day", "one MIC-new"),
    ] {
        assert_eq!(find(&[&at(time)], &before), wanted, "{time}");
    }
}

#[test]
fn a_response_is_held_to_what_was_asked_for() {
    let may_be = |fields: &str, known: &Known| Intention::Create(create()).may_have_made(known, &record(fields));
    let none = Known::default();
    assert!(may_be(WHOLE, &none));
    assert!(may_be(r#""guid":"MIC-1","status":1"#, &none), "it tells nothing that is at odds");
    assert!(may_be(&format!(r#"{WHOLE},"account_name":"Checking ...2345""#), &none), "a name of the server's own");
    assert!(!may_be(WHOLE, &known("MIC-new", "2026-01-05T09:00:00Z")), "it was there before");
    for odd in [r#""status":3"#, r#""status":5"#, r#""status":6"#, r#""status":9"#] {
        assert!(!may_be(&WHOLE.replace(r#""status":0"#, odd), &none), "{odd}");
    }
    assert!(!may_be(&WHOLE.replace("0333312345", "99912345"), &none));
    assert!(!may_be(&format!(r#"{WHOLE},"last_name":"Boy""#), &none));
    let named = Intention::Create(create().with_account_name(AccountName::new("Mine").unwrap()));
    assert!(!named.may_have_made(&none, &record(&format!(r#"{WHOLE},"account_name":"Yours""#))));
}

#[test]
fn a_preinitiated_one_has_no_account_yet() {
    let intention = Intention::Preinitiate(Preinitiate::new(josh()));
    let bare = r#""guid":"MIC-p","status":9,"first_name":"Josh","last_name":"James","email":"j@example.com""#;
    let found = |fields: &str| intention.find(&Known::default(), vec![record(fields)]);
    assert!(matches!(found(bare), Found::One(_)));
    assert_eq!(found(&format!(r#"{bare},"account_number":"1""#)), Found::Nothing);
    assert!(matches!(found(r#""guid":"MIC-p","status":9"#), Found::Candidates(_)));
    assert!(intention.may_have_made(&Known::default(), &record(bare)));
    assert!(!intention.may_have_made(&Known::default(), &record(WHOLE)));
}

#[test]
fn what_only_looks_like_it_is_another_record() {
    let known = known("MIC-2026e463-BD0A", "2026-01-05T09:00:00Z");
    let may_be = |fields: &str| Intention::Create(create()).may_have_made(&known, &record(fields));
    assert!(may_be(WHOLE));
    let others = [
        format!(r#"{WHOLE},"created_at":"2019-01-01T00:00:00Z""#),
        WHOLE.replace(r#""status":0"#, r#""status":2"#),
        WHOLE.replace("091000019", "111111111"),
        WHOLE.replace("0333312345", "000333312345"),
        WHOLE.replace("MIC-new", "mic-2026E463-bd0a"),
        format!(r#"{WHOLE},"account_type":1,"account_type_name":"SAVINGS""#),
    ];
    for fields in others {
        assert!(!may_be(&fields), "{fields}");
    }
}
