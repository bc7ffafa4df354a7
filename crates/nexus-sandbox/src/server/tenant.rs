//! [`Tenant`]: one tenant of a sandbox, for whoever made it. And what is said about it.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::options::Credentials;
use crate::server::own_world::OwnWorld;
use crate::server::tenants::Tenants;
use crate::world::World;

/// A tenant of a [`Sandbox`](crate::Sandbox): a [`World`] of its own with its own client, key, users, clock, policy and
/// faults, at the same address. Made by [`Sandbox::tenant`](crate::Sandbox::tenant); gone by [`delete`](Tenant::delete), after
/// the time that it was given, or with the sandbox. Dropping this deletes nothing.
///
/// ```
/// use std::time::Duration;
///
/// use nexus_sandbox::{Options, Sandbox, TenantOptions};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// let (one, two) = (sandbox.tenant(TenantOptions::default())?, sandbox.tenant(TenantOptions::default())?);
/// one.advance(Duration::from_secs(120));
/// assert_eq!(one.with_world(|world| world.now().as_str().to_owned()), "2026-01-05T09:02:00.000Z");
/// assert_eq!(two.with_world(|world| world.now().as_str().to_owned()), "2026-01-05T09:00:00.000Z");
/// assert_ne!(one.credentials().api_key, two.credentials().api_key);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Tenant {
    own: Arc<OwnWorld>,
    tenants: Arc<Tenants>,
    url: String,
}

impl Tenant {
    pub(crate) fn new(own: Arc<OwnWorld>, tenants: Arc<Tenants>, url: &str) -> Tenant {
        Tenant { own, tenants, url: url.to_owned() }
    }

    /// Its name: the admin interface's paths for it begin with `/_sandbox/t/{name}/` in place of `/_sandbox/`.
    pub fn name(&self) -> &str {
        &self.own.name
    }

    /// The base address, for the data API and the SSO API alike: the sandbox's own.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Who may ask.
    pub fn credentials(&self) -> &Credentials {
        &self.own.credentials
    }

    /// Gives access to its world between two requests; also where it is deleted.
    pub fn with_world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.own.with_world(look)
    }

    /// Moves its clock, and nobody else's. Where its webhooks are due on the way, each is sent at its own time, and this ends
    /// when all are.
    pub fn advance(&self, by: Duration) {
        self.own.advance(by);
    }

    /// What a caller needs to know, as JSON: what `POST /_sandbox/tenants` responds with. It has the tenant's secrets.
    pub fn to_json(&self) -> String {
        told(&self.url, &self.own).to_string()
    }

    /// Takes it out: its tokens and its key open nothing any more. False where it is gone already.
    pub fn delete(self) -> bool {
        let is_own = self.tenants.named(&self.own.name).is_some_and(|named| Arc::ptr_eq(&named, &self.own));
        is_own && self.tenants.remove(&self.own.name)
    }
}

/// The address and the credentials of a sandbox or a tenant: the one place that says which fields there are.
pub(crate) fn access(url: &str, console: &str, credentials: &Credentials) -> Value {
    json!({
        "url": url,
        "sso_url": url,
        "console_url": format!("{url}{console}"),
        "client_id": credentials.client_id,
        "user_id": credentials.user_id,
        "api_key": credentials.api_key,
        "session_token": credentials.session_token,
    })
}

pub(crate) fn told(url: &str, own: &OwnWorld) -> Value {
    let mut told = access(url, &format!("/_sandbox/t/{}/console/", own.name), &own.credentials);
    if let Value::Object(fields) = &mut told {
        fields.insert("name".to_owned(), json!(own.name));
    }
    told
}
