//! The careful parser: it applies the whole table of tolerances, and an error names the path at which a body cannot be read.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::columns::{Column, Wire};
use super::fields::Fields;
use super::raw::Raw;
use super::text::text;
use crate::error::{DecodeProblem, Error};
use crate::microdeposit::Microdeposit;
use crate::status::Status;

pub(super) fn record(body: &str) -> Result<Microdeposit, Error> {
    let outer = object(body)?;
    match outer.wrapper("micro_deposit", "micro_deposit")? {
        Some(inner) => {
            let inner = within(inner, "micro_deposit")?;
            not_contradicted(&outer, &inner, "micro_deposit")?;
            fields(&inner, "micro_deposit")
        }
        None => fields(&outer, "micro_deposit"),
    }
}

/// What stands beside the wrapper must not say something else of who the record is and where it stands, nor that it is an
/// error after all.
fn not_contradicted(outer: &Raw<'_>, inner: &Raw<'_>, path: &str) -> Result<(), Error> {
    let given = |raw: &Raw<'_>, name: &str| raw.get(name).and_then(text);
    let same = |name: &&str| match given(outer, name) {
        Some(value) => given(inner, name) == Some(value),
        None => true,
    };
    let error = ["error", "errors"].into_iter().find(|name| given(outer, name).is_some());
    match error.or(["guid", "status", "status_name"].into_iter().find(|name| !same(name))) {
        Some(name) => Err(Error::decode(DecodeProblem::WrongShape, format!("{path}: {name} beside it"))),
        None => Ok(()),
    }
}

pub(super) fn list(body: &str) -> Result<Vec<Microdeposit>, Error> {
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
                fields(&inner, &path)
            }
            None => fields(&element, &format!("micro_deposits[{index}]")),
        }
    };
    items.into_iter().enumerate().map(read).collect()
}

fn within(raw: &RawValue, path: impl Into<Cow<'static, str>>) -> Result<Raw<'_>, Error> {
    serde_json::from_str(raw.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, path))
}

/// Builds the record out of an object; `path` is for the error.
pub(crate) fn fields(raw: &Raw<'_>, path: &str) -> Result<Microdeposit, Error> {
    if raw.differs("guid") {
        return Err(Error::decode(DecodeProblem::WrongShape, format!("{path}.guid")));
    }
    let found = Fields::careful(raw);
    let twice = raw.differs("status") || raw.differs("status_name");
    let status = match found.status() {
        Some(status) if !twice => status,
        _ => Status::contradictory(&raw.came_for_status()),
    };
    found.finish(&status).ok_or_else(|| Error::decode(DecodeProblem::Missing, format!("{path}.guid")))
}

/// Reads an object whose values stay as they are, for the small responses and the webhook envelope.
pub(crate) fn object(body: &str) -> Result<Raw<'_>, Error> {
    serde_json::from_str(body).map_err(|error| position(&error))
}

/// The whole number of one value, in whichever form it came.
pub(crate) fn whole(raw: &RawValue) -> Option<i64> {
    <Option<i64> as Column>::Wire::careful(Some(raw)).number()
}

/// What serde_json says of a body, without its message: that one may repeat the offending value.
fn position(error: &serde_json::Error) -> Error {
    let problem = if error.is_data() { DecodeProblem::WrongShape } else { DecodeProblem::NotJson };
    let mut out = Error::decode(problem, "$");
    if let Error::Decode { line, column, .. } = &mut out {
        (*line, *column) = (error.line(), error.column());
    }
    out
}
