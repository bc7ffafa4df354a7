"""Numbers and times: a value out of range is InvalidInput under the option's name, another type a TypeError; True is no number."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest
from mx_nexus import AsyncClient, Cents, Client, Create, Microdeposit, Read, RoutingNumber, errors
from mx_nexus.flows import ReadFlow, Settings
from mx_nexus.sandbox import Sandbox
from support import JOSH

TIMES = ["timeout", "attempt_timeout", "connect_timeout", "reconcile_timeout"]
COUNTS = ["max_body", "read_attempts"]


def client(**options: Any) -> Client:
    return Client("https://example.com", session_token="t", **options)


@pytest.mark.parametrize("value", [-1, -1.0, math.nan, math.inf, 2**70, 1e9])
@pytest.mark.parametrize("option", TIMES)
def test_times_of_a_client(option: str, value: float) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        client(**{option: value})
    assert refused.value.field == option
    if option != "connect_timeout":
        with pytest.raises(errors.InvalidInput) as refused:
            Settings(**{option: value})
        assert refused.value.field == option


@pytest.mark.parametrize("value", [-1, 0, 2**70, -(2**70)])
@pytest.mark.parametrize("option", COUNTS)
def test_counts_of_a_client(option: str, value: int) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        client(**{option: value})
    assert refused.value.field == option


@pytest.mark.parametrize("value", [True, "5", object()])
@pytest.mark.parametrize("option", [*TIMES, *COUNTS])
def test_other_types(option: str, value: object) -> None:
    with pytest.raises(TypeError, match=option):
        client(**{option: value})


@pytest.mark.parametrize("value", [1.5, math.nan, True, "1"])
def test_what_is_no_whole_number(value: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: client(max_body=value),
        lambda: client(read_attempts=value),
        lambda: Settings(read_attempts=value),
        lambda: Cents(value),
        lambda: RoutingNumber.from_number(value),
        lambda: Read("MIC-1").parse(value, b""),
        lambda: ReadFlow("MIC-1").response(value, b""),
        lambda: Sandbox(seed=value),
        lambda: Sandbox(port=value),
    ]
    for call in calls:
        with pytest.raises(TypeError, match="whole number"):
            call()


CALLS: list[tuple[Callable[[int], object], str]] = [
    (Cents, "deposit_amount"),
    (RoutingNumber.from_number, "routing_number"),
    (lambda value: Read("MIC-1").parse(value, b""), "status"),
    (lambda value: ReadFlow("MIC-1").response(value, b""), "status"),
    (lambda value: Create(**{**JOSH, "account_type": value}), "account_type"),
    (lambda value: Settings(read_attempts=value), "read_attempts"),
    (lambda value: Sandbox(seed=value), "seed"),
    (lambda value: Sandbox(port=value), "port"),
    (lambda value: AsyncClient("https://example.com", session_token="t", concurrency=min(value, 0)), "concurrency"),
]


@pytest.mark.parametrize("value", [-1, 2**70, -(2**70)])
@pytest.mark.parametrize(("call", "field"), CALLS, ids=lambda one: one if isinstance(one, str) else "")
def test_numbers_out_of_range(call: Callable[[int], object], field: str, value: int) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        call(value)
    assert refused.value.field == field


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, 2**70])
def test_times_of_a_call(client: Client, made: Microdeposit, value: float) -> None:
    for call in (client.read, client.wait):
        with pytest.raises(errors.InvalidInput) as refused:
            call(made.guid, timeout=value)  # type: ignore[operator]
        assert refused.value.field == "timeout"
    for call in (client.read, lambda guid, timeout: client.list(timeout=timeout)):
        for odd in (0, 86_401):
            with pytest.raises(errors.InvalidInput) as refused:
                call(made.guid, timeout=odd)  # type: ignore[operator]
            assert (refused.value.field, refused.value.outcome_unknown) == ("timeout", False)
    with pytest.raises(errors.InvalidInput) as refused:
        client.wait(made.guid, poll_every=value)
    assert refused.value.field == "poll_every"


def test_an_sso_address_is_checked_under_its_own_name() -> None:
    for address in ("http://example.com", "::", "https://user:pass@example.com"):
        with pytest.raises(errors.InvalidInput) as refused:
            Client("https://example.com", sso_url=address, client_id="c", user_id="u", api_key="k")
        assert refused.value.field == "sso_url"
    with pytest.raises(errors.InvalidInput) as refused:
        Client(sso_url="::", client_id="c", user_id="u", api_key="k")
    assert refused.value.field == "sso_url"


@pytest.mark.parametrize("value", [-1, math.nan, math.inf])
def test_the_sandboxs_clock(sandbox: Sandbox, value: float) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        sandbox.advance(value)
    assert refused.value.field == "by"
