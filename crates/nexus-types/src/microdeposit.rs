//! [`Microdeposit`]: the record, with the 17 fields that the API documents.
//!
//! It is the server's word, so nothing in it is refused: an account number of forty characters, a guid of another form or
//! a routing number with a wrong check digit are kept as they came. Printing it shows no secret.

use std::borrow::Cow;

use serde_json::{Value, json};

use crate::account::{AccountNumber, AccountType};
use crate::guid::MicrodepositGuid;
use crate::routing::RoutingNumber;
use crate::secret::Private;
use crate::status::Status;
use crate::timestamp::Timestamp;

/// One microdeposit as the server reported it. A field is `None` where the server sent `null` or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
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
    /// The name of the status as it came. Where it contradicts the number, [`status`](Microdeposit::status) follows the
    /// number.
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
        let status_name = match (reveal, &self.status_name) {
            (Reveal::Full, Some(name)) => name,
            _ if self.status.number().is_none() && self.status_name.is_none() => "",
            _ => self.status.name(),
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
            "error_code": self.error_code,
            "error_message": private(&self.error_message),
            "first_name": private(&self.first_name),
            "guid": self.guid.as_str(),
            "institution_name": self.institution_name,
            "last_name": private(&self.last_name),
            "routing_number": digits(self.routing_number.as_ref().map(|number| (number.as_str(), number.masked()))),
            "status": self.status.number(),
            "status_name": Some(status_name).filter(|name| !name.is_empty()),
            "updated_at": shown(&self.updated_at),
            "verified_at": shown(&self.verified_at),
        })
    }
}
