//! The sandbox in this process, for users' tests. `mx_nexus.sandbox` is the Python interface.

use std::sync::{Mutex, PoisonError};

use nexus_sandbox::{Call, Options, Policy, Profile, Sandbox, Serving};
use nexus_types::Error;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::arguments::{Text, given, whole};
use crate::errors::checked;

/// A served sandbox: its address, its credentials, and its admin interface without the way over the socket.
#[pyclass(frozen, module = "mx_nexus._nexus", name = "_SandboxServer")]
pub struct SandboxServer {
    /// None once stopped.
    sandbox: Mutex<Option<Sandbox>>,
    url: String,
    credentials: nexus_sandbox::Credentials,
    /// A fork leaves its threads behind.
    process: u32,
}

impl SandboxServer {
    fn is_ours(&self) -> bool {
        self.process == std::process::id()
    }
}

impl Drop for SandboxServer {
    fn drop(&mut self) {
        if !self.is_ours() {
            // Its threads would be waited for, and they are not here.
            let sandbox = self.sandbox.get_mut().unwrap_or_else(PoisonError::into_inner);
            std::mem::forget(sandbox.take());
        }
    }
}

#[pymethods]
impl SandboxServer {
    #[new]
    #[pyo3(signature = (seed, profile, policy, start, users, port, real_time))]
    #[allow(clippy::too_many_arguments)]
    fn new(
        py: Python<'_>,
        seed: &Bound<'_, PyAny>,
        profile: Text<'_>,
        policy: Option<Text<'_>>,
        start: Option<i64>,
        users: Option<Vec<Text<'_>>>,
        port: &Bound<'_, PyAny>,
        real_time: bool,
    ) -> PyResult<SandboxServer> {
        let mut options = Options::default();
        options.seed = whole("seed", seed, "must be 0 or more, and below 2 to the power of 64", |_| true)?;
        let rule = || Error::input("profile", "must be \"integration\" or \"production\"");
        options.profile = checked(py, Profile::from_name(profile.of("profile")?).ok_or_else(rule))?;
        if let Some(policy) = given("policy", &policy)? {
            // The words name the field; a policy holds nothing secret.
            let policy = serde_json::from_str::<Policy>(policy);
            options.policy = checked(py, policy.map_err(|error| Error::input("policy", error.to_string())))?;
        }
        options.start_unix_seconds = start.unwrap_or(options.start_unix_seconds);
        if let Some(users) = users {
            let own = users.iter().map(|user| user.of("users").map(str::to_owned));
            options.users = own.collect::<PyResult<_>>()?;
        }
        let mut serving = Serving::default();
        serving.port = whole("port", port, "must be 0 to 65535", |_| true)?;
        serving.real_time = real_time;
        let sandbox = py.detach(|| Sandbox::start_with(options, serving))?;
        let (url, credentials) = (sandbox.url().to_owned(), sandbox.credentials().clone());
        Ok(SandboxServer { sandbox: Mutex::new(Some(sandbox)), url, credentials, process: std::process::id() })
    }

    #[getter]
    fn url(&self) -> &str {
        &self.url
    }

    #[getter]
    fn client_id(&self) -> &str {
        &self.credentials.client_id
    }

    #[getter]
    fn user_id(&self) -> &str {
        &self.credentials.user_id
    }

    #[getter]
    fn api_key(&self) -> &str {
        &self.credentials.api_key
    }

    #[getter]
    fn session_token(&self) -> &str {
        &self.credentials.session_token
    }

    /// One request to the admin interface: HTTP status and body.
    #[pyo3(signature = (method, path, body))]
    fn admin<'py>(
        &self,
        py: Python<'py>,
        method: Text<'_>,
        path: Text<'_>,
        body: Vec<u8>,
    ) -> PyResult<(u16, Bound<'py, PyBytes>)> {
        if !self.is_ours() {
            return Err(PyRuntimeError::new_err("this sandbox was made before a fork, and runs in the other process"));
        }
        let (method, path) = (method.of("method")?, path.of("path")?);
        let reply = py.detach(|| {
            let sandbox = self.sandbox.lock().unwrap_or_else(PoisonError::into_inner);
            sandbox.as_ref().map(|sandbox| {
                let mut call = Call::new(method, path);
                call.content_type = Some("application/json");
                call.body = &body;
                sandbox.respond(&call)
            })
        });
        let reply = reply.ok_or_else(|| PyRuntimeError::new_err("this sandbox is stopped"))?;
        Ok((reply.status, PyBytes::new(py, &reply.body)))
    }

    /// Ends it; a second time it does nothing, nor in a process that was forked from the one that made it.
    fn stop(&self, py: Python<'_>) {
        if !self.is_ours() {
            return;
        }
        py.detach(|| drop(self.sandbox.lock().unwrap_or_else(PoisonError::into_inner).take()));
    }
}
