"""Verify that a person owns a bank account, with MX's Nexus microdeposits.

    from mx_nexus import INTEGRATION_URL, Client

    with Client(INTEGRATION_URL, client_id="acme", user_id="user-2345", api_key=key) as client:
        made = client.create(first_name="Josh", last_name="James", email="josh@example.com",
                             routing_number="091000019", account_number="333312345", account_type="checking")
        client.wait(made.guid)                             # until the deposits are there
        outcome = client.verify(made.guid, "0.09", "0.09", wait=True)   # text, Decimal or Cents
        print(outcome.verdict, outcome.verdict.advice)      # verified, denied, locked, or pending

One submission is at most one PUT that the server can have acted on, one create at most one record, and an unknown outcome is
reported as unknown (`NexusError.outcome_unknown`). A result that rests on an assumption about MX's server names it
(`Assumptions`). Nothing that is printed shows a secret: personal values have `expose()`. Every call has a deadline. Exceptions
are in `mx_nexus.errors`, a sandbox for your tests in `mx_nexus.sandbox`, fixtures for pytest in `mx_nexus.pytest_plugin`,
`AsyncClient` is for asyncio, and `mx_nexus.flows` for HTTP libraries of your own.
"""

from __future__ import annotations

# What `collections.abc` gives, without the import of `collections`.
import _collections_abc
import _thread


def _in_main_interpreter() -> bool:
    known = getattr(_thread, "_is_main_interpreter", None)
    if known is not None:
        return bool(known())
    try:
        interpreters = __import__("_xxsubinterpreters")
    except ImportError:  # then nobody makes any from Python
        return True
    return bool(interpreters.get_current() == interpreters.get_main())


# The extension module holds values of one interpreter; in another they would be compared with that one's and never be equal.
if not _in_main_interpreter():
    raise ImportError(
        "mx_nexus works in the main interpreter only, and this is a subinterpreter: "
        "use processes (under mod_wsgi: WSGIApplicationGroup %{GLOBAL})"
    )

from ._nexus import (
    INTEGRATION_SSO_URL,
    INTEGRATION_URL,
    MX_TEST_REFUSED,
    PRODUCTION_SSO_URL,
    PRODUCTION_URL,
    AccountNumber,
    Assumptions,
    Cents,
    Client,
    Create,
    GetApiToken,
    Journal,
    List,
    Microdeposit,
    Microdeposits,
    OpenSession,
    Outcome,
    Preinitiate,
    Private,
    Progress,
    Read,
    Request,
    RoutingNumber,
    Secret,
    Verify,
    WebhookEvent,
    WidgetUrl,
    __version__,
)
from .errors import NexusError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .aio import AsyncClient
    from .status import AccountType, Status
    from .verdict import Assumption, TransportCause, Verdict

if not TYPE_CHECKING:  # to type checkers they are already
    _collections_abc.Sequence.register(Microdeposits)
    _collections_abc.Mapping.register(Microdeposit)

__all__ = [
    "INTEGRATION_SSO_URL",
    "INTEGRATION_URL",
    "MX_TEST_REFUSED",
    "PRODUCTION_SSO_URL",
    "PRODUCTION_URL",
    "AccountNumber",
    "AccountType",
    "Assumption",
    "Assumptions",
    "AsyncClient",
    "Cents",
    "Client",
    "Create",
    "GetApiToken",
    "Journal",
    "List",
    "Microdeposit",
    "Microdeposits",
    "NexusError",
    "OpenSession",
    "Outcome",
    "Preinitiate",
    "Private",
    "Progress",
    "Read",
    "Request",
    "RoutingNumber",
    "Secret",
    "Status",
    "TransportCause",
    "Verdict",
    "Verify",
    "WebhookEvent",
    "WidgetUrl",
    "__version__",
]


# `enum` and `asyncio` take longer to import than all of this; only who asks for them pays.
_LATER = {
    "AccountType": "status",
    "Assumption": "verdict",
    "AsyncClient": "aio",
    "Status": "status",
    "TransportCause": "verdict",
    "Verdict": "verdict",
}


# Imported when they are first asked for.
_MODULES = ("aio", "flows", "sandbox", "status", "verdict")


def __getattr__(name: str) -> object:
    if name in _LATER:
        value: object = getattr(__import__(f"{__name__}.{_LATER[name]}", fromlist=[name]), name)
        globals()[name] = value
        return value
    if name in _MODULES:
        return __import__(f"{__name__}.{name}", fromlist=[name])
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
