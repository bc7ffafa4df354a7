//! The one error type of all crates.
//!
//! An [`Error`] holds the kind, the field or position, the HTTP status, the server's numeric code, the microdeposit's guid,
//! whether the outcome is unknown, and what the caller may do next. It never holds a body, a value or a server's message: a
//! server's message can repeat an account number.

mod advice;
mod cause;
mod context;
mod input;
mod kind;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use cause::Because;
pub use cause::TransportCause;
pub use context::Context;
pub use input::InputError;
pub use kind::{ApiProblem, BoundaryProblem, DecodeProblem, ErrorGroup, ErrorKind, StateProblem, TransportProblem};

use crate::assumptions::Assumption;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;

/// Everything that can go wrong. See the [module documentation](self) for what it never holds.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value or setting that the caller gave breaks a rule. Nothing was sent.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The server responded, and the response is not a success.
    #[error("{}{context}", ApiText { problem: *problem, status: *status, code: *code, field: *field })]
    Api {
        /// What the HTTP status means.
        problem: ApiProblem,
        /// The HTTP status.
        status: u16,
        /// The server's own numeric code, such as 4011. Informational: decisions rest on the HTTP status.
        code: Option<u32>,
        /// The field that the server's message names, where it names one that we know.
        field: Option<&'static str>,
        /// The call.
        context: Box<Context>,
    },
    /// The server reported success, but the response cannot be read.
    #[error("unreadable response: {problem} at {path} (line {line}, column {column}){context}")]
    Decode {
        /// What is wrong with it.
        problem: DecodeProblem,
        /// Where, as a path of the API's own names, such as `micro_deposits[3].micro_deposit.guid`.
        path: Cow<'static, str>,
        /// Line in the body, from 1; 0 where it has no position.
        line: usize,
        /// Column in the line, from 1; 0 where it has no position.
        column: usize,
        /// The HTTP status that the response came with.
        status: u16,
        /// The call.
        context: Box<Context>,
    },
    /// The microdeposit does not have, or did not reach, the status that the caller wants.
    #[error("{problem}{context}")]
    State {
        /// What is in the way.
        problem: StateProblem,
        /// The call.
        context: Box<Context>,
    },
    /// No usable response arrived.
    #[error("{problem}{}{context}", Because(context.cause))]
    Transport {
        /// What happened to the exchange.
        problem: TransportProblem,
        /// The call.
        context: Box<Context>,
    },
    /// A caller in another language broke the contract of the interface.
    #[error("{place}: {problem}")]
    Boundary {
        /// What was broken.
        problem: BoundaryProblem,
        /// The function or argument.
        place: Cow<'static, str>,
    },
}

impl Error {
    /// A refused value: the field and the rule, never the value.
    pub fn input(field: impl Into<Cow<'static, str>>, rule: impl Into<Cow<'static, str>>) -> Error {
        Error::Input(InputError::new(field, rule))
    }

    /// A failed exchange.
    pub fn transport(problem: TransportProblem, operation: Operation) -> Error {
        let context = Box::new(Context { operation: Some(operation), ..Context::default() });
        Error::Transport { problem, context }
    }

    /// A microdeposit with another status than the wanted one.
    pub fn state(problem: StateProblem, operation: Option<Operation>) -> Error {
        Error::State { problem, context: Box::new(Context { operation, ..Context::default() }) }
    }

    /// A broken contract at the border to another language.
    pub fn boundary(problem: BoundaryProblem, place: impl Into<Cow<'static, str>>) -> Error {
        Error::Boundary { problem, place: place.into() }
    }

    pub(crate) fn decode(problem: DecodeProblem, path: impl Into<Cow<'static, str>>) -> Error {
        Error::Decode { problem, path: path.into(), line: 0, column: 0, status: 0, context: Box::default() }
    }

    /// The numbered kind: stable across releases and languages.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Error::Input(_) => ErrorKind::InvalidInput,
            Error::Api { problem, .. } => (*problem).into(),
            Error::Decode { problem, .. } => (*problem).into(),
            Error::State { problem, .. } => (*problem).into(),
            Error::Transport { problem, .. } => (*problem).into(),
            Error::Boundary { problem, .. } => (*problem).into(),
        }
    }

    /// The field or path that the error is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Error::Input(input) => Some(input.field()),
            Error::Api { field, .. } => *field,
            Error::Decode { path, .. } => Some(path),
            _ => None,
        }
    }

    /// The HTTP status, where a response came.
    pub fn http_status(&self) -> Option<u16> {
        match self {
            Error::Api { status, .. } | Error::Decode { status, .. } if *status != 0 => Some(*status),
            _ => None,
        }
    }

    /// The server's own numeric code, such as 4001 or 4011.
    pub fn server_code(&self) -> Option<u32> {
        match self {
            Error::Api { code, .. } => *code,
            _ => None,
        }
    }

    /// What is known about the call. None for `Input` and `Boundary`, where nothing was sent.
    pub fn context(&self) -> Option<&Context> {
        match self {
            Error::Api { context, .. }
            | Error::Decode { context, .. }
            | Error::State { context, .. }
            | Error::Transport { context, .. } => Some(context),
            Error::Input(_) | Error::Boundary { .. } => None,
        }
    }

    fn context_mut(&mut self) -> Option<&mut Context> {
        match self {
            Error::Api { context, .. }
            | Error::Decode { context, .. }
            | Error::State { context, .. }
            | Error::Transport { context, .. } => Some(context),
            Error::Input(_) | Error::Boundary { .. } => None,
        }
    }

    /// What was being done.
    pub fn operation(&self) -> Option<Operation> {
        self.context().and_then(|context| context.operation)
    }

    /// The microdeposit that the call was about.
    pub fn guid(&self) -> Option<&MicrodepositGuid> {
        self.context().and_then(|context| context.guid.as_ref())
    }

    /// Whether the server may have acted although no usable response came.
    pub fn outcome_unknown(&self) -> bool {
        self.context().is_some_and(|context| context.outcome_unknown)
    }

    /// How many requests went out for the call.
    pub fn attempts(&self) -> u32 {
        self.context().map_or(0, |context| context.attempts)
    }

    /// How long the server asked to wait before another request.
    pub fn retry_after(&self) -> Option<Duration> {
        self.context().and_then(|context| context.retry_after)
    }

    /// The last record of the microdeposit that was seen during the call.
    pub fn last_seen(&self) -> Option<&Microdeposit> {
        self.context().and_then(|context| context.last_seen.as_ref())
    }

    /// After a create whose outcome is unknown, the new records of which one may be this create's. Empty otherwise.
    pub fn candidates(&self) -> &[MicrodepositGuid] {
        self.context().map_or(&[], |context| &context.candidates)
    }

    /// The assumption by which the request was not carried out. None if the response alone proves that, and none if the
    /// outcome is unknown.
    pub fn assumption(&self) -> Option<Assumption> {
        self.context().and_then(|context| context.assumption)
    }

    /// After a wait that ended without the wanted status, the error of the last failed read, if one failed.
    pub fn last_failure(&self) -> Option<ErrorKind> {
        self.context().and_then(|context| context.last_failure)
    }

    /// The cause for which no usable response arrived, if it is known.
    pub fn cause(&self) -> Option<TransportCause> {
        self.context().and_then(|context| context.cause)
    }

    /// What the caller may safely do next, in words for a person.
    pub fn advice(&self) -> &'static str {
        match self.last_seen() {
            // Its status says best what can be done instead.
            Some(record) if self.kind() == ErrorKind::NotVerifiable => record.status.next_step(),
            _ => advice::advice(self.kind(), self.operation(), self.outcome_unknown()),
        }
    }

    /// Whether the same call may be made again, later and as it is: nothing was changed, and what failed may pass. Not after an
    /// unknown outcome, nor for what another call would meet again.
    pub fn is_retryable(&self) -> bool {
        let passes = matches!(
            self.kind(),
            ErrorKind::RateLimited
                | ErrorKind::Server
                | ErrorKind::WaitTimedOut
                | ErrorKind::SubmissionOpen
                | ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Io
        );
        passes && !self.outcome_unknown()
    }

    /// The same error with the operation it happened in.
    pub fn with_operation(self, operation: Operation) -> Error {
        self.changed(|context| context.operation = Some(operation))
    }

    /// The same error with the microdeposit it is about.
    pub fn with_guid(self, guid: Option<MicrodepositGuid>) -> Error {
        self.changed(|context| context.guid = guid)
    }

    /// The same error, saying whether the server may have acted.
    pub fn with_outcome_unknown(self, unknown: bool) -> Error {
        self.changed(|context| context.outcome_unknown = unknown)
    }

    /// The same error with the number of requests that went out.
    pub fn with_attempts(self, attempts: u32) -> Error {
        self.changed(|context| context.attempts = attempts)
    }

    /// The same error with the time that the server asked us to wait.
    pub fn with_retry_after(self, wait: Option<Duration>) -> Error {
        self.changed(|context| context.retry_after = wait)
    }

    /// The same error with the last record seen.
    pub fn with_last_seen(self, record: Microdeposit) -> Error {
        self.changed(|context| context.last_seen = Some(record))
    }

    /// The same error with the records that fit.
    pub fn with_candidates(self, candidates: Vec<MicrodepositGuid>) -> Error {
        self.changed(|context| context.candidates = candidates)
    }

    /// The same error with the assumption that it rests on.
    pub fn with_assumption(self, assumption: Option<Assumption>) -> Error {
        self.changed(|context| context.assumption = assumption)
    }

    /// The same error with how the last read failed.
    pub fn with_last_failure(self, kind: Option<ErrorKind>) -> Error {
        self.changed(|context| context.last_failure = kind)
    }

    /// The same error with what caused it.
    pub fn with_cause(self, cause: Option<TransportCause>) -> Error {
        self.changed(|context| context.cause = cause)
    }

    fn changed(mut self, change: impl FnOnce(&mut Context)) -> Error {
        if let Some(context) = self.context_mut() {
            change(context);
        }
        self
    }
}

struct ApiText {
    problem: ApiProblem,
    status: u16,
    code: Option<u32>,
    field: Option<&'static str>,
}

impl fmt::Display for ApiText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (HTTP {}", self.problem, self.status)?;
        if let Some(code) = self.code {
            write!(f, ", code {code}")?;
        }
        if let Some(field) = self.field {
            write!(f, ", field {field}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_small_enough_to_return() {
        assert!(size_of::<Error>() <= 80, "{}", size_of::<Error>());
    }

    #[test]
    fn error_is_retryable_if_nothing_was_changed_and_it_may_pass() {
        let silent = Error::transport(TransportProblem::Timeout, Operation::Verify);
        assert!(silent.is_retryable() && !silent.with_outcome_unknown(true).is_retryable());
        for (problem, expected) in [
            (TransportProblem::Connect, true),
            (TransportProblem::Io, true),
            (TransportProblem::Tls, false),
            (TransportProblem::Cancelled, false),
            (TransportProblem::TooLarge, false),
        ] {
            assert_eq!(Error::transport(problem, Operation::Read).is_retryable(), expected, "{problem:?}");
        }
        assert!(Error::state(StateProblem::SubmissionOpen, None).is_retryable());
        assert!(!Error::state(StateProblem::NotVerifiable, None).is_retryable());
        assert!(!Error::input("email", "must be there").is_retryable());
    }

    #[test]
    fn an_unknown_outcome_is_said_in_words_and_as_a_flag() {
        let error = Error::transport(TransportProblem::Timeout, Operation::Verify)
            .with_guid(MicrodepositGuid::new("MIC-1").ok())
            .with_outcome_unknown(true);
        assert!(error.outcome_unknown());
        assert_eq!(error.to_string(), "no response in time (in verify of MIC-1); the outcome is unknown");
        assert!(error.advice().contains("Read the microdeposit"), "{}", error.advice());
    }
}
