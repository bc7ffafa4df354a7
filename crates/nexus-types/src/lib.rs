//! The pure core of **Nexus**: the rules and formats of MX's Nexus microdeposits, without I/O.
//!
//! A program verifies that a person owns a bank account. Two small deposits are sent to the account, the person reads their
//! amounts off the statement, and the program submits them. Right amounts prove the ownership; three submissions are
//! counted.
//!
//! # A tour
//!
//! 1. **Values** hold what callers give to the rules: [`RoutingNumber`], [`AccountNumber`], [`Person`], [`DepositAmount`],
//!    [`MicrodepositGuid`]. A value that breaks a rule is refused with an error that names the field, never the value.
//! 2. **Endpoints** turn an intention into a [`Request`] and a [`Response`] into a record, a token or an [`Error`]:
//!    [`Create`], [`Preinitiate`], [`List`] (with [`Pages`]), [`Read`], [`Verify`], [`OpenSession`], [`GetApiToken`], [`WidgetUrl`].
//! 3. **Records** are what the server reported: [`Microdeposit`] keeps every value. Every tolerance in reading is in one
//!    table, in the source of `tolerance`.
//! 4. **Statuses and moves**: [`Status`] says what may be done next, [`machine`] what can happen, as one table.
//! 5. **Decisions** are functions of time and chance: [`decide::retry`], [`decide::session`], [`decide::poll`].
//! 6. **[`WebhookEvent`]** reads what MX posts to you. An event is a hint: read the microdeposit before you act on it.
//!
//! ```
//! use nexus_types::{Endpoint, MicrodepositGuid, Read, Response, Status};
//!
//! let read = Read::new(MicrodepositGuid::new("MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb")?);
//! let request = read.request();
//! assert_eq!(request.path, "/micro_deposits/MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb");
//!
//! // Any HTTP library may carry it. This came back:
//! let response = Response::new(200, r#"{"micro_deposit":{"guid":"MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb",
//!     "account_number":333312345,"routing_number":91000019,"status":2,"status_name":"DEPOSITED"}}"#);
//! let record = read.parse(&response)?;
//! assert_eq!(record.status, Status::Deposited);
//! assert_eq!(record.routing_number.map(|number| number.as_str().to_owned()).as_deref(), Some("091000019"));
//! assert_eq!(record.account_number.map(|number| number.to_string()).as_deref(), Some("*****2345"));
//! # Ok::<(), nexus_types::Error>(())
//! ```
//!
//! # What is absent
//!
//! No clock, no sockets, no files, no environment, no randomness, no logs, no threads. Printing any value of this crate
//! shows no secret: account numbers appear as their last four, tokens and persons not at all.

// Modules use each other in one direction only. Below all stand texts and their masks, then the values and what refuses one
// (`error::input`), then the record, then the error, which holds the last record that was seen.
pub mod account;
pub mod amount;
pub mod assumptions;
pub mod decide;
pub mod endpoint;
pub mod error;
pub mod flow;
pub mod guid;
mod json_body;
pub mod machine;
mod mask;
pub mod microdeposit;
pub mod operation;
pub mod person;
pub mod private;
pub mod routing;
pub mod secret;
pub mod status;
mod text;
pub mod timestamp;
mod tolerance;
pub mod webhook;
pub mod wire;

pub use account::{AccountName, AccountNumber, AccountType};
pub use amount::DepositAmount;
pub use assumptions::{Assumption, Assumptions};
pub use endpoint::*;
pub use error::{
    ApiProblem, BoundaryProblem, Context, DecodeProblem, Error, ErrorGroup, ErrorKind, InputError, StateProblem,
    TransportCause, TransportProblem,
};
pub use flow::{Created, Outcome, Verdict};
pub use guid::MicrodepositGuid;
pub use machine::{Authority, Event, Position, Sighting};
pub use microdeposit::{Field, FieldValue, Microdeposit, Reveal};
pub use operation::{Method, Operation};
pub use person::Person;
pub use private::Private;
pub use routing::RoutingNumber;
pub use secret::{ApiKey, ApiToken, SessionToken};
pub use status::{KnownStatus, Status, UnknownStatus};
pub use timestamp::Timestamp;
pub use webhook::{Action, WebhookEvent};
pub use wire::{Auth, Host, MEDIA_TYPE, Request, Response, SSO_MEDIA_TYPE};

/// The examples of the README are compiled, and run unless they are marked `no_run`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
