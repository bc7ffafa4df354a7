//! The numbered list of error kinds, with the advice for each.
//!
//! Rust, C and Python take their codes and classes from here. Numbers are never reused: a kind that goes leaves a gap.

/// The six families of errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[repr(u8)]
pub enum ErrorGroup {
    /// The caller's value or setting breaks a rule; nothing was sent.
    Input = 1,
    /// The server responded with something else than success.
    Api = 2,
    /// A success that cannot be read.
    Decode = 3,
    /// The microdeposit does not have the wanted status.
    State = 4,
    /// No usable response arrived.
    Transport = 5,
    /// The border to another language was misused.
    Boundary = 6,
}

/// Defines one problem enum: its variants, words, and the numbered kind of each.
macro_rules! problems {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $kind:ident, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vdoc])* $variant,)* }

        #[cfg(test)]
        impl $name {
            /// Every problem of this family.
            const ALL: &'static [$name] = &[$($name::$variant,)*];
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(match self { $($name::$variant => $text,)* })
            }
        }

        impl From<$name> for ErrorKind {
            fn from(problem: $name) -> ErrorKind {
                match problem { $($name::$variant => ErrorKind::$kind,)* }
            }
        }
    };
}

problems! {
    /// What a response's HTTP status means.
    ApiProblem {
        /// 400, 422 and every other 4xx without an entry of its own.
        BadRequest => BadRequest, "the server refused the request";
        /// 401: the session (or, at the SSO host, the key) is not usable. Proves that the request was not carried out.
        Unauthorized => Unauthorized, "the session or key was not accepted";
        /// 403: not allowed from here or for this client.
        Forbidden => Forbidden, "not allowed";
        /// 404: unknown, deleted, or not this user's.
        NotFound => NotFound, "not found";
        /// 409: the microdeposit is in a status that does not admit this.
        Conflict => Conflict, "not possible in the present status";
        /// 429: too many requests.
        RateLimited => RateLimited, "too many requests";
        /// 5xx: the server failed.
        Server => Server, "the server failed";
        /// 3xx: a redirect, which is never followed.
        Redirect => Redirect, "a redirect, which is not followed";
        /// 404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there (source:
        /// domain.md 5).
        NotEnabled => NotEnabled, "not enabled for this client, or the user is unknown";
        /// Any other status, such as 1xx.
        Unexpected => UnexpectedStatus, "an unexpected HTTP status";
    }
}

impl ApiProblem {
    /// The problem that a response of this HTTP status reports. `about_a_user`: the request named no microdeposit, so that
    /// "not found" concerns the client or the user.
    pub(crate) fn of(http: u16, about_a_user: bool) -> ApiProblem {
        match http {
            401 => ApiProblem::Unauthorized,
            403 => ApiProblem::Forbidden,
            404 if about_a_user => ApiProblem::NotEnabled,
            404 => ApiProblem::NotFound,
            409 => ApiProblem::Conflict,
            429 => ApiProblem::RateLimited,
            300..=399 => ApiProblem::Redirect,
            400..=499 => ApiProblem::BadRequest,
            500..=599 => ApiProblem::Server,
            _ => ApiProblem::Unexpected,
        }
    }
}

problems! {
    /// What is wrong with a response that reports success.
    DecodeProblem {
        /// The body is not JSON, or was cut short.
        NotJson => NotJson, "not valid JSON";
        /// A value has a JSON type that cannot be read.
        WrongShape => WrongShape, "unexpected shape";
        /// A required part is absent.
        Missing => MissingField, "missing";
        /// It holds another microdeposit than the requested one.
        AnotherRecord => AnotherRecord, "another microdeposit than the one asked for";
        /// A status from which nothing can be concluded about the submission: an early one, an unknown one, or a number and
        /// a name that contradict each other.
        UnforeseenStatus => UnforeseenStatus, "a status that says nothing about the submission";
        /// The list shows a sign that there is more of it, and the rest could not be fetched.
        IncompleteList => IncompleteList, "the list is not complete";
    }
}

problems! {
    /// Why a microdeposit does not have the wanted status.
    StateProblem {
        /// Its status admits no submission.
        NotVerifiable => NotVerifiable, "this microdeposit cannot be verified in its present status";
        /// No such move from its present status.
        NotAllowed => NotAllowed, "this cannot happen in the present status";
        /// The wait's own time limit was reached.
        WaitTimedOut => WaitTimedOut, "the wanted status was not reached in time";
        /// It reached a status from which the wanted one cannot follow.
        WaitEnded => WaitEnded, "the wanted status cannot be reached by waiting";
        /// The microdeposit itself failed (ERRORED, CONFLICTED or REJECTED); the amounts were not judged.
        Failed => MicrodepositFailed, "the microdeposit failed; nothing was said about the amounts";
        /// Another submission for the same microdeposit may still be acted on.
        SubmissionOpen => SubmissionOpen, "an earlier submission for this microdeposit is still open";
        /// An earlier request with the same key got no usable response, and its outcome is still unknown.
        Unsettled => Unsettled, "how the earlier request under this key ended does not show yet";
        /// The journal cannot be read or written.
        Journal => JournalUnusable, "the journal cannot be used";
    }
}

problems! {
    /// What happened to an exchange that brought no usable response.
    TransportProblem {
        /// No connection was made, so nothing was sent.
        Connect => Connect, "no connection";
        /// A time limit was reached.
        Timeout => Timeout, "no response in time";
        /// The connection broke.
        Io => Io, "the connection broke";
        /// TLS could not be established or the certificate was not accepted; nothing was sent.
        Tls => Tls, "TLS could not be established";
        /// The response is larger than the limit.
        TooLarge => TooLarge, "the response is larger than the limit";
        /// The caller cancelled.
        Cancelled => Cancelled, "cancelled";
        /// The peer does not speak HTTP as agreed.
        Protocol => Protocol, "the response is not proper HTTP";
    }
}

problems! {
    /// What a caller in another language did.
    BoundaryProblem {
        /// A pointer that must not be NULL is.
        Null => NullPointer, "must not be null";
        /// A handle that was never given out, is of another type, or is freed.
        Handle => BadHandle, "is not a live handle of this type";
        /// Text that is not UTF-8.
        Utf8 => BadUtf8, "is not valid UTF-8";
        /// A defect in this library; it was caught at the border.
        Panic => Panic, "an internal error was caught";
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $number:literal, $name:literal;)*) => {
        /// Every kind of error, by its number.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u16)]
        pub enum ErrorKind { $($(#[$doc])* $variant = $number,)* }

        impl ErrorKind {
            /// Every kind, in order of number.
            pub const ALL: &'static [ErrorKind] = &[$(ErrorKind::$variant,)*];

            /// The stable name, in lower case.
            pub fn name(self) -> &'static str {
                match self { $(ErrorKind::$variant => $name,)* }
            }
        }
    };
}

kinds! {
    /// A value or setting breaks a rule.
    InvalidInput = 101, "invalid_input";
    /// See [`ApiProblem::BadRequest`].
    BadRequest = 201, "bad_request";
    /// See [`ApiProblem::Unauthorized`].
    Unauthorized = 202, "unauthorized";
    /// See [`ApiProblem::Forbidden`].
    Forbidden = 203, "forbidden";
    /// See [`ApiProblem::NotFound`].
    NotFound = 204, "not_found";
    /// See [`ApiProblem::Conflict`].
    Conflict = 205, "conflict";
    /// See [`ApiProblem::RateLimited`].
    RateLimited = 206, "rate_limited";
    /// See [`ApiProblem::Server`].
    Server = 207, "server";
    /// See [`ApiProblem::Redirect`].
    Redirect = 208, "redirect";
    /// See [`ApiProblem::Unexpected`].
    UnexpectedStatus = 209, "unexpected_status";
    /// See [`ApiProblem::NotEnabled`].
    NotEnabled = 210, "not_enabled";
    /// See [`DecodeProblem::NotJson`].
    NotJson = 301, "not_json";
    /// See [`DecodeProblem::WrongShape`].
    WrongShape = 302, "wrong_shape";
    /// See [`DecodeProblem::Missing`].
    MissingField = 303, "missing_field";
    /// See [`DecodeProblem::AnotherRecord`].
    AnotherRecord = 304, "another_record";
    /// See [`DecodeProblem::UnforeseenStatus`].
    UnforeseenStatus = 305, "unforeseen_status";
    /// See [`DecodeProblem::IncompleteList`].
    IncompleteList = 306, "incomplete_list";
    /// See [`StateProblem::NotVerifiable`].
    NotVerifiable = 401, "not_verifiable";
    /// See [`StateProblem::WaitTimedOut`].
    WaitTimedOut = 402, "wait_timed_out";
    /// See [`StateProblem::WaitEnded`].
    WaitEnded = 403, "wait_ended";
    /// See [`StateProblem::NotAllowed`].
    NotAllowed = 404, "not_allowed";
    /// See [`StateProblem::Failed`].
    MicrodepositFailed = 405, "microdeposit_failed";
    /// See [`StateProblem::SubmissionOpen`].
    SubmissionOpen = 406, "submission_open";
    /// See [`StateProblem::Unsettled`].
    Unsettled = 407, "unsettled";
    /// See [`StateProblem::Journal`].
    JournalUnusable = 408, "journal_unusable";
    /// See [`TransportProblem::Connect`].
    Connect = 501, "connect";
    /// See [`TransportProblem::Timeout`].
    Timeout = 502, "timeout";
    /// See [`TransportProblem::Io`].
    Io = 503, "io";
    /// See [`TransportProblem::Tls`].
    Tls = 504, "tls";
    /// See [`TransportProblem::TooLarge`].
    TooLarge = 505, "too_large";
    /// See [`TransportProblem::Cancelled`].
    Cancelled = 506, "cancelled";
    /// See [`TransportProblem::Protocol`].
    Protocol = 507, "protocol";
    /// See [`BoundaryProblem::Null`].
    NullPointer = 601, "null_pointer";
    /// See [`BoundaryProblem::Handle`].
    BadHandle = 602, "bad_handle";
    /// See [`BoundaryProblem::Utf8`].
    BadUtf8 = 603, "bad_utf8";
    /// See [`BoundaryProblem::Panic`].
    Panic = 604, "panic";
}

impl ErrorKind {
    /// The stable number; its hundreds are the group.
    pub fn number(self) -> u16 {
        self as u16
    }

    /// The kind of this number.
    pub fn from_number(number: u16) -> Option<ErrorKind> {
        ErrorKind::ALL.iter().copied().find(|kind| kind.number() == number)
    }

    /// The family that the kind belongs to.
    pub fn group(self) -> ErrorGroup {
        match self.number() / 100 {
            1 => ErrorGroup::Input,
            2 => ErrorGroup::Api,
            3 => ErrorGroup::Decode,
            4 => ErrorGroup::State,
            5 => ErrorGroup::Transport,
            _ => ErrorGroup::Boundary,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_ordered_and_fall_into_their_group() {
        let numbers: Vec<u16> = ErrorKind::ALL.iter().map(|kind| kind.number()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] < pair[1]), "{numbers:?}");
        for kind in ErrorKind::ALL {
            assert_eq!(kind.group() as u16, kind.number() / 100, "{kind:?}");
            assert_eq!(ErrorKind::from_number(kind.number()), Some(*kind));
            assert!(!kind.name().is_empty());
        }
        assert_eq!(ErrorKind::from_number(999), None);
    }

    /// Kinds without a problem, each with what raises it.
    const WITHOUT_A_PROBLEM: [(ErrorKind, &str); 1] = [(ErrorKind::InvalidInput, "Error::Input")];

    #[test]
    fn every_kind_is_the_kind_of_some_problem() {
        fn kinds<P: Copy + Into<ErrorKind>>(problems: &[P]) -> Vec<ErrorKind> {
            problems.iter().map(|problem| (*problem).into()).collect()
        }
        let mut reached: Vec<ErrorKind> = WITHOUT_A_PROBLEM.iter().map(|(kind, _)| *kind).collect();
        reached.extend(kinds(ApiProblem::ALL));
        reached.extend(kinds(DecodeProblem::ALL));
        reached.extend(kinds(StateProblem::ALL));
        reached.extend(kinds(TransportProblem::ALL));
        reached.extend(kinds(BoundaryProblem::ALL));
        let missed: Vec<_> = ErrorKind::ALL.iter().filter(|kind| !reached.contains(kind)).collect();
        assert!(missed.is_empty(), "no problem has the kind {missed:?}, so it never occurs");
    }

    #[test]
    fn every_api_problem_is_that_of_some_http_status() {
        let of = |http| [ApiProblem::of(http, false), ApiProblem::of(http, true)];
        let reported: Vec<ApiProblem> = (0..=999).flat_map(of).collect();
        let missed: Vec<_> = ApiProblem::ALL.iter().filter(|problem| !reported.contains(problem)).collect();
        assert!(missed.is_empty(), "ApiProblem::of gives {missed:?} for no HTTP status, so it never occurs");
    }
}
