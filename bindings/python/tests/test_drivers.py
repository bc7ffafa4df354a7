"""The example drivers: a complete run, lost responses, dropped connections and timeouts; never more than one PUT."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from mx_nexus import Client, Microdeposit
from mx_nexus.sandbox import Sandbox
from support import ROOT, program

DRIVERS = ["httpx_driver", "aiohttp_driver"]
# A proxy that a driver would find by the environment, if it looked.
ENVIRONMENT = {**os.environ, "HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "NO_PROXY": ""}


def said(driver: str, base_url: str, token: str, *command: str) -> str:
    program = [sys.executable, "-W", "error", str(ROOT / "examples" / "drivers" / f"{driver}.py")]
    done = subprocess.run([*program, base_url, token, *command], capture_output=True, text=True, timeout=60, env=ENVIRONMENT)
    assert done.stderr == "", done.stderr
    assert done.returncode == (1 if done.stdout.startswith("error ") else 0), done.stdout
    return done.stdout.rstrip("\n")


def say(driver: str, sandbox: Sandbox, *command: str) -> str:
    return said(driver, sandbox.url, sandbox.session_token, *command)


def count(sandbox: Sandbox, operation: str) -> int:
    return sum(request.get("operation") == operation for request in sandbox.requests)


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_whole_story(driver: str, sandbox: Sandbox) -> None:
    made, guid, status = say(driver, sandbox, "create").split(" ")
    assert (made, status) == ("made", "INITIATED")
    sandbox.advance(120)
    assert say(driver, sandbox, "wait", guid) == "DEPOSITED"
    assert say(driver, sandbox, "verify", guid, "0.02", "0.02") == "denied"
    assert say(driver, sandbox, "verify", guid, "0.09", "0.09") == "verified"
    assert say(driver, sandbox, "verify", guid, "0.09", "0.09") == "error not_verifiable known"
    assert say(driver, sandbox, "wait", "MIC-unknown") == "error not_found known"
    assert say(driver, sandbox, "verify", guid, "0.999", "0.09") == "error invalid_input known"
    assert sandbox.attempts(guid) == count(sandbox, "verify") == 2 and count(sandbox, "create") == 1
    sandbox.expire_sessions()
    assert say(driver, sandbox, "create") == "error unauthorized known"


FAULTS = {
    "reset_after": "verified",
    "reset_before": "error io unknown",
    "garbage": "verified",
    "expire_sessions": "error unauthorized known",
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("driver", DRIVERS)
def test_a_response_that_is_lost(driver: str, fault: str, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault(fault, operation="verify", nth=1)
    assert say(driver, sandbox, "verify", made.guid, "0.09", "0.09") == FAULTS[fault]
    assert sandbox.attempts(made.guid) <= 1 and count(sandbox, "verify") == 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_create_whose_response_is_lost(driver: str, sandbox: Sandbox, client: Client) -> None:
    sandbox.fault("reset_after", operation="create", nth=1)
    _, guid, _ = say(driver, sandbox, "create").split(" ")
    assert [record.guid for record in client.list()] == [guid] and count(sandbox, "create") == 1


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_time_limit_is_for_the_request_as_a_whole(driver: str, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("slow", milliseconds=300, operation="verify", nth=1)
    began = time.monotonic()
    assert say(driver, sandbox, "verify", made.guid, "0.09", "0.09") == "verified"
    assert time.monotonic() - began < 8 and count(sandbox, "verify") == 1


def received(peer: socket.socket) -> bytes:
    """One request with its body; nothing where the connection was closed."""
    request = b""
    while part := peer.recv(65536):
        request += part
        head, end, body = request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        if end and len(body) >= (int(length[1]) if length else 0):
            return request
    return request


@contextmanager
def server(respond: Callable[[socket.socket, bytes], None]) -> Iterator[tuple[str, list[bytes]]]:
    """Gives each connection's first request to `respond`, and keeps all of them."""
    requests: list[bytes] = []
    threads: list[threading.Thread] = []

    def one(peer: socket.socket) -> None:
        with peer:
            peer.settimeout(5)
            request = received(peer)
            requests.append(request)
            respond(peer, request)

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            while True:
                try:
                    peer, _ = listening.accept()
                except OSError:
                    return
                threads.append(threading.Thread(target=one, args=(peer,), daemon=True))
                threads[-1].start()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", requests
        listening.shutdown(socket.SHUT_RDWR)
        for one_of_them in [thread, *threads]:
            one_of_them.join(5)


RECORD = b'{"micro_deposit":{"guid":"MIC-1","status":2,"status_name":"DEPOSITED"}}'


def whole(peer: socket.socket, body: bytes) -> None:
    peer.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_put_that_is_dropped_is_not_sent_again(driver: str) -> None:
    def respond(peer: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET"):
            whole(peer, RECORD)

    with server(respond) as (url, requests):
        assert said(driver, url, "token", "verify", "MIC-1", "0.09", "0.09") == "error io unknown"
    puts = [request for request in requests if request.startswith(b"PUT")]
    assert len(puts) == 1 and puts[0].lower().count(b"md-session-token: token") == 1
    assert b"transfer-encoding" not in puts[0].lower(), "the length is told"


@pytest.mark.parametrize("driver", DRIVERS)
def test_redirects_are_not_followed(driver: str) -> None:
    def respond(peer: socket.socket, request: bytes) -> None:
        if request.startswith(b"GET"):
            return whole(peer, RECORD)
        peer.sendall(b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with server(respond) as (url, requests):
        assert said(driver, url, "token", "verify", "MIC-1", "0.09", "0.09") == "error redirect unknown"
    assert sum(request.startswith(b"PUT") for request in requests) == 1
    assert not any(b"/elsewhere" in request for request in requests)


@pytest.mark.parametrize("driver", DRIVERS)
def test_nobody_listens(driver: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}"
        assert said(driver, url, "token", "create") == "error connect known"


@pytest.mark.parametrize("driver", DRIVERS)
def test_reads_share_a_connection_and_the_put_has_its_own(driver: str) -> None:
    requests: list[list[bytes]] = []

    def respond(peer: socket.socket, request: bytes) -> None:
        requests.append([])
        while request:
            requests[-1].append(request[:3])
            status = 3 if request.startswith(b"PUT") else 5
            body = b'{"micro_deposit":{"guid":"MIC-1","status":%d,"updated_at":"2026-01-05T09:00:00.001Z"}}' % status
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            request = received(peer)

    with server(respond) as (url, _):
        assert said(driver, url, "token", "verify", "MIC-1", "0.09", "0.09") == "verified"
    assert requests == [[b"GET", b"GET"], [b"PUT"]]


@pytest.mark.parametrize("driver", DRIVERS)
def test_the_suite_that_every_driver_must_pass(driver: str) -> None:
    cargo = program("cargo", "curl https://sh.rustup.rs -sSf | sh")
    command = [sys.executable, str(ROOT / "examples" / "drivers" / f"{driver}.py")]
    suite = [cargo, "run", "--quiet", "--example", "conformance", "--", *command]
    done = subprocess.run(suite, capture_output=True, text=True, timeout=900, cwd=ROOT, env=ENVIRONMENT)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok      verify_closed_when_idle" in done.stdout
