"""on_progress: an async function is refused, an exception ends the wait, and the callback may use the client."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from typing import Any

import pytest
from mx_nexus import AsyncClient, Client, Microdeposit, Progress
from mx_nexus.sandbox import Sandbox


async def report(_: Progress) -> None:
    raise AssertionError("it is never begun")


class Reporter:
    async def __call__(self, _: Progress) -> None:
        raise AssertionError("it is never begun")


ASYNC: list[Any] = [report, Reporter(), functools.partial(report), lambda progress: report(progress)]


def client_of(sandbox: Sandbox) -> AsyncClient:
    return AsyncClient(sandbox.url, session_token=sandbox.session_token)


@pytest.mark.parametrize("callback", ASYNC, ids=["function", "object", "partial", "lambda"])
def test_an_async_one_is_refused(callback: Any, client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    with pytest.raises(TypeError, match="plain function"):
        client.wait(made.guid, timeout=5, poll_every=0.01, on_progress=callback)

    async def main() -> None:
        async with client_of(sandbox) as other:
            with pytest.raises(TypeError, match="plain function"):
                await asyncio.wait_for(other.wait(made.guid, poll_every=0.01, on_progress=callback), 10)

    asyncio.run(main())
    assert client.read(made.guid) == made


def test_what_cannot_be_called_is_refused_before_anything_is_sent(client: Client, sandbox: Sandbox) -> None:
    wrong: Any = "report"
    with pytest.raises(TypeError, match="on_progress"):
        client.wait("MIC-1", on_progress=wrong)
    assert not any(request.get("operation") == "read" for request in sandbox.requests)


RAISED = [StopIteration, StopAsyncIteration, GeneratorExit, LookupError, asyncio.CancelledError, RecursionError]


@pytest.mark.parametrize("kind", RAISED)
def test_whatever_it_raises_ends_the_wait(
    kind: type[BaseException], client: Client, sandbox: Sandbox, made: Microdeposit
) -> None:
    def fail(_: Progress) -> None:
        raise kind

    with pytest.raises(kind):
        client.wait(made.guid, poll_every=0.01, on_progress=fail)

    async def main() -> None:
        async with client_of(sandbox) as other:
            with pytest.raises(RuntimeError if kind is StopIteration else kind):
                await asyncio.wait_for(other.wait(made.guid, poll_every=0.01, on_progress=fail), 10)

    asyncio.run(main())
    assert client.read(made.guid) == made, "the client goes on"


def test_it_may_use_the_client(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    seen: list[object] = []

    def again(depth: int) -> Callable[[Progress], None]:
        def inner(progress: Progress) -> None:
            seen.append(client.read(made.guid))
            if depth < 3:
                client.wait(made.guid, until="INITIATED", poll_every=0.01, on_progress=again(depth + 1))
            if depth == 0:
                sandbox.advance(120)

        return inner

    def again_not(_: Progress) -> None:
        seen.append(client.list()[0])

    client.wait(made.guid, until="INITIATED", timeout=20, poll_every=0.01, on_progress=again(0))
    assert len(seen) == 4
    client.wait(made.guid, until="DEPOSITED", timeout=20, poll_every=0.01, on_progress=again_not)


def test_it_may_close_the_client(sandbox: Sandbox, made: Microdeposit) -> None:
    client = sandbox.client()
    with pytest.raises((ConnectionError, RuntimeError)):
        client.wait(made.guid, timeout=20, poll_every=0.01, on_progress=lambda _: client.close())
