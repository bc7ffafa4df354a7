//! Tests of the tolerances: the quick and the careful parser agree, and no contradiction becomes a known status.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::error::DecodeProblem;
use crate::microdeposit::Reveal;
use crate::status::KnownStatus;

const EXAMPLE: &str = r#"{"micro_deposit":{"account_name":"My Test Account","account_number":333312345,"account_type":1,
"account_type_name":"CHECKING","created_at":"2021-09-01T18:29:06.000Z","email":"example@example.com","error_code":null,
"error_message":null,"first_name":"Josh","guid":"MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb","institution_name":"MX Bank",
"last_name":"James","routing_number":91000019,"status":3,"status_name":"VERIFIED",
"updated_at":"2021-09-01T18:29:07.000Z","verified_at":"2021-09-01T18:29:07.000Z"}}"#;

#[test]
fn list_reads_the_documented_response() {
    let record = record(EXAMPLE.as_bytes()).unwrap();
    let expected = json!({
        "account_name": "My Test Account", "account_number": "333312345", "account_type": 1,
        "account_type_name": "CHECKING", "created_at": "2021-09-01T18:29:06.000Z", "email": "example@example.com",
        "error_code": null, "error_message": null, "first_name": "Josh",
        "guid": "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb", "institution_name": "MX Bank", "last_name": "James",
        "routing_number": "091000019", "status": 3, "status_name": "VERIFIED",
        "updated_at": "2021-09-01T18:29:07.000Z", "verified_at": "2021-09-01T18:29:07.000Z"
    });
    assert_eq!(record.to_json(Reveal::Full), expected);
    assert_eq!(careful::record(EXAMPLE).unwrap(), record);
    let shown = format!("{record:?}{}", record.to_json(Reveal::Masked));
    for secret in ["333312345", "091000019", "Josh", "James", "example@", "My Test"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

#[test]
fn odd_fields_leave_the_record_readable() {
    let long = "9".repeat(40);
    let cases = [
        (format!(r#"{{"guid":"x","account_number":{long}}}"#), "account_number", json!(long)),
        (format!(r#"{{"guid":"x","account_number":"{long}"}}"#), "account_number", json!(long)),
        (r#"{"guid":"x","account_number":1.50}"#.to_owned(), "account_number", json!("1.50")),
        (r#"{"guid":"x","account_name":{"a":[1]}}"#.to_owned(), "account_name", json!(r#"{"a":[1]}"#)),
        (r#"{"guid":"x","account_name":true}"#.to_owned(), "account_name", json!("true")),
        (r#"{"guid":"x","account_name":"\ud800"}"#.to_owned(), "account_name", json!(r"\ud800")),
        (r#"{"guid":"x","email":"a","email":"b"}"#.to_owned(), "email", json!("b")),
        (r#"{"guid":7}"#.to_owned(), "guid", json!("7")),
        (r#"{"guid":"x","routing_number":"91000019"}"#.to_owned(), "routing_number", json!("91000019")),
        (r#"{"guid":"x","routing_number":-5}"#.to_owned(), "routing_number", json!("-5")),
        (r#"{"guid":"x","status":"DENIED"}"#.to_owned(), "status", json!(5)),
        (r#"{"guid":"x","status":"5"}"#.to_owned(), "status", json!(5)),
        (r#"{"guid":"x","status":12,"status_name":"PAUSED"}"#.to_owned(), "status_name", json!("PAUSED")),
        (r#"{"guid":"x","status_name":"DENIED"}"#.to_owned(), "status", json!(5)),
        (r#"{"guid":"x","account_type":"SAVINGS"}"#.to_owned(), "account_type_name", json!("SAVINGS")),
        (r#"{"guid":"x","brand_new":{"deep":[{}]}}"#.to_owned(), "email", Value::Null),
        ("\u{feff}{\"guid\":\"x\"}".to_owned(), "guid", json!("x")),
        (r#"{"extra":1,"micro_deposit":{"guid":"x"}}"#.to_owned(), "guid", json!("x")),
    ];
    for (body, field, value) in cases {
        let record = record(body.as_bytes()).unwrap_or_else(|error| panic!("{body}: {error}"));
        assert_eq!(record.to_json(Reveal::Full)[field], value, "{body}");
    }
}

#[test]
fn bytes_that_are_not_text_are_replaced() {
    let record = record(b"{\"guid\":\"x\",\"institution_name\":\"Caf\xe9\"}").unwrap();
    assert_eq!(record.institution_name.as_deref(), Some("Caf\u{fffd}"));
}

#[test]
fn lists_nested_flat_mixed() {
    let body = r#"{"micro_deposits":[{"micro_deposit":{"guid":"a"}},{"guid":"b"},{"guid":"c","email":{}}]}"#;
    let guids: Vec<_> = list(body.as_bytes()).unwrap().into_iter().map(|record| record.guid.to_string()).collect();
    assert_eq!(guids, ["a", "b", "c"]);
    assert_eq!(list(br#"{"micro_deposits":[],"pagination":{}}"#).unwrap(), []);
}

#[test]
fn decode_error_has_a_position_and_no_value() {
    let cases = [
        ("", "$", DecodeProblem::NotJson),
        ("<html>333312345</html>", "$", DecodeProblem::NotJson),
        (r#"{"micro_deposits":[{"guid":"333312345"#, "$", DecodeProblem::NotJson),
        (r#"{"other":333312345}"#, "micro_deposits", DecodeProblem::Missing),
        (r#"{"micro_deposits":null,"other":333312345}"#, "micro_deposits", DecodeProblem::Missing),
        (r#"{"micro_deposits":"333312345"}"#, "micro_deposits", DecodeProblem::WrongShape),
        (r#"{"micro_deposits":[{"guid":"a"},"333312345"]}"#, "micro_deposits[1]", DecodeProblem::WrongShape),
        (
            r#"{"micro_deposits":[{"micro_deposit":{"email":"333312345"}}]}"#,
            "micro_deposits[0].micro_deposit.guid",
            DecodeProblem::Missing,
        ),
        (r#"[{"guid":"333312345"}]"#, "$", DecodeProblem::WrongShape),
    ];
    for (body, path, wanted) in cases {
        let error = list(body.as_bytes()).unwrap_err();
        assert_eq!(error.field(), Some(path), "{body}");
        assert!(matches!(&error, Error::Decode { problem, .. } if *problem == wanted), "{body}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("333312345"), "{body}");
    }
    assert_eq!(record(br#"{"micro_deposit":{"guid":""}}"#).unwrap_err().field(), Some("micro_deposit.guid"));
}

#[test]
fn deep_nesting_is_an_error_or_read_but_never_a_crash() {
    let deep = format!(r#"{{"guid":"x","a":{}{}}}"#, "[".repeat(200_000), "]".repeat(200_000));
    let _ = record(deep.as_bytes());
    let _ = list(deep.as_bytes());
    let _ = record("[".repeat(200_000).as_bytes());
}

/// JSON that looks like a record, with something odd in any field.
fn recordish() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        "[ -~]{0,12}".prop_map(Value::from),
        (0..KnownStatus::ALL.len()).prop_map(|index| Value::from(KnownStatus::ALL[index].name())),
        any::<f64>().prop_map(Value::from),
        Just(json!([1, {"a": null}])),
    ];
    let field = (0usize..Microdeposit::FIELDS.len()).prop_map(|index| Microdeposit::FIELDS[index]);
    (prop::collection::vec((field, scalar), 0..20), any::<bool>(), any::<bool>()).prop_map(
        |(fields, named, wrapped)| {
            let mut record = serde_json::Map::new();
            for (name, value) in fields {
                record.insert(name.to_owned(), value);
            }
            if named {
                record.insert("guid".to_owned(), json!("MIC-1"));
            }
            if wrapped { json!({ "micro_deposit": record }) } else { Value::Object(record) }
        },
    )
}

/// JSON text for `status` and `status_name`, each given up to three times, in any order.
fn said() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let known = (0..KnownStatus::ALL.len()).prop_map(|index| KnownStatus::ALL[index]);
    let status = prop_oneof![
        4 => Just("3".to_owned()),
        2 => known.clone().prop_map(|known| known.number().to_string()),
        2 => known.clone().prop_map(|known| format!("\"{}\"", known.number())),
        2 => known.clone().prop_map(|known| format!("\"{}\"", known.name())),
        2 => prop::sample::select(vec!["null", "12", "-1", "1.5", "3.0", "true", "[3]", "{}", "100000000000000000000",
            "18446744073709551615", "\"PAUSED\"", "\"\"", "\"verified\"", "\" 3\"", "\"\\u0033\""]).prop_map(str::to_owned),
    ];
    let name = prop_oneof![
        4 => Just("\"VERIFIED\"".to_owned()),
        2 => known.prop_map(|known| format!("\"{}\"", known.name())),
        2 => prop::sample::select(vec!["null", "\"verified\"", "\" VERIFIED \"", "\"\"", "\"PAUSED\"", "3", "true", "[]",
            "\"\\u0056ERIFIED\""]).prop_map(str::to_owned),
    ];
    let field = prop_oneof![status.prop_map(|json| ("status", json)), name.prop_map(|json| ("status_name", json))];
    prop::collection::vec(field, 0..5)
}

/// Whether one value, read on its own, gives this status or none.
fn fits(name: &str, json: &str, known: KnownStatus) -> bool {
    let named = |text: &str| text.trim().eq_ignore_ascii_case(known.name());
    match serde_json::from_str::<Value>(json).unwrap() {
        Value::Null => true,
        Value::Number(number) => name == "status" && number.as_i64() == Some(i64::from(known.number())),
        Value::String(text) if name == "status" => named(&text) || text == known.number().to_string(),
        Value::String(text) => named(&text) || text.trim().is_empty(),
        _ => false,
    }
}

proptest! {
    #[test]
    fn a_known_status_is_what_every_value_says(said in said()) {
        let fields: String = said.iter().map(|(name, json)| format!(",\"{name}\":{json}")).collect();
        let body = format!("{{\"guid\":\"MIC-1\"{fields}}}");
        let read = record(body.as_bytes()).unwrap();
        let slow = careful::record(&body).unwrap();
        prop_assert_eq!(&read, &slow, "{}", body);
        if let Some(known) = read.status.known() {
            prop_assert!(said.iter().all(|(name, json)| fits(name, json, known)), "{} read as {}", body, known.name());
        } else {
            prop_assert!(read.status.number().is_none_or(|number| KnownStatus::from_number(number).is_none()), "{}", body);
            prop_assert!(KnownStatus::from_name(read.status.name()).is_none(), "{}", body);
        }
        if read.status.is_contradictory() {
            prop_assert_eq!((read.status.number(), read.status.name(), &read.status_name), (None, "UNKNOWN", &None));
            let written = read.to_json(Reveal::Full);
            let again = record(written.to_string().as_bytes()).unwrap();
            prop_assert!(!again.status.is_known() && again.to_json(Reveal::Full) == written, "{}", body);
        }
    }

    #[test]
    fn quick_and_careful_reading_agree(value in recordish()) {
        let body = value.to_string();
        let quick = quick::record(body.as_bytes());
        let slow = careful::record(&body).ok();
        if quick.is_some() {
            prop_assert_eq!(&quick, &slow, "{}", body);
        }
        let wrapped = json!({ "micro_deposits": [value] }).to_string();
        prop_assert_eq!(list(wrapped.as_bytes()).ok().and_then(|mut list| list.pop()), slow);
    }

    #[test]
    fn any_object_with_a_guid_is_a_record(mut value in recordish()) {
        let record_value = if value.get("micro_deposit").is_some() { &mut value["micro_deposit"] } else { &mut value };
        record_value["guid"] = json!("MIC-1");
        prop_assert!(record(value.to_string().as_bytes()).is_ok());
    }

    #[test]
    fn a_record_survives_being_written_and_read(value in recordish()) {
        if let Ok(first) = record(value.to_string().as_bytes()) {
            let again = record(first.to_json(Reveal::Full).to_string().as_bytes()).unwrap();
            prop_assert_eq!(again.to_json(Reveal::Full), first.to_json(Reveal::Full));
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(body in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = (record(&body), list(&body));
    }

    #[test]
    fn no_error_repeats_a_value(cut in 0usize..600) {
        let body = EXAMPLE.get(..cut).unwrap_or(EXAMPLE);
        if let Err(error) = record(body.as_bytes()) {
            let shown = format!("{error} {error:?}");
            prop_assert!(!shown.contains("3333") && !shown.contains("Josh") && !shown.contains("example"));
        }
    }
}

#[test]
fn wrapper_siblings_must_not_contradict_the_record() {
    let inner = r#""micro_deposit":{"guid":"MIC-1","status":3,"status_name":"VERIFIED"}"#;
    let good =
        ["", r#""request_id":"r","#, r#""status":3,"#, r#""guid":"MIC-1","#, r#""error":null,"#, r#""errors":null,"#];
    let bad = [
        r#""status":2,"#,
        r#""status":5,"status_name":"DENIED","#,
        r#""guid":"MIC-2","#,
        r#""error":{"code":4001},"#,
        r#""errors":[],"#,
    ];
    for (beside, fits) in good.map(|beside| (beside, true)).into_iter().chain(bad.map(|beside| (beside, false))) {
        let beside = beside.trim_end_matches(',');
        let bodies = if beside.is_empty() {
            vec![format!("{{{inner}}}")]
        } else {
            vec![format!("{{{beside},{inner}}}"), format!("{{{inner},{beside}}}")]
        };
        for body in bodies {
            assert_eq!(record(body.as_bytes()).is_ok(), fits, "{body}");
            let listed = format!(r#"{{"micro_deposits":[{body}]}}"#);
            assert_eq!(list(listed.as_bytes()).is_ok(), fits, "{listed}");
        }
    }
}
