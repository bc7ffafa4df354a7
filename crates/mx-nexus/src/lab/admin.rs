//! [`Admin`]: calls of a sandbox's admin interface. No secret is sent with them.

use std::time::Duration;

use serde_json::Value;

use crate::failure::Failure;
use crate::global::Global;
use crate::lab::address;
use crate::lab_args::Where;

/// What an export may have.
const LONGEST: u64 = 256 * 1024 * 1024;

pub(crate) struct Admin {
    agent: ureq::Agent,
    base: String,
    tenant: Option<String>,
}

impl Admin {
    /// The sandbox that arguments and environment name, if what is there says that it is one.
    pub(crate) fn find(global: &Global, place: &Where) -> Result<Admin, Failure> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let Some(text) = given(&place.sandbox_url).or_else(|| given(&global.base_url)) else {
            let rule = "is not given: set NEXUS_SANDBOX_URL, NEXUS_BASE_URL or --sandbox-url";
            return Err(Failure::input("sandbox_url", rule));
        };
        if ["integration", "production"].contains(&&*text) {
            return Err(Failure::input("sandbox_url", "is MX's own: this is for a sandbox only"));
        }
        let base = address::checked(&text, place.sandbox_host.as_deref())?;
        let admin = Admin::at(base, global.call_timeout, place.tenant.clone());
        if !admin.is_sandbox()? {
            return Err(Failure::input("sandbox_url", "does not answer as a sandbox; nothing was changed there"));
        }
        Ok(admin)
    }

    pub(crate) fn at(base: String, timeout: Option<Duration>, tenant: Option<String>) -> Admin {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(timeout.unwrap_or(Duration::from_secs(60))));
        Admin { agent: config.build().into(), base, tenant }
    }

    /// Whether what is there describes itself as a sandbox.
    pub(crate) fn is_sandbox(&self) -> Result<bool, Failure> {
        let (status, body) = self.send("GET", &format!("{}/_sandbox/openapi.json", self.base), None)?;
        let about: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok(status == 200 && about["info"]["title"] == "Nexus sandbox")
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value, Failure> {
        json(&self.call("GET", path, None)?)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value, Failure> {
        json(&self.call("POST", path, Some(body.to_string().as_bytes()))?)
    }

    pub(crate) fn delete(&self, path: &str) -> Result<Value, Failure> {
        json(&self.call("DELETE", path, None)?)
    }

    /// One call; the path is that behind `/_sandbox/`. Gives the body of a success.
    pub(crate) fn call(&self, method: &str, path: &str, body: Option<&[u8]>) -> Result<Vec<u8>, Failure> {
        let server = path == "tenants" || path.starts_with("tenants/");
        let of_tenant = self.tenant.as_deref().filter(|_| !server);
        let of_tenant = of_tenant.map(|name| format!("t/{}/", segment(name))).unwrap_or_default();
        let (status, body) = self.send(method, &format!("{}/_sandbox/{of_tenant}{path}", self.base), body)?;
        if status == 200 {
            return Ok(body);
        }
        let told: Value = serde_json::from_slice(&body).unwrap_or_default();
        let message = told["error"]["message"].as_str().unwrap_or("no reason is given");
        Err(Failure::Remote(format!("the sandbox refused ({status}): {message}"), Some(status)))
    }

    fn send(&self, method: &str, url: &str, body: Option<&[u8]>) -> Result<(u16, Vec<u8>), Failure> {
        let lost = |_: ureq::Error| Failure::Remote("no response: is the sandbox running there?".to_owned(), None);
        let sent = match (method, body) {
            ("GET", _) => self.agent.get(url).call(),
            ("DELETE", _) => self.agent.delete(url).call(),
            (_, body) => self.agent.post(url).content_type("application/json").send(body.unwrap_or_default()),
        };
        let mut response = sent.map_err(lost)?;
        let body = response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(lost)?;
        Ok((response.status().as_u16(), body))
    }
}

fn json(body: &[u8]) -> Result<Value, Failure> {
    serde_json::from_slice(body).map_err(|_| Failure::Remote("the sandbox's response is no JSON".to_owned(), Some(200)))
}

/// A text as one segment of a path.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}
