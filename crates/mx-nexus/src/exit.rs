//! Exit codes: one table, for the help text and for every failure.

use std::process::ExitCode;

use nexus_types::{Error, ErrorGroup, ErrorKind, KnownStatus, Status, Verdict};

/// How a run of the command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// What was asked for was done.
    Done = 0,
    /// The result is no: the amounts were not accepted, or the microdeposit failed.
    NotAccepted = 1,
    /// A wrong argument, value or setting.
    Input = 2,
    /// The server refused, or failed.
    Api = 3,
    /// The server's response cannot be read.
    Decode = 4,
    /// The microdeposit does not have the wanted status.
    State = 5,
    /// No usable response.
    Transport = 6,
    /// It may or may not have been carried out.
    OutcomeUnknown = 7,
    /// Something on this machine.
    Local = 8,
    /// The amounts were taken, and are not judged yet.
    Pending = 9,
    /// Stopped by Ctrl-C.
    Interrupted = 130,
    /// The reader of standard output is gone before the end, as after SIGPIPE.
    OutputClosed = 141,
    /// Stopped by SIGTERM.
    Terminated = 143,
}

impl Exit {
    /// Every code with the words of the help text.
    pub(crate) const TABLE: [(Exit, &'static str); 13] = [
        (Exit::Done, "Done. After `verify`: verified"),
        (
            Exit::NotAccepted,
            "No: the amounts were judged wrong (denied, locked), or the microdeposit failed (REJECTED, CONFLICTED, ERRORED). \
             After `compare`: different",
        ),
        (Exit::Input, "Usage or input: an argument, value or setting is wrong; nothing was sent"),
        (Exit::Api, "API: the server refused the request, or failed"),
        (Exit::Decode, "Decode: the server's response could not be read"),
        (Exit::State, "State: the microdeposit admits no submission, or the wait ended elsewhere or timed out"),
        (Exit::Transport, "Transport: no usable response came; nothing was changed"),
        (
            Exit::OutcomeUnknown,
            "OUTCOME UNKNOWN: a create or verify may or may not have been carried out; look before you repeat it",
        ),
        (Exit::Local, "This machine: output cannot be written, or the sandbox cannot start"),
        (Exit::Pending, "PENDING: the amounts were taken and are not judged yet; do not submit again, look later"),
        (Exit::Interrupted, "Interrupted by Ctrl-C; nothing was left half done"),
        (Exit::OutputClosed, "The reader of standard output left before the end, as `head` does"),
        (Exit::Terminated, "Ended by SIGTERM; nothing was left half done"),
    ];

    /// The number that the shell sees.
    pub(crate) fn code(self) -> u8 {
        self as u8
    }

    /// The exit code of a create or wait that reached this status.
    pub(crate) fn of_status(status: &Status) -> Exit {
        let failed = status.is_terminal() && *status != KnownStatus::Verified;
        if failed { Exit::NotAccepted } else { Exit::Done }
    }

    /// The exit code of a verify.
    pub(crate) fn of_verdict(verdict: Verdict) -> Exit {
        match verdict {
            Verdict::Verified => Exit::Done,
            Verdict::Denied | Verdict::Locked => Exit::NotAccepted,
            Verdict::Pending => Exit::Pending,
        }
    }

    /// The exit code of an error of the library. An unknown outcome takes precedence.
    pub(crate) fn of(error: &Error) -> Exit {
        if error.outcome_unknown() {
            return Exit::OutcomeUnknown;
        }
        if error.kind() == ErrorKind::Cancelled {
            return Exit::Interrupted;
        }
        match error.kind().group() {
            ErrorGroup::Input => Exit::Input,
            ErrorGroup::Api => Exit::Api,
            ErrorGroup::Decode => Exit::Decode,
            ErrorGroup::State => Exit::State,
            ErrorGroup::Transport => Exit::Transport,
            // The border to another language cannot be misused from here; any new group lands here too.
            _ => Exit::Local,
        }
    }

    /// The table as text for `nexus --help`.
    pub(crate) fn help() -> String {
        let rows = Exit::TABLE.iter().map(|(exit, words)| format!("  {:>3}  {words}\n", exit.code()));
        format!("Exit codes:\n{}", rows.collect::<String>())
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use nexus_types::{Operation, StateProblem, TransportProblem};

    use super::*;

    #[test]
    fn exit_codes_are_the_documented_ones_and_help_has_each() {
        let codes: Vec<u8> = Exit::TABLE.iter().map(|(exit, _)| exit.code()).collect();
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 130, 141, 143]);
        for code in codes {
            assert!(Exit::help().contains(&format!("\n  {code:>3}  ")));
        }
    }

    #[test]
    fn each_group_has_its_own_code() {
        let transport = |problem| Error::transport(problem, Operation::Verify);
        let cases = [
            (Error::input("email", "rule"), Exit::Input),
            (Error::state(StateProblem::WaitTimedOut, None), Exit::State),
            (transport(TransportProblem::Timeout), Exit::Transport),
            (transport(TransportProblem::Timeout).with_outcome_unknown(true), Exit::OutcomeUnknown),
            (Error::state(StateProblem::Failed, None).with_outcome_unknown(true), Exit::OutcomeUnknown),
            (transport(TransportProblem::Cancelled), Exit::Interrupted),
            (transport(TransportProblem::Cancelled).with_outcome_unknown(true), Exit::OutcomeUnknown),
        ];
        for (error, wanted) in cases {
            assert_eq!(Exit::of(&error), wanted, "{error:?}");
        }
        assert_eq!(Verdict::ALL.map(|verdict| Exit::of_verdict(verdict).code()), [0, 1, 1, 9]);
    }
}
