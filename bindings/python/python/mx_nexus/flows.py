"""The careful part without I/O, for any HTTP library: a flow says what to do next and is told what came of it.

    flow = VerifyFlow(guid, "0.03", "0.05", wait=True, settings=Settings(base_url))
    while not isinstance(step := flow.next(*now()), Done):
        ...                             # carry out the step, and tell the flow what came
    outcome = step.output()             # or raises, as Client.verify does

A flow never asks for the time, never sleeps and never sends; only a journal, where one is given, is written inside `next()`.
A driver carries it, and decides nothing. `examples/drivers` has drivers for httpx and aiohttp, of sixty lines each.

The duties of a driver:

1. Carry out each step as it says, then tell what came, and ask for the next step at once. One step, one word.
2. `SendOnce`: on a new connection, once. No redirects, no retries by the HTTP library (several repeat a PUT by themselves
   when a connection turns out to be closed). `spend()` gives the request once.
3. `not_sent()` needs positive evidence: no connection was made, or no byte of the body left. Whatever is unsure is
   `maybe_sent()`.
4. Keep the limits: `Send.timeout` bounds name, connection, request and response together; a response larger than the
   driver's own limit is `maybe_sent("too_large")`. Ask `Send.is_too_late()` as the first byte of the body is about to leave.
5. Join the secret that `Request.auth_header` names: the session's token, `Send.token` where there is one, or the API key where
   `Request.host` is "sso". Without a session, open one by a `SessionFlow`; if that fails, tell `no_session()` its exception.

A driver that forgets to answer is safe too: asked for the next step while a request of `SendOnce` is out, a flow takes it for
lost, and looks.
"""

from __future__ import annotations

from random import random
from time import monotonic, time

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

__all__ = [
    "CreateFlow",
    "Done",
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


def now() -> tuple[float, int, float]:
    """What `next()` asks for: seconds on the monotonic clock, whole seconds since 1970, and a chance."""
    return monotonic(), int(time()), random()


def until(moment: float) -> float:
    """Seconds from now until a moment of `now()`'s first clock, as in `Sleep.until`; never below zero."""
    return max(0.0, moment - monotonic())
