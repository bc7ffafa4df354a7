/* An exception for each code.
 *
 * Generated from the core's lists; a test compares it with them. To generate it again: NEXUS_REWRITE=1 cargo test -p
 * nexus-ffi --test header
 */
#ifndef NEXUS_EXCEPTIONS_HPP
#define NEXUS_EXCEPTIONS_HPP

#include "error.hpp"

#include <cstdlib>

namespace nexus {

/* A value or setting breaks a rule. */
class InvalidInput : public InputError {
public:
    using InputError::InputError;
};

/* 400, 422 and every other 4xx without an entry of its own. */
class BadRequest : public ApiError {
public:
    using ApiError::ApiError;
};

/* 401: the session (or, at the SSO host, the key) is not usable. Proves that the request was not carried out. */
class Unauthorized : public ApiError {
public:
    using ApiError::ApiError;
};

/* 403: not allowed from here or for this client. */
class Forbidden : public ApiError {
public:
    using ApiError::ApiError;
};

/* 404: unknown, deleted, or not this user's. */
class NotFound : public ApiError {
public:
    using ApiError::ApiError;
};

/* 409: the microdeposit is in a status that does not admit this. */
class Conflict : public ApiError {
public:
    using ApiError::ApiError;
};

/* 429: too many requests. */
class RateLimited : public ApiError {
public:
    using ApiError::ApiError;
};

/* 5xx: the server failed. */
class ServerFailed : public ApiError {
public:
    using ApiError::ApiError;
};

/* 3xx: a redirect, which is never followed. */
class Redirected : public ApiError {
public:
    using ApiError::ApiError;
};

/* Any other status, such as 1xx. */
class UnexpectedStatus : public ApiError {
public:
    using ApiError::ApiError;
};

/* 404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there. */
class NotEnabled : public ApiError {
public:
    using ApiError::ApiError;
};

/* The body is not JSON, or was cut short. */
class NotJson : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* A value has a JSON type that cannot be read. */
class WrongShape : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* A required part is absent. */
class MissingField : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* It holds another microdeposit than the requested one. */
class AnotherRecord : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* A status from which nothing can be concluded about the submission: an early one, an unknown one, or a number and
 * a name that contradict each other. */
class UnforeseenStatus : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* The list shows a sign that there is more of it, and the rest could not be fetched. */
class IncompleteList : public DecodeError {
public:
    using DecodeError::DecodeError;
};

/* Its status admits no submission. */
class NotVerifiable : public StateError {
public:
    using StateError::StateError;
};

/* The wait's own time limit was reached. */
class WaitTimedOut : public StateError {
public:
    using StateError::StateError;
};

/* It reached a status from which the wanted one cannot follow. */
class WaitEnded : public StateError {
public:
    using StateError::StateError;
};

/* No such move from its present status. */
class NotAllowed : public StateError {
public:
    using StateError::StateError;
};

/* The microdeposit itself failed (ERRORED, CONFLICTED or REJECTED); the amounts were not judged. */
class MicrodepositFailed : public StateError {
public:
    using StateError::StateError;
};

/* Another submission for the same microdeposit may still be acted on. */
class SubmissionOpen : public StateError {
public:
    using StateError::StateError;
};

/* An earlier request with the same key got no usable response, and its outcome is still unknown. */
class Unsettled : public StateError {
public:
    using StateError::StateError;
};

/* The journal cannot be read or written. */
class JournalUnusable : public StateError {
public:
    using StateError::StateError;
};

/* No connection was made, so nothing was sent. */
class ConnectFailed : public TransportError {
public:
    using TransportError::TransportError;
};

/* A time limit was reached. */
class TimedOut : public TransportError {
public:
    using TransportError::TransportError;
};

/* The connection broke. */
class ConnectionBroke : public TransportError {
public:
    using TransportError::TransportError;
};

/* TLS could not be established or the certificate was not accepted; nothing was sent. */
class TlsFailed : public TransportError {
public:
    using TransportError::TransportError;
};

/* The response is larger than the limit. */
class TooLarge : public TransportError {
public:
    using TransportError::TransportError;
};

/* The caller cancelled. */
class Cancelled : public TransportError {
public:
    using TransportError::TransportError;
};

/* The peer does not speak HTTP as agreed. */
class ProtocolBroken : public TransportError {
public:
    using TransportError::TransportError;
};

/* A pointer that must not be NULL is. */
class NullPointer : public BoundaryError {
public:
    using BoundaryError::BoundaryError;
};

/* A handle that was never given out, is of another type, or is freed. */
class BadHandle : public BoundaryError {
public:
    using BoundaryError::BoundaryError;
};

/* Text that is not UTF-8. */
class BadUtf8 : public BoundaryError {
public:
    using BoundaryError::BoundaryError;
};

/* A defect in this library; it was caught at the border. */
class InternalError : public BoundaryError {
public:
    using BoundaryError::BoundaryError;
};

inline void Failure::raise() const
{
#if NEXUS_EXCEPTIONS
    switch (code_) {
    case NEXUS_ERROR_INVALID_INPUT:
        throw InvalidInput{*this};
    case NEXUS_ERROR_BAD_REQUEST:
        throw BadRequest{*this};
    case NEXUS_ERROR_UNAUTHORIZED:
        throw Unauthorized{*this};
    case NEXUS_ERROR_FORBIDDEN:
        throw Forbidden{*this};
    case NEXUS_ERROR_NOT_FOUND:
        throw NotFound{*this};
    case NEXUS_ERROR_CONFLICT:
        throw Conflict{*this};
    case NEXUS_ERROR_RATE_LIMITED:
        throw RateLimited{*this};
    case NEXUS_ERROR_SERVER:
        throw ServerFailed{*this};
    case NEXUS_ERROR_REDIRECT:
        throw Redirected{*this};
    case NEXUS_ERROR_UNEXPECTED_STATUS:
        throw UnexpectedStatus{*this};
    case NEXUS_ERROR_NOT_ENABLED:
        throw NotEnabled{*this};
    case NEXUS_ERROR_NOT_JSON:
        throw NotJson{*this};
    case NEXUS_ERROR_WRONG_SHAPE:
        throw WrongShape{*this};
    case NEXUS_ERROR_MISSING_FIELD:
        throw MissingField{*this};
    case NEXUS_ERROR_ANOTHER_RECORD:
        throw AnotherRecord{*this};
    case NEXUS_ERROR_UNFORESEEN_STATUS:
        throw UnforeseenStatus{*this};
    case NEXUS_ERROR_INCOMPLETE_LIST:
        throw IncompleteList{*this};
    case NEXUS_ERROR_NOT_VERIFIABLE:
        throw NotVerifiable{*this};
    case NEXUS_ERROR_WAIT_TIMED_OUT:
        throw WaitTimedOut{*this};
    case NEXUS_ERROR_WAIT_ENDED:
        throw WaitEnded{*this};
    case NEXUS_ERROR_NOT_ALLOWED:
        throw NotAllowed{*this};
    case NEXUS_ERROR_MICRODEPOSIT_FAILED:
        throw MicrodepositFailed{*this};
    case NEXUS_ERROR_SUBMISSION_OPEN:
        throw SubmissionOpen{*this};
    case NEXUS_ERROR_UNSETTLED:
        throw Unsettled{*this};
    case NEXUS_ERROR_JOURNAL_UNUSABLE:
        throw JournalUnusable{*this};
    case NEXUS_ERROR_CONNECT:
        throw ConnectFailed{*this};
    case NEXUS_ERROR_TIMEOUT:
        throw TimedOut{*this};
    case NEXUS_ERROR_IO:
        throw ConnectionBroke{*this};
    case NEXUS_ERROR_TLS:
        throw TlsFailed{*this};
    case NEXUS_ERROR_TOO_LARGE:
        throw TooLarge{*this};
    case NEXUS_ERROR_CANCELLED:
        throw Cancelled{*this};
    case NEXUS_ERROR_PROTOCOL:
        throw ProtocolBroken{*this};
    case NEXUS_ERROR_NULL_POINTER:
        throw NullPointer{*this};
    case NEXUS_ERROR_BAD_HANDLE:
        throw BadHandle{*this};
    case NEXUS_ERROR_BAD_UTF8:
        throw BadUtf8{*this};
    case NEXUS_ERROR_PANIC:
        throw InternalError{*this};
    case NEXUS_OK:
        break;
    }
    throw Error{*this};
#else
    std::abort();
#endif
}

} // namespace nexus

#endif
