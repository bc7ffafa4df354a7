//! The value of one field: text, numbers and names, in every form that is accepted.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, Visitor};

use crate::account::{AccountNumber, AccountType};
use crate::status::KnownStatus;

/// Declares a wire value by what it makes of text, of whole numbers and of null; anything else is left to the careful way.
macro_rules! wire_value {
    ($(#[$doc:meta])* $name:ident($inner:ty); text($text:ident) => $from_text:expr; number($number:ident) => $from_number:expr;) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $name(pub(super) Option<$inner>);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<$name, D::Error> {
                struct Read;
                impl Visitor<'_> for Read {
                    type Value = $name;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("text, a whole number or null")
                    }
                    fn visit_str<E: de::Error>(self, $text: &str) -> Result<$name, E> {
                        Ok($name(Some($from_text)))
                    }
                    fn visit_u64<E: de::Error>(self, $number: u64) -> Result<$name, E> {
                        Ok($name(Some($from_number)))
                    }
                    fn visit_i64<E: de::Error>(self, $number: i64) -> Result<$name, E> {
                        Ok($name(Some($from_number)))
                    }
                    fn visit_unit<E: de::Error>(self) -> Result<$name, E> {
                        Ok($name(None))
                    }
                }
                deserializer.deserialize_any(Read)
            }
        }
    };
}

wire_value! {
    /// Text, or a number written where text belongs.
    Text(Box<str>);
    text(text) => text.into();
    number(number) => number.to_string().into();
}

wire_value! {
    /// An account number, as [`Text`]: its own type from the start, so that it is wiped where a record is given up half read.
    Account(AccountNumber);
    text(text) => AccountNumber::from_server(text.into());
    number(number) => AccountNumber::from_server(number.to_string().into());
}

wire_value! {
    /// A routing number: as [`Text`], and a number gets its zeros back.
    Routing(Box<str>);
    text(text) => text.into();
    number(number) => restore_zeros(&number.to_string());
}

wire_value! {
    /// The name of a status or an account type: the known ones need no memory of their own.
    Name(Cow<'static, str>);
    text(text) => known_name(text).map_or_else(|| Cow::Owned(text.to_owned()), Cow::Borrowed);
    number(number) => Cow::Owned(number.to_string());
}

wire_value! {
    /// A whole number, or text in its place.
    Number(WholeOrText);
    text(text) => WholeOrText::from_text(text);
    number(number) => WholeOrText::from_number(number);
}

pub(super) enum WholeOrText {
    Whole(i64),
    Text(Box<str>),
}

impl WholeOrText {
    fn from_number<N: TryInto<i64> + ToString + Copy>(number: N) -> WholeOrText {
        number.try_into().map_or_else(|_| WholeOrText::Text(number.to_string().into()), WholeOrText::Whole)
    }

    fn from_text(text: &str) -> WholeOrText {
        text.parse().map_or_else(|_| WholeOrText::Text(text.into()), WholeOrText::Whole)
    }
}

impl Number {
    pub(super) fn from_text(text: Option<&str>) -> Number {
        Number(text.map(WholeOrText::from_text))
    }

    pub(super) fn number(&self) -> Option<i64> {
        match self.0 {
            Some(WholeOrText::Whole(number)) => Some(number),
            _ => None,
        }
    }

    /// The text that stood where a number belongs.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.0 {
            Some(WholeOrText::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// That text as a name: the Platform form writes the name there.
    pub(super) fn name(&self) -> Option<Cow<'static, str>> {
        self.text().and_then(|text| Name::from_text(Some(text.into())).0)
    }
}

impl Name {
    pub(super) fn from_text(text: Option<Box<str>>) -> Name {
        Name(text.map(|text| known_name(&text).map_or_else(|| Cow::Owned(text.into()), Cow::Borrowed)))
    }
}

fn known_name(text: &str) -> Option<&'static str> {
    KnownStatus::from_name(text).map(KnownStatus::name).or_else(|| AccountType::from_name(text).map(AccountType::name))
}

/// Nine digits out of a number that lost its leading zeros; what is no such number stays as it is.
pub(super) fn restore_zeros(number: &str) -> Box<str> {
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if digits { format!("{number:0>9}").into() } else { number.into() }
}
