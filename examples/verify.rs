//! A bank account verified from end to end, against a sandbox inside this process: `cargo run --example verify`.
//!
//! Prints `examples/verify.transcript`, the same as the examples in C and Python do.
#![allow(clippy::print_stdout)]

use std::fmt::Write;
use std::time::Duration;

use nexus_http::{Client, Until, WaitOptions};
use nexus_sandbox::{Options, Sandbox};
use nexus_types::{AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, Person, RoutingNumber, UserId};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    print!("{}", story()?);
    Ok(())
}

/// Tells the story and what it printed.
pub fn story() -> Result<String, Box<dyn std::error::Error>> {
    let mut out = String::new();
    let sandbox = Sandbox::start(Options::default())?;
    let credentials = sandbox.credentials();
    let client = Client::builder(sandbox.url())
        .sso(
            ClientId::new(&*credentials.client_id)?,
            UserId::new(&*credentials.user_id)?,
            ApiKey::new(&*credentials.api_key)?,
        )
        .build()?;

    let create = Create::new(
        Person::new("Josh", "James", "example@example.com")?,
        RoutingNumber::new("091000019")?,
        AccountNumber::new("333312345")?,
        AccountType::Checking,
    );
    let microdeposit = client.create(&create)?.record;
    let guid = &microdeposit.guid;
    writeln!(out, "created {guid}: {}", microdeposit.status)?;
    writeln!(out, "  {}", microdeposit.status.next_step())?;

    // Two minutes of the sandbox's own time; a real bank takes 12 to 36 hours.
    sandbox.advance(Duration::from_secs(120));
    let landed = client.wait(guid, Until::Actionable, WaitOptions::default())?;
    writeln!(out, "deposits landed: {}", landed.status)?;
    writeln!(out, "  {}", landed.status.next_step())?;

    let (wrong, right) = (DepositAmount::parse("0.02")?, DepositAmount::parse("0.09")?);
    let denied = client.verify_and_wait(guid, wrong, wrong)?;
    writeln!(out, "submitted {wrong} and {wrong}: {}", denied.verdict)?;
    writeln!(out, "  {}", denied.verdict.advice())?;

    let verified = client.verify_and_wait(guid, right, right)?;
    writeln!(out, "submitted {right} and {right}: {}", verified.verdict)?;
    writeln!(out, "  {}", verified.verdict.advice())?;

    // A verified microdeposit admits no submission, and none is sent.
    let error = client.verify(guid, right, right).err().ok_or("a verified microdeposit admits no submission")?;
    writeln!(out, "submitted again: {} ({})", error.kind().name(), error.kind().number())?;
    Ok(out)
}
