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
    let mut faults = Vec::new();
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
        let own = lists[at].as_array().unwrap();
        faults.extend(own.iter().filter(|own| !members.contains(own)).map(|own| format!("{way} lacks {own}")));
        let odd = members.iter().filter(|member| !own.contains(member));
        faults.extend(odd.map(|odd| format!("{way} has {odd}, which the core has not")));
        if members.len() != members.iter().map(Value::to_string).collect::<BTreeSet<_>>().len() {
            faults.push(format!("{way} has a member twice"));
        }
        counts[at] += 1;
    }
    assert!(faults.is_empty(), "openapi.json: {faults:#?}");
    assert_eq!(counts, [14, 2, 4, 4, 1, 1], "each list stands where it did, and begins as the core's");
}

#[test]
fn every_field_of_the_record_is_documented() {
    let documented = properties("MicroDeposit");
    let lacking: Vec<_> =
        Field::ALL.iter().map(|field| field.name()).filter(|name| !documented.iter().any(|own| own == name)).collect();
    assert!(lacking.is_empty(), "openapi.json: MicroDeposit lacks {lacking:?}");
}

/// A method of a path of the API is one operation, and an operation one method of one path.
#[test]
fn every_operation_has_its_route() {
    let mut served = BTreeSet::from(["preinitiate"]);
    for route in ROUTES.iter().filter(|route| !["/_sandbox/", "/md/"].iter().any(|own| route.path.starts_with(own))) {
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
    let missed: Vec<_> = Operation::ALL.into_iter().filter(|operation| !served.contains(operation.name())).collect();
    assert!(missed.is_empty(), "{missed:?} have no route");
}
