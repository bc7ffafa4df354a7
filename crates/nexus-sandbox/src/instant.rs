//! [`Instant`]: a time of the world as JSON text.

use nexus_types::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Milliseconds since 1970, written as the API writes times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Instant(pub(crate) i64);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(Timestamp::from_unix_millis(self.0).as_str())
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = Box::<str>::deserialize(deserializer)?;
        let read = Timestamp::new(text).unix_millis();
        read.map(Instant).ok_or_else(|| serde::de::Error::custom("not a time"))
    }
}
