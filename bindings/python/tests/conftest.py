"""Fixtures of all tests: a sandbox, a client of it, a microdeposit in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mx_nexus import Client, Microdeposit
from mx_nexus.sandbox import Sandbox
from support import JOSH

@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[Client]:
    with sandbox.client() as client:
        yield client


@pytest.fixture
def made(client: Client) -> Microdeposit:
    return client.create(**JOSH)
