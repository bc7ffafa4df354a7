//! Random sequences of calls, events and moves of the clock.

use nexus_sandbox::{Options, Policy, Profile, ReadsTouch, Refresh, Verification};
use nexus_types::machine::history;
use nexus_types::{Event, KnownStatus, Position};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::life::{Life, details, person, with_email};

#[derive(Debug, Clone)]
enum Step {
    Create { account: u8, email: u8, foreign: bool },
    Preinitiate { email: u8 },
    Read { which: u8, foreign: bool },
    List,
    Verify { which: u8, amounts: u8 },
    Happen { which: u8, event: u8, account: u8 },
    Pass { seconds: u32 },
    Raw { method: u8, path: u8, body: String },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (0..6u8, 0..3u8, prop::bool::weighted(0.2))
            .prop_map(|(account, email, foreign)| Step::Create { account, email, foreign }),
        1 => (0..3u8).prop_map(|email| Step::Preinitiate { email }),
        2 => (any::<u8>(), prop::bool::weighted(0.2)).prop_map(|(which, foreign)| Step::Read { which, foreign }),
        1 => Just(Step::List),
        4 => (any::<u8>(), 0..5u8).prop_map(|(which, amounts)| Step::Verify { which, amounts }),
        3 => (any::<u8>(), 0..Event::ALL.len() as u8, 0..6u8)
            .prop_map(|(which, event, account)| Step::Happen { which, event, account }),
        2 => prop_oneof![0..200u32, 0..7200u32, 0..3_000_000u32].prop_map(|seconds| Step::Pass { seconds }),
        1 => (0..4u8, 0..6u8, ".{0,40}").prop_map(|(method, path, body)| Step::Raw { method, path, body }),
    ];
    prop::collection::vec(step, 1..60)
}

fn options() -> impl Strategy<Value = Options> {
    let refresh = prop_oneof![Just(Refresh::Hourly15), Just(Refresh::Minutely), Just(Refresh::OnRead)];
    let days = |least: u16| prop::option::of(least..30);
    let verification = prop_oneof![
        3 => Just(Verification::Immediate),
        3 => Just(Verification::Deferred),
        2 => (0..4000u32).prop_map(Verification::AfterSeconds),
    ];
    let touch =
        prop_oneof![2 => Just(ReadsTouch::Never), 1 => Just(ReadsTouch::Always), 1 => Just(ReadsTouch::Minutely)];
    let switches = (any::<u64>(), any::<bool>(), verification, any::<bool>(), refresh, touch, 0..100u32);
    // A wrong submission that ends everything at once would be counted, and its response would be a 404.
    let days = (days(0), days(0), days(1));
    (switches, days, 0..=1000u16).prop_map(|(switches, days, failures)| {
        let (seed, production, verification, conflict, refresh, reads_touch, list_lag_seconds) = switches;
        let mut options = Options::default();
        options.seed = seed;
        options.profile = if production { Profile::Production } else { Profile::Integration };
        options.policy = Policy {
            refresh,
            conflict,
            verification,
            reads_touch,
            list_lag_seconds,
            retention_days: days.0,
            preinitiated_days: days.1,
            denied_days: days.2,
            failures_per_thousand: failures,
            ..Policy::default()
        };
        options
    })
}

/// One that takes the steps, and what it must remember of them.
struct Walk {
    life: Life,
    foreign: String,
    known: Vec<Known>,
    later: bool,
}

/// What was last seen of a record, and how many submissions were judged.
struct Known {
    guid: String,
    truth: Position,
    shown: Option<KnownStatus>,
    submissions: u64,
}

const ACCOUNTS: [&str; 6] = ["33331", "33332", "33333", "100", "200", "300"];

impl Walk {
    fn new(options: Options) -> Walk {
        let later = matches!(options.policy.verification, Verification::AfterSeconds(_));
        let mut life = Life::from(options);
        let foreign = life.session_of("user-2");
        Walk { life, foreign, known: Vec::new(), later }
    }

    fn which(&self, which: u8) -> Option<usize> {
        (!self.known.is_empty()).then(|| usize::from(which) % self.known.len())
    }

    fn guid(&self, which: u8) -> String {
        self.which(which).map_or("MIC-unknown".to_owned(), |index| self.known[index].guid.clone())
    }

    fn create(&mut self, session: &str, body: &Value) -> (u16, String) {
        let before = self.life.world.created();
        let response = self.life.ask_as(session, "POST", "/micro_deposits", &body.to_string());
        // With an expiry of no days at all it is gone before it is seen, and then nothing is known of it.
        if let Ok(body) = serde_json::from_str::<Value>(&response.1)
            && let Some(guid) = body["micro_deposit"]["guid"].as_str()
        {
            assert_eq!(self.life.world.created(), before + 1);
            self.known.push(Known { guid: guid.to_owned(), truth: Position::Nothing, shown: None, submissions: 0 });
        }
        response
    }

    fn take(&mut self, step: &Step) -> (u16, String) {
        let own = self.life.session.clone();
        match step {
            Step::Create { account, email, foreign } => {
                let session = if *foreign { self.foreign.clone() } else { own };
                let body = with_email(ACCOUNTS[usize::from(*account)], &format!("user{email}@example.com"));
                self.create(&session, &body)
            }
            Step::Preinitiate { email } => self.create(&own, &person(&format!("user{email}@example.com"))),
            Step::Read { which, foreign } => {
                let session = if *foreign { self.foreign.clone() } else { own };
                self.life.ask_as(&session, "GET", &format!("/micro_deposits/{}", self.guid(*which)), "")
            }
            Step::List => self.life.ask("GET", "/micro_deposits", ""),
            Step::Verify { which, amounts } => {
                let guid = self.guid(*which);
                let statement = self.life.get_statement(&guid);
                let [first, second] = match amounts {
                    0 => statement,
                    1 => ["0.09".to_owned(), "0.09".to_owned()],
                    2 => ["0.02".to_owned(), "0.02".to_owned()],
                    3 => ["0.04".to_owned(), "0.01".to_owned()],
                    _ => ["1".to_owned(), "2".to_owned()],
                };
                let body = format!(r#"{{"deposit_amount_1":{first},"deposit_amount_2":{second}}}"#);
                let response = self.life.ask("PUT", &format!("/micro_deposits/{guid}"), &body);
                self.count(*which, response.0 == 200);
                response
            }
            Step::Happen { which, event, account } => {
                let event = Event::ALL[usize::from(*event)];
                let body = json!({"event": event.name(), "account": details(ACCOUNTS[usize::from(*account)])});
                let path = format!("/_sandbox/events/{}", self.guid(*which));
                let response = self.life.ask("POST", &path, &body.to_string());
                let is_submission = matches!(event, Event::AmountsRight | Event::AmountsWrong | Event::LockedOut);
                self.count(*which, response.0 == 200 && is_submission);
                response
            }
            Step::Pass { seconds } => {
                self.life.pass(u64::from(*seconds));
                self.foreign = self.life.session_of("user-2");
                (200, String::new())
            }
            Step::Raw { method, path, body } => {
                let guid = self.guid(*path);
                let one = [format!("/micro_deposits/{guid}"), format!("/_sandbox/events/{guid}")];
                let some = ["/micro_deposits", "/sessions", "/_sandbox/advance", "/no"].map(str::to_owned);
                let path = one.into_iter().chain(some).nth(usize::from(*path)).unwrap();
                self.life.ask(["GET", "PUT", "POST", "DELETE"][usize::from(*method)], &path, body)
            }
        }
    }

    fn count(&mut self, which: u8, counted: bool) {
        if let Some(index) = self.which(which) {
            self.known[index].submissions += u64::from(counted);
        }
    }

    /// Looks at every record and holds it against the table and against what was seen before.
    fn look(&mut self, after: &Step) {
        let later = self.later;
        for known in &mut self.known {
            let standing = self.life.get("GET", &format!("/_sandbox/state/{}", known.guid), "");
            let status = |name: &str| {
                standing[name]
                    .as_str()
                    .map(|name| KnownStatus::ALL.into_iter().find(|status| status.name() == name).unwrap())
            };
            let truth = status("status").map_or(Position::Deleted, Position::At);
            assert!(history(known.truth, truth).is_some(), "{} to {truth} by {after:?}", known.truth);
            if let Some(shown) = status("shown") {
                assert!(history(Position::At(shown), truth).is_some(), "{shown:?} is ahead of {truth} after {after:?}");
                if let Some(before) = known.shown {
                    let forward = history(Position::At(before), Position::At(shown)).is_some();
                    assert!(forward, "{before:?} back to {shown:?} by {after:?}");
                }
                known.shown = Some(shown);
            }
            known.truth = truth;
            let attempts = standing["attempts"].as_u64().unwrap();
            // A submission that is judged later may find no status that admits it.
            assert!(attempts == known.submissions || (later && attempts < known.submissions), "{after:?}");
            assert!(attempts <= 3);
        }
    }
}

impl Life {
    /// The amounts of the statement, as they would be sent.
    fn get_statement(&mut self, guid: &str) -> [String; 2] {
        let (_, body) = self.ask("GET", &format!("/_sandbox/deposits/{guid}"), "");
        let body: Value = serde_json::from_str(&body).unwrap();
        ["deposit_amount_1", "deposit_amount_2"].map(|name| body[name].as_f64().unwrap_or(0.01).to_string())
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Two walks take the same steps, and only one of them looks at everything after each: looking changes nothing, though
    /// a record grows old only when somebody looks.
    #[test]
    fn every_walk_keeps_the_table_and_looking_changes_nothing(options in options(), steps in steps()) {
        let (mut looking, mut blind) = (Walk::new(options.clone()), Walk::new(options));
        for step in &steps {
            let response = looking.take(step);
            prop_assert!(response.0 < 500, "{:?} {:?}", step, response);
            prop_assert_eq!(&response, &blind.take(step), "{:?}", step);
            looking.look(step);
        }
        for path in ["/_sandbox/events", "/micro_deposits"] {
            prop_assert_eq!(looking.life.ask("GET", path, ""), blind.life.ask("GET", path, ""));
        }
    }
}
