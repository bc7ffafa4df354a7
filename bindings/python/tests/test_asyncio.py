"""AsyncClient: the same methods, a thousand calls on a few threads, cancellation."""

from __future__ import annotations

import asyncio
import gc
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asyncio_support import client_of, run
from mx_nexus import AsyncClient, Journal, Microdeposit, Progress, Status, Verdict, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH


def test_the_story(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with client_of(sandbox) as client:
            made = await client.create(**JOSH)
            seen: list[Progress] = []

            def report(progress: Progress) -> None:
                assert asyncio.get_running_loop() and threading.current_thread() is threading.main_thread()
                seen.append(progress)
                sandbox.advance(60)

            landed = await client.wait(made.guid, poll_every=0.01, on_progress=report)
            assert landed.status is Status.DEPOSITED and len(seen) == 3
            assert (await client.verify(made.guid, "0.02", "0.02")).verdict is Verdict.DENIED
            verified = await client.verify(made.guid, *sandbox.deposits(made.guid), wait=True)
            assert verified.verdict is Verdict.VERIFIED
            assert (await client.list())[0] == await client.read(made.guid) == verified.record
            assert (await client.widget_url()).expose().startswith("http://127.0.0.1:")
            person = {name: JOSH[name] for name in ("first_name", "last_name", "email")}
            assert (await client.preinitiate(**person)).status is Status.PREINITIATED
            assert (await client.session()).expose()
            with pytest.raises(errors.NotVerifiable):
                await client.verify(made.guid, "0.09", "0.09")

    run(main())
    assert sandbox.state["sessions_opened"] == 1


def test_a_thousand_reads_without_a_thousand_threads(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> int:
        async with client_of(sandbox) as client:
            most = 0

            async def read() -> Microdeposit:
                nonlocal most
                record = await client.read(made.guid)
                most = max(most, threading.active_count())
                return record

            records = await asyncio.gather(*(read() for _ in range(1000)))
            assert all(record == made for record in records)
            return most

    assert run(main()) < 50


def test_an_odd_argument_holds_up_no_other_call(sandbox: Sandbox) -> None:
    class Odd(timedelta):
        def total_seconds(self) -> float:
            raise StopIteration

    async def main() -> list[Any]:
        async with client_of(sandbox) as client:
            calls = [client.list(timeout=odd) for _ in range(20) for odd in (Odd(1), None)]
            return await asyncio.gather(*calls, return_exceptions=True)

    ended = run(main())
    assert all(isinstance(one, RuntimeError) and isinstance(one.__cause__, StopIteration) for one in ended[::2])
    assert all(len(one) == 0 for one in ended[1::2])


@pytest.mark.parametrize("taken", ["never", "before", "after"])
def test_a_thread_that_cannot_be_started_costs_one_call_at_most(sandbox: Sandbox, taken: str) -> None:
    async def main() -> None:
        async with client_of(sandbox, concurrency=1) as client:
            pool = client._pool._pool
            start = pool.submit
            turns: list[Any] = []

            def fail(*work: Any) -> Any:
                pool.submit = start  # type: ignore[method-assign]
                # An executor has queued the work before it fails to start a thread for it, and a busy one may come free.
                turns.append(work)
                if taken == "before":
                    start(*work).result(30)
                raise RuntimeError("can't start new thread")

            pool.submit = fail  # type: ignore[method-assign]
            if taken == "before":
                assert list(await client.list()) == []
            else:
                with pytest.raises(RuntimeError, match="thread"):
                    await client.list()
            if taken == "after":
                start(*turns[0]).result(30)
            calls = asyncio.gather(*(client.list() for _ in range(5)))
            assert [list(one) for one in await asyncio.wait_for(calls, 30)] == [[]] * 5
            assert client._pool._busy <= 1

    run(main())


def silent() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0), backlog=64)


def test_cancelling_ends_a_call_at_once_and_sends_nothing_more() -> None:
    async def main(address: str) -> float:
        async with AsyncClient(address, session_token="t") as client:
            task = asyncio.create_task(client.read("MIC-1"))
            await asyncio.sleep(0.2)
            began = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return time.monotonic() - began

    with silent() as server:
        assert run(main(f"http://127.0.0.1:{server.getsockname()[1]}")) < 1
        peer, _ = server.accept()
        with peer:
            peer.settimeout(5)
            assert peer.recv(65536).startswith(b"GET /micro_deposits/MIC-1 ")
            assert peer.recv(65536) == b"", "the connection was closed"


def test_what_waits_its_turn_and_is_cancelled_is_never_sent(sandbox: Sandbox) -> None:
    async def main() -> None:
        async with client_of(sandbox, concurrency=1) as client:
            sandbox.fault("delay", milliseconds=300, operation="list", nth=1)
            first = asyncio.create_task(client.list())
            await asyncio.sleep(0.1)
            second = asyncio.create_task(client.create(**JOSH))
            await asyncio.sleep(0.05)
            second.cancel()
            with pytest.raises(asyncio.CancelledError):
                await second
            await first
            await asyncio.sleep(0.2)
            assert len(await client.list()) == 0

    run(main())


def test_closing_ends_everything_under_way_in_one_way(sandbox: Sandbox, made: Microdeposit) -> None:
    async def main() -> None:
        client = client_of(sandbox, concurrency=1, environment="production")
        await client.read(made.guid)
        # One for the thread of the calls, and one for that of the waits.
        sandbox.fault("delay", milliseconds=200, operation="read", times=2)
        calls = [asyncio.ensure_future(client.read(made.guid)) for _ in range(3)]
        calls += [asyncio.ensure_future(client.wait(made.guid)) for _ in range(40)]
        await asyncio.sleep(0.1)
        await client.aclose()
        ended = await asyncio.gather(*calls, return_exceptions=True)
        assert {type(one) for one in ended} == {errors.Cancelled}, ended
        for again in (client.read, client.wait):
            with pytest.raises(RuntimeError, match="this client is closed"):
                await again(made.guid)

    run(main())


def mine() -> int:
    return sum(thread.name.startswith("mx_nexus") for thread in threading.enumerate())


def until(true: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 5
    while not true():
        assert time.monotonic() < end, what
        time.sleep(0.01)


def test_threads_end_with_the_client(sandbox: Sandbox, made: Microdeposit) -> None:
    until(lambda: mine() == 0, "those of other tests end")
    client = client_of(sandbox)

    async def reads(client: AsyncClient) -> None:
        assert {one.guid for one in await asyncio.gather(*(client.read(made.guid) for _ in range(50)))} == {made.guid}

    run(reads(client))
    assert 0 < mine() <= 32
    run(client.aclose())
    until(lambda: mine() == 0, "the threads of a closed client end")

    client = client_of(sandbox)
    for _ in range(3):  # another event loop each
        run(reads(client))
    del client
    gc.collect()
    until(lambda: mine() == 0, "the threads of a client that nobody has any more end")


def test_a_loop_that_ends_in_the_middle_harms_nobody(sandbox: Sandbox, made: Microdeposit) -> None:
    client = client_of(sandbox)
    sandbox.fault("delay", milliseconds=300, operation="read", nth=1)

    async def forgets() -> None:
        reading = asyncio.ensure_future(client.read(made.guid))
        await asyncio.sleep(0.05)
        reading.add_done_callback(lambda done: done.cancelled() or done.exception())

    async def reads() -> str:
        return (await client.read(made.guid)).guid

    run(forgets())
    assert run(reads()) == made.guid
    run(client.aclose())


def test_a_closed_client_says_so(sandbox: Sandbox) -> None:
    async def main() -> None:
        client = client_of(sandbox)
        assert repr(client).startswith("<AsyncClient http://127.0.0.1")
        await client.aclose()
        with pytest.raises(RuntimeError):
            await client.list()
        with pytest.raises(RuntimeError):
            await client.wait("MIC-1")

    run(main())


def causes(error: BaseException | None) -> list[BaseException]:
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__
    return found


def test_what_is_known_of_a_cancelled_submission_is_told(sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("delay", milliseconds=2000, operation="verify", nth=1)

    async def main() -> BaseException:
        async with client_of(sandbox) as client:
            with pytest.raises(asyncio.TimeoutError) as late:
                await asyncio.wait_for(client.verify(made.guid, "0.09", "0.09"), 0.5)
            return late.value

    told = [error for error in causes(run(main())) if isinstance(error, errors.NexusError)]
    assert [type(error) for error in told] == [errors.OutcomeUnknown] and told[0].kind == "cancelled"
    assert sum(request.get("operation") == "verify" for request in sandbox.requests) == 1


def test_one_that_does_not_end_in_time_is_unknown(sandbox: Sandbox, made: Microdeposit, tmp_path: Path) -> None:
    fcntl = pytest.importorskip("fcntl", reason="this platform locks files otherwise")
    journal = Journal(tmp_path / "journal", b"a secret of sixteen bytes or more")

    async def main() -> BaseException:
        async with client_of(sandbox) as client:
            task = asyncio.create_task(client.verify(made.guid, "0.09", "0.09", key="k", journal=journal, timeout=2))
            await asyncio.sleep(0.3)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as cancelled:
                await task
            return cancelled.value

    with (tmp_path / "journal").open("rb") as other:
        # Another process holds the file, and a wait for it is not cancelled.
        fcntl.flock(other, fcntl.LOCK_EX)
        told = [error for error in causes(run(main())) if isinstance(error, errors.NexusError)]
    assert [type(error) for error in told] == [errors.OutcomeUnknown] and told[0].operation == "verify"


def test_one_that_sent_nothing_needs_no_telling(sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.fault("delay", milliseconds=2000, operation="read", nth=1)

    async def main() -> BaseException:
        async with client_of(sandbox) as client:
            task = asyncio.create_task(client.verify(made.guid, "0.09", "0.09"))
            await asyncio.sleep(0.4)
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as cancelled:
                await task
            return cancelled.value

    assert not [error for error in causes(run(main())) if isinstance(error, errors.NexusError)]
