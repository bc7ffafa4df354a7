"""Fixtures for pytest: `nexus_sandbox`, a fresh sandbox for each test, and `nexus_client`, a client of it.

pytest finds them by itself where mx-nexus is installed. To change the sandbox of a module, class or test:

    @pytest.mark.nexus_sandbox(profile="production", policy={"retention_days": None})
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ._nexus import Client
    from .aio import AsyncClient
    from .sandbox import Sandbox


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known."""
    config.addinivalue_line("markers", "nexus_sandbox(**options): the options of this test's mx_nexus.sandbox.Sandbox")


@pytest.fixture
def nexus_sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of its own for this test, with a clock that moves only on request."""
    from .sandbox import Sandbox  # imported only where it is used

    node: pytest.Item = request.node
    marker = node.get_closest_marker("nexus_sandbox")
    options: dict[str, Any] = dict(marker.kwargs) if marker else {}
    if marker and marker.args:
        raise pytest.UsageError("nexus_sandbox takes options by name: @pytest.mark.nexus_sandbox(profile=\"production\")")
    with Sandbox(**options) as sandbox:
        yield sandbox


@pytest.fixture
def nexus_client(nexus_sandbox: Sandbox) -> Iterator[Client]:
    """A client of `nexus_sandbox`."""
    with nexus_sandbox.client() as client:
        yield client


@pytest.fixture
def nexus_async_client(nexus_sandbox: Sandbox) -> Iterator[AsyncClient]:
    """An AsyncClient of `nexus_sandbox`, for tests that run an event loop themselves or by a plugin."""
    import asyncio

    from .aio import AsyncClient

    who = (nexus_sandbox.client_id, nexus_sandbox.user_id, nexus_sandbox.api_key)
    client = AsyncClient(nexus_sandbox.url, client_id=who[0], user_id=who[1], api_key=who[2])
    yield client
    asyncio.run(client.aclose())
