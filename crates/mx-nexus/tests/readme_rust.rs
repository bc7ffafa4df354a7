//! The Rust of the README, run against a sandbox.
#![allow(clippy::expect_used, clippy::print_stdout)]

use std::time::Duration;

use nexus_http::{Client, Until, WaitOptions};
use nexus_sandbox::{Options, Sandbox};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, Error, Person, RoutingNumber, UserId, Verdict,
};

#[rustfmt::skip]
fn readme(url: &str, api_key: &str) -> Result<Verdict, Error> {
    let client = Client::builder(url)
        .sso(ClientId::new("acme")?, UserId::new("user-2345")?, ApiKey::new(api_key)?)
        .build()?;
    let person = Person::new("Josh", "James", "josh@example.com")?;
    let (routing, account) = (RoutingNumber::new("091000019")?, AccountNumber::new("333312345")?);
    let made = client.create(&Create::new(person, routing, account, AccountType::Checking))?.record;
    client.wait(&made.guid, Until::Actionable, WaitOptions::default())?; // until the deposits are there
    let (first, second) = (DepositAmount::parse("0.09")?, DepositAmount::parse("0.09")?);
    let outcome = client.verify_and_wait(&made.guid, first, second)?;
    println!("{}: {}", outcome.verdict, outcome.verdict.advice()); // verified, denied, locked, or pending still
    Ok(outcome.verdict)
}

#[test]
fn it_ends_verified() {
    let mut options = Options::default();
    options.client_id = "acme".to_owned();
    options.users = vec!["user-2345".to_owned()];
    let sandbox = Sandbox::start(options).expect("a sandbox");
    let key = sandbox.credentials().api_key.clone();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| readme(sandbox.url(), &key));
        while !run.is_finished() {
            // Time goes by while it waits.
            sandbox.advance(Duration::from_secs(60));
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(run.join().expect("no panic"), Ok(Verdict::Verified));
    });
}
