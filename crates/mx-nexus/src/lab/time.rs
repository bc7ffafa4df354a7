//! The clock, the bank statement, and words that are answered with the time.

use std::time::Duration;

use serde_json::json;

use super::admin::{Admin, segment};
use super::told::text;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn advance(admin: &Admin, by: Option<Duration>, to: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let body = match (by, to) {
        (Some(by), _) => json!({"seconds": by.as_secs()}),
        (None, to) => json!({"to": to}),
    };
    let told = admin.post("advance", &body)?;
    output.result(text(&told, "now"), &told)?;
    Ok(Exit::Done)
}

/// A word without details that is answered with the time.
pub(super) fn said(admin: &Admin, path: &str, output: Output) -> Result<Exit, Failure> {
    let told = admin.post(path, &json!({}))?;
    output.result(text(&told, "now"), &told)?;
    Ok(Exit::Done)
}

pub(super) fn statement(admin: &Admin, guid: &str, output: Output) -> Result<Exit, Failure> {
    let told = admin.get(&format!("deposits/{}", segment(guid)))?;
    let landed = if told["landed"] == true { "they have landed" } else { "they have not landed" };
    let amounts = format!("{} and {}", dollars(&told["deposit_amount_1"]), dollars(&told["deposit_amount_2"]));
    output.result(format!("{amounts}; {landed}"), &told)?;
    Ok(Exit::Done)
}

fn dollars(amount: &serde_json::Value) -> String {
    amount.as_f64().map_or_else(|| "?".to_owned(), |amount| format!("{amount:.2}"))
}
