"""Decodes a list of 100,000 records: speed and peak memory, compared with msgspec's structs and pydantic's models.

    python bench/decoding.py [--short]

Each measurement runs in a process of its own, rounds interleaved. "and used" goes through all records and looks at two fields
of each. Peak memory is what decoding adds to a process that already holds the body.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

RECORDS, ROUNDS = (2_000, 2) if "--short" in sys.argv else (100_000, 9)


def body() -> bytes:
    from serving import RECORD

    records = [
        {"micro_deposit": {**RECORD, "guid": f"MIC-{i:08x}-8448-4f7f-89e1-b62ff2517edb", "email": f"user{i}@example.com"}}
        for i in range(RECORDS)
    ]
    return json.dumps({"micro_deposits": records}, separators=(",", ":")).encode()


def decoder(name: str):  # type: ignore[no-untyped-def]
    """What turns the body into records, and what yields them."""
    if name == "mx_nexus":
        from mx_nexus import List

        endpoint = List()
        return lambda data: endpoint.parse(200, data), lambda records: records
    text, number = "str | None", "int | None"
    fields = {
        "account_name": text, "account_number": text, "account_type": number, "account_type_name": text,
        "created_at": text, "email": text, "error_code": text, "error_message": text, "first_name": text,
        "guid": "str", "institution_name": text, "last_name": text, "routing_number": text, "status": "int",
        "status_name": text, "updated_at": text, "verified_at": text,
    }  # fmt: skip
    if name == "msgspec":
        import msgspec

        record = msgspec.defstruct("Record", [(field, eval(kind)) for field, kind in fields.items()])
        item = msgspec.defstruct("Item", [("micro_deposit", record)])
        whole = msgspec.defstruct("Whole", [("micro_deposits", list[item])])
        decode = msgspec.json.Decoder(whole).decode
    else:
        import pydantic

        record = pydantic.create_model("Record", **{field: (eval(kind), ...) for field, kind in fields.items()})
        item = pydantic.create_model("Item", micro_deposit=(record, ...))
        whole = pydantic.create_model("Whole", micro_deposits=(list[item], ...))
        decode = getattr(whole, "model_validate_json", None) or whole.parse_raw
    return decode, lambda decoded: (one.micro_deposit for one in decoded.micro_deposits)


def peak() -> int:
    """The most memory that this process has held, in KiB."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0])


def one(name: str) -> None:
    decode, each = decoder(name)
    decode(b'{"micro_deposits":[]}')
    data = Path(sys.argv[-1]).read_bytes()
    held = peak()
    began = time.process_time()
    decoded = decode(data)
    read = time.process_time()
    count = sum(1 for record in each(decoded) if record.guid and record.status is not None)
    used = time.process_time()
    assert count == RECORDS
    print(json.dumps([read - began, used - began, peak() - held]))


def main() -> None:
    names = ["mx_nexus", *(name for name in ("msgspec", "pydantic") if importlib.util.find_spec(name))]
    file = Path(__file__).with_name("list.json.tmp")
    file.write_bytes(body())
    size = file.stat().st_size / 1e6
    short = ["--short"] if "--short" in sys.argv else []
    results: dict[str, list[list[float]]] = {name: [] for name in names}
    try:
        for _ in range(ROUNDS):
            for name in names:
                command = [sys.executable, __file__, "--one", name, *short, str(file)]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                results[name].append(json.loads(out))
    finally:
        file.unlink()
    print(f"{RECORDS} records, {size:.1f} MB, {ROUNDS} rounds, medians; ratios are the other's by ours")
    for name, rounds in results.items():
        read, used, memory = (statistics.median(values) for values in zip(*rounds, strict=True))
        ratios = [
            statistics.median(other[place] / own[place] for other, own in zip(rounds, results["mx_nexus"], strict=True))
            for place in range(3)
        ]
        print(
            f"{name:10} decode {size / read:6.0f} MB/s ({ratios[0]:5.2f} times ours), and used {size / used:6.0f} MB/s "
            f"({ratios[1]:5.2f}), peak +{memory / 1024:5.0f} MiB ({ratios[2]:4.2f})"
        )
    print("wanted: msgspec at least 1.00 in time and in memory, pydantic at least 8 in time")


if __name__ == "__main__":
    one(sys.argv[sys.argv.index("--one") + 1]) if "--one" in sys.argv else main()
