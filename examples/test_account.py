"""Tests of a program's own, with the fixtures that mx-nexus brings: `pytest examples/test_account.py`."""

from __future__ import annotations

import pytest
from mx_nexus import Client, Microdeposit, Status, Verdict
from mx_nexus.errors import NexusError
from mx_nexus.sandbox import Sandbox


@pytest.fixture
def made(nexus_client: Client) -> Microdeposit:
    """A microdeposit that has just been created."""
    return nexus_client.create(
        first_name="Josh",
        last_name="James",
        email="example@example.com",
        routing_number="091000019",
        account_number="333312345",
        account_type="checking",
    )


def test_the_amounts_on_the_statement_verify(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.advance(120)
    first, second = nexus_sandbox.deposits(made.guid)
    assert nexus_client.verify(made.guid, first, second).verdict is Verdict.VERIFIED


def test_the_third_wrong_submission_locks(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.advance(120)
    verdicts = [nexus_client.verify(made.guid, "0.02", "0.02").verdict for _ in range(3)]
    assert verdicts == [Verdict.DENIED, Verdict.DENIED, Verdict.LOCKED]


def test_the_bank_refuses(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.happen(made.guid, "failed", code="R03")
    record = nexus_client.wait(made.guid)
    assert record.status is Status.ERRORED and record.error_code == "R03"


def test_a_lost_response_costs_no_submission(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.advance(120)
    nexus_sandbox.fault("reset_after", operation="verify", nth=1)
    assert nexus_client.verify(made.guid, "0.09", "0.09").verdict is Verdict.VERIFIED
    assert nexus_sandbox.attempts(made.guid) == 1


@pytest.mark.nexus_sandbox(policy={"verification": {"after_seconds": 7200}})
def test_the_server_judges_later(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.advance(120)
    assert nexus_client.verify(made.guid, "0.09", "0.09").verdict is Verdict.PENDING
    nexus_sandbox.advance(7200)
    assert nexus_client.read(made.guid).status is Status.VERIFIED


def test_an_unknown_outcome_is_told(nexus_client: Client, nexus_sandbox: Sandbox, made: Microdeposit) -> None:
    nexus_sandbox.advance(120)
    nexus_sandbox.fault("reset_before", operation="verify", nth=1)
    with pytest.raises(NexusError) as caught:
        nexus_client.verify(made.guid, "0.09", "0.09")
    assert caught.value.outcome_unknown
