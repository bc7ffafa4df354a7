"""Shared by the tests of AsyncClient: a client of the sandbox, and a loop with a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from mx_nexus import AsyncClient
from mx_nexus.sandbox import Sandbox

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(asyncio.wait_for(main, 60))


def client_of(sandbox: Sandbox, **options: Any) -> AsyncClient:
    who = {"client_id": sandbox.client_id, "user_id": sandbox.user_id, "api_key": sandbox.api_key}
    return AsyncClient(sandbox.url, **{**who, **options})
