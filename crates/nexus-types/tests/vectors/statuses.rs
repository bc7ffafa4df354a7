//! `statuses.json`: the known statuses and unknown ones.

use nexus_types::Status;
use serde::Deserialize;

use crate::cases::load;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    number: i64,
    name: String,
    known: bool,
    terminal: bool,
    may_verify: bool,
}

#[test]
fn statuses() {
    let mut known = Vec::new();
    for (id, case) in load::<Case>("statuses") {
        let name = Some(case.name.as_str()).filter(|name| *name != "UNKNOWN");
        let status = Status::from_parts(Some(case.number), name);
        assert_eq!((status.number(), status.name()), (Some(case.number), case.name.as_str()), "{id}");
        assert_eq!(status.is_known(), case.known, "{id}");
        assert_eq!(status.is_terminal(), case.terminal, "{id}");
        assert_eq!(status.may_verify(), case.may_verify, "{id}");
        assert!(!status.definition().is_empty() && !status.next_step().is_empty(), "{id}");
        if case.known {
            assert_eq!(Status::from_name(&case.name), status, "{id}");
            assert_eq!(case.name.to_lowercase().parse::<Status>().unwrap(), status, "{id}");
            known.push(status);
        } else {
            assert!(case.name.parse::<Status>().is_err(), "{id}");
        }
    }
    assert_eq!(known, Status::ALL, "all of the core, in order of number");
}
