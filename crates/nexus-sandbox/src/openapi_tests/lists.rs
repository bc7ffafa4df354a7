//! Compares every enumeration of the document with the core's list.

use std::collections::BTreeSet;

use nexus_types::{AccountType, Event, Field, KnownStatus, Operation};
use serde_json::{Value, json};

use super::{document, properties};
use crate::routes::ROUTES;

/// Every `enum` with the way to it.
fn enumerations(value: &Value, way: &str, out: &mut Vec<(String, Vec<Value>)>) {
    match value {
        Value::Object(entries) => {
            if let Some(Value::Array(members)) = entries.get("enum") {
                out.push((way.to_owned(), members.iter().filter(|member| !member.is_null()).cloned().collect()));
            }
            entries.iter().for_each(|(key, inner)| enumerations(inner, &format!("{way}/{key}"), out));
        }
        Value::Array(entries) => entries.iter().for_each(|inner| enumerations(inner, way, out)),
        _ => {}
    }
}

#[test]
fn every_enumeration_has_what_the_core_has() {
    let lists = [
        json!(KnownStatus::ALL.map(KnownStatus::name)),
        json!(KnownStatus::ALL.map(KnownStatus::number)),
        json!(AccountType::ALL.map(AccountType::name)),
        json!(AccountType::ALL.map(AccountType::number)),
        json!(Event::ALL.iter().map(|event| event.name()).collect::<Vec<_>>()),
        // `create` is pre-initiate too.
        json!(
            Operation::ALL.map(Operation::name).into_iter().filter(|name| *name != "preinitiate").collect::<Vec<_>>()
        ),
    ];
    let mut found = Vec::new();
    enumerations(&document(), "", &mut found);
    let mut counts = lists.each_ref().map(|_| 0);
    for (way, members) in &found {
        let beginning = |list: &Value| members.first() == list.get(0) && members.get(1) == list.get(1);
        let last = way.rsplit('/').next().unwrap_or_default();
        // Two numbers begin many lists: what the number is of says the name of the property.
        let fits = |at: usize| match at {
            1 => last == "status",
            3 => last == "account_type",
            // The events of a webhook's action begin as the core's.
            4 => last == "event",
            _ => true,
        };
        let Some(at) = (0..lists.len()).find(|at| fits(*at) && beginning(&lists[*at])) else { continue };
        for own in lists[at].as_array().unwrap() {
            assert!(members.contains(own), "{way} lacks {own}");
        }
        assert_eq!(members.len(), lists[at].as_array().unwrap().len(), "{way} has what the core has not");
        counts[at] += 1;
    }
    assert_eq!(counts, [4, 2, 3, 4, 1, 1], "each list stands where it did, and begins as the core's");
}

#[test]
fn every_field_of_the_record_is_documented() {
    let documented = properties("MicroDeposit");
    for field in Field::ALL {
        assert!(
            documented.iter().any(|name| name == field.name()),
            "openapi.json: MicroDeposit lacks {}",
            field.name()
        );
    }
}

/// A method of a path of the API is one operation, and an operation one method of one path.
#[test]
fn every_operation_has_its_route() {
    let mut served = BTreeSet::from(["preinitiate"]);
    for route in ROUTES.iter().filter(|route| !route.path.starts_with("/_sandbox/")) {
        for method in route.methods {
            let handled = crate::dispatch::served(route.target, method);
            let (operation, _) =
                handled.unwrap_or_else(|| panic!("{method} {}: no operation in routes.rs", route.path));
            assert_eq!(
                *method,
                operation.method().as_str(),
                "{}: {operation:?} has another method in the core",
                route.path
            );
            assert!(served.insert(operation.name()), "{method} {}: {operation:?} has two routes", route.path);
        }
    }
    for operation in Operation::ALL {
        assert!(served.contains(operation.name()), "{operation:?} has no route");
    }
}
