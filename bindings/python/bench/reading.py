"""CPU time of one `read` over loopback with keep-alive, compared with other HTTP clients for Python.

    python bench/reading.py [--short]

All ask the same server, a process of its own with one fixed response. Rounds are interleaved; a ratio is the median over the
rounds of the other's CPU by ours. Peers that are not installed are left out: requests, httpx, pycurl, mx-platform-python.
"""

from __future__ import annotations

import io
import json
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

CALLS, ROUNDS = (50, 3) if "--short" in sys.argv else (400, 31)
GUID = "MIC-09ba578e-8448-4f7f-89e1-b62ff2517edb"
RECORD = {
    "account_name": "My Test Account",
    "account_number": "333312345",
    "account_type": 1,
    "account_type_name": "CHECKING",
    "created_at": "2021-09-01T18:29:06.000Z",
    "email": "example@example.com",
    "error_code": None,
    "error_message": None,
    "first_name": "Josh",
    "guid": GUID,
    "institution_name": "MX Bank",
    "last_name": "James",
    "routing_number": "091000019",
    "status": 1,
    "status_name": "REQUESTED",
    "updated_at": "2021-09-01T18:29:07.000Z",
    "verified_at": "2021-09-01T18:29:07.000Z",
}
MEDIA_TYPE = "application/vnd.mx.nexus.v1+json"
# At least so much less than each, as the project wants it.
WANTED = {"mx-platform-python": 13.0, "requests": 20.0, "httpx": 13.0, "pycurl + json": 1 / 0.75}


def serve() -> None:
    def response(media_type: str, body: object) -> bytes:
        text = json.dumps(body, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(text)}\r\n\r\n"
        return head.encode() + text

    ours = response(MEDIA_TYPE, {"micro_deposit": RECORD})
    # The Platform API calls them texts.
    texts = {**RECORD, "account_type": "CHECKING", "status": "REQUESTED"}
    platform = response("application/vnd.mx.api.v1+json", {"micro_deposit": [texts]})

    def talk(peer: socket.socket) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asked = b""
        while chunk := peer.recv(65536):
            asked += chunk
            while b"\r\n\r\n" in asked:
                head, asked = asked.split(b"\r\n\r\n", 1)
                peer.sendall(platform if head.startswith(b"GET /users/") else ours)

    server = socket.create_server(("127.0.0.1", 0))
    print(server.getsockname()[1], flush=True)
    while True:
        threading.Thread(target=talk, args=(server.accept()[0],), daemon=True).start()


def peers(url: str) -> dict[str, Callable[[], object]]:
    headers = {"Accept": MEDIA_TYPE, "MD-SESSION-TOKEN": "token"}
    path = f"{url}/micro_deposits/{GUID}"
    all_: dict[str, Callable[[], object]] = {}

    from mx_nexus import Client

    client = Client(url, session_token="token")

    def ours() -> object:
        record = client.read(GUID)
        return record.guid, record.status

    all_["mx_nexus"] = ours
    try:
        import pycurl

        curl = pycurl.Curl()

        def by_curl() -> object:
            out = io.BytesIO()
            curl.setopt(pycurl.URL, path)
            curl.setopt(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
            curl.setopt(pycurl.WRITEDATA, out)
            curl.perform()
            record = json.loads(out.getvalue())["micro_deposit"]
            return record["guid"], record["status"]

        all_["pycurl + json"] = by_curl
    except ImportError:
        pass
    try:
        import requests

        session = requests.Session()

        def by_requests() -> object:
            record = session.get(path, headers=headers).json()["micro_deposit"]
            return record["guid"], record["status"]

        all_["requests"] = by_requests
    except ImportError:
        pass
    try:
        import httpx

        httpx_client = httpx.Client()

        def by_httpx() -> object:
            record = httpx_client.get(path, headers=headers).json()["micro_deposit"]
            return record["guid"], record["status"]

        all_["httpx"] = by_httpx
    except ImportError:
        pass
    try:
        import mx_platform_python as platform

        configuration = platform.Configuration(host=url, username="u", password="p")
        api = platform.MicrodepositsApi(platform.ApiClient(configuration))

        def by_platform() -> object:
            record = api.read_user_microdeposit(GUID, "USR-1").micro_deposit[0]
            return record.guid, record.status

        all_["mx-platform-python"] = by_platform
    except ImportError:
        pass
    return all_


def cpu(call: Callable[[], object]) -> float:
    """Microseconds of CPU of this process for one call."""
    began = time.process_time_ns()
    for _ in range(CALLS):
        call()
    return (time.process_time_ns() - began) / CALLS / 1000


def main() -> None:
    server = subprocess.Popen([sys.executable, __file__, "--serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        all_ = peers(f"http://127.0.0.1:{server.stdout.readline().strip()}")
        for call in all_.values():
            call()
        rounds = [{name: cpu(call) for name, call in all_.items()} for _ in range(ROUNDS)]
    finally:
        server.kill()
        server.wait()
    print(f"CPU of one read, microseconds: median (least) of {ROUNDS} rounds of {CALLS} calls")
    for name in all_:
        times = [one[name] for one in rounds]
        ratio = statistics.median(one[name] / one["mx_nexus"] for one in rounds)
        wanted = f"   (wanted: at least {WANTED[name]:.2f})" if name in WANTED else ""
        print(f"{name:20} {statistics.median(times):8.1f} ({min(times):6.1f}) {ratio:8.2f} times ours{wanted}")


if __name__ == "__main__":
    serve() if "--serve" in sys.argv else main()
