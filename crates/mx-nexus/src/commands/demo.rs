//! `nexus demo`: a complete microdeposit with a sandbox in this process, over HTTP, on virtual time.

use std::time::Duration;

use nexus_http::Client;
use nexus_sandbox::{Options, Sandbox};
use nexus_types::{
    AccountNumber, AccountType, ApiKey, ClientId, Create, DepositAmount, Microdeposit, Person, RoutingNumber, UserId,
};
use serde_json::json;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::{self, style};

pub(super) fn run(output: Output) -> Result<Exit, Failure> {
    let sandbox = Sandbox::start(Options::default());
    let sandbox = sandbox.map_err(|error| Failure::Local("the sandbox cannot start", error))?;
    let say = |step: &str, text: String, record: Option<&Microdeposit>| {
        let record = record.map(|record| record.to_json(output.reveal));
        output.line(line(step, &text), &json!({"step": step, "micro_deposit": record}))
    };
    say("sandbox", format!("{} imitates MX's integration environment", sandbox.url()), None)?;
    let credentials = sandbox.credentials();
    let client = Client::builder(sandbox.url())
        .sso(
            ClientId::new(&*credentials.client_id)?,
            UserId::new(&*credentials.user_id)?,
            ApiKey::new(&*credentials.api_key)?,
        )
        .build()?;
    client.session()?;
    say("session", "opened with a one-time API token; it lives for 30 idle minutes".to_owned(), None)?;
    let create = Create::new(
        Person::new("Josh", "James", "example@example.com")?,
        RoutingNumber::new("091000019")?,
        AccountNumber::new("333312345")?,
        AccountType::Checking,
    );
    let made = client.create(&create)?.record;
    let account = made.account_number.as_ref().map(AccountNumber::masked).unwrap_or_default();
    let text = format!("{} for account {account}: {}", made.guid, render::status(&made.status));
    say("create", text, Some(&made))?;
    sandbox.advance(Duration::from_secs(120));
    let landed = client.read(&made.guid)?;
    say("deposits", format!("two virtual minutes later: {}", render::status(&landed.status)), Some(&landed))?;
    let (wrong, right) = (DepositAmount::parse("0.02")?, DepositAmount::parse("0.09")?);
    let mut last = Exit::Done;
    for amount in [wrong, right] {
        let outcome = client.verify_and_wait(&made.guid, amount, amount)?;
        let (verdict, status) = (render::verdict(outcome.verdict), render::status(&outcome.record.status));
        let text = format!("{amount} and {amount}: {verdict}, the status is {status}");
        let document = json!({
            "step": "verify",
            "verdict": outcome.verdict.name(),
            "micro_deposit": outcome.record.to_json(output.reveal),
        });
        output.line(line("verify", &text), &document)?;
        last = Exit::of_verdict(outcome.verdict);
    }
    Ok(last)
}

fn line(step: &str, text: &str) -> String {
    let strong = style::STRONG;
    format!("{strong}{step:<10}{strong:#} {text}")
}
