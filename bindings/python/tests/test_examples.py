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
    """The right decorator lets an unknown outcome through, the wrong one catches it."""
    right, wrong = block.splitlines()
    assert right.endswith("# right: an unknown outcome ends it") and "# wrong:" in wrong
    for line, catches in ((right, False), (wrong, True)):
        scope: dict[str, Any] = {"NexusError": NexusError, "RateLimited": mx_nexus.errors.RateLimited}
        scope |= {"retry": lambda retry: lambda _: retry, "retry_if_exception_type": lambda caught: caught}
        exec(line + "\ndef call() -> None: ...", scope)
        assert issubclass(OutcomeUnknown, scope["call"]) is catches, line


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
            if block.startswith("@retry"):
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
