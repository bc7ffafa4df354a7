"""Private: what a sandbox and each of its tenants can be told and asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from ._nexus import Client, _SandboxServer
from .errors import InvalidInput, invalid

_LONGEST = 315_576_000


class World:
    """One imitated server: its own clock, records, faults and webhooks."""

    _server: _SandboxServer
    _prefix: str
    _access: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address, for the data API and the SSO API alike."""
        return self._access["url"]

    @property
    def client_id(self) -> str:
        """The client that may ask."""
        return self._access["client_id"]

    @property
    def user_id(self) -> str:
        """The first user."""
        return self._access["user_id"]

    @property
    def api_key(self) -> str:
        """The client's key. It opens nothing but this sandbox."""
        return self._access["api_key"]

    @property
    def session_token(self) -> str:
        """A session of the first user, open from the beginning. It opens nothing but this sandbox."""
        return self._access["session_token"]

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

    def subscribe(
        self,
        url: str,
        *,
        actions: Iterable[str] | None = None,
        basic: tuple[str, str] | None = None,
        auth: Mapping[str, Any] | None = None,
    ) -> int:
        """Has every event sent to this address from now on, as MX would; gives the subscription's number.

        Plain http goes to loopback only. actions: of "created" and "updated"; both by default. basic: user name and password.
        auth: the other ways, as `POST /_sandbox/webhooks` takes them. Raises InvalidInput.
        """
        body: dict[str, Any] = {"url": url}
        if actions is not None:
            body["actions"] = list(actions)
        if basic is not None:
            body["auth"] = {"type": "basic", "username": basic[0], "password": basic[1]}
        elif auth is not None:
            body["auth"] = dict(auth)
        return int(self._admin("POST", "webhooks", body)["id"])

    def unsubscribe(self, webhook: int) -> None:
        """Ends a subscription. Raises InvalidInput where there is none of this number."""
        self._admin("DELETE", f"webhooks/{int(webhook)}")

    @property
    def deliveries(self) -> list[dict[str, Any]]:
        """What became of each event for each subscription, with its attempts, oldest first. Bodies are masked."""
        deliveries: list[dict[str, Any]] = self._admin("GET", "webhooks/deliveries")["deliveries"]
        return deliveries

    def replay(self, delivery: int, **changed: Any) -> dict[str, Any]:
        """Sends an event again, with these fields changed if any are given: `replay(1, status=3)`. It counts for no schedule."""
        sent: dict[str, Any] = self._admin("POST", f"webhooks/deliveries/{int(delivery)}/replay", {"fields": changed} if changed else {})
        return sent

    def webhook_fault(self, effect: str, **how: Any) -> int:
        """Makes deliveries go wrong from now on; gives the fault's number.

        effect: "drop", "duplicate" (copies=, gap=), "reorder" (behind=), "delay", "slow", "reset", "stale", "shape", "wrong_auth",
        "forged"; which: status_name=, nth= or probability=, times=. Raises InvalidInput.
        """
        return int(self._admin("POST", "webhooks/faults", {"effect": effect, **how})["id"])

    def clear_webhook_faults(self) -> None:
        """Deliveries arrive as they should again."""
        self._admin("DELETE", "webhooks/faults")

    def _admin(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        sent = b"" if body is None else json.dumps(body).encode()
        status, reply = self._server.admin(method, f"{self._prefix}/{path}", sent)
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
