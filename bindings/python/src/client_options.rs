//! Builds a client of the core from the options of `Client(...)`.

use std::sync::Arc;

use nexus_http::{
    Client, Environment, INTEGRATION_SSO_URL, INTEGRATION_URL, Limits, PRODUCTION_SSO_URL, PRODUCTION_URL, RetryPolicy,
};
use nexus_types::{ApiKey, ClientId, Error, SessionToken, UserId};
use pyo3::prelude::*;

use crate::arguments::{bytes, text_or, whole};
use crate::assumptions::Assumptions;
use crate::convert::duration;
use crate::errors::{checked, raise};
use crate::logging::Log;
use crate::secrets::Secret;

type Any<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

/// As given; nothing is checked yet.
#[derive(Default)]
pub(crate) struct Options<'a, 'py> {
    pub(crate) base_url: Option<&'a str>,
    pub(crate) session_token: Any<'a, 'py>,
    pub(crate) sso_url: Option<&'a str>,
    pub(crate) client_id: Option<&'a str>,
    pub(crate) user_id: Option<&'a str>,
    pub(crate) api_key: Any<'a, 'py>,
    pub(crate) timeout: Any<'a, 'py>,
    pub(crate) attempt_timeout: Any<'a, 'py>,
    pub(crate) connect_timeout: Any<'a, 'py>,
    pub(crate) reconcile_timeout: Any<'a, 'py>,
    pub(crate) max_body: Any<'a, 'py>,
    pub(crate) read_attempts: Any<'a, 'py>,
    pub(crate) environment: Option<&'a str>,
    pub(crate) assumptions: Option<&'a Bound<'py, Assumptions>>,
    pub(crate) proxy: Option<&'a str>,
    pub(crate) root_certificates: Any<'a, 'py>,
    pub(crate) client_certificate: Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)>,
    pub(crate) product: Option<&'a str>,
}

impl Options<'_, '_> {
    /// Checks everything; sends nothing. Gives the limits, too.
    pub(crate) fn build(self, py: Python<'_>, log: Arc<Log>) -> PyResult<(Client, Limits)> {
        let refuse = |field, rule| Err(raise(py, Error::input(field, rule)));
        let base_url = match (self.base_url, self.sso_url) {
            (Some(url), _) => url,
            (None, Some(url)) => data_address(url),
            (None, None) => return refuse("base_url", "is missing"),
        };
        let mut builder = Client::builder(base_url).observer(log);
        if let Some(url) = self.sso_url {
            builder = builder.sso_url(url);
        }
        if let Some(token) = self.session_token {
            builder = builder.session_token(checked(py, SessionToken::new(secret("session_token", token)?))?);
        }
        match (self.client_id, self.user_id, self.api_key) {
            (None, None, None) => {}
            (Some(client_id), Some(user_id), Some(api_key)) => {
                let client_id = checked(py, ClientId::new(client_id))?;
                let user_id = checked(py, UserId::new(user_id))?;
                builder = builder.sso(client_id, user_id, checked(py, ApiKey::new(secret("api_key", api_key)?))?);
            }
            _ => return refuse("credentials", "must be client_id, user_id and api_key together"),
        }
        let mut limits = Limits::default();
        for (name, value, limit) in [
            ("timeout", self.timeout, &mut limits.call),
            ("attempt_timeout", self.attempt_timeout, &mut limits.attempt),
            ("connect_timeout", self.connect_timeout, &mut limits.connect),
            ("reconcile_timeout", self.reconcile_timeout, &mut limits.reconcile),
        ] {
            if let Some(value) = value {
                *limit = duration(name, value)?;
            }
        }
        if let Some(most) = self.max_body {
            limits.body = whole("max_body", most, "must be above zero", |most| *most > 0)?;
        }
        builder = builder.limits(limits);
        if let Some(retry) = retry(self.read_attempts)? {
            builder = builder.retry(retry);
        }
        builder = match self.environment {
            None => builder,
            Some("integration") => builder.environment(Environment::Integration),
            Some("production") => builder.environment(Environment::Production),
            Some(_) => return refuse("environment", "must be \"integration\" or \"production\""),
        };
        if let Some(assumptions) = self.assumptions {
            builder = builder.assumptions(assumptions.get().0);
        }
        if let Some(proxy) = self.proxy {
            builder = builder.proxy(proxy);
        }
        if let Some(pem) = self.root_certificates {
            builder = builder.root_certificates(bytes("root_certificates", pem)?);
        }
        if let Some((chain, key)) = &self.client_certificate {
            let (chain, key) = (bytes("client_certificate", chain)?, bytes("client_certificate", key)?);
            builder = builder.client_certificate(chain, key);
        }
        // Who asks, for the server's logs.
        let own = concat!("mx-nexus-python/", env!("CARGO_PKG_VERSION"));
        let product = self.product.map_or_else(|| own.to_owned(), |product| format!("{product} {own}"));
        let client = py.detach(|| builder.product(product).build());
        // Without a base address the SSO address stands for it.
        let address = if self.base_url.is_some() { "base_url" } else { "sso_url" };
        checked(py, client.map_err(|error| own_name(error, address))).map(|client| (client, limits))
    }
}

/// How often a read may be sent.
pub(crate) fn retry(attempts: Any<'_, '_>) -> PyResult<Option<RetryPolicy>> {
    let rule = "must be 1 or more, and below 2 to the power of 32";
    let attempts = attempts.map(|given| whole("read_attempts", given, rule, |attempts| *attempts > 0)).transpose()?;
    Ok(attempts.map(|attempts| RetryPolicy::default().with_attempts(attempts)))
}

/// The same error about an option under the name that it has here.
fn own_name(error: Error, address: &'static str) -> Error {
    let name = match error.field() {
        Some("base_url") => address,
        Some("call") => "timeout",
        Some("attempt") => "attempt_timeout",
        Some("connect") => "connect_timeout",
        Some("reconcile") => "reconcile_timeout",
        Some("body") => "max_body",
        _ => return error,
    };
    match error {
        Error::Input(input) => Error::input(name, input.rule().to_owned()),
        other => other,
    }
}

/// The data API that belongs to an SSO address: known for MX's own two environments, the same address otherwise.
fn data_address(sso_url: &str) -> &str {
    match sso_url.trim_end_matches('/') {
        url if url == INTEGRATION_SSO_URL.trim_end_matches('/') => INTEGRATION_URL,
        url if url == PRODUCTION_SSO_URL.trim_end_matches('/') => PRODUCTION_URL,
        _ => sso_url,
    }
}

/// Text or a `Secret`.
fn secret(field: &'static str, value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(secret) = value.cast::<Secret>() {
        return Ok(secret.get().text().to_owned());
    }
    text_or(field, value, "text or a Secret").map(str::to_owned)
}
