"""Signals: none makes a request go out twice, every handler runs in time, and the result of an interrupted call is kept."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mx_nexus import Client, Journal, Microdeposit, Outcome, Status, Verdict, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="this platform has no signal that a test can send itself")


@contextmanager
def handled(handler: Callable[..., object]) -> Iterator[None]:
    before = signal.signal(signal.SIGUSR1, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGUSR1, before)


def ctrl_c(*_: object) -> None:
    raise KeyboardInterrupt


def kick() -> None:
    os.kill(os.getpid(), signal.SIGUSR1)


def requests(sandbox: Sandbox, operation: str) -> int:
    return sum(request.get("operation") == operation for request in sandbox.requests)


@pytest.mark.parametrize("signals", [1, 25])
@pytest.mark.parametrize("operation", ["read", "list", "verify", "create"])
def test_a_signal_multiplies_nothing(
    operation: str, signals: int, client: Client, sandbox: Sandbox, made: Microdeposit
) -> None:
    heard: list[int] = []
    sandbox.advance(120)
    before = requests(sandbox, operation)
    sandbox.fault("delay", milliseconds=500, operation=operation, nth=1)
    calls: dict[str, Callable[[], Any]] = {
        "read": lambda: client.read(made.guid),
        "list": client.list,
        "verify": lambda: client.verify(made.guid, "0.09", "0.09"),
        "create": lambda: client.create(**JOSH),
    }
    with handled(lambda *_: heard.append(1)):

        def send() -> None:
            for _ in range(signals):
                time.sleep(0.3 / signals)
                kick()

        thread = threading.Thread(target=send)
        thread.start()
        assert calls[operation]()
        thread.join()
    assert 1 <= len(heard) <= signals and requests(sandbox, operation) == before + 1


def test_handlers_run_while_a_read_waits_and_its_time_goes_on() -> None:
    heard: list[float] = []
    with socket.create_server(("127.0.0.1", 0)) as silent, handled(lambda *_: heard.append(time.monotonic())):
        client = Client(f"http://127.0.0.1:{silent.getsockname()[1]}", session_token="t", read_attempts=1)
        timers = [threading.Timer(0.1 * turn, kick) for turn in range(1, 6)]
        for timer in timers:
            timer.start()
        began = time.monotonic()
        with pytest.raises(errors.TimedOut):
            client.read("MIC-1", timeout=0.8)
        assert 0.7 < time.monotonic() - began < 3 and len(heard) == 5 and heard[0] - began < 0.4


def test_a_handler_may_call_the_same_client(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    seen: list[Microdeposit] = []
    sandbox.fault("delay", milliseconds=400, operation="read", nth=1)
    with handled(lambda *_: seen.append(client.read(made.guid))):
        threading.Timer(0.1, kick).start()
        assert client.read(made.guid) == made and seen == [made]


@contextmanager
def responding(status: int, kicks: int) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends signals just before it responds to a PUT or POST."""
    puts: list[bytes] = []

    def one(peer: socket.socket) -> None:
        with peer:
            came = b""
            while part := peer.recv(65536):
                came += part
                head, end, body = came.partition(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                if not end or len(body) < (int(length[1]) if length else 0):
                    continue
                shown: dict[str, Any] = {"micro_deposit": {"guid": "MIC-1", "status": 2}}
                if came.startswith(b"GET /micro_deposits "):
                    shown = {"micro_deposits": []}
                elif not came.startswith(b"GET"):
                    puts.append(came)
                    shown["micro_deposit"]["status"] = status
                    for _ in range(kicks):
                        kick()
                text = json.dumps(shown).encode()
                peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
                came = b""

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=one, args=(peer,), daemon=True).start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", puts
        listening.shutdown(socket.SHUT_RDWR)
        thread.join(5)


@pytest.mark.parametrize("kicks", [1, 3])
@pytest.mark.parametrize("turn", range(5))
def test_an_outcome_that_comes_with_the_signal_is_kept(turn: int, kicks: int) -> None:
    with responding(3, kicks) as (url, puts), Client(url, session_token="t") as client, handled(ctrl_c):
        with pytest.raises(KeyboardInterrupt) as stopped:
            client.verify("MIC-1", "0.09", "0.09")
    told = stopped.value.__cause__
    assert isinstance(told, errors.Interrupted) and not told.outcome_unknown and len(puts) == 1
    assert isinstance(told.result, Outcome) and told.result.verdict is Verdict.VERIFIED
    assert told.last_seen is not None and told.last_seen.status is Status.VERIFIED
    assert (told.guid, told.operation) == ("MIC-1", "verify") and "Do not send it again" in told.advice


def test_so_is_a_record_that_was_made() -> None:
    with responding(0, 1) as (url, posts), Client(url, session_token="t") as client, handled(ctrl_c):
        with pytest.raises(KeyboardInterrupt) as stopped:
            client.create(**JOSH)
    told = stopped.value.__cause__
    assert isinstance(told, errors.Interrupted) and isinstance(told.result, Microdeposit)
    assert told.result.guid == "MIC-1" and len(posts) == 1


def test_a_handler_that_raises_nothing_does_not_take_the_outcome() -> None:
    with responding(3, 1) as (url, puts), Client(url, session_token="t") as client, handled(lambda *_: None):
        assert client.verify("MIC-1", "0.09", "0.09").verdict is Verdict.VERIFIED and len(puts) == 1


def test_what_stays_unknown_is_told(sandbox: Sandbox, client: Client, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("delay", milliseconds=3000, operation="verify", nth=1)
    with handled(ctrl_c):
        threading.Timer(0.3, kick).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt) as stopped:
            client.verify(made.guid, "0.09", "0.09")
    told = stopped.value.__cause__
    assert time.monotonic() - began < 2 and isinstance(told, errors.OutcomeUnknown) and told.outcome_unknown
    assert told.kind == "cancelled" and told.result is None and requests(sandbox, "verify") == 1


def test_a_call_that_sent_nothing_needs_no_cause(sandbox: Sandbox, client: Client, made: Microdeposit) -> None:
    sandbox.fault("delay", milliseconds=3000, operation="read", nth=1)
    with handled(ctrl_c):
        threading.Timer(0.3, kick).start()
        with pytest.raises(KeyboardInterrupt) as stopped:
            client.verify(made.guid, "0.09", "0.09")
    assert stopped.value.__cause__ is None and requests(sandbox, "verify") == 0


def test_the_outcome_of_a_call_that_does_not_end_in_time_is_unknown(
    client: Client, made: Microdeposit, tmp_path: Path
) -> None:
    fcntl = pytest.importorskip("fcntl", reason="this platform locks files otherwise")
    journal = Journal(tmp_path / "journal", b"a secret of sixteen bytes or more")
    with (tmp_path / "journal").open("rb") as other, handled(ctrl_c):
        # Another process holds the file, and a wait for it is not ended by a signal.
        fcntl.flock(other, fcntl.LOCK_EX)
        threading.Timer(0.2, kick).start()
        with pytest.raises(KeyboardInterrupt) as interrupted:
            client.verify(made.guid, "0.09", "0.09", key="k", journal=journal, timeout=2)
        fcntl.flock(other, fcntl.LOCK_UN)
    cause = interrupted.value.__cause__
    assert isinstance(cause, errors.OutcomeUnknown) and cause.outcome_unknown and cause.operation == "verify"


@pytest.mark.parametrize("awaits", ["connection", "response"])
@pytest.mark.parametrize("operation", ["read", "list", "verify"])
def test_ctrl_c_ends_a_call_that_hangs(operation: str, awaits: str) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as silent, handled(ctrl_c):
        address = silent.getsockname()
        queue: list[socket.socket] = []
        # With its queue full it leaves attempts to connect without a response.
        while awaits == "connection":
            waiting = socket.socket()
            waiting.settimeout(0.2)
            queue.append(waiting)
            if waiting.connect_ex(address):
                break
        client = Client(f"http://127.0.0.1:{address[1]}", session_token="t", connect_timeout=60, attempt_timeout=60, timeout=60)
        calls: dict[str, Callable[[], Any]] = {
            "read": lambda: client.read("MIC-1"),
            "list": client.list,
            "verify": lambda: client.verify("MIC-1", "0.09", "0.09"),
        }
        threading.Timer(0.2, kick).start()
        began = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            calls[operation]()
        assert time.monotonic() - began < 15
        for waiting in queue:
            waiting.close()
