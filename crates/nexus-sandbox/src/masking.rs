//! What of a request's body and path may be shown: no person, no account, no token.

use nexus_types::{AccountNumber, Private, RoutingNumber};
use serde_json::{Map, Value, json};

use crate::nearest::nearest;
use crate::routes::{ROUTES, SERVER};
use crate::widget::settings;

/// Numbers of deposits stay, account numbers keep their last four, all other text its first character. A name of a field
/// that is none of the API's may itself be a value that slipped.
pub(crate) fn masked(name: &str, value: Value) -> Value {
    const KNOWN: [&str; 16] = [
        "micro_deposit",
        "session",
        "skip_aggregation",
        "url",
        "type",
        "mode",
        "ui_message_version",
        "current_microdeposit_guid",
        "first_name",
        "last_name",
        "email",
        "account_name",
        "account_number",
        "account_type",
        "account_type_name",
        "routing_number",
    ];
    match value {
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(field, value)| {
                let known = KNOWN.contains(&field.as_str())
                    || settings::OPTIONS.contains(&field.as_str())
                    || field.starts_with("deposit_amount_");
                let shown = if known { field } else { "(unknown)".to_owned() };
                let value = masked(&shown, value);
                (shown, value)
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(|item| masked("", item)).collect()),
        Value::String(text) => Value::String(match name {
            "account_type_name" | "type" | "mode" | "current_microdeposit_guid"
                if text.len() <= 64 && !digits(&text) =>
            {
                text
            }
            "account_number" => AccountNumber::new(text).map_or_else(|_| "****".to_owned(), |number| number.masked()),
            "routing_number" => RoutingNumber::new(&text).map_or_else(|_| "****".to_owned(), |number| number.masked()),
            _ => Private::from(text.as_str()).masked(),
        }),
        Value::Number(number) => match name {
            "deposit_amount_1" | "deposit_amount_2" | "account_type" | "ui_message_version" => Value::Number(number),
            _ => json!("****"),
        },
        other => other,
    }
}

fn digits(text: &str) -> bool {
    text.bytes().filter(u8::is_ascii_digit).count() == text.len()
}

/// A path with its query, of which are left: the words of known paths and what nearly is one, guids, and numbers in the query.
pub(crate) fn masked_path(path: &str) -> String {
    let (plain, query) = path.split_once('?').map_or((path, None), |(plain, query)| (plain, Some(query)));
    let segments: Vec<String> = plain.split('/').take(12).map(segment).collect();
    let mut out = segments.join("/");
    if let Some(query) = query {
        let pairs: Vec<String> = query.split('&').take(8).map(pair).collect();
        out.push_str(&format!("?{}", pairs.join("&")));
    }
    out
}

fn segment(text: &str) -> String {
    let words =
        || ROUTES.iter().chain(SERVER).flat_map(|route| route.path.split('/')).filter(|word| !word.starts_with('{'));
    let shown = text.is_empty() || is_guid(text) || nearest(text, words()).is_some();
    if shown { text.to_owned() } else { Private::from(text).masked() }
}

fn pair(text: &str) -> String {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let known = nearest(name, ["page", "records_per_page"].into_iter()).is_some();
    let short = value.len() <= 6 && value.bytes().all(|byte| byte.is_ascii_digit());
    match (known, short) {
        (true, true) => text.to_owned(),
        (true, false) => format!("{name}={}", Private::from(value).masked()),
        _ => Private::from(name).masked(),
    }
}

/// Whether it has the form of MX's guids: letters, a dash, and a UUID.
pub(crate) fn is_guid(text: &str) -> bool {
    let Some((prefix, uuid)) = text.split_once('-') else { return false };
    let lengths = [8, 4, 4, 4, 12];
    let mut parts = uuid.split('-');
    let fits = lengths.into_iter().all(|length| {
        parts.next().is_some_and(|part| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit()))
    });
    prefix.len() == 3 && prefix.bytes().all(|byte| byte.is_ascii_alphabetic()) && fits && parts.next().is_none()
}

/// The path of the table that was most likely meant by this one, which is none of them.
pub(crate) fn near_path(path: &str) -> Option<&'static str> {
    let given: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).take(12).collect();
    // Nobody means the root, which is near everything.
    let all = ROUTES.iter().chain(SERVER).filter(|route| route.path != "/");
    let costs = all.filter_map(|route| Some((cost(route.path, &given)?, route.path)));
    costs.min_by_key(|(cost, _)| *cost).map(|(_, path)| path)
}

/// How far a path is from one of the table: letters that differ, and three for each segment before it. None where it is too far.
fn cost(template: &str, given: &[&str]) -> Option<usize> {
    let wanted: Vec<&str> = template.split('/').filter(|part| !part.is_empty()).collect();
    let before = given.len().checked_sub(wanted.len())?;
    let mut cost = 3 * before;
    for (word, part) in wanted.iter().zip(given.iter().skip(before)) {
        if !word.starts_with('{') {
            nearest(part, std::iter::once(*word))?;
            cost += strsim::osa_distance(word, part);
        }
    }
    Some(cost)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_show_no_value() {
        let cases = [
            ("/micro_deposits", "/micro_deposits"),
            ("/micro_deposts/333312345", "/micro_deposts/3***"),
            (
                "/micro_deposits/MIC-2026e463-bd0a-4f99-9f0e-4c5f9ea04311",
                "/micro_deposits/MIC-2026e463-bd0a-4f99-9f0e-4c5f9ea04311",
            ),
            ("/acme/users/josh@example.com/api_token.json", "/a***/users/j***/api_token.json"),
            ("/micro_deposits?page=2&records_per_page=333312345", "/micro_deposits?page=2&records_per_page=3***"),
            ("/micro_deposits?josh=333312345", "/micro_deposits?j***"),
            ("//x", "//*"),
        ];
        for (path, shown) in cases {
            assert_eq!(masked_path(path), shown, "{path}");
        }
    }

    #[test]
    fn misspelt_paths_have_a_near_one() {
        let cases = [
            ("/micro_deposit", Some("/micro_deposits")),
            ("/microdeposits", Some("/micro_deposits")),
            ("/micro_deposits/", Some("/micro_deposits")),
            ("/micro_deposts/MIC-1", Some("/micro_deposits/{micro_deposit_guid}")),
            ("/wrong/micro_deposits", Some("/micro_deposits")),
            ("/v1/session", Some("/sessions")),
            ("/acme/user/u/api_token.json", Some("/{client_id}/users/{user_id}/api_token.json")),
            ("/_sandbox/advanced", Some("/_sandbox/advance")),
            ("/accounts", None),
            ("/", None),
        ];
        for (path, near) in cases {
            assert_eq!(near_path(path), near, "{path}");
        }
    }
}
