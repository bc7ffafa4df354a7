//! Builds the client from arguments and environment.

use std::sync::Arc;

use nexus_http::{Client, INTEGRATION_URL, PRODUCTION_URL};
use nexus_types::{ApiKey, ClientId, SessionToken, UserId};

use crate::failure::Failure;
use crate::global::Global;
use crate::secret_input;
use crate::signal::UnderWay;

/// A client, or what is missing for one.
///
/// With `by_sso`, SSO credentials go before a session token, for what only they can do.
pub(crate) fn client(global: &Global, by_sso: bool) -> Result<Client, Failure> {
    // An empty variable is none.
    let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
    let base = given(&global.base_url);
    let base = match base.as_deref() {
        Some("integration") => INTEGRATION_URL,
        Some("production") => PRODUCTION_URL,
        Some(url) => url,
        None => {
            let rule = "is not given: set NEXUS_BASE_URL or --base-url to integration, production, or an address";
            return Err(Failure::input("base_url", rule));
        }
    };
    let mut builder = Client::builder(base).product(concat!("mx-nexus/", env!("CARGO_PKG_VERSION")));
    builder = builder.observer(Arc::new(UnderWay));
    if let Some(url) = given(&global.sso_url) {
        builder = builder.sso_url(url);
    }
    if let Some(timeout) = global.call_timeout {
        builder = builder.timeout(timeout);
    }
    let token = secret_input::from_file_or_variable(
        "session_token",
        global.session_token_file.as_deref(),
        "NEXUS_SESSION_TOKEN",
    )?;
    // What is given by argument goes before what lies in the environment.
    let has_key = global.api_key_file.is_some() || std::env::var_os("NEXUS_API_KEY").is_some_and(|key| !key.is_empty());
    let by_key = (by_sso && has_key) || (global.api_key_file.is_some() && global.session_token_file.is_none());
    if let Some(token) = token.filter(|_| !by_key) {
        return Ok(builder.session_token(SessionToken::new(token.as_str())?).build()?);
    }
    let (Some(client_id), Some(user_id)) = (given(&global.client_id), given(&global.user_id)) else {
        let rule = "are not given: set NEXUS_SESSION_TOKEN, or NEXUS_CLIENT_ID, NEXUS_USER_ID and NEXUS_API_KEY";
        return Err(Failure::input("credentials", rule));
    };
    let instead = "set NEXUS_API_KEY or --api-key-file";
    let key = match secret_input::from_file_or_variable("api_key", global.api_key_file.as_deref(), "NEXUS_API_KEY")? {
        Some(key) => key,
        None => secret_input::from_prompt("api_key", "API key: ", instead)?,
    };
    let (client_id, user_id) = (ClientId::new(client_id)?, UserId::new(user_id)?);
    Ok(builder.sso(client_id, user_id, ApiKey::new(key.as_str())?).build()?)
}
