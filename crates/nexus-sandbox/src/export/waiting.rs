//! Requests that a fault keeps for later, as an export has them: what they will do, without what was typed.

use nexus_types::{MEDIA_TYPE, SSO_MEDIA_TYPE};
use percent_encoding::{NON_ALPHANUMERIC, percent_encode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::call::Call;
use crate::count::Count;
use crate::instant::Instant;
use crate::json_reader::Problem;
use crate::later::Waiting;
use crate::masking::is_guid;
use crate::request_body::{Account, Party, creation};
use crate::routes::{self, Target};
use crate::sso::session_options;
use crate::widget::settings;
use crate::world::World;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct KeptWaiting {
    due: Instant,
    request: Count,
    /// Whose session it came in.
    user: Option<u32>,
    method: String,
    path: String,
    accept: Option<String>,
    content_type: Option<String>,
    /// The API token by its number.
    api_token: Option<u64>,
    /// Whether it has the client's API key.
    api_key: bool,
    body: String,
}

/// In place of the client, for the importing world has its own.
const OWN_CLIENT: &str = "{client_id}";
/// In place of a body that is refused whatever it says.
const REFUSED: &str = "{";

impl KeptWaiting {
    pub(super) fn of(world: &World, due: i64, waiting: &Waiting) -> KeptWaiting {
        let chance = &world.rules.chance;
        let target = routes::find(&waiting.path).map(|(_, route, parameters)| (route.target, parameters));
        let body = match &target {
            Some((Target::MicroDeposits, _)) if waiting.method == "POST" && waiting.invented => kept(&waiting.body),
            Some((Target::MicroDeposits, _)) if waiting.method == "POST" => create(world, &waiting.body),
            Some((Target::MicroDeposit, _)) if waiting.method == "PUT" => amounts(world, &waiting.body),
            Some((Target::Sessions, _)) if waiting.body.is_empty() => String::new(),
            Some((Target::Sessions, _)) if session_options(&waiting.body).is_ok() => "{}".to_owned(),
            Some((Target::Urls, _)) => widget(&waiting.body),
            Some((Target::Sessions, _)) => REFUSED.to_owned(),
            _ => String::new(),
        };
        let path = match &target {
            Some((Target::ApiToken | Target::Urls, [client, user])) => {
                let file = waiting.path.split('?').next().and_then(|path| path.rsplit('/').next()).unwrap_or_default();
                let client = if *client == world.credentials.client_id { OWN_CLIENT } else { "unknown" };
                format!("/{client}/users/{}/{file}", chance.pseudonym_of_user(user))
            }
            // What is no guid may be anything.
            Some((Target::MicroDeposit, [guid, _])) if world.number(guid).is_some() => {
                format!("/micro_deposits/{guid}")
            }
            Some((Target::MicroDeposit, _)) => "/micro_deposits/unknown".to_owned(),
            Some((Target::Sessions, _)) => "/sessions".to_owned(),
            _ => "/micro_deposits".to_owned(),
        };
        KeptWaiting {
            due: Instant(due),
            request: Count(waiting.request),
            user: waiting.user,
            method: waiting.method.clone(),
            path,
            accept: waiting.accept.as_deref().map(media_type),
            content_type: waiting.content_type.as_deref().map(media_type),
            api_token: waiting.api_token.as_deref().and_then(|token| world.sessions.number_of_api_token(token)),
            api_key: waiting.api_key.as_deref() == Some(world.credentials.api_key.as_str()),
            body,
        }
    }

    pub(super) fn restored(self, world: &World) -> Result<(i64, Waiting), Problem> {
        if self.user.is_some_and(|user| user as usize >= world.of_user.len()) {
            return Err(Problem::new("waiting", "must be of users that exist"));
        }
        let token = self.api_token.map(|number| world.sessions.api_token_of(&world.rules.chance, number));
        let path = match self.path.strip_prefix('/').and_then(|path| path.strip_prefix(OWN_CLIENT)) {
            Some(rest) => {
                format!("/{}{rest}", percent_encode(world.credentials.client_id.as_bytes(), NON_ALPHANUMERIC))
            }
            None => self.path,
        };
        let mut call = Call::new(&self.method, &path);
        (call.accept, call.content_type) = (self.accept.as_deref(), self.content_type.as_deref());
        call.api_token = token.as_deref();
        call.api_key = self.api_key.then_some(world.credentials.api_key.as_str());
        call.body = self.body.as_bytes();
        let mut waiting = Waiting::new(self.request.0, self.user, &call);
        waiting.invented = true;
        Ok((self.due.0, waiting))
    }
}

/// A known media type, or that it is another one.
fn media_type(given: &str) -> String {
    let known = [MEDIA_TYPE, SSO_MEDIA_TYPE, "application/json", "application/*", "*/*"];
    let found =
        known.into_iter().find(|known| given.split([';', ',']).any(|part| part.trim().eq_ignore_ascii_case(known)));
    found.unwrap_or("text/plain").to_owned()
}

/// A body that is out of an export already.
fn kept(body: &[u8]) -> String {
    String::from_utf8_lossy(body).into_owned()
}

/// The body of a request for a widget's address: of what it says, only the microdeposit matters later.
fn widget(body: &[u8]) -> String {
    let Ok(settings) = settings::read(body) else { return REFUSED.to_owned() };
    let mut options = json!({"type": "connect_widget", "mode": "verification", "ui_message_version": 4});
    if let Some(guid) = settings.micro_deposit {
        options["current_microdeposit_guid"] = json!(if is_guid(&guid) { &guid } else { "unknown" });
    }
    json!({"url": options}).to_string()
}

/// Amounts are nobody's data; what is none is refused.
fn amounts(world: &World, body: &[u8]) -> String {
    let text =
        std::str::from_utf8(body).ok().filter(|_| crate::request_body::amounts(body, &world.rules.policy).is_ok());
    text.unwrap_or(REFUSED).to_owned()
}

fn create(world: &World, body: &[u8]) -> String {
    let chance = &world.rules.chance;
    let Ok((Party { first_name, last_name, email }, account)) = creation(body, &world.rules.policy) else {
        return REFUSED.to_owned();
    };
    let mut fields = json!({
        "first_name": chance.pseudonym_of_first_name(&first_name),
        "last_name": chance.pseudonym_of_last_name(&last_name),
        "email": chance.pseudonym_of_email(&email),
    });
    if let Some(Account { name, number, routing, kind }) = account {
        fields["account_number"] = json!(chance.pseudonym_of_account(&number));
        fields["account_type_name"] = json!(kind.name());
        fields["routing_number"] = json!(format!("{routing:09}"));
        if let Some(name) = name {
            fields["account_name"] = json!(chance.pseudonym_of_account_name(&name));
        }
    }
    json!({"micro_deposit": fields}).to_string()
}
