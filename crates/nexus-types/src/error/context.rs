//! [`Context`]: the call in which an error occurred.

use std::fmt;
use std::time::Duration;

use super::{ErrorKind, TransportCause};
use crate::assumptions::Assumption;
use crate::guid::MicrodepositGuid;
use crate::microdeposit::Microdeposit;
use crate::operation::Operation;

/// What is known of the failed call, besides the error itself.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Context {
    /// What was being done.
    pub operation: Option<Operation>,
    /// The microdeposit it was about.
    pub guid: Option<MicrodepositGuid>,
    /// Whether the server may have acted on the request although no usable response came.
    pub outcome_unknown: bool,
    /// How many requests went out for this call (0: none).
    pub attempts: u32,
    /// The server's `Retry-After`, if any.
    pub retry_after: Option<Duration>,
    /// The last record of this microdeposit that was seen during the call.
    pub last_seen: Option<Microdeposit>,
    /// After a create whose outcome is unknown: new records that fit it, more than one.
    pub candidates: Vec<MicrodepositGuid>,
    /// The assumption by which the request was not carried out, if the response alone does not prove it.
    pub assumption: Option<Assumption>,
    /// After a wait, the error of the last failed read.
    pub last_failure: Option<ErrorKind>,
    /// The cause for which no usable response arrived, if it is known.
    pub cause: Option<TransportCause>,
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation {
            write!(f, " (in {}", operation.name())?;
            if let Some(guid) = &self.guid {
                write!(f, " of {guid}")?;
            }
            if self.attempts > 1 {
                write!(f, ", {} requests", self.attempts)?;
            }
            f.write_str(")")?;
        }
        if self.outcome_unknown { f.write_str("; the outcome is unknown") } else { Ok(()) }
    }
}
