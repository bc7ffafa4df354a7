//! [`Run`]: a world, a caller with a session, and a receiver of webhooks that answers as it is told.

use std::time::Duration;

use nexus_sandbox::{
    Call, Options, Policy, Subscription, WebhookAttempt, WebhookAuth, WebhookOutcome, WebhookTrouble, World,
};
use nexus_types::{MEDIA_TYPE, Timestamp};
use serde_json::Value;

pub(crate) const DAY: u64 = 86_400;
pub(crate) const RIGHT: &str = r#"{"deposit_amount_1":0.09,"deposit_amount_2":0.09}"#;
pub(crate) const WRONG: &str = r#"{"deposit_amount_1":0.02,"deposit_amount_2":0.02}"#;

pub(crate) struct Run {
    pub(crate) world: World,
    session: String,
    begun: i64,
    answers: Vec<WebhookOutcome>,
    /// What was sent, in order, each with the seconds since the beginning.
    pub(crate) sent: Vec<(u64, WebhookAttempt)>,
}

impl Run {
    pub(crate) fn new(policy: Policy, seed: u64) -> Run {
        let mut options = Options::default();
        (options.policy, options.seed) = (policy, seed);
        let world = World::new(options);
        let (session, begun) = (world.credentials().session_token.clone(), millis(&world.now()));
        Run { world, session, begun, answers: vec![WebhookOutcome::Response(204)], sent: Vec::new() }
    }

    pub(crate) fn subscribe(&mut self) -> u32 {
        let auth = WebhookAuth::Basic { username: "josh".into(), password: "s3cret".into() };
        self.world.subscribe(Subscription::new("http://127.0.0.1:9/").with_auth(auth)).unwrap()
    }

    /// The receiver's answers, one after the other; the last one again and again.
    pub(crate) fn answer(&mut self, answers: &[Value]) {
        self.answers = answers.iter().rev().map(outcome).collect();
    }

    pub(crate) fn ask(&mut self, method: &str, path: &str, body: &str) -> (u16, String) {
        let session = self.session.clone();
        let mut call = Call::new(method, path);
        call.session_token = Some(&session);
        call.content_type = Some(MEDIA_TYPE);
        call.body = body.as_bytes();
        let reply = self.world.respond(&call);
        (reply.status, String::from_utf8(reply.body).unwrap())
    }

    pub(crate) fn good(&mut self, method: &str, path: &str, body: &str) -> Value {
        let (status, body) = self.ask(method, path, body);
        assert_eq!(status, 200, "{method} {path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    /// Creates one for an account that is deposited in two minutes; its guid.
    pub(crate) fn made(&mut self, account: &str) -> String {
        let body = format!(
            r#"{{"micro_deposit":{{"first_name":"Josh","last_name":"James","email":"a{account}@example.com","account_number":"{account}","account_type_name":"CHECKING","routing_number":"091000019"}}}}"#
        );
        self.good("POST", "/micro_deposits", &body)["micro_deposit"]["guid"].as_str().unwrap().to_owned()
    }

    pub(crate) fn seconds(&self) -> u64 {
        u64::try_from((millis(&self.world.now()) - self.begun) / 1000).unwrap()
    }

    /// Sends what is due now.
    pub(crate) fn send(&mut self) {
        while let Some(attempt) = self.world.attempt_due() {
            let answer = if self.answers.len() > 1 { self.answers.pop().unwrap() } else { self.answers[0] };
            self.world.attempt_ended(&attempt, answer);
            self.sent.push((self.seconds(), attempt));
        }
    }

    /// Lets so many seconds pass from one moment to the next, and sends what is due at each.
    pub(crate) fn pass(&mut self, seconds: u64) {
        self.send();
        let end = millis(&self.world.now()) + i64::try_from(seconds * 1000).unwrap();
        while let Some(next) = self.world.next_due().map(|next| millis(&next)).filter(|next| *next <= end) {
            self.world.advance(Duration::from_millis(u64::try_from(next - millis(&self.world.now())).unwrap()));
            self.send();
        }
        self.world.advance(Duration::from_millis(u64::try_from(end - millis(&self.world.now())).unwrap()));
    }

    /// A life that ends VERIFIED after two wrong submissions, and 30 days more.
    pub(crate) fn live(&mut self) -> String {
        let guid = self.made("333312345");
        self.pass(120);
        for amounts in [WRONG, WRONG, RIGHT] {
            let read = self.good("GET", "/_sandbox/state", "");
            assert_eq!(read["counts"]["VERIFIED"], 0);
            // Sessions live for 30 minutes; this is two minutes later.
            self.good("PUT", &format!("/micro_deposits/{guid}"), amounts);
        }
        self.pass(30 * DAY);
        guid
    }
}

pub(crate) fn millis(at: &Timestamp) -> i64 {
    at.unix_millis().unwrap()
}

pub(crate) fn outcome(answer: &Value) -> WebhookOutcome {
    match answer.as_u64() {
        Some(status) => WebhookOutcome::Response(u16::try_from(status).unwrap()),
        None => WebhookOutcome::Failed(match answer.as_str().unwrap() {
            "refused" => WebhookTrouble::Refused,
            "timeout" => WebhookTrouble::Timeout,
            "closed" => WebhookTrouble::Closed,
            "tls" => WebhookTrouble::Tls,
            "unknown_host" => WebhookTrouble::UnknownHost,
            "token" => WebhookTrouble::Token,
            other => panic!("{other}"),
        }),
    }
}

/// The cases of a file, each with the policy that it wants.
pub(crate) fn cases(text: &str) -> Vec<(Value, Policy)> {
    let file: Value = serde_json::from_str(text).unwrap();
    let policy = |case: &Value| match case.get("policy") {
        Some(policy) => serde_json::from_value(policy.clone()).unwrap(),
        None => Policy::default(),
    };
    file["vectors"].as_array().unwrap().iter().map(|case| (case.clone(), policy(case))).collect()
}
