//! Failures that are injected on purpose.

use serde_json::{Value, json};

use super::admin::Admin;
use super::told::{table, text};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::lab_args::{AddFault, Fault};
use crate::output::Output;

pub(super) fn run(admin: &Admin, word: &Fault, output: Output) -> Result<Exit, Failure> {
    match word {
        Fault::Add(fault) => {
            let told = admin.post("faults", &body(fault))?;
            output.result(format!("fault {}", text(&told, "id")), &told)?;
        }
        Fault::List => {
            let told = admin.get("faults")?;
            output.result(listed(&told), &told)?;
        }
        Fault::Clear { id } => {
            let path = id.map_or_else(|| "faults".to_owned(), |id| format!("faults/{id}"));
            let told = admin.delete(&path)?;
            output.result("cleared", &told)?;
        }
    }
    Ok(Exit::Done)
}

fn body(fault: &AddFault) -> Value {
    let mut body = json!({
        "effect": fault.effect,
        "operation": fault.operation,
        "nth": fault.nth,
        "probability": fault.probability,
        "times": fault.times,
        "status": fault.status,
        "retry_after": fault.retry_after,
        "after_acting": fault.after_acting.then_some(true),
        "milliseconds": fault.milliseconds,
        "bytes": fault.bytes,
        "location": fault.location,
        "response": fault.response,
        "kind": fault.kind,
        "comment": fault.comment,
    });
    if let Value::Object(fields) = &mut body {
        // What is not given has its default there.
        fields.retain(|_, value| !value.is_null());
    }
    body
}

fn listed(told: &Value) -> String {
    let faults = told["faults"].as_array().map(Vec::as_slice).unwrap_or_default();
    if faults.is_empty() {
        return "No faults.\n".to_owned();
    }
    let row = |fault: &Value| {
        let operation = fault["operation"].as_str().unwrap_or("all");
        let when = match (fault["nth"].as_u64(), fault["probability"].as_f64()) {
            (Some(nth), _) => format!("number {nth}"),
            (None, Some(chance)) => format!("chance {chance}"),
            _ => "every".to_owned(),
        };
        let times = fault["times"].as_u64().map_or_else(|| "always".to_owned(), |times| times.to_string());
        vec![
            text(fault, "id"),
            text(fault, "effect"),
            operation.to_owned(),
            when,
            times,
            text(fault, "seen"),
            text(fault, "hits"),
        ]
    };
    table(&["NUMBER", "EFFECT", "OPERATION", "WHEN", "TIMES", "SEEN", "HITS"], faults.iter().map(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_the_interface_has_its_option() {
        let document: Value = serde_json::from_str(include_str!("../../../nexus-sandbox/openapi.json")).unwrap();
        let fields = document["components"]["schemas"]["FaultRequest"]["properties"].as_object().unwrap();
        let all = AddFault {
            effect: "status".to_owned(),
            operation: Some("list".to_owned()),
            nth: Some(1),
            probability: Some(0.5),
            times: Some(1),
            status: Some(500),
            retry_after: Some("1".to_owned()),
            after_acting: true,
            milliseconds: Some(1),
            bytes: Some(1),
            location: Some("/".to_owned()),
            response: Some("first".to_owned()),
            kind: Some("name".to_owned()),
            comment: Some("why".to_owned()),
        };
        let given = body(&all);
        let names: Vec<&String> = given.as_object().unwrap().keys().collect();
        assert!(fields.keys().all(|field| names.contains(&field)), "{names:?}");
        assert!(names.iter().all(|name| fields.contains_key(*name)), "{names:?}");
    }
}
