//! [`Sealed`]: keeps [`Endpoint`](super::Endpoint) for the operations of the API. What may be repeated, and what is a refusal, is
//! known of these alone.

/// Implemented by the operations of this crate.
pub trait Sealed {}
