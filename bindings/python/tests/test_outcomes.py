"""Outcomes: their assumptions, pending submissions, and the failed reads that a wait reports."""

from __future__ import annotations

import json
import os
import pickle
import signal
import threading
from datetime import timedelta
from typing import Any

import pytest
from mx_nexus import Assumption, Assumptions, Client, Microdeposit, Outcome, Progress, Status, Verdict, errors
from mx_nexus.flows import Done, VerifyFlow, now
from mx_nexus.sandbox import Sandbox
from support import JOSH


def test_what_a_verdict_rests_on_is_told(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    assert client.verify(made.guid, "0.02", "0.02").assumed is None, "from DEPOSITED to DENIED needs no assumption"
    again = client.verify(made.guid, "0.02", "0.02")
    match again:
        case Outcome(Verdict.DENIED, record):
            assert record == again.record and again.assumed is Assumption.UPDATED_AT_SHOWS_DENIAL
        case _:
            raise AssertionError(again)
    assert again == again and hash(again) == hash(again) and again != client.read(made.guid)
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(again)


def test_what_is_not_assumed_is_pending_or_unknown(sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    with sandbox.client(assumptions=Assumptions.none()) as client:
        assert client.verify(made.guid, "0.02", "0.02").verdict is Verdict.DENIED
        assert client.verify(made.guid, "0.02", "0.02").verdict is Verdict.PENDING
        assert client.verify(made.guid, "0.02", "0.02").verdict is Verdict.LOCKED
        sandbox.fault("status", status=429, operation="create", nth=1)
        with pytest.raises(errors.OutcomeUnknown) as unknown:
            client.create(**JOSH, timeout=2)
        assert unknown.value.outcome_unknown and unknown.value.assumption is None
    with sandbox.client() as client:
        sandbox.fault("status", status=429, operation="create", nth=1)
        with pytest.raises(errors.RateLimited) as refused:
            client.create(**JOSH)
        assert not refused.value.outcome_unknown
        assert refused.value.assumption is Assumption.REFUSED_BEFORE_ACTING


def test_how_a_record_was_found_is_told(client: Client, sandbox: Sandbox) -> None:
    sandbox.fault("reset_after", operation="create", nth=1)
    found = client.create(**JOSH)
    assert found.assumed is Assumption.LISTS_SHOW_ALL
    read = client.read(found.guid)
    assert read == found and read.assumed is None


def test_a_wait_tells_of_reads_that_fail(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.fault("status", status=503, operation="read", times=3)
    seen: list[Progress] = []

    def report(progress: Progress) -> None:
        seen.append(progress)
        sandbox.advance(120)

    assert client.wait(made.guid, poll_every=0.01, on_progress=report).status is Status.DEPOSITED
    first, last = seen[0], seen[-1]
    assert first.record is None and isinstance(first.failure, errors.ServerFailed) and first.reads == 0
    assert first.requests_sent == 3 and "failed" in repr(first)
    assert last.record is not None and last.failure is None and last.reads == 1


@pytest.mark.parametrize("every", [0, 0.001, timedelta(milliseconds=9)])
def test_a_wait_does_not_read_more_often_than_is_decent(client: Client, made: Microdeposit, every: Any) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        client.wait(made.guid, poll_every=every)
    assert refused.value.field == "poll_every"


ODD = [
    ({"status": 4}, errors.MicrodepositFailed),
    ({"status": 7}, errors.MicrodepositFailed),
    ({"status": 0}, errors.OutcomeUnknown),
    ({"status": 3, "status_name": "DENIED"}, errors.OutcomeUnknown),
    ({"status": 17, "status_name": "NEW"}, errors.OutcomeUnknown),
]


@pytest.mark.parametrize(("shown", "cls"), ODD, ids=lambda one: str(one))
def test_what_says_nothing_about_the_amounts(shown: dict[str, Any], cls: type[errors.NexusError]) -> None:
    flow = VerifyFlow("MIC-1", "0.03", "0.05")
    flow.next(*now())
    flow.response(200, json.dumps({"guid": "MIC-1", "status": 2}))
    flow.next(*now()).spend()  # type: ignore[union-attr]
    flow.response(200, json.dumps({"guid": "MIC-1", **shown}))
    while not isinstance(step := flow.next(*now()), Done):
        flow.cancelled()
    with pytest.raises(cls) as told:
        step.output()
    assert told.value.outcome_unknown and told.value.last_seen is not None
    assert told.value.last_seen.guid == "MIC-1" and isinstance(told.value, errors.OutcomeUnknown)
    assert told.value.kind in ("microdeposit_failed", "unforeseen_status")


def test_a_user_who_is_unknown_is_not_a_microdeposit_that_is() -> None:
    with Sandbox(policy={"known_users_only": True}) as sandbox, sandbox.client(user_id="nobody") as client:
        with pytest.raises(errors.NotEnabled) as refused:
            client.list()
    assert isinstance(refused.value, PermissionError) and "enable" in refused.value.advice


def test_what_was_done_is_told_to_who_is_interrupted() -> None:
    def handler(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with Sandbox(policy={"verification": "deferred"}) as sandbox, sandbox.client() as client:
            pending = client.create(**JOSH)
            sandbox.advance(120)
            sandbox.fault("status", status=503, operation="read", nth=2, times=100)
            threading.Timer(0.7, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            with pytest.raises(KeyboardInterrupt) as interrupted:
                client.verify(pending.guid, "0.09", "0.09", wait=True)
            told = interrupted.value.__cause__
            assert isinstance(told, errors.NexusError) and told.guid == pending.guid
            assert told.last_seen is not None and sandbox.attempts(pending.guid) == 1
            assert told.outcome_unknown or (told.result is not None and told.result.verdict is Verdict.PENDING)
    finally:
        signal.signal(signal.SIGUSR1, before)
