"""No handler for retries catches an unknown outcome: it is an OutcomeUnknown and no built-in exception."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from mx_nexus import Client, Microdeposit, Status, _nexus, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH

T = TypeVar("T")


def retrying(call: Callable[[], T], *on: type[BaseException]) -> T:
    """What libraries for retries do."""
    for _ in range(3):
        try:
            return call()
        except on as error:
            last = error
    raise last


FAULTS: list[dict[str, Any]] = [
    {"effect": "reset_before"},
    {"effect": "status", "status": 503},
    {"effect": "status", "status": 409},
    {"effect": "delay", "milliseconds": 6000},
    {"effect": "cut", "bytes": 20},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: "_".join(map(str, fault.values())))
def test_no_decorator_repeats_a_submission(fault: dict[str, Any], sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault(**fault, operation="verify")
    for nth in range(2, 40):
        sandbox.fault("status", status=503, operation="read", nth=nth)
    groups = (errors.TransportError, errors.ApiError, errors.DecodeError)
    with sandbox.client(attempt_timeout=0.5, reconcile_timeout=0.5) as client, pytest.raises(errors.OutcomeUnknown) as told:
        call = lambda: client.verify(made.guid, "0.09", "0.09", timeout=2)  # noqa: E731
        retrying(call, ConnectionError, TimeoutError, OSError, ValueError, *groups)
    error = told.value
    assert sum(request.get("operation") == "verify" for request in sandbox.requests) == 1
    assert type(error) is errors.OutcomeUnknown and error.outcome_unknown and error.operation == "verify"
    assert error.kind in {name for _, name, _ in _nexus.error_kinds()} and errors.KINDS[error.number].kind == error.kind
    assert "before anybody submits again" in error.advice


def test_a_create_too(sandbox: Sandbox) -> None:
    sandbox.fault("reset_before", operation="create", nth=1)
    sandbox.fault("status", status=503, operation="list")
    with sandbox.client(reconcile_timeout=0.2) as client, pytest.raises(errors.NexusError) as told:
        retrying(lambda: client.create(**JOSH, timeout=2), ConnectionError, TimeoutError)
    assert told.value.outcome_unknown == isinstance(told.value, errors.OutcomeUnknown)


@pytest.mark.parametrize("number", errors.KINDS)
def test_unknown_is_the_class_and_the_class_is_unknown(number: int) -> None:
    error = errors.build(number, "words", outcome_unknown=True)
    assert isinstance(error, errors.OutcomeUnknown) and not isinstance(error, (OSError, ValueError, LookupError))
    assert (error.number, error.kind) == (number, errors.KINDS[number].kind)
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), back.number, back.kind, back.outcome_unknown) == (type(error), number, error.kind, True)


def test_what_is_known_is_still_a_connection_error(sandbox: Sandbox, client: Client, made: Microdeposit) -> None:
    sandbox.fault("reset_before", operation="read")
    with pytest.raises(ConnectionError) as lost:
        client.read(made.guid)
    assert isinstance(lost.value, errors.ConnectionBroke) and not lost.value.outcome_unknown


def test_there_is_nothing_left_to_do_for_a_verified_one(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    client.verify(made.guid, "0.09", "0.09")
    with pytest.raises(errors.NotVerifiable) as refused:
        client.verify(made.guid, "0.09", "0.09")
    assert refused.value.last_seen is not None and refused.value.last_seen.status is Status.VERIFIED
    assert str(refused.value).endswith(": VERIFIED")
    assert refused.value.advice == "Nothing is left to do." and not refused.value.outcome_unknown
