//! Replays the conversations of `tests/vectors/conversations.json` with a sandbox: core and sandbox exchange plain values
//! without a socket.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

#[path = "../../nexus-types/tests/support/cases.rs"]
mod cases;
#[path = "../../nexus-types/tests/support/operations.rs"]
mod operations;
#[path = "../../nexus-types/tests/support/story.rs"]
mod story;

use std::collections::BTreeMap;
use std::time::Duration;

use cases::load;
use nexus_sandbox::{Call, Options, Policy, Profile, World};
use nexus_types::{MEDIA_TYPE, MicrodepositGuid};
use operations::{Input, Outcome, build};
use serde::Deserialize;
use serde_json::{Value, json};
use story::{Expect, Step, Story};

/// A response: HTTP status and body.
type StatusAndBody = (u16, Value);

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
    fn send(&mut self, operation: &str, input: &Input) -> StatusAndBody {
        let endpoint = build(operation, input);
        let response = self.world.handle(&endpoint.request, &self.session);
        assert_eq!((endpoint.parse)(&response).is_ok(), response.status == 200);
        (response.status, serde_json::from_slice(&response.body).expect("JSON"))
    }

    fn guid(&self, name: &str) -> MicrodepositGuid {
        MicrodepositGuid::new(self.named[name].clone()).expect("a guid")
    }

    fn admin(&mut self, path: &str, body: &Value) -> StatusAndBody {
        let body = body.to_string();
        let mut call = Call::new("POST", path);
        call.body = body.as_bytes();
        let reply = self.world.respond(&call);
        (reply.status, serde_json::from_slice(&reply.body).expect("JSON"))
    }

    /// The HTTP status and the token that an endpoint for one brings.
    fn token(&mut self, operation: &str, input: &Input, secret: &str) -> (u16, String) {
        let endpoint = build(operation, input);
        let response = self.world.handle(&endpoint.request, secret);
        match (endpoint.parse)(&response).expect("a success") {
            Outcome::Token(token) => (response.status, token),
            odd => panic!("{odd:?}"),
        }
    }

    fn open_session(&mut self) -> StatusAndBody {
        let credentials = self.world.credentials().clone();
        let user = Input { client_id: credentials.client_id, user_id: credentials.user_id, ..Input::default() };
        let (_, api_token) = self.token("api_token", &user, &credentials.api_key);
        let (status, session) = self.token("open_session", &Input::default(), &api_token);
        self.session = session;
        (status, Value::Null)
    }

    fn amounts(&self, step: &Step) -> [String; 2] {
        if let Some(amounts) = &step.amounts {
            return amounts.clone();
        }
        let guid = self.guid(step.guid.as_ref().expect("a guid"));
        let [first, second] = self.world.statement(&guid).expect("a statement").map(|amount| amount.to_string());
        match step.statement.as_deref() {
            Some("same") => [first, second],
            Some("swapped") => [second, first],
            odd => panic!("{odd:?}"),
        }
    }

    fn raw(&mut self, step: &Step) -> StatusAndBody {
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

    fn take(&mut self, step: &Step) -> StatusAndBody {
        let guid = || self.guid(step.guid.as_ref().expect("a guid"));
        match step.r#do.as_str() {
            "open_session" => self.open_session(),
            asked @ ("create" | "preinitiate" | "list") => self.send(asked, &step.asked()),
            "read" => {
                let input = Input { guid: Some(guid().to_string()), ..Input::default() };
                self.send("read", &input)
            }
            "verify" => {
                let (guid, amounts) = (Some(guid().to_string()), Some(self.amounts(step)));
                self.send("verify", &Input { guid, amounts, ..Input::default() })
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

    fn judge(&mut self, at: &str, step: &Step, expect: &Expect, (http, body): &StatusAndBody) {
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

#[test]
fn every_story_goes_as_told() {
    let stories = load::<Story>("conversations");
    assert!(stories.len() > 30, "{}", stories.len());
    for (id, story) in &stories {
        let mut teller = Teller::new(story);
        for (index, step) in story.steps.iter().enumerate() {
            let at = format!("{id} step {index} ({})", step.r#do);
            let response = teller.take(step);
            if let (Some(name), Some(guid)) = (&step.r#as, response.1["micro_deposit"]["guid"].as_str()) {
                teller.named.insert(name.clone(), guid.to_owned());
            }
            match &step.expect {
                Some(expect) => teller.judge(&at, step, expect, &response),
                None => assert_eq!(response.0, 200, "{at}: {}", response.1),
            }
        }
    }
}
