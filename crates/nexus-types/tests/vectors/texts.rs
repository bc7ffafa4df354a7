//! `routing_numbers.json`, `account_numbers.json`, `guids.json` and `names.json`: texts from a caller.

use nexus_types::routing::{MX_TEST_REFUSED, checksum_ok};
use nexus_types::{
    AccountName, AccountNumber, Endpoint, InputError, MicrodepositGuid, Person, Read, Response, RoutingNumber,
};
use serde::Deserialize;

use crate::cases::load;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Routing {
    Caller { text: String, ok: bool, masked: Option<String>, why: Option<String> },
    Number { number: u64, ok: bool, text: Option<String>, why: Option<String> },
    Refusing { text: String, refused: Vec<String>, ok: bool, why: Option<String> },
    MxList { refused: Vec<String> },
}

/// Judges by an outcome whether the case holds: accepted, or refused on this field for this reason and without an echo.
fn judge<T>(id: &str, outcome: Result<T, InputError>, field: &str, words: Option<&str>, given: &str) -> Option<T> {
    match (outcome, words) {
        (Ok(value), None) => Some(value),
        (Ok(_), Some(_)) => panic!("{id}: accepted"),
        (Err(error), None) => panic!("{id}: {error}"),
        (Err(error), Some(words)) => {
            assert_eq!(error.field(), field, "{id}");
            assert!(error.to_string().contains(words), "{id}: {error}");
            let echo = given.chars().count() > 4 && format!("{error} {error:?}").contains(given.trim());
            assert!(!echo, "{id}: the value is repeated");
            None
        }
    }
}

fn routing_words(ok: bool, why: Option<&str>) -> Option<&'static str> {
    match (ok, why) {
        (true, None) => None,
        (false, Some("digits")) => Some("nine digits"),
        (false, Some("check_digit")) => Some("check digit"),
        (false, Some("list")) => Some("list of refused"),
        odd => panic!("{odd:?}"),
    }
}

#[test]
fn routing_numbers() {
    for (id, case) in load("routing_numbers") {
        match case {
            Routing::Caller { text, ok, masked, why } => {
                assert_eq!(checksum_ok(&text), ok, "{id}");
                let words = routing_words(ok, why.as_deref());
                if let Some(number) = judge(&id, RoutingNumber::new(&text), "routing_number", words, &text) {
                    assert_eq!((number.as_str(), Some(number.masked())), (text.as_str(), masked.clone()), "{id}");
                    assert_eq!(Some(format!("{number}")), masked, "{id}");
                    assert_eq!(Some(format!("{number:?}")), masked, "{id}");
                }
            }
            Routing::Number { number, ok, text, why } => {
                let words = routing_words(ok, why.as_deref());
                let read = judge(&id, RoutingNumber::from_number(number), "routing_number", words, &number.to_string());
                assert_eq!(read.map(|number| number.as_str().to_owned()), text, "{id}");
            }
            Routing::Refusing { text, refused, ok, why } => {
                let refused: Vec<&str> = refused.iter().map(String::as_str).collect();
                let words = routing_words(ok, why.as_deref());
                judge(&id, RoutingNumber::new_refusing(&text, &refused), "routing_number", words, &text);
            }
            Routing::MxList { refused } => assert_eq!(refused, MX_TEST_REFUSED, "{id}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Account {
    Caller { text: String, ok: bool, masked: Option<String>, why: Option<String> },
    Server { text: String, ok: bool, masked: String },
}

#[test]
fn account_numbers() {
    for (id, case) in load("account_numbers") {
        let (number, text, masked) = match case {
            Account::Caller { text, ok, masked, why } => {
                let words = match (ok, why.as_deref()) {
                    (true, None) => None,
                    (false, Some("length")) => Some("1 to 17 characters"),
                    (false, Some("characters")) => Some("letters, digits"),
                    odd => panic!("{id}: {odd:?}"),
                };
                match judge(&id, AccountNumber::new(text.clone()), "account_number", words, &text) {
                    Some(number) => (number, text, masked.unwrap()),
                    None => continue,
                }
            }
            Account::Server { text, ok, masked } => {
                assert!(ok, "{id}: what the server gives is never refused");
                let body = serde_json::json!({"micro_deposit": {"guid": "MIC-1", "account_number": text}});
                let read = Read::new(MicrodepositGuid::new("MIC-1").unwrap());
                let record = read.parse(&Response::new(200, body.to_string())).unwrap();
                assert!(!format!("{record:?}").contains(&text), "{id}");
                (record.account_number.unwrap(), text, masked)
            }
        };
        assert_eq!(number.expose(), text, "{id}");
        assert_eq!(number.masked(), masked, "{id}");
        assert_eq!((format!("{number}"), format!("{number:?}")), (masked.clone(), masked), "{id}");
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Guid {
    text: String,
    ok: bool,
    path_segment: Option<String>,
}

#[test]
fn guids() {
    for (id, case) in load::<Guid>("guids") {
        let words = if case.ok { None } else { Some("must") };
        let guid = judge(&id, MicrodepositGuid::new(case.text.clone()), "micro_deposit_guid", words, &case.text);
        assert_eq!(guid.as_ref().map(MicrodepositGuid::path_segment), case.path_segment, "{id}");
        if let Some(guid) = guid {
            assert_eq!(guid.as_str(), case.text, "{id}");
            let path = Read::new(guid).request().path;
            assert_eq!(path.matches('/').count(), 2, "{id}: one segment after /micro_deposits");
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Name {
    field: String,
    text: String,
    ok: bool,
    server: Option<String>,
}

#[test]
fn names() {
    for (id, Name { field, text, ok, server }) in load("names") {
        let outcome = match field.as_str() {
            "first_name" => Person::new(text.clone(), "b", "c@d.ef").map(|person| person.first_name().to_owned()),
            "last_name" => Person::new("a", text.clone(), "c@d.ef").map(|person| person.last_name().to_owned()),
            "email" => Person::new("a", "b", text.clone()).map(|person| person.email().to_owned()),
            "account_name" => AccountName::new(text.clone()).map(|name| name.expose().to_owned()),
            other => panic!("{id}: {other}"),
        };
        let words = if ok { None } else { Some("must") };
        assert_eq!(judge(&id, outcome, &field, words, &text), ok.then(|| text.clone()), "{id}");
        // MX's expressions are not public: whatever its test page says, nothing is refused here that may be good.
        assert!(server.is_none() || ok, "{id}");
    }
}
