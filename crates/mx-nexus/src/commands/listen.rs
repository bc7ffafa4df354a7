//! `nexus webhook listen`: prints what arrives, and answers as told, until SIGINT or SIGTERM.

use std::sync::mpsc;
use std::time::Duration;

use nexus_sandbox::{Arrival, Receiver, Receiving};
use nexus_types::{AccountNumber, Action, Reveal, WebhookEvent};
use serde_json::{Value, json};

use crate::args;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::{self, clean, style};
use crate::{secret_input, signal};

/// What ends the wait for the next thing to print.
enum Next {
    Arrived(Arrival),
    Stop,
}

pub(super) fn run(options: &args::Listen, output: Output) -> Result<Exit, Failure> {
    let (send, next) = mpsc::channel();
    let stop = send.clone();
    signal::listen(move || {
        // The receiver is gone if the program is already ending.
        let _ = stop.send(Next::Stop);
    })?;
    let mut receiving = Receiving::default();
    receiving.port = options.port;
    receiving.answers.clone_from(&options.answer.0);
    receiving.delay = Duration::from_millis(options.delay);
    let basic = secret_input::from_file_or_variable("basic", options.basic_file.as_deref(), "NEXUS_WEBHOOK_BASIC")?;
    if let Some(basic) = basic {
        let parts = basic.split_once(':').ok_or_else(|| Failure::input("basic", "must be USER:PASSWORD"))?;
        receiving.basic = Some((parts.0.to_owned(), parts.1.to_owned()));
    }
    let receiver = Receiver::start(receiving, move |arrival| {
        let _ = send.send(Next::Arrived(arrival.clone()));
    });
    let receiver = receiver.map_err(|error| Failure::Local("the receiver cannot start", error))?;
    let url = receiver.url();
    let text = format!(
        "{url}\n\n\
         In another shell, a sandbox that sends there:\n  \
         nexus sandbox --webhook {url}\n\n\
         Ctrl-C ends it."
    );
    output.line(text, &json!({"url": url}))?;
    let mut number = 0u64;
    while let Ok(Next::Arrived(arrival)) = next.recv() {
        number += 1;
        output.line(line(number, &arrival, output.reveal), &document(number, &arrival, output.reveal))?;
    }
    Ok(Exit::Interrupted)
}

/// One line for a person: what arrived, and what it was answered with.
fn line(number: u64, arrival: &Arrival, reveal: Reveal) -> String {
    let (good, bad) = (style::GOOD, style::BAD);
    let answered = match arrival.status {
        200..=299 => format!("{good}{}{good:#}", arrival.status),
        status => format!("{bad}{status}{bad:#}"),
    };
    let answered = match (arrival.whole, arrival.authorized) {
        (false, _) => "not answered: the body broke off".to_owned(),
        (_, false) => format!("{answered} wrong user name or password"),
        _ => answered,
    };
    let Ok(event) = WebhookEvent::parse(&arrival.body) else {
        return format!("{number:>3}  not an event, {} bytes  {answered}", arrival.body.len());
    };
    let record = &event.record;
    let account = record.account_number.as_ref().map_or_else(String::new, |number| match reveal {
        Reveal::Full => format!("  {}", clean(number.expose())),
        Reveal::Masked => format!("  {}", AccountNumber::masked(number)),
    });
    let updated = record.updated_at.as_ref().map_or("", |at| at.as_str());
    let (guid, status) = (clean(record.guid.as_str()), render::status(&record.status));
    format!("{number:>3}  {}  {guid}  {status}{account}  {}  {answered}", action(&event), clean(updated))
}

/// The same for a program.
fn document(number: u64, arrival: &Arrival, reveal: Reveal) -> Value {
    let event = WebhookEvent::parse(&arrival.body).ok();
    json!({
        "number": number,
        "action": event.as_ref().map(action),
        "micro_deposit": event.as_ref().map(|event| event.record.to_json(reveal)),
        "body_bytes": arrival.body.len(),
        "whole": arrival.whole,
        "authorized": arrival.authorized,
        "status": if arrival.whole { Some(arrival.status) } else { None },
    })
}

/// Another action is a stranger's text; it is not shown.
fn action(event: &WebhookEvent) -> &'static str {
    match event.action {
        Action::Created => "created",
        Action::Updated => "updated",
        _ => "(other)",
    }
}
