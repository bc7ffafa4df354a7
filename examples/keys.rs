//! A create and a submission under keys, with a journal: `cargo run --example keys`.
//!
//! A later call under the same key continues where the earlier call stopped and sends nothing twice, also in another process.
//! Prints `examples/keys.transcript`, as the examples in C++ and Python do.
#![allow(clippy::print_stdout)]

use std::collections::BTreeSet;
use std::fmt::Write;
use std::time::Duration;

use nexus_http::{Client, FileJournal, VerifyOptions};
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
    let folder = tempfile::tempdir()?;
    let journal = FileJournal::open(folder.path().join("nexus.journal"), b"a secret of the program's own")?;

    let create = Create::new(
        Person::new("Josh", "James", "example@example.com")?,
        RoutingNumber::new("091000019")?,
        AccountNumber::new("333312345")?,
        AccountType::Checking,
    );
    let guid = client.create_once("application-7", &create, &journal)?.record.guid;
    let again = client.create_once("application-7", &create, &journal)?.record.guid;
    let records = BTreeSet::from([guid.to_string(), again.to_string()]).len();
    writeln!(out, "created twice under one key, records: {records}")?;

    sandbox.advance(Duration::from_secs(120));
    let right = DepositAmount::parse("0.09")?;
    for _ in 0..2 {
        let options = VerifyOptions::default().with_key("application-7, first try", &journal);
        let outcome = client.verify_with(&guid, right, right, options)?;
        writeln!(out, "submitted under one key: {}", outcome.verdict)?;
    }
    Ok(out)
}
