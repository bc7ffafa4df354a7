//! Standard output and standard error: text for people, or JSON for programs.
//!
//! Colours are written freely and taken out again where no terminal shows them.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};

use nexus_types::{Microdeposit, Reveal, Verdict};
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::{Done, Failure};

/// How to speak: chosen once by `--json` and `--reveal`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    pub(crate) json: bool,
    pub(crate) reveal: Reveal,
}

impl Output {
    /// The result of a command: `text` for people, or `document` on one line.
    pub(crate) fn result(&self, text: impl Display, document: &Value) -> Result<(), Failure> {
        match if self.json { write(document) } else { write(text) } {
            // The reader has closed the pipe, as in `nexus list | head -1`.
            Err(Failure::Local(_, error)) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// The record that a create or verify brought: where it cannot be written, its guid goes to standard error.
    pub(crate) fn record(
        &self,
        text: impl Display,
        document: &Value,
        record: &Microdeposit,
        verdict: Option<Verdict>,
    ) -> Result<(), Failure> {
        let written = if self.json { write(document) } else { write(text) };
        let done = || Done { guid: record.guid.clone(), status: record.status.clone(), verdict };
        written.map_err(|_| Failure::Unwritten(Box::new(done())))
    }

    /// A script or page that is the whole result.
    pub(crate) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => {
                Err(Failure::Local("standard output cannot be written", error))
            }
            _ => Ok(()),
        }
    }

    /// One line of a stream; here a reader that has gone is an error, so that the stream ends.
    pub(crate) fn line(&self, text: impl Display, document: &Value) -> Result<(), Failure> {
        if self.json { write(document) } else { write(text) }
    }

    /// A remark for people on standard error; left out with `--json`.
    pub(crate) fn remark(&self, text: impl Display) {
        if !self.json {
            // If standard error is closed, nothing can be reported.
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// A failure on standard error; gives the code to end with.
    pub(crate) fn failure(&self, failure: &Failure) -> Exit {
        let broken = matches!(failure, Failure::Local(_, error) if error.kind() == ErrorKind::BrokenPipe);
        let _ = match self.json {
            _ if broken => Ok(()),
            true => writeln!(io::stderr(), "{}", failure.json()),
            false => write!(anstream::stderr(), "{}", failure.text()),
        };
        failure.exit()
    }
}

fn write(text: impl Display) -> Result<(), Failure> {
    let mut out = anstream::stdout().lock();
    let text = text.to_string();
    let written = writeln!(out, "{}", text.trim_end_matches('\n')).and_then(|()| out.flush());
    written.map_err(|error| Failure::Local("standard output cannot be written", error))
}
