//! The served sandbox: over TCP, with requests from a plain HTTP client.
#![allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]

mod bad_requests;
mod limits;
mod lists;
mod live;
mod methods;
mod serving;
mod support;
mod tenant_worlds;
mod tenants;
mod webhooks;
mod whole;
mod widget;
