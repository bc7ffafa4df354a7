//! What the caller may safely do next, as text for a person.

use super::ErrorKind;
use crate::operation::Operation;

/// What the caller may do next. An unknown outcome comes first: whatever else went wrong, it must not be followed by
/// another send.
pub(super) fn advice(kind: ErrorKind, operation: Option<Operation>, outcome_unknown: bool) -> &'static str {
    if outcome_unknown {
        return match operation {
            _ if kind == ErrorKind::MicrodepositFailed => {
                "Whether the amounts were counted does not matter any more: this microdeposit has failed. Look at the \
                 record's error, correct the account details with the person, and start a new microdeposit."
            }
            _ if kind == ErrorKind::Unsettled => {
                "Look again later under the same key: nothing is sent twice under it. Send nothing under another key \
                 meanwhile."
            }
            _ if kind == ErrorKind::JournalUnusable => {
                "An earlier call under this key may have sent something. Mend the journal, then continue under the same key and \
                 no other."
            }
            Some(Operation::Verify) => {
                "The amounts may or may not have been counted. Read the microdeposit and look at its status before anybody \
                 submits again; three wrong submissions lock it."
            }
            Some(Operation::Create | Operation::Preinitiate) => {
                "The record may or may not exist. List the microdeposits and look for it before creating again."
            }
            _ => "The request may or may not have been carried out. Look at the present state before sending it again.",
        };
    }
    match kind {
        ErrorKind::InvalidInput => "Correct the named value and call again; nothing was sent.",
        ErrorKind::BadRequest => "Correct the request; sending the same again will be refused again.",
        ErrorKind::Unauthorized => {
            "The request was not carried out. Open a new session (or check the API key) and call again."
        }
        ErrorKind::Forbidden => "Ask MX to enable this client or this address.",
        // These name no microdeposit, so the path itself is not there.
        ErrorKind::NotFound
            if matches!(operation, Some(Operation::List | Operation::Create | Operation::Preinitiate)) =>
        {
            "Check the base address: the server does not know the path."
        }
        ErrorKind::NotFound => {
            "The microdeposit is unknown, deleted, or not this user's. Check the guid; start a new one if it is gone."
        }
        ErrorKind::Conflict => "Read the microdeposit; its status does not admit this now.",
        ErrorKind::RateLimited => "Wait (for `retry_after` where the server gave it), then call again.",
        ErrorKind::Server => "The server failed. Call again later.",
        ErrorKind::Redirect | ErrorKind::UnexpectedStatus => {
            "Check the base address: this does not look like the Nexus API."
        }
        ErrorKind::NotEnabled => "Ask MX to enable Nexus for this client; check the client id and the user id.",
        ErrorKind::IncompleteList => {
            "Call again; if it stays so, the server pages its lists in a way that is not known yet."
        }
        ErrorKind::NotJson
        | ErrorKind::WrongShape
        | ErrorKind::MissingField
        | ErrorKind::AnotherRecord
        | ErrorKind::UnforeseenStatus => {
            "Check the base address; if it is right, the server responds in a way that is not known yet: please report it."
        }
        ErrorKind::NotVerifiable => "Wait for DEPOSITED (or start a new microdeposit if the status is terminal).",
        ErrorKind::NotAllowed => "Read the microdeposit; its status does not admit this.",
        ErrorKind::MicrodepositFailed => {
            "Look at the record's error, correct the account details with the person, and start a new microdeposit."
        }
        ErrorKind::SubmissionOpen => {
            "Nothing was sent. Wait (for `retry_after`, if given), read the microdeposit, then call again."
        }
        ErrorKind::Unsettled => "Call again later under the same key; it only looks, and sends nothing twice.",
        ErrorKind::JournalUnusable => {
            "Nothing was sent by this call. Mend the journal, then call again under the same key."
        }
        ErrorKind::WaitTimedOut => "Nothing is lost: wait again later.",
        ErrorKind::WaitEnded => "Look at the last record seen: its status says what is possible now.",
        ErrorKind::Connect => "Nothing was sent. Check address and network, then call again.",
        ErrorKind::Tls => "Nothing was sent. Check the address and the trusted certificates.",
        ErrorKind::Timeout | ErrorKind::Io => "Nothing was changed. Call again.",
        ErrorKind::TooLarge => "Raise the body limit if so large a response is expected.",
        ErrorKind::Cancelled => "Nothing is left to do; call again when wanted.",
        ErrorKind::Protocol => "Check the address, and whether a proxy stands between.",
        ErrorKind::NullPointer | ErrorKind::BadHandle | ErrorKind::BadUtf8 => "Correct the calling program.",
        ErrorKind::Panic => "Please report this as a defect, with the name of the function.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::{Endpoint, List};
    use crate::error::{Error, StateProblem};
    use crate::wire::Response;

    #[test]
    fn every_kind_has_advice() {
        for kind in ErrorKind::ALL {
            assert!(!advice(*kind, None, false).is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn advice_for_an_unknown_outcome_is_never_call_again() {
        for kind in ErrorKind::ALL {
            for operation in Operation::ALL {
                assert!(!advice(*kind, Some(operation), true).contains("all again"), "{kind:?} {operation:?}");
            }
        }
    }

    #[test]
    fn advice_for_a_path_that_is_not_there_is_not_about_a_microdeposit() {
        for operation in Operation::ALL {
            let about = advice(ErrorKind::NotFound, Some(operation), false).contains("start a new one");
            let names_one = !matches!(operation, Operation::List | Operation::Create | Operation::Preinitiate);
            assert_eq!(about, names_one, "{operation:?}");
        }
    }

    #[test]
    fn advice_for_an_unusable_journal_keeps_the_key() {
        for operation in [Operation::Create, Operation::Verify] {
            for unknown in [false, true] {
                let words = advice(ErrorKind::JournalUnusable, Some(operation), unknown);
                assert!(words.contains("Mend the journal") && words.contains("same key"), "{words}");
            }
        }
    }

    #[test]
    fn advice_for_not_verifiable_follows_the_status() {
        for (status, words) in [(3, "Nothing is left to do"), (6, "Start a new microdeposit"), (0, "Wait")] {
            let body = format!(r#"{{"micro_deposits":[{{"guid":"MIC-1","status":{status}}}]}}"#);
            let record = List::new().parse(&Response::new(200, body)).unwrap().remove(0);
            let error = Error::state(StateProblem::NotVerifiable, Some(Operation::Verify)).with_last_seen(record);
            assert!(error.advice().contains(words), "{status}: {}", error.advice());
        }
    }
}
