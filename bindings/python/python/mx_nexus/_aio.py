"""Private: the options of `AsyncClient`, and the code that joins its tasks and threads."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypedDict

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
