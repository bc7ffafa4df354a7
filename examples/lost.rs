//! A submission whose response is lost, and how its outcome is found: `cargo run --example lost`.
//!
//! Prints `examples/lost.transcript`, the same as the examples in C, C++ and Python do.
#![allow(clippy::print_stdout)]

use std::fmt::Write;
use std::time::Duration;

use nexus_http::{Client, Limits};
use nexus_sandbox::{Effect, Fault, Options, Sandbox};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, Operation, Person, RoutingNumber, UserId,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", story()?);
    Ok(())
}

/// Tells the story and what it printed.
pub fn story() -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();
    let sandbox = Sandbox::start(Options::default())?;
    let credentials = sandbox.credentials();
    let mut limits = Limits::default();
    limits.reconcile = Duration::from_millis(200);
    let client = Client::builder(sandbox.url())
        .sso(
            ClientId::new(&*credentials.client_id)?,
            UserId::new(&*credentials.user_id)?,
            ApiKey::new(&*credentials.api_key)?,
        )
        .limits(limits)
        .build()?;
    let create = Create::new(
        Person::new("Josh", "James", "example@example.com")?,
        RoutingNumber::new("091000019")?,
        AccountNumber::new("333312345")?,
        AccountType::Checking,
    );
    let guid = client.create(&create)?.record.guid;
    sandbox.advance(Duration::from_secs(120));

    // The connection breaks, and the server acts on the request a minute later.
    let later = Effect::Later { delay: Duration::from_secs(60), status: None };
    sandbox.with_world(|world| world.add_fault(Fault::nth(Operation::Verify, 1, later)));
    let right = DepositAmount::parse("0.09")?;
    if let Err(error) = client.verify(&guid, right, right) {
        let unknown = if error.outcome_unknown() { "yes" } else { "no" };
        writeln!(out, "submitted: {}, outcome unknown: {unknown}", error.kind().name())?;
        writeln!(out, "  {}", error.advice())?;
    }

    // Look, and look again later. Reading changes nothing.
    sandbox.advance(Duration::from_secs(60));
    let record = client.read(&guid)?;
    writeln!(out, "a minute later: {}", record.status)?;
    Ok(out)
}
