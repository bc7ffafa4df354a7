//! [`Outside`]: the other side, over HTTP. Nothing is sent twice, and no redirect is followed.

use std::time::Duration;

use nexus_http::{INTEGRATION_SSO_URL, INTEGRATION_URL, PRODUCTION_SSO_URL, PRODUCTION_URL};
use nexus_types::Timestamp;
use zeroize::Zeroizing;

use super::options::Compare;
use super::side::{Ask, Heard, OFFSET, Secret, Side};
use crate::failure::Failure;
use crate::global::Global;
use crate::lab::admin::{Admin, segment};
use crate::lab::is_loopback;
use crate::secret_input;

/// A list may be long.
const LONGEST: u64 = 64 * 1024 * 1024;

pub(super) struct Outside {
    agent: ureq::Agent,
    base: String,
    sso: String,
    client_id: String,
    user_id: String,
    key: Option<Zeroizing<String>>,
    session: Zeroizing<String>,
    token: Zeroizing<String>,
    /// Where it is a sandbox: what moves its clock.
    clock: Option<Admin>,
    pub(super) sent: u32,
    pub(super) production: bool,
}

impl Outside {
    pub(super) fn find(global: &Global, options: &Compare) -> Result<Outside, Failure> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let Some(to) = given(&options.to).or_else(|| given(&global.base_url)) else {
            return Err(Failure::input("to", "is not given: integration, or an address"));
        };
        let (base, usual_sso) = match &*to {
            "integration" => (INTEGRATION_URL, INTEGRATION_SSO_URL),
            "production" => (PRODUCTION_URL, PRODUCTION_SSO_URL),
            address if address.trim_end_matches('/').eq_ignore_ascii_case(INTEGRATION_URL) => {
                (address, INTEGRATION_SSO_URL)
            }
            address => (address, address),
        };
        let (base, host) = address("to", base)?;
        // MX's hosts are production unless they say that they are not.
        let production = host.ends_with("moneydesktop.com") && !host.starts_with("int-");
        if production && !options.yes_production {
            return Err(Failure::input("to", "is production: name it twice, by --yes-production too"));
        }
        let sso = given(&global.sso_url).unwrap_or_else(|| usual_sso.to_owned());
        let (sso, _) = address("sso_url", &sso)?;
        let from = secret_input::from_file_or_variable;
        let session = from("session_token", global.session_token_file.as_deref(), "NEXUS_SESSION_TOKEN")?;
        let key = from("api_key", global.api_key_file.as_deref(), "NEXUS_API_KEY")?;
        let key = key.filter(|_| session.is_none() || global.api_key_file.is_some());
        let ids = given(&global.client_id).zip(given(&global.user_id));
        if session.is_none() && (key.is_none() || ids.is_none()) {
            let rule = "are not given: set NEXUS_SESSION_TOKEN, or NEXUS_CLIENT_ID, NEXUS_USER_ID and NEXUS_API_KEY";
            return Err(Failure::input("credentials", rule));
        }
        let (client_id, user_id) = ids.unwrap_or_default();
        let timeout = global.call_timeout.unwrap_or(Duration::from_secs(60));
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .user_agent(concat!("mx-nexus/", env!("CARGO_PKG_VERSION")))
            // A request that changes something must not go out on a connection that the server is closing.
            .max_idle_connections(0)
            .timeout_global(Some(timeout));
        let clock = is_loopback(&host).then(|| Admin::at(base.clone(), Some(timeout), options.tenant.clone()));
        let clock = clock.filter(|admin| admin.is_sandbox().unwrap_or(false));
        Ok(Outside {
            agent: config.build().into(),
            base,
            sso,
            client_id,
            user_id,
            key,
            session: session.unwrap_or_default(),
            token: Zeroizing::default(),
            clock,
            sent: 0,
            production,
        })
    }

    /// As if it were no sandbox.
    #[cfg(test)]
    pub(super) fn without_clock(mut self) -> Outside {
        self.clock = None;
        self
    }

    /// Whether its clock moves on request.
    pub(super) fn has_clock(&self) -> bool {
        self.clock.is_some()
    }

    /// Where its clock moves on request: moves it off a whole second, and gives the whole second before.
    pub(super) fn start(&self) -> Result<Option<i64>, Failure> {
        let Some(clock) = &self.clock else { return Ok(None) };
        let state = clock.get("state")?;
        let now = state["now"].as_str().and_then(|now| Timestamp::new(now).unix_millis());
        let Some(start) = now.map(|now| (now + 999) / 1000 * 1000) else { return Ok(None) };
        let to = start.saturating_add(i64::try_from(OFFSET.as_millis()).unwrap_or_default());
        clock.post("advance", &serde_json::json!({"to": Timestamp::from_unix_millis(to).as_str()}))?;
        Ok(Some(start))
    }

    /// Whether a session is opened by the SSO API.
    pub(super) fn is_keyed(&self) -> bool {
        self.key.is_some()
    }
}

/// https, or plain http to this machine; and the host.
fn address(field: &'static str, text: &str) -> Result<(String, String), Failure> {
    let form = || Failure::input(field, "must be integration, production, or an address such as https://host");
    let uri: ureq::http::Uri = text.parse().map_err(|_| form())?;
    let authority = uri.authority().ok_or_else(form)?;
    if authority.as_str().contains('@') || text.contains(['?', '#']) {
        return Err(Failure::input(field, "must not hold a user name, password, query or fragment"));
    }
    let host = authority.host().trim_end_matches('.').to_ascii_lowercase();
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if is_loopback(&host) => {}
        _ => return Err(Failure::input(field, "must begin with https:// (plain http is for loopback only)")),
    }
    Ok((text.trim_end_matches('/').to_owned(), host))
}

impl Side for Outside {
    fn ask(&mut self, ask: &Ask) -> Result<Heard, Failure> {
        self.sent += 1;
        let url = match &ask.user {
            Some(user) => format!("{}/{}/users/{}{}", self.sso, segment(&self.client_id), segment(user), ask.path),
            None => format!("{}{}", self.base, ask.path),
        };
        let mut request = ureq::http::Request::builder().method(ask.method).uri(&url).header("Accept", ask.accept);
        if let Some(content_type) = ask.content_type {
            request = request.header("Content-Type", content_type);
        }
        let (name, secret) = match ask.secret {
            Secret::Session => ("MD-SESSION-TOKEN", self.session.as_str()),
            Secret::Key => ("MD-API-KEY", self.key.as_ref().map_or("", |key| key.as_str())),
            Secret::Token => ("MD-API-TOKEN", self.token.as_str()),
            Secret::Wrong => ("MD-SESSION-TOKEN", "wrong"),
        };
        let request = request.header(name, secret).body(ask.body.clone());
        let request = request.map_err(|_| Failure::input("credentials", "hold characters that no header can have"))?;
        let changes = ask.method != "GET";
        let lost = |_: ureq::Error| match changes {
            true => {
                Failure::Unanswered("no response came to a request that may have been carried out; it is not repeated")
            }
            false => Failure::Remote("no response came".to_owned(), None),
        };
        let mut response = self.agent.run(request).map_err(lost)?;
        let content_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let content_type = content_type.unwrap_or_default().to_owned();
        let body = response.body_mut().with_config().limit(LONGEST).read_to_vec().map_err(lost)?;
        Ok(Heard { status: response.status().as_u16(), content_type, body })
    }

    fn keep(&mut self, secret: Secret, token: String) {
        let token = Zeroizing::new(token);
        if secret == Secret::Session { self.session = token } else { self.token = token }
    }

    fn user_id(&self) -> String {
        self.user_id.clone()
    }

    fn pass(&mut self, seconds: u64) -> Result<(), Failure> {
        match &self.clock {
            Some(clock) => clock.post("advance", &serde_json::json!({"seconds": seconds})).map(drop),
            None => Ok(()),
        }
    }

    fn rest(&mut self, seconds: u64) -> Result<(), Failure> {
        std::thread::sleep(Duration::from_secs(seconds));
        Ok(())
    }
}
