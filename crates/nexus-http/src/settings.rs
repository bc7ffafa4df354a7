//! [`Settings`]: the checked settings of a client.

use std::sync::Arc;

use nexus_types::decide::poll::Environment;
use nexus_types::decide::retry::RetryPolicy;
use nexus_types::{ApiKey, Assumptions, ClientId, SessionToken, UserId};

use crate::address::Address;
use crate::limits::Limits;
use crate::observe::Observer;

/// The credentials of the caller.
pub(crate) enum Credentials {
    Session(SessionToken),
    Sso(Sso),
}

impl Credentials {
    pub(crate) fn sso(&self) -> Option<&Sso> {
        match self {
            Credentials::Session(_) => None,
            Credentials::Sso(sso) => Some(sso),
        }
    }

    pub(crate) fn is_https(&self) -> bool {
        match self {
            Credentials::Session(_) => true,
            Credentials::Sso(sso) => sso.address.is_https(),
        }
    }
}

/// A client of the SSO API and one of its users.
pub(crate) struct Sso {
    pub(crate) address: Address,
    pub(crate) client_id: ClientId,
    pub(crate) user_id: UserId,
    pub(crate) api_key: ApiKey,
}

pub(crate) struct Settings {
    pub(crate) base: Address,
    pub(crate) credentials: Credentials,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) environment: Environment,
    pub(crate) assumptions: Assumptions,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    /// For connections that are kept, and for new ones each time.
    pub(crate) configs: [ureq::config::Config; 2],
}
