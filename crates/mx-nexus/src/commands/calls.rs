//! The commands that make one call: create, preinitiate, list, read, verify, session, widget-url.

use nexus_http::Client;
use nexus_types::{
    AccountName, AccountNumber, AccountType, Assumption, Created, DepositAmount, Microdeposit, MicrodepositGuid,
    Outcome, Reveal, RoutingNumber, Status,
};
use serde_json::{Value, json};

use crate::args::{Create, Person, Verify};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::{render, secret_input, signal, values};

fn document(record: &Microdeposit, reveal: Reveal) -> Value {
    json!({"micro_deposit": record.to_json(reveal)})
}

/// A record that was just made.
fn made(created: &Created, output: Output) -> Result<Exit, Failure> {
    let mut document = document(&created.record, output.reveal);
    document["assumed"] = json!(created.assumed.map(Assumption::name));
    let text = render::created(created, output.reveal);
    let written = output.record(text, &document, &created.record, None);
    // Until here an interruption would have hidden what was done.
    signal::nothing_under_way();
    written.map(|()| Exit::of_status(&created.record.status))
}

/// The outcome of a submission.
fn judged(outcome: &Outcome, output: Output) -> Result<Exit, Failure> {
    let mut document = document(&outcome.record, output.reveal);
    document["verdict"] = json!(outcome.verdict.name());
    document["assumed"] = json!(outcome.assumed.map(Assumption::name));
    let text = render::outcome(outcome, output.reveal);
    let written = output.record(text, &document, &outcome.record, Some(outcome.verdict));
    signal::nothing_under_way();
    written.map(|()| Exit::of_verdict(outcome.verdict))
}

fn shown(record: &Microdeposit, output: Output) -> Result<Exit, Failure> {
    output.result(render::record(record, output.reveal), &document(record, output.reveal))?;
    Ok(Exit::Done)
}

fn person(person: &Person) -> Result<nexus_types::Person, Failure> {
    Ok(nexus_types::Person::new(&*person.first_name, &*person.last_name, &*person.email)?)
}

/// Everything that was typed is checked before a secret is asked for, and all before anything is sent.
pub(super) fn create(
    client: impl FnOnce() -> Result<Client, Failure>,
    options: &Create,
    output: Output,
) -> Result<Exit, Failure> {
    let person = person(&options.person)?;
    let routing = RoutingNumber::new(&options.routing_number)?;
    let kind = match options.account_type {
        values::AccountType::Checking => AccountType::Checking,
        values::AccountType::Savings => AccountType::Savings,
    };
    let name = options.account_name.as_deref().map(AccountName::new).transpose()?;
    let client = client()?;
    let number = match options.account_number_file.as_deref() {
        Some(path) => secret_input::from_file("account_number", path)?,
        None => secret_input::from_prompt("account_number", "Account number: ", "give --account-number-file FILE|-")?,
    };
    let mut create = nexus_types::Create::new(person, routing, AccountNumber::new(number.as_str())?, kind);
    if let Some(name) = name {
        create = create.with_account_name(name);
    }
    made(&signal::cancellable(&client).create(&create)?, output)
}

pub(super) fn preinitiate(client: &Client, options: &Person, output: Output) -> Result<Exit, Failure> {
    let preinitiate = nexus_types::Preinitiate::new(person(options)?);
    made(&signal::cancellable(client).preinitiate(&preinitiate)?, output)
}

pub(super) fn list(
    client: impl FnOnce() -> Result<Client, Failure>,
    status: Option<&str>,
    output: Output,
) -> Result<Exit, Failure> {
    let wanted: Option<Status> = status.map(str::parse).transpose()?;
    if wanted.as_ref().is_some_and(|wanted| wanted.known().is_none()) {
        return Err(Failure::input("status", "is not a known status"));
    }
    let mut records = client()?.list()?;
    records.retain(|record| wanted.as_ref().is_none_or(|wanted| record.status == *wanted));
    let documents: Vec<Value> = records.iter().map(|record| document(record, output.reveal)).collect();
    output.result(render::table(&records, output.reveal), &json!({"micro_deposits": documents}))?;
    Ok(Exit::Done)
}

pub(super) fn read(client: &Client, guid: &str, output: Output) -> Result<Exit, Failure> {
    shown(&client.read(&MicrodepositGuid::new(guid)?)?, output)
}

pub(super) fn verify(
    client: impl FnOnce() -> Result<Client, Failure>,
    options: &Verify,
    output: Output,
) -> Result<Exit, Failure> {
    let guid = MicrodepositGuid::new(&*options.guid)?;
    let (first, second) = (DepositAmount::parse(&options.amount_1)?, DepositAmount::parse(&options.amount_2)?);
    let client = signal::cancellable(&client()?);
    let outcome = match options.no_wait {
        true => client.verify(&guid, first, second),
        false => client.verify_and_wait(&guid, first, second),
    }?;
    judged(&outcome, output)
}

pub(super) fn session(client: &Client, output: Output) -> Result<Exit, Failure> {
    let token = client.session()?;
    match output.reveal {
        Reveal::Full => output.result(token.expose(), &json!({"session": {"token": token.expose()}}))?,
        Reveal::Masked => {
            let text = "A session is open. Its token is shown with --reveal.";
            output.result(text, &json!({"session": {"token": "***"}}))?;
        }
    }
    Ok(Exit::Done)
}

pub(super) fn widget_url(client: &Client, guid: Option<&str>, output: Output) -> Result<Exit, Failure> {
    let guid = guid.map(MicrodepositGuid::new).transpose()?;
    let link = client.widget_url(guid)?;
    match output.reveal {
        Reveal::Full => output.result(render::clean(link.expose()), &json!({"url": {"url": link.expose()}}))?,
        Reveal::Masked => {
            let text = "An address was given out; whoever has it is the person. It is shown with --reveal.";
            output.result(text, &json!({"url": {"url": "***"}}))?;
        }
    }
    Ok(Exit::Done)
}
