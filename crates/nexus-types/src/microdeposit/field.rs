//! [`FieldValue`]: the value of one field, in full or masked; and how each type of field gives its value.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::account::AccountNumber;
use crate::guid::MicrodepositGuid;
use crate::mask;
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::Status;
use crate::timestamp::Timestamp;

/// How much of a record to write out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Reveal {
    /// Account and routing number as their last four, personal text as its first character, an error message as its plain
    /// [words](super::Microdeposit::error_words).
    #[default]
    Masked,
    /// Everything. Only for a place that may hold it.
    Full,
}

/// What one field of a record holds. In full it may be a secret, so printing it shows only which of the three it is.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldValue<'a> {
    /// Nothing: `null`.
    Null,
    /// A whole number.
    Number(i64),
    /// Text.
    Text(Cow<'a, str>),
}

impl<'a> FieldValue<'a> {
    pub(super) fn of(text: Option<impl Into<Cow<'a, str>>>) -> FieldValue<'a> {
        text.map_or(FieldValue::Null, |text| FieldValue::Text(text.into()))
    }

    fn number(number: Option<i64>) -> FieldValue<'a> {
        number.map_or(FieldValue::Null, FieldValue::Number)
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            FieldValue::Text(text) => Some(text),
            FieldValue::Null | FieldValue::Number(_) => None,
        }
    }
}

impl fmt::Debug for FieldValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FieldValue::Null => "Null",
            FieldValue::Number(_) => "Number(…)",
            FieldValue::Text(_) => "Text(…)",
        })
    }
}

impl From<FieldValue<'_>> for Value {
    fn from(value: FieldValue<'_>) -> Value {
        match value {
            FieldValue::Null => Value::Null,
            FieldValue::Number(number) => number.into(),
            FieldValue::Text(text) => text.into_owned().into(),
        }
    }
}

impl Serialize for FieldValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            FieldValue::Null => serializer.serialize_unit(),
            FieldValue::Number(number) => serializer.serialize_i64(*number),
            FieldValue::Text(text) => serializer.serialize_str(text),
        }
    }
}

/// What a type of a field makes of itself.
pub(super) trait Shown {
    /// For JSON and the like.
    fn shown(&self, reveal: Reveal) -> FieldValue<'_>;

    /// For `{:?}`: never more than what is masked.
    fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>);
}

/// Types that print themselves masked, with what is shown of them in full.
macro_rules! masked {
    ($($kind:ty: $full:ident, $masked:ident;)*) => {$(
        impl Shown for Option<$kind> {
            fn shown(&self, reveal: Reveal) -> FieldValue<'_> {
                match (self, reveal) {
                    (None, _) => FieldValue::Null,
                    (Some(value), Reveal::Full) => FieldValue::Text(value.$full().into()),
                    (Some(value), Reveal::Masked) => FieldValue::Text(value.$masked().into()),
                }
            }

            fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>) {
                out.field(name, self);
            }
        }
    )*};
}

masked! {
    Private: expose, masked;
    AccountNumber: expose, masked;
    RoutingNumber: as_str, masked;
    Timestamp: as_str, to_string;
}

impl Shown for Option<Box<str>> {
    fn shown(&self, reveal: Reveal) -> FieldValue<'_> {
        FieldValue::of(self.as_deref().map(|text| match reveal {
            Reveal::Masked => Cow::Owned(mask::label(text)),
            Reveal::Full => Cow::Borrowed(text),
        }))
    }

    fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>) {
        out.field(name, &self.as_deref().map(mask::label));
    }
}

/// Names of what also has a number.
impl Shown for Option<Cow<'static, str>> {
    fn shown(&self, reveal: Reveal) -> FieldValue<'_> {
        FieldValue::of(self.as_deref().map(|text| match reveal {
            Reveal::Masked => Cow::Owned(mask::label(text)),
            Reveal::Full => Cow::Borrowed(text),
        }))
    }

    /// The number speaks for it: a name may be anything.
    fn print(&self, _: &str, _: &mut fmt::DebugStruct<'_, '_>) {}
}

impl Shown for Option<i64> {
    fn shown(&self, reveal: Reveal) -> FieldValue<'_> {
        FieldValue::number(match reveal {
            Reveal::Masked => mask::choice(*self),
            Reveal::Full => *self,
        })
    }

    fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>) {
        out.field(name, &mask::choice(*self));
    }
}

impl Shown for MicrodepositGuid {
    fn shown(&self, reveal: Reveal) -> FieldValue<'_> {
        FieldValue::Text(match reveal {
            Reveal::Masked => mask::guid(self.as_str()),
            Reveal::Full => Cow::Borrowed(self.as_str()),
        })
    }

    fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>) {
        out.field(name, self);
    }
}

impl Shown for Status {
    fn shown(&self, _: Reveal) -> FieldValue<'_> {
        FieldValue::number(self.number())
    }

    fn print(&self, name: &str, out: &mut fmt::DebugStruct<'_, '_>) {
        out.field(name, self);
    }
}
