//! Which secret a request goes out with, and where it comes from: a session, opened where there is none, a one-time API token,
//! or the API key.

use std::sync::Arc;
use std::time::Instant;

use nexus_types::{ApiToken, Auth, Error, GetApiToken, OpenSession, Request, Response};

use crate::client::{Client, Deadline, Shared};
use crate::keeper::Ticket;
use crate::observe::Observation;
use crate::settings::{Credentials, Sso};

impl Client {
    /// The secret that a request asks for.
    pub(crate) fn secret(&self, request: &Request, deadline: Deadline) -> Result<Secret, Error> {
        match request.auth {
            Auth::Session => self.ticket(deadline).map(Secret::Session),
            Auth::ApiKey => Ok(Secret::ApiKey(Arc::clone(&self.shared))),
            Auth::ApiToken => {
                let sso = self.sso()?;
                let ask = GetApiToken::new(sso.client_id.clone(), sso.user_id.clone());
                self.run(&ask, deadline).map(Secret::ApiToken)
            }
        }
    }

    pub(crate) fn ticket(&self, deadline: Deadline) -> Result<Ticket, Error> {
        self.shared.keeper.acquire(
            deadline,
            || self.is_cancelled(),
            || {
                self.observe(Observation::Renewing);
                // A session that nobody knows of is no harm: what the caller wanted was not sent.
                self.run(&OpenSession::new(), deadline).map_err(|error| error.with_outcome_unknown(false))
            },
        )
    }

    /// Tells the session keeper about an answer; true for a 401 after which a new session can be had.
    pub(crate) fn note(&self, secret: &Secret, response: &Response, began: Instant) -> bool {
        let Secret::Session(ticket) = secret else { return false };
        let keeper = &self.shared.keeper;
        if response.status == 401 {
            keeper.expire(ticket);
            return keeper.is_renewable();
        }
        keeper.used(ticket, began);
        false
    }

    pub(crate) fn sso(&self) -> Result<&Sso, Error> {
        match &self.shared.settings.credentials {
            Credentials::Sso(sso) => Ok(sso),
            Credentials::Session(_) => {
                Err(Error::input("credentials", "must be client id, user id and API key for this"))
            }
        }
    }
}

/// A secret on its way into one request.
pub(crate) enum Secret {
    Session(Ticket),
    ApiToken(ApiToken),
    ApiKey(Arc<Shared>),
}

impl Secret {
    pub(crate) fn expose(&self) -> &str {
        match self {
            Secret::Session(ticket) => ticket.token.expose(),
            Secret::ApiToken(token) => token.expose(),
            Secret::ApiKey(shared) => match &shared.settings.credentials {
                Credentials::Sso(sso) => sso.api_key.expose(),
                Credentials::Session(_) => "",
            },
        }
    }
}
