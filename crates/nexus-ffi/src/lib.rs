//! The C ABI of Nexus. C programmers read the header, `bindings/c/include/nexus.h`, which is generated from the comments
//! here.
//!
//! - `raw` is the only file that touches the caller's memory; `border` catches panics and turns errors into codes.
//! - `table` issues handles: numbers with the type of a pointer. They are looked up, never dereferenced, so that a freed,
//!   foreign or mistaken handle gives an error.
//! - Every other file is one chapter of the header.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("handles need 64 bits");

mod assume;
mod border;
mod builder;
mod cancel;
mod carried;
mod cause;
mod client;
mod code;
mod error;
mod flow;
mod flow_end;
mod flow_options;
mod journal;
mod machine;
mod observe;
mod outcome;
mod raw;
mod record;
mod request;
#[cfg(feature = "sandbox")]
mod sandbox;
mod status;
mod step;
mod table;
mod tell;
mod text;
mod values;
mod version;
mod wait;
mod webhook;

pub(crate) use version::NEXUS_NONE;
