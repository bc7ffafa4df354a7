"""The test cases that all languages share, `tests/vectors/*.json`, through the Python interface."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from mx_nexus import (
    MX_TEST_REFUSED,
    AccountNumber,
    Cents,
    Create,
    GetApiToken,
    List,
    Microdeposit,
    Microdeposits,
    OpenSession,
    Preinitiate,
    Read,
    RoutingNumber,
    Secret,
    Status,
    Verify,
    WebhookEvent,
    WidgetUrl,
    errors,
)
from support import vectors

ANY: dict[str, Any] = {
    "first_name": "a",
    "last_name": "b",
    "email": "c@d.ef",
    "account_number": "1",
    "account_type_name": "CHECKING",
    "routing_number": "091000019",
    "guid": "MIC-1",
    "amounts": ["0.01", "0.02"],
    "client_id": "client",
    "user_id": "user",
}


def cases(group: str) -> Any:
    return pytest.mark.parametrize("case", vectors(group), ids=lambda case: case["id"])


def build(operation: str, given: dict[str, Any]) -> Any:
    who = {name: given.get(name, "") for name in ("first_name", "last_name", "email")}
    match operation:
        case "create":
            kind, name = given["account_type_name"], given.get("account_name")
            numbers = {name: given[name] for name in ("routing_number", "account_number")}
            return Create(**who, **numbers, account_type=kind, account_name=name)
        case "preinitiate":
            return Preinitiate(**who)
        case "list":
            return List()
        case "read":
            return Read(given["guid"])
        case "verify":
            return Verify(given["guid"], *given["amounts"])
        case "open_session":
            return OpenSession()
        case "api_token":
            return GetApiToken(given["client_id"], given["user_id"])
        case "widget_url":
            return WidgetUrl(given["client_id"], given["user_id"], given.get("guid"))
    raise AssertionError(operation)


def never_repeats(error: errors.NexusError, body: str) -> None:
    shown = f"{error} {error!r} {vars(error)}"
    for secret in [*re.findall(r"\d{5,}", body), "Josh", "James", "example@"]:
        assert secret not in shown


def check_record(record: Microdeposit, expected: dict[str, Any]) -> None:
    assert record.status.name == expected["status"]
    full, shown = record.to_dict(), f"{record!r} {record} {record.to_dict(redacted=True)} {record._repr_html_()}"
    for name, value in expected["fields"].items():
        assert full[name] == value and type(full[name]) is type(value), name
        got = getattr(record, name)
        if isinstance(value, str) and hasattr(got, "expose"):
            assert got.expose() == value
        elif name not in ("status", "status_name", "created_at", "updated_at", "verified_at"):
            assert got == value, name
    for name in ("account_number", "routing_number", "email", "first_name", "last_name", "account_name"):
        assert len(full[name] or "") < 5 or full[name] not in shown, name


@cases("requests")
def test_requests(case: dict[str, Any]) -> None:
    request = build(case["operation"], case["input"]).request()
    assert (request.operation, request.method, request.host) == (case["operation"], case["method"], case["host"])
    assert (request.path, request.auth_header) == (case["path"], case["auth_header"])
    assert list(request.headers.items()) == [tuple(header) for header in case["headers"]]
    assert request.body == (None if case["body"] is None else case["body"].encode())
    assert request.repeatable == (request.method == "GET")
    for private in ("account_number", "routing_number", "email"):
        assert not case["input"].get(private) or case["input"][private] not in repr(request)


@cases("responses")
def test_responses(case: dict[str, Any]) -> None:
    endpoint = build(case["operation"], ANY | {"guid": case.get("asked", ANY["guid"])})
    if case.get("error"):
        with pytest.raises((errors.DecodeError, errors.OutcomeUnknown)) as caught:
            endpoint.parse(case["http"], case["body"])
        error, expected = caught.value, case["error"]
        assert isinstance(error, errors.OutcomeUnknown) == error.outcome_unknown
        assert (error.kind, error.field, error.status) == (expected["kind"], expected["at"], case["http"])
        assert error.outcome_unknown == expected.get("outcome_unknown", error.outcome_unknown)
        assert error.operation == case["operation"]
        never_repeats(error, case["body"])
        return
    outcome = endpoint.parse(case["http"], case["body"].encode())
    if isinstance(outcome, Secret):
        assert outcome.expose() == (case.get("token") or case["url"])
        return
    records = list(outcome) if isinstance(outcome, Microdeposits) else [outcome]
    assert len(records) == len(case["records"])
    for record, expected in zip(records, case["records"], strict=True):
        check_record(record, expected)


@cases("errors")
def test_errors(case: dict[str, Any]) -> None:
    endpoint = build(case["operation"], ANY)
    with pytest.raises(errors.OutcomeUnknown if case["outcome_unknown"] else errors.ApiError) as caught:
        endpoint.parse(case["http"], case["body"])
    error = caught.value
    assert (error.kind, error.status, error.code) == (case["kind"], case["http"], case["code"])
    assert (error.field, error.outcome_unknown) == (case["field"], case["outcome_unknown"])
    assert error.operation == case["operation"]
    never_repeats(error, case["body"])


@cases("webhooks")
def test_webhooks(case: dict[str, Any]) -> None:
    if case.get("error"):
        with pytest.raises(errors.DecodeError) as caught:
            WebhookEvent.parse(case["body"])
        assert (caught.value.kind, caught.value.field) == (case["error"]["kind"], case["error"]["at"])
        never_repeats(caught.value, case["body"])
        return
    event, expected = WebhookEvent.parse(case["body"].encode()), case["event"]
    for name in ("action", "version", "institution_guid", "user_guid", "user_id"):
        assert getattr(event, name) == expected[name], name
    check_record(event.record, expected)
    assert event == WebhookEvent.parse(case["body"])


@cases("amounts")
def test_amounts(case: dict[str, Any]) -> None:
    def cents(amount: Any) -> list[Decimal]:
        body = Verify("MIC-1", amount, amount).request().body
        assert body is not None
        sent = json.loads(body, parse_float=Decimal)
        return [value * 100 for name, value in sent.items() if name.startswith("deposit_amount")]

    match case["kind"]:
        case "exact":
            assert cents(case["text"]) == cents(Decimal(case["text"])) == [case["cents"]] * 2
            assert cents(Cents(case["cents"])) == [case["cents"]] * 2
            assert Verify("MIC-1", case["text"], case["text"]).request().body.count(case["json"].encode()) == 2  # type: ignore[union-attr]
            assert str(Cents(case["cents"])) == case["text"]
        case "same":
            assert cents(case["text"]) == [case["cents"]] * 2
        case "refused":
            words = {"whole_cents": "whole cents", "range": "above 0", "shape": "decimal number"}[case["why"]]
            with pytest.raises(errors.InvalidInput, match=words) as refused:
                cents(case["text"])
            assert refused.value.field == "deposit_amount"
        case "refused_cents":
            with pytest.raises(errors.InvalidInput):
                Cents(case["cents"])
        case "same_json" | "refused_json":
            pass  # JSON numbers are the sandbox's to read; Python takes none.
        case odd:
            raise AssertionError(odd)


@cases("routing_numbers")
def test_routing_numbers(case: dict[str, Any]) -> None:
    if case["kind"] == "mx_list":
        assert list(MX_TEST_REFUSED) == case["refused"]
        return

    def make() -> RoutingNumber:
        if case["kind"] == "number":
            return RoutingNumber.from_number(case["number"])
        return RoutingNumber(case["text"], refused=case.get("refused", []))

    if not case["ok"]:
        words = {"digits": "nine digits", "check_digit": "check digit", "list": "list of refused"}[case["why"]]
        with pytest.raises(errors.InvalidInput, match=words) as refused:
            make()
        assert refused.value.field == "routing_number"
        return
    number = make()
    assert number.expose() == case["text"] and number.is_valid
    assert str(number) == case.get("masked", str(number)) and case["text"] not in repr(number)


@cases("account_numbers")
def test_account_numbers(case: dict[str, Any]) -> None:
    if case["kind"] == "server":
        body = json.dumps({"guid": "MIC-1", "account_number": case["text"]})
        number = Microdeposit.from_json(body).account_number
        assert number is not None
    elif not case["ok"]:
        with pytest.raises(errors.InvalidInput) as refused:
            AccountNumber(case["text"])
        assert refused.value.field == "account_number"
        return
    else:
        number = AccountNumber(case["text"])
    assert (number.expose(), str(number)) == (case["text"], case["masked"])
    assert len(case["text"]) < 5 or case["text"] not in repr(number)


@cases("guids")
def test_guids(case: dict[str, Any]) -> None:
    if case["ok"]:
        assert Read(case["text"]).request().path == f"/micro_deposits/{case['path_segment']}"
    else:
        with pytest.raises(errors.InvalidInput) as refused:
            Read(case["text"])
        assert refused.value.field == "micro_deposit_guid"


@cases("names")
def test_names(case: dict[str, Any]) -> None:
    given = {**ANY, case["field"]: case["text"]}
    if case["ok"]:
        body = build("create", given).request().body
        assert json.loads(body)["micro_deposit"][case["field"]] == case["text"]
        return
    with pytest.raises(errors.InvalidInput) as refused:
        build("create", given)
    assert refused.value.field == case["field"]
    assert len(case["text"]) < 5 or case["text"].strip() not in f"{refused.value}"


@cases("timestamps")
def test_timestamps(case: dict[str, Any]) -> None:
    texts = [case["text"]] if case["kind"] == "read" else [case["api"], case["webhook"]]
    for text in texts:
        record = Microdeposit.from_json(json.dumps({"guid": "MIC-1", "created_at": text}))
        assert record.to_dict()["created_at"] == text
        try:
            instant = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(milliseconds=case["unix_millis"])
        except (OverflowError, TypeError):
            instant = None  # no instant, or one beyond what datetime holds
        assert record.created_at == instant


@cases("statuses")
def test_statuses(case: dict[str, Any]) -> None:
    shown = {"guid": "MIC-1", "status": case["number"], "status_name": case["name"]}
    for status in (Microdeposit.from_json(json.dumps(shown)).status, Status(case["number"])):
        assert (status.number, status.is_known) == (case["number"], case["known"])
        assert (status.is_terminal, status.may_verify) == (case["terminal"], case["may_verify"])
        assert not case["known"] or status is Status[case["name"]]


@cases("retry_after")
def test_retry_after(case: dict[str, Any]) -> None:
    """A date is read against the clock, which here is the machine's."""
    seconds = case["seconds"]
    if seconds is not None and any(character.isalpha() for character in case["text"]):
        seconds = pytest.approx(max(0.0, parsedate_to_datetime(case["text"]).timestamp() - time.time()), abs=5)
    with pytest.raises(errors.RateLimited) as caught:
        List().parse(429, b"", retry_after=case["text"])
    assert caught.value.retry_after == seconds
