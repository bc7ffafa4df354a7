//! `webhooks.json`: the bodies of webhooks.

use nexus_types::{Action, WebhookEvent};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cases::load;
use crate::responses::{Problem, Record};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    body: String,
    event: Option<Expected>,
    error: Option<Problem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    action: String,
    version: Option<i64>,
    institution_guid: Option<String>,
    user_guid: Option<String>,
    user_id: Option<String>,
    status: String,
    fields: Map<String, Value>,
}

#[test]
fn webhooks() {
    for (id, case) in load::<Case>("webhooks") {
        match (WebhookEvent::parse(case.body.as_bytes()), case.event, case.error) {
            (Ok(event), Some(expected), None) => {
                let action = match &event.action {
                    Action::Created => "created",
                    Action::Updated => "updated",
                    Action::Other(other) => {
                        assert!(!["created", "updated"].contains(&&**other), "{id}");
                        other
                    }
                    _ => panic!("{id}: an action that the cases do not know"),
                };
                assert_eq!((action, event.version), (expected.action.as_str(), expected.version), "{id}");
                assert_eq!(event.institution_guid.as_deref(), expected.institution_guid.as_deref(), "{id}");
                assert_eq!(event.user_guid.as_deref(), expected.user_guid.as_deref(), "{id}");
                assert_eq!(event.user_id.as_deref(), expected.user_id.as_deref(), "{id}");
                Record { status: expected.status, fields: expected.fields }.check(&id, &event.record);
            }
            (Err(error), None, Some(expected)) => expected.check(&id, &error, &case.body),
            (outcome, ..) => panic!("{id}: {outcome:?}"),
        }
    }
}
