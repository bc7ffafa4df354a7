//! [`Life`]: a world and a caller with a session.

use std::time::Duration;

use nexus_sandbox::{Call, Options, Policy, Profile, World};
use nexus_types::MEDIA_TYPE;
use serde_json::{Value, json};

pub(crate) const MINUTE: u64 = 60;
pub(crate) const HOUR: u64 = 3600;
pub(crate) const DAY: u64 = 24 * HOUR;

pub(crate) struct Life {
    pub(crate) world: World,
    pub(crate) session: String,
}

impl Life {
    pub(crate) fn new(policy: Policy) -> Life {
        Life::with(Profile::Integration, policy)
    }

    pub(crate) fn with(profile: Profile, policy: Policy) -> Life {
        let mut options = Options::default();
        options.profile = profile;
        options.policy = policy;
        Life::from(options)
    }

    pub(crate) fn from(options: Options) -> Life {
        let world = World::new(options);
        let session = world.credentials().session_token.clone();
        Life { world, session }
    }

    /// Status and text of a response.
    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let session = self.session.clone();
        self.ask_as(&session, method, path, body)
    }

    pub(crate) fn ask_as(&mut self, session: &str, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut call = Call::new(method, path);
        call.session_token = Some(session);
        call.content_type = Some(MEDIA_TYPE);
        call.body = body.as_bytes();
        let reply = self.world.respond(&call);
        (reply.status, String::from_utf8(reply.body).unwrap())
    }

    /// A session of another user.
    pub(crate) fn session_of(&mut self, user: &str) -> String {
        let key = self.world.credentials().api_key.clone();
        let path = format!("/sandbox-client/users/{user}/api_token.json");
        let mut call = Call::new("GET", &path);
        call.api_key = Some(&key);
        let token: Value = serde_json::from_slice(&self.world.respond(&call).body).unwrap();
        let mut call = Call::new("POST", "/sessions");
        call.api_token = token["api_token"]["token"].as_str();
        let session: Value = serde_json::from_slice(&self.world.respond(&call).body).unwrap();
        session["session"]["token"].as_str().unwrap().to_owned()
    }

    /// The body of a success.
    pub(crate) fn get(&mut self, method: &str, path: &str, body: &str) -> Value {
        let (status, body) = self.ask(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Creates one; the whole record.
    pub(crate) fn create(&mut self, body: &Value) -> Value {
        self.get("POST", "/micro_deposits", &body.to_string())["micro_deposit"].clone()
    }

    /// Creates one with this account number; its guid.
    pub(crate) fn made(&mut self, account_number: &str) -> String {
        guid(&self.create(&creation(account_number)))
    }

    /// Pre-initiates one; its guid.
    pub(crate) fn preinitiated(&mut self) -> String {
        guid(&self.create(&person("joshboy@example.com")))
    }

    /// Reads one: its record, or the HTTP status where there is none.
    pub(crate) fn read(&mut self, guid: &str) -> Result<Value, u16> {
        let (status, body) = self.ask("GET", &format!("/micro_deposits/{guid}"), "");
        let body: Value = serde_json::from_str(&body).unwrap();
        if status == 200 { Ok(body["micro_deposit"].clone()) } else { Err(status) }
    }

    /// What a read shows, or the HTTP status.
    pub(crate) fn status(&mut self, guid: &str) -> Result<String, u16> {
        self.read(guid).map(|record| record["status_name"].as_str().unwrap().to_owned())
    }

    /// What the list shows.
    pub(crate) fn listed(&mut self) -> Vec<String> {
        let list = self.get("GET", "/micro_deposits", "");
        let names = list["micro_deposits"].as_array().unwrap().iter();
        names.map(|one| one["micro_deposit"]["status_name"].as_str().unwrap().to_owned()).collect()
    }

    /// Gives the status that is shown then, or the HTTP status.
    pub(crate) fn verify(&mut self, guid: &str, cents: [u32; 2]) -> Result<String, u16> {
        let [first, second] = cents.map(|cents| format!("0.{cents:02}"));
        let body = format!(r#"{{"deposit_amount_1":{first},"deposit_amount_2":{second}}}"#);
        let (status, body) = self.ask("PUT", &format!("/micro_deposits/{guid}"), &body);
        let body: Value = serde_json::from_str(&body).unwrap();
        let shown = body["micro_deposit"]["status_name"].as_str().unwrap_or_default().to_owned();
        if status == 200 { Ok(shown) } else { Err(status) }
    }

    /// Lets something happen; where it stands then, or the HTTP status.
    pub(crate) fn event(&mut self, guid: &str, event: &Value) -> Result<Value, u16> {
        let (status, body) = self.ask("POST", &format!("/_sandbox/events/{guid}"), &event.to_string());
        if status == 200 { Ok(serde_json::from_str(&body).unwrap()) } else { Err(status) }
    }

    /// The true status, deleted ones are null.
    pub(crate) fn truth(&mut self, guid: &str) -> Value {
        self.get("GET", &format!("/_sandbox/state/{guid}"), "")["status"].clone()
    }

    /// So many seconds pass. Sessions end after 30 minutes, so there is a new one then.
    pub(crate) fn pass(&mut self, seconds: u64) {
        self.world.advance(Duration::from_secs(seconds));
        self.session = self.session_of("user-1");
    }
}

pub(crate) fn guid(record: &Value) -> String {
    record["guid"].as_str().unwrap().to_owned()
}

pub(crate) fn person(email: &str) -> Value {
    json!({"micro_deposit": {"first_name": "Josh", "last_name": "Boy", "email": email}})
}

/// A create for this account number, with an e-mail address of its own.
pub(crate) fn creation(account_number: &str) -> Value {
    with_email(account_number, &format!("user{account_number}@example.com"))
}

pub(crate) fn with_email(account_number: &str, email: &str) -> Value {
    let mut body = person(email);
    for (name, value) in details(account_number).as_object().unwrap() {
        body["micro_deposit"][name] = value.clone();
    }
    body
}

pub(crate) fn details(account_number: &str) -> Value {
    json!({"account_number": account_number, "account_type_name": "CHECKING", "routing_number": "091000019"})
}

pub(crate) fn submission(account_number: &str) -> Value {
    json!({"event": "account_submitted", "account": details(account_number)})
}

pub(crate) fn shown(name: &str) -> Result<String, u16> {
    Ok(name.to_owned())
}
