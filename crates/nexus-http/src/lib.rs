//! A blocking client for MX's Nexus microdeposit API, on [ureq](https://docs.rs/ureq), that never submits amounts twice.
//!
//! ```no_run
//! use nexus_http::{Client, INTEGRATION_URL, Until, WaitOptions};
//! use nexus_types::{AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, Person, RoutingNumber, UserId};
//!
//! let secret = std::env::var("NEXUS_API_KEY").unwrap_or_default();
//! let client = Client::builder(INTEGRATION_URL)
//!     .sso(ClientId::new("acme")?, UserId::new("user-2345")?, ApiKey::new(secret)?)
//!     .build()?;
//! let person = Person::new("Josh", "James", "example@example.com")?;
//! let account = AccountNumber::new("333312345")?;
//! let create = Create::new(person, RoutingNumber::new("091000019")?, account, AccountType::Checking);
//! let microdeposit = client.create(&create)?.record;
//! client.wait(&microdeposit.guid, Until::Actionable, WaitOptions::default())?;
//! let (first, second) = (DepositAmount::parse("0.09")?, DepositAmount::parse("0.09")?);
//! let outcome = client.verify_and_wait(&microdeposit.guid, first, second)?;
//! println!("{}: {}", outcome.verdict, outcome.verdict.advice());
//! # Ok::<(), nexus_types::Error>(())
//! ```
//!
//! # Guarantees
//!
//! - **One submission, at most one PUT** that the server can have acted on; one create, at most one record. Both are sent
//!   on a new connection and repeated only after a 401. Without a usable response the client reads or lists to find the
//!   outcome: see [`Client::verify`] and [`Client::create`]. An unknown outcome is reported as unknown, and a result that
//!   rests on an assumption names it ([`nexus_types::Assumptions`]).
//! - **A process may be killed** at any moment: [`Client::create_once`] and [`Client::verify_with`] continue from a
//!   [`Journal`].
//! - **The core decides**, in its [flows](nexus_types::flow); this crate only drives them.
//! - **Every call ends** within its limit ([`Limits`]): waiting for another thread's session renewal included.
//! - **Sessions** are opened, kept and renewed by one thread for all.
//! - **Safe reads** are retried: three attempts, full jitter, a capped `Retry-After`, a budget for the whole client.
//! - **https only**, but to loopback. Certificates are verified; redirects are not followed; a proxy is used only if asked
//!   for; responses are bounded.
//! - **No secret** in any error, `Debug`, or log: see [`Observer`] for what can be seen.
//!
//! # Failures
//!
#![doc = include_str!("../FAILURES.md")]

mod address;
mod builder;
mod cancel;
mod cause;
mod check;
mod client;
mod connect_deadline;
mod connecting;
mod driver;
mod exchange;
mod interrupt;
mod journal;
mod journal_book;
mod journal_file;
mod journal_lines;
mod journal_state;
mod limits;
mod names;
mod observe;
mod open;
mod resolver;
mod session;
mod settings;
mod sync;
mod tcp;
mod tls;
mod wait;

pub use address::{INTEGRATION_SSO_URL, INTEGRATION_URL, PRODUCTION_SSO_URL, PRODUCTION_URL};
pub use builder::ClientBuilder;
pub use cancel::Canceller;
pub use check::while_waiting;
pub use client::{Client, VerifyOptions};

pub use journal::{Claimed, FileJournal, Journal, Scope, digest, run as run_journal_step};
pub use limits::Limits;
pub use nexus_types::decide::poll::Environment;
pub use nexus_types::decide::retry::RetryPolicy;
pub use nexus_types::flow::{Progress, Until};
#[cfg(feature = "tracing")]
pub use observe::TracingObserver;
pub use observe::{Observation, Observer};
pub use wait::{Wait, WaitOptions, WaitStep};

/// The examples of the README are compiled, and run unless they are marked `no_run`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
