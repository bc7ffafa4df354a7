"""The flows, for any HTTP library: a flow returns the next step, and the caller reports the event that resulted.

    flow = VerifyFlow(guid, "0.03", "0.05", wait=True, settings=Settings(base_url))
    while not isinstance(step := flow.next(*now()), Done):
        ...                             # carry out the step, and report its event to the flow
    outcome = step.output()             # or raises, as Client.verify does

A flow never reads a clock, never sleeps and never sends. If it has a journal, `next()` writes it and takes as long as the disk:
under asyncio, call it in a thread. A driver carries out the steps and decides nothing. `examples/drivers` has drivers for httpx
and aiohttp, of sixty lines each.

The duties of a driver:

1. Carry out each step as it says, report its event, and ask for the next step at once. One step, one event.
2. `SendOnce`: on a new connection, once. No redirects, no retries by the HTTP library (several repeat a PUT by themselves
   when a connection turns out to be closed). `spend()` gives the request once.
3. `not_sent()` needs positive evidence: no connection was made, or no byte of the body left. In every unsure case
   report `maybe_sent()`.
4. Keep the limits: `Send.timeout` bounds name lookup, connection, request and response together; a response larger than the
   driver's own limit is `maybe_sent("too_large")`. Ask `Send.is_too_late()` as the first byte of the body is about to leave.
5. Join the secret that `Request.auth_header` names: the session's token, `Send.token` if there is one, or the API key where
   `Request.host` is "sso". Without a session, open one by a `SessionFlow`; if that fails, report its exception by
   `no_session()`.
6. If the caller cancels, report `cancelled()` and continue: `Done` then says whether the outcome is unknown.

A driver that forgets to report is safe too: a flow that is asked for the next step while a request of `SendOnce` is out treats
the response as lost and reconciles.
"""

from __future__ import annotations

from random import random
from time import monotonic, time
from typing import TYPE_CHECKING, Protocol, TypeVar

from ._nexus import (
    CreateFlow,
    Done,
    ListFlow,
    PreinitiateFlow,
    ReadFlow,
    Renew,
    Send,
    SendOnce,
    SessionFlow,
    Settings,
    Sleep,
    VerifyFlow,
    WaitFlow,
)

if TYPE_CHECKING:
    from typing import Literal, TypeAlias

    from .errors import NexusError
    from .verdict import TransportCause

    _Problem: TypeAlias = Literal["connect", "timeout", "io", "tls", "too_large", "cancelled", "protocol"]

__all__ = [
    "CreateFlow",
    "Done",
    "Flow",
    "ListFlow",
    "PreinitiateFlow",
    "ReadFlow",
    "Renew",
    "Send",
    "SendOnce",
    "SessionFlow",
    "Settings",
    "Sleep",
    "VerifyFlow",
    "WaitFlow",
    "now",
    "until",
]


T_co = TypeVar("T_co", covariant=True)


class Flow(Protocol[T_co]):
    """What a driver can do with any flow; `T_co` is what `Done.output()` gives. See `help(VerifyFlow)` for each."""

    def next(self, elapsed: float, unix: int, chance: float, /) -> Send | SendOnce | Sleep | Renew | Done[T_co]:
        """The next step."""
        ...

    def response(self, status: int, body: bytes, *, retry_after: str | None = None) -> None:
        """A whole response came."""

    def not_sent(self, problem: _Problem, *, cause: TransportCause | str | None = None) -> None:
        """No response came, and certainly no byte of the body left."""

    def maybe_sent(self, problem: _Problem, *, cause: TransportCause | str | None = None) -> None:
        """No whole response came, and the server may have acted."""

    def no_session(self, error: NexusError, /) -> None:
        """There is no session to send with."""

    def elapsed(self) -> None:
        """The time of a Sleep has come."""

    def cancelled(self) -> None:
        """The caller gave up."""

    def renewed(self) -> None:
        """There is a new session."""

    def not_renewable(self) -> None:
        """No other session can be had."""


def now() -> tuple[float, int, float]:
    """What `next()` asks for: seconds on the monotonic clock, whole seconds since 1970, and a chance."""
    return monotonic(), int(time()), random()


def until(moment: float) -> float:
    """Seconds from now until a moment of `now()`'s first clock, as in `Sleep.until`; never below zero."""
    return max(0.0, moment - monotonic())
