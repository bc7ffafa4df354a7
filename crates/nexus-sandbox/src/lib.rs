//! Being written.
mod admin;
mod call;
mod chance;
mod fields;
mod micro_deposits;
#[cfg(test)]
mod openapi_tests;
mod options;
mod outbox;
mod policy;
mod record;
mod routes;
mod rules;
mod server;
mod sessions;
mod shape;
mod sso;
mod strict;
mod world;

pub use call::{Call, Reply};
pub use options::{Credentials, Options};
pub use policy::{AmountOrder, MediaType, Policy, Profile, Refresh, Verification};
pub use server::{Sandbox, Serving};
pub use world::World;
