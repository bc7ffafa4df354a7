//! [`Microdeposit`]: the record, with the 17 fields that the API documents.
//!
//! It is the server's word, so nothing in it is refused: an account number of forty characters, a guid of another form or
//! a routing number with a wrong check digit are kept as they came. Printing it shows no secret.

use std::borrow::Cow;
use std::fmt;

use serde_json::{Value, json};

use crate::account::{AccountNumber, AccountType};
use crate::guid::MicrodepositGuid;
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
    /// A message, where something failed. It may repeat what it complains of, so it is private.
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
    /// Account and routing number as their last four, personal text as its first character.
    #[default]
    Masked,
    /// Everything. Only for a place that may hold it.
    Full,
}

impl Microdeposit {
    /// The names of the 17 fields, in the documented order (source: seeds).
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
                Reveal::Masked => public(text),
                Reveal::Full => text.to_owned(),
            })
        };
        let status_name = match (reveal, &self.status_name) {
            // Nobody who reads this back, or compares a number or a name in it, may take it for a known status.
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
        json!({
            "account_name": private(&self.account_name),
            "account_number": digits(self.account_number.as_ref().map(|number| (number.expose(), number.masked()))),
            "account_type": self.account_type,
            "account_type_name": type_name,
            "created_at": shown(&self.created_at),
            "email": private(&self.email),
            "error_code": shown_text(&self.error_code),
            "error_message": private(&self.error_message),
            "first_name": private(&self.first_name),
            "guid": self.guid.as_str(),
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

/// Text of a server that names a bank or an error. Where it could hold an account number or an e-mail address, it is masked.
fn public(text: &str) -> String {
    let mut run = 0;
    let digits = text.chars().any(|c| {
        run = if c.is_ascii_digit() { run + 1 } else { 0 };
        run >= 5
    });
    if digits || text.contains('@') || text.chars().count() > 100 {
        Private::from(text).masked()
    } else {
        text.to_owned()
    }
}

impl fmt::Debug for Microdeposit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Derived, it would print the names of status and account type as they came, whatever they are.
        let text = |text: &Option<Box<str>>| text.as_deref().map(public);
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
    fn names_of_banks_are_shown_unless_something_else_slipped_in() {
        for plain in ["MX Bank", "Bank of 1784", "R03", "4001"] {
            assert_eq!(public(plain), plain);
        }
        for odd in ["333312345", "account 12345", "josh@example.com"] {
            assert_ne!(public(odd), odd);
        }
    }
}
