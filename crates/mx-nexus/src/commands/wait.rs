//! `nexus wait`: prints one updated line on a terminal, JSON lines with `--json`, and otherwise a line for each change and each
//! new kind of failure.

use std::cell::RefCell;
use std::io::IsTerminal;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use nexus_http::{Client, Progress, Until, WaitOptions};
use nexus_types::{Error, ErrorKind, MicrodepositGuid, Status};
use serde_json::{Value, json};

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
            Until::Status(status.known().ok_or_else(|| Failure::input("until", "is not a known status"))?)
        }
    };
    let (client, canceller) = client.cancellable();
    let by_signal = canceller.clone();
    signal::listen(move || by_signal.cancel())?;
    let live = if output.json { None } else { Live::start() };
    let last = RefCell::new(None);
    let broken = RefCell::new(None);
    let mut report = |progress: &Progress| {
        let news = (progress.record.as_ref().map(|record| record.status.clone()), failed(progress));
        if output.json {
            if let Err(failure) = output.line("", &document(progress)) {
                broken.borrow_mut().get_or_insert(failure);
                // The output is closed.
                canceller.cancel();
            }
        } else if let Some(live) = &live {
            live.bar.set_message(message(progress));
        } else if last.borrow().as_ref() != Some(&news) {
            output.remark(message(progress));
        }
        *last.borrow_mut() = Some(news);
    };
    let mut wait = WaitOptions::default().with_timeout(options.timeout).with_poll_every(options.every);
    wait.on_progress = Some(&mut report);
    let outcome = client.wait(&guid, until, wait);
    if let Some(live) = live {
        live.end();
    }
    if let Some(failure) = broken.into_inner() {
        return Err(failure);
    }
    let record = outcome?;
    output.result(render::record(&record, output.reveal), &json!({"micro_deposit": record.to_json(output.reveal)}))?;
    Ok(Exit::of_status(&record.status))
}

fn failed(progress: &Progress) -> Option<ErrorKind> {
    progress.failure.as_ref().map(Error::kind)
}

fn document(progress: &Progress) -> Value {
    json!({"progress": {
        "status": progress.record.as_ref().map(|record| record.status.name()),
        "failure": failed(progress).map(ErrorKind::name),
        "elapsed_seconds": progress.elapsed.as_secs(),
        "next_read_seconds": progress.next_read.map(|pause| pause.as_secs()),
        "reads": progress.reads,
    }})
}

fn message(progress: &Progress) -> String {
    let mut out = match &progress.record {
        Some(record) => render::status(&record.status),
        None => "nothing seen yet".to_owned(),
    };
    if let Some(error) = &progress.failure {
        out.push_str(&format!(", the last read failed: {}", render::clean(&error.to_string())));
    }
    if let Some(pause) = progress.next_read {
        out.push_str(&format!(", next read in {}", words(pause)));
    }
    out
}

/// A line on a terminal in which the elapsed time runs by itself between two reads.
struct Live {
    bar: ProgressBar,
    ended: mpsc::Sender<()>,
}

impl Live {
    fn start() -> Option<Live> {
        if !std::io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
            bar.set_style(style);
        }
        let (ended, end) = mpsc::channel();
        let ticking = bar.clone();
        let tick = move || {
            while end.recv_timeout(Duration::from_millis(250)) == Err(RecvTimeoutError::Timeout) {
                ticking.tick();
            }
        };
        // Without a thread, the line is not updated between two reads.
        let _ = std::thread::Builder::new().name("line".to_owned()).spawn(tick);
        Some(Live { bar, ended })
    }

    fn end(self) {
        // There is no receiver if the thread could not start.
        let _ = self.ended.send(());
        self.bar.finish_and_clear();
    }
}
