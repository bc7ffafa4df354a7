"""Records, amounts and statuses with msgspec: masked, in full on request, and read anew: `python examples/msgspec_records.py`.

Prints `examples/msgspec_records.transcript`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
from mx_nexus import AccountNumber, Cents, Client, Microdeposit, Microdeposits, Outcome, Private, RoutingNumber, Status, Verdict
from mx_nexus.sandbox import Sandbox


# 1. Any value of mx_nexus, wherever it stands in what is encoded: masked.
def masked(value: object) -> Any:
    if isinstance(value, (Microdeposit, Outcome)):
        return value.to_dict(redacted=True)
    if isinstance(value, Microdeposits):
        return value.to_dicts(redacted=True)
    if isinstance(value, (AccountNumber, RoutingNumber, Private)):
        return str(value)
    if isinstance(value, Cents):
        return value.amount
    # As msgspec's documentation asks of a hook for a type that it does not support.
    raise NotImplementedError(f"no rule for a {type(value).__name__}")


# A secret, an API key for one, has no rule above: it is a mistake to encode it, and an exception.
encoder = msgspec.json.Encoder(enc_hook=masked)


# 2. The types of an API of one's own.
class Submission(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    guid: str
    first: Decimal
    second: Decimal


class Account(msgspec.Struct, frozen=True, kw_only=True):
    guid: str
    status: Status
    may_verify: bool
    account_number: str | None
    verdict: Verdict | None = None

    @classmethod
    def of(cls, record: Microdeposit, verdict: Verdict | None = None) -> Account:
        shown = str(record.account_number) if record.account_number else None
        may = record.status.may_verify
        return cls(guid=record.guid, status=record.status, may_verify=may, account_number=shown, verdict=verdict)


def submit(client: Client, body: bytes) -> bytes:
    """What a route does: text in, exact amounts, text out."""
    asked = msgspec.json.decode(body, type=Submission)
    outcome = client.verify(asked.guid, asked.first, asked.second)
    return encoder.encode(Account.of(outcome.record, outcome.verdict))


# 3. Back from text: the guid is what counts, and the record is read anew.
def current(client: Client, body: bytes) -> Microdeposit:
    return client.read(msgspec.json.decode(body, type=Account).guid)


# 4. In full, by name and never by a hook: for a place that may hold account numbers.
def in_full(record: Microdeposit) -> bytes:
    return msgspec.json.encode(record.to_dict())


def main() -> None:
    with Sandbox() as sandbox, sandbox.client() as client:
        made = client.create(
            first_name="Josh",
            last_name="James",
            email="example@example.com",
            routing_number="091000019",
            account_number="333312345",
            account_type="checking",
        )
        sandbox.advance(120)
        told = submit(client, b'{"guid": "%s", "first": "0.09", "second": 0.09}' % made.guid.encode())
        print(told.decode())
        print(f"read anew: {current(client, told).status}")
        print(f"masked: {encoder.encode({'account': made.account_number, 'sum': Cents(18)}).decode()}")
        print(f"the same record from its full text: {Microdeposit.from_json(in_full(made)) == made}")


if __name__ == "__main__":
    main()
