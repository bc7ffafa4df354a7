use super::*;

#[test]
fn numbers_and_names_are_the_documented_ones() {
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
fn what_is_at_odds_is_none_of_the_ten() {
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
fn the_same_said_twice_is_not_at_odds() {
    for name in ["VERIFIED", "verified", " Verified\n", "", "  "] {
        assert_eq!(Status::from_parts(Some(3), Some(name)), Status::Verified, "{name:?}");
    }
    assert_eq!(Status::from_parts(Some(3), None), Status::Verified);
    assert_eq!(Status::from_parts(None, Some("DENIED")), Status::Denied);
    assert!(!Status::from_parts(None, None).is_contradictory());
}

#[test]
fn unknown_ones_are_kept_whole() {
    let status = Status::from_parts(Some(12), Some("PAUSED"));
    assert_eq!((status.number(), status.name()), (Some(12), "PAUSED"));
    assert_eq!(status.to_string(), "PAUSED (12)");
    assert!(!status.is_terminal() && !status.may_verify() && !status.is_known());
    assert_eq!(Status::from_parts(None, None).name(), "UNKNOWN");
    assert!(!status.is_contradictory());
    assert!(!format!("{:?}", Status::from_name("333312345")).contains("3333"));
}
