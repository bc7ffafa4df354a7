//! The examples print their transcripts.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "../examples/keys.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod keys;
#[path = "../examples/lost.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod lost;
#[path = "../examples/verify.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod verify;

#[test]
fn example_output_is_the_transcript() {
    let transcript = include_str!("../examples/verify.transcript");
    assert_eq!(verify::story().expect("a story"), transcript);
    // Not only the same as ever, but the right one.
    let statuses = ["INITIATED", "DEPOSITED", ": denied", ": verified", "not_verifiable (401)"];
    let places: Vec<usize> = statuses.iter().map(|status| transcript.find(status).expect(status)).collect();
    assert!(places.is_sorted(), "{transcript}");
}

#[test]
fn example_lost_finds_the_outcome() {
    let transcript = include_str!("../examples/lost.transcript");
    assert_eq!(lost::story().expect("a story"), transcript);
    assert!(transcript.contains("outcome unknown: yes") && transcript.ends_with(": VERIFIED\n"), "{transcript}");
}

#[test]
fn example_key_makes_one_record_and_one_submission() {
    let transcript = include_str!("../examples/keys.transcript");
    assert_eq!(keys::story().expect("a story"), transcript);
    assert!(transcript.contains("records: 1\n"), "{transcript}");
}
