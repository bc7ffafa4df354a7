//! A stateful, deterministic imitation of MX's Nexus microdeposit API, for tests on your own machine.
//!
//! It is not a fixture of fixed responses: it has users, one-time API tokens, sessions that expire, records that change on
//! a clock of its own, three submissions for each, and refusals that name the field. Every path takes milliseconds, even
//! one of 21 days.
//!
//! ```
//! use std::time::Duration;
//!
//! use nexus_sandbox::{Options, World};
//! use nexus_types::{DepositAmount, Endpoint, Person, Preinitiate, Read, Status};
//!
//! // Without a socket: what an endpoint says goes in, what it can read comes out.
//! let mut world = World::new(Options::default());
//! let token = world.credentials().session_token.clone();
//! let preinitiate = Preinitiate::new(Person::new("Josh", "Boy", "joshboy@example.com")?);
//! let made = preinitiate.parse(&world.handle(&preinitiate.request(), &token))?;
//! world.advance(Duration::from_secs(60));
//! let read = Read::new(made.guid);
//! assert_eq!(read.parse(&world.handle(&read.request(), &token))?.status, Status::Preinitiated);
//! # Ok::<(), nexus_types::Error>(())
//! ```
//!
//! # A tour
//!
//! - [`World`] is the server as a value: [`handle`](World::handle) takes requests of the core, [`respond`](World::respond) any
//!   HTTP request. The same seed and the same requests give the same bytes; time moves only on request.
//! - [`Sandbox`] serves a world on 127.0.0.1 and \[::1\], HTTP/1.1 with keep-alive; the SSO API at the same address. A gate before
//!   every request keeps web pages out; [`Serving`] names other hosts and the origins that may come in.
//! - [`Tenant`]s are further worlds at the same address, for tests that shall not meet each other: by [`Sandbox::tenant`], or
//!   by `/_sandbox/tenants`; `/_sandbox/t/{name}/` is a tenant's admin interface.
//! - [`Policy`] holds everything that MX has not documented, each field labelled **assumed** and switchable; [`Preset`] has whole
//!   policies by name; [`Profile`]
//!   chooses between the documented test values of the integration environment and the ways of production.
//! - `/_sandbox/` is the admin interface: `advance` the clock, look at the imaginary bank statement (`deposits/{guid}`), make
//!   things happen (`events/{guid}`), read the webhook outbox (`events`), the `state`, what was received and why it was refused
//!   (`requests`), live through a story (`scenarios/{name}`), `export` and `import`, `reset`, and `openapi.json`, which describes
//!   all of it. After a reset no token, guid or number of the time before is valid for anything.
//! - [`Fault`]s are failures injected on purpose, by [`World::add_fault`] or `/_sandbox/faults`: resets before and after
//!   acting, cut and slow responses, refusals, garbage, redirects, sessions that end; requests carried out twice, or after
//!   their response; responses that show something else than what was done.
//! - Webhooks: [`World::subscribe`] or `/_sandbox/webhooks` has events sent, with thirteen attempts in a day of the sandbox's
//!   clock and a log of them; [`WebhookFault`]s lose, double, reorder and forge them. A [`Sandbox`] sends them over HTTP with the
//!   feature `webhooks`; a [`World`] gives what is due as values ([`World::attempt_due`]), and says when something happens next
//!   ([`World::next_due`]).
//! - [`World::acts`] is the truth about what was done, and by which request, for tests that judge a client.
//!
//! Every bad request gets a JSON error that names the field. What is no HTTP at all (a broken header line, a path
//! or headers of endless length) is refused by the HTTP library underneath, without a body.
//!
//! # Status, true and shown
//!
//! A microdeposit has a true status and the one that callers see. As MX documents it, the latter catches up once an hour at
//! minute 15, and at once for a microdeposit that is read; a list forces nothing.

mod admin;
mod agenda;
mod books;
mod calendar;
mod call;
mod changes;
mod clock;
mod compact;
mod console;
mod count;
#[cfg(feature = "webhooks")]
mod courier;
mod deliveries;
mod dispatch;
mod export;
mod failing;
mod fault_json;
mod faults;
mod held;
mod index;
mod instant;
mod json_reader;
mod later;
mod lists;
mod log;
mod masking;
mod micro_deposits;
mod nearest;
mod numbers;
mod obstacles;
#[cfg(test)]
mod openapi_tests;
mod options;
mod outbox;
mod parts;
mod policy;
mod posting;
mod pseudonym;
mod rare;
#[cfg(feature = "webhooks")]
mod receiver;
mod record;
mod refusal;
mod request_body;
mod response_body;
mod rng;
mod routes;
mod rules;
mod scenarios;
#[cfg(feature = "webhooks")]
mod sending;
mod server;
mod sessions;
mod sso;
mod story;
mod tally;
mod trouble;
mod users;
mod webhooks;
mod why;
mod widget;
mod world;

pub use books::Act;
pub use call::{Call, MoreHeaders, Reply};
pub use deliveries::{
    AttemptKind, Shape, Subscription, WebhookAttempt, WebhookAuth, WebhookEffect, WebhookFault, WebhookManner,
    WebhookOutcome, WebhookState, WebhookTrouble,
};
pub use faults::{Contradiction, Delivery, Effect, Fault, Probability, When, Which};
pub use options::{Credentials, EmbedOrigin, Options};
pub use policy::{
    AmountOrder, CreateShows, Deposits, EmptyList, ErrorBody, ErrorCode, IavDeletes, ListPaging, ListShape, MediaType,
    Numbers, OddAmounts, Policy, PolicyField, Preset, Profile, ReadsTouch, Refresh, TimeForm, TimeResolution,
    UpdatedAt, Verification, WebhookSuccess, WidgetPoll, WidgetToken,
};
pub use posting::{MadeAttempt, Webhook, WebhookDelivery};
#[cfg(feature = "webhooks")]
pub use receiver::{Arrival, Receiver, Receiving};
pub use scenarios::Scenario;
pub use server::{HostName, Notice, Origin, Sandbox, Serving, Tenant, TenantOptions};
pub use story::ScenarioRun;
pub use world::World;

/// The examples of the README are compiled, and run unless they are marked `no_run`.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
