//! The options of a world, and its credentials.

use std::fmt;

use crate::policy::{Policy, Profile};

/// 2026-01-05T09:00:00Z, a Monday.
const DEFAULT_START: i64 = 1_767_603_600;

/// How a world begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// All chance comes from it: guids, tokens, amounts, delays.
    pub seed: u64,
    /// Which environment is imitated.
    pub profile: Profile,
    /// What MX has not documented.
    pub policy: Policy,
    /// The clock at the beginning, in seconds since 1970, UTC. 2026-01-05T09:00:00Z by default.
    pub start_unix_seconds: i64,
    /// The client that they belong to. `sandbox-client` by default.
    pub client_id: String,
    /// The users that exist from the beginning, by the partner's identifiers; the first is the one of [`Credentials`], and
    /// `user-1` where there is none. Others appear by themselves, see [`Policy::known_users_only`].
    pub users: Vec<String>,
    /// Whether [`World::acts`](crate::World::acts) is kept. Off by default.
    pub record_acts: bool,
    /// Tells worlds apart that one server holds: see [`Identity`](crate::rng::Identity).
    pub(crate) salt: u64,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 0,
            profile: Profile::default(),
            policy: Policy::default(),
            start_unix_seconds: DEFAULT_START,
            client_id: "sandbox-client".to_owned(),
            users: vec!["user-1".to_owned(), "user-2".to_owned()],
            record_acts: false,
            salt: 0,
        }
    }
}

/// What a caller needs, made from the seed. It opens nothing but a sandbox; all the same, printing it shows no secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Credentials {
    /// The client's identifier.
    pub client_id: String,
    /// The first user.
    pub user_id: String,
    /// The client's key to the SSO API.
    pub api_key: String,
    /// A session of that user, open from the beginning.
    pub session_token: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("client_id", &self.client_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}
