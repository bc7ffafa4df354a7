"""CPU time and wall time of thousands of `AsyncClient` reads, forty at a time, beside aiohttp and beside our blocking client.

    python bench/reading_async.py [--short] [COUNT]

All ask the server of reading.py, by address, by name, and by name with TLS. Rounds are interleaved, each in a process of its own, and a
ratio is the median over the rounds. aiohttp is left out where it is not installed.
"""

from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from serving import GUID, HEADERS, PATH, Way, server

NUMBERS = [int(word) for word in sys.argv[1:] if word.isdigit()]
COUNT = NUMBERS[0] if NUMBERS else 100 if "--short" in sys.argv else 2000
ROUNDS = 2 if "--short" in sys.argv else 9
AT_ONCE = 40
NAMES = {"ours": "AsyncClient", "blocking": "Client, one thread", "theirs": "aiohttp + json"}


async def ours(way: Way) -> dict[str, float]:
    from mx_nexus import AsyncClient

    async with AsyncClient(way.url, session_token="token", root_certificates=way.authority) as client:

        async def read() -> None:
            record = await client.read(GUID)
            assert record.guid == GUID

        return await measured(read)


async def theirs(way: Way) -> dict[str, float]:
    import ssl

    import aiohttp

    secure = ssl.create_default_context(cafile=way.file) if way.file else True
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=AT_ONCE, ssl=secure)) as session:

        async def read() -> None:
            async with session.get(way.url + PATH, headers=HEADERS) as response:
                record = json.loads(await response.read())["micro_deposit"]
                assert record["guid"] == GUID

        return await measured(read)


async def measured(read: object) -> dict[str, float]:
    # The connections are made before.
    await asyncio.gather(*(read() for _ in range(AT_ONCE)))  # type: ignore[operator]
    busy, began = time.process_time(), time.perf_counter()
    await asyncio.gather(*(read() for _ in range(COUNT)))  # type: ignore[operator]
    return {"cpu": (time.process_time() - busy) / COUNT * 1e6, "wall": (time.perf_counter() - began) / COUNT * 1e6}


async def blocking(way: Way) -> dict[str, float]:
    from mx_nexus import Client

    client = Client(way.url, session_token="token", root_certificates=way.authority)

    def many() -> dict[str, float]:
        client.read(GUID)
        busy, began = time.process_time(), time.perf_counter()
        for _ in range(COUNT):
            client.read(GUID)
        return {"cpu": (time.process_time() - busy) / COUNT * 1e6, "wall": (time.perf_counter() - began) / COUNT * 1e6}

    return await asyncio.to_thread(many)


def main() -> None:
    print(f"{COUNT:,} reads, {AT_ONCE} at a time, microseconds each: median of {ROUNDS} rounds; ratios are to aiohttp and to Client")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as ways:
        for way in ways:
            rounds: dict[str, list[dict[str, float]]] = {name: [] for name in NAMES}
            for _ in range(ROUNDS):
                for name, kept in rounds.items():
                    command = [sys.executable, __file__, name, json.dumps([way.name, way.url, way.file]), str(COUNT)]
                    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ})
                    if done.returncode == 0:
                        kept.append(json.loads(done.stdout))
                    elif name != "theirs":
                        raise SystemExit(done.stderr)
            print(f"by {way.name}:")
            for name, kept in rounds.items():
                if not kept:
                    print(f"  {NAMES[name]}: not installed")
                    continue
                line = f"  {NAMES[name]:20}" + "".join(
                    f" {what} {statistics.median(one[what] for one in kept):7.1f}" for what in ("cpu", "wall")
                )
                if name == "ours":
                    for other, wanted in (("theirs", 0.5), ("blocking", 1.5)):
                        if rounds[other]:
                            ratio = statistics.median(a["cpu"] / b["cpu"] for a, b in zip(kept, rounds[other]))
                            line += f"   {ratio:.2f} of {NAMES[other]} (wanted: at most {wanted})"
                print(line)


def one(name: str, words: str) -> None:
    way = Way(*json.loads(words)[:2], None, json.loads(words)[2])
    if way.file:
        way = way._replace(authority=Path(way.file).read_bytes())
    run = {"ours": ours, "theirs": theirs, "blocking": blocking}[name]
    print(json.dumps(asyncio.run(run(way))))


if __name__ == "__main__":
    one(sys.argv[1], sys.argv[2]) if sys.argv[1:2] and sys.argv[1] in NAMES else main()
