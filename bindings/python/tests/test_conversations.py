"""Endpoints without I/O: the shared conversations, sent to a sandbox by `http.client`; and the transitions."""

from __future__ import annotations

import contextlib
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from mx_nexus import GetApiToken, NexusError, OpenSession, Request, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH, vectors
from test_vectors import build


class Carrier:
    """Another HTTP library than ours."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.session = sandbox, sandbox.session_token
        self.connection = http.client.HTTPConnection(urlsplit(sandbox.url).netloc, timeout=30)

    def send(self, method: str, path: str, headers: dict[str, str], body: bytes | None) -> tuple[int, bytes]:
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        return response.status, response.read()

    def carry(self, request: Request, secret: str) -> tuple[int, bytes]:
        headers = {**request.headers, request.auth_header: secret}
        return self.send(request.method, request.path, headers, request.body)

    def open_session(self) -> None:
        ask = GetApiToken(self.sandbox.client_id, self.sandbox.user_id)
        token = ask.parse(*self.carry(ask.request(), self.sandbox.api_key))
        opened = OpenSession()
        self.session = opened.parse(*self.carry(opened.request(), token.expose())).expose()


class Teller:
    def __init__(self, story: dict[str, Any], sandbox: Sandbox) -> None:
        self.story, self.sandbox, self.carrier = story, sandbox, Carrier(sandbox)
        self.named: dict[str, str] = {}

    def call(self, operation: str, given: dict[str, Any]) -> tuple[int, Any, Any]:
        """HTTP status, the body's JSON, and what we read: a value or an exception."""
        endpoint = build(operation, given)
        status, body = self.carrier.carry(endpoint.request(), self.carrier.session)
        try:
            read = endpoint.parse(status, body)
        except NexusError as error:
            read = error
        return status, json.loads(body), read

    def take(self, step: dict[str, Any]) -> tuple[int, Any, Any]:
        guid = self.named.get(step.get("guid", ""), step.get("guid"))
        match step["do"]:
            case "open_session":
                self.carrier.open_session()
                return 200, None, None
            case "create" | "preinitiate" as operation:
                return self.call(operation, step["input"])
            case "list":
                return self.call("list", {})
            case "read":
                return self.call("read", {"guid": guid})
            case "verify":
                amounts = step.get("amounts")
                if amounts is None:
                    amounts = self.sandbox.deposits(str(guid))
                    amounts = amounts[::-1] if step["statement"] == "swapped" else amounts
                return self.call("verify", {"guid": guid, "amounts": amounts})
            case "raw":
                path = step["path"]
                for name, made in self.named.items():
                    path = path.replace("{" + name + "}", made)
                headers = {"Accept": step["media_type"], "MD-SESSION-TOKEN": self.carrier.session}
                body = step["body"]
                if body is not None:
                    headers["Content-Type"] = step["media_type"]
                status, response = self.carrier.send(step["method"], path, headers, body and body.encode())
                return status, json.loads(response), None
        raise AssertionError(step)

    def tell(self) -> None:
        for index, step in enumerate(self.story["steps"]):
            at = f"step {index}: {step['do']}"
            if step["do"] == "advance":
                if "to" in step:
                    self.sandbox._admin("POST", "advance", {"to": step["to"]})
                else:
                    self.sandbox.advance(step["seconds"])
                continue
            if step["do"] == "event":
                details = {"account": step["input"]} if "input" in step else {}
                self.sandbox.happen(self.named[step["guid"]], step["events"][0][1], **details)
                continue
            status, body, read = self.take(step)
            if "as" in step and status == 200:
                self.named[step["as"]] = body["micro_deposit"]["guid"]
            self.judge(at, step, status, body, read)

    def judge(self, at: str, step: dict[str, Any], status: int, body: Any, read: Any) -> None:
        expect = step["expect"]
        assert status == expect["http"], at
        if "status" in expect:
            assert body["micro_deposit"]["status_name"] == expect["status"], at
            assert read is None or str(read.status) == expect["status"], at
        for name, value in expect.get("fields", {}).items():
            assert body["micro_deposit"][name] == value and (read is None or read.to_dict()[name] == value), at
        if "attempts" in expect:
            name = step.get("guid") or step.get("as") or next(iter(self.named))
            assert self.sandbox.attempts(self.named[name]) == expect["attempts"], at
        if "guids" in expect:
            assert [record.guid for record in read] == [self.named[name] for name in expect["guids"]], at
        if "statuses" in expect:
            assert [str(record.status) for record in read] == expect["statuses"], at
        if status >= 400 and read is not None:
            assert isinstance(read, errors.OutcomeUnknown if read.outcome_unknown else errors.ApiError), at
            assert read.status == status, at
            assert "code" not in expect or read.code == expect["code"], at


@pytest.mark.parametrize("story", vectors("conversations"), ids=lambda story: story["id"])
def test_every_story_goes_as_told(story: dict[str, Any]) -> None:
    with Sandbox(profile=story["profile"], policy=story["policy"]) as sandbox:
        teller = Teller(story, sandbox)
        with contextlib.closing(teller.carrier.connection):
            teller.tell()


SEQUENCES = [case for case in vectors("transitions") if case.get("events") and case["events"][0] in ("created", "preinitiated")]


@pytest.mark.parametrize("case", SEQUENCES, ids=lambda case: case["id"])
def test_events_move_a_microdeposit_as_the_table_says(case: dict[str, Any]) -> None:
    first, *events = case["events"]
    person = {name: JOSH[name] for name in ("first_name", "last_name", "email")}
    account = {
        "account_number": JOSH["account_number"],
        "routing_number": JOSH["routing_number"],
        "account_type_name": "CHECKING",
    }
    with Sandbox() as sandbox, sandbox.client() as client:
        made = client.create(**JOSH) if first == "created" else client.preinitiate(**person)
        refused = None
        for event in events:
            try:
                sandbox.happen(made.guid, event, **({"account": account} if event == "account_submitted" else {}))
            except errors.InvalidInput as error:
                refused = event
                assert error.status in (404, 409)
                break
        assert refused == case["refused"]
        if case["end"] == "deleted":
            with pytest.raises(errors.NotFound):
                client.read(made.guid)
        else:
            assert str(client.read(made.guid).status) == case["end"]
            assert sandbox.attempts(made.guid) == case["attempts"]
