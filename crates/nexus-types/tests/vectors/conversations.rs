//! `conversations.json`: the conversations, replayed without a server.
//!
//! The events of each step go through the authority's table and must lead to the status and attempts that the step
//! expects; the observer must find every change of status possible; and every request must be buildable. Telling the same
//! stories to a sandbox is another test's work.

use std::collections::BTreeMap;

use crate::cases::load;
use crate::operations::build;
use crate::story::{Expect, Step, Story};
use nexus_types::{Authority, DepositAmount, Event, KnownStatus, Position, Sighting, Status, Timestamp, machine};

/// The microdeposits of one story: where each truly is, and the status that was last shown.
#[derive(Default)]
struct World {
    truth: BTreeMap<String, Authority>,
    seen: BTreeMap<String, Status>,
}

impl World {
    fn happens(&mut self, at: &str, name: &str, event: &str) {
        let state = self.truth.entry(name.to_owned()).or_default();
        let event = Event::from_name(event).unwrap_or_else(|| panic!("{at}: no event {event}"));
        *state = state.apply(event).unwrap_or_else(|error| panic!("{at}: {event:?}: {error}"));
    }

    fn shows(&mut self, at: &str, name: &str, status: &str) {
        let status = Status::from(KnownStatus::from_name(status).unwrap());
        if let Some(before) = self.seen.insert(name.to_owned(), status.clone()) {
            assert_ne!(machine::sighting(&before, &status), Sighting::Unforeseen, "{at}: {before} then {status}");
        }
    }

    fn judge(&mut self, at: &str, name: &str, deferred: bool, expect: &Expect) {
        let state = self.truth[name];
        if let Some(attempts) = expect.attempts {
            assert_eq!(state.attempts(), attempts, "{at}: attempts");
        }
        match (expect.http, &expect.status) {
            (404, None) => assert_eq!(state.position(), Position::Deleted, "{at}"),
            (409, None) => assert!(!state.status().is_some_and(KnownStatus::may_verify), "{at}: could be verified"),
            (_, Some(status)) => {
                assert_eq!(state.status().map(KnownStatus::name), Some(status.as_str()), "{at}");
                let number = expect.fields.get("status");
                assert!(number.is_none_or(|n| n.as_i64() == Status::from_name(status).number()), "{at}");
                self.shows(at, name, status);
            }
            (401, None) => {}
            odd => assert!(deferred, "{at}: {odd:?}"),
        }
    }
}

/// Checks that a step has what its kind needs, and gives the name of the microdeposit that it is about.
fn subject(at: &str, step: &Step) -> Option<String> {
    let mut input = step.asked();
    match step.r#do.as_str() {
        "create" | "preinitiate" => {
            build(&step.r#do, &input);
            return Some(step.r#as.clone().unwrap_or_else(|| panic!("{at}: no name")));
        }
        "read" | "verify" => {
            input.guid.clone_from(&step.guid);
            input.amounts.clone_from(&step.amounts);
            if step.statement.is_some() {
                input.amounts = Some(["0.01".into(), "0.02".into()]);
            }
            build(&step.r#do, &input);
            return step.guid.clone();
        }
        "open_session" | "list" => {
            build(&step.r#do, &input);
        }
        "advance" => {
            let to = step.to.as_deref().map(|to| Timestamp::new(to).unix_millis().unwrap());
            assert!(step.seconds.is_some() != to.is_some(), "{at}: seconds or a time");
        }
        "event" => assert!(step.guid.is_some() && step.events.len() == 1, "{at}: one event of one microdeposit"),
        "raw" => {
            assert!(step.method.is_some() && step.media_type.is_some(), "{at}");
            let path = step.path.as_deref().unwrap();
            assert!(path.starts_with('/') && step.body.as_deref() != Some(""), "{at}");
            return path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name.to_owned());
        }
        other => panic!("{at}: {other}"),
    }
    None
}

fn tell(id: &str, story: &Story) {
    assert!(["integration", "production"].contains(&story.profile.as_str()), "{id}");
    if let Some(amounts) = story.policy.get("deposit_amounts") {
        assert!(amounts.as_array().unwrap().iter().all(|text| DepositAmount::parse(text.as_str().unwrap()).is_ok()));
    }
    let deferred = story.policy.get("verification").is_some_and(|when| when == "deferred");
    let mut world = World::default();
    for (index, step) in story.steps.iter().enumerate() {
        let at = format!("{id}, step {index} ({})", step.r#do);
        let name = subject(&at, step);
        for (name, event) in &step.events {
            world.happens(&at, name, event);
        }
        let needs_response = !["advance", "event"].contains(&step.r#do.as_str());
        assert_eq!(step.expect.is_some(), needs_response, "{at}: a response is expected of a request only");
        let Some(expect) = &step.expect else { continue };
        let refused = (400..500).contains(&expect.http);
        assert!(refused || (expect.code.is_none() && expect.field.is_none()), "{at}");
        match &name {
            Some(name) if expect.http != 400 => {
                assert!(world.truth.contains_key(name), "{at}: who is {name}?");
                world.judge(&at, name, deferred, expect);
            }
            _ => {}
        }
        if let Some(guids) = &expect.guids {
            let there: Vec<_> =
                world.truth.iter().filter(|(_, state)| state.status().is_some()).map(|(n, _)| n).collect();
            assert_eq!(there, guids.iter().collect::<Vec<_>>(), "{at}");
            for (name, status) in guids.iter().zip(expect.statuses.iter().flatten()) {
                world.shows(&at, name, status);
            }
        }
    }
}

#[test]
fn every_story_can_have_happened() {
    for (id, story) in load::<Story>("conversations") {
        tell(&id, &story);
    }
}

#[test]
fn a_story_that_cannot_have_happened_is_found_out() {
    for steps in [
        r#"[{"do":"create","as":"m","input":{"first_name":"a","last_name":"b","email":"c@d.ef","account_number":"1","account_type_name":"CHECKING","routing_number":"091000019"},"events":[["m","created"]],"expect":{"http":200,"status":"VERIFIED"}}]"#,
        r#"[{"do":"advance","seconds":1,"events":[["m","landed"]]}]"#,
        r#"[{"do":"read","guid":"m","expect":{"http":200,"status":"INITIATED"}}]"#,
        r#"[{"do":"list","expect":{"http":200,"guids":["m"]}}]"#,
    ] {
        let story: Story =
            serde_json::from_str(&format!(r#"{{"profile":"integration","policy":{{}},"steps":{steps}}}"#)).unwrap();
        assert!(std::panic::catch_unwind(|| tell("impossible", &story)).is_err(), "{steps}");
    }
}
