//! What the benchmarks share: interleaved rounds, medians, ratios within one run.
//!
//! Absolute times say little about another machine; a ratio of two things measured side by side says more. `--short`
//! makes one small round, so that the gate can see that a benchmark still runs.

#![allow(dead_code)]

pub mod bare;
pub mod fill;
pub mod process;
pub mod wire;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Whether to make the short form: with `--short`, and when run as a test.
pub fn short() -> bool {
    std::env::args().any(|argument| argument == "--short" || argument == "--test")
}

/// Runs both in turn, `rounds` times each, after one warm-up; returns the median time of each.
pub fn side_by_side(rounds: usize, mut ours: impl FnMut(), mut yardstick: impl FnMut()) -> (Duration, Duration) {
    let mut times = (Vec::new(), Vec::new());
    ours();
    yardstick();
    for _ in 0..rounds.max(1) {
        times.0.push(timed(&mut ours));
        times.1.push(timed(&mut yardstick));
    }
    (median(times.0), median(times.1))
}

/// How long one call takes on the clock.
pub fn timed(mut work: impl FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The middle one.
pub fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// Prints one line: what, ours, the yardstick, the ratio and the goal.
pub fn report(what: &str, ours: Duration, yardstick: Duration, goal: &str) {
    let ratio = ours.as_secs_f64() / yardstick.as_secs_f64().max(1e-12);
    println!("{what}: {ours:.2?} against {yardstick:.2?}, ratio {ratio:.2} (goal: {goal})");
}

/// Ours over the yardstick, round by round, and the middle one of these: noise that lasts longer than a round is in both.
pub fn middle_ratio(rounds: impl IntoIterator<Item = (Duration, Duration)>) -> f64 {
    let ratio = |(ours, yardstick): (Duration, Duration)| ours.as_secs_f64() / yardstick.as_secs_f64().max(1e-12);
    middle(rounds.into_iter().map(ratio))
}

/// The middle number.
pub fn middle(numbers: impl IntoIterator<Item = f64>) -> f64 {
    let mut numbers: Vec<f64> = numbers.into_iter().collect();
    numbers.sort_unstable_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or_default()
}

/// A list response of this many records in the documented form: nested, numbers where the API writes numbers.
pub fn list_body(records: usize) -> String {
    let mut body = String::with_capacity(records * 480 + 32);
    body.push_str(r#"{"micro_deposits":["#);
    for index in 0..records {
        let comma = if index == 0 { "" } else { "," };
        let _ = write!(
            body,
            r#"{comma}{{"micro_deposit":{{"account_name":"My Test Account","account_number":"3333{index:08}","account_type":1,"account_type_name":"CHECKING","created_at":"2021-09-01T18:29:06.000Z","email":"example{index}@example.com","error_code":null,"error_message":null,"first_name":"Josh","guid":"MIC-09ba578e-8448-4f7f-89e1-{index:012x}","institution_name":"MX Bank","last_name":"James","routing_number":"091000019","status":1,"status_name":"REQUESTED","updated_at":"2021-09-01T18:29:07.000Z","verified_at":null}}}}"#
        );
    }
    body.push_str("]}");
    body
}

/// The yardstick for reading: what anybody would write with serde, every text a `String`.
pub mod plain {
    use serde::Deserialize;

    #[derive(Deserialize)]
    pub struct List {
        pub micro_deposits: Vec<Wrapped>,
    }

    #[derive(Deserialize)]
    pub struct Wrapped {
        pub micro_deposit: Record,
    }

    #[derive(Deserialize)]
    pub struct Record {
        pub account_name: Option<String>,
        pub account_number: Option<String>,
        pub account_type: Option<i64>,
        pub account_type_name: Option<String>,
        pub created_at: Option<String>,
        pub email: Option<String>,
        pub error_code: Option<String>,
        pub error_message: Option<String>,
        pub first_name: Option<String>,
        pub guid: String,
        pub institution_name: Option<String>,
        pub last_name: Option<String>,
        pub routing_number: Option<String>,
        pub status: i64,
        pub status_name: Option<String>,
        pub updated_at: Option<String>,
        pub verified_at: Option<String>,
    }
}
