//! The stories of `tests/vectors/conversations.json`, told to a sandbox: core and sandbox hand each other plain values, no
//! socket between them.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use nexus_sandbox::{Call, Options, Policy, Profile, World};
use nexus_types::{
    AccountName, AccountNumber, AccountType, ClientId, Create, DepositAmount, Endpoint, GetApiToken, List, MEDIA_TYPE,
    MicrodepositGuid, OpenSession, Person, Preinitiate, Read, RoutingNumber, UserId, Verify,
};
use serde::Deserialize;
use serde_json::{Map, Value, json};

#[derive(Deserialize)]
struct File {
    vectors: Vec<Story>,
}

#[derive(Deserialize)]
struct Story {
    id: String,
    profile: String,
    policy: Value,
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    r#do: String,
    #[serde(default)]
    input: Map<String, Value>,
    r#as: Option<String>,
    guid: Option<String>,
    amounts: Option<[String; 2]>,
    statement: Option<String>,
    seconds: Option<u64>,
    to: Option<String>,
    method: Option<String>,
    path: Option<String>,
    body: Option<String>,
    media_type: Option<String>,
    #[serde(default)]
    events: Vec<(String, String)>,
    expect: Option<Expect>,
}

#[derive(Deserialize)]
struct Expect {
    http: u16,
    status: Option<String>,
    attempts: Option<u8>,
    #[serde(default)]
    fields: Map<String, Value>,
    guids: Option<Vec<String>>,
    statuses: Option<Vec<String>>,
    code: Option<u32>,
    field: Option<String>,
}

/// What a response was: HTTP status and body.
type Answer = (u16, Value);

struct Teller {
    world: World,
    session: String,
    named: BTreeMap<String, String>,
}

impl Teller {
    fn new(story: &Story) -> Teller {
        let mut options = Options::default();
        options.profile = Profile::from_name(&story.profile).expect("a profile");
        options.policy = Policy::deserialize(&story.policy).expect("a policy");
        let world = World::new(options);
        let session = world.credentials().session_token.clone();
        Teller { world, session, named: BTreeMap::new() }
    }

    /// Sends what an endpoint says, and sees that the endpoint reads the response as a success exactly when it is one.
    fn send<E: Endpoint>(&mut self, endpoint: &E, secret: &str) -> Answer {
        let response = self.world.handle(&endpoint.request(), secret);
        assert_eq!(endpoint.parse(&response).is_ok(), response.status == 200);
        (response.status, serde_json::from_slice(&response.body).expect("JSON"))
    }

    fn guid(&self, name: &str) -> MicrodepositGuid {
        MicrodepositGuid::new(self.named[name].clone()).expect("a guid")
    }

    fn admin(&mut self, path: &str, body: &Value) -> Answer {
        let body = body.to_string();
        let mut call = Call::new("POST", path);
        call.body = body.as_bytes();
        let reply = self.world.respond(&call);
        (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
    }

    fn open_session(&mut self) -> Answer {
        let credentials = self.world.credentials().clone();
        let client = ClientId::new(credentials.client_id).expect("a client");
        let user = UserId::new(credentials.user_id).expect("a user");
        let ask = GetApiToken::new(client, user);
        let token = ask.parse(&self.world.handle(&ask.request(), &credentials.api_key)).expect("an API token");
        let open = OpenSession::new();
        let response = self.world.handle(&open.request(), token.expose());
        self.session = open.parse(&response).expect("a session").expose().to_owned();
        (response.status, Value::Null)
    }

    fn amounts(&self, step: &Step) -> [DepositAmount; 2] {
        if let Some(amounts) = &step.amounts {
            return amounts.each_ref().map(|text| DepositAmount::parse(text).expect("an amount"));
        }
        let guid = self.guid(step.guid.as_ref().expect("a guid"));
        let [first, second] = self.world.statement(&guid).expect("a statement");
        match step.statement.as_deref() {
            Some("same") => [first, second],
            Some("swapped") => [second, first],
            odd => panic!("{odd:?}"),
        }
    }

    fn raw(&mut self, step: &Step) -> Answer {
        let mut path = step.path.clone().expect("a path");
        for (name, guid) in &self.named {
            path = path.replace(&format!("{{{name}}}"), guid);
        }
        let mut call = Call::new(step.method.as_deref().expect("a method"), &path);
        call.session_token = Some(&self.session);
        call.accept = Some(MEDIA_TYPE);
        call.content_type = step.media_type.as_deref();
        call.body = step.body.as_deref().unwrap_or_default().as_bytes();
        let reply = self.world.respond(&call);
        (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
    }

    fn take(&mut self, step: &Step) -> Answer {
        let session = self.session.clone();
        let guid = || self.guid(step.guid.as_ref().expect("a guid"));
        match step.r#do.as_str() {
            "open_session" => self.open_session(),
            "create" => self.send(&create(&step.input), &session),
            "preinitiate" => self.send(&Preinitiate::new(person(&step.input)), &session),
            "list" => self.send(&List::new(), &session),
            "read" => self.send(&Read::new(guid()), &session),
            "verify" => {
                let [first, second] = self.amounts(step);
                self.send(&Verify::new(guid(), first, second), &session)
            }
            "raw" => self.raw(step),
            "advance" => match (step.seconds, &step.to) {
                (Some(seconds), None) => {
                    self.world.advance(Duration::from_secs(seconds));
                    (200, Value::Null)
                }
                (None, Some(to)) => self.admin("/_sandbox/advance", &json!({"to": to})),
                odd => panic!("{odd:?}"),
            },
            "event" => {
                let (_, event) = step.events.first().expect("an event");
                let mut body = json!({"event": event});
                if !step.input.is_empty() {
                    body["account"] = Value::Object(step.input.clone());
                }
                let path = format!("/_sandbox/events/{}", guid().path_segment());
                self.admin(&path, &body)
            }
            odd => panic!("{odd}"),
        }
    }

    fn judge(&mut self, at: &str, step: &Step, expect: &Expect, (http, body): &Answer) {
        assert_eq!(*http, expect.http, "{at}: {body}");
        let record = &body["micro_deposit"];
        if let Some(status) = &expect.status {
            assert_eq!(record["status_name"], **status, "{at}");
        }
        for (name, value) in &expect.fields {
            assert_eq!(&record[name], value, "{at}: {name}");
        }
        if let Some(attempts) = expect.attempts {
            let named = step.r#as.as_ref().or(step.guid.as_ref()).map(String::as_str);
            // A raw step says which one it is about in its path alone; there is never more than one then.
            let name = named.unwrap_or_else(|| self.named.keys().next().expect("a microdeposit"));
            assert_eq!(self.world.attempts(&self.guid(name)), Some(attempts), "{at}: attempts");
        }
        let listed = || body["micro_deposits"].as_array().expect("a list").iter().map(|one| &one["micro_deposit"]);
        if let Some(guids) = &expect.guids {
            let guids: Vec<&str> = guids.iter().map(|name| self.named[name].as_str()).collect();
            assert_eq!(listed().map(|one| one["guid"].as_str().expect("text")).collect::<Vec<_>>(), guids, "{at}");
        }
        if let Some(statuses) = &expect.statuses {
            let shown: Vec<&str> = listed().map(|one| one["status_name"].as_str().expect("text")).collect();
            assert_eq!(&shown, statuses, "{at}");
        }
        if let Some(code) = expect.code {
            assert_eq!(body["error"]["code"], code, "{at}");
        }
        if let Some(field) = &expect.field {
            let message = body["error"]["message"].as_str().expect("a message");
            assert!(
                message.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == field),
                "{at}: {message}"
            );
        }
    }
}

fn text<'a>(input: &'a Map<String, Value>, name: &str) -> &'a str {
    input.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn person(input: &Map<String, Value>) -> Person {
    Person::new(text(input, "first_name"), text(input, "last_name"), text(input, "email")).expect("a person")
}

fn create(input: &Map<String, Value>) -> Create {
    let routing = RoutingNumber::new(text(input, "routing_number")).expect("a routing number");
    let account = AccountNumber::new(text(input, "account_number")).expect("an account number");
    let kind = AccountType::from_name(text(input, "account_type_name")).expect("an account type");
    let create = Create::new(person(input), routing, account, kind);
    match AccountName::new(text(input, "account_name")) {
        Ok(name) => create.with_account_name(name),
        Err(_) => create,
    }
}

#[test]
fn every_story_goes_as_told() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/conversations.json");
    let file: File = serde_json::from_slice(&std::fs::read(path).expect("the file")).expect("stories");
    assert!(file.vectors.len() > 30, "{}", file.vectors.len());
    for story in &file.vectors {
        let mut teller = Teller::new(story);
        for (index, step) in story.steps.iter().enumerate() {
            let at = format!("{} step {index} ({})", story.id, step.r#do);
            let answer = teller.take(step);
            if let (Some(name), Some(guid)) = (&step.r#as, answer.1["micro_deposit"]["guid"].as_str()) {
                teller.named.insert(name.clone(), guid.to_owned());
            }
            match &step.expect {
                Some(expect) => teller.judge(&at, step, expect, &answer),
                None => assert_eq!(answer.0, 200, "{at}: {}", answer.1),
            }
        }
    }
}
