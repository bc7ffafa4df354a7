//! `transitions.json`: the transitions of the state machine.

use nexus_types::machine::{TABLE, sighting};
use nexus_types::{Authority, Event, KnownStatus, Position, Sighting, Status};
use serde::Deserialize;

use crate::cases::{cases, load};

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Case {
    Row { from: String, event: String, to: String },
    Sequence { events: Vec<String>, end: String, attempts: u8, refused: Option<String> },
    Sighting { from: String, to: String, says: String },
}

fn place(name: &str) -> Position {
    match name {
        "nothing" => Position::Nothing,
        "deleted" => Position::Deleted,
        status => Position::At(KnownStatus::from_name(status).unwrap()),
    }
}

#[test]
fn transitions() {
    let (mut rows, mut seen) = (Vec::new(), 0);
    for (id, case) in load("transitions") {
        match case {
            Case::Row { from, event, to } => {
                rows.push((place(&from), Event::from_name(&event).unwrap(), place(&to)));
            }
            Case::Sequence { events, end, attempts, refused } => {
                let mut state = Authority::new();
                let mut stopped = None;
                for name in events {
                    match state.apply(Event::from_name(&name).unwrap()) {
                        Ok(next) => state = next,
                        Err(error) => {
                            assert_eq!(error.kind().name(), "not_allowed", "{id}");
                            stopped = Some(name);
                            break;
                        }
                    }
                }
                assert_eq!((state.position(), state.attempts(), stopped), (place(&end), attempts, refused), "{id}");
            }
            Case::Sighting { from, to, says } => {
                seen += 1;
                let said = match sighting(&Status::from_name(&from), &Status::from_name(&to)) {
                    Sighting::Same => "same",
                    Sighting::Moved(history) => {
                        assert!(!history.is_empty(), "{id}");
                        "moved"
                    }
                    Sighting::Unforeseen => "unforeseen",
                };
                assert_eq!(said, says, "{id}");
            }
        }
    }
    let table: Vec<_> = TABLE.iter().map(|row| (row.from, row.event, row.to)).collect();
    assert_eq!(rows, table, "the same rows in the same order");
    assert_eq!(seen, 100, "every pair of statuses");
}

#[test]
fn sources_of_the_rows_are_the_same() {
    let sources: Vec<_> =
        cases("transitions").iter().filter(|case| case["kind"] == "row").map(|case| case["source"].clone()).collect();
    let table: Vec<_> = TABLE.iter().map(|row| row.source).collect();
    assert_eq!(sources, table);
}
