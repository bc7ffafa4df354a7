"""The server of the reading benchmarks: one fixed response, in a process of its own, plain and with TLS.

    with serving.server() as (plain, secure): ...
"""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

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
HEADERS = {"Accept": MEDIA_TYPE, "MD-SESSION-TOKEN": "token"}
PATH = f"/micro_deposits/{GUID}"


class Way(NamedTuple):
    """How the server is reached."""

    name: str
    url: str
    # PEM, and the file that holds it; none for plain text.
    authority: bytes | None = None
    file: str | None = None


def serve(certificate: str | None) -> None:
    def response(media_type: str, body: object) -> bytes:
        text = json.dumps(body, separators=(",", ":")).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nContent-Length: {len(text)}\r\n\r\n"
        return head.encode() + text

    ours = response(MEDIA_TYPE, {"micro_deposit": RECORD})
    # The Platform API calls them texts.
    texts = {**RECORD, "account_type": "CHECKING", "status": "REQUESTED"}
    platform = response("application/vnd.mx.api.v1+json", {"micro_deposit": [texts]})
    secure = None
    if certificate is not None:
        secure = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        secure.load_cert_chain(certificate)

    def talk(peer: socket.socket, with_tls: bool) -> None:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if with_tls:
            assert secure is not None
            peer = secure.wrap_socket(peer, server_side=True)
        asked = b""
        with contextlib.suppress(OSError):
            while chunk := peer.recv(65536):
                asked += chunk
                while b"\r\n\r\n" in asked:
                    head, asked = asked.split(b"\r\n\r\n", 1)
                    peer.sendall(platform if head.startswith(b"GET /users/") else ours)

    def listen(server: socket.socket, with_tls: bool) -> None:
        while True:
            threading.Thread(target=talk, args=(server.accept()[0], with_tls), daemon=True).start()

    servers = [socket.create_server(("127.0.0.1", 0), backlog=1024) for _ in range(1 if secure is None else 2)]
    print(*(server.getsockname()[1] for server in servers), flush=True)
    for server, with_tls in zip(servers, (False, True)):
        threading.Thread(target=listen, args=(server, with_tls), daemon=True).start()
    sys.stdin.read()


@contextlib.contextmanager
def server(folder: Path) -> Iterator[list[Way]]:
    """Starts it. The certificate, if any, is in a file of this folder."""
    authority = None
    try:
        import trustme
    except ImportError:
        pass
    else:
        ca = trustme.CA()
        leaf = ca.issue_cert("localhost")
        leaf.private_key_and_cert_chain_pem.write_to_path(folder / "leaf.pem")
        ca.cert_pem.write_to_path(folder / "authority.pem")
        authority = ca.cert_pem.bytes()
    command = [sys.executable, __file__, *([str(folder / "leaf.pem")] if authority else [])]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ports = process.stdout.readline().split()
            ways = [Way("address", f"http://127.0.0.1:{ports[0]}"), Way("name", f"http://localhost:{ports[0]}")]
            if authority:
                ways.append(Way("name and TLS", f"https://localhost:{ports[1]}", authority, str(folder / "authority.pem")))
            yield ways
        finally:
            process.kill()


if __name__ == "__main__":
    serve(sys.argv[1] if len(sys.argv) > 1 else None)
