//! `timestamps.json` and `retry_after.json`: times in records and headers.

use std::time::Duration;

use nexus_types::Timestamp;
use nexus_types::decide::retry::parse_retry_after;
use serde::Deserialize;

use crate::cases::load;

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Case {
    Read { text: String, unix_millis: Option<i64> },
    Write { unix_millis: i64, api: String, webhook: String },
}

#[test]
fn timestamps() {
    for (id, case) in load("timestamps") {
        match case {
            Case::Read { text, unix_millis } => {
                let stamp = Timestamp::new(text.as_str());
                assert_eq!(stamp.as_str(), text, "{id}");
                assert_eq!(stamp.unix_millis(), unix_millis, "{id}");
                assert_eq!(stamp.unix_seconds(), unix_millis.map(|millis| millis.div_euclid(1000)), "{id}");
            }
            Case::Write { unix_millis, api, webhook } => {
                for (stamp, text) in
                    [(Timestamp::from_unix_millis(unix_millis), api), (Timestamp::webhook_form(unix_millis), webhook)]
                {
                    assert_eq!(stamp.as_str(), text, "{id}");
                    assert_eq!(stamp.unix_millis(), Some(unix_millis), "{id}");
                }
            }
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RetryAfter {
    text: String,
    now: i64,
    seconds: Option<u64>,
}

#[test]
fn retry_after() {
    for (id, RetryAfter { text, now, seconds }) in load("retry_after") {
        assert_eq!(parse_retry_after(&text, now), seconds.map(Duration::from_secs), "{id}");
    }
}
