"""Logging under `mx_nexus`: every event reaches the handlers, and no record holds a secret."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import subprocess
import sys
import threading
from collections.abc import Awaitable
from concurrent.futures import ThreadPoolExecutor

import pytest
from mx_nexus import AsyncClient, Client, Microdeposit, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH


def test_what_happens_is_told(
    client: Client, sandbox: Sandbox, made: Microdeposit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="mx_nexus")
    client.read(made.guid)
    assert [record.levelno for record in caplog.records] == [logging.DEBUG] * 2
    assert caplog.messages[0] == "read: sending, attempt 1" and caplog.messages[1].startswith("read: status 200 in 0.")
    caplog.clear()
    sandbox.fault("status", status=503, operation="read", times=1)
    client.read(made.guid)
    assert [record.message for record in caplog.records if record.levelno == logging.WARNING][0].startswith("retrying in ")
    caplog.clear()
    sandbox.expire_sessions()
    client.list()
    assert "renewing the session" in caplog.messages
    assert all(record.name == "mx_nexus" for record in caplog.records)
    text = str([vars(record) for record in caplog.records])
    for secret in (*JOSH.values(), sandbox.session_token, sandbox.api_key, made.guid):
        assert len(secret) < 9 or secret not in text


def test_a_level_is_respected(
    client: Client, sandbox: Sandbox, made: Microdeposit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="mx_nexus")
    sandbox.fault("status", status=503, operation="read", times=1)
    client.read(made.guid)
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_program_that_does_not_log_hears_nothing() -> None:
    program = """
from mx_nexus.sandbox import Sandbox
with Sandbox() as sandbox, sandbox.client() as client:
    sandbox.fault("status", status=503, operation="list", times=1)
    client.list()
import logging
with Sandbox() as sandbox, sandbox.client() as client:
    sandbox.fault("status", status=503, operation="list", times=1)
    client.list()
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_what_a_handler_raises_does_not_end_the_call(client: Client, made: Microdeposit) -> None:
    class Broken(logging.Filter):
        def filter(self, record: logging.LogRecord) -> bool:
            raise LookupError("the filter's own fault")

    logger, broken = logging.getLogger("mx_nexus"), Broken()
    heard: list[object] = []
    before, sys.unraisablehook = sys.unraisablehook, heard.append
    logger.addFilter(broken)
    logger.setLevel(logging.DEBUG)
    try:
        assert client.read(made.guid) == made
        with pytest.raises(errors.NotFound):
            client.read("MIC-unknown")
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeFilter(broken)
        sys.unraisablehook = before
    assert len(heard) == 4


def test_lines_come_from_the_thread_that_called_in_its_context(client: Client, made: Microdeposit) -> None:
    request: contextvars.ContextVar[str] = contextvars.ContextVar("request")
    seen: list[tuple[int, str, int | None]] = []

    class Context(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append((record.thread or 0, request.get("nobody's"), getattr(record, "nexus_status", None)))

    def read(name: str) -> int:
        request.set(name)
        client.read(made.guid)
        client.list()
        return threading.get_ident()

    logger, handler = logging.getLogger("mx_nexus"), Context()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        expected = {(contextvars.copy_context().run(read, "main's"), "main's")}
        with ThreadPoolExecutor(4) as pool:
            jobs = [pool.submit(contextvars.copy_context().run, read, f"of {turn}") for turn in range(4)]
            expected |= {(job.result(), f"of {turn}") for turn, job in enumerate(jobs)}
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)
    assert {(thread, name) for thread, name, _ in seen} == expected
    assert {status for _, _, status in seen} == {None, 200} and len(seen) == 20


def test_lines_of_an_asyncio_client_are_in_the_context_of_the_task(sandbox: Sandbox, made: Microdeposit) -> None:
    request: contextvars.ContextVar[str] = contextvars.ContextVar("request")
    seen: set[tuple[str, str]] = set()

    class Context(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if operation := getattr(record, "nexus_operation", None):
                seen.add((operation, request.get("nobody's")))

    async def named(name: str, call: Awaitable[object]) -> None:
        request.set(name)
        await call

    async def main() -> None:
        async with AsyncClient(sandbox.url, session_token=sandbox.session_token) as client:
            sandbox.advance(120)
            calls = {"list": client.list(), "read": client.wait(made.guid), "verify": client.verify(made.guid, "0.02", "0.02")}
            await asyncio.gather(*(named(f"of {name}", call) for name, call in calls.items()))

    logger, handler = logging.getLogger("mx_nexus"), Context()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        asyncio.run(main())
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)
    assert seen == {("list", "of list"), ("read", "of read"), ("read", "of verify"), ("verify", "of verify")}


@pytest.mark.parametrize("threaded", [False, True])
def test_a_handler_may_use_the_client(threaded: bool, client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    inside: list[int] = []

    class Asking(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if not inside:
                inside.append(1)
                inside.append(len(client.list()))

    logger, handler = logging.getLogger("mx_nexus"), Asking()
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    try:
        sandbox.expire_sessions()
        call = threading.Thread(target=client.read, args=(made.guid,), daemon=True)
        if threaded:
            call.start()
            call.join(20)
        else:
            client.read(made.guid)
        assert not call.is_alive() and inside == [1, 1]
    finally:
        logger.setLevel(logging.NOTSET)
        logger.removeHandler(handler)


def test_fields_are_told_apart(client: Client, made: Microdeposit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="mx_nexus")
    client.read(made.guid)
    sending, finished = (vars(record) for record in caplog.records)
    assert (sending["nexus_operation"], sending["nexus_attempt"], sending["nexus_status"]) == ("read", 1, None)
    assert (finished["nexus_operation"], finished["nexus_status"]) == ("read", 200) and 0 < finished["nexus_elapsed"] < 20
    assert sending["nexus_guid"] == finished["nexus_guid"] == made.guid


def test_warnings_alone_cost_no_thread(
    client: Client, sandbox: Sandbox, made: Microdeposit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="mx_nexus")
    sandbox.fault("status", status=503, operation="read", times=1)
    with ThreadPoolExecutor(1) as pool:
        before = threading.active_count()
        ident = pool.submit(lambda: (client.read(made.guid), threading.get_ident())[1]).result()
        assert threading.active_count() <= before + 1
    (line,) = caplog.records
    assert line.getMessage().startswith("retrying") and line.thread == ident


def test_warnings_of_an_asyncio_wait_are_told_while_it_waits(
    sandbox: Sandbox, made: Microdeposit, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, logger="mx_nexus")
    sandbox.fault("status", status=503, operation="read", nth=1)
    heard: list[int] = []

    async def main() -> None:
        async with AsyncClient(sandbox.url, session_token=sandbox.session_token) as client:
            wait = asyncio.create_task(client.wait(made.guid, poll_every=0.05))
            await asyncio.sleep(1)
            heard.append(len(caplog.records))
            wait.cancel()

    asyncio.run(main())
    assert heard == [1] and caplog.messages[0].startswith("retrying")
