//! API tokens, sessions and widget addresses (source: domain.md 7 and 9). The SSO API is served at the same address.

use crate::routes::Target;
use crate::world::Handler;
use nexus_types::{MEDIA_TYPE, Operation, SSO_MEDIA_TYPE};
use serde_json::json;

use crate::call::{Call, Reply};
use crate::json_reader::{Object, Problem};
use crate::micro_deposits::{accept, media, own};
use crate::widget::settings;
use crate::world::{KEY_MARK, World};

type Handled = Result<Reply, Reply>;

const STRANGE_KEY: &str = "This API key is no sandbox's, since those begin with sandbox_: it may be a real one. It is kept \
    nowhere here. If it is real, change it: it was sent to a program that is not MX.";

pub(crate) const SESSION: [&str; 1] = ["session"];
pub(crate) const SESSION_OPTIONS: [&str; 1] = ["skip_aggregation"];

/// The handlers that are here.
pub(crate) fn served(target: Target, method: &str) -> Option<(Operation, Handler)> {
    Some(match (target, method) {
        (Target::Sessions, "POST") => (Operation::OpenSession, |world, call, _| open_session(world, call)),
        (Target::ApiToken, "GET") => {
            (Operation::ApiToken, |world, call, [client, user]| api_token(world, call, client, user))
        }
        (Target::Urls, "POST") => {
            (Operation::WidgetUrl, |world, call, [client, user]| widget_url(world, call, client, user))
        }
        _ => return None,
    })
}

/// `GET /{client_id}/users/{user_id}/api_token.json`
pub(crate) fn api_token(world: &mut World, call: &Call<'_>, client: &str, user: &str) -> Handled {
    let user = known(world, call, client, user)?;
    accept(call, SSO_MEDIA_TYPE)?;
    let token = world.sessions.api_token(&world.rules.chance, user, world.now);
    Ok(Reply::sso(&json!({"api_token": {"token": token}})))
}

/// `POST /sessions`. The body may be absent, empty or `{"session":{"skip_aggregation":true}}`.
pub(crate) fn open_session(world: &mut World, call: &Call<'_>) -> Handled {
    if !call.body.is_empty() {
        media(world, call, MEDIA_TYPE)?;
        session_options(call.body).map_err(|problem| Reply::problem(&problem))?;
    }
    accept(call, MEDIA_TYPE)?;
    let refused = |rule| {
        let refusal = Reply::refusal(401, "The API token is missing, unknown, used or expired.");
        refusal.explained(|why| why.because(rule))
    };
    let token = call.api_token.ok_or_else(|| refused("The header MD-API-TOKEN is missing."))?;
    let session = world.sessions.open(&world.rules.chance, token, world.now);
    let session =
        session.ok_or_else(|| refused("The API token is unknown, used already, or older than ten minutes."))?;
    Ok(Reply::data(&json!({"session": {"token": session}})))
}

/// `POST /{client_id}/users/{user_id}/urls.json`
pub(crate) fn widget_url(world: &mut World, call: &Call<'_>, client: &str, user: &str) -> Handled {
    let number = known(world, call, client, user)?;
    media(world, call, SSO_MEDIA_TYPE)?;
    let settings = settings::read(call.body).map_err(|problem| Reply::problem(&problem))?;
    if let Some(guid) = &settings.micro_deposit {
        own(world, number, guid)?;
    }
    let token = world.sessions.widget_token(&world.rules.chance);
    world.widgets.issue(&token, number, settings, world.now);
    // A world that is not served has no address; this one leads nowhere.
    let base = world.options.served_at.get().map(String::as_str).unwrap_or("https://int-widgets.moneydesktop.example");
    let url = format!("{base}/md/connect/{token}");
    Ok(Reply::sso(&json!({"url": {"url": url, "type": "connect_widget", "user_id": user}})))
}

/// Checks the body of a request for a session.
pub(crate) fn session_options(body: &[u8]) -> Result<(), Problem> {
    let body = Object::body(body, &SESSION)?;
    let inner = body.object("session", &SESSION_OPTIONS)?;
    inner.map(|inner| inner.truth("skip_aggregation")).transpose()?;
    Ok(())
}

/// The user, where the key is right.
fn known(world: &mut World, call: &Call<'_>, client: &str, user: &str) -> Result<u32, Reply> {
    let own_client = client == world.credentials.client_id;
    if call.api_key != Some(world.credentials.api_key.as_str()) || !own_client {
        let usual = "The API key is missing or not this client's.";
        let (words, rule) = match call.api_key {
            None => (usual, "The header MD-API-KEY is missing."),
            Some(key) if !key.starts_with(KEY_MARK) => (STRANGE_KEY, "The API key is no sandbox's."),
            Some(_) if !own_client => (usual, "The path names another client than this sandbox has."),
            Some(_) => (usual, "The API key is not this client's."),
        };
        return Err(Reply::refusal(401, words).explained(|why| why.because(rule)));
    }
    let found = world.user(user);
    world.notes.user = found;
    let unknown = || {
        let rule = "This client has no such user, and none appear by themselves.";
        Reply::not_found().explained(|why| why.because(rule).by(Some("known_users_only")))
    };
    found.ok_or_else(unknown)
}
