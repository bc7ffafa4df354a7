//! The operations of the API. Each is a value that knows how to become a [`Request`] and how to read a [`Response`].
//!
//! ```text
//! intention --request()--> Request --(anything that moves bytes)--> Response --parse()--> record, status or error
//! ```
//!
//! Building a request from valid values cannot fail, and neither half does any I/O.

mod api_token;
mod create;
mod list;
mod open_session;
mod pages;
mod preinitiate;
mod read;
mod refusal;
pub(crate) mod sealed;
mod verify;
mod widget_url;

use self::sealed::Sealed;
use std::borrow::Cow;

use serde_json::value::RawValue;
use zeroize::Zeroizing;

use crate::assumptions::Assumptions;
use crate::error::{DecodeProblem, Error};
use crate::guid::MicrodepositGuid;
use crate::json_body::body;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;
use crate::tolerance;
use crate::wire::{Auth, Host, MEDIA_TYPE, Request, Response};

pub use api_token::{ClientId, GetApiToken, UserId};
pub use create::Create;
pub use list::List;
pub use open_session::OpenSession;
pub use pages::{Next, Page, Pages, Sign};
pub use preinitiate::Preinitiate;
pub use read::Read;
pub use verify::Verify;
pub use widget_url::{WidgetLink, WidgetUrl};

/// One operation of the API: what to send, and how to read what comes back. Only this crate implements it.
pub trait Endpoint: Sealed {
    /// What a success brings.
    type Output;

    /// Which operation it is, and so whether it may be repeated.
    fn operation(&self) -> Operation;

    /// What to send, but for the secret that the carrier joins.
    fn request(&self) -> Request;

    /// Reads the response.
    ///
    /// # Errors
    /// `Api` for every HTTP status but 2xx; `Decode` for a success that cannot be read. Both say what the operation was,
    /// which microdeposit it was about, and whether the outcome is unknown.
    fn parse(&self, response: &Response) -> Result<Self::Output, Error>;

    /// As [`parse`](Endpoint::parse), and an error says how long the server asks to wait; `unix` is the present second since
    /// 1970, UTC.
    ///
    /// # Errors
    /// As `parse`.
    fn parse_at(&self, response: &Response, unix: i64) -> Result<Self::Output, Error> {
        self.parse(response).map_err(|error| error.with_retry_after(response.wait(unix)))
    }
}

/// Passes only a 2xx to `read`, and adds the call's context to every error.
fn gate<T>(
    operation: Operation,
    guid: Option<&MicrodepositGuid>,
    response: &Response,
    read: impl FnOnce(&[u8]) -> Result<T, Error>,
) -> Result<T, Error> {
    let success = (200..300).contains(&response.status);
    let outcome = if success {
        read(&response.body).map_err(|error| at_status(error, response.status))
    } else {
        Err(refusal::judge(operation, response))
    };
    outcome.map_err(|error| {
        let assumptions = Assumptions::default();
        let unknown = !operation.repeatable() && !assumptions.refuses(response.status);
        let assumed = if operation.repeatable() { None } else { assumptions.behind(response.status) };
        let error = error.with_operation(operation).with_guid(guid.cloned()).with_attempts(1);
        error.with_outcome_unknown(unknown).with_assumption(assumed)
    })
}

/// The record of a response, if it is the one that was asked for. A mixed-up cache must not verify another's account.
fn same(record: Microdeposit, asked: &MicrodepositGuid) -> Result<Microdeposit, Error> {
    if record.guid.as_str().eq_ignore_ascii_case(asked.as_str()) {
        Ok(record)
    } else {
        Err(Error::decode(DecodeProblem::AnotherRecord, "micro_deposit.guid"))
    }
}

/// A request to the data API in the session of a user, without body.
fn data_request(operation: Operation, path: String) -> Request {
    let method = operation.method();
    let (host, media_type, auth) = (Host::Data, MEDIA_TYPE, Auth::Session);
    Request { operation, method, host, path, media_type, auth, body: None, guid: None }
}

fn at_status(mut error: Error, http: u16) -> Error {
    if let Error::Decode { status, .. } = &mut error {
        *status = http;
    }
    error
}

/// Reads `{"outer":{"inner":"text"}}`, the shape of the small responses that carry a token or an address. What it makes of it is
/// wiped, but for text with escapes, of which the JSON reader makes a copy of its own; tokens have none.
fn inner_text(body: &[u8], outer: &'static str, inner: &'static str) -> Result<Zeroizing<String>, Error> {
    let replaced;
    let body = match tolerance::text_of(body) {
        Cow::Borrowed(body) => body,
        Cow::Owned(text) => {
            replaced = Zeroizing::new(text);
            &replaced
        }
    };
    let object = tolerance::object(body)?;
    let held = object.get(outer).ok_or_else(|| Error::decode(DecodeProblem::Missing, outer))?;
    let held = tolerance::object(held.get()).map_err(|_| Error::decode(DecodeProblem::WrongShape, outer))?;
    let path = || format!("{outer}.{inner}");
    let plain = |raw: &RawValue| serde_json::from_str::<&str>(raw.get()).map(str::to_owned).ok();
    let read = |raw| plain(raw).or_else(|| tolerance::text(raw).map(String::from)).map(Zeroizing::new);
    let text = held.get(inner).and_then(read);
    text.filter(|text| !text.is_empty()).ok_or_else(|| Error::decode(DecodeProblem::Missing, path()))
}

#[cfg(test)]
mod tests;
