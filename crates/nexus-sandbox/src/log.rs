//! The log of requests and their responses, in order, for the assertions of tests. It is shown masked.

use std::collections::VecDeque;

use nexus_types::{AccountNumber, Operation, Private, RoutingNumber};
use serde_json::{Map, Value, json};

use crate::faults::Delivery;
use crate::widget::settings;

/// Bodies that are longer are counted, not kept.
const LONGEST: usize = 2048;

pub(crate) struct Received {
    pub(crate) at: i64,
    pub(crate) operation: Option<Operation>,
    pub(crate) guid: Option<Box<str>>,
    pub(crate) status: u16,
    pub(crate) delivery: Delivery,
    /// The fault that met it.
    pub(crate) fault: Option<u32>,
    pub(crate) body_bytes: usize,
    body: Box<[u8]>,
}

#[derive(Default)]
pub(crate) struct Log {
    limit: usize,
    kept: VecDeque<Received>,
    dropped: u64,
}

impl Log {
    pub(crate) fn new(limit: usize) -> Log {
        Log { limit, ..Log::default() }
    }

    pub(crate) fn push(&mut self, received: Received) {
        if self.kept.len() >= self.limit {
            self.dropped += u64::from(self.kept.pop_front().is_some() || self.limit == 0);
        }
        if self.limit > 0 {
            self.kept.push_back(received);
        }
    }

    /// How many there ever were.
    pub(crate) fn received(&self) -> u64 {
        self.dropped + self.kept.len() as u64
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// Those numbered above `number`, which count from 1.
    pub(crate) fn after(&self, number: u64) -> impl Iterator<Item = (u64, &Received)> {
        let skip = usize::try_from(number.saturating_sub(self.dropped)).unwrap_or(usize::MAX);
        (self.dropped + 1..).zip(&self.kept).skip(skip)
    }
}

impl Received {
    pub(crate) fn new(at: i64, operation: Option<Operation>, guid: Option<&str>, body: &[u8]) -> Received {
        let kept = if body.len() <= LONGEST { body } else { &[] };
        let guid = guid.map(Into::into);
        let (status, delivery, fault) = (0, Delivery::Whole, None);
        Received { at, operation, guid, status, delivery, fault, body_bytes: body.len(), body: kept.into() }
    }

    /// The body with every text masked; none where it is no JSON.
    pub(crate) fn masked_body(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().map(|value| masked("", value))
    }
}

/// Numbers of deposits stay, account numbers keep their last four, all other text its first character. A name of a field
/// that is none of the API's may itself be a value that slipped.
fn masked(name: &str, value: Value) -> Value {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &str) -> String {
        Received::new(0, None, None, body.as_bytes()).masked_body().map_or_else(String::new, |value| value.to_string())
    }

    #[test]
    fn bodies_are_masked() {
        let create = r#"{"micro_deposit":{"first_name":"Josh","email":"josh@example.com","account_number":"333312345","routing_number":"091000019","account_type_name":"CHECKING"}}"#;
        let text = shown(create);
        for secret in ["Josh", "josh", "3333", "09100"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("*****2345") && text.contains("CHECKING"), "{text}");
        assert_eq!(shown(r#"{"deposit_amount_1":0.09}"#), r#"{"deposit_amount_1":0.09}"#);
        let odd = shown(
            r#"{"333312345":"333312345","account_number":333312345,"x":[333312345,"333312345"],"type":"333312345"}"#,
        );
        assert!(!odd.contains("3333"), "{odd}");
        assert_eq!(shown("333312345 is no JSON"), "");
    }

    #[test]
    fn log_drops_and_counts_the_oldest_requests() {
        let mut log = Log::new(2);
        for at in 0..5 {
            log.push(Received::new(at, None, None, b""));
        }
        assert_eq!(log.after(0).map(|(number, one)| (number, one.at)).collect::<Vec<_>>(), [(4, 3), (5, 4)]);
        assert_eq!((log.after(4).count(), log.dropped()), (1, 3));
        let mut none = Log::new(0);
        none.push(Received::new(0, None, None, b""));
        assert_eq!((none.after(0).count(), none.dropped()), (0, 1));
    }
}
