//! Which fields of a policy the conversation can see, and the values that are tried for them; and which it cannot see, and why.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::hints::Hints;

/// Fields that the conversation cannot see, each with its reason.
pub(super) const UNSEEN: &[(&str, &str)] = &[
    (
        "amount_order",
        "the amounts are on a bank statement, which this cannot read; the documented test amounts are equal",
    ),
    ("deposit_amounts", "the amounts are on a bank statement, which this cannot read"),
    ("deposits", "it matters for accounts that are not test accounts, and those are not used"),
    ("failures_per_thousand", "it is a matter of chance, and test accounts do not fail"),
    ("retention_days", "it takes weeks"),
    ("preinitiated_days", "it takes weeks"),
    ("denied_days", "it takes weeks"),
    ("list_paging", "it matters with list_page only: it is named together with it"),
    ("list_ignores_page", "it matters with list_page only: it is named together with it"),
    ("outbox", "it is the sandbox's own"),
    ("requests", "it is the sandbox's own"),
    ("webhook_schedule", "webhooks are not listened to"),
    ("webhook_success", "webhooks are not listened to"),
    ("webhook_timeout_milliseconds", "webhooks are not listened to"),
    ("webhook_in_order", "webhooks are not listened to"),
    ("webhook_preinitiated", "webhooks are not listened to"),
    ("webhook_denied_again", "webhooks are not listened to"),
    ("webhook_null_verified_at", "webhooks are not listened to"),
    ("client_blocked_routing_numbers", "the widget is not opened"),
    ("iav_preferred_routing_numbers", "the widget is not opened"),
    ("iav_deletes", "the widget is not opened"),
    ("institutions", "the widget is not opened"),
    ("widget_checks_routing", "the widget is not opened"),
    ("widget_goes_back", "the widget is not opened"),
    ("widget_poll", "the widget is not opened"),
    ("widget_token", "the widget is not opened"),
];

/// A policy that differs in one field, or in a few that matter together only.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Switch {
    pub(super) fields: Map<String, Value>,
    /// What is shown instead of a value that the other side has told.
    pub(super) masked: bool,
}

fn switch(name: &str, value: Value) -> Switch {
    Switch { fields: Map::from_iter([(name.to_owned(), value)]), masked: false }
}

/// All that are tried. Where two explain the same, the earlier one is named.
pub(super) fn all(hints: &Hints) -> Vec<Switch> {
    let mut all = Vec::new();
    let words: [(&str, &[&str]); 13] = [
        ("create_shows", &["requested"]),
        ("numbers", &["examples", "integers"]),
        ("list_shape", &["flat"]),
        ("empty_list", &["null", "missing"]),
        ("time_form", &["offset"]),
        ("time_resolution", &["seconds"]),
        ("updated_at", &["status_only", "never_moves", "null"]),
        ("reads_touch", &["always", "minutely"]),
        ("media_type", &["admit_json"]),
        ("error_body", &["bare", "empty", "html"]),
        ("error_code", &["text"]),
        ("refresh", &["minutely", "on_read"]),
        ("odd_amounts", &["wrong"]),
    ];
    for (name, values) in words {
        all.extend(values.iter().map(|value| switch(name, json!(value))));
    }
    all.push(switch("verification", json!("deferred")));
    all.extend([5, 30, 60, 600, 3600, 86_400].map(|seconds| switch("verification", json!({"after_seconds": seconds}))));
    for (name, value) in [
        ("conflict", false),
        ("strict_names", false),
        ("integers_in_requests", true),
        ("account_type_alone", true),
        ("masked_account_number", true),
        ("invented_fields", true),
        ("known_users_only", true),
    ] {
        all.push(switch(name, json!(value)));
    }
    all.extend([json!(null), json!(1), json!(2), json!(0)].map(|value| switch("accounts_per_email", value)));
    all.push(switch("refused_routing_numbers", json!([])));
    all.push(switch("blocked_routing_numbers", json!(["091000019"])));
    all.extend([1_048_576, 1024, 128].map(|limit| switch("body_limit", json!(limit))));
    all.extend([10, 60, 600, 3600, 86_400, 864_000].map(|lag| switch("list_lag_seconds", json!(lag))));
    for name in [
        "wrong_state_status",
        "not_found_status",
        "invalid_status",
        "unauthorized_status",
        "method_status",
        "accept_status",
        "media_type_status",
        "too_large_status",
    ] {
        all.extend(hints.statuses.iter().map(|status| switch(name, json!(status))));
    }
    for name in ["wrong_state_code", "not_found_code"] {
        all.extend(hints.codes.iter().map(|code| switch(name, json!(code))));
    }
    institution(hints, &mut all);
    fields("hidden_fields", &hints.missing, &mut all);
    fields("null_fields", &hints.null, &mut all);
    pages(&mut all);
    all
}

fn institution(hints: &Hints, all: &mut Vec<Switch>) {
    all.push(switch("institution_name", Value::Null));
    if let Some(name) = hints.institution.as_ref() {
        all.push(Switch { masked: true, ..switch("institution_name", json!(name)) });
    }
}

/// All of them at once, and each alone.
fn fields(name: &str, found: &BTreeSet<&'static str>, all: &mut Vec<Switch>) {
    if !found.is_empty() {
        all.push(switch(name, json!(found)));
    }
    all.extend(found.iter().map(|field| switch(name, json!([field]))));
}

fn pages(all: &mut Vec<Switch>) {
    for size in [25, 10] {
        for paging in ["object", "next", "total", "silent"] {
            for ignores in [false, true] {
                let mut pages = switch("list_page", json!(size));
                if paging != "object" {
                    pages.fields.insert("list_paging".to_owned(), json!(paging));
                }
                if ignores {
                    pages.fields.insert("list_ignores_page".to_owned(), json!(true));
                }
                all.push(pages);
            }
        }
    }
}
