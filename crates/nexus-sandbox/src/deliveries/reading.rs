//! Reads a subscription from JSON, the same for the admin interface and for whoever has it in a file.

use super::subscription::{Subscription, WebhookAuth};
use crate::json_reader::{Object, Problem, required};

pub(crate) const SUBSCRIPTION: [&str; 3] = ["url", "actions", "auth"];
pub(crate) const AUTH: [&str; 7] = ["type", "username", "password", "token_url", "client_id", "client_secret", "scope"];

/// `{"url":"http://127.0.0.1:9000/hook","actions":["created"],"auth":{"type":"basic","username":"...","password":"..."}}`
pub(crate) fn subscription(body: &[u8]) -> Result<Subscription, Problem> {
    let object = Object::body(body, &SUBSCRIPTION)?;
    let mut subscription = Subscription::new(required("url", object.text("url")?)?);
    if let Some(actions) = object.raw("actions") {
        let rule = || Problem::new("actions", "must be a list of created, updated or both");
        let actions: Vec<String> = serde_json::from_str(actions).map_err(|_| rule())?;
        if actions.iter().any(|action| action != "created" && action != "updated") {
            return Err(rule());
        }
        let wants = |wanted: &str| actions.iter().any(|action| action == wanted);
        (subscription.created, subscription.updated) = (wants("created"), wants("updated"));
    }
    if let Some(auth) = object.object("auth", &AUTH)? {
        subscription.auth = authentication(&auth)?;
    }
    Ok(subscription)
}

fn authentication(auth: &Object<'_, 7>) -> Result<WebhookAuth, Problem> {
    let text = |name| -> Result<String, Problem> { Ok(required(name, auth.text(name)?)?.into_owned()) };
    let kind = text("type")?;
    let foreign: &[&'static str] = match kind.as_str() {
        "none" => &AUTH,
        "basic" => &["token_url", "client_id", "client_secret", "scope"],
        "bearer" => &["username", "password"],
        _ => return Err(Problem::new("type", "must be none, basic or bearer")),
    };
    if let Some(foreign) = foreign.iter().find(|name| **name != "type" && auth.has(name)) {
        return Err(Problem::new(*foreign, "does not belong to this type"));
    }
    Ok(match kind.as_str() {
        "basic" => WebhookAuth::Basic { username: text("username")?, password: text("password")? },
        "bearer" => WebhookAuth::Bearer {
            token_url: text("token_url")?,
            client_id: text("client_id")?,
            client_secret: text("client_secret")?,
            scope: auth.text("scope")?.map(|scope| scope.into_owned()),
        },
        _ => WebhookAuth::None,
    })
}
