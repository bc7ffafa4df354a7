"""Planted secrets: nothing that prints, logs, pickles or raises shows one."""

from __future__ import annotations

import contextlib
import copy
import logging
import pickle
import traceback
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mx_nexus import (
    AccountNumber,
    AsyncClient,
    Client,
    Create,
    List,
    Microdeposit,
    NexusError,
    Preinitiate,
    Read,
    RoutingNumber,
    Secret,
    WebhookEvent,
    errors,
)
from mx_nexus.flows import CreateFlow, VerifyFlow, now
from mx_nexus.sandbox import Sandbox

CANARIES = {
    "first_name": "Quetzalina",
    "last_name": "Oberwasser",
    "email": "quetzalina.o@canary.example",
    "account_number": "3333918273645",
    "routing_number": "091000019",
    "account_name": "Hidden treasure",
}
TOKEN, KEY = "canary-session-token-Zm9v", "canary-api-key-YmFy"


def never(text: str) -> None:
    for secret in (*CANARIES.values(), TOKEN, KEY):
        assert secret not in text, secret


def everything(value: Any) -> str:
    """Every way in which a value gets on paper by itself."""
    shown = [str(value), repr(value), f"{value}", f"{value!r:>9}", "%s" % (value,), ascii(value), repr([value, {1: value}])]
    for way in (pickle.dumps, copy.copy, copy.deepcopy, vars):
        with contextlib.suppress(TypeError):
            shown.append(repr(way(value)))
    html = getattr(value, "_repr_html_", None)
    return "\n".join([*shown, html() if html else ""])


@pytest.fixture
def planted(client: Client) -> Microdeposit:
    return client.create(**CANARIES, account_type="checking")


def shown_by(client: Client, sandbox: Sandbox, planted: Microdeposit) -> list[Any]:
    """What a submission shows: its steps, its outcome, and where a wait stands."""
    sandbox.advance(120)
    seen: list[Any] = []
    client.wait(planted.guid, on_progress=seen.append)
    flow = VerifyFlow(planted.guid, "0.02", "0.02")
    seen += [flow, flow.next(*now())]
    flow.response(200, planted.to_json().replace(b'"status":0', b'"status":2').replace(b"INITIATED", b"DEPOSITED"))
    once = flow.next(*now())
    return [*seen, once, once.spend(), client.verify(planted.guid, "0.02", "0.02")]


def test_values(planted: Microdeposit, client: Client, sandbox: Sandbox) -> None:
    body = planted.to_json()
    values = [
        planted,
        client.list(),
        client,
        sandbox,
        *(getattr(planted, name) for name in CANARIES),
        Secret(TOKEN),
        AccountNumber(CANARIES["account_number"]),
        RoutingNumber(CANARIES["routing_number"]),
        Create(**CANARIES, account_type="checking"),
        Create(**CANARIES, account_type="checking").request(),
        Preinitiate(**{name: CANARIES[name] for name in ("first_name", "last_name", "email")}),
        WebhookEvent.parse(b'{"action":"created","micro_deposit":' + body + b"}"),
        Client("https://example.com", session_token=TOKEN),
        Client("https://example.com", client_id="c", user_id="u", api_key=KEY),
        AsyncClient("https://example.com", session_token=TOKEN),
        flow := CreateFlow(**CANARIES, account_type="checking"),
        flow.next(*now()),
        *shown_by(client, sandbox, planted),
    ]
    for value in values:
        never(everything(value))
    never(str(planted.to_dict(redacted=True)))
    never(planted.to_json(redacted=True).decode())
    never(str(client.list().to_dicts(redacted=True)))
    assert CANARIES["account_number"] in str(planted.to_dict()), "the canaries were planted"


@pytest.mark.parametrize(
    "effect",
    [
        {"effect": "status", "status": 400},
        {"effect": "status", "status": 503},
        {"effect": "garbage"},
        {"effect": "truncated"},
        {"effect": "reset_after"},
        {"effect": "cut", "bytes": 300},
    ],
    ids=lambda effect: effect["effect"],
)
def test_failures(effect: dict[str, Any], sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with sandbox.client(read_attempts=1, reconcile_timeout=0.3) as client:
        made = client.create(**CANARIES, account_type="checking")
        sandbox.advance(120)
        sandbox.fault(**effect)
        calls = [
            client.list,
            lambda: client.read(made.guid),
            lambda: never(everything(client.verify(made.guid, "0.02", "0.02"))),
            lambda: client.create(**CANARIES, account_type="checking"),
            lambda: client.wait(made.guid, timeout=0.2),
        ]
        for call in calls:
            try:
                call()
            except NexusError as error:
                shown = "".join(traceback.format_exception(error)) + everything(error) + str(error.__dict__)
                never("\n".join(line for line in shown.splitlines() if "CANARIES" not in line))
        never(caplog.text)
        assert caplog.records


def test_what_cannot_be_pickled_says_what_to_do_instead(planted: Microdeposit, client: Client, sandbox: Sandbox) -> None:
    sandbox.advance(120)
    event = WebhookEvent.parse(b'{"action":"created","micro_deposit":' + planted.to_json() + b"}")
    outcome = client.verify(planted.guid, "0.02", "0.02")
    masked = {
        planted: planted.to_dict(redacted=True),
        client.list(): client.list().to_dicts(redacted=True),
        outcome: outcome.to_dict(redacted=True),
    }
    for value in (*masked, event):
        with pytest.raises(TypeError, match=r"to_dicts?\(redacted=True\), or send the guids? .*anew$") as refused:
            pickle.dumps(value)
        never(everything(refused.value))
    for shown in masked.values():
        assert pickle.loads(pickle.dumps(shown)) == shown
        never(str(shown))


@pytest.mark.parametrize("field", CANARIES)
def test_refusals_do_not_repeat_what_they_refuse(field: str) -> None:
    bad = {**CANARIES, field: CANARIES[field] + "\x00" * 60}
    with pytest.raises(errors.InvalidInput) as refused:
        Create(**bad, account_type="checking")
    assert refused.value.field == field
    never(everything(refused.value))
    wrong: Any = {**CANARIES, field: [CANARIES[field]]}
    with pytest.raises(TypeError) as typed:
        Create(**wrong, account_type="checking")
    never(everything(typed.value))


def test_a_credential_that_is_refused_is_not_repeated() -> None:
    for options in ({"session_token": TOKEN + "\n"}, {"client_id": "c", "user_id": "u", "api_key": KEY + "\n"}):
        with pytest.raises(errors.InvalidInput) as refused:
            Client("https://example.com", **options)  # type: ignore[arg-type]
        never(everything(refused.value))
    with pytest.raises(errors.InvalidInput) as address:
        Client(f"https://user:{KEY}@example.com", session_token=TOKEN)
    never(everything(address.value))


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from([*CANARIES.values(), "MIC-1"])
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["micro_deposit", "micro_deposits", "guid", "status", *CANARIES]) | st.text(max_size=8),
        inner,
        max_size=6,
    ),
    max_leaves=20,
)


@given(HOSTILE, st.integers(100, 599), st.booleans())
def test_hostile_bodies_are_read_or_refused_and_never_shown(body: object, status: int, cut: bool) -> None:
    import json

    text = json.dumps(body)
    text = text[: len(text) // 2] if cut else text
    for endpoint in (Read("MIC-1"), List()):
        try:
            outcome = endpoint.parse(status, text)
        except (errors.ApiError, errors.DecodeError) as error:
            never(everything(error))
        else:
            records = [outcome] if isinstance(outcome, Microdeposit) else list(outcome)
            for record in records:
                # Guids, error codes, bank names and status names are no secrets, whatever a server puts there.
                if record.guid not in CANARIES.values() and record.institution_name is None and record.error_code is None:
                    never(everything(record))


@given(st.binary(max_size=200), st.integers(100, 599))
def test_any_bytes_are_read_or_refused(body: bytes, status: int) -> None:
    for endpoint in (Read("MIC-1"), List()):
        with contextlib.suppress(errors.ApiError, errors.DecodeError):
            endpoint.parse(status, body)
    with contextlib.suppress(errors.DecodeError):
        WebhookEvent.parse(body)


@given(st.text(max_size=12) | st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_any_routing_number_is_exactly_held_to_the_check_digit(text: str) -> None:
    fits = len(text) == 9 and text.isascii() and text.isdigit()
    if fits:
        digits = [int(digit) for digit in text]
        fits = sum(weight * digit for weight, digit in zip([3, 7, 1] * 3, digits, strict=True)) % 10 == 0
    if fits:
        assert RoutingNumber(text).expose() == text
    else:
        with pytest.raises(errors.InvalidInput) as refused:
            RoutingNumber(text)
        assert len(text) < 3 or text not in str(refused.value) or text in "routing_number: must be nine digits"
