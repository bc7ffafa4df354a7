"""A create and a submission under keys, with a journal: `python examples/keys.py`.

A later call under the same key continues where the earlier call stopped and sends nothing twice, also in another process. Prints
`examples/keys.transcript`, the same as the examples in Rust and C++ do.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from mx_nexus import Journal
from mx_nexus.sandbox import Sandbox


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox, sandbox.client() as client:
        journal = Journal(Path(folder) / "nexus.journal", b"a secret of the program's own")
        guids: list[str] = []
        for _ in range(2):
            made = client.create_once(
                "application-7",
                journal=journal,
                first_name="Josh",
                last_name="James",
                email="example@example.com",
                routing_number="091000019",
                account_number="333312345",
                account_type="checking",
            )
            guids.append(made.guid)
        print(f"created twice under one key, records: {len(set(guids))}")

        sandbox.advance(120)
        for _ in range(2):
            outcome = client.verify(guids[0], "0.09", "0.09", key="application-7, first try", journal=journal)
            print(f"submitted under one key: {outcome.verdict}")


if __name__ == "__main__":
    main()
