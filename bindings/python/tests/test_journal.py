"""The journal: one key makes one microdeposit or one submission, across failures and killed processes; flows too."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from mx_nexus import Client, Journal, Microdeposit, Verdict, errors
from mx_nexus.flows import CreateFlow, Settings, VerifyFlow, now
from mx_nexus.sandbox import Sandbox
from support import JOSH
from test_flows import Carrier

KEY = b"sixteen bytes or"


def test_one_key_is_one_microdeposit(client: Client, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    made = client.create_once("application-7", journal=journal, **JOSH)
    again = Journal(str(tmp_path / "journal"), KEY)
    assert client.create_once("application-7", journal=again, **JOSH) == made
    with pytest.raises(errors.InvalidInput) as other:
        client.create_once("application-7", journal=journal, **{**JOSH, "account_number": "333398765"})
    assert other.value.field == "key"
    assert [record.guid for record in client.list()] == [made.guid]


def test_a_lost_response_is_found(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    sandbox.fault("reset_after", operation="create", nth=1)
    made = client.create_once("a", journal=journal, **JOSH)
    assert [record.guid for record in client.list()] == [made.guid]


def test_a_pending_submission_is_waited_for_under_its_key(tmp_path: Path) -> None:
    with Sandbox(policy={"verification": {"after_seconds": 7200}}) as sandbox, sandbox.client() as client:
        journal = Journal(tmp_path / "journal", KEY)
        guid = client.create(**JOSH).guid
        sandbox.advance(120)
        first = client.verify(guid, "0.09", "0.09", key="submission-1", journal=journal)
        assert first.verdict is Verdict.PENDING
        # Neither asks the person again nor sends anything again.
        again = client.verify(guid, "0.09", "0.09", key="submission-1", journal=journal, wait=True, timeout=1)
        assert again.verdict is Verdict.PENDING
        sandbox.advance(7200)
        told = client.verify(guid, "0.09", "0.09", key="submission-1", journal=journal, wait=True)
        assert told.verdict is Verdict.VERIFIED
        assert sum(request["operation"] == "verify" for request in sandbox.requests) == 1


KILLED = """
import os, sys, threading
from mx_nexus import Client, Journal
client = Client(sys.argv[1], session_token=sys.argv[2])
threading.Timer(0.4, os._exit, (9,)).start()
client.create_once("a", journal=Journal(sys.argv[3], b"sixteen bytes or"), first_name="Josh", last_name="James",
    email="example@example.com", routing_number="091000019", account_number="333312345", account_type="checking")
"""


def test_a_process_killed_while_it_waits_for_the_response(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "journal"
    sandbox.fault("delay", milliseconds=2000, operation="create", nth=1)
    command = [sys.executable, "-c", KILLED, sandbox.url, sandbox.session_token, str(file)]
    assert subprocess.run(command, timeout=60).returncode == 9
    text = file.read_text()
    assert "333312345" not in text and "James" not in text and "2345" in text, "the last four, for people"
    made = client.create_once("a", journal=Journal(file, KEY), **JOSH)
    assert [record.guid for record in client.list()] == [made.guid]


def test_what_is_no_journal(client: Client, tmp_path: Path) -> None:
    with pytest.raises(OSError):
        Journal(tmp_path / "no folder" / "journal", KEY)
    with pytest.raises(ValueError, match="16 bytes"):
        Journal(tmp_path / "journal", "short")
    journal = Journal(tmp_path / "journal", KEY)
    client.create_once("a", journal=journal, **JOSH)
    with pytest.raises(OSError):
        Journal(tmp_path / "journal", b"another key of 16")
    with pytest.raises(TypeError, match="pickled"):
        pickle.dumps(journal)
    assert KEY.decode() not in f"{journal!r} {journal}"


def test_one_key_is_one_submission(client: Client, sandbox: Sandbox, made: Microdeposit, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    sandbox.advance(120)
    for _ in range(2):
        outcome = client.verify(made.guid, "0.02", "0.02", key="first try", journal=journal)
        assert outcome.verdict is Verdict.DENIED and outcome.guid == made.guid
    assert sandbox.attempts(made.guid) == 1
    with pytest.raises(errors.InvalidInput) as other:
        client.verify(made.guid, "0.09", "0.09", key="first try", journal=journal)
    assert other.value.field == "key"
    assert client.verify(made.guid, "0.09", "0.09", key="second", journal=journal).verdict is Verdict.VERIFIED


def test_a_submission_whose_outcome_is_unknown_is_not_sent_again(
    client: Client, sandbox: Sandbox, made: Microdeposit, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    sandbox.advance(120)
    sandbox.fault("reset_before", operation="verify", nth=1)
    with pytest.raises(errors.OutcomeUnknown) as lost:
        client.verify(made.guid, "0.09", "0.09", key="a", journal=journal, timeout=4)
    assert lost.value.outcome_unknown
    with pytest.raises(errors.NexusError) as still:
        client.verify(made.guid, "0.09", "0.09", key="a", journal=journal, timeout=4)
    assert still.value.outcome_unknown and isinstance(still.value, errors.Unsettled)
    with pytest.raises(errors.SubmissionOpen) as other:
        client.verify(made.guid, "0.09", "0.09", key="b", journal=journal, timeout=4)
    assert not other.value.outcome_unknown and sandbox.attempts(made.guid) == 0


def test_preinitiated_once(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    person = {name: JOSH[name] for name in ("first_name", "last_name", "email")}
    sandbox.fault("reset_after", operation="preinitiate", nth=1)
    made = client.preinitiate_once("a", journal=journal, **person)
    assert client.preinitiate_once("a", journal=journal, **person) == made and len(client.list()) == 1


def test_flows_write_in_the_same_journal(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    journal, carrier = Journal(tmp_path / "journal", KEY), Carrier(sandbox)
    settings = Settings(sandbox.url.upper().replace("HTTP", "http"), client_id=sandbox.client_id, user_id=sandbox.user_id)
    elapsed, unix, _ = now()
    carrier.time, carrier.wall = elapsed, unix - int(elapsed)
    made = carrier.run(CreateFlow(**JOSH, key="a", journal=journal, settings=settings))
    assert client.create_once("a", journal=journal, **JOSH) == made and len(client.list()) == 1
    sandbox.advance(120)
    denied = client.verify(made.guid, "0.02", "0.02", key="b", journal=journal)
    carrier.sent.clear()
    again = carrier.run(VerifyFlow(made.guid, "0.02", "0.02", key="b", journal=journal, settings=settings))
    assert again == denied and carrier.sent == ["read call 1"] and sandbox.attempts(made.guid) == 1
    with pytest.raises(errors.InvalidInput) as nowhere:
        CreateFlow(**JOSH, key="a", journal=journal)
    assert nowhere.value.field == "base_url"


def test_a_flow_with_a_key_must_leave_in_time(sandbox: Sandbox, made: Microdeposit, tmp_path: Path) -> None:
    sandbox.advance(120)
    carrier, journal = Carrier(sandbox), Journal(tmp_path / "journal", KEY)
    flow = VerifyFlow(made.guid, "0.09", "0.09", key="a", journal=journal, settings=Settings(sandbox.url))
    # A read before the claim, and one under it.
    carrier.carry(flow, carrier.next(flow))
    carrier.carry(flow, carrier.next(flow))
    send = carrier.next(flow).spend()
    unix = carrier.wall + int(carrier.time)
    assert not send.is_too_late(unix) and send.is_too_late(unix + 600)
    flow.not_sent("timeout", cause="too_late")
    with pytest.raises(errors.TimedOut) as late:
        carrier.run(flow)
    assert not late.value.outcome_unknown and late.value.cause == "too_late"
