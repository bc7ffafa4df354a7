//! After a request whose outcome is unknown: what a look at the server's state tells.
//!
//! A verify or a create that got no usable answer may have been carried out. Reading and listing are safe, so the client
//! looks, and these functions judge what it sees. They assume that nobody else works on the same microdeposit (or creates
//! the same one) at the same moment: two callers who answer at once cannot be told apart from outside.

use crate::endpoint::{Create, Preinitiate};
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::person::Person;
use crate::secret::Private;
use crate::status::Stage;

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

/// Whether both carry a time of change, and not the same one.
fn changed(before: &Microdeposit, after: &Microdeposit) -> bool {
    before.updated_at.is_some() && after.updated_at.is_some() && before.updated_at != after.updated_at
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
    let fits = |field: &Option<Private>, wanted: &str| field.as_ref().is_none_or(|text| text.expose() == wanted);
    fits(&record.first_name, person.first_name())
        && fits(&record.last_name, person.last_name())
        && record.email.as_ref().is_none_or(|email| email.expose().eq_ignore_ascii_case(person.email()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::account::{AccountNumber, AccountType};
    use crate::endpoint::{Endpoint, Read};
    use crate::machine::{Authority, Event};
    use crate::routing::RoutingNumber;
    use crate::wire::Response;

    fn record(fields: &str) -> Microdeposit {
        let read = Read::new(MicrodepositGuid::new("MIC-1").unwrap());
        read.parse(&Response::new(200, format!(r#"{{"micro_deposit":{{{fields}}}}}"#))).unwrap()
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
