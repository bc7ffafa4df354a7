"""The CPU milliseconds that `import mx_nexus` adds to Python's start, compared with the other packages that are installed.

    python bench/importing.py
"""

from __future__ import annotations

import importlib.util
import resource
import statistics
import subprocess
import sys

ROUNDS = 5 if "--short" in sys.argv else 25
STATEMENTS = ["pass", "import mx_nexus"]
STATEMENTS += [
    f"import {name}"
    for name in ("requests", "httpx", "pycurl", "msgspec", "pydantic", "mx_platform_python")
    if importlib.util.find_spec(name)
]


def cpu(statement: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-I", "-c", statement], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def main() -> None:
    rounds = [[cpu(statement) for statement in STATEMENTS] for _ in range(ROUNDS)]
    bare, *others = (statistics.median(times) for times in zip(*rounds, strict=True))
    print(f"bare Python: {bare:.1f} ms of CPU, median of {ROUNDS}")
    for statement, time in zip(STATEMENTS[1:], others, strict=True):
        target = "   (at most 10)" if statement == "import mx_nexus" else ""
        print(f"{statement:28} {time - bare:8.1f} ms more{target}")


if __name__ == "__main__":
    main()
