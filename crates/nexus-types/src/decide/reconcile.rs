//! After a request whose outcome is unknown: what a look at the server's state tells.
//!
//! A verify or a create that got no usable answer may have been carried out. Reading and listing are safe, so the client
//! looks, and these functions judge what it sees. They assume that nobody else works on the same microdeposit (or creates
//! the same one) at the same moment: two callers who answer at once cannot be told apart from outside.

use crate::account::AccountNumber;
use crate::endpoint::{Create, Preinitiate};
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::person::Person;
use crate::secret::Private;
use crate::status::Stage;
use crate::timestamp::Timestamp;

/// What a read after an unanswered verify tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answered {
    /// The answer was counted: the record shows its outcome.
    Yes,
    /// Nothing shows that it was counted; it may still be (verification is asynchronous), so this is not a no.
    Unclear,
}

/// Compares the record seen before the answer was sent with one read after it.
///
/// Whatever else changes the record's time while it is DENIED would be taken for an answer; nothing is known that does.
///
/// VERIFIED and PREVENTED are outcomes by themselves. DENIED is one if the status was DEPOSITED before, or if it was
/// DENIED and the record has changed since. All else leaves it unclear.
pub fn answered(before: Option<&Microdeposit>, after: &Microdeposit) -> Answered {
    let was = before.and_then(|record| record.status.stage());
    let counted = match after.status.stage() {
        Some(Stage::Verified | Stage::Prevented) => true,
        Some(Stage::Denied) => match was {
            Some(Stage::Deposited) => true,
            Some(Stage::Denied) => before.is_some_and(|before| changed(before, after)),
            _ => false,
        },
        _ => false,
    };
    if counted { Answered::Yes } else { Answered::Unclear }
}

/// Whether both carry a time of change, and the later one is later: as instants, for the same time can be written in more
/// than one way.
fn changed(before: &Microdeposit, after: &Microdeposit) -> bool {
    let at = |record: &Microdeposit| record.updated_at.as_ref().and_then(Timestamp::unix_millis);
    matches!((at(before), at(after)), (Some(before), Some(after)) if after > before)
}

/// What a list after an unanswered create tells.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Exactly one new record fits: it is the one.
    One(Box<Microdeposit>),
    /// None fits; the request may still be on its way, so this is not a no.
    Nothing,
    /// More than one fits, and nobody can say which this call made.
    Several(Vec<MicrodepositGuid>),
}

/// Looks for the record that an unanswered [`Create`] can have made: not in the list from before, same routing and account
/// number, same person (where the record says).
pub fn created(create: &Create, before: &[MicrodepositGuid], after: Vec<Microdeposit>) -> Found {
    sift(before, after, |record| {
        let account = record.account_number.as_ref().map(|number| number.expose());
        let routing = record.routing_number.as_ref().map(|number| number.as_str());
        account.is_some_and(|account| same_digits(account, create.account_number().expose()))
            && routing == Some(create.routing_number().as_str())
            && same_person(record, create.person())
    })
}

/// As [`created`], for an unanswered [`Preinitiate`]: not in the list from before, same person, no account yet.
pub fn preinitiated(preinitiate: &Preinitiate, before: &[MicrodepositGuid], after: Vec<Microdeposit>) -> Found {
    sift(before, after, |record| {
        record.account_number.is_none() && record.email.is_some() && same_person(record, preinitiate.person())
    })
}

/// Whether a record that was not there before could have been made by this create, for all that is known: it has the same
/// routing number and the same last four digits, or does not tell them. Sent again while there is one, a create could double.
pub fn could_be(create: &Create, before: &[MicrodepositGuid], record: &Microdeposit) -> bool {
    let last_four = |number: &AccountNumber| {
        let digits: Vec<char> = number.expose().chars().filter(char::is_ascii_alphanumeric).rev().take(4).collect();
        digits
    };
    let account =
        record.account_number.as_ref().is_none_or(|number| last_four(number) == last_four(create.account_number()));
    let routing =
        record.routing_number.as_ref().is_none_or(|routing| routing == create.routing_number() || !routing.is_valid());
    !before.contains(&record.guid) && account && routing && record.status != Stage::Preinitiated
}

fn sift(before: &[MicrodepositGuid], after: Vec<Microdeposit>, fits: impl Fn(&Microdeposit) -> bool) -> Found {
    let mut fitting: Vec<Microdeposit> =
        after.into_iter().filter(|record| !before.contains(&record.guid) && fits(record)).collect();
    match (fitting.pop(), fitting.is_empty()) {
        (None, _) => Found::Nothing,
        (Some(record), true) => Found::One(Box::new(record)),
        (Some(last), false) => Found::Several(fitting.into_iter().chain([last]).map(|record| record.guid).collect()),
    }
}

/// Equal, but for leading zeros: a server that writes the number as a JSON number loses them.
fn same_digits(one: &str, other: &str) -> bool {
    one.trim_start_matches('0') == other.trim_start_matches('0')
}

/// Whether nothing in the record speaks against this person. Older answers leave the person out (`domain.md` 2).
fn same_person(record: &Microdeposit, person: &Person) -> bool {
    // A server may write names in its own way; it does not make another person of them.
    let same = |one: &str, other: &str| one.trim().to_lowercase() == other.trim().to_lowercase();
    let fits = |field: &Option<Private>, wanted: &str| field.as_ref().is_none_or(|text| same(text.expose(), wanted));
    fits(&record.first_name, person.first_name())
        && fits(&record.last_name, person.last_name())
        && fits(&record.email, person.email())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::account::{AccountNumber, AccountType};
    use crate::endpoint::{Endpoint, List};
    use crate::machine::{Authority, Event};
    use crate::routing::RoutingNumber;
    use crate::wire::Response;

    fn record(fields: &str) -> Microdeposit {
        let list = List::new().parse(&Response::new(200, format!(r#"{{"micro_deposits":[{{{fields}}}]}}"#)));
        list.unwrap().remove(0)
    }

    fn seen(stage: Stage, second: u32) -> Microdeposit {
        let (number, at) = (stage.number(), format!("2026-01-05T09:00:{second:02}.000Z"));
        record(&format!(r#""guid":"MIC-1","status":{number},"updated_at":"{at}""#))
    }

    fn made(guid: &str, account: &str, email: &str) -> Microdeposit {
        record(&format!(
            r#""guid":"{guid}","account_number":{account},"routing_number":91000019,"first_name":"Josh","email":"{email}""#
        ))
    }

    fn josh() -> Person {
        Person::new("Josh", "James", "j@example.com").unwrap()
    }

    fn create() -> Create {
        let routing = RoutingNumber::new("091000019").unwrap();
        Create::new(josh(), routing, AccountNumber::new("0333312345").unwrap(), AccountType::Checking)
    }

    #[test]
    fn a_denial_counts_only_if_it_is_new() {
        let cases = [
            (Some((Stage::Deposited, 1)), (Stage::Denied, 2), Answered::Yes),
            (Some((Stage::Denied, 1)), (Stage::Denied, 2), Answered::Yes),
            (Some((Stage::Denied, 1)), (Stage::Denied, 1), Answered::Unclear),
            (None, (Stage::Denied, 1), Answered::Unclear),
            (Some((Stage::Deposited, 1)), (Stage::Deposited, 2), Answered::Unclear),
            (None, (Stage::Verified, 1), Answered::Yes),
            (None, (Stage::Prevented, 1), Answered::Yes),
        ];
        for (before, after, wanted) in cases {
            let before = before.map(|(stage, second)| seen(stage, second));
            assert_eq!(answered(before.as_ref(), &seen(after.0, after.1)), wanted, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_one_new_record_that_fits() {
        let old = made("MIC-old", "\"0333312345\"", "j@example.com");
        let new = made("MIC-new", "333312345", "J@example.com");
        let other_account = made("MIC-a", "\"0333312346\"", "j@example.com");
        let other_person = made("MIC-b", "\"0333312345\"", "k@example.com");
        let before = [old.guid.clone()];
        let after = vec![old.clone(), other_account.clone(), new.clone(), other_person];
        assert_eq!(created(&create(), &before, after), Found::One(Box::new(new.clone())));
        assert_eq!(created(&create(), &before, vec![old.clone(), other_account]), Found::Nothing);
        let both = vec![old.clone(), new.clone()];
        assert_eq!(created(&create(), &[], both), Found::Several(vec![old.guid, new.guid]));
    }

    #[test]
    fn another_writing_of_the_same_time_is_no_change() {
        let at = |time: &str| record(&format!(r#""guid":"MIC-1","status":5,"updated_at":"{time}""#));
        let before = at("2026-01-05T09:00:00.000Z");
        for (time, wanted) in [
            ("2026-01-05T09:00:00+00:00", Answered::Unclear),
            ("2026-01-05T10:00:00.000+01:00", Answered::Unclear),
            ("2026-01-05T08:59:59.000Z", Answered::Unclear),
            ("2026-01-05T09:00:01+00:0", Answered::Unclear),
            ("2026-01-05T09:00:00.001Z", Answered::Yes),
        ] {
            assert_eq!(answered(Some(&before), &at(time)), wanted, "{time}");
        }
    }

    #[test]
    fn what_could_be_the_same_account_stands_in_the_way() {
        let new = |fields: &str| could_be(&create(), &[], &record(fields));
        assert!(new(r#""guid":"MIC-1","status":0"#), "it tells nothing");
        assert!(new(r#""guid":"MIC-1","account_number":"*****2345","routing_number":"091000019""#), "masked");
        assert!(new(r#""guid":"MIC-1","account_number":"0333312345","routing_number":91000019,"first_name":"JOSH""#));
        assert!(!new(r#""guid":"MIC-1","account_number":"0333312346""#));
        assert!(!new(r#""guid":"MIC-1","status":9"#), "has no account yet");
        let known = record(r#""guid":"MIC-1","status":0"#);
        assert!(!could_be(&create(), std::slice::from_ref(&known.guid), &known));
    }

    #[test]
    fn names_in_other_letters_are_the_same_person() {
        let shouted = record(
            r#""guid":"MIC-n","account_number":"0333312345","routing_number":"091000019","first_name":"JOSH ","last_name":"james""#,
        );
        assert!(matches!(created(&create(), &[], vec![shouted]), Found::One(_)));
    }

    #[test]
    fn a_preinitiated_one_has_no_account_yet() {
        let bare =
            record(r#""guid":"MIC-p","status":9,"first_name":"Josh","last_name":"James","email":"j@example.com""#);
        let full = made("MIC-c", "333312345", "j@example.com");
        let after = vec![full, bare.clone()];
        assert_eq!(preinitiated(&Preinitiate::new(josh()), &[], after), Found::One(Box::new(bare)));
    }

    proptest! {
        #[test]
        fn what_is_said_to_be_counted_was_counted(wrong_before in 0u8..3, right in any::<bool>(), arrived in any::<bool>()) {
            let mut state = Authority::new();
            for event in [Event::Created, Event::Requested, Event::Landed] {
                state = state.apply(event).unwrap();
            }
            for _ in 0..wrong_before {
                state = state.apply(Event::AmountsWrong).unwrap();
            }
            let before = seen(state.stage().unwrap(), u32::from(state.attempts()));
            if arrived {
                state = state.apply(if right { Event::AmountsRight } else { Event::AmountsWrong }).unwrap();
            }
            let after = seen(state.stage().unwrap(), u32::from(state.attempts()));
            prop_assert_eq!(answered(Some(&before), &after) == Answered::Yes, arrived);
        }
    }
}
