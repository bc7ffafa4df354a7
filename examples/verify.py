"""A bank account verified from end to end, against a sandbox inside this process: `python examples/verify.py`.

Prints `examples/verify.transcript`, the same as the examples in Rust and C do.
"""

from __future__ import annotations

from mx_nexus.errors import NotVerifiable
from mx_nexus.sandbox import Sandbox


def main() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        microdeposit = client.create(
            first_name="Josh",
            last_name="James",
            email="example@example.com",
            routing_number="091000019",
            account_number="333312345",
            account_type="checking",
        )
        guid = microdeposit.guid
        print(f"created {guid}: {microdeposit.status}")
        print(f"  {microdeposit.status.next_step}")

        # Two minutes of the sandbox's own time; a real bank takes 12 to 36 hours.
        sandbox.advance(120)
        landed = client.wait(guid)
        print(f"deposits landed: {landed.status}")
        print(f"  {landed.status.next_step}")

        for amount in ("0.02", "0.09"):
            outcome = client.verify(guid, amount, amount, wait=True)
            print(f"submitted {amount} and {amount}: {outcome.verdict}")
            print(f"  {outcome.verdict.advice}")

        # The third submission would have been the last; now none is admitted, and none is sent.
        try:
            client.verify(guid, "0.09", "0.09")
        except NotVerifiable as error:
            print(f"submitted again: {error.kind} ({error.number})")


if __name__ == "__main__":
    main()
