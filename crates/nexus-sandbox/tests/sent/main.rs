//! Webhooks that are sent: over TCP, to a receiver that is written by hand for each test and hides nothing.
#![cfg(feature = "webhooks")]
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod auth;
mod hook;
mod order;
#[path = "../served/support.rs"]
#[allow(dead_code)]
mod support;
mod tenants;
mod tls;
mod wire;
