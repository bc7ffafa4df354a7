"""Every exception of this package. One base, `NexusError`; six groups; one class for each numbered kind of the core.

Each class also derives from the built-in that fits, so `except TimeoutError` and `except ValueError` work. No exception
holds a body, an account number, a name or a token; `last_seen` is a record, which prints masked.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._nexus import Microdeposit, Outcome
    from .verdict import Assumption, TransportCause


class NexusError(Exception):
    """The base of all. The attributes describe the failure."""

    number: int = 0
    """The kind's stable number; its hundreds are the group."""
    kind: str = ""
    """The kind's stable name, such as "not_found"."""

    status: int | None = None
    """The HTTP status, where a response came."""
    code: int | None = None
    """The server's own numeric code, such as 4011."""
    field: str | None = None
    """The field, option or path that it is about."""
    guid: str | None = None
    """The microdeposit that the call was about."""
    outcome_unknown: bool = False
    """Whether the server may have acted although no usable response came. Look before you send again."""
    retryable: bool = False
    """Whether the same call may be made again, later and as it is: nothing was changed, and what failed may pass."""
    attempts: int = 0
    """How many requests went out for the call."""
    retry_after: float | None = None
    """Seconds that the server asked us to wait."""
    operation: str | None = None
    """What was being done, such as "verify"."""
    last_seen: Microdeposit | None = None
    """The last record of the microdeposit that was seen during the call. Not pickled: it holds an account number."""
    candidates: tuple[str, ...] = ()
    """After a create whose outcome is unknown: guids of new records that may be the one."""
    assumption: Assumption | None = None
    """What "not carried out" presumes, where the response alone does not prove it."""
    cause: TransportCause | None = None
    """Why no usable response arrived, where that is known."""
    last_failure: str | None = None
    """After a wait that ended without the wanted status: the kind of the last read that failed, if one failed."""
    result: Outcome | Microdeposit | None = None
    """Of `Interrupted`: what the call would have given. Not pickled: it holds an account number."""
    advice: str = ""
    """What may safely be done next, in words for a person."""

    _core: object = None

    def __reduce__(self) -> tuple[Any, ...]:
        state = {name: value for name, value in self.__dict__.items() if name not in ("last_seen", "result", "_core")}
        return type(self), self.args, state


class InputError(NexusError, ValueError):
    """The caller's value or option breaks a rule. Nothing was sent."""


class ApiError(NexusError):
    """The server responded, and the response is not a success."""


class DecodeError(NexusError, ValueError):
    """The server reported success, but the response cannot be read."""


class StateError(NexusError):
    """The microdeposit is not, or did not come, where it is wanted."""


class TransportError(NexusError, ConnectionError):
    """No usable response arrived."""


class BoundaryError(NexusError):
    """The border between Python and Rust was crossed in a way that must not be."""


class OutcomeUnknown(NexusError):
    """The server may have acted; the outcome is unknown. Look before anything is sent again.

    Every failure of that sort is raised as this, and so neither as a ConnectionError nor a TimeoutError, and not as an
    ApiError or DecodeError either: whatever repeats calls on those never repeats this one. `kind` names the failure,
    `last_seen` and `candidates` say what was seen.
    """


class Interrupted(NexusError):
    """The `__cause__` of a KeyboardInterrupt, or what else a signal's handler raised, where the call was over by then: nothing
    is unknown, and `result` is what the call would have given."""

    number, kind = 506, "cancelled"


class InvalidInput(InputError):
    """A value or option breaks a rule; `field` names it."""

    number, kind = 101, "invalid_input"


class BadRequest(ApiError, ValueError):
    """400, 422 and every other 4xx without a class of its own."""

    number, kind = 201, "bad_request"


class Unauthorized(ApiError, PermissionError):
    """401: the session or the API key is not accepted. The request was not carried out."""

    number, kind = 202, "unauthorized"


class Forbidden(ApiError, PermissionError):
    """403: not allowed from here or for this client."""

    number, kind = 203, "forbidden"


class NotFound(ApiError, LookupError):
    """404: unknown, deleted, or not this user's."""

    number, kind = 204, "not_found"


class Conflict(ApiError):
    """409: the microdeposit is in a status that does not admit this."""

    number, kind = 205, "conflict"


class RateLimited(ApiError):
    """429: too many requests; `retry_after` where the server gave it."""

    number, kind = 206, "rate_limited"


class ServerFailed(ApiError):
    """5xx: the server failed."""

    number, kind = 207, "server"


class Redirected(ApiError):
    """3xx: a redirect, which is never followed."""

    number, kind = 208, "redirect"


class UnexpectedStatus(ApiError):
    """Any other HTTP status."""

    number, kind = 209, "unexpected_status"


class NotEnabled(ApiError, PermissionError):
    """404 of the session or SSO API: Nexus is not enabled for this client, or the user is unknown there."""

    number, kind = 210, "not_enabled"


class NotJson(DecodeError):
    """The body is not JSON, or was cut short."""

    number, kind = 301, "not_json"


class WrongShape(DecodeError):
    """A value of another shape than any reading admits."""

    number, kind = 302, "wrong_shape"


class MissingField(DecodeError):
    """A part that nothing can be done without is absent."""

    number, kind = 303, "missing_field"


class AnotherRecord(DecodeError):
    """The response is about another microdeposit than the one that was asked for."""

    number, kind = 304, "another_record"


class UnforeseenStatus(DecodeError):
    """A status from which nothing can be concluded about the submission."""

    number, kind = 305, "unforeseen_status"


class IncompleteList(DecodeError):
    """The list shows a sign that there is more of it, and the rest could not be fetched."""

    number, kind = 306, "incomplete_list"


class NotVerifiable(StateError):
    """The status admits no submission; nothing was sent."""

    number, kind = 401, "not_verifiable"


class WaitTimedOut(StateError, TimeoutError):
    """A wait's own time was up."""

    number, kind = 402, "wait_timed_out"


class WaitEnded(StateError):
    """The microdeposit came to a status from which waiting leads nowhere."""

    number, kind = 403, "wait_ended"


class NotAllowed(StateError):
    """No such move from the present status."""

    number, kind = 404, "not_allowed"


class MicrodepositFailed(StateError, OutcomeUnknown):
    """The microdeposit itself failed (ERRORED, CONFLICTED or REJECTED); nothing was said about the amounts."""

    number, kind = 405, "microdeposit_failed"


class SubmissionOpen(StateError):
    """An earlier submission for this microdeposit is still open; nothing was sent."""

    number, kind = 406, "submission_open"


class Unsettled(StateError, OutcomeUnknown):
    """How the earlier request under this key ended does not show yet; nothing is sent twice."""

    number, kind = 407, "unsettled"


class JournalUnusable(StateError, OSError):
    """The journal cannot be read or written."""

    number, kind = 408, "journal_unusable"


class ConnectFailed(TransportError):
    """No connection was made; nothing was sent."""

    number, kind = 501, "connect"


class TimedOut(TransportError, TimeoutError):
    """A deadline was reached."""

    number, kind = 502, "timeout"


class ConnectionBroke(TransportError):
    """The connection broke."""

    number, kind = 503, "io"


class TlsFailed(TransportError):
    """TLS could not be established, or the certificate was not accepted; nothing was sent."""

    number, kind = 504, "tls"


class TooLarge(TransportError):
    """The response is larger than the limit."""

    number, kind = 505, "too_large"


class Cancelled(TransportError):
    """The caller cancelled."""

    number, kind = 506, "cancelled"


class ProtocolBroken(TransportError):
    """The peer does not speak HTTP as agreed."""

    number, kind = 507, "protocol"


class NullPointer(BoundaryError):
    """A pointer that must not be null was null. Python code does not cause it."""

    number, kind = 601, "null_pointer"


class BadHandle(BoundaryError):
    """A handle was freed, of another type or made up. Python code does not cause it."""

    number, kind = 602, "bad_handle"


class BadUtf8(BoundaryError, ValueError):
    """A text was not UTF-8. Python code does not cause it."""

    number, kind = 603, "bad_utf8"


class InternalError(BoundaryError, RuntimeError):
    """A defect in this library; please report it."""

    number, kind = 604, "panic"


KINDS: dict[int, type[NexusError]] = {
    value.number: value
    for value in list(globals().values())
    if isinstance(value, type) and issubclass(value, NexusError) and value.number and value is not Interrupted
}
"""The class of every kind, by its number."""


def invalid(field: str, rule: str) -> InvalidInput:
    """What is raised for a value of the caller's that breaks a rule; the value is not in it."""
    error = InvalidInput(f"{field}: {rule}")
    error.field, error.advice = field, "Correct the named value and call again; nothing was sent."
    return error


def build(number: int, message: str, **facts: Any) -> NexusError:
    """The exception of a kind. Called by the extension module; `facts` are the attributes."""
    kind = KINDS.get(number, NexusError)
    if facts.get("outcome_unknown") and not issubclass(kind, OutcomeUnknown):
        error: NexusError = OutcomeUnknown(message)
        error.number, error.kind = number, kind.kind
    else:
        error = kind(message)
    for name, value in facts.items():
        setattr(error, name, value)
    return error


def interrupted(operation: str, result: Outcome | Microdeposit) -> Interrupted:
    """The exception for a call that had already ended when a signal interrupted it. Called by the extension module."""
    error = Interrupted(f"a signal ended the call after it was over; its result is kept (in {operation} of {result.guid})")
    error.operation, error.result, error.guid = operation, result, result.guid
    record: Microdeposit = getattr(result, "record", result)  # type: ignore[arg-type]
    error.last_seen = record
    error.advice = "Go on with `result`: it is what the call would have given. Do not send it again."
    return error
