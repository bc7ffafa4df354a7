//! [`ClientBuilder`]: the settings of a client, and their checks.

use std::sync::Arc;
use std::time::Duration;

use nexus_types::decide::poll::Environment;
use nexus_types::decide::retry::RetryPolicy;
use nexus_types::{ApiKey, Assumptions, ClientId, Error, SessionToken, UserId};

use crate::address::{Address, INTEGRATION_SSO_URL, INTEGRATION_URL, PRODUCTION_SSO_URL, PRODUCTION_URL};
use crate::client::Client;
use crate::limits::Limits;
use crate::observe::Observer;
use crate::settings::{Credentials, Settings, Sso};
use crate::tls::Identity;

/// Builds a [`Client`]; see [`Client::builder`].
#[must_use]
pub struct ClientBuilder {
    base_url: String,
    session_token: Option<SessionToken>,
    sso: Option<(ClientId, UserId, ApiKey)>,
    sso_url: Option<String>,
    limits: Limits,
    /// Overrides the limit in `limits`, whichever was given first.
    call: Option<Duration>,
    retry: RetryPolicy,
    environment: Option<Environment>,
    assumptions: Assumptions,
    proxy: Option<String>,
    roots: Option<Vec<u8>>,
    identity: Option<Identity>,
    product: Option<String>,
    observer: Option<Arc<dyn Observer>>,
}

impl Client {
    /// Begins a client for this address: [`INTEGRATION_URL`](crate::INTEGRATION_URL),
    /// [`PRODUCTION_URL`](crate::PRODUCTION_URL), or a sandbox's.
    pub fn builder(base_url: impl Into<String>) -> ClientBuilder {
        ClientBuilder::new(base_url.into())
    }
}

impl ClientBuilder {
    fn new(base_url: String) -> ClientBuilder {
        ClientBuilder {
            base_url,
            session_token: None,
            sso: None,
            sso_url: None,
            limits: Limits::default(),
            call: None,
            retry: RetryPolicy::default(),
            environment: None,
            assumptions: Assumptions::default(),
            proxy: None,
            roots: None,
            identity: None,
            product: None,
            observer: None,
        }
    }

    /// Uses a session that was opened elsewhere. When it expires, calls end with `Unauthorized`.
    pub fn session_token(mut self, token: SessionToken) -> ClientBuilder {
        self.session_token = Some(token);
        self
    }

    /// Opens, keeps and renews sessions of this user.
    pub fn sso(mut self, client_id: ClientId, user_id: UserId, api_key: ApiKey) -> ClientBuilder {
        self.sso = Some((client_id, user_id, api_key));
        self
    }

    /// The address of the SSO API. By default MX's own for its two environments, and the data API's address for any other.
    pub fn sso_url(mut self, url: impl Into<String>) -> ClientBuilder {
        self.sso_url = Some(url.into());
        self
    }

    /// Other limits than the default ones.
    pub fn limits(mut self, limits: Limits) -> ClientBuilder {
        self.limits = limits;
        self
    }

    /// The limit for a call in all, instead of the one in [`limits`](ClientBuilder::limits).
    pub fn timeout(mut self, call: Duration) -> ClientBuilder {
        self.call = Some(call);
        self
    }

    /// How often repeatable requests are repeated. Creates and verifies never are, whatever this says.
    pub fn retry(mut self, policy: RetryPolicy) -> ClientBuilder {
        self.retry = policy;
        self
    }

    /// The environment, which decides how often [`wait`](Client::wait) reads. The default is `Integration` for MX's
    /// integration address and for loopback, otherwise `Production`.
    pub fn environment(mut self, environment: Environment) -> ClientBuilder {
        self.environment = Some(environment);
        self
    }

    /// Replaces the default assumptions about MX's server.
    pub fn assumptions(mut self, assumptions: Assumptions) -> ClientBuilder {
        self.assumptions = assumptions;
        self
    }

    /// Sends https requests through this proxy, `http://host:port`. Without it no proxy is used, whatever the environment
    /// variables say.
    pub fn proxy(mut self, url: impl Into<String>) -> ClientBuilder {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts these root certificates (PEM) instead of the built-in ones of Mozilla.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> ClientBuilder {
        self.roots = Some(pem.into());
        self
    }

    /// Presents this certificate chain and private key (PEM) where a server asks for one.
    pub fn client_certificate(mut self, chain_pem: impl Into<Vec<u8>>, key_pem: impl Into<Vec<u8>>) -> ClientBuilder {
        self.identity = Some(Identity::new(chain_pem.into(), key_pem.into()));
        self
    }

    /// Names the calling program in the header `User-Agent`, before this library: `acme-onboarding/2.1`.
    pub fn product(mut self, product: impl Into<String>) -> ClientBuilder {
        self.product = Some(product.into());
        self
    }

    /// Has every exchange observed.
    pub fn observer(mut self, observer: Arc<dyn Observer>) -> ClientBuilder {
        self.observer = Some(observer);
        self
    }

    /// Checks everything and builds the client. Sends nothing.
    ///
    /// # Errors
    /// `Input`, naming the setting: `base_url`, `sso_url`, `credentials`, `connect`, `attempt`, `call`, `reconcile`, `body`,
    /// `assumptions`, `proxy`, `root_certificates`, `client_certificate` or `product`.
    pub fn build(self) -> Result<Client, Error> {
        let base = Address::new("base_url", &self.base_url)?;
        let credentials = match (self.session_token, self.sso) {
            (Some(token), None) => Credentials::Session(token),
            (None, Some((client_id, user_id, api_key))) => {
                let address = match &self.sso_url {
                    Some(url) => Address::new("sso_url", url)?,
                    None => sso_of(&base)?,
                };
                Credentials::Sso(Sso { address, client_id, user_id, api_key })
            }
            (Some(_), Some(_)) => return Err(Error::input("credentials", "must be a session token or SSO, not both")),
            (None, None) => return Err(Error::input("credentials", "are missing: a session token, or SSO")),
        };
        let limits = Limits { call: self.call.unwrap_or(self.limits.call), ..self.limits };
        limits.check()?;
        crate::limits::check_assumptions(&self.assumptions)?;
        if self.proxy.is_some() && !(base.is_https() && credentials.is_https()) {
            // To a proxy, plain http is no loopback: it would hear the token.
            return Err(Error::input("proxy", "can be used with https addresses only"));
        }
        let tls = crate::tls::config(self.roots.as_deref(), self.identity.as_ref())?;
        let proxy = self.proxy.as_deref().map(proxy).transpose()?;
        let user_agent = user_agent(self.product.as_deref())?;
        let config = |idle| {
            ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(proxy.clone())
                .user_agent(&user_agent)
                .accept_encoding(ureq::config::AutoHeaderValue::None)
                .timeout_connect(Some(limits.connect))
                .timeout_resolve(Some(limits.connect))
                .timeout_global(Some(limits.attempt))
                .max_idle_connections_per_host(idle)
                .max_idle_connections(idle)
                .tls_config(tls.clone())
                .build()
        };
        let near = base.is_loopback() || base.origin() == INTEGRATION_URL;
        let own = if near { Environment::Integration } else { Environment::Production };
        let environment = self.environment.unwrap_or(own);
        Ok(Client::new(Settings {
            base,
            credentials,
            limits,
            retry: self.retry,
            environment,
            assumptions: self.assumptions,
            observer: self.observer,
            configs: [config(IDLE), config(0)],
        }))
    }
}

/// Connections that are kept for later.
const IDLE: usize = 16;

fn sso_of(base: &Address) -> Result<Address, Error> {
    // By host alone: MX's own data host must not see the API key, whatever path is asked there.
    match base.origin() {
        INTEGRATION_URL => Address::new("sso_url", INTEGRATION_SSO_URL),
        PRODUCTION_URL => Address::new("sso_url", PRODUCTION_SSO_URL),
        _ => Ok(base.clone()),
    }
}

fn proxy(url: &str) -> Result<ureq::Proxy, Error> {
    let refused = || Error::input("proxy", "must be an address such as http://host:port");
    let proxy = ureq::Proxy::new(url).map_err(|_| refused())?;
    // ureq takes more kinds here than it is built to use.
    let usable = matches!(proxy.protocol(), ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https);
    if usable { Ok(proxy) } else { Err(refused()) }
}

fn user_agent(product: Option<&str>) -> Result<String, Error> {
    let own = concat!("nexus-http/", env!("CARGO_PKG_VERSION"));
    match product {
        None => Ok(own.to_owned()),
        Some(product) if (1..=200).contains(&product.len()) && product.bytes().all(|b| (b' '..=b'~').contains(&b)) => {
            Ok(format!("{product} {own}"))
        }
        Some(_) => Err(Error::input("product", "must be 1 to 200 visible ASCII characters")),
    }
}

impl std::fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
#[path = "builder_tests.rs"]
mod tests;
