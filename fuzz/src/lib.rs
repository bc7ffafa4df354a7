//! The fuzz targets, one function each. Each takes any bytes and panics if a guarantee is broken.
//!
//! The binaries for `cargo fuzz` are one line each; `tests/replay.rs` runs the corpus through the same functions on stable.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

mod core;
mod flows;
mod router;

pub use crate::core::{amounts, events, records, refusals, responses, texts};
pub use crate::flows::flows;
pub use crate::router::router;

/// A target by its name.
pub type Target = (&'static str, fn(&[u8]));

/// Every target, for the replay and for the binaries' names.
pub const TARGETS: &[Target] = &[
    ("amounts", amounts),
    ("records", records),
    ("responses", responses),
    ("refusals", refusals),
    ("events", events),
    ("texts", texts),
    ("router", router),
    ("flows", flows),
];
