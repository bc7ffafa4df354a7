"""Waits of AsyncClient: timers of the event loop, their callbacks, their ends."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from asyncio_support import client_of, run
from mx_nexus import AsyncClient, Microdeposit, Progress, Status, errors
from mx_nexus.sandbox import Sandbox


def asleep(client: AsyncClient) -> int:
    return len(client._sleeping)


async def all_asleep(client: AsyncClient, count: int) -> None:
    while asleep(client) < count:
        await asyncio.sleep(0.01)


def test_waits_cost_no_threads(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        async with client_of(sandbox, environment="production") as client:
            await client.read(made.guid)
            before = threading.active_count()
            waits = [asyncio.create_task(client.wait(made.guid)) for _ in range(400)]
            await all_asleep(client, len(waits))
            assert threading.active_count() <= before + 8
            # Other calls do not wait behind them.
            assert (await client.read(made.guid)).guid == made.guid
            for wait in waits[:399]:
                wait.cancel()
            ended = await asyncio.gather(*waits[:399], return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in ended)
            assert asleep(client) == 1
            await client.aclose()
            with pytest.raises(errors.Cancelled) as closed:
                await waits[399]
            assert closed.value.guid == made.guid and closed.value.last_seen is not None

    run(main())


def test_one_client_serves_one_event_loop_after_another(sandbox: Sandbox, made: Microdeposit) -> None:
    client = client_of(sandbox)
    sandbox.advance(120)

    async def waits() -> set[str]:
        return {one.guid for one in await asyncio.gather(*(client.wait(made.guid) for _ in range(40)))}

    assert run(waits()) == run(waits()) == {made.guid}
    run(client.aclose())


def test_what_is_no_count_and_no_callback(sandbox: Sandbox, made: Microdeposit) -> None:
    for odd in (True, 2.5, "3"):
        with pytest.raises(TypeError, match="whole number"):
            client_of(sandbox, concurrency=odd)

    def generator(progress: Progress) -> Any:
        yield progress

    async def main() -> None:
        async with client_of(sandbox) as client:
            with pytest.raises(TypeError, match="plain function"):
                await client.wait(made.guid, poll_every=0.01, on_progress=generator)

    run(main())
    with sandbox.client() as client, pytest.raises(TypeError, match="plain function"):
        client.wait(made.guid, poll_every=0.01, on_progress=generator)


def test_a_wait_s_time_ends_it_while_it_sleeps(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        async with client_of(sandbox) as client:
            seen: list[int] = []
            with pytest.raises(errors.WaitTimedOut) as over:
                report = lambda progress: seen.append(progress.reads)  # noqa: E731
                await client.wait(made.guid, timeout=0.3, poll_every=0.05, on_progress=report)
            assert over.value.last_seen is not None and seen == list(range(1, len(seen) + 1)) and len(seen) > 2

    run(main())


def test_a_wait_tells_failed_reads(sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.fault("reset_before", operation="read", times=2)

    async def main() -> None:
        async with client_of(sandbox, read_attempts=1) as client:
            seen: list[bool] = []

            def report(progress: Progress) -> None:
                seen.append(progress.failure is None)
                sandbox.advance(60)

            landed = await client.wait(made.guid, poll_every=0.01, on_progress=report)
            assert landed.status is Status.DEPOSITED and seen[:3] == [False, False, True]

    run(main())


def test_a_wait_is_cancelled(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        async with client_of(sandbox) as client:
            waits = [asyncio.create_task(client.wait(made.guid)) for _ in range(20)]
            await asyncio.sleep(0.3)
            for wait in waits:
                wait.cancel()
            ended = await asyncio.gather(*waits, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in ended)
            assert (await client.read(made.guid)) == made
            assert asleep(client) == 0

    run(main())


def test_what_a_callback_raises_ends_the_wait(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        async with client_of(sandbox) as client:

            def report(_: Progress) -> None:
                raise LookupError("mine")

            with pytest.raises(LookupError, match="mine"):
                await client.wait(made.guid, poll_every=0.01, on_progress=report)

    run(main())


def test_a_time_out_of_asyncio_works_too(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        async with client_of(sandbox) as client:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(client.wait(made.guid), 0.1)

    run(main())
