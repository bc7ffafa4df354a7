//! The text of a body, and of one value in it.

use std::borrow::Cow;

use serde_json::value::RawValue;

/// The text of a body, whatever its bytes.
pub(crate) fn text_of(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body))
}

/// The text of one value: `None` for null, the content of a string, the JSON of anything else.
pub(crate) fn text(raw: &RawValue) -> Option<Box<str>> {
    let json = raw.get();
    match json.as_bytes().first() {
        Some(b'n') => None,
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => Some(text.into()),
            // Escapes that are no text, such as half a surrogate pair: kept as they stand between the quotes.
            Err(_) => Some(json.trim_matches('"').into()),
        },
        _ => Some(json.into()),
    }
}
