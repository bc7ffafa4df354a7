//! Durations as people write them: `90s`, `15m`, `36h`, `3d`.

use std::time::Duration;

use crate::values::Rule;

/// Reads a whole number and one unit: `s`, `m`, `h` or `d`. For clap, which shows the words of the error.
pub(crate) fn parse(text: &str) -> Result<Duration, Rule> {
    let rule = || Rule("must be a whole number with a unit, such as 90s, 15m, 36h or 3d".to_owned());
    let unit = text.chars().next_back().ok_or_else(rule)?;
    let seconds: u64 = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86_400,
        _ => return Err(rule()),
    };
    let digits = text.strip_suffix(unit).unwrap_or_default();
    if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(rule());
    }
    let count: u64 = digits.parse().map_err(|_| rule())?;
    let total = count.saturating_mul(seconds);
    match total {
        0 => Err(Rule("must be longer than nothing".to_owned())),
        31_536_001.. => Err(Rule("must be at most a year (365d)".to_owned())),
        _ => Ok(Duration::from_secs(total)),
    }
}

/// The same, maybe with a plus sign before it.
pub(crate) fn ahead(text: &str) -> Result<Duration, Rule> {
    parse(text.strip_prefix('+').unwrap_or(text))
}

/// The two largest units: `3d 4h`, `12m 5s`, `7s`.
pub(crate) fn words(duration: Duration) -> String {
    let seconds = duration.as_secs();
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{seconds}s"),
        (0, 0, _) => format!("{minutes}m {}s", seconds % 60),
        (0, ..) => format!("{hours}h {minutes}m"),
        _ => format!("{days}d {hours}h"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duration_parses_the_four_units() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("36h", 129_600), ("3d", 259_200), ("365d", 31_536_000)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
    }

    #[test]
    fn duration_refuses_other_texts() {
        for text in
            ["", "s", "3", "-3d", "+3d", "1.5h", "3 d", "3w", "0s", "366d", "99999999999999999999d", "３d", "3dé"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn duration_prints_the_two_largest_units() {
        for (seconds, wanted) in [(0, "0s"), (59, "59s"), (725, "12m 5s"), (3600, "1h 0m"), (273_600, "3d 4h")] {
            assert_eq!(words(Duration::from_secs(seconds)), wanted);
        }
    }
}
