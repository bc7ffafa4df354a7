"""The examples print their transcripts, and the blocks of the README run as written."""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import subprocess
import sys
import threading
from types import SimpleNamespace
from typing import Any

import mx_nexus
import pytest
from mx_nexus import AsyncClient, Client, Verify
from mx_nexus.errors import NexusError, OutcomeUnknown
from mx_nexus.sandbox import Sandbox
from support import JOSH, ROOT

README = (ROOT / "bindings" / "python" / "README.md").read_text()


@pytest.mark.parametrize("story", ["lost", "keys"])  # examples/lost.py, examples/keys.py
def test_the_stories_print_their_transcripts(story: str) -> None:
    program = ROOT / "examples" / f"{story}.py"
    told = subprocess.run([sys.executable, program], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout == program.with_suffix(".transcript").read_text()
    assert told.stderr == ""


def test_the_tests_of_a_program_of_its_own() -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-W",
        "error",
        "-p",
        "no:cacheprovider",
        "examples/test_account.py",
    ]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert told.returncode == 0 and " passed" in told.stdout, told.stdout + told.stderr


def run(code: str, scope: dict[str, Any]) -> None:
    """Runs a block, which may wait at its top."""
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    done = eval(compile(code, "README.md", "exec", flags=flags), scope)
    if inspect.iscoroutine(done):
        asyncio.run(done)


def decorators(block: str) -> None:
    """The right decorator lets an unknown outcome and a cancel through, and waits; the wrong one catches all."""
    scope: dict[str, Any] = {
        "NexusError": NexusError,
        "retry": lambda **how: lambda _: how,
        "retry_if_exception": lambda asked: asked,
        "retry_if_exception_type": lambda caught: lambda error: isinstance(error, caught),
        "stop_after_delay": lambda seconds: seconds,
    }
    head, right, wrong = block.partition("@retry")[0], *(line for line in block.splitlines() if line.startswith("@retry"))
    assert right.endswith("# right") and "# wrong:" in wrong
    exec(head, scope)
    passing, unknown, ended = mx_nexus.errors.RateLimited(), OutcomeUnknown(), mx_nexus.errors.Cancelled()
    passing.retryable, passing.retry_after = True, 7.0
    for line, repeats in ((right, {passing}), (wrong, {passing, unknown, ended})):
        exec(line + "\ndef call() -> None: ...", scope)
        how = scope["call"]
        assert {error for error in (passing, unknown, ended) if how["retry"](error)} == repeats, line
    exec(right + "\ndef call() -> None: ...", scope)
    state = SimpleNamespace(outcome=SimpleNamespace(exception=lambda: passing))
    assert (scope["call"]["wait"](state), scope["call"]["stop"]) == (7.0, 60)


def test_the_blocks_of_the_readme(sandbox: Sandbox, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    made = client.create(**{**JOSH, "account_number": "333398765"})
    blocks = re.findall(r"```py\n(.*?)```", README, re.DOTALL)
    told, printed = [], dict.fromkeys(("Client(", "try:", "AsyncClient", "Verify("), False)
    monkeypatch.setattr(mx_nexus, "INTEGRATION_URL", sandbox.url)
    over = threading.Event()

    def clock() -> None:  # two minutes of the first block's wait go by
        while not over.wait(0.05):
            sandbox.advance(60)

    threading.Thread(target=clock, daemon=True).start()
    try:
        client.wait(made.guid)
        for block in blocks:
            if "@retry" in block:
                decorators(block)
                continue
            (kind,) = (kind for kind in printed if kind in block and not (kind == "Client(" and "Async" in block))
            printed[kind] = True
            scope: dict[str, Any] = {
                "asyncio": asyncio,
                "AsyncClient": AsyncClient,
                "NexusError": NexusError,
                "INTEGRATION_URL": sandbox.url,
                "Verify": Verify,
                "response": SimpleNamespace(status_code=200, content=client.read(made.guid).to_json()),
                "api_key": sandbox.api_key,
                "client": client,
                "first": "0.02",
                "guid": made.guid,
                "guids": [made.guid],
                "print": lambda *words: told.append(" ".join(map(str, words))),
                "second": "0.02",
            }
            code = block.replace('"acme"', repr(sandbox.client_id)).replace('"user-2345"', repr(sandbox.user_id))
            run(code, scope)
    finally:
        over.set()
    assert all(printed.values()), printed
    assert told == ["verified Nothing is left to do. VERIFIED"]
