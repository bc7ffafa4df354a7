"""The command line of the example drivers: `PROGRAM BASE_URL SESSION_TOKEN create|wait GUID|verify GUID AMOUNT AMOUNT`.

Prints one line: `made GUID STATUS`, the name of a status, or a verdict; after a failure `error KIND unknown` or
`error KIND known` (whether the server may have acted), and exits with 1.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Protocol, TypeVar

from mx_nexus import NexusError
from mx_nexus.flows import CreateFlow, Flow, Settings, VerifyFlow, WaitFlow

T = TypeVar("T")


class Driver(Protocol):
    """What both drivers are."""

    def __init__(self, base_url: str, session_token: str) -> None:
        """Carries flows to this address with this session."""

    async def run(self, flow: Flow[T]) -> T:
        """Carries a flow to its end."""
        ...

    async def close(self) -> None:
        """Closes the kept connections."""


async def carried(driver: Driver, base_url: str, command: str, *given: str) -> str:
    """Carries out one command; gives the line to print."""
    settings = Settings(base_url, timeout=6, reconcile_timeout=1, attempt_timeout=2)
    if command == "create":
        create = CreateFlow(
            first_name="Josh",
            last_name="James",
            email="josh@example.com",
            routing_number="091000019",
            account_number="333312345",
            account_type="CHECKING",
            settings=settings,
        )
        made = await driver.run(create)
        return f"made {made.guid} {made.status}"
    if command == "wait":
        return str((await driver.run(WaitFlow(*given, timeout=20, settings=settings))).status)
    guid, first, second = given
    outcome = await driver.run(VerifyFlow(guid, first, second, wait=True, settings=settings))
    return str(outcome.verdict)


def main(driver: type[Driver]) -> None:
    """Reads the command line, runs the flow, and prints the result."""

    async def story() -> str:
        base_url, session_token, *command = sys.argv[1:]
        own = driver(base_url, session_token)
        try:
            return await carried(own, base_url, *command)
        finally:
            await own.close()

    try:
        print(asyncio.run(story()))
    except NexusError as error:
        print("error", error.kind, "unknown" if error.outcome_unknown else "known")
        sys.exit(1)
