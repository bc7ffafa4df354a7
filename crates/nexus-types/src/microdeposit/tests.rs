//! Tests of the fields of a record.

use serde_json::json;

use super::*;

/// Numbers are the borders' too: one that changes breaks programs that exist.
#[test]
fn numbers_of_fields_are_unique_and_lead_back() {
    for field in Field::ALL {
        assert_eq!(Field::from_number(field.number()), Some(*field), "the number of {field:?} is another's");
        assert_eq!(Field::from_name(field.name()), Some(*field));
    }
    assert_eq!((Field::AccountName.number(), Field::Guid.number(), Field::VerifiedAt.number()), (0, 9, 16));
    assert_eq!((Field::from_number(u8::MAX), Field::from_name("micro_deposit")), (None, None));
    assert!(Microdeposit::FIELDS.is_sorted(), "the documented order is that of the alphabet");
}

/// Whatever is given for a field comes back, and not in what is fit to be shown.
#[test]
fn every_field_is_read_and_written_by_both_ways() {
    for field in Field::ALL {
        let given = match field {
            Field::Status => json!(12),
            Field::AccountType => json!(2),
            _ => json!("333312345678901"),
        };
        for odd in ["", r#","member_guid":[{}],"email":{"a":1}"#] {
            let guid = if *field == Field::Guid { "" } else { r#""guid":"MIC-1","# };
            let body = format!(r#"{{"email":null{odd},{guid}"{}":{given}}}"#, field.name());
            let record = Microdeposit::from_json(body.as_bytes()).unwrap();
            assert_eq!(Value::from(record.field(*field, Reveal::Full)), given, "{body}");
            assert_eq!(record.to_json(Reveal::Full)[field.name()], given, "{body}");
            for reveal in [Reveal::Full, Reveal::Masked] {
                assert_eq!(*record.to_json_text(reveal), record.to_json(reveal).to_string());
            }
            let masked = record.fields(Reveal::Masked).map(|(_, value)| Value::from(value).to_string());
            let printed = format!("{record:?}{}{:?}", masked.collect::<String>(), record.field(*field, Reveal::Full));
            assert!(!printed.contains("333312345678901"), "{field:?}: {printed}");
            assert!(printed.contains(field.name()) || field.name().ends_with("_name"), "{field:?}: {printed}");
        }
    }
}

#[test]
fn an_empty_name_of_a_status_is_written_as_it_came() {
    use crate::endpoint::{Endpoint, List};
    use crate::wire::Response;
    let read = |body: &str| List::new().parse(&Response::new(200, body)).unwrap().remove(0).to_json(Reveal::Full);
    let named =
        |fields: &str| read(&format!(r#"{{"micro_deposits":[{{"guid":"MIC-1"{fields}}}]}}"#))["status_name"].clone();
    assert_eq!(named(r#","status":1,"status_name":"""#), "");
    assert_eq!(named(r#","status":1"#), "REQUESTED");
    assert_eq!(named(""), Value::Null);
}

#[test]
fn an_error_message_is_shown_in_words() {
    use crate::endpoint::{Endpoint, List};
    use crate::wire::Response;
    let body = r#"{"micro_deposits":[{"guid":"MIC-1","status":7,"first_name":"Josh","last_name":"James",
        "account_number":"333312345","error_code":"3333-1234-5","institution_name":"MX Bank",
        "error_message":"There is a microdeposit for this account already: 333312345 of josh James"}]}"#;
    let record = List::new().parse(&Response::new(200, body)).unwrap().remove(0);
    let shown = record.to_json(Reveal::Masked);
    assert_eq!(shown["error_message"], "There is a microdeposit for this account already: *** of ***");
    assert_eq!(shown["error_message"], record.error_words().unwrap());
    assert_eq!((&shown["error_code"], &shown["institution_name"]), (&json!("3***"), &json!("MX Bank")));
    let printed = format!("{record:?}");
    assert!(printed.contains("error_message: Some(\"T***\")"), "printed, it stays hidden: {printed}");
}
