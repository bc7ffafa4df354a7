"""The client: every operation, waits, Ctrl-C, threads, forks; a waiting call releases the GIL."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from mx_nexus import Client, Microdeposit, Progress, Status, Verdict, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH


def test_from_nothing_to_verified(client: Client, sandbox: Sandbox) -> None:
    made = client.create(**JOSH, account_name="Savings for later")
    assert made.status is Status.INITIATED and made.account_name is not None
    sandbox.advance(timedelta(minutes=2))
    first, second = sandbox.deposits(made.guid)
    denied = client.verify(made.guid, "0.02", "0.02")
    assert (denied.verdict, denied.status, denied.guid) == (Verdict.DENIED, Status.DENIED, made.guid)
    outcome = client.verify(made.guid, first, second)
    verified = outcome.record
    assert outcome.verdict == "verified" and outcome.verdict is Verdict.VERIFIED and outcome.assumed is None
    assert outcome.status is verified.status is Status.VERIFIED and verified.verified_at is not None
    assert abs(verified.verified_at - sandbox.now) < timedelta(seconds=1)
    assert client.list()[0] == verified and made.assumed is None
    assert sandbox.attempts(made.guid) == 2 and sandbox.state["sessions_opened"] == 1


def test_preinitiated_and_the_widget(client: Client) -> None:
    made = client.preinitiate(first_name="Josh", last_name="James", email="example@example.com")
    assert made.status is Status.PREINITIATED
    link = client.widget_url(made.guid)
    assert link.expose().startswith("http://127.0.0.1:") and "http" not in f"{link!r} {link}"


def test_a_given_session_is_used_and_not_renewed(sandbox: Sandbox) -> None:
    with Client(sandbox.url, session_token=sandbox.session_token) as client:
        assert client.session().expose() == sandbox.session_token
        assert len(client.list()) == 0
        with pytest.raises(errors.InvalidInput) as refused:
            client.widget_url()
        assert refused.value.field == "credentials"
        sandbox.expire_sessions()
        with pytest.raises(PermissionError) as expired:
            client.create(**JOSH)
        assert isinstance(expired.value, errors.Unauthorized) and expired.value.code == 4011


def test_the_base_address_follows_from_the_sso_address(sandbox: Sandbox) -> None:
    who = {"client_id": sandbox.client_id, "user_id": sandbox.user_id, "api_key": sandbox.api_key}
    assert len(Client(sso_url=sandbox.url, **who).list()) == 0


def test_a_deferred_outcome_is_waited_for() -> None:
    with Sandbox(policy={"verification": "deferred"}) as sandbox, sandbox.client() as client:
        made = client.create(**JOSH)
        sandbox.advance(120)
        pending = client.verify(made.guid, "0.09", "0.09")
        assert pending.verdict is Verdict.PENDING and "Do not ask" in pending.verdict.advice
        assert "pending" in repr(pending) and JOSH["account_number"] not in repr(pending)
        assert client.wait(made.guid, until=Status.VERIFIED, timeout=20).status is Status.VERIFIED
        assert sandbox.attempts(made.guid) == 1
        other = client.create(**JOSH)
        sandbox.advance(120)
        assert client.verify(other.guid, "0.09", "0.09", wait=True).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("until", [None, "actionable", Status.DEPOSITED, "DEPOSITED", "deposited"])
def test_a_wait_tells_its_progress(client: Client, sandbox: Sandbox, made: Microdeposit, until: Any) -> None:
    seen: list[Progress] = []

    def report(progress: Progress) -> None:
        seen.append(progress)
        sandbox.advance(60)

    landed = client.wait(made.guid, until=until, timeout=20, poll_every=0.01, on_progress=report)
    assert landed.status is Status.DEPOSITED
    assert [progress.record and progress.record.status.name for progress in seen] == ["INITIATED", "REQUESTED", "DEPOSITED"]
    assert [progress.reads for progress in seen] == [1, 2, 3]
    assert seen[0].next_read == pytest.approx(0.01) and seen[-1].next_read is None
    assert 0 <= seen[0].elapsed <= seen[-1].elapsed < 20


@pytest.mark.parametrize("until", ["soon", 7, Status(12)])
def test_what_cannot_be_waited_for(client: Client, made: Microdeposit, until: Any) -> None:
    with pytest.raises((errors.InvalidInput, TypeError)):
        client.wait(made.guid, until=until, timeout=1)


def test_what_a_callback_raises_ends_the_wait(client: Client, made: Microdeposit) -> None:
    def report(progress: Progress) -> None:
        raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        client.wait(made.guid, poll_every=0.01, on_progress=report)
    assert client.read(made.guid) == made, "the client goes on"


INTERRUPTED = """
import os, signal, sys, threading, time
from mx_nexus import Client
from mx_nexus.sandbox import Sandbox
# What runs in the background of a shell inherits a SIGINT that is ignored, and Python leaves it so.
signal.signal(signal.SIGINT, signal.default_int_handler)
with Sandbox() as sandbox, sandbox.client() as client:
    made = client.create(first_name="a", last_name="b", email="c@d.ef", routing_number="091000019",
                         account_number="333312345", account_type="checking")
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    began = time.monotonic()
    try:
        client.wait(made.guid, poll_every=3600)
    except KeyboardInterrupt:
        print(time.monotonic() - began)
    client.read(made.guid)
    print("goes on")
"""


def test_ctrl_c_ends_a_wait_at_once() -> None:
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    took, goes_on = done.stdout.split("\n")[:2]
    assert 0.25 < float(took) < 20 and goes_on == "goes on", "at once: long before the next read"


@pytest.mark.parametrize("operation", ["list", "create", "session", "read"])
def test_ctrl_c_ends_a_call_that_hangs(operation: str) -> None:
    class Interrupt(Exception):
        pass

    def handler(*_: object) -> None:
        raise Interrupt

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            who = {"client_id": "c", "user_id": "u", "api_key": "k"}
            client = Client(address, **who)
            threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
            began = time.monotonic()
            with pytest.raises(Interrupt):
                given: dict[str, Any] = {"create": JOSH}.get(operation, {})
                getattr(client, operation)(*(["MIC-1"] if operation == "read" else []), **given)
            assert time.monotonic() - began < 5
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_signal_that_raises_nothing_ends_nothing(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    heard = []
    before = signal.signal(signal.SIGUSR1, lambda *_: (heard.append(1), sandbox.advance(120)))
    try:
        threading.Timer(0.1, os.kill, (os.getpid(), signal.SIGUSR1)).start()
        assert client.wait(made.guid, timeout=30, poll_every=0.02).status is Status.DEPOSITED
        assert heard == [1]
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_threads_share_a_client(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    with ThreadPoolExecutor(32) as pool:
        records = list(pool.map(lambda _: client.read(made.guid), range(400)))
    assert all(record == made for record in records)
    assert sandbox.state["sessions_opened"] == 1


ENDINGS = {"denied", "locked", "pending", "not_verifiable", "conflict", "submission_open"}


def test_threads_submit_one_at_a_time(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)

    def submit(_: int) -> str:
        try:
            return str(client.verify(made.guid, "0.02", "0.02").verdict)
        except (errors.NotVerifiable, errors.Conflict, errors.SubmissionOpen) as error:
            return error.kind

    with ThreadPoolExecutor(8) as pool:
        endings = list(pool.map(submit, range(8)))
    # One at a time: whoever comes while another submits sends nothing.
    counted = sum(ending in {"denied", "locked", "pending"} for ending in endings)
    assert 1 <= sandbox.attempts(made.guid) == counted <= 3 and set(endings) <= ENDINGS


def test_other_threads_run_while_a_call_waits() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", session_token="t", read_attempts=1)
        turns = 0
        call = threading.Thread(target=lambda: pytest.raises(errors.TimedOut, client.read, "MIC-1", timeout=0.5))
        call.start()
        while call.is_alive():
            turns += 1
            time.sleep(0.001)
        assert turns > 50


def test_a_closed_client_says_so(sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        client.list()
    for call in (client.list, client.session, lambda: client.read("MIC-1"), lambda: client.wait("MIC-1")):
        with pytest.raises(RuntimeError, match="closed"):
            call()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no os.fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_does_not_cross_a_fork(client: Client, made: Microdeposit) -> None:
    child = os.fork()
    if child == 0:
        try:
            client.read(made.guid)
        except RuntimeError as error:
            os._exit(7 if "fork" in str(error) else 8)
        os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
    assert client.read(made.guid) == made


def test_a_client_cannot_be_pickled(client: Client) -> None:
    with pytest.raises(TypeError, match="each process"):
        pickle.dumps(client)
