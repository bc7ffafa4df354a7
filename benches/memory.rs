//! The memory of a decoded list of 100,000 records, at its peak and after, compared with plain structs of `String`s.
//!
//! `cargo bench --bench memory`

#![allow(clippy::expect_used, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use nexus_types::{Endpoint, List, Response};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes held by what `read` returns, and at the peak while reading; the body is not counted.
fn measured<T>(read: impl FnOnce() -> T) -> (usize, usize) {
    MEMORY.reset_peak_usage();
    let before = MEMORY.current_usage();
    let value = read();
    let out = (MEMORY.current_usage() - before, MEMORY.peak_usage() - before);
    drop(value);
    out
}

fn main() {
    let records = if support::short() { 1_000 } else { 100_000 };
    let body = support::list_body(records);
    let response = Response::new(200, body.clone());
    let ours = measured(|| List::new().parse(&response).expect("readable"));
    let plain = measured(|| serde_json::from_slice::<support::plain::List>(body.as_bytes()).expect("readable"));
    for (what, ours, plain, goal) in [("held", ours.0, plain.0, "1.00"), ("peak", ours.1, plain.1, "0.50")] {
        let ratio = ours as f64 / plain as f64;
        println!(
            "memory {what}: {} KiB against {} KiB, ratio {ratio:.2} (goal: at most {goal})",
            ours / 1024,
            plain / 1024
        );
    }
}
