//! Fuzz targets for the core's parsers, compared with reference parsers if there are any.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use nexus_types::decide::retry::parse_retry_after;
use nexus_types::endpoint::Next;
use nexus_types::{
    AccountNumber, DepositAmount, Endpoint, GetApiToken, List, Microdeposit, MicrodepositGuid, OpenSession, Pages,
    Person, Preinitiate, Response, Reveal, RoutingNumber, SessionToken, Status, Timestamp, WebhookEvent, WidgetUrl,
};
use nexus_types::{ClientId, UserId};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Decimal text against an exact decimal library: both refuse it, or both read the same cents.
pub fn amounts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let ours = DepositAmount::parse(text);
    if let Ok(amount) = &ours {
        assert_eq!(DepositAmount::parse(&amount.to_string()).as_ref(), Ok(amount));
        let json = serde_json::to_string(amount).expect("a number");
        assert_eq!(serde_json::from_str::<DepositAmount>(&json).ok().as_ref(), Some(amount));
    }
    // The reference also reads signs, underscores and exponents, and 28 digits, two of which are for the cents.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.len() <= 26;
    if !plain || text.ends_with('.') || text.is_empty() {
        return;
    }
    let cents = Decimal::from_str_exact(text).ok().map(|value| value * Decimal::ONE_HUNDRED);
    let wanted = cents.filter(|cents| cents.is_integer()).and_then(|cents| u32::try_from(cents).ok());
    let wanted = wanted.filter(|cents| (1..=99).contains(cents));
    assert_eq!(ours.ok().map(|amount| u32::from(amount.cents())), wanted, "an amount is read otherwise");
}

/// Reads a single record, whichever it is: the response to a pre-initiate, for a read takes only the one it asked for.
fn single(data: impl Into<Vec<u8>>) -> Result<Microdeposit, nexus_types::Error> {
    let person = Person::new("Josh", "Boy", "joshboy@example.com").expect("a person");
    Preinitiate::new(person).parse(&Response::new(200, data))
}

/// A record against `serde_json`'s own reading of the same body.
pub fn records(data: &[u8]) {
    let ours = single(data);
    if let Ok(record) = &ours {
        round_trip(record);
    }
    let Ok(value) = serde_json::from_slice::<Value>(data) else { return };
    // The reference holds the last of what is given twice; which one holds is not for a reader to choose here.
    if serde_json::from_slice::<Once>(data).is_err() {
        return;
    }
    let fields = value.get("micro_deposit").unwrap_or(&value);
    let named = match fields.get("guid") {
        Some(Value::Null) | None => false,
        Some(Value::String(guid)) => !guid.is_empty(),
        Some(_) => true,
    };
    assert_eq!(ours.is_ok(), fields.is_object() && named, "readable exactly if it is an object with a guid");
    let Ok(record) = ours else { return };
    let written = record.to_json(Reveal::Full);
    let odd = record.status.is_contradictory();
    for name in Microdeposit::FIELDS {
        // Text stays as it is, wherever text belongs.
        let read = matches!(name, "status" | "account_type") || (name == "status_name" && odd);
        if let (Some(Value::String(text)), false) = (fields.get(name), read) {
            assert_eq!(written[name], Value::String(text.clone()), "{name} changed");
        }
    }
    if let Some(number) = fields.get("status").and_then(Value::as_i64) {
        let name = match fields.get("status_name") {
            Some(Value::String(name)) => Some(name.clone()),
            Some(Value::Null) | None => None,
            Some(other) => Some(other.to_string()),
        };
        let whole = Status::from_parts(Some(number), name.as_deref().filter(|name| !name.trim().is_empty()));
        assert!(odd == whole.is_contradictory() && record.status.known() == whole.known(), "{number} and {name:?}");
    } else if fields.get("status").is_some_and(|status| !status.is_null() && !status.is_string()) {
        assert!(odd, "a status of a wrong type is believed");
    }
}

/// JSON in which no object has a field twice.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Once, D::Error> {
        deserializer.deserialize_any(Once)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Once;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without a field given twice")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Once, A::Error> {
        let mut names = BTreeSet::new();
        while let Some((name, Once)) = map.next_entry::<String, Once>()? {
            if !names.insert(name) {
                return Err(A::Error::custom("given twice"));
            }
        }
        Ok(Once)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Once, A::Error> {
        while seq.next_element::<Once>()?.is_some() {}
        Ok(Once)
    }

    fn visit_unit<E>(self) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Once, E> {
        Ok(Once)
    }

    fn visit_str<E>(self, _: &str) -> Result<Once, E> {
        Ok(Once)
    }
}

/// What is written is read back the same.
fn round_trip(record: &Microdeposit) {
    let written = record.to_json(Reveal::Full);
    let again = single(written.to_string()).expect("what we write we can read");
    assert_eq!(again.to_json(Reveal::Full), written);
    let _ = (format!("{record:?}"), record.to_json(Reveal::Masked));
}

/// Lists and the small responses.
pub fn responses(data: &[u8]) {
    let response = Response::new(200, data);
    if let Ok(records) = List::new().parse(&response) {
        let value: Value = serde_json::from_slice(data).unwrap_or_default();
        if let Some(items) = value.get("micro_deposits").and_then(Value::as_array) {
            assert_eq!(records.len(), items.len(), "no record is lost");
        }
        records.iter().for_each(round_trip);
        let page = List::new().parse_page(&response).expect("what is a list is a page");
        assert_eq!(page.records, records, "a page holds the records of its list");
        if let Next::Complete(whole) = Pages::new().add(page) {
            assert!(whole.iter().all(|record| records.contains(record)), "a record that nobody sent");
        }
    }
    let user = || (ClientId::new("c").expect("an id"), UserId::new("u").expect("an id"));
    let _ = OpenSession::new().parse(&response);
    let _ = GetApiToken::new(user().0, user().1).parse(&response);
    let _ = WidgetUrl::new(user().0, user().1, None).parse(&response);
}

/// Errors of any status and body: judged by the status alone, and nothing of the body is repeated.
pub fn refusals(data: &[u8]) {
    let [high, low, body @ ..] = data else { return };
    let status = u16::from_be_bytes([*high, *low]) % 1000;
    let planted = [b"{\"error\":{\"code\":4001,\"message\":\"333312345 ", body, b"\"}}"].concat();
    for body in [body, &planted] {
        let response = Response::new(status, body);
        match List::new().parse(&response) {
            Ok(_) => assert!((200..300).contains(&status)),
            Err(error) => {
                assert_eq!(error.http_status().unwrap_or_default(), status);
                assert!(!format!("{error} {error:?}").contains("333312345"), "an error repeats the body");
            }
        }
    }
}

/// Webhook bodies.
pub fn events(data: &[u8]) {
    if let Ok(event) = WebhookEvent::parse(data) {
        round_trip(&event.record);
        let _ = format!("{event:?}");
    }
}

/// Everything that is read from a caller's text.
pub fn texts(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(number) = RoutingNumber::new(text) {
        assert!(text.len() == 9 && number.as_str() == text && !format!("{number:?}").contains(text));
    }
    if let Ok(number) = AccountNumber::new(text) {
        assert!((1..=17).contains(&text.chars().count()) && number.expose() == text);
        assert!(!format!("{number} {number:?}").contains(text) || text.chars().all(|c| c == '*'));
    }
    if let Ok(guid) = MicrodepositGuid::new(text) {
        let segment = guid.path_segment();
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || b"-_~.%".contains(&byte);
        assert!(segment.bytes().all(safe) && segment != "." && segment != "..", "{segment}");
        assert_eq!(percent_decoded(&segment), text.as_bytes());
    }
    let stamp = Timestamp::new(text);
    if let Some(millis) = stamp.unix_millis() {
        assert_eq!(Timestamp::from_unix_millis(millis).unix_millis(), Some(millis));
    }
    let _ = (stamp.to_string(), parse_retry_after(text, 0), parse_retry_after(text, i64::MAX));
    let _ = (Status::from_str(text), Status::from_name(text).to_string(), SessionToken::new(text));
    let _ = Person::new(text, text, text);
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let hex = |byte: Option<u8>| char::from(byte.expect("two digits")).to_digit(16).expect("a hex digit") as u8;
        out.push(if byte == b'%' { hex(bytes.next()) << 4 | hex(bytes.next()) } else { byte });
    }
    out
}
