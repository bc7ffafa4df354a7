//! Every tolerance for the way the server really writes, in one place. Everywhere else the core is strict.
//!
//! | Tolerated | Why |
//! |---|---|
//! | a number (or boolean) where text is declared: its JSON text is kept | seed: verify, `account_number: 333312345` |
//! | a routing number as a number: zeros restored to nine digits | seeds, `routing_number: 91000019` |
//! | a number as text, or a name, in `status` and `account_type` | the Platform form, `domain.md` 1.6 |
//! | `null` or absent for any field but the guid | seed: create, the pre-initiated example |
//! | unknown fields | "new fields may appear", `domain.md` 8 |
//! | a record with or without its `micro_deposit` wrapper | `domain.md` 10-C1 |
//! | `null` for the list | as for any field |
//! | a field given twice (the last holds), an array or object where text is declared (its JSON is kept), a lone surrogate (kept escaped), bytes that are not UTF-8 (replaced), a byte-order mark | an odd field must not make a record unreadable |
//!
//! Reading takes two ways. The quick one (derived, borrowing) covers everything the API is known to send; whatever it
//! cannot read goes through the careful one, which knows the whole table. Both agree wherever both succeed; a property
//! test says so.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::account::{AccountNumber, AccountType};
use crate::error::{DecodeProblem, Error};
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::routing::RoutingNumber;
use crate::secret::Private;
use crate::status::{Stage, Status};
use crate::timestamp::Timestamp;

type Raw<'a> = BTreeMap<String, &'a RawValue>;

/// Reads one record, wrapped or not.
pub(crate) fn record(body: &[u8]) -> Result<Microdeposit, Error> {
    let quick = serde_json::from_slice::<Element>(body).ok().and_then(|element| element.0.finish());
    match quick {
        Some(record) => Ok(record),
        None => careful_record(&text_of(body)),
    }
}

/// Reads a list, nested or flat.
pub(crate) fn list(body: &[u8]) -> Result<Vec<Microdeposit>, Error> {
    match serde_json::from_slice::<QuickList>(body) {
        Ok(QuickList(records)) => Ok(records),
        Err(_) => careful_list(&text_of(body)),
    }
}

/// Reads an object whose values stay as they are, for the small answers and the webhook envelope.
pub(crate) fn object(body: &str) -> Result<Raw<'_>, Error> {
    serde_json::from_str(body).map_err(|error| position(&error))
}

/// The text of a body, whatever its bytes.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

/// The text of one value: `None` for null, the content of a string, the JSON of anything else.
pub(crate) fn text(raw: &RawValue) -> Option<Box<str>> {
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'n') => None,
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => Some(text.into()),
            // Escapes that are no text, such as half a surrogate pair: kept as they stand between the quotes.
            Err(_) => Some(json.trim_matches('"').into()),
        },
        _ => Some(json.into()),
    }
}

/// What serde_json says of a body, without its message: that one may repeat the offending value.
pub(crate) fn position(error: &serde_json::Error) -> Error {
    let problem = if error.is_data() { DecodeProblem::WrongShape } else { DecodeProblem::NotJson };
    let mut out = Error::decode(problem, "$");
    if let Error::Decode { line, column, .. } = &mut out {
        (*line, *column) = (error.line(), error.column());
    }
    out
}

fn careful_record(body: &str) -> Result<Microdeposit, Error> {
    let outer = object(body)?;
    match outer.get("micro_deposit") {
        Some(inner) => careful_fields(&within(inner, "micro_deposit")?, "micro_deposit"),
        None => careful_fields(&outer, "micro_deposit"),
    }
}

fn careful_list(body: &str) -> Result<Vec<Microdeposit>, Error> {
    let outer = object(body)?;
    let Some(items) = outer.get("micro_deposits") else {
        return Err(Error::decode(DecodeProblem::Missing, "micro_deposits"));
    };
    let items: Option<Vec<&RawValue>> =
        serde_json::from_str(items.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, "micro_deposits"))?;
    let read = |(index, item): (usize, &RawValue)| {
        let element = within(item, format!("micro_deposits[{index}]"))?;
        match element.get("micro_deposit") {
            Some(inner) => {
                let path = format!("micro_deposits[{index}].micro_deposit");
                careful_fields(&within(inner, path.clone())?, &path)
            }
            None => careful_fields(&element, &format!("micro_deposits[{index}]")),
        }
    };
    items.unwrap_or_default().into_iter().enumerate().map(read).collect()
}

fn within(raw: &RawValue, path: impl Into<Cow<'static, str>>) -> Result<Raw<'_>, Error> {
    serde_json::from_str(raw.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, path))
}

/// Builds the record out of an object; `path` is for the error.
pub(crate) fn careful_fields(raw: &Raw<'_>, path: &str) -> Result<Microdeposit, Error> {
    let field = |name: &str| Text(raw.get(name).and_then(|raw| text(raw)));
    let routing = |raw: &&RawValue| {
        let text = text(raw)?;
        Some(if raw.get().starts_with('"') { text } else { restore_zeros(&text) })
    };
    let fields = Fields {
        account_name: field("account_name"),
        account_number: field("account_number"),
        account_type: Number::from_text(field("account_type").0),
        account_type_name: Name::from_text(field("account_type_name").0),
        created_at: field("created_at"),
        email: field("email"),
        error_code: field("error_code"),
        error_message: field("error_message"),
        first_name: field("first_name"),
        guid: field("guid"),
        institution_name: field("institution_name"),
        last_name: field("last_name"),
        routing_number: Routing(raw.get("routing_number").and_then(routing)),
        status: Number::from_text(field("status").0),
        status_name: Name::from_text(field("status_name").0),
        updated_at: field("updated_at"),
        verified_at: field("verified_at"),
    };
    fields.finish().ok_or_else(|| Error::decode(DecodeProblem::Missing, format!("{path}.guid")))
}

/// Nine digits out of a number that lost its leading zeros; what is no such number stays as it is.
fn restore_zeros(number: &str) -> Box<str> {
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if digits { format!("{number:0>9}").into() } else { number.into() }
}

/// The fields as they stand on the wire.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Fields {
    account_name: Text,
    account_number: Text,
    account_type: Number,
    account_type_name: Name,
    created_at: Text,
    email: Text,
    error_code: Text,
    error_message: Text,
    first_name: Text,
    guid: Text,
    institution_name: Text,
    last_name: Text,
    routing_number: Routing,
    status: Number,
    status_name: Name,
    updated_at: Text,
    verified_at: Text,
}

impl Fields {
    /// The record, unless it has no guid: what cannot be named is no record.
    fn finish(self) -> Option<Microdeposit> {
        let guid = self.guid.0.filter(|guid| !guid.is_empty())?;
        let status_name = self.status_name.0.or_else(|| self.status.name());
        let account_type_name = self.account_type_name.0.or_else(|| self.account_type.name());
        Some(Microdeposit {
            account_name: self.account_name.0.map(Private::from),
            account_number: self.account_number.0.map(AccountNumber::from_server),
            account_type: self.account_type.number(),
            account_type_name,
            created_at: self.created_at.0.map(Timestamp::new),
            email: self.email.0.map(Private::from),
            error_code: self.error_code.0,
            error_message: self.error_message.0.map(Private::from),
            first_name: self.first_name.0.map(Private::from),
            guid: MicrodepositGuid::from_server(guid),
            institution_name: self.institution_name.0,
            last_name: self.last_name.0.map(Private::from),
            routing_number: self.routing_number.0.map(RoutingNumber::from_server),
            status: Status::from_parts(self.status.number(), status_name.as_deref()),
            status_name,
            updated_at: self.updated_at.0.map(Timestamp::new),
            verified_at: self.verified_at.0.map(Timestamp::new),
        })
    }
}

/// Declares a wire value by what it makes of text, of whole numbers and of null; anything else is left to the careful way.
macro_rules! wire_value {
    ($(#[$doc:meta])* $name:ident($inner:ty); text($text:ident) => $from_text:expr; number($number:ident) => $from_number:expr;) => {
        $(#[$doc])*
        #[derive(Default)]
        struct $name(Option<$inner>);

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

enum WholeOrText {
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
    fn from_text(text: Option<Box<str>>) -> Number {
        Number(text.map(|text| WholeOrText::from_text(&text)))
    }

    fn number(&self) -> Option<i64> {
        match self.0 {
            Some(WholeOrText::Whole(number)) => Some(number),
            _ => None,
        }
    }

    /// The text that stood where a number belongs: the Platform form writes the name there.
    fn name(&self) -> Option<Cow<'static, str>> {
        match &self.0 {
            Some(WholeOrText::Text(text)) => Name::from_text(Some(text.clone())).0,
            _ => None,
        }
    }
}

impl Name {
    fn from_text(text: Option<Box<str>>) -> Name {
        Name(text.map(|text| known_name(&text).map_or_else(|| Cow::Owned(text.into()), Cow::Borrowed)))
    }
}

fn known_name(text: &str) -> Option<&'static str> {
    Stage::from_name(text).map(Stage::name).or_else(|| AccountType::from_name(text).map(AccountType::name))
}

/// One record with or without its wrapper. The wrapper is recognised when it comes first, as it always does; a wrapper
/// behind other keys is found by the careful way, since no guid is found by this one.
struct Element(Fields);

impl<'de> Deserialize<'de> for Element {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Element, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Element;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a microdeposit")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Element, A::Error> {
                let Some(first) = map.next_key::<Cow<'de, str>>()? else {
                    return Ok(Element(Fields::default()));
                };
                if first != "micro_deposit" {
                    let rest = Replayed { first: Some(first), map };
                    return Fields::deserialize(de::value::MapAccessDeserializer::new(rest)).map(Element);
                }
                let fields = map.next_value::<Fields>()?;
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    if key == "micro_deposit" {
                        return Err(de::Error::custom("given twice"));
                    }
                    map.next_value::<IgnoredAny>()?;
                }
                Ok(Element(fields))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// A map whose first key has been looked at already.
struct Replayed<'de, A> {
    first: Option<Cow<'de, str>>,
    map: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Replayed<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: de::DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        match self.first.take() {
            Some(key) => seed.deserialize(de::value::CowStrDeserializer::new(key)).map(Some),
            None => self.map.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: de::DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// A list whose every element is a record.
struct QuickList(Vec<Microdeposit>);

impl<'de> Deserialize<'de> for QuickList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<QuickList, D::Error> {
        #[derive(Deserialize)]
        struct Outer {
            micro_deposits: Elements,
        }
        struct Elements(Vec<Microdeposit>);
        impl<'de> Deserialize<'de> for Elements {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Elements, D::Error> {
                struct Read;
                impl<'de> Visitor<'de> for Read {
                    type Value = Elements;
                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str("a list of microdeposits")
                    }
                    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Elements, A::Error> {
                        let mut records = Vec::new();
                        while let Some(Element(fields)) = seq.next_element()? {
                            records.push(fields.finish().ok_or_else(|| de::Error::missing_field("guid"))?);
                        }
                        Ok(Elements(records))
                    }
                }
                deserializer.deserialize_seq(Read)
            }
        }
        Outer::deserialize(deserializer).map(|outer| QuickList(outer.micro_deposits.0))
    }
}

#[cfg(test)]
mod tests;
