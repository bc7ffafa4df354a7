"""CPU time of one `read` over loopback with keep-alive, compared with other HTTP clients for Python.

    python bench/reading.py [--short]

All ask the same server, a process of its own with one fixed response: by address, by name, and by name with TLS (where trustme
is installed, which makes the certificate). Client and server share one core where the system can pin them. Rounds are interleaved;
a ratio is the median over the rounds of the other's CPU by ours. Ours is called in the main thread, where it also checks for signals, and in another. Peers that are not installed are left
out: requests, httpx, pycurl, mx-platform-python.
"""

from __future__ import annotations

import io
import json
import os
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from serving import GUID, HEADERS, PATH, Way, server

CALLS, ROUNDS = (50, 3) if "--short" in sys.argv else (400, 31)
OURS, THREAD = "mx_nexus", "mx_nexus, other thread"
# At least so much less than each, as the project wants it.
WANTED = {"mx-platform-python": 13.0, "requests": 20.0, "httpx": 10.0, "pycurl + json": 1 / 0.55}


def peers(way: Way) -> dict[str, Callable[[], object]]:
    path = way.url + PATH
    all_: dict[str, Callable[[], object]] = {}

    from mx_nexus import Client

    client = Client(way.url, session_token="token", root_certificates=way.authority)

    def ours() -> object:
        record = client.read(GUID)
        return record.guid, record.status

    all_[OURS] = all_[THREAD] = ours
    try:
        import pycurl

        curl = pycurl.Curl()

        def by_curl() -> object:
            out = io.BytesIO()
            curl.setopt(pycurl.URL, path)
            curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in HEADERS.items()])
            curl.setopt(pycurl.WRITEDATA, out)
            if way.file:
                curl.setopt(pycurl.CAINFO, way.file)
            curl.perform()
            record = json.loads(out.getvalue())["micro_deposit"]
            return record["guid"], record["status"]

        all_["pycurl + json"] = by_curl
    except ImportError:
        pass
    try:
        import requests

        session = requests.Session()
        session.trust_env, session.verify = False, way.file or True

        def by_requests() -> object:
            record = session.get(path, headers=HEADERS).json()["micro_deposit"]
            return record["guid"], record["status"]

        all_["requests"] = by_requests
    except ImportError:
        pass
    try:
        import ssl

        import httpx

        httpx_client = httpx.Client(verify=ssl.create_default_context(cafile=way.file) if way.file else True)

        def by_httpx() -> object:
            record = httpx_client.get(path, headers=HEADERS).json()["micro_deposit"]
            return record["guid"], record["status"]

        all_["httpx"] = by_httpx
    except ImportError:
        pass
    try:
        import mx_platform_python as platform

        configuration = platform.Configuration(host=way.url, username="u", password="p", ssl_ca_cert=way.file)
        api = platform.MicrodepositsApi(platform.ApiClient(configuration))

        def by_platform() -> object:
            record = api.read_user_microdeposit(GUID, "USR-1").micro_deposit[0]
            return record.guid, record.status

        all_["mx-platform-python"] = by_platform
    except ImportError:
        pass
    return all_


def cpu(name: str, call: Callable[[], object]) -> float:
    """Microseconds of CPU of this process for one call."""

    def many() -> None:
        for _ in range(CALLS):
            call()

    thread = threading.Thread(target=many)
    began = time.process_time_ns()
    if name == THREAD:
        thread.start()
        thread.join()
    else:
        many()
    return (time.process_time_ns() - began) / CALLS / 1000


def main() -> None:
    if hasattr(os, "sched_setaffinity"):
        # On two cores a wake-up costs now more and now less than the rest of a call, by where the system has put the two.
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    print(f"CPU of one read, microseconds: median (least) of {ROUNDS} rounds of {CALLS} calls")
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as ways:
        for way in ways:
            all_ = peers(way)
            for call in all_.values():
                call()
            rounds = [{name: cpu(name, call) for name, call in all_.items()} for _ in range(ROUNDS)]
            print(f"by {way.name}:")
            for name in all_:
                times = [one[name] for one in rounds]
                ratio = statistics.median(one[name] / one[OURS] for one in rounds)
                wanted = f"   (wanted: at least {WANTED[name]:.2f})" if name in WANTED else ""
                print(f"  {name:22} {statistics.median(times):8.1f} ({min(times):6.1f}) {ratio:8.2f} times ours{wanted}")


if __name__ == "__main__":
    main()
