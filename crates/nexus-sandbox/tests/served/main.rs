//! The sandbox as it is served: over real TCP, asked by a bare HTTP client that knows nothing of it.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod bad_requests;
mod serving;
mod support;
mod webhooks;
mod whole;
