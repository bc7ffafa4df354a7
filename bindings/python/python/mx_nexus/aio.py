"""`AsyncClient`: the methods of `Client` for asyncio. A few threads underneath carry any number of calls.

Cancelling a task is respected: what has not begun is never sent; what is under way has its connection closed, and nothing
more is sent. Cancelling a create or verify that is under way leaves its outcome unknown, as pulling the plug does.
"""

from __future__ import annotations

import asyncio
import inspect
import sys
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from ._aio import Call, ClientOptions, Workers
from ._nexus import (
    AccountNumber,
    Cents,
    Client,
    Journal,
    Microdeposit,
    Microdeposits,
    Outcome,
    Progress,
    RoutingNumber,
    Secret,
    silent_call,
)
from .errors import Cancelled, NexusError, interrupted, invalid
from .status import AccountType, Status

if sys.version_info >= (3, 11):
    from typing import Unpack
elif TYPE_CHECKING:
    from typing_extensions import Unpack

if TYPE_CHECKING:
    from ._nexus import _Canceller, _Wait

__all__ = ["AsyncClient", "ClientOptions"]

T = TypeVar("T")

# So long a cancelled create or verify has to say how it ended, in seconds.
_LAST_WORDS = 0.25

# How many waits read at once.
_WAITING = 8

_PLAIN = "on_progress must be a plain function: an async one would never be awaited"


class AsyncClient:
    """A client of the Nexus API for asyncio; an asynchronous context manager. Options as for `Client`.

    concurrency: how many calls are carried at once, each by a thread with a connection of its own (32); more wait their turn.
    The deadline of a call begins with its turn. Waits are timers of the event loop; their reads share eight threads more.
    """

    def __init__(self, base_url: str | None = None, *, concurrency: int = 32, **options: Unpack[ClientOptions]) -> None:
        self._client = Client(base_url, **options)
        _counted(concurrency)
        self._pool = Workers(concurrency, "mx_nexus")
        # Its own, so that the reads of thousands of waits do not hold up a call that somebody waits for.
        self._waits = Workers(min(concurrency, _WAITING), "mx_nexus wait")
        # So many are handed to the threads at once: thousands of waits that begin together do not hold up the event loop.
        self._turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()
        self._sleeping: set[asyncio.Future[None]] = set()
        self._closed = False
        self._idle: list[tuple[Client, _Canceller]] = []
        self._calls: set[Call] = set()

    def __repr__(self) -> str:
        return f"<Async{repr(self._client)[1:]}"

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Cancels what is under way and closes the connections. Calls after it raise RuntimeError."""
        self._closed = True
        for call in list(self._calls):
            call.cancel()
        for woken in list(self._sleeping):
            _wake(woken)
        for pool in (self._pool, self._waits):
            pool.close()
        self._idle.clear()
        self._client.close()

    async def create(
        self,
        *,
        first_name: str,
        last_name: str,
        email: str,
        routing_number: str | RoutingNumber,
        account_number: str | AccountNumber,
        account_type: AccountType | str,
        account_name: str | None = None,
        timeout: float | timedelta | None = None,
    ) -> Microdeposit:
        """See `Client.create`."""
        return await self._change(
            "create",
            lambda client: client.create(
                first_name=first_name,
                last_name=last_name,
                email=email,
                routing_number=routing_number,
                account_number=account_number,
                account_type=account_type,
                account_name=account_name,
                timeout=timeout,
            ),
        )

    async def create_once(
        self,
        key: str,
        /,
        *,
        journal: Journal,
        first_name: str,
        last_name: str,
        email: str,
        routing_number: str | RoutingNumber,
        account_number: str | AccountNumber,
        account_type: AccountType | str,
        account_name: str | None = None,
        timeout: float | timedelta | None = None,
    ) -> Microdeposit:
        """See `Client.create_once`."""
        return await self._change(
            "create_once",
            lambda client: client.create_once(
                key,
                journal=journal,
                first_name=first_name,
                last_name=last_name,
                email=email,
                routing_number=routing_number,
                account_number=account_number,
                account_type=account_type,
                account_name=account_name,
                timeout=timeout,
            ),
        )

    async def preinitiate(
        self, *, first_name: str, last_name: str, email: str, timeout: float | timedelta | None = None
    ) -> Microdeposit:
        """See `Client.preinitiate`."""
        return await self._change(
            "preinitiate",
            lambda client: client.preinitiate(
                first_name=first_name, last_name=last_name, email=email, timeout=timeout
            ),
        )

    async def preinitiate_once(
        self,
        key: str,
        /,
        *,
        journal: Journal,
        first_name: str,
        last_name: str,
        email: str,
        timeout: float | timedelta | None = None,
    ) -> Microdeposit:
        """See `Client.preinitiate_once`."""
        return await self._change(
            "preinitiate_once",
            lambda client: client.preinitiate_once(
                key, journal=journal, first_name=first_name, last_name=last_name, email=email, timeout=timeout
            ),
        )

    async def list(self, *, timeout: float | timedelta | None = None) -> Microdeposits:
        """See `Client.list`."""
        return await self._run(lambda client: client.list(timeout=timeout))

    async def read(self, guid: str, /, *, timeout: float | timedelta | None = None) -> Microdeposit:
        """See `Client.read`."""
        return await self._run(lambda client: client.read(guid, timeout=timeout))

    async def verify(
        self,
        guid: str,
        first: str | Decimal | Cents,
        second: str | Decimal | Cents,
        /,
        *,
        wait: bool = False,
        key: str | None = None,
        journal: Journal | None = None,
        timeout: float | timedelta | None = None,
    ) -> Outcome:
        """See `Client.verify`."""
        return await self._change(
            "verify",
            lambda client: client.verify(
                guid, first, second, wait=wait, key=key, journal=journal, timeout=timeout
            ),
        )

    async def widget_url(self, guid: str | None = None, *, timeout: float | timedelta | None = None) -> Secret:
        """See `Client.widget_url`."""
        return await self._run(lambda client: client.widget_url(guid, timeout=timeout))

    async def session(self, *, timeout: float | timedelta | None = None) -> Secret:
        """See `Client.session`."""
        return await self._run(lambda client: client.session(timeout=timeout))

    async def wait(
        self,
        guid: str,
        /,
        *,
        until: Status | str | None = None,
        timeout: float | timedelta | None = None,
        poll_every: float | timedelta | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Microdeposit:
        """See `Client.wait`. `on_progress` is called in the event loop. While nothing is due, a wait is a timer of the loop."""
        if inspect.iscoroutinefunction(on_progress):
            raise TypeError(_PLAIN)
        self._open()
        reports = on_progress is not None
        begun: _Wait | None = None
        while True:
            async with self._turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(2 * _WAITING)):
                if self._closed:
                    raise (begun and begun.cancelled()) or _ended()
                # Its time begins with its first turn, as that of every call.
                wait = begun or self._client._start_wait(guid, until=until, timeout=timeout, poll_every=poll_every)
                begun = wait
                pause, record, error, reads = await self._run(partial(_step, wait, reports), self._waits)
            for progress in reads:
                _report(on_progress, progress)
            if error is not None:
                raise error
            if record is not None:
                return record
            await self._sleep(pause or 0.0)
            if self._closed and (ended := wait.cancelled()) is not None:
                raise ended

    async def _sleep(self, seconds: float) -> None:
        """Sleeps, at most until the client is closed."""
        loop = asyncio.get_running_loop()
        woken = loop.create_future()
        timer = loop.call_later(seconds, _wake, woken)
        self._sleeping.add(woken)
        try:
            await woken
        finally:
            timer.cancel()
            self._sleeping.discard(woken)

    async def _change(self, operation: str, work: Callable[[Client], T]) -> T:
        """Carries out what changes something: where it is cancelled, the CancelledError's cause says what is known."""
        call = Call()
        future = self._begun(call, work)
        try:
            return await self._told(call, asyncio.shield(future))
        except asyncio.CancelledError as cancelled:
            if not call.begun:
                future.cancel()
                raise
            future.add_done_callback(_heard)
            done, _ = await asyncio.wait({future}, timeout=_LAST_WORDS)
            # One that does not say in time how it ended may have been sent.
            over = done and not future.cancelled()
            cancelled.__cause__ = _known(operation, future) if over else silent_call(operation)
            raise

    async def _run(self, work: Callable[[Client], T], pool: Workers | None = None) -> T:
        """Carries out one call in a thread of a pool."""
        call = Call()
        return await self._told(call, self._begun(call, work, pool))

    def _begun(
        self, call: Call, work: Callable[[Client], T], pool: Workers | None = None
    ) -> asyncio.Future[T]:

        self._open()

        def job() -> T:
            if self._closed:
                raise _ended()
            client, canceller = self._idle.pop() if self._idle else self._client._split()
            if not call.begin(canceller):
                self._idle.append((client, canceller))
                raise _ended()
            try:
                return work(client)
            finally:
                if call.end():
                    self._idle.append((client, canceller))

        # What is logged, and what a handler makes of it, belongs to the task that called.
        return (pool or self._pool).submit(partial(copy_context().run, job))

    def _open(self) -> None:
        if self._closed:
            raise RuntimeError("this client is closed")

    async def _told(self, call: Call, future: asyncio.Future[T]) -> T:
        self._calls.add(call)
        try:
            return await future
        except asyncio.CancelledError:
            call.cancel()
            raise
        finally:
            self._calls.discard(call)


def _counted(concurrency: Any) -> None:
    if isinstance(concurrency, bool) or not isinstance(concurrency, int):
        raise TypeError("concurrency must be a whole number")
    if concurrency < 1:
        raise invalid("concurrency", "must be 1 or more")


def _ended() -> NexusError:
    return Cancelled("cancelled: the client was closed, and nothing was sent")


def _step(
    wait: _Wait, reports: bool, client: Client
) -> tuple[float | None, Microdeposit | None, NexusError | None, Sequence[Progress]]:
    return client._step(wait, reports)


def _wake(sleeper: asyncio.Future[None]) -> None:
    if not sleeper.done():
        sleeper.set_result(None)


def _report(on_progress: Callable[[Progress], None] | None, progress: Progress) -> None:
    returned: Any = on_progress(progress) if on_progress is not None else None
    if any(hasattr(returned, name) for name in ("__await__", "__next__", "__anext__")):
        # Nothing of it has run yet, and nobody would ever run it.
        getattr(returned, "close", lambda: None)()
        raise TypeError(_PLAIN)


def _heard(future: asyncio.Future[Any]) -> None:
    # Nobody else asks for it any more, and asyncio would complain.
    if not future.cancelled():
        future.exception()


def _known(operation: str, future: asyncio.Future[Any]) -> NexusError | None:
    error = future.exception()
    if error is None:
        return interrupted(operation, future.result())
    return error if isinstance(error, NexusError) and error.outcome_unknown else None
