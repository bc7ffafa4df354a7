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
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ._nexus import _ReceiverServer, _SandboxServer
from ._world import World
from .errors import invalid

__all__ = ["Arrival", "Receiver", "Sandbox", "Tenant"]


class Sandbox(World):
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
        self._prefix = "/_sandbox"
        self._access = {name: getattr(self._server, name) for name in _ACCESS}

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self.url}>"

    def stop(self) -> None:
        """Ends it; requests under way are completed."""
        self._server.stop()

    def tenant(
        self,
        name: str | None = None,
        *,
        seed: int | None = None,
        policy: Mapping[str, Any] | None = None,
        ttl: float | timedelta | None = None,
    ) -> Tenant:
        """Makes a tenant: a world of its own at the same address, for a test that shall not meet the others.

        seed and policy: as the sandbox's own if not given. ttl: gone after so much real time, in seconds; if not given, with the
        sandbox. Raises InvalidInput where the name is taken or a value breaks its rule.
        """
        wanted: dict[str, Any] = {"name": name, "seed": seed}
        wanted["policy"] = None if policy is None else json.loads(json.dumps(dict(policy), default=str))
        if ttl is not None:
            seconds = ttl.total_seconds() if isinstance(ttl, timedelta) else ttl
            if not 1 <= seconds <= 31_536_000:
                raise invalid("ttl", "must be from a second to a year")
            wanted["ttl_seconds"] = int(seconds)
        given = {field: value for field, value in wanted.items() if value is not None}
        return Tenant(self._server, self._admin("POST", "tenants", given))


_ACCESS = ("url", "client_id", "user_id", "api_key", "session_token")


class Tenant(World):
    """A tenant of a sandbox: its own client, key, users, clock, policy, faults and webhooks. Made by `Sandbox.tenant`."""

    def __init__(self, server: _SandboxServer, told: Mapping[str, str]) -> None:
        self._server = server
        self._access = told
        self._prefix = f"/_sandbox/t/{told['name']}"

    def __enter__(self) -> Tenant:
        return self

    def __exit__(self, *_: object) -> None:
        self.delete()

    def __repr__(self) -> str:
        return f"<Tenant {self.name} of {self.url}>"

    @property
    def name(self) -> str:
        """Its name."""
        return self._access["name"]

    def delete(self) -> None:
        """Takes it out: its key and its tokens open nothing any more. A second time it does nothing."""
        self._server.admin("DELETE", f"/_sandbox/tenants/{self.name}", b"")


class Arrival(NamedTuple):
    """A request that arrived at a `Receiver`. Its repr shows neither body nor credentials."""

    path: str
    headers: list[tuple[str, str]]
    body: bytes
    whole: bool
    authorized: bool
    status: int

    def __repr__(self) -> str:
        return f"<Arrival {self.path} of {len(self.body)} bytes, answered with {self.status}>"

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Receiver:
    """A receiver of webhooks on loopback that answers as it is told, until the `with` block ends, or `stop()`.

    answers: the HTTP statuses of its answers, one after the other, the last one again and again; 204 if there are none. basic: the
    user name and password that it wants; others get a 401. delay: how long it takes to answer, in seconds.
    """

    def __init__(
        self,
        *answers: int,
        basic: tuple[str, str] | None = None,
        delay: float | timedelta = 0,
        port: int = 0,
    ) -> None:
        seconds = delay.total_seconds() if isinstance(delay, timedelta) else delay
        if not 0 <= seconds <= 86_400:
            raise invalid("delay", "must be from 0 seconds to a day")
        self._server = _ReceiverServer(list(answers), basic, int(seconds * 1000), port)

    def __enter__(self) -> Receiver:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Receiver {self.url}>"

    @property
    def url(self) -> str:
        """Its address."""
        return self._server.url

    @property
    def arrivals(self) -> list[Arrival]:
        """What has arrived so far, in order."""
        return [Arrival(*one) for one in self._server.arrivals()]

    @property
    def events(self) -> list[Any]:
        """The bodies of what has arrived whole, in order, as JSON."""
        return [arrival.json() for arrival in self.arrivals if arrival.whole]

    def stop(self) -> None:
        """Ends it."""
        self._server.stop()


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
