//! Failures of a command: an error of the library or a local problem. It is printed on standard error, as text or with `--json`
//! as one JSON document.

use std::io;

use nexus_types::{
    Assumption, Error, ErrorKind, InputError, MicrodepositGuid, Reveal, Status, TransportCause, Verdict,
};
use serde_json::{Value, json};

use crate::exit::Exit;
use crate::render::{clean, style};

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The library says what happened.
    Library(Error),
    /// Something on this machine: which thing, and what the system says.
    Local(&'static str, io::Error),
    /// It was done, and its result could not be written: what it was, shortly.
    Unwritten(Box<Done>),
    /// Arguments that cannot be used, in words that repeat nothing.
    Usage(String),
    /// What the other side of `lab` or `compare` says, and the HTTP status that it says it with; none where no response came.
    Remote(String, Option<u16>),
    /// No response came to something that may have been carried out.
    Unanswered(&'static str),
}

/// A create or verify whose result must not be lost with the output.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) guid: MicrodepositGuid,
    pub(crate) status: Status,
    /// Of a verify.
    pub(crate) verdict: Option<Verdict>,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        Failure::Library(error)
    }
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Failure {
        Failure::Library(error.into())
    }
}

impl Failure {
    /// A value or setting that is refused before anything is sent.
    pub(crate) fn input(field: &'static str, rule: impl Into<String>) -> Failure {
        Failure::Library(Error::input(field, rule.into()))
    }

    pub(crate) fn exit(&self) -> Exit {
        match self {
            Failure::Library(error) => Exit::of(error),
            Failure::Local(_, error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::OutputClosed,
            Failure::Local(..) | Failure::Unwritten(_) => Exit::Local,
            Failure::Usage(_) => Exit::Input,
            Failure::Remote(_, Some(_)) => Exit::Api,
            Failure::Remote(_, None) => Exit::Transport,
            Failure::Unanswered(_) => Exit::OutcomeUnknown,
        }
    }

    /// Several lines for a person: what happened, what was last seen, what to do.
    pub(crate) fn text(&self) -> String {
        let (bad, strong) = (style::BAD, style::STRONG);
        match self {
            Failure::Local(what, error) => format!("{bad}error:{bad:#} {what}: {}\n", error.kind()),
            Failure::Unwritten(done) => {
                let (guid, status) = (clean(done.guid.as_str()), clean(&done.status.to_string()));
                let verdict = done.verdict.map(|verdict| format!(", {verdict}")).unwrap_or_default();
                format!("{bad}error:{bad:#} done, but standard output cannot be written: {guid} is {status}{verdict}\n")
            }
            Failure::Usage(message) => {
                format!("{bad}error:{bad:#} {message}\n{strong}what to do:{strong:#} see `nexus --help`\n")
            }
            Failure::Remote(message, _) => format!("{bad}error:{bad:#} {}\n", clean(message)),
            Failure::Unanswered(message) => format!("{bad}OUTCOME UNKNOWN{bad:#}\n{bad}error:{bad:#} {message}\n"),
            Failure::Library(error) => {
                let mut out = String::new();
                if error.outcome_unknown() {
                    out.push_str(&format!("{bad}OUTCOME UNKNOWN{bad:#}\n"));
                }
                out.push_str(&format!("{bad}error:{bad:#} {}\n", clean(&error.to_string())));
                if let Some(record) = error.last_seen() {
                    let status = clean(&record.status.to_string());
                    // What the status says can be done is wrong while amounts may be on their way.
                    let open = error.outcome_unknown() || error.kind() == ErrorKind::SubmissionOpen;
                    let next = if open { String::new() } else { format!(". {}", record.status.next_step()) };
                    out.push_str(&format!("{strong}last seen:{strong:#} {status}{next}\n"));
                }
                if let Some(kind) = error.last_failure() {
                    out.push_str(&format!("{strong}last read failed:{strong:#} {}\n", kind.name()));
                }
                if let Some(assumption) = error.assumption() {
                    out.push_str(&format!("{strong}assumed:{strong:#} {}\n", assumption.text()));
                }
                for guid in error.candidates() {
                    out.push_str(&format!("{strong}may be this one:{strong:#} {}\n", clean(guid.as_str())));
                }
                if let Some(wait) = error.retry_after() {
                    out.push_str(&format!("{strong}retry after:{strong:#} {} seconds\n", wait.as_secs()));
                }
                out.push_str(&format!("{strong}what to do:{strong:#} {}\n", error.advice()));
                out
            }
        }
    }

    /// The same for a program. The record last seen is always masked: an error is no place for more.
    pub(crate) fn json(&self) -> Value {
        match self {
            Failure::Local(what, error) => json!({"error": {
                "kind": "local", "message": format!("{what}: {}", error.kind()), "outcome_unknown": false,
                "exit_code": self.exit().code(),
            }}),
            Failure::Unwritten(done) => json!({"error": {
                "kind": "local", "message": "done, but standard output cannot be written", "outcome_unknown": false,
                "guid": done.guid.as_str(), "status": done.status.name(), "verdict": done.verdict.map(Verdict::name),
                "exit_code": self.exit().code(),
            }}),
            Failure::Usage(message) => json!({"error": {
                "kind": "usage", "message": message, "outcome_unknown": false, "exit_code": self.exit().code(),
            }}),
            Failure::Unanswered(message) => json!({"error": {
                "kind": "remote", "message": message, "outcome_unknown": true, "exit_code": self.exit().code(),
            }}),
            Failure::Remote(message, status) => json!({"error": {
                "kind": "remote", "message": message, "http_status": status, "outcome_unknown": false,
                "exit_code": self.exit().code(),
            }}),
            Failure::Library(error) => json!({"error": {
                "kind": error.kind().name(),
                "number": error.kind().number(),
                "message": error.to_string(),
                "advice": error.advice(),
                "operation": error.operation().map(|operation| operation.name()),
                "guid": error.guid().map(|guid| guid.as_str()),
                "field": error.field(),
                "http_status": error.http_status(),
                "server_code": error.server_code(),
                "outcome_unknown": error.outcome_unknown(),
                "cause": error.cause().map(TransportCause::name),
                "assumption": error.assumption().map(Assumption::name),
                "last_failure": error.last_failure().map(ErrorKind::name),
                "attempts": error.attempts(),
                "retry_after_seconds": error.retry_after().map(|wait| wait.as_secs()),
                "candidates": error.candidates().iter().map(|guid| guid.as_str()).collect::<Vec<_>>(),
                "last_seen": error.last_seen().map(|record| record.to_json(Reveal::Masked)),
                "exit_code": self.exit().code(),
            }}),
        }
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::{Operation, TransportProblem};

    use super::*;

    #[test]
    fn an_unknown_outcome_is_the_first_thing_said() {
        let error = Error::transport(TransportProblem::Timeout, Operation::Create).with_outcome_unknown(true);
        let failure = Failure::from(error);
        let text = anstream::adapter::strip_str(&failure.text()).to_string();
        assert!(text.starts_with("OUTCOME UNKNOWN\n"), "{text}");
        assert!(text.contains("List the microdeposits"), "{text}");
        let json = failure.json();
        assert_eq!(json["error"]["outcome_unknown"], true);
        assert_eq!(json["error"]["exit_code"], 7);
        assert_eq!(json["error"]["kind"], "timeout");
    }

    #[test]
    fn failure_text_omits_details_of_system_errors() {
        let failure = Failure::Local("standard output", io::Error::other("/secret/path 333312345"));
        assert!(!failure.text().contains("3333"));
        assert!(!failure.json().to_string().contains("3333"));
    }
}
