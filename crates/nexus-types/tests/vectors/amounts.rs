//! `amounts.json`: amounts as text and as cents.

use nexus_types::{DepositAmount, InputError};
use serde::Deserialize;

use crate::cases::load;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Case {
    Exact { cents: u8, text: String, json: String },
    Same { text: String, cents: u8 },
    SameJson { json: String, cents: u8 },
    Refused { text: String, why: Why },
    RefusedCents { cents: u32 },
    RefusedJson { json: String },
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Why {
    Shape,
    Range,
    WholeCents,
}

/// Hundredths that the decimal text says, by its digits alone, so that no float can be wrong on both sides.
fn hundredths(text: &str) -> u32 {
    let (whole, fraction) = text.split_once('.').unwrap();
    assert!(fraction.len() <= 2);
    format!("{whole}{fraction:0<2}").parse().unwrap()
}

fn rule(error: InputError) -> String {
    assert_eq!(error.field(), "deposit_amount");
    error.to_string()
}

#[test]
fn amounts() {
    let mut exact = Vec::new();
    for (id, case) in load("amounts") {
        match case {
            Case::Exact { cents, text, json } => {
                exact.push(cents);
                assert_eq!((hundredths(&text), hundredths(&json)), (u32::from(cents), u32::from(cents)), "{id}");
                let amount = DepositAmount::from_cents(u32::from(cents)).unwrap();
                assert_eq!(amount.cents(), cents, "{id}");
                assert_eq!(amount.to_string(), text, "{id}");
                assert_eq!(DepositAmount::parse(&text).unwrap(), amount, "{id}");
                assert_eq!(DepositAmount::parse(&json).unwrap(), amount, "{id}");
                assert_eq!(serde_json::to_string(&amount).unwrap(), json, "{id}");
                assert_eq!(serde_json::from_str::<DepositAmount>(&json).unwrap(), amount, "{id}");
                assert_eq!(serde_json::from_str::<DepositAmount>(&text).unwrap(), amount, "{id}");
            }
            Case::Same { text, cents } => assert_eq!(DepositAmount::parse(&text).unwrap().cents(), cents, "{id}"),
            Case::SameJson { json, cents } => {
                assert_eq!(serde_json::from_str::<DepositAmount>(&json).unwrap().cents(), cents, "{id}");
            }
            Case::Refused { text, why } => {
                let words = match why {
                    Why::Shape => "decimal number",
                    Why::Range => "above 0 and below 1 dollar",
                    Why::WholeCents => "whole cents",
                };
                let said = rule(DepositAmount::parse(&text).unwrap_err());
                assert!(said.contains(words), "{id}: {said}");
            }
            Case::RefusedCents { cents } => {
                let said = rule(DepositAmount::from_cents(cents).unwrap_err());
                assert!(said.contains("above 0 and below 1 dollar"), "{id}: {said}");
            }
            Case::RefusedJson { json } => assert!(serde_json::from_str::<DepositAmount>(&json).is_err(), "{id}"),
        }
    }
    assert_eq!(exact, (1..=99).collect::<Vec<u8>>(), "all 99, each once");
}
