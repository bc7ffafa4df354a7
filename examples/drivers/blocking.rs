//! The same command line over this project's own blocking client: `cargo run --example driver-blocking -- BASE_URL
//! SESSION_TOKEN create`.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::time::Duration;

use nexus_http::{Client, Limits, Until, WaitOptions};
use nexus_types::{
    AccountNumber, AccountType, Create, DepositAmount, Error, MicrodepositGuid, Person, RoutingNumber, SessionToken,
};

fn command(base: &str, token: &str, words: &[&str]) -> Result<String, Error> {
    let mut limits = Limits::default();
    (limits.call, limits.attempt, limits.reconcile) =
        (Duration::from_secs(6), Duration::from_secs(2), Duration::from_secs(1));
    let client = Client::builder(base).session_token(SessionToken::new(token)?).limits(limits).build()?;
    match words {
        ["create"] => {
            let person = Person::new("Josh", "James", "josh@example.com")?;
            let (routing, number) = (RoutingNumber::new("091000019")?, AccountNumber::new("333312345")?);
            let made = client.create(&Create::new(person, routing, number, AccountType::Checking))?;
            Ok(format!("made {} {}", made.record.guid, made.record.status))
        }
        ["wait", guid] => {
            let options = WaitOptions::default().with_timeout(Duration::from_secs(20));
            Ok(client.wait(&MicrodepositGuid::new(*guid)?, Until::Actionable, options)?.status.to_string())
        }
        ["verify", guid, first, second] => {
            let (first, second) = (DepositAmount::parse(first)?, DepositAmount::parse(second)?);
            Ok(client.verify_and_wait(&MicrodepositGuid::new(*guid)?, first, second)?.verdict.to_string())
        }
        _ => Err(Error::input("command", "must be create, wait GUID, or verify GUID AMOUNT AMOUNT")),
    }
}

fn main() -> std::process::ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let [base, token, rest @ ..] = &*words else { return std::process::ExitCode::from(2) };
    match command(base, token, rest) {
        Ok(text) => println!("{text}"),
        Err(error) => {
            let known = if error.outcome_unknown() { "unknown" } else { "known" };
            println!("error {} {known}", error.kind().name());
            return std::process::ExitCode::FAILURE;
        }
    }
    std::process::ExitCode::SUCCESS
}
