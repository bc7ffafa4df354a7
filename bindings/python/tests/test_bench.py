"""The benchmarks run, in a short form. Nothing is asserted about time."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support import ROOT


@pytest.mark.parametrize("name", ["reading", "reading_async", "decoding", "importing", "waiting"])
def test_a_benchmark_runs(name: str) -> None:
    script = ROOT / "bindings" / "python" / "bench" / f"{name}.py"
    done = subprocess.run([sys.executable, script, "--short"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0 and ("mx_nexus" in done.stdout or "AsyncClient" in done.stdout), done.stdout + done.stderr
