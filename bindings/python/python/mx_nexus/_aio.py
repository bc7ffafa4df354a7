"""Private: the options of `AsyncClient`, and the code that joins its tasks and threads."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypedDict

from ._nexus import Assumptions, Secret

if TYPE_CHECKING:
    from ._nexus import _Canceller


class ClientOptions(TypedDict, total=False):
    """The keyword options of `Client`; a test compares them."""

    session_token: str | Secret | None
    sso_url: str | None
    client_id: str | None
    user_id: str | None
    api_key: str | Secret | None
    timeout: float | timedelta | None
    attempt_timeout: float | timedelta | None
    connect_timeout: float | timedelta | None
    reconcile_timeout: float | timedelta | None
    max_body: int | None
    read_attempts: int | None
    environment: Literal["integration", "production"] | None
    assumptions: Assumptions | None
    proxy: str | None
    root_certificates: bytes | bytearray | str | None
    client_certificate: tuple[bytes | bytearray | str, bytes | bytearray | str] | None
    product: str | None


class Call:
    """What joins a task and the thread that works for it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.over = self.begun = False
        self.canceller: _Canceller | None = None

    def begin(self, canceller: _Canceller) -> bool:
        """False where somebody has cancelled already: then nothing is to be sent."""
        with self.lock:
            self.canceller, self.begun = canceller, not self.over
            return self.begun

    def end(self) -> bool:
        """True where nobody cancelled: the connection may be used again."""
        with self.lock:
            self.canceller, kept = None, not self.over
            self.over = True
            return kept

    def cancel(self) -> None:
        """Closes the connection, or keeps the call from beginning."""
        with self.lock:
            self.over, canceller = True, self.canceller
        if canceller is not None:
            canceller.cancel()


class Workers:
    """Threads that carry blocking calls for event loops.

    A loop is woken once for all that was done since it last looked, and a thread takes calls until none is left: waking either
    costs more than a short call. The threads are those of an executor, so that the interpreter waits for them before it ends.
    """

    def __init__(self, most: int, name: str) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(most, thread_name_prefix=name)
        self._lock = threading.Lock()
        self._jobs: deque[tuple[asyncio.Future[Any], Callable[[], Any]]] = deque()
        self._busy = 0
        self._done: dict[asyncio.AbstractEventLoop, deque[tuple[asyncio.Future[Any], Any, BaseException | None]]] = {}

    def submit(self, work: Callable[[], Any]) -> asyncio.Future[Any]:
        """Has a thread do it; the future is of the running loop."""
        future = asyncio.get_running_loop().create_future()
        job = (future, work)
        with self._lock:
            self._jobs.append(job)
            if self._busy == self._most:
                return future
            self._busy += 1
        turn = [job]
        try:
            self._pool.submit(self._carry_all, turn)
        except BaseException:
            # No thread could be started. The executor may still have one that comes free take this turn, now or later.
            with self._lock:
                if turn:
                    turn.clear()
                    self._busy -= 1
                    if self._busy == 0 and job in self._jobs:
                        self._jobs.remove(job)
                        raise
        return future

    def close(self) -> None:
        """Ends the threads when all that was submitted is done."""
        self._pool.shutdown(wait=False)

    def _carry_all(self, turn: list[Any]) -> None:
        with self._lock:
            if not turn:
                return
            turn.clear()
        while True:
            with self._lock:
                if not self._jobs:
                    self._busy -= 1
                    return
                future, work = self._jobs.popleft()
            self._carry(future, work)
            # It would keep the results alive until the next job.
            del future, work

    def _carry(self, future: asyncio.Future[Any], work: Callable[[], Any]) -> None:
        if future.cancelled():
            return
        try:
            self._tell(future, work(), None)
        except StopIteration as raised:  # no future takes it: as of a coroutine that raises it
            error = RuntimeError("the call raised StopIteration")
            error.__cause__ = raised
            self._tell(future, None, error)
        except BaseException as raised:  # noqa: BLE001 - it goes to the task
            self._tell(future, None, raised)

    def _tell(self, future: asyncio.Future[Any], outcome: Any, raised: BaseException | None) -> None:
        loop = future.get_loop()
        with self._lock:
            box = self._done.get(loop)
            if box is not None:
                box.append((future, outcome, raised))
                return
            self._done[loop] = deque([(future, outcome, raised)])
        try:
            loop.call_soon_threadsafe(self._deliver, loop)
        except RuntimeError:  # the loop is closed, and nobody waits any more
            with self._lock:
                self._done.pop(loop, None)

    def _deliver(self, loop: asyncio.AbstractEventLoop) -> None:
        with self._lock:
            box = self._done.pop(loop, deque())
        for future, outcome, raised in box:
            if future.done():
                continue
            if raised is None:
                future.set_result(outcome)
            else:
                future.set_exception(raised)
