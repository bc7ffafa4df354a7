"""A sandbox in this process: a stateful imitation of the Nexus API on a clock of its own, for your tests.

    with Sandbox() as sandbox, sandbox.client() as client:
        made = client.create(...)
        sandbox.advance(120)                       # the deposits land
        first, second = sandbox.deposits(made.guid)
        assert client.verify(made.guid, first, second).verdict is Verdict.VERIFIED

Nothing leaves this machine: it listens on 127.0.0.1. Same seed, same requests: same responses.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ._nexus import Client, _SandboxServer
from .errors import InvalidInput, invalid

__all__ = ["Sandbox"]

_LONGEST = 315_576_000


class Sandbox:
    """A sandbox that serves until the `with` block ends, or `stop()`.

    seed: all chance comes from it. profile: "integration" (documented test values: account numbers that begin with 3333
    are deposited within two minutes; 0.09/0.09 is right, 0.02/0.02 wrong) or "production" (12 to 36 hours). policy: what
    MX has not documented and this project assumes, by name, such as {"retention_days": 21}; see nexus-sandbox's `Policy`.
    start: its clock at the beginning. users: identifiers of the users that exist from the beginning; others appear by
    themselves. real_time: whether its clock runs by itself. Raises InvalidInput, and OSError when no port can be bound.
    """

    def __init__(
        self,
        *,
        seed: int = 0,
        profile: str = "integration",
        policy: Mapping[str, Any] | None = None,
        start: datetime | None = None,
        users: Iterable[str] | None = None,
        port: int = 0,
        real_time: bool = False,
    ) -> None:
        self._server = _SandboxServer(
            seed,
            profile,
            None if policy is None else json.dumps(dict(policy), default=str),
            None if start is None else int(start.timestamp()),
            None if users is None else list(users),
            port,
            real_time,
        )

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self.url}>"

    def stop(self) -> None:
        """Ends it; requests under way are completed."""
        self._server.stop()

    @property
    def url(self) -> str:
        """Its address, for the data API and the SSO API alike."""
        return self._server.url

    @property
    def client_id(self) -> str:
        """The client that may ask."""
        return self._server.client_id

    @property
    def user_id(self) -> str:
        """The first user."""
        return self._server.user_id

    @property
    def api_key(self) -> str:
        """The client's key. It opens nothing but this sandbox."""
        return self._server.api_key

    @property
    def session_token(self) -> str:
        """A session of the first user, open from the beginning. It opens nothing but this sandbox."""
        return self._server.session_token

    def client(self, **options: Any) -> Client:
        """A client of this sandbox with its SSO credentials; options as for `Client`."""
        who: dict[str, Any] = {"client_id": self.client_id, "user_id": self.user_id, "api_key": self.api_key}
        return Client(self.url, **{**who, **options})

    @property
    def now(self) -> datetime:
        """The sandbox's time, aware and in UTC."""
        return _time(self.state["now"])

    def advance(self, by: float | timedelta) -> datetime:
        """Moves the clock by seconds or a timedelta, whole seconds of it; gives the new time. It never goes back."""
        seconds = by.total_seconds() if isinstance(by, timedelta) else by
        if not 0 <= seconds <= _LONGEST:
            raise invalid("by", "must be from 0 seconds to ten years")
        return _time(self._admin("POST", "advance", {"seconds": int(seconds)})["now"])

    def deposits(self, guid: str) -> tuple[Decimal, Decimal]:
        """The two sums on the imaginary bank statement. They are there when the status is DEPOSITED."""
        statement = self._admin("GET", f"deposits/{_segment(guid)}")
        return _dollars(statement["deposit_amount_1"]), _dollars(statement["deposit_amount_2"])

    def happen(self, guid: str, event: str, **details: Any) -> dict[str, Any]:
        """Makes an event of the state machine happen now: "landed"; "failed", code="R03"; "account_submitted", account={...}.

        Gives where the microdeposit stands then. Raises InvalidInput where the present status does not admit it.
        """
        happened: dict[str, Any] = self._admin("POST", f"events/{_segment(guid)}", {"event": event, **details})
        return happened

    @property
    def events(self) -> list[dict[str, Any]]:
        """The webhook outbox, oldest first: number, time and body of each delivery that MX would make."""
        events: list[dict[str, Any]] = self._admin("GET", "events")["events"]
        return events

    @property
    def state(self) -> dict[str, Any]:
        """Clock, counts, requests by route and, for each microdeposit, status and attempts. Nothing secret."""
        state: dict[str, Any] = self._admin("GET", "state")
        return state

    def attempts(self, guid: str) -> int:
        """How many submissions were counted for this microdeposit."""
        return int(self._admin("GET", f"state/{_segment(guid)}")["attempts"])

    @property
    def requests(self) -> list[dict[str, Any]]:
        """What was received, in order, and the response to it; account numbers and tokens are masked."""
        requests: list[dict[str, Any]] = self._admin("GET", "requests")["requests"]
        return requests

    def fault(self, effect: str, **how: Any) -> int:
        """Makes requests fail from now on; gives the fault's number.

        effect: "reset_before" or "reset_after" (acting), "cut" (bytes=), "status" (status=, retry_after=, after_acting=), "delay"
        or "slow" (milliseconds=), "truncated", "garbage", "content_type", "redirect" (location=), "expire_sessions", "empty_401",
        "later" (milliseconds=, status=), "html" (status=, after_acting=), "stale", "another_record", "duplicate" (response=),
        "restart", "contradictory" (kind=).
        which: operation= ("verify", "create", "read", ...), nth= (the n-th from now on) or probability=, times=.
        Raises InvalidInput.
        """
        return int(self._admin("POST", "faults", {"effect": effect, **how})["id"])

    @property
    def faults(self) -> list[dict[str, Any]]:
        """The faults that are set."""
        faults: list[dict[str, Any]] = self._admin("GET", "faults")["faults"]
        return faults

    def clear_faults(self) -> None:
        """Everything works again."""
        self._admin("DELETE", "faults")

    def expire_sessions(self) -> None:
        """Ends every session at once, as a server does that restarts."""
        self._admin("POST", "sessions/expire")

    def reset(self) -> None:
        """Everything as at the beginning, the clock too."""
        self._admin("POST", "reset")

    def _admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        status, reply = self._server.admin(method, f"/_sandbox/{path}", sent)
        read: Any = json.loads(reply) if reply else None
        if status >= 400:
            # The sandbox's own words: they name a field, never a value.
            error = InvalidInput(read["error"]["message"])
            error.status = status
            raise error
        return read


def _segment(guid: str) -> str:
    # Text that cannot be sent names nothing that is there.
    return quote(guid.encode("utf-8", "surrogatepass"), safe="")


def _dollars(number: float) -> Decimal:
    # The shortest text of the double is the exact decimal.
    return Decimal(repr(number)).quantize(Decimal("0.01"))


def _time(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=timezone.utc)


def _main(given: list[str] | None = None) -> None:
    """`python -m mx_nexus.sandbox`: serves one until Ctrl-C, in real time, and says how to reach it."""
    import argparse
    import threading

    words = argparse.ArgumentParser(prog="python -m mx_nexus.sandbox", description=_main.__doc__)
    words.add_argument("--profile", choices=["integration", "production"], default="integration")
    words.add_argument("--port", type=int, default=0, help="0: any that is free")
    words.add_argument("--seed", type=int, default=0)
    options = words.parse_args(given)
    with Sandbox(profile=options.profile, port=options.port, seed=options.seed, real_time=True) as sandbox:
        # They open nothing but this sandbox.
        for name in ("url", "client_id", "user_id", "api_key", "session_token"):
            print(f"{name:<13} {getattr(sandbox, name)}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            pass


if __name__ == "__main__":
    _main()
