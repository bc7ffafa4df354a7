//! The conversation: the same requests for both sides, one after the other, and what is kept of each response.
//!
//! Nothing is sent twice. No microdeposit gets more than one submission of amounts.

use nexus_types::routing::MX_TEST_REFUSED;
use nexus_types::{MEDIA_TYPE, SSO_MEDIA_TYPE};
use serde_json::{Value, json};

use super::aliases::Aliases;
use super::hints::Hints;
use super::shape::{self, Exactness, Shape};
use super::side::{Ask, Heard, Secret, Side};
use super::values::Values;
use crate::failure::Failure;

const JSON: &str = "application/json";
/// More than a request's body may have in the sandbox.
const LARGE: usize = 70_000;
const MINUTE: u64 = 60;
/// Seconds between two looks whether deposits have landed.
const PAUSE: u64 = 10;

/// What the conversation can do with the other side; the sandbox inside follows it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Conditions {
    /// The SSO API is asked too.
    pub(super) keyed: bool,
    /// Clocks move on request.
    pub(super) clock: bool,
    /// Microdeposits with account details are made.
    pub(super) accounts: bool,
    /// How long deposits are waited for, in seconds, where the clock runs by itself.
    pub(super) wait: u64,
    /// The user had no microdeposits before; none: not known yet.
    pub(super) fresh: Option<bool>,
    /// Deposits landed while they were waited for; none: not known yet.
    pub(super) deposited: Option<bool>,
}

/// What was heard: each step with its shape.
pub(super) struct Transcript {
    pub(super) steps: Vec<(&'static str, Shape)>,
    pub(super) hints: Hints,
    /// How many microdeposits were made.
    pub(super) made: usize,
    /// As they turned out.
    pub(super) conditions: Conditions,
}

struct Talk<'a> {
    side: &'a mut dyn Side,
    values: &'a Values,
    aliases: Aliases,
    out: Transcript,
}

/// Holds the conversation with one side.
pub(super) fn hold(side: &mut dyn Side, values: &Values, conditions: Conditions) -> Result<Transcript, Failure> {
    let out = Transcript { steps: Vec::new(), hints: Hints::default(), made: 0, conditions };
    let mut talk = Talk { aliases: values.aliases(), side, values, out };
    if conditions.keyed {
        talk.open()?;
    }
    talk.lists_when_empty()?;
    let person = talk.preinitiated()?;
    talk.refusals(&person)?;
    if conditions.accounts {
        talk.accounts()?;
    }
    talk.get("list page 2", "/micro_deposits?page=2&records_per_page=10")?;
    // A single time may be at a whole second; all of them are not.
    let fractions = if talk.aliases.fractions { "some are not zero" } else { "all are zero, or there is none" };
    let shape = Shape::from([("fractions of seconds".to_owned(), fractions.to_owned())]);
    talk.out.steps.push(("all times", shape));
    Ok(talk.out)
}

impl Talk<'_> {
    fn step(&mut self, name: &'static str, ask: Ask) -> Result<Heard, Failure> {
        self.side.pass(1)?;
        let heard = self.side.ask(&ask)?;
        let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
        if ask.method == "POST"
            && ask.path == "/micro_deposits"
            && let Some(guid) = body["micro_deposit"]["guid"].as_str()
        {
            self.aliases.name("guid", guid, &format!("of `{name}`"));
            self.out.made += 1;
        }
        self.out.hints.note(heard.status, &body);
        let exact = Exactness { clock: self.out.conditions.clock };
        let mut shape = shape::body(&heard.body, &mut self.aliases, exact);
        shape.insert("HTTP status".to_owned(), heard.status.to_string());
        if !heard.body.is_empty() {
            shape.insert("Content-Type".to_owned(), media_type(&heard.content_type).to_owned());
        }
        self.out.steps.push((name, shape));
        Ok(heard)
    }

    fn get(&mut self, name: &'static str, path: &str) -> Result<Heard, Failure> {
        self.step(name, plain("GET", path))
    }

    fn post(&mut self, name: &'static str, body: Vec<u8>) -> Result<Option<String>, Failure> {
        let heard = self.step(name, with_body("POST", "/micro_deposits", body))?;
        let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
        Ok(body["micro_deposit"]["guid"].as_str().map(str::to_owned))
    }

    fn read(&mut self, name: &'static str, guid: &str) -> Result<Heard, Failure> {
        self.get(name, &format!("/micro_deposits/{guid}"))
    }

    /// A session, as a client opens it.
    fn open(&mut self) -> Result<(), Failure> {
        let token = |heard: &Heard, outer: &str| {
            let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
            let token = body[outer]["token"].as_str().map(str::to_owned);
            token.ok_or_else(|| {
                let words = format!("no session: `{outer}` has no token, HTTP status {}", heard.status);
                Failure::Remote(words, Some(heard.status))
            })
        };
        let api_token = |user: String| Ask {
            user: Some(user),
            accept: SSO_MEDIA_TYPE,
            secret: Secret::Key,
            ..plain("GET", "/api_token.json")
        };
        let heard = self.step("api token", api_token(self.side.user_id()))?;
        self.side.keep(Secret::Token, token(&heard, "api_token")?);
        let heard =
            self.step("session", Ask { secret: Secret::Token, ..with_body("POST", "/sessions", Vec::new()) })?;
        self.side.keep(Secret::Session, token(&heard, "session")?);
        self.step("api token of an unknown user", api_token(self.values.unknown_user())).map(drop)
    }

    /// Only a user without microdeposits shows how such a list looks.
    fn lists_when_empty(&mut self) -> Result<(), Failure> {
        let heard = self.get("list when empty", "/micro_deposits")?;
        if !(200..300).contains(&heard.status) {
            let words = format!("the list is refused, HTTP status {}: are the credentials right?", heard.status);
            return Err(Failure::Remote(words, Some(heard.status)));
        }
        let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
        let empty = body["micro_deposits"].as_array().is_none_or(Vec::is_empty);
        if !*self.out.conditions.fresh.get_or_insert(empty) {
            self.out.steps.pop();
        }
        Ok(())
    }

    fn preinitiated(&mut self) -> Result<Option<String>, Failure> {
        let made = self.post("preinitiate", self.values.person(1)?)?;
        if let Some(guid) = &made {
            self.read("read pre-initiated", guid)?;
            self.read("read pre-initiated again", guid)?;
        }
        self.get("list", "/micro_deposits")?;
        Ok(made)
    }

    /// Requests that are wrong in one thing each.
    fn refusals(&mut self, preinitiated: &Option<String>) -> Result<(), Failure> {
        let unknown = self.values.unknown_guid();
        self.read("unknown guid", &unknown)?;
        self.get("unknown path", "/micro_deposits_of_nobody")?;
        self.step("wrong token", Ask { secret: Secret::Wrong, ..plain("GET", "/micro_deposits") })?;
        self.step("wrong method", plain("PATCH", "/micro_deposits"))?;
        self.step("HTML accepted only", Ask { accept: "text/html", ..plain("GET", "/micro_deposits") })?;
        let post = |body| with_body("POST", "/micro_deposits", body);
        let text = Ask { content_type: Some("text/plain"), ..post(self.values.person(2)?) };
        self.step("body as text/plain", text)?;
        let json = Ask { content_type: Some(JSON), accept: JSON, ..post(self.values.person(2)?) };
        self.step("body as application/json", json)?;
        let mut large = self.values.person(2)?;
        large.resize(LARGE, b' ');
        self.step("large body", post(large))?;
        self.post("name with other signs", self.values.named(2, "Jo$h")?)?;
        self.post("no name", self.values.named(2, "")?)?;
        if let Some(guid) = preinitiated {
            let put = with_body("PUT", &format!("/micro_deposits/{guid}"), self.values.amounts(guid, 9)?);
            self.step("amounts before there is an account", put)?;
        }
        Ok(())
    }

    fn accounts(&mut self) -> Result<(), Failure> {
        let values = self.values;
        let first = self.post("create", values.create(1, 3)?)?;
        if let Some(guid) = &first {
            self.read("read", guid)?;
            self.read("read again", guid)?;
            self.wait(61)?;
            self.read("read after a minute", guid)?;
        }
        self.post("second for the account", values.create(1, 4)?)?;
        let second = self.post("second account of the address", values.create(2, 3)?)?;
        self.post("third account of the address", values.create(3, 3)?)?;
        self.post("fourth account of the address", values.create(4, 3)?)?;
        self.get("list of accounts", "/micro_deposits")?;
        self.post("routing number with a wrong sum", values.changed(5, &[("routing_number", "091000018".into())])?)?;
        let refused = MX_TEST_REFUSED.first().copied().unwrap_or_default();
        self.post("routing number that MX refuses", values.changed(5, &[("routing_number", refused.into())])?)?;
        let number: u64 = values.account(6).parse().unwrap_or_default();
        let numbers = [("account_number", json!(number)), ("routing_number", json!(91_000_019))];
        self.post("numbers as JSON numbers", values.changed(6, &numbers)?)?;
        let alone = [("account_type_name", Value::Null), ("account_type", json!(1))];
        self.post("account_type alone", values.changed(7, &alone)?)?;
        match (first, second) {
            (Some(first), second) => self.verified(&first, second.as_deref()),
            _ => Ok(()),
        }
    }

    /// Waits for the deposits and submits amounts: the documented ones once, and impossible ones to another once.
    fn verified(&mut self, first: &str, second: Option<&str>) -> Result<(), Failure> {
        if self.out.conditions.clock {
            self.wait(2 * MINUTE)?;
            self.get("list when deposits have landed", "/micro_deposits")?;
            self.wait(60 * MINUTE)?;
            self.get("list an hour later", "/micro_deposits")?;
        } else if !self.landed(first)? {
            return Ok(());
        }
        self.read("read when deposits have landed", first)?;
        let put = with_body("PUT", &format!("/micro_deposits/{first}"), self.values.amounts(first, 9)?);
        self.step("verify with 0.09 and 0.09", put)?;
        self.read("read when amounts were submitted", first)?;
        if self.out.conditions.clock {
            self.wait(60 * MINUTE)?;
            self.read("read an hour later", first)?;
        }
        if let Some(second) = second {
            let put = with_body("PUT", &format!("/micro_deposits/{second}"), self.values.odd_amounts(second)?);
            self.step("verify with impossible amounts", put)?;
            self.read("read when impossible amounts were submitted", second)?;
        }
        self.get("list at the end", "/micro_deposits").map(drop)
    }

    /// Lets so much time pass where clocks move on request. Sessions end after thirty idle minutes, so this one is used.
    fn wait(&mut self, seconds: u64) -> Result<(), Failure> {
        let mut left = if self.out.conditions.clock { seconds } else { 0 };
        while left > 0 {
            let part = left.min(20 * MINUTE);
            self.side.pass(part)?;
            if part == 20 * MINUTE {
                self.side.ask(&plain("GET", "/micro_deposits"))?;
            }
            left -= part;
        }
        Ok(())
    }

    /// Whether the deposits are there within the time that was given; the other side then only follows.
    fn landed(&mut self, guid: &str) -> Result<bool, Failure> {
        if let Some(landed) = self.out.conditions.deposited {
            self.side.pass(2 * MINUTE)?;
            return Ok(landed);
        }
        let mut landed = false;
        for _ in 0..self.out.conditions.wait.div_ceil(PAUSE) {
            self.side.rest(PAUSE)?;
            let heard = self.side.ask(&plain("GET", &format!("/micro_deposits/{guid}")))?;
            let body: Value = serde_json::from_slice(&heard.body).unwrap_or_default();
            landed = body["micro_deposit"]["status"] == 2 || body["micro_deposit"]["status_name"] == "DEPOSITED";
            if landed {
                break;
            }
        }
        self.out.conditions.deposited = Some(landed);
        Ok(landed)
    }
}

fn plain(method: &'static str, path: &str) -> Ask {
    Ask {
        method,
        path: path.to_owned(),
        user: None,
        accept: MEDIA_TYPE,
        content_type: None,
        secret: Secret::Session,
        body: Vec::new(),
    }
}

fn with_body(method: &'static str, path: &str, body: Vec<u8>) -> Ask {
    let content_type = (!body.is_empty()).then_some(MEDIA_TYPE);
    Ask { body, content_type, ..plain(method, path) }
}

/// One that is known; another may be anything.
fn media_type(text: &str) -> &'static str {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let known = [MEDIA_TYPE, SSO_MEDIA_TYPE, JSON, "text/html", "text/plain"];
    known.into_iter().find(|known| *known == essence).unwrap_or("another, or none")
}
