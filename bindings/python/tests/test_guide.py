"""The guide's pages on other libraries: their examples run, send what they say they send, and show no secret."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from decimal import Decimal
from types import ModuleType

import pytest
from mx_nexus import Client, Microdeposit, Secret, Status, Verdict, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH, ROOT, library

EXAMPLES = ROOT / "examples"
HIDDEN = (JOSH["account_number"], JOSH["email"], "Josh", "James")


@pytest.fixture
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(EXAMPLES))


def example(name: str) -> ModuleType:
    return importlib.import_module(name)


def told(story: str) -> str:
    """What a story prints."""
    done = subprocess.run([sys.executable, EXAMPLES / f"{story}.py"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def count(sandbox: Sandbox, operation: str) -> int:
    return sum(request.get("operation") == operation for request in sandbox.requests)


def test_msgspec_tells_its_transcript() -> None:  # examples/msgspec_records.py and examples/msgspec_records.transcript
    library("msgspec")
    assert told("msgspec_records") == (EXAMPLES / "msgspec_records.transcript").read_text()


def test_msgspec(examples: None, client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    msgspec = library("msgspec")
    records = example("msgspec_records")
    sandbox.advance(120)
    outcome = client.verify(made.guid, "0.02", "0.02")
    record = outcome.record
    personal = [getattr(record, name) for name in JOSH if name != "account_type"]
    written = records.encoder.encode([record, client.list(), outcome, *personal])
    for secret in HIDDEN:
        assert secret.encode() not in written
    one, some, judged, *parts = json.loads(written)
    assert one == dict(record) and some == [one] and judged["record"] == one and len(parts) == 5
    full = records.in_full(record)
    assert all(secret.encode() in full for secret in HIDDEN) and Microdeposit.from_json(full) == record
    for secret in (Secret("canary"), client):
        with pytest.raises(NotImplementedError) as refused:
            records.encoder.encode({"x": secret})
        assert "canary" not in str(refused.value)

    for text in (b"0.29", b'"0.29"'):
        asked = msgspec.json.decode(b'{"guid":"MIC-1","first":%b,"second":0.01}' % text, type=records.Submission)
        assert asked == records.Submission("MIC-1", Decimal("0.29"), Decimal("0.01"))
    body = records.submit(client, b'{"guid":"%b","first":0.09,"second":"0.09"}' % made.guid.encode())
    back = msgspec.json.decode(body, type=records.Account)
    assert (back.status, back.verdict, back.account_number) == (Status.VERIFIED, Verdict.VERIFIED, "*****2345")
    assert records.current(client, body) == client.read(made.guid)
    strange = msgspec.structs.replace(back, status=Status(12))
    assert msgspec.json.decode(records.encoder.encode(strange), type=records.Account) == strange
    with pytest.raises(errors.InvalidInput):
        records.submit(client, b'{"guid":"%b","first":0.091,"second":0.09}' % made.guid.encode())


def test_opentelemetry_tells_its_transcript() -> None:  # examples/otel_spans.py and examples/otel_spans.transcript
    library("opentelemetry")
    assert told("otel_spans") == (EXAMPLES / "otel_spans.transcript").read_text()


CANARIES = {
    "first_name": "Quetzalina",
    "last_name": "Oberwasser",
    "email": "quetzalina.o@canary.example",
    "account_number": "3333918273645",
    "routing_number": "091000019",
    "account_name": "Hidden treasure",
}

WATCHED = """
import asyncio, contextlib, json, logging, sys
import otel_spans
from mx_nexus import AsyncClient
from mx_nexus.errors import NexusError
from mx_nexus.sandbox import Sandbox
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
logging.getLogger("mx_nexus").addHandler(otel_spans.Requests())
logging.getLogger("mx_nexus").setLevel(logging.DEBUG)
person = json.loads(sys.argv[1])

with Sandbox() as sandbox, sandbox.client(reconcile_timeout=0.2, read_attempts=2) as client:
    token = client.session().expose()
    with otel_spans.call("create"):
        made = client.create(**person, account_type="checking")
    sandbox.advance(120)
    wrong = [("garbage", {}), ("status", {"status": 400}), ("status", {"status": 503}), ("reset_before", {}), ("truncated", {})]
    wrong.insert(0, ("reset_before", {"operation": "verify"}))
    for effect, how in wrong:
        sandbox.fault(effect, **how)
        for ask in (
            lambda: otel_spans.submit(client, made.guid, "0.02", "0.07"),
            lambda: otel_spans.submit(client, made.guid, person["account_number"], "0.07"),
            lambda: otel_spans.read(client, made.guid),
            lambda: otel_spans.read_in_threads(client, [made.guid]),
        ):
            with contextlib.suppress(NexusError):
                ask()
        with contextlib.suppress(NexusError), otel_spans.call("create"):
            client.create(**person, account_type="checking", timeout=1)
        sandbox.clear_faults()

    async def main() -> None:
        async with AsyncClient(sandbox.url, session_token=token) as asynchronous:
            await otel_spans.read_in_tasks(asynchronous, [made.guid])

    asyncio.run(main())
    spans = [json.loads(span.to_json()) for span in exporter.get_finished_spans()]
    print(json.dumps({"spans": spans, "secrets": [token, sandbox.api_key]}))
"""


def test_no_attribute_event_or_status_of_a_span_holds_a_secret() -> None:
    library("opentelemetry")
    command = [sys.executable, "-W", "error", "-c", WATCHED, json.dumps(CANARIES)]
    done = subprocess.run(command, cwd=EXAMPLES, capture_output=True, text=True, timeout=120)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    seen = json.loads(done.stdout)
    text = json.dumps(seen["spans"])
    for secret in (*CANARIES.values(), *seen["secrets"]):
        assert secret not in text, secret
    assert not {"0.02", "0.07"} & {value for span in seen["spans"] for value in span["attributes"].values()}
    attributes = {name for span in seen["spans"] for name in span["attributes"]}
    assert attributes == {
        "error.type",
        "nexus.attempt",
        "nexus.attempts",
        "nexus.guid",
        "nexus.operation",
        "nexus.outcome_unknown",
        "nexus.status",
    }
    kinds = {span["attributes"].get("error.type") for span in seen["spans"]}
    assert {"bad_request", "invalid_input", "io", "not_json", None} <= kinds, kinds
    assert any(span["attributes"].get("nexus.outcome_unknown") for span in seen["spans"])
    assert any("reconciling" in event["name"] for span in seen["spans"] for event in span["events"])
    known = {span["context"]["span_id"]: span["name"] for span in seen["spans"]}
    parents = {(span["name"], known.get(span["parent_id"])) for span in seen["spans"]}
    assert ("nexus read", "in threads") in parents and ("nexus read", "in tasks") in parents
    assert {parent for name, parent in parents if name == "request verify"} == {"nexus verify"}
