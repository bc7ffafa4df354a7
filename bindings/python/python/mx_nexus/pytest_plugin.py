"""Fixtures for pytest: `nexus_sandbox`, a fresh sandbox for each test, and `nexus_client`, a client of it.

pytest finds them by itself where mx-nexus is installed. To change the sandbox of a module, class or test:

    @pytest.mark.nexus_sandbox(profile="production", policy={"retention_days": None})

One sandbox and one client for all tests of a module, or of the whole run (function, class, module, package or session):

    [pytest]
    nexus_sandbox_scope = module

Besides: `nexus_async_client`; `nexus_tenant`, a world of the test's own in one sandbox for the whole run, `nexus_shared_sandbox`; and
`nexus_webhooks`, a receiver of what `nexus_sandbox` sends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Literal, TypeAlias

    from ._nexus import Client
    from .aio import AsyncClient
    from .sandbox import Receiver, Sandbox, Tenant

    _Scope: TypeAlias = Literal["function", "class", "module", "package", "session"]

_SCOPES: dict[str, type[pytest.Item | pytest.Collector]] = {
    "function": pytest.Function,
    "class": pytest.Class,
    "module": pytest.Module,
    "package": pytest.Package,
    "session": pytest.Session,
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Makes the option known."""
    words = "what shares one sandbox of mx_nexus, and one client of it: function (the default), class, module, package, session"
    parser.addini("nexus_sandbox_scope", words, default="function")


def pytest_configure(config: pytest.Config) -> None:
    """Makes the marker known, and refuses a scope that there is not."""
    config.addinivalue_line("markers", "nexus_sandbox(**options): the options of this test's mx_nexus.sandbox.Sandbox")
    scope = config.getini("nexus_sandbox_scope")
    if scope not in _SCOPES:
        raise pytest.UsageError(f"nexus_sandbox_scope: {scope!r} is none of {', '.join(_SCOPES)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuses a marker that a shared sandbox could not heed."""
    scope = item.config.getini("nexus_sandbox_scope")
    if scope == "function":
        return
    shared = item.getparent(_SCOPES[scope])
    heeded = shared.listchain() if shared else item.listchain() if scope == "class" else [item.session]
    if any(node not in heeded for node, _ in item.iter_markers_with_node("nexus_sandbox")):
        instead = "the fixture nexus_sandbox_options" if scope in ("package", "session") else f"a marker of the {scope}"
        raise pytest.UsageError(f"nexus_sandbox_scope is {scope}, so {instead} has to give the options of the sandbox")


def _scope(fixture_name: str, config: pytest.Config) -> _Scope:
    scope: _Scope = config.getini("nexus_sandbox_scope")
    return scope


@pytest.fixture(scope="session")
def nexus_sandbox_options() -> Mapping[str, Any]:
    """The options of every `nexus_sandbox`, for a test suite to override; a marker's come on top of them."""
    return {}


@pytest.fixture(scope=_scope)
def nexus_sandbox(request: pytest.FixtureRequest, nexus_sandbox_options: Mapping[str, Any]) -> Iterator[Sandbox]:
    """A sandbox, with a clock that moves only on request: this test's own, unless `nexus_sandbox_scope` says otherwise."""
    from .sandbox import Sandbox  # imported only where it is used

    node: pytest.Item = request.node
    marker = node.get_closest_marker("nexus_sandbox")
    options: dict[str, Any] = {**nexus_sandbox_options, **(marker.kwargs if marker else {})}
    if marker and marker.args:
        raise pytest.UsageError("nexus_sandbox takes options by name: @pytest.mark.nexus_sandbox(profile=\"production\")")
    with Sandbox(**options) as sandbox:
        yield sandbox


@pytest.fixture(scope="session")
def nexus_shared_sandbox(nexus_sandbox_options: Mapping[str, Any]) -> Iterator[Sandbox]:
    """One sandbox for the whole run, for tests that take a tenant of it each: see `nexus_tenant`."""
    from .sandbox import Sandbox

    with Sandbox(**nexus_sandbox_options) as sandbox:
        yield sandbox


@pytest.fixture
def nexus_tenant(nexus_shared_sandbox: Sandbox) -> Iterator[Tenant]:
    """A tenant of `nexus_shared_sandbox`: a world of this test's own, for which no server has to be started."""
    with nexus_shared_sandbox.tenant() as tenant:
        yield tenant


@pytest.fixture
def nexus_webhooks(nexus_sandbox: Sandbox) -> Iterator[Receiver]:
    """A receiver of the webhooks of `nexus_sandbox`: what has been sent by now is in its `events`."""
    from .sandbox import Receiver

    with Receiver() as receiver:
        webhook = nexus_sandbox.subscribe(receiver.url)
        yield receiver
        nexus_sandbox.unsubscribe(webhook)


@pytest.fixture(scope=_scope)
def nexus_client(nexus_sandbox: Sandbox) -> Iterator[Client]:
    """A client of `nexus_sandbox`, shared as it is."""
    with nexus_sandbox.client() as client:
        yield client


@pytest.fixture
def nexus_async_client(nexus_sandbox: Sandbox) -> Iterator[AsyncClient]:
    """An AsyncClient of `nexus_sandbox`, for tests that run an event loop themselves or by a plugin; each test has its own."""
    import asyncio

    from .aio import AsyncClient

    who = (nexus_sandbox.client_id, nexus_sandbox.user_id, nexus_sandbox.api_key)
    client = AsyncClient(nexus_sandbox.url, client_id=who[0], user_id=who[1], api_key=who[2])
    yield client
    asyncio.run(client.aclose())
