"""A submission whose response is lost, and how its outcome is found: `python examples/lost.py`.

Prints `examples/lost.transcript`, the same as the examples in Rust, C and C++ do.
"""

from __future__ import annotations

from mx_nexus.errors import NexusError
from mx_nexus.sandbox import Sandbox


def main() -> None:
    with Sandbox() as sandbox, sandbox.client(reconcile_timeout=0.2) as client:
        made = client.create(
            first_name="Josh",
            last_name="James",
            email="example@example.com",
            routing_number="091000019",
            account_number="333312345",
            account_type="checking",
        )
        sandbox.advance(120)

        # The connection breaks, and the server acts on the request a minute later.
        sandbox.fault("later", milliseconds=60_000, operation="verify", times=1)
        try:
            client.verify(made.guid, "0.09", "0.09")
        except NexusError as error:
            print(f"submitted: {error.kind}, outcome unknown: {'yes' if error.outcome_unknown else 'no'}")
            print(f"  {error.advice}")

        # Look, and look again later. Reading changes nothing.
        sandbox.advance(60)
        record = client.read(made.guid)
        print(f"a minute later: {record.status}")


if __name__ == "__main__":
    main()
