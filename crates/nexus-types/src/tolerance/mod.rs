//! Every tolerance in reading the server's JSON, in one place. Everywhere else the core is strict.
//!
//! | Tolerated | Why |
//! |---|---|
//! | a number (or boolean) where text is declared: its JSON text is kept | domain.md C3: MX's verify page shows `account_number: 333312345` |
//! | a routing number as a number: zeros restored to nine digits | domain.md C2: MX's pages show `routing_number: 91000019` |
//! | a number as text, or a name, in `status` and `account_type` | the Platform form, domain.md 1.6 |
//! | `null` or absent for any field but the guid (and for the list: no list is not an empty one) | domain.md 1.1: the pre-initiated example is full of nulls |
//! | unknown fields | "new fields may appear", domain.md 8 |
//! | a record with or without its `micro_deposit` wrapper, and other things beside it that do not contradict it | domain.md C1 |
//! | a field given twice (the last holds; but see below), an array or object where text is declared (its JSON is kept), a lone surrogate (kept escaped), bytes that are not UTF-8 (replaced), a byte-order mark | an odd field must not make a record unreadable |
//!
//! No tolerance turns contradictory values into a known status:
//!
//! | Not believed | Read as |
//! |---|---|
//! | `status` and `status_name` at odds, case and space around the name aside | a contradictory [`Status`], which is none of the ten |
//! | a known number beside a name that nobody knows, or the other way round | the same |
//! | in `status`, what is neither a whole number nor a word: `1.5`, `[3]`, `true`, 10^20 | the same |
//! | `status` or `status_name` given twice with different values | the same |
//! | `guid` given twice with different values; `micro_deposit` or `micro_deposits` given twice | an error with the path |
//!
//! Reading takes two ways. The quick one (derived, borrowing) covers everything the API is known to send; whatever it
//! cannot read goes through the careful one, which knows the whole table. Both agree wherever both succeed; a property
//! test says so.

mod columns;
mod paging;
mod quick;
mod raw;
mod values;

use std::borrow::Cow;

use serde_json::value::RawValue;

use self::columns::{Column, Wire};
pub(crate) use self::paging::{Paging, paging};
pub(crate) use self::raw::Raw;
use crate::account::AccountNumber;
use crate::error::{DecodeProblem, Error};
use crate::guid::MicrodepositGuid;
use crate::microdeposit::{Microdeposit, record as fields};
use crate::private::Private;
use crate::routing::RoutingNumber;
use crate::status::{KnownStatus, Status, agree, is_a_word};
use crate::timestamp::Timestamp;

impl Microdeposit {
    /// Reads a record out of JSON in the API's own shape, wrapped or bare, with the tolerance that the server's responses get.
    ///
    /// # Errors
    /// `Decode` where it is no JSON object, or has no guid.
    pub fn from_json(json: &[u8]) -> Result<Microdeposit, Error> {
        record(json)
    }
}

/// Reads one record, wrapped or not.
pub(crate) fn record(body: &[u8]) -> Result<Microdeposit, Error> {
    match quick::record(body) {
        Some(record) => Ok(record),
        None => careful_record(&text_of(body)),
    }
}

/// Reads a list, nested or flat.
pub(crate) fn list(body: &[u8]) -> Result<Vec<Microdeposit>, Error> {
    match quick::list(body) {
        Some(records) => Ok(records),
        None => careful_list(&text_of(body)),
    }
}

/// Reads an object whose values stay as they are, for the small responses and the webhook envelope.
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

/// The whole number of one value, in whichever form it came.
pub(crate) fn whole(raw: &RawValue) -> Option<i64> {
    <Option<i64> as Column>::Wire::careful(Some(raw)).number()
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
    match outer.wrapper("micro_deposit", "micro_deposit")? {
        Some(inner) => {
            let inner = within(inner, "micro_deposit")?;
            not_contradicted(&outer, &inner, "micro_deposit")?;
            careful_fields(&inner, "micro_deposit")
        }
        None => careful_fields(&outer, "micro_deposit"),
    }
}

/// What stands beside the wrapper must not say something else of who the record is and where it stands, nor that it is an
/// error after all.
fn not_contradicted(outer: &Raw<'_>, inner: &Raw<'_>, path: &str) -> Result<(), Error> {
    let given = |raw: &Raw<'_>, name: &str| raw.get(name).and_then(text);
    let same = |name: &&str| match given(outer, name) {
        Some(told) => given(inner, name) == Some(told),
        None => true,
    };
    let error = ["error", "errors"].into_iter().find(|name| given(outer, name).is_some());
    match error.or(["guid", "status", "status_name"].into_iter().find(|name| !same(name))) {
        Some(name) => Err(Error::decode(DecodeProblem::WrongShape, format!("{path}: {name} beside it"))),
        None => Ok(()),
    }
}

fn careful_list(body: &str) -> Result<Vec<Microdeposit>, Error> {
    let outer = object(body)?;
    let Some(items) = outer.wrapper("micro_deposits", "micro_deposits")? else {
        return Err(Error::decode(DecodeProblem::Missing, "micro_deposits"));
    };
    let items: Option<Vec<&RawValue>> =
        serde_json::from_str(items.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, "micro_deposits"))?;
    let items = items.ok_or_else(|| Error::decode(DecodeProblem::Missing, "micro_deposits"))?;
    let read = |(index, item): (usize, &RawValue)| {
        let element = within(item, format!("micro_deposits[{index}]"))?;
        let path = format!("micro_deposits[{index}].micro_deposit");
        match element.wrapper("micro_deposit", path.clone())? {
            Some(inner) => {
                let inner = within(inner, path.clone())?;
                not_contradicted(&element, &inner, &path)?;
                careful_fields(&inner, &path)
            }
            None => careful_fields(&element, &format!("micro_deposits[{index}]")),
        }
    };
    items.into_iter().enumerate().map(read).collect()
}

fn within(raw: &RawValue, path: impl Into<Cow<'static, str>>) -> Result<Raw<'_>, Error> {
    serde_json::from_str(raw.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, path))
}

/// Builds the record out of an object; `path` is for the error.
pub(crate) fn careful_fields(raw: &Raw<'_>, path: &str) -> Result<Microdeposit, Error> {
    if raw.differs("guid") {
        return Err(Error::decode(DecodeProblem::WrongShape, format!("{path}.guid")));
    }
    let fields = Fields::careful(raw);
    let twice = raw.differs("status") || raw.differs("status_name");
    let status = match fields.status() {
        Some(status) if !twice => status,
        _ => Status::contradictory(&raw.came_for_status()),
    };
    fields.finish(&status).ok_or_else(|| Error::decode(DecodeProblem::Missing, format!("{path}.guid")))
}

macro_rules! define {
    ($($(#[$doc:meta])* $name:ident, $field:ident = $number:literal, $kind:ty;)*) => {
        /// The fields as they stand on the wire.
        #[derive(Default)]
        struct Fields { $($name: <$kind as Column>::Wire,)* }

        impl Fields {
            /// What the careful way finds in an object.
            fn careful(raw: &Raw<'_>) -> Fields {
                Fields { $($name: Wire::careful(raw.get(stringify!($name))),)* }
            }

            /// What each type makes of what stands for it, in a record of this status.
            fn become_a_record(self, status: &Status) -> Microdeposit {
                Microdeposit { $($name: Column::from_wire(self.$name, status),)* }
            }
        }
    };
}
fields!(define);

impl Fields {
    /// The status that both of its fields say, or either; none where they are at odds, or where what stands in `status` can be
    /// no status.
    fn status(&self) -> Option<Status> {
        let name = self.status_name.0.as_deref();
        let number = self.status.number();
        // What nearly every record says, before everything that takes longer.
        if let (Some(stage), Some(name)) = (number.and_then(KnownStatus::from_number), name)
            && stage.name() == name
        {
            return Some(stage.status());
        }
        let one = match self.status.text() {
            // The Platform form writes the name where the number belongs; the field for the name may repeat it.
            Some(text) => {
                let same = |name: &str| name.trim().is_empty() || name.trim().eq_ignore_ascii_case(text.trim());
                is_a_word(text) && name.is_none_or(same)
            }
            None => agree(number, name),
        };
        let known = self.status.text().filter(|text| KnownStatus::from_name(text).is_some());
        let said = known.or(name.filter(|name| !name.trim().is_empty())).or(self.status.text());
        one.then(|| Status::from_parts(number, said))
    }

    /// The record, unless it has no guid: what cannot be named is no record.
    fn finish(mut self, status: &Status) -> Option<Microdeposit> {
        self.guid.0.as_ref().filter(|guid| !guid.is_empty())?;
        self.status_name.0 = self.status_name.0.or_else(|| self.status.name()).filter(|_| !status.is_contradictory());
        self.account_type_name.0 = self.account_type_name.0.or_else(|| self.account_type.name());
        Some(self.become_a_record(status))
    }
}

#[cfg(test)]
mod tests;
