//! The options of a world, and its credentials.

use std::fmt;
use std::sync::{Arc, OnceLock};

use nexus_types::InputError;

use crate::deliveries::Subscription;
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
    /// Who gets webhook events from the beginning, and after each reset again. Those to whom nothing can be sent are left out;
    /// [`Sandbox::start`](crate::Sandbox::start) refuses them.
    pub webhooks: Vec<Subscription>,
    /// Hosts that webhooks may be sent to without TLS, beside loopback: those of a network of containers, for example. None by
    /// default.
    pub webhook_hosts: Vec<String>,
    /// The certificates, in PEM form, that a receiver's certificate may be signed by, instead of the usual ones. For receivers
    /// with a certificate of one's own making.
    pub webhook_roots: Option<String>,
    /// Whether [`World::acts`](crate::World::acts) is kept. Off by default.
    pub record_acts: bool,
    /// Tells worlds apart that one server holds: see [`Identity`](crate::rng::Identity).
    pub(crate) salt: u64,
    /// Origins of pages, beside those on loopback, that may show the widget in a frame, such as `https://app.example.com`.
    pub embed_origins: Vec<EmbedOrigin>,
    /// Where the world is served, once it is: its widget's addresses begin so. All tenants of a server share it.
    pub(crate) served_at: Arc<OnceLock<String>>,
    /// What the paths of the world's admin interface begin with.
    pub(crate) admin: String,
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
            webhooks: Vec::new(),
            webhook_hosts: Vec::new(),
            webhook_roots: None,
            record_acts: false,
            salt: 0,
            embed_origins: Vec::new(),
            served_at: Arc::default(),
            admin: "/_sandbox".to_owned(),
        }
    }
}

/// The origin of a page: scheme, host and, if need be, port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedOrigin(String);

impl EmbedOrigin {
    /// Checks it.
    ///
    /// # Errors
    /// Where it is anything else than a scheme, a host and a port.
    pub fn new(origin: &str) -> Result<EmbedOrigin, InputError> {
        let wrong =
            || InputError::new("embed_origin", "must be a scheme, a host and perhaps a port: https://app.example.com");
        let (scheme, host) = origin.split_once("://").ok_or_else(wrong)?;
        let (name, port) = host.split_once(':').unwrap_or((host, "1"));
        let fits = |text: &str, more: &str| {
            text.starts_with(|c: char| c.is_ascii_alphanumeric())
                && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
        };
        let proper = fits(scheme, "+-.") && fits(name, "-.") && port.parse::<u16>().is_ok_and(|port| port > 0);
        if proper { Ok(EmbedOrigin(origin.to_owned())) } else { Err(wrong()) }
    }

    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_to_embed_from_is_nothing_but_an_origin() {
        for good in ["https://app.example.com", "http://192.168.0.7:3000", "capacitor://localhost"] {
            assert_eq!(EmbedOrigin::new(good).unwrap().as_str(), good);
        }
        for bad in [
            "",
            "app.example.com",
            "https://",
            "https://a/b",
            "https://a:0",
            "https://a:b",
            "https://a; script-src *",
            "https://*",
            "https://a\r\nX: y",
            "://a",
            "https://a b",
        ] {
            assert_eq!(EmbedOrigin::new(bad).unwrap_err().field(), "embed_origin", "{bad}");
        }
    }
}
