"""Runs every benchmark and writes what it says into the READMEs, with the date and the machine: `make numbers`, on an idle machine.

Each README has its numbers between two marks; nothing between them is written by hand. `numbers.py PAGE...` does so for these
pages alone; `numbers.py --check` says what is wrong with the marks and runs nothing.
"""

from __future__ import annotations

import datetime
import os
import platform
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHON = str(ROOT / "target/venv-bench/bin/python")
BEGIN, END = "<!-- numbers: written by `make numbers` -->", "<!-- numbers: end -->"
# Each page, and the commands whose words stand on it.
PAGES = {
    "README.md": [["cargo", "bench", "-q", "-p", "nexus"]],
    "bindings/c/README.md": [["cargo", "bench", "-q", "-p", "nexus-ffi"]],
    "bindings/python/README.md": [
        [PYTHON, f"bindings/python/bench/{name}.py"] for name in ("reading", "reading_async", "decoding", "waiting", "importing")
    ],
}


def machine() -> str:
    info = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = re.search(r"^model name\s*: (.*)$", info, re.MULTILINE)
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True).stdout.split()[1]
    return (
        f"{os.cpu_count()} cores of {model[1].strip() if model else platform.machine()}, {platform.system()}, "
        f"Rust {rust}, CPython {platform.python_version()}"
    )


def said(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}:\n{done.stdout}\n{done.stderr}")
    noise = re.compile(r"^(warning|running|test result|\s*$)")
    return "\n".join(line.rstrip() for line in done.stdout.splitlines() if not noise.match(line))


def parts(page: str) -> tuple[str, str, str]:
    text = (ROOT / page).read_text()
    if text.count(BEGIN) != 1 or text.count(END) != 1 or text.index(BEGIN) > text.index(END):
        raise SystemExit(f"{page}: needs each of the two marks once: {BEGIN} and {END}")
    before, rest = text.split(BEGIN)
    own, after = rest.split(END)
    return before, own, after


def main() -> None:
    for page in PAGES:
        _, own, _ = parts(page)
        if "--check" in sys.argv and not re.search(r"Measured on \d{4}-\d\d-\d\d on .+:\n\n```text\n", own):
            raise SystemExit(f"{page}: what stands between the marks is not what `make numbers` writes")
    if "--check" in sys.argv:
        return
    chosen = [page for page in PAGES if page in sys.argv] or list(PAGES)
    today = datetime.datetime.now(datetime.timezone.utc).date().isoformat()
    for page in chosen:
        before, _, after = parts(page)
        outputs = "\n".join(said(command) for command in PAGES[page])
        own = f"\nMeasured on {today} on {machine()}:\n\n```text\n{outputs}\n```\n"
        (ROOT / page).write_text(before + BEGIN + own + END + after)
        print(f"{page}: {len(outputs.splitlines())} lines")


if __name__ == "__main__":
    main()
