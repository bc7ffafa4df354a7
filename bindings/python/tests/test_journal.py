"""The journal: one key is one microdeposit, across threads, failures and processes that are killed."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from mx_nexus import Client, Journal, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH

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


def test_an_answer_that_was_lost_is_found(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal", KEY)
    sandbox.fault("reset_after", operation="create", nth=1)
    made = client.create_once("a", journal=journal, **JOSH)
    assert [record.guid for record in client.list()] == [made.guid]


KILLED = """
import os, sys, threading
from mx_nexus import Client, Journal
client = Client(sys.argv[1], session_token=sys.argv[2])
threading.Timer(0.4, os._exit, (9,)).start()
client.create_once("a", journal=Journal(sys.argv[3], b"sixteen bytes or"), first_name="Josh", last_name="James",
    email="example@example.com", routing_number="091000019", account_number="333312345", account_type="checking")
"""


def test_a_process_that_is_killed_while_it_waits_for_the_answer(client: Client, sandbox: Sandbox, tmp_path: Path) -> None:
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
