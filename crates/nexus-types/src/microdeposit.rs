//! [`Microdeposit`]: the record, with the fields that the API documents, as one table.
//!
//! It is the server's word, so nothing in it is refused: an account number of forty characters, a guid of another form or
//! a routing number with a wrong check digit are kept as they came. Printing it shows no secret.
//!
//! The table says name, number and type of each field. The structure, its names, its JSON, what `{:?}` prints and how it is
//! read (in `tolerance`) come from there; what differs from a field's type alone is in [`Microdeposit::field`].

mod field;

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

use self::field::Shown;
pub use self::field::{FieldValue, Reveal};
use crate::account::{AccountNumber, AccountType};
use crate::guid::MicrodepositGuid;
use crate::json_body::body;
use crate::mask;
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::Status;
use crate::timestamp::Timestamp;

/// The table of fields, in the documented order (source: domain.md 2), given to the macro that is named.
macro_rules! record {
    ($then:ident) => {
        $then! {
            /// The name of the account.
            account_name, AccountName = 0, Option<Private>;
            /// The account number.
            account_number, AccountNumber = 1, Option<AccountNumber>;
            /// 1 for CHECKING, 2 for SAVINGS; see [`kind`](Microdeposit::kind).
            account_type, AccountType = 2, Option<i64>;
            /// `CHECKING` or `SAVINGS`.
            account_type_name, AccountTypeName = 3, Option<Cow<'static, str>>;
            /// When it was created.
            created_at, CreatedAt = 4, Option<Timestamp>;
            /// The person's e-mail address.
            email, Email = 5, Option<Private>;
            /// A code, where something failed.
            error_code, ErrorCode = 6, Option<Box<str>>;
            /// A message, where something failed. It may repeat what it complains of, so it is private; see
            /// [`error_words`](Microdeposit::error_words).
            error_message, ErrorMessage = 7, Option<Private>;
            /// The person's first name.
            first_name, FirstName = 8, Option<Private>;
            /// The identifier.
            guid, Guid = 9, MicrodepositGuid;
            /// The bank's name.
            institution_name, InstitutionName = 10, Option<Box<str>>;
            /// The person's last name.
            last_name, LastName = 11, Option<Private>;
            /// The routing number.
            routing_number, RoutingNumber = 12, Option<RoutingNumber>;
            /// Where it stands.
            status, Status = 13, Status;
            /// The name of the status as it came. None where it contradicts the number or itself: [`status`](Microdeposit::status) is
            /// contradictory then, and keeps what came.
            status_name, StatusName = 14, Option<Cow<'static, str>>;
            /// When it last changed.
            updated_at, UpdatedAt = 15, Option<Timestamp>;
            /// When it went from DEPOSITED to VERIFIED. MX's examples carry it in other statuses too, so it proves nothing.
            verified_at, VerifiedAt = 16, Option<Timestamp>;
        }
    };
}
pub(crate) use record;

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident, $field:ident = $number:literal, $kind:ty;)*) => {
        /// One microdeposit as the server reported it. A field is `None` where the server sent `null` or nothing.
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub struct Microdeposit { $($(#[$doc])* pub $name: $kind,)* }

        /// The fields of a [`Microdeposit`], numbered for C and Python. Numbers are never reused, and say nothing of the order.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum Field { $($(#[$doc])* $field = $number,)* }

        impl Field {
            /// Every field, in the documented order.
            pub const ALL: &'static [Field] = &[$(Field::$field,)*];

            /// The name in the API's JSON.
            pub const fn name(self) -> &'static str {
                match self { $(Field::$field => stringify!($name),)* }
            }
        }

        impl Microdeposit {
            /// The names of the fields, in the documented order.
            pub const FIELDS: [&'static str; Field::ALL.len()] = [$(stringify!($name),)*];

            /// What the type of a field makes of it.
            fn shown(&self, field: Field, reveal: Reveal) -> FieldValue<'_> {
                match field { $(Field::$field => self.$name.shown(reveal),)* }
            }
        }

        impl fmt::Debug for Microdeposit {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Derived, it would print the names of status and account type as they came, whatever they are.
                let mut out = f.debug_struct("Microdeposit");
                out.field("kind", &self.kind());
                $(self.$name.print(stringify!($name), &mut out);)*
                out.finish()
            }
        }
    };
}
record!(define);

impl Field {
    /// The stable number.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The field of this number.
    pub fn from_number(number: u8) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.number() == number)
    }

    /// The field of this name.
    pub fn from_name(name: &str) -> Option<Field> {
        Field::ALL.iter().copied().find(|field| field.name() == name)
    }
}

impl Microdeposit {
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
        self.error_message.as_ref().map(|message| mask::message(message.expose(), &own, &Self::FIELDS))
    }

    /// One field as the API would write it.
    ///
    /// `status_name` is the one that came, else the known name of the status.
    pub fn field(&self, field: Field, reveal: Reveal) -> FieldValue<'_> {
        match (field, reveal) {
            (Field::StatusName, _) => FieldValue::of(self.shown_status_name(reveal)),
            // What a server puts in a name field may be anything; masked output shows only names that are known.
            (Field::AccountTypeName, Reveal::Masked) => FieldValue::of(self.kind().map(AccountType::name)),
            (Field::ErrorMessage, Reveal::Masked) => FieldValue::of(self.error_words()),
            _ => self.shown(field, reveal),
        }
    }

    /// Every field as the API would write it, in the documented order.
    pub fn fields(&self, reveal: Reveal) -> impl Iterator<Item = (Field, FieldValue<'_>)> {
        Field::ALL.iter().map(move |field| (*field, self.field(*field, reveal)))
    }

    /// The record in the API's own shape: every field in the documented order, absent ones `null`.
    pub fn to_json(&self, reveal: Reveal) -> Value {
        Value::Object(self.fields(reveal).map(|(field, value)| (field.name().to_owned(), value.into())).collect())
    }

    /// The text of [`to_json`](Microdeposit::to_json), which is wiped when dropped, and of which no copy is left.
    pub fn to_json_text(&self, reveal: Reveal) -> Zeroizing<String> {
        let mut json = body(&Written { record: self, reveal }).unwrap_or_default();
        Zeroizing::new(String::from_utf8(std::mem::take(&mut *json)).unwrap_or_default())
    }

    fn shown_status_name(&self, reveal: Reveal) -> Option<&str> {
        match (reveal, &self.status_name) {
            // Nobody who reads this back, or compares a number or a name in it, may take it for a known status.
            _ if self.status.is_contradictory() => Some(self.status.name()),
            (Reveal::Full, Some(name)) => Some(name),
            // A status of which nothing is known at all has no name.
            (_, None) if self.status.number().is_none() => None,
            _ => Some(self.status.name()),
        }
    }
}

/// A record being written.
struct Written<'a> {
    record: &'a Microdeposit,
    reveal: Reveal,
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.record.fields(self.reveal).map(|(field, value)| (field.name(), value)))
    }
}

#[cfg(test)]
mod tests;
