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
//! | `status` and `status_name` that contradict each other, apart from the name's case and surrounding space | a contradictory [`Status`], which is no known one |
//! | a known number with an unknown name, or an unknown number with a known name | the same |
//! | in `status`, what is neither a whole number nor a word: `1.5`, `[3]`, `true`, 10^20 | the same |
//! | `status` or `status_name` given twice with different values | the same |
//! | `guid` given twice with different values; `micro_deposit` or `micro_deposits` given twice | an error with the path |
//!
//! Reading takes two ways. The quick one (derived, borrowing) covers everything the API is known to send; whatever it
//! cannot read goes through the careful one, which knows the whole table. Both agree wherever both succeed; a property
//! test says so.

mod careful;
mod columns;
mod fields;
mod paging;
mod quick;
mod raw;
mod text;
mod values;

pub(crate) use self::careful::{fields as careful_fields, object, whole};
pub(crate) use self::paging::{Paging, paging};
pub(crate) use self::text::{text, text_of};
use crate::error::Error;
use crate::microdeposit::Microdeposit;

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
        None => careful::record(&text_of(body)),
    }
}

/// Reads a list, nested or flat.
pub(crate) fn list(body: &[u8]) -> Result<Vec<Microdeposit>, Error> {
    match quick::list(body) {
        Some(records) => Ok(records),
        None => careful::list(&text_of(body)),
    }
}

#[cfg(test)]
mod tests;
