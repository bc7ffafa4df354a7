//! Tests of known and unknown statuses.

use super::*;

#[test]
fn status_numbers_and_names_are_the_documented_ones() {
    let names = [
        "INITIATED",
        "REQUESTED",
        "DEPOSITED",
        "VERIFIED",
        "ERRORED",
        "DENIED",
        "PREVENTED",
        "CONFLICTED",
        "REJECTED",
        "PREINITIATED",
    ];
    for (number, name) in (0i64..).zip(names) {
        let status = Status::from_number(number);
        assert_eq!((status.number(), status.name()), (Some(number), name));
        assert_eq!(Status::from_name(name), status);
        assert_eq!(name.to_lowercase().parse::<Status>().unwrap(), status);
        assert_eq!(number.to_string().parse::<Status>().unwrap(), status);
    }
    let terminal: Vec<_> = Status::ALL.iter().filter(|s| s.is_terminal()).filter_map(Status::number).collect();
    assert_eq!(terminal, [3, 4, 6, 7, 8]);
    let verifiable: Vec<_> = Status::ALL.iter().filter(|s| s.may_verify()).filter_map(Status::number).collect();
    assert_eq!(verifiable, [2, 5]);
}

#[test]
fn status_from_parts_that_disagree_is_contradictory() {
    for (number, name) in [(3, "DENIED"), (3, "Verified!"), (3, "PAUSED"), (12, "VERIFIED"), (-1, "verified")] {
        let status = Status::from_parts(Some(number), Some(name));
        assert!(status.is_contradictory() && !status.is_known(), "{number} {name}");
        assert_eq!((status.number(), status.name()), (None, "UNKNOWN"), "{number} {name}");
        assert!(!status.is_terminal() && !status.may_verify());
        let Status::Unknown(unknown) = &status else { panic!("{status:?}") };
        assert_eq!(unknown.came.as_deref(), Some(format!(r#"{{"status":{number},"status_name":"{name}"}}"#).as_str()));
        assert_eq!((status.to_string().as_str(), unknown.number), ("UNKNOWN (contradictory)", None));
        assert!(!format!("{status:?}").contains(name), "what came is not shown");
    }
}

#[test]
fn status_from_parts_that_agree_is_known() {
    for name in ["VERIFIED", "verified", " Verified\n", "", "  "] {
        assert_eq!(Status::from_parts(Some(3), Some(name)), Status::Verified, "{name:?}");
    }
    assert_eq!(Status::from_parts(Some(3), None), Status::Verified);
    assert_eq!(Status::from_parts(None, Some("DENIED")), Status::Denied);
    assert!(!Status::from_parts(None, None).is_contradictory());
}

#[test]
fn unknown_status_keeps_number_and_name() {
    let status = Status::from_parts(Some(12), Some("PAUSED"));
    assert_eq!((status.number(), status.name()), (Some(12), "PAUSED"));
    assert_eq!(status.to_string(), "PAUSED (12)");
    assert!(!status.is_terminal() && !status.may_verify() && !status.is_known());
    assert_eq!(Status::from_parts(None, None).name(), "UNKNOWN");
    assert!(!status.is_contradictory());
    assert!(!format!("{:?}", Status::from_name("333312345")).contains("3333"));
}

#[test]
fn unknown_status_has_a_number_of_at_most_four_digits_and_a_name_without_digits() {
    assert_eq!(Status::from_number(9_999).number(), Some(9_999));
    for number in [10_000, -10_000, i64::MAX] {
        let status = Status::from_number(number);
        assert!(status.is_contradictory() && status.number().is_none(), "{number}");
    }
    for (name, shown) in [("PAUSED", "PAUSED"), ("STAGE_2", "UNKNOWN"), ("paused", "UNKNOWN"), ("333312345", "UNKNOWN")]
    {
        assert_eq!(Status::from_name(name).name(), shown, "{name}");
    }
    assert!(is_a_word("paused") && !is_a_word("stage2") && !is_a_word(""));
}
