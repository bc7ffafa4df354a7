//! [`Count`]: a count in an export, so small that going on from it never overflows.

use serde::{Deserialize, Deserializer, Serialize};

/// 2 to the power of 53: JSON's numbers are exact up to there everywhere.
const MOST: u64 = 1 << 53;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Count(pub(crate) u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        let count = u64::deserialize(deserializer)?;
        if count <= MOST { Ok(Count(count)) } else { Err(serde::de::Error::custom("too large a count")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_whole_and_not_too_large() {
        let read = |text: &str| serde_json::from_str::<Count>(text).ok();
        assert_eq!((read("0"), read("9007199254740992")), (Some(Count(0)), Some(Count(MOST))));
        for wrong in ["9007199254740993", "18446744073709551615", "-1", "0.5", "\"1\"", "null"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
