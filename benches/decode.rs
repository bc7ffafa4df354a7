//! Reading a list of 100,000 records, against serde_json into plain structs of `String`s.
//!
//! `cargo bench --bench decode`

#![allow(clippy::expect_used, clippy::print_stdout, unreachable_pub, missing_docs)]

mod support;

use std::hint::black_box;

use nexus_types::{Endpoint, List, Response};

fn main() {
    let (records, rounds) = if support::short() { (1_000, 1) } else { (100_000, 15) };
    let body = support::list_body(records);
    let response = Response::new(200, body.clone());
    assert_eq!(List::new().parse(&response).expect("readable").len(), records);
    let (ours, plain) = support::side_by_side(
        rounds,
        || drop(black_box(List::new().parse(&response).expect("readable"))),
        || drop(black_box(serde_json::from_slice::<support::plain::List>(body.as_bytes()).expect("readable"))),
    );
    println!("{records} records, {:.1} MB", body.len() as f64 / 1e6);
    support::report("decode", ours, plain, "at most 0.80");
}
