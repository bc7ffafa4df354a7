//! Turns a response that is not a success into an error.
//!
//! Decisions rest on the HTTP status alone, as MX asks (domain.md 5), and for 404 on what was asked for: the table is
//! [`ApiProblem::of`]. From the body
//! come only what cannot be a secret: the number of the server's code, and the name of a field that its message mentions, if
//! it is one of ours.

use serde_json::Value;

use crate::error::{ApiProblem, Context, Error};
use crate::operation::Operation;
use crate::wire::Response;

/// Longer bodies of errors are not looked into.
const LONGEST: usize = 64 * 1024;

/// The fields that a caller can get wrong. (`status`, say, is a field too, but in a message it is a word.)
const REQUEST_FIELDS: [&str; 10] = [
    "account_name",
    "account_number",
    "account_type",
    "account_type_name",
    "deposit_amount_1",
    "deposit_amount_2",
    "email",
    "first_name",
    "last_name",
    "routing_number",
];

pub(super) fn judge(operation: Operation, response: &Response) -> Error {
    let problem = ApiProblem::of(response.status, about_a_user(operation));
    let (code, field) = if response.body.len() <= LONGEST { look_into(&response.body) } else { (None, None) };
    Error::Api { problem, status: response.status, code, field, context: Box::new(Context::default()) }
}

/// Whether the operation names no microdeposit, so that "not found" concerns the client or the user.
fn about_a_user(operation: Operation) -> bool {
    matches!(operation, Operation::ApiToken | Operation::WidgetUrl | Operation::OpenSession)
}

/// Reads `{"error":{"code":..,"message":..}}`, the pair without wrapper, and `{"errors":[..]}`; numbers or strings.
fn look_into(body: &[u8]) -> (Option<u32>, Option<&'static str>) {
    let Ok(value) = serde_json::from_slice::<Value>(body) else { return (None, None) };
    let listed = value.get("errors").and_then(|list| list.get(0));
    let pair = value.get("error").filter(|error| error.is_object()).or(listed).unwrap_or(&value);
    let code = match pair.get("code").or_else(|| pair.get("error_code")) {
        Some(Value::Number(number)) => number.as_u64(),
        Some(Value::String(text)) => text.parse().ok(),
        _ => None,
    };
    // Documented codes have four digits. A longer number could be an account number.
    let code = code.filter(|code| *code <= 99_999).and_then(|code| u32::try_from(code).ok());
    let message = pair.get("message").or_else(|| pair.get("error")).and_then(Value::as_str);
    (code, message.and_then(named_field))
}

fn named_field(message: &str) -> Option<&'static str> {
    let mut words = message.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    words.find_map(|word| REQUEST_FIELDS.into_iter().find(|field| *field == word))
}
