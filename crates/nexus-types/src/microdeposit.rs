//! [`Microdeposit`]: the record, with the 17 fields that the API documents.
//!
//! It is the server's word, so nothing in it is refused: an account number of forty characters, a guid of another form or
//! a routing number with a wrong check digit are kept as they came. Printing it shows no secret.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use crate::account::{AccountNumber, AccountType};
use crate::guid::MicrodepositGuid;
use crate::mask;
use crate::routing::RoutingNumber;
use crate::secret::Private;
use crate::status::Status;
use crate::timestamp::Timestamp;

/// One microdeposit as the server reported it. A field is `None` where the server sent `null` or nothing.
#[derive(Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Microdeposit {
    /// The name of the account.
    pub account_name: Option<Private>,
    /// The account number.
    pub account_number: Option<AccountNumber>,
    /// 1 for CHECKING, 2 for SAVINGS; see [`kind`](Microdeposit::kind).
    pub account_type: Option<i64>,
    /// `CHECKING` or `SAVINGS`.
    pub account_type_name: Option<Cow<'static, str>>,
    /// When it was created.
    pub created_at: Option<Timestamp>,
    /// The person's e-mail address.
    pub email: Option<Private>,
    /// A code, where something failed.
    pub error_code: Option<Box<str>>,
    /// A message, where something failed. It may repeat what it complains of, so it is private; see
    /// [`error_words`](Microdeposit::error_words).
    pub error_message: Option<Private>,
    /// The person's first name.
    pub first_name: Option<Private>,
    /// The identifier.
    pub guid: MicrodepositGuid,
    /// The bank's name.
    pub institution_name: Option<Box<str>>,
    /// The person's last name.
    pub last_name: Option<Private>,
    /// The routing number.
    pub routing_number: Option<RoutingNumber>,
    /// Where it stands.
    pub status: Status,
    /// The name of the status as it came. None where it contradicts the number or itself: [`status`](Microdeposit::status) is
    /// contradictory then, and keeps what came.
    pub status_name: Option<Cow<'static, str>>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// When it went from DEPOSITED to VERIFIED. MX's examples carry it in other statuses too, so it proves nothing.
    pub verified_at: Option<Timestamp>,
}

/// How much of a record to write out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reveal {
    /// Account and routing number as their last four, personal text as its first character, an error message as its plain
    /// [words](Microdeposit::error_words).
    #[default]
    Masked,
    /// Everything. Only for a place that may hold it.
    Full,
}

impl Microdeposit {
    /// The names of the 17 fields, in the documented order (source: domain.md 2).
    pub const FIELDS: [&'static str; 17] = [
        "account_name",
        "account_number",
        "account_type",
        "account_type_name",
        "created_at",
        "email",
        "error_code",
        "error_message",
        "first_name",
        "guid",
        "institution_name",
        "last_name",
        "routing_number",
        "status",
        "status_name",
        "updated_at",
        "verified_at",
    ];

    /// The kind of account: the number decides, the name speaks where there is no number.
    pub fn kind(&self) -> Option<AccountType> {
        match self.account_type {
            Some(number) => AccountType::from_number(number),
            None => self.account_type_name.as_deref().and_then(AccountType::from_name),
        }
    }

    /// The error message, fit to be shown: its plain words, and `***` for whatever may be a name, a number or an address, or has
    /// to do with what this record holds. At most 200 characters.
    pub fn error_words(&self) -> Option<String> {
        let texts = [&self.first_name, &self.last_name, &self.email, &self.account_name];
        let own = texts.into_iter().flatten().map(Private::expose);
        let own: Vec<&str> = own.chain(self.account_number.as_ref().map(AccountNumber::expose)).collect();
        self.error_message.as_ref().map(|message| mask::message(message.expose(), &own))
    }

    /// The record in the API's own shape: 17 keys in the documented order, absent ones `null`.
    ///
    /// `status_name` is the one that came, else the known name of the status.
    pub fn to_json(&self, reveal: Reveal) -> Value {
        let private = |text: &Option<Private>| {
            text.as_ref().map(|text| match reveal {
                Reveal::Masked => text.masked(),
                Reveal::Full => text.expose().to_owned(),
            })
        };
        let digits = |full: Option<(&str, String)>| {
            full.map(|(full, masked)| match reveal {
                Reveal::Masked => masked,
                Reveal::Full => full.to_owned(),
            })
        };
        let shown = |stamp: &Option<Timestamp>| {
            stamp.as_ref().map(|stamp| match reveal {
                Reveal::Masked => stamp.to_string(),
                Reveal::Full => stamp.as_str().to_owned(),
            })
        };
        let shown_text = |text: &Option<Box<str>>| {
            text.as_deref().map(|text| match reveal {
                Reveal::Masked => mask::label(text),
                Reveal::Full => text.to_owned(),
            })
        };
        let status_name = match (reveal, &self.status_name) {
            // Neither its number nor its name may be mistaken for a known status when this is read back.
            _ if self.status.is_contradictory() => Some(self.status.name()),
            (Reveal::Full, Some(name)) => Some(&**name),
            // A status of which nothing is known at all has no name.
            (_, None) if self.status.number().is_none() => None,
            _ => Some(self.status.name()),
        };
        // What a server puts in a name field may be anything; masked output shows only names that are known.
        let type_name = match reveal {
            Reveal::Masked => self.kind().map(AccountType::name),
            Reveal::Full => self.account_type_name.as_deref(),
        };
        let (account_type, guid) = match reveal {
            Reveal::Masked => (mask::choice(self.account_type), mask::guid(self.guid.as_str())),
            Reveal::Full => (self.account_type, Cow::Borrowed(self.guid.as_str())),
        };
        let message = match reveal {
            Reveal::Masked => self.error_words(),
            Reveal::Full => private(&self.error_message),
        };
        json!({
            "account_name": private(&self.account_name),
            "account_number": digits(self.account_number.as_ref().map(|number| (number.expose(), number.masked()))),
            "account_type": account_type,
            "account_type_name": type_name,
            "created_at": shown(&self.created_at),
            "email": private(&self.email),
            "error_code": shown_text(&self.error_code),
            "error_message": message,
            "first_name": private(&self.first_name),
            "guid": guid,
            "institution_name": shown_text(&self.institution_name),
            "last_name": private(&self.last_name),
            "routing_number": digits(self.routing_number.as_ref().map(|number| (number.as_str(), number.masked()))),
            "status": self.status.number(),
            "status_name": status_name,
            "updated_at": shown(&self.updated_at),
            "verified_at": shown(&self.verified_at),
        })
    }
}

impl fmt::Debug for Microdeposit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Derived, it would print the names of status and account type as they came, whatever they are.
        let text = |text: &Option<Box<str>>| text.as_deref().map(mask::label);
        f.debug_struct("Microdeposit")
            .field("guid", &self.guid)
            .field("status", &self.status)
            .field("kind", &self.kind())
            .field("account_number", &self.account_number)
            .field("routing_number", &self.routing_number)
            .field("account_name", &self.account_name)
            .field("first_name", &self.first_name)
            .field("last_name", &self.last_name)
            .field("email", &self.email)
            .field("institution_name", &text(&self.institution_name))
            .field("error_code", &text(&self.error_code))
            .field("error_message", &self.error_message)
            .field("created_at", &self.created_at)
            .field("updated_at", &self.updated_at)
            .field("verified_at", &self.verified_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_name_of_a_status_is_written_as_it_came() {
        use crate::endpoint::{Endpoint, List};
        use crate::wire::Response;
        let read = |body: &str| List::new().parse(&Response::new(200, body)).unwrap().remove(0).to_json(Reveal::Full);
        let named = |fields: &str| {
            read(&format!(r#"{{"micro_deposits":[{{"guid":"MIC-1"{fields}}}]}}"#))["status_name"].clone()
        };
        assert_eq!(named(r#","status":1,"status_name":"""#), "");
        assert_eq!(named(r#","status":1"#), "REQUESTED");
        assert_eq!(named(""), Value::Null);
    }

    #[test]
    fn an_error_message_is_shown_in_words() {
        use crate::endpoint::{Endpoint, List};
        use crate::wire::Response;
        let body = r#"{"micro_deposits":[{"guid":"MIC-1","status":7,"first_name":"Josh","last_name":"James",
            "account_number":"333312345","error_code":"3333-1234-5","institution_name":"MX Bank",
            "error_message":"There is a microdeposit for this account already: 333312345 of josh James"}]}"#;
        let record = List::new().parse(&Response::new(200, body)).unwrap().remove(0);
        let shown = record.to_json(Reveal::Masked);
        assert_eq!(shown["error_message"], "There is a microdeposit for this account already: *** of ***");
        assert_eq!(shown["error_message"], record.error_words().unwrap());
        assert_eq!((&shown["error_code"], &shown["institution_name"]), (&json!("3***"), &json!("MX Bank")));
        let printed = format!("{record:?}");
        assert!(printed.contains("error_message: Some(\"T***\")"), "printed, it stays hidden: {printed}");
    }
}
