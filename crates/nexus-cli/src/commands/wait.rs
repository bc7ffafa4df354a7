//! `nexus wait`: a line that lives on a terminal, a line for each change elsewhere, JSON lines for programs.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use nexus_http::{Client, Progress, Until, WaitOptions};
use nexus_types::{MicrodepositGuid, Status};
use serde_json::json;

use crate::args::Wait;
use crate::duration::words;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::{render, signal};

pub(super) fn run(client: &Client, options: &Wait, output: Output) -> Result<Exit, Failure> {
    let guid = MicrodepositGuid::new(&*options.guid)?;
    let until = match &options.until {
        None => Until::Actionable,
        Some(text) => {
            let status: Status = text.parse()?;
            Until::Stage(status.stage().ok_or_else(|| Failure::input("until", "is not a known status"))?)
        }
    };
    let (client, canceller) = client.cancellable();
    let by_signal = canceller.clone();
    signal::listen(move || by_signal.cancel())?;
    let live = if output.json { None } else { line() };
    let told = RefCell::new(None);
    let broken = RefCell::new(None);
    let mut report = |progress: &Progress<'_>| {
        if output.json {
            let next = progress.next_read.map(|pause| pause.as_secs());
            let line = json!({"progress": {
                "status": progress.record.status.name(),
                "elapsed_seconds": progress.elapsed.as_secs(),
                "next_read_seconds": next,
                "reads": progress.reads,
            }});
            if let Err(failure) = output.line("", &line) {
                broken.borrow_mut().get_or_insert(failure);
                // Nobody reads on.
                canceller.cancel();
            }
        } else if let Some(live) = &live {
            live.set_message(message(progress));
        } else if told.borrow().as_ref() != Some(&progress.record.status) {
            output.remark(message(progress));
        }
        *told.borrow_mut() = Some(progress.record.status.clone());
    };
    let mut wait = WaitOptions { timeout: options.timeout, poll_every: options.every, ..WaitOptions::default() };
    wait.on_progress = Some(&mut report);
    let outcome = client.wait(&guid, until, wait);
    if let Some(live) = live {
        live.finish_and_clear();
    }
    if let Some(failure) = broken.into_inner() {
        return Err(failure);
    }
    let record = outcome?;
    output.result(render::record(&record, output.reveal), &json!({"micro_deposit": record.to_json(output.reveal)}))?;
    Ok(Exit::of_status(&record.status))
}

fn message(progress: &Progress<'_>) -> String {
    let status = render::status(&progress.record.status);
    match progress.next_read {
        Some(pause) => format!("{status}, next read in {}", words(pause)),
        None => status,
    }
}

/// The elapsed time runs by itself between two reads.
fn line() -> Option<ProgressBar> {
    if !std::io::stderr().is_terminal() {
        return None;
    }
    let bar = ProgressBar::new_spinner();
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(250));
    Some(bar)
}
