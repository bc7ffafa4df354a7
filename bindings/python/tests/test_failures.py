"""Failures that the sandbox injects: each call makes at most one record and one attempt there."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from mx_nexus import Client, Microdeposit, NexusError, Status, Verdict, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH

FAULTS: list[dict[str, Any]] = [
    {"effect": "reset_before"},
    {"effect": "reset_after"},
    {"effect": "cut", "bytes": 9},
    {"effect": "status", "status": 503, "after_acting": True},
    {"effect": "status", "status": 503},
    {"effect": "truncated"},
    {"effect": "garbage"},
    {"effect": "empty_401"},
    {"effect": "expire_sessions"},
]


def shown(fault: dict[str, Any]) -> str:
    return "-".join(map(str, fault.values()))


@pytest.mark.parametrize("fault", FAULTS, ids=shown)
def test_one_call_of_verify_is_at_most_one_submission(fault: dict[str, Any], client: Client, sandbox: Sandbox) -> None:
    made = client.create(**JOSH)
    sandbox.advance(120)
    sandbox.fault(**fault, operation="verify", nth=1)
    with contextlib.suppress(NexusError):
        outcome = client.verify(made.guid, "0.02", "0.02", timeout=4)
        assert outcome.verdict is Verdict.DENIED and sandbox.attempts(made.guid) == 1
    assert sandbox.attempts(made.guid) <= 1


@pytest.mark.parametrize("fault", FAULTS, ids=shown)
def test_one_call_of_create_is_at_most_one_record(fault: dict[str, Any], client: Client, sandbox: Sandbox) -> None:
    sandbox.fault(**fault, operation="create", nth=1)
    with contextlib.suppress(NexusError):
        made = client.create(**JOSH, timeout=4)
        assert [record.guid for record in client.list()] == [made.guid]
    assert len(client.list()) <= 1


def test_a_lost_response_is_found(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("reset_after", operation="verify", nth=1)
    assert client.verify(made.guid, "0.09", "0.09").verdict is Verdict.VERIFIED
    assert sandbox.attempts(made.guid) == 1


def test_an_outcome_that_stays_unknown_is_told(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("reset_before", operation="verify", nth=1)
    with pytest.raises(errors.OutcomeUnknown) as lost:
        client.verify(made.guid, "0.09", "0.09", timeout=4)
    error = lost.value
    assert not isinstance(error, (OSError, ValueError)) and error.kind == "io" and error.outcome_unknown and error.operation == "verify"
    assert error.last_seen is not None and error.last_seen.status is Status.DEPOSITED
    assert "Read the microdeposit" in error.advice and "outcome is unknown" in str(error)


def test_reads_are_tried_again_and_no_more_than_allowed(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.fault("status", status=503, operation="read", times=2)
    assert client.read(made.guid) == made
    sandbox.fault("status", status=503, operation="read")
    with pytest.raises(errors.ServerFailed) as failed:
        client.read(made.guid)
    assert failed.value.attempts == 3 and not failed.value.outcome_unknown


def test_retry_after_is_told(sandbox: Sandbox) -> None:
    with sandbox.client(read_attempts=1) as client:
        sandbox.fault("status", status=429, retry_after="7", operation="list")
        with pytest.raises(errors.RateLimited) as limited:
            client.list()
        assert limited.value.retry_after == 7.0


def test_redirects_are_not_followed(client: Client, sandbox: Sandbox) -> None:
    sandbox.fault("redirect", location="http://127.0.0.1:1/", operation="list")
    with pytest.raises(errors.Redirected):
        client.list()


def test_faults_are_listed_and_cleared(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    number = sandbox.fault("garbage", operation="read")
    assert [(fault["id"], fault["effect"]) for fault in sandbox.faults] == [(number, "garbage")]
    with pytest.raises(errors.NotJson):
        client.read(made.guid)
    sandbox.clear_faults()
    assert sandbox.faults == [] and client.read(made.guid) == made
    with pytest.raises(errors.InvalidInput):
        sandbox.fault("earthquake")


def test_requests_are_listed_in_order_and_masked(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    received = sandbox.requests
    assert len(received) >= 4 and JOSH["account_number"] not in str(received)
    assert sandbox.api_key not in str(received) and sandbox.session_token not in str(received)
