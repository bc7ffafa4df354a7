"""The example that every language has, and the README's first block."""

from __future__ import annotations

import subprocess
import sys

from support import ROOT


def test_the_story_prints_the_transcript_of_every_language() -> None:
    told = subprocess.run(
        [sys.executable, ROOT / "examples" / "verify.py"], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout == (ROOT / "examples" / "verify.transcript").read_text()
    assert told.stderr == ""
