//! Streams without a socket: resumed without gaps, begun anew after a reset, and nothing without a listener.

use std::time::Duration;

use nexus_types::{Endpoint, Operation, Person, Preinitiate, Read};
use serde_json::Value;

use super::*;
use crate::changes::KEPT;
use crate::{Effect, Fault, Options, Policy};

/// Name, number and data of each event.
fn events(text: &str) -> Vec<(String, Option<u64>, Value)> {
    let messages = text.split("\n\n").filter(|message| message.contains("event: "));
    let field = |message: &str, name: &str| {
        message.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")).map(str::to_owned))
    };
    messages
        .map(|message| {
            let data = serde_json::from_str(&field(message, "data").unwrap()).unwrap();
            (field(message, "event").unwrap(), field(message, "id").map(|id| id.parse().unwrap()), data)
        })
        .collect()
}

fn names(told: &Told) -> Vec<String> {
    events(&told.text).into_iter().map(|(name, ..)| name).collect()
}

fn make(world: &mut World) -> nexus_types::MicrodepositGuid {
    let token = world.credentials().session_token.clone();
    let preinitiate = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com").unwrap());
    preinitiate.parse(&world.handle(&preinitiate.request(), &token)).unwrap().guid
}

#[test]
fn nobody_looks_before_somebody_listens() {
    let mut world = World::new(Options::default());
    make(&mut world);
    assert_eq!(world.look(), 0);
    assert!(world.live.is_none());
    let told = world.listen(None, "run");
    let hello = &events(&told.text)[0];
    assert_eq!(
        (hello.0.as_str(), hello.1, &hello.2["resumed"], &hello.2["run"]),
        ("hello", Some(1), &false.into(), &"run".into())
    );
    assert_eq!(world.look(), told.last, "what was before is no change");
}

#[test]
fn a_listener_is_told_each_thing_that_changed_once_and_as_it_is_now() {
    let mut world = World::new(Options::default());
    let first = world.listen(None, "").last;
    let guid = make(&mut world);
    world.advance(Duration::from_secs(60));
    world.advance(Duration::from_secs(60));
    world.add_fault(Fault::nth(Operation::Read, 1, Effect::ResetAfter));
    let told = world.changes(first);
    let all = events(&told.text);
    assert_eq!(names(&told), ["clock", "record", "request", "faults"]);
    assert_eq!(all[0].2["now"], "2026-01-05T09:02:00.000Z");
    assert_eq!((&all[1].2["guid"], &all[1].2["status"]), (&guid.as_str().into(), &"PREINITIATED".into()));
    assert_eq!((&all[2].2["id"], &all[2].2["operation"]), (&1.into(), &"create".into()));
    assert_eq!(all[3].2["faults"][0]["effect"], "reset_after");
    let numbers: Vec<_> = all.iter().map(|(_, id, _)| id.unwrap()).collect();
    assert!(numbers.is_sorted() && numbers.last() == Some(&told.last), "{numbers:?}");
    assert_eq!(world.changes(told.last).text, "", "nothing new");
}

#[test]
fn whoever_comes_back_has_missed_nothing_at_any_place() {
    let mut world = World::new(Options::default());
    let begun = world.listen(None, "").last;
    let token = world.credentials().session_token.clone();
    let mut ends = vec![begun];
    for round in 0..6 {
        let guid = make(&mut world);
        // Some changes are found at once, some only by whoever comes back.
        if round % 2 == 0 {
            ends.push(world.look());
        }
        world.advance(Duration::from_secs(1200));
        world.handle(&Read::new(guid).request(), &token);
    }
    let whole = world.changes(begun);
    let whole_events = events(&whole.text);
    for end in ends {
        let told = world.listen(Some(end), "");
        let heard = events(&told.text);
        assert_eq!(heard[0].2["resumed"], true);
        assert_eq!(heard[0].1, None, "what was told keeps its number");
        let wanted: Vec<_> = whole_events.iter().filter(|(_, id, _)| id.unwrap() > end).cloned().collect();
        assert_eq!(heard[1..], wanted[..], "after {end}");
        assert_eq!(told.last, whole.last);
    }
}

#[test]
fn who_has_missed_too_much_or_comes_from_elsewhere_begins_anew() {
    let options = Options { policy: Policy { requests: 2, ..Policy::default() }, ..Options::default() };
    let mut world = World::new(options);
    let begun = world.listen(None, "").last;
    let resumed = |world: &mut World, after| events(&world.listen(Some(after), "").text)[0].2["resumed"].clone();
    assert_eq!(resumed(&mut world, begun), true);
    assert_eq!(resumed(&mut world, begun + 1), false, "a number that was never given");
    for _ in 0..3 {
        make(&mut world);
    }
    let told = world.changes(begun);
    assert_eq!(names(&told).iter().filter(|name| *name == "request").count(), 2, "the third is kept no longer");
    for _ in 0..KEPT {
        make(&mut world);
    }
    let last = world.look();
    assert_eq!(names(&world.changes(begun)), ["reset"]);
    assert_eq!(resumed(&mut world, begun), false);
    assert_eq!(resumed(&mut world, last), true);
}

#[test]
fn a_reset_is_told_and_the_numbers_go_on() {
    let mut world = World::new(Options::default());
    let begun = world.listen(None, "").last;
    let guid = make(&mut world);
    let before = world.look();
    world.reset();
    let told = world.changes(before);
    assert_eq!(names(&told), ["reset"]);
    assert!(told.last > before);
    assert_eq!(names(&world.changes(begun)), ["reset"], "nothing of the time before is told");
    let again = make(&mut world);
    assert_ne!(again, guid);
    assert_eq!(names(&world.changes(told.last)), ["record", "request"]);
    assert_eq!(events(&world.listen(Some(before - 1), "").text)[0].2["resumed"], false);
}

#[test]
fn what_time_brings_is_told_without_anybody_asking_for_the_record() {
    let mut world = World::new(Options::default());
    let guid = make(&mut world);
    let account = r#"{"event":"account_submitted","account":{"account_number":"333312345","routing_number":"091000019","account_type_name":"CHECKING"}}"#;
    let path = format!("/_sandbox/events/{guid}");
    let mut call = Call::new("POST", &path);
    call.body = account.as_bytes();
    assert_eq!(world.respond(&call).status, 200);
    let mut last = world.listen(None, "").last;
    let mut seen = Vec::new();
    for _ in 0..9 {
        world.advance(Duration::from_secs(120));
        let told = world.changes(last);
        last = told.last;
        for (name, _, data) in events(&told.text).into_iter().filter(|(name, ..)| name == "record") {
            assert!(!data.to_string().contains("3333"), "{name} {data}");
            seen.push(format!("{} {} {}", data["status"], data["shown"], data["next"]["what"]));
        }
    }
    assert_eq!(seen, [r#""DEPOSITED" "PREINITIATED" "shown""#, r#""DEPOSITED" "DEPOSITED" "expired""#]);
}

#[test]
fn a_number_that_is_none_is_refused() {
    let mut world = World::new(Options::default());
    assert_eq!(world.respond(&Call::new("GET", "/_sandbox/live?after=x")).status, 400);
    let reply = world.respond(&Call::new("GET", "/_sandbox/live?after="));
    assert_eq!((reply.status, reply.content_type), (200, EVENTS));
}
