//! Open a session: `POST /sessions` with a one-time API token (source: domain.md 7.2).

use serde::Serialize;

use super::{Endpoint, body, data_request, gate, inner_text};
use crate::endpoint::sealed::Sealed;
use crate::error::{DecodeProblem, Error};
use crate::operation::Operation;
use crate::secret::SessionToken;
use crate::wire::{Auth, Request, Response};

/// A session for one user, good for 30 idle minutes. Aggregation of existing members is skipped, as MX advises for
/// verification flows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct OpenSession {}

impl OpenSession {
    /// A session.
    pub fn new() -> OpenSession {
        OpenSession {}
    }
}

#[derive(Serialize)]
struct Wrapped {
    session: Options,
}

#[derive(Serialize)]
struct Options {
    skip_aggregation: bool,
}

impl Sealed for OpenSession {}

impl Endpoint for OpenSession {
    type Output = SessionToken;

    fn operation(&self) -> Operation {
        Operation::OpenSession
    }

    fn request(&self) -> Request {
        let wrapped = Wrapped { session: Options { skip_aggregation: true } };
        let request = data_request(Operation::OpenSession, "/sessions".to_owned());
        Request { auth: Auth::ApiToken, body: body(&wrapped), ..request }
    }

    fn parse(&self, response: &Response) -> Result<SessionToken, Error> {
        gate(Operation::OpenSession, None, response, |body| {
            let mut token = inner_text(body, "session", "token")?;
            SessionToken::new(std::mem::take(&mut *token))
                .map_err(|_| Error::decode(DecodeProblem::WrongShape, "session.token"))
        })
    }
}
