//! Tests of the state machine.

use proptest::prelude::*;

use super::*;

fn any_event() -> impl Strategy<Value = Event> {
    (0..Event::ALL.len()).prop_map(|index| Event::ALL[index])
}

/// Applies what the table admits and skips the rest; returns every place passed.
fn run(events: &[Event]) -> Vec<Authority> {
    let mut passed = vec![Authority::new()];
    for event in events {
        if let Ok(next) = passed[passed.len() - 1].apply(*event) {
            passed.push(next);
        }
    }
    passed
}

/// A weighted mix in which long lives are likely.
fn life() -> impl Strategy<Value = Vec<Event>> {
    let likely = prop_oneof![
        Just(Event::Created),
        Just(Event::Preinitiated),
        Just(Event::AccountSubmitted),
        Just(Event::Requested),
        Just(Event::Landed),
        Just(Event::AmountsWrong),
        Just(Event::AmountsRight),
    ];
    prop::collection::vec(prop_oneof![4 => likely, 1 => any_event()], 0..24)
}

#[test]
fn the_diagram_in_the_docs_is_the_table() {
    let source = include_str!("mod.rs");
    let drawn: Vec<&str> =
        source.lines().filter_map(|line| line.strip_prefix("//! ")).filter(|line| line.contains("--")).collect();
    let meant: Vec<String> = TABLE
        .iter()
        .map(|row| format!("{:<12} {:<22} {}", row.from, format!("--{}-->", row.event.name()), row.to))
        .collect();
    assert_eq!(drawn, meant);
}

#[test]
fn third_wrong_submission_locks() {
    let start = run(&[Event::Created, Event::Requested, Event::Landed]);
    let mut state = start[3];
    for (status, attempts) in [(Denied, 1), (Denied, 2), (Prevented, 3)] {
        state = state.apply(Event::AmountsWrong).unwrap();
        assert_eq!((state.status(), state.attempts()), (Some(status), attempts));
    }
    assert!(state.apply(Event::AmountsRight).is_err());
}

#[test]
fn right_third_submission_verifies() {
    let wrong_twice = [Event::Created, Event::Requested, Event::Landed, Event::AmountsWrong, Event::AmountsWrong];
    let state = run(&wrong_twice)[5].apply(Event::AmountsRight).unwrap();
    assert_eq!((state.status(), state.attempts()), (Some(Verified), 3));
}

#[test]
fn every_event_has_a_row_and_a_name_of_its_own() {
    for event in Event::ALL {
        assert!(TABLE.iter().any(|row| row.event == *event), "{event:?}");
        assert_eq!(Event::from_name(event.name()), Some(*event));
    }
    for (index, row) in TABLE.iter().enumerate() {
        let twin = TABLE.iter().skip(index + 1).find(|other| (other.from, other.event) == (row.from, row.event));
        assert_eq!(twin, None, "one outcome for each");
    }
}

#[test]
fn terminal_means_that_nothing_leads_out() {
    let mut faults = Vec::new();
    for status in KnownStatus::ALL {
        let out: Vec<&str> = TABLE.iter().filter(|row| row.from == At(status)).map(|row| row.event.name()).collect();
        match (status.is_terminal(), out.is_empty()) {
            (true, false) => {
                faults.push(format!("{status:?} is terminal in status/table.rs, but {out:?} lead out of it"))
            }
            (false, true) => {
                faults.push(format!("nothing leads out of {status:?}, but it is not terminal in status/table.rs"))
            }
            _ => {}
        }
        match (status.may_verify(), out.contains(&Event::AmountsRight.name())) {
            (true, false) => {
                faults.push(format!("{status:?} admits amounts in status/table.rs, but has no amounts_right"))
            }
            (false, true) => {
                faults.push(format!("{status:?} has amounts_right, but admits no amounts in status/table.rs"))
            }
            _ => {}
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn every_status_has_a_way_in() {
    let missed: Vec<_> =
        KnownStatus::ALL.into_iter().filter(|status| history(Nothing, At(*status)).is_none()).collect();
    assert!(
        missed.is_empty(),
        "no transition leads to {missed:?}: the sandbox cannot reach it, and no wait for it can end"
    );
}

#[test]
fn sightings() {
    assert_eq!(sighting(&Status::Denied, &Status::Denied), Sighting::Same);
    assert_eq!(
        sighting(&Status::Initiated, &Status::Verified),
        Sighting::Moved(vec![Event::Requested, Event::Landed, Event::AmountsRight])
    );
    assert_eq!(sighting(&Status::Verified, &Status::Deposited), Sighting::Unforeseen);
    assert_eq!(sighting(&Status::Deposited, &Status::from_number(12)), Sighting::Unforeseen);
}

proptest! {
    #[test]
    fn every_sequence_keeps_the_promises(events in life()) {
        let passed = run(&events);
        for pair in passed.windows(2) {
            let (before, after) = (pair[0], pair[1]);
            prop_assert!(after.attempts() <= MAX_ATTEMPTS);
            prop_assert!(!before.status().is_some_and(KnownStatus::is_terminal), "left a terminal status");
            prop_assert_ne!(before.position(), Deleted, "came back from the dead");
            prop_assert_ne!(after.position(), Nothing);
            if after.attempts() > before.attempts() {
                prop_assert!(before.status().is_some_and(KnownStatus::may_verify), "a submission was counted where none is due");
            }
            if after.status() == Some(Denied) {
                prop_assert!(after.attempts() < MAX_ATTEMPTS);
            }
        }
    }

    #[test]
    fn the_observer_accepts_every_history_with_any_steps_missed(events in life(), seen in prop::collection::vec(any::<bool>(), 25)) {
        let sighted: Vec<KnownStatus> = run(&events)
            .iter()
            .zip(seen)
            .filter_map(|(state, seen)| state.status().filter(|_| seen))
            .collect();
        for pair in sighted.windows(2) {
            prop_assert_ne!(sighting(&pair[0].status(), &pair[1].status()), Sighting::Unforeseen, "{:?}", pair);
        }
    }

    #[test]
    fn a_history_replays(from in 0..KnownStatus::ALL.len(), to in 0..KnownStatus::ALL.len()) {
        let (from, to) = (KnownStatus::ALL[from], KnownStatus::ALL[to]);
        if let Some(events) = history(At(from), At(to)) {
            let mut state = Authority { position: At(from), attempts: 0 };
            for event in events {
                state = state.apply(event).unwrap();
            }
            prop_assert_eq!(state.status(), Some(to));
        }
    }
}
