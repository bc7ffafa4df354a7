//! [`Timestamp`]: a time as the server wrote it.
//!
//! The text is kept. The instant is parsed on request and may be missing: MX's own example has the offset `+00:0`, which
//! cannot be parsed.

use std::fmt;

use jiff::Timestamp as Instant;
use jiff::fmt::temporal::{DateTimeParser, DateTimePrinter};

/// Three digits of a second, always.
static PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));

/// A point in time in UTC, in whatever form it came.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Timestamp(Box<str>);

impl Timestamp {
    /// Keeps this text. Any text is taken: it is the server's.
    pub fn new(text: impl Into<Box<str>>) -> Timestamp {
        Timestamp(text.into())
    }

    /// The form that the API writes: `2021-09-01T18:29:06.000Z`.
    ///
    /// Times outside the years -9999 to 9999 are brought to the nearest end.
    pub fn from_unix_millis(millis: i64) -> Timestamp {
        Timestamp(PRINTER.timestamp_to_string(&at(millis)).into())
    }

    /// The form of webhooks: `2021-10-22T21:44:38.000+00:00`.
    pub fn webhook_form(millis: i64) -> Timestamp {
        let zulu = PRINTER.timestamp_to_string(&at(millis));
        Timestamp(format!("{}+00:00", zulu.trim_end_matches('Z')).into())
    }

    /// The text as it came.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Milliseconds since 1970 in UTC, where the text says an instant.
    ///
    /// Read are the forms of domain.md 2: ISO 8601 with `Z` or an offset, with or without a fraction, and whole seconds
    /// since 1970 as digits. None for the broken offset `+00:0`, a time without offset, and everything else.
    pub fn unix_millis(&self) -> Option<i64> {
        static PARSER: DateTimeParser = DateTimeParser::new();
        if (1..=12).contains(&self.0.len()) && self.0.bytes().all(|byte| byte.is_ascii_digit()) {
            // Twelve digits can be a time after the year 9999, which cannot be written any more.
            let millis = self.0.parse::<i64>().ok()?.checked_mul(1000)?;
            return Instant::from_millisecond(millis).is_ok().then_some(millis);
        }
        PARSER.parse_timestamp(&*self.0).ok().map(Instant::as_millisecond)
    }

    /// An instant, or a date and a time with something odd behind it, such as the broken offset.
    fn looks_like_a_time(&self) -> bool {
        let dated = self.0.len() <= 40 && self.0.as_bytes().get(10) == Some(&b'T');
        let plain = |byte: u8| byte.is_ascii_digit() || b"-:.+TZ".contains(&byte);
        (dated && self.0.bytes().all(plain)) || self.unix_millis().is_some()
    }

    /// Whole seconds since 1970, rounded down.
    pub fn unix_seconds(&self) -> Option<i64> {
        self.unix_millis().map(|millis| millis.div_euclid(1000))
    }
}

fn at(millis: i64) -> Instant {
    let nearest = if millis < 0 { Instant::MIN } else { Instant::MAX };
    Instant::from_millisecond(millis).unwrap_or(nearest)
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A server may put anything here; what does not look like a time is not shown.
        if self.looks_like_a_time() { f.write_str(&self.0) } else { f.write_str("(no time)") }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_form_that_was_seen() {
        // 2021-09-01T18:29:06Z is 1630520946 (18,871 days and 18:29:06).
        let cases = [
            ("2021-09-01T18:29:06.000Z", Some(1_630_520_946_000)),
            ("2021-09-01T18:29:06+00:0", None),
            ("2021-09-01T18:29:06+00:00", Some(1_630_520_946_000)),
            ("2021-09-01T18:29:06.000+00:00", Some(1_630_520_946_000)),
            ("2021-09-01T18:29:06Z", Some(1_630_520_946_000)),
            ("2021-09-01T20:29:06+02:00", Some(1_630_520_946_000)),
            ("1681150156", Some(1_681_150_156_000)),
            ("2021-09-01T18:29:06", None),
            ("2021-09-01", None),
            ("", None),
            ("soon", None),
        ];
        for (text, millis) in cases {
            let stamp = Timestamp::new(text);
            assert_eq!(stamp.as_str(), text, "the text is kept");
            assert_eq!(stamp.unix_millis(), millis, "{text}");
        }
    }

    #[test]
    fn timestamp_debug_shows_only_times() {
        assert_eq!(Timestamp::new("2021-09-01T18:29:06+00:0").to_string(), "2021-09-01T18:29:06+00:0");
        assert_eq!(format!("{:?}", Timestamp::new("Josh James")), "\"(no time)\"");
    }

    #[test]
    fn the_two_written_forms() {
        assert_eq!(Timestamp::from_unix_millis(1_630_520_946_007).as_str(), "2021-09-01T18:29:06.007Z");
        assert_eq!(Timestamp::webhook_form(1_630_520_946_000).as_str(), "2021-09-01T18:29:06.000+00:00");
    }

    proptest! {
        #[test]
        fn timestamp_round_trips(millis in -10_000_000_000_000i64..100_000_000_000_000) {
            prop_assert_eq!(Timestamp::from_unix_millis(millis).unix_millis(), Some(millis));
            prop_assert_eq!(Timestamp::webhook_form(millis).unix_millis(), Some(millis));
        }

        #[test]
        fn timestamp_accepts_any_text(text in ".*") {
            let _ = Timestamp::new(text.as_str()).unix_millis();
        }

        #[test]
        fn extreme_times_do_not_panic(millis in any::<i64>()) {
            let _ = Timestamp::from_unix_millis(millis);
        }
    }
}
