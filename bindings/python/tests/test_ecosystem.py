"""Values in other packages: formats, frames, pydantic 2, FastAPI, msgspec, type hints at run time. All of it masked."""

from __future__ import annotations

import asyncio
import json
import typing
from collections.abc import Mapping
from typing import Any

import pytest
from mx_nexus import AsyncClient, Cents, Client, Microdeposit, Microdeposits, Outcome, Secret, Status, aio
from mx_nexus.sandbox import Sandbox
from support import JOSH, library

HIDDEN = (JOSH["account_number"], JOSH["email"], "Josh", "James")


def masked(text: str) -> None:
    assert "*****2345" in text
    for secret in HIDDEN:
        assert secret not in text


def test_values_are_formatted_as_text_is(made: Microdeposit) -> None:
    assert made.account_number is not None and made.first_name is not None
    assert f"{made.account_number:>12}|{made.status:<10}|{Cents(9):>6}|{Secret('s'):^3}|" == "   *****2345|INITIATED |  0.09| … |"
    assert f"{made.account_number}" == str(made.account_number) and f"{made.first_name:.1}" == "J"
    with pytest.raises(ValueError):
        f"{made.account_number:d}"


def test_a_record_is_a_mapping_to_what_may_be_shown(made: Microdeposit) -> None:
    assert isinstance(made, Mapping) and dict(made) == {**made} == made.to_dict(redacted=True)
    assert list(made) == list(made.keys()) == list(made.to_dict()) and len(made) == len(made.to_dict()) and "guid" in made
    assert made["guid"] == made.guid and made.get("guid") == made.guid and made.get("x", 7) == 7 and "x" not in made
    assert dict(made.items()) == dict(made) and list(made.values()) == list(dict(made).values())
    with pytest.raises(KeyError):
        made["x"]
    masked(json.dumps(dict(made)))


def test_frames_are_grouped_by_status(client: Client, made: Microdeposit) -> None:
    pandas = library("pandas")
    frame = pandas.DataFrame(client.list())
    assert list(frame.columns) == list(made.keys()) and list(frame["guid"]) == [made.guid]
    masked(frame.to_string())
    counted = pandas.DataFrame({"status": [Status.VERIFIED, Status.DENIED, Status(12), Status.DENIED]}).groupby("status").size()
    assert list(counted.index) == [Status.VERIFIED, Status.DENIED, Status(12)] and list(counted) == [1, 2, 1]
    assert sorted([Status.DENIED, Status.INITIATED]) == [Status.INITIATED, Status.DENIED]


def test_pydantic(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    pydantic = library("pydantic")
    sandbox.advance(120)
    outcome = client.verify(made.guid, "0.02", "0.02")

    class Case(pydantic.BaseModel):  # type: ignore[misc, name-defined]
        record: Microdeposit
        records: Microdeposits
        outcome: Outcome

    case = Case(record=made, records=client.list(), outcome=outcome)
    assert case.record is made
    masked(case.model_dump_json())
    written = json.loads(case.model_dump_json())
    assert written["record"] == dict(made) and written["records"] == client.list().to_dicts(redacted=True)
    assert written["outcome"] == outcome.to_dict(redacted=True) and written["outcome"]["verdict"] == "denied"
    masked(f"{case!r} {case.model_dump(mode='json')}")
    schema = Case.model_json_schema(mode="serialization")
    assert schema["properties"]["records"]["items"]["properties"]["guid"] == {"type": "string"}
    with pytest.raises(pydantic.ValidationError):
        Case(record={}, records=client.list(), outcome=outcome)


def test_fastapi(client: Client, made: Microdeposit) -> None:
    fastapi = library("fastapi")
    app = fastapi.FastAPI()

    def typed() -> Microdeposit:
        return client.read(made.guid)

    def bare():  # type: ignore[no-untyped-def]
        return client.read(made.guid)

    def listed() -> Microdeposits:
        return client.list()

    typed.__annotations__["return"], listed.__annotations__["return"] = Microdeposit, Microdeposits
    for path, route in (("/typed", typed), ("/bare", bare), ("/list", listed)):
        app.get(path)(route)

    async def get(path: str) -> tuple[int, bytes]:
        came: dict[str, Any] = {"body": b""}

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: dict[str, Any]) -> None:
            came["status"] = message.get("status", came.get("status"))
            came["body"] += message.get("body", b"")

        http = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": "GET"}
        where = {"path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": []}
        await app({**http, **where, "client": ("c", 1), "server": ("s", 80)}, receive, send)
        return came["status"], came["body"]

    for path in ("/typed", "/bare", "/list"):
        status, body = asyncio.run(get(path))
        assert status == 200, body
        masked(body.decode())
    status, document = asyncio.run(get("/openapi.json"))
    assert status == 200 and "routing_number" in document.decode()


def test_msgspec(client: Client, made: Microdeposit) -> None:
    msgspec = library("msgspec")
    written = msgspec.json.encode({"record": made, "all": list(client.list())}, enc_hook=dict)
    masked(written.decode())
    assert json.loads(written)["record"] == dict(made)


@pytest.mark.parametrize("name", ["create", "create_once", "preinitiate", "list", "read", "verify", "wait", "widget_url"])
def test_hints_can_be_had_at_run_time(name: str) -> None:
    assert "return" in typing.get_type_hints(getattr(AsyncClient, name))
    assert typing.get_type_hints(Sandbox.__init__) and typing.get_type_hints(aio.ClientOptions)
