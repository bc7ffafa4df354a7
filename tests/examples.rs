//! The examples do what they say.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "../examples/verify.rs"]
#[allow(dead_code, unreachable_pub, missing_docs)]
mod verify;

#[test]
fn the_story_is_the_transcript() {
    let transcript = include_str!("../examples/verify.transcript");
    assert_eq!(verify::story().expect("a story"), transcript);
    // Not only the same as ever, but the right one.
    let statuses = ["INITIATED", "DEPOSITED", ": denied", ": verified", "not_verifiable (401)"];
    let places: Vec<usize> = statuses.iter().map(|status| transcript.find(status).expect(status)).collect();
    assert!(places.is_sorted(), "{transcript}");
}
