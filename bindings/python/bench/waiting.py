"""What thousands of waits cost a process: memory, threads, files, and the longest stall of the event loop.

    python bench/waiting.py [--short] [COUNT]

Ours beside a loop of aiohttp that reads and sleeps, each in a process of its own, against the same server. aiohttp is left out
where it is not installed.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from serving import GUID, HEADERS, server

NUMBERS = [int(word) for word in sys.argv[1:] if word.isdigit()]
COUNT = NUMBERS[0] if NUMBERS else 200 if "--short" in sys.argv else 2000


def resident() -> int:
    with open("/proc/self/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def held(what: str) -> int:
    return len(os.listdir(f"/proc/self/{what}"))


async def measured(begin: Callable[[], Awaitable[object]], asleep: Callable[[], bool]) -> dict[str, float]:
    """Begins so many waits, looks when all of them sleep, and ends them."""
    before, threads, files, worst = resident(), held("task"), held("fd"), 0.0

    async def watch() -> None:
        nonlocal worst
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.001)
            worst = max(worst, time.perf_counter() - began - 0.001)

    watching = asyncio.create_task(watch())
    began = time.perf_counter()
    waits = [asyncio.ensure_future(begin()) for _ in range(COUNT)]
    while not asleep():
        await asyncio.sleep(0.01)
    out = {
        "seconds": time.perf_counter() - began,
        "kilobytes": (resident() - before) / COUNT,
        "threads": held("task") - threads,
        "files": held("fd") - files,
        "stall": worst * 1000,
    }
    for one in [*waits, watching]:
        one.cancel()
    await asyncio.gather(*waits, watching, return_exceptions=True)
    return out


async def ours(url: str) -> dict[str, float]:
    from mx_nexus import AsyncClient

    async with AsyncClient(url, session_token="token", environment="production") as client:
        await client.read(GUID)
        return await measured(lambda: client.wait(GUID), lambda: len(client._sleeping) == COUNT)


async def theirs(url: str) -> dict[str, float]:
    import aiohttp

    sleeping = 0

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=40)) as session:
        async def wait() -> None:
            nonlocal sleeping
            while True:
                async with session.get(f"{url}/micro_deposits/{GUID}", headers=HEADERS) as response:
                    record = json.loads(await response.read())["micro_deposit"]
                    if record["status"] == 2:
                        return
                sleeping += 1
                await asyncio.sleep(3600)

        return await measured(wait, lambda: sleeping == COUNT)


def main() -> None:
    if not os.path.exists("/proc/self/status"):
        print("nothing is measured here: no /proc")
        return
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as ways:
        print(f"{COUNT:,} waits (wanted: at most 40 threads or files, 10 KB each, no stall over 20 ms)")
        for who in ("ours", "theirs"):
            done = subprocess.run([sys.executable, __file__, who, ways[0].url, str(COUNT)], capture_output=True, text=True)
            if done.returncode != 0:
                print(f"  {who}: not measured: {done.stderr.strip().splitlines()[-1:]}")
                continue
            one = json.loads(done.stdout)
            print(
                f"  {'mx_nexus' if who == 'ours' else 'aiohttp, polling':18} {one['kilobytes']:6.1f} KB each, "
                f"{one['threads']:3.0f} threads, {one['files']:3.0f} files, longest stall {one['stall']:6.1f} ms, "
                f"all asleep after {one['seconds']:.2f} s"
            )


if __name__ == "__main__":
    if sys.argv[1:2] in (["ours"], ["theirs"]):
        print(json.dumps(asyncio.run((ours if sys.argv[1] == "ours" else theirs)(sys.argv[2]))))
    else:
        main()
