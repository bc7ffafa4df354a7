//! How each type of a record's field is read: its form on the wire, and its conversion to a value.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::text::text;
use super::values::{Account, Name, Number, Routing, Text, restore_zeros};
use crate::account::AccountNumber;
use crate::guid::MicrodepositGuid;
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::Status;
use crate::timestamp::Timestamp;

/// A type of a record's field.
pub(super) trait Column {
    /// What stands for it on the wire.
    type Wire: Wire;

    /// What becomes of that, in a record of this status.
    fn from_wire(wire: Self::Wire, status: &Status) -> Self;
}

/// What can stand on the wire. The quick way reads it by `Deserialize`.
pub(super) trait Wire: Default {
    /// What the careful way makes of any JSON, or of nothing.
    fn careful(raw: Option<&RawValue>) -> Self;
}

macro_rules! columns {
    ($($kind:ty, $wire:ident: $make:expr;)*) => {$(
        impl Column for Option<$kind> {
            type Wire = $wire;

            fn from_wire(wire: $wire, _: &Status) -> Option<$kind> {
                $make(wire)
            }
        }
    )*};
}

columns! {
    Private, Text: |wire: Text| wire.0.map(Private::from);
    Box<str>, Text: |wire: Text| wire.0;
    Timestamp, Text: |wire: Text| wire.0.map(Timestamp::new);
    AccountNumber, Account: |wire: Account| wire.0;
    RoutingNumber, Routing: |wire: Routing| wire.0.map(RoutingNumber::from_server);
    i64, Number: |wire: Number| wire.number();
    Cow<'static, str>, Name: |wire: Name| wire.0;
}

/// A record without one does not come so far.
impl Column for MicrodepositGuid {
    type Wire = Text;

    fn from_wire(wire: Text, _: &Status) -> MicrodepositGuid {
        MicrodepositGuid::from_server(wire.0.unwrap_or_default())
    }
}

/// Two fields say it together.
impl Column for Status {
    type Wire = Number;

    fn from_wire(_: Number, status: &Status) -> Status {
        status.clone()
    }
}

impl Wire for Text {
    fn careful(raw: Option<&RawValue>) -> Text {
        Text(raw.and_then(text))
    }
}

impl Wire for Account {
    fn careful(raw: Option<&RawValue>) -> Account {
        Account(raw.and_then(text).map(AccountNumber::from_server))
    }
}

impl Wire for Routing {
    fn careful(raw: Option<&RawValue>) -> Routing {
        let digits = |raw: &RawValue| {
            let text = text(raw)?;
            Some(if raw.get().starts_with('"') { text } else { restore_zeros(&text) })
        };
        Routing(raw.and_then(digits))
    }
}

impl Wire for Number {
    fn careful(raw: Option<&RawValue>) -> Number {
        let Some(raw) = raw else { return Number::default() };
        match raw.get().as_bytes().first() {
            Some(b'n') => Number::default(),
            Some(b'"') => Number::from_text(text(raw).as_deref()),
            // A number is read where it stands.
            _ => Number::from_text(Some(raw.get())),
        }
    }
}

impl Wire for Name {
    fn careful(raw: Option<&RawValue>) -> Name {
        Name::from_text(raw.and_then(text))
    }
}
