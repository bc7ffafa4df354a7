//! The C ABI of Nexus. C programmers read the header, `bindings/c/include/nexus.h`, which is generated from the comments
//! here.
//!
//! - `raw` and `structures` are the only files that touch the caller's memory; `panic` catches panics, `call` and `brief` turn
//!   errors into codes.
//! - `table` gives out handles: pointers that are no addresses. They are looked up, never followed, so that a freed,
//!   foreign or mistaken one gives an error.
//! - Every other file is one chapter of the header.

#[cfg(not(target_pointer_width = "64"))]
compile_error!("handles need 64 bits");

mod assume;
mod brief;
mod builder;
mod call;
mod cancel;
mod carried;
mod cause;
mod client;
mod code;
mod error;
mod flow;
mod flow_end;
mod flow_options;
mod handles;
mod journal;
mod machine;
mod numbers;
mod observe;
mod outcome;
mod panic;
mod raw;
mod record;
mod request;
#[cfg(feature = "sandbox")]
mod sandbox;
mod sheet;
mod status;
mod step;
mod structures;
mod table;
mod tell;
mod text;
mod values;
mod version;
mod wait;
mod webhook;

pub(crate) use version::NEXUS_NONE;
