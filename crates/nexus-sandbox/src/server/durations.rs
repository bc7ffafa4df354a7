//! [`Durations`]: how long requests took, as a histogram.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper bounds in microseconds, as they are written in seconds. Most requests take less than the first, and those that a
/// fault delays may take ten minutes.
pub(crate) const BOUNDS: [(u64, &str); 12] = [
    (100, "0.0001"),
    (250, "0.00025"),
    (500, "0.0005"),
    (1_000, "0.001"),
    (2_500, "0.0025"),
    (5_000, "0.005"),
    (10_000, "0.01"),
    (50_000, "0.05"),
    (100_000, "0.1"),
    (1_000_000, "1"),
    (10_000_000, "10"),
    (60_000_000, "60"),
];

/// One counter for each bound, and one for what is longer.
#[derive(Debug, Default)]
pub(crate) struct Durations {
    counts: [AtomicU64; BOUNDS.len() + 1],
    nanoseconds: AtomicU64,
}

impl Durations {
    pub(crate) fn add(&self, took: Duration) {
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        let place = BOUNDS.iter().position(|(bound, _)| nanoseconds <= bound * 1000).unwrap_or(BOUNDS.len());
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Ordering::Relaxed);
        }
        self.nanoseconds.fetch_add(nanoseconds, Ordering::Relaxed);
    }

    /// Each bound with the number of requests that took no longer; the last bound is infinity.
    pub(crate) fn cumulative(&self) -> Vec<(&'static str, u64)> {
        let bounds = BOUNDS.iter().map(|(_, text)| *text).chain(["+Inf"]);
        let sums = self.counts.iter().scan(0, |sum, count| {
            *sum += count.load(Ordering::Relaxed);
            Some(*sum)
        });
        bounds.zip(sums).collect()
    }

    /// All of them together.
    pub(crate) fn seconds(&self) -> f64 {
        Duration::from_nanos(self.nanoseconds.load(Ordering::Relaxed)).as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_inclusive_ascend_and_are_written_as_they_are() {
        for (bound, text) in BOUNDS {
            assert_eq!((text.parse::<f64>().unwrap() * 1e6).round() as u64, bound);
        }
        assert!(BOUNDS.is_sorted());
        let durations = Durations::default();
        for micros in [0, 100, 101, 60_000_000, 60_000_001] {
            durations.add(Duration::from_micros(micros));
        }
        let counts = durations.cumulative();
        assert_eq!((counts[0], counts[1]), (("0.0001", 2), ("0.00025", 3)));
        assert_eq!((counts[11], counts[12]), (("60", 4), ("+Inf", 5)));
        assert!((durations.seconds() - 120.000_202).abs() < 1e-9);
    }
}
