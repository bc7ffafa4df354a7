//! [`Sandbox`]: a [`World`] behind a port on loopback, HTTP/1.1 with keep-alive; and further worlds, its tenants. Besides the
//! `courier` and the `receiver` of webhooks, only what is in this folder uses sockets.

mod allowed;
pub(crate) mod connection;
mod cors;
mod delivery;
mod durations;
mod exchange;
mod files;
mod gate;
mod listening;
mod live;
mod metrics;
pub(crate) mod own_world;
mod place;
mod serve;
mod serving;
mod tenant;
pub(crate) mod tenant_calls;
pub(crate) mod tenant_options;
pub(crate) mod tenants;
#[cfg(test)]
mod walk_tests;

use std::io;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread::JoinHandle;
use std::time::Duration;

use nexus_types::InputError;
use tokio::sync::oneshot;

pub use self::allowed::{HostName, Origin};
use self::exchange::Served;
use self::gate::Gate;
use self::listening::Listening;
use self::own_world::Running;
use self::place::Place;
pub use self::serving::{Notice, Serving};
pub use self::tenant::Tenant;
pub use self::tenant_options::TenantOptions;
use self::tenants::Tenants;
use crate::call::{Call, Reply};
use crate::options::{Credentials, Options};
use crate::world::World;

/// A sandbox that serves over HTTP until it is stopped or dropped.
///
/// ```
/// use nexus_sandbox::{Options, Sandbox};
///
/// let sandbox = Sandbox::start(Options::default())?;
/// assert!(sandbox.url().starts_with("http://127.0.0.1:"));
/// sandbox.with_world(|world| assert_eq!(world.now().as_str(), "2026-01-05T09:00:00.000Z"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sandbox {
    url: String,
    tenants: Arc<Tenants>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Sandbox {
    /// Starts on a free port, with a clock that moves only on request.
    ///
    /// # Errors
    /// When no port can be bound or no thread started.
    pub fn start(options: Options) -> io::Result<Sandbox> {
        Sandbox::start_with(options, Serving::default())
    }

    /// Starts.
    ///
    /// # Errors
    /// When the port cannot be bound or no thread started, or when webhooks are to go where they may not.
    pub fn start_with(options: Options, serving: Serving) -> io::Result<Sandbox> {
        check(&options)?;
        if serving.raise_open_files {
            files::raise();
        }
        let tenants = Arc::new(Tenants::new(options, Running { real_time: serving.real_time, log: serving.log }));
        let (stop, stopped) = oneshot::channel();
        let (ready, is_ready) = mpsc::channel();
        let served = Arc::clone(&tenants);
        let thread = std::thread::Builder::new().name("nexus-sandbox".to_owned()).spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
            match runtime {
                Ok(runtime) => runtime.block_on(run(serving, served, stopped, &ready)),
                Err(error) => drop(ready.send(Err(error))),
            }
        })?;
        let url = is_ready.recv().map_err(|_| io::Error::other("the sandbox ended before it was ready"))??;
        Ok(Sandbox { url, tenants, stop: Some(stop), thread: Some(thread) })
    }

    /// The base address, for the data API and the SSO API alike.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Who may ask.
    pub fn credentials(&self) -> &Credentials {
        &self.tenants.first().credentials
    }

    /// Address and credentials as JSON: what `nexus sandbox --json` prints first. It has the sandbox's secrets.
    pub fn to_json(&self) -> String {
        tenant::access(&self.url, "/_sandbox/console/", self.credentials()).to_string()
    }

    /// Gives access to the world between two requests.
    pub fn with_world<T>(&self, look: impl FnOnce(&mut World) -> T) -> T {
        self.tenants.first().with_world(look)
    }

    /// Moves the world's clock. Where webhooks are due on the way, each is sent at its own time, and this ends when all are.
    pub fn advance(&self, by: Duration) {
        self.tenants.first().advance(by);
    }

    /// Responds as to a request over HTTP, those for tenants' admin interfaces included; one of the API is for the first world. One
    /// that waits for webhooks to be sent waits here.
    pub fn respond(&self, call: &Call<'_>) -> Reply {
        let place = Place::of(call.path);
        if let Some((route, name)) = place.server() {
            return tenant_calls::respond(&self.tenants, &self.url, call, route, name);
        }
        let own = place.tenant.map_or_else(|| Some(Arc::clone(self.tenants.first())), |name| self.tenants.named(name));
        own.map_or_else(tenant_calls::unknown, |own| own.respond(&Call { path: &place.path, ..*call }))
    }

    /// Makes a tenant: another world at the same address, for a test that shall not meet the others.
    ///
    /// # Errors
    /// When an option breaks its rule, or the name is taken.
    pub fn tenant(&self, options: TenantOptions) -> Result<Tenant, InputError> {
        let own = self.tenants.make(options)?;
        Ok(Tenant::new(own, Arc::clone(&self.tenants), &self.url))
    }

    /// Ends: no new connections, requests under way are completed.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        for own in self.tenants.all() {
            own.stop_sending();
        }
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in that thread has been reported there.
            let _ = thread.join();
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether webhooks can be sent as the options say.
fn check(options: &Options) -> io::Result<()> {
    for subscription in &options.webhooks {
        let wrong = |error| io::Error::new(io::ErrorKind::InvalidInput, error);
        subscription.check_for(options).map_err(wrong)?;
    }
    #[cfg(feature = "webhooks")]
    if options.webhook_roots.as_deref().is_some_and(|pem| crate::sending::certificates(pem).is_empty()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "webhook_roots must hold certificates in PEM form"));
    }
    if !options.webhooks.is_empty() && !cfg!(feature = "webhooks") {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "built without the feature webhooks"));
    }
    Ok(())
}

async fn run(
    serving: Serving,
    tenants: Arc<Tenants>,
    stopped: oneshot::Receiver<()>,
    ready: &mpsc::Sender<io::Result<String>>,
) {
    let (listening, notice) = match Listening::bind(serving.port).await {
        Ok(bound) => bound,
        Err(error) => return drop(ready.send(Err(error))),
    };
    let url = format!("http://127.0.0.1:{}", listening.port);
    tenants.serve_at(&url);
    let gate = Gate::new(listening.port, serving.host_names.clone(), serving.cors_origins.clone());
    let served = Arc::new(Served::new(tenants, gate, url.clone()));
    let most = serving.connections.unwrap_or_else(files::connections);
    if let (Some(notify), Some(notice)) = (serving.notify, &notice) {
        notify(notice);
    }
    let _ = ready.send(Ok(url));
    serve::serve(listening, served, serving, most, stopped).await;
}
