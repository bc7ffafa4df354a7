"""Values: frozen, comparable, hashable, masked, copied, matched; amounts are exact and never a float."""

from __future__ import annotations

import copy
import pickle
import re
from datetime import timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mx_nexus import (
    MX_TEST_REFUSED,
    AccountNumber,
    AccountType,
    Cents,
    Client,
    Microdeposit,
    Microdeposits,
    RoutingNumber,
    Secret,
    Status,
    Verify,
    _nexus,
    errors,
)
from mx_nexus.sandbox import Sandbox
from support import ROOT, library


def amounts_sent(first: object, second: object) -> bytes:
    body = Verify("MIC-1", first, second).request().body  # type: ignore[arg-type]
    assert body is not None
    return body


@given(st.integers(1, 99))
def test_every_amount_is_exact_in_every_form(cents: int) -> None:
    text = f"0.{cents:02}"
    sent = amounts_sent(text, text)
    shortest = text.rstrip("0").encode()
    assert sent.count(b":" + shortest + b"}") == 1 and sent.count(b":" + shortest + b",") == 1
    for same in (Decimal(text), Cents(cents), Decimal(cents) / 100, Decimal(f"{cents}E-2"), f"{text}0"):
        assert amounts_sent(same, same) == sent
    assert (Cents(cents).cents, Cents(cents).amount, str(Cents(cents))) == (cents, Decimal(text), text)
    assert pickle.loads(pickle.dumps(Cents(cents))) == Cents(cents)


@given(st.floats())
def test_a_float_is_a_type_error_that_says_why(number: float) -> None:
    with pytest.raises(TypeError, match="0.29 exactly"):
        amounts_sent(number, "0.05")


@given(st.decimals(allow_nan=True, allow_infinity=True))
def test_any_decimal_is_exact_or_refused(number: Decimal) -> None:
    cents = number * 100 if number.is_finite() else Decimal(0)
    fits = number.is_finite() and 0 < number < 1 and cents == cents.to_integral_value()
    if fits:
        assert amounts_sent(number, number) == amounts_sent(Cents(int(cents)), Cents(int(cents)))
    else:
        with pytest.raises(errors.InvalidInput) as refused:
            amounts_sent(number, "0.05")
        assert refused.value.field == "deposit_amount"


@pytest.mark.parametrize("huge", ["1E+999999", "1E-999999", "-0.09", "0E-999999", "sNaN"])
def test_decimals_of_any_size_are_refused_without_being_written_out(huge: str) -> None:
    with pytest.raises(errors.InvalidInput):
        amounts_sent(Decimal(huge), "0.05")


@pytest.mark.parametrize("wrong", [1, True, None, b"0.09", object()])
def test_other_types_are_no_amounts(wrong: object) -> None:
    with pytest.raises(TypeError):
        amounts_sent(wrong, "0.05")


def test_cents_are_ordered_and_held_to_the_rules() -> None:
    assert sorted([Cents(9), Cents(1), Cents(5)]) == [Cents(1), Cents(5), Cents(9)]
    assert {Cents(9), Cents(9)} == {Cents(9)} and Cents(9) != 9 and int(Cents(9)) == 9
    for cents in (0, 100, -1, 2**32 + 1):
        with pytest.raises(errors.InvalidInput):
            Cents(cents)
    with pytest.raises(TypeError):
        Cents(9) < 10  # type: ignore[operator]  # noqa: B015


def core(what: str) -> list[tuple[int, str]]:
    return [(number, name) for number, name, _ in _nexus.words_of(what)]


def test_every_field_of_the_core_is_an_attribute(made: Microdeposit) -> None:
    stub = (ROOT / "bindings/python/python/mx_nexus/_nexus.pyi").read_text()
    record = re.split(r"^class Microdeposit\b", stub, flags=re.MULTILINE)[1].split("\nclass ")[0]
    names = [name for _, name in core("Field")]
    assert [name for name in names if not hasattr(Microdeposit, name)] == []
    assert [name for name in names if f"def {name}(self)" not in record] == []
    assert list(made.to_dict()) == names


def test_statuses_are_those_of_the_core() -> None:
    assert [(status.value, status.name) for status in Status] == core("Status")
    assert [(kind.value, kind.name) for kind in AccountType] == core("AccountType")
    for status in Status:
        name, terminal, may_verify, definition, next_step = _nexus.status_facts(status.number)
        assert (status.name, str(status)) == (name, name)
        assert (status.is_terminal, status.may_verify) == (terminal, may_verify)
        assert (status.definition, status.next_step) == (definition, next_step)
        assert pickle.loads(pickle.dumps(status)) is status and copy.deepcopy(status) is status


def test_unknown_statuses_are_kept() -> None:
    record = Microdeposit.from_json('{"guid":"MIC-1","status":12,"status_name":"PAUSED"}')
    status = record.status
    assert (status.number, status.name, str(status)) == (12, "PAUSED", "PAUSED (12)")
    assert not (status.is_known or status.is_terminal or status.may_verify)
    assert status == record.status and hash(status) == hash(record.status)
    assert status != Status.VERIFIED and status not in list(Status)
    back = pickle.loads(pickle.dumps(status))
    assert back == status and copy.copy(status) == status
    assert Status(12).number == 12 and str(Status(12)) == "UNKNOWN (12)"
    nameless = Microdeposit.from_json('{"guid":"MIC-1","status_name":"PAUSED"}').status
    assert (nameless.number, str(nameless)) == (None, "PAUSED")
    with pytest.raises(ValueError):
        Status("VERIFIED")


def test_a_record(made: Microdeposit, client: Client) -> None:
    assert made.account_number is not None and made.account_number.expose() == "333312345"
    assert made.routing_number is not None and made.routing_number.expose() == "091000019"
    assert made.first_name is not None and made.first_name.expose() == "Josh"
    assert made.account_type == AccountType.CHECKING and made.account_type_name == "CHECKING"
    assert made.created_at is not None and made.created_at.tzinfo is timezone.utc
    assert made.created_at.isoformat() == "2026-01-05T09:00:00+00:00"
    assert made.verified_at is None and made.error_code is None and made.account_name is None
    again = client.read(made.guid)
    assert again == made and hash(again) == hash(made) and again is not made
    assert copy.copy(made) is made and copy.deepcopy([made])[0] is made
    with pytest.raises(AttributeError):
        made.guid = "x"  # type: ignore[misc]
    with pytest.raises(TypeError, match="to_dict"):
        pickle.dumps(made)


def test_a_record_matches_patterns(made: Microdeposit) -> None:
    match made:
        case Microdeposit(guid, Status.INITIATED):
            assert guid == made.guid
        case _:
            pytest.fail("no match")
    match made:
        case Microdeposit(status=Status.VERIFIED | Status.DENIED):
            pytest.fail("a match")
        case Microdeposit(account_type=1, verified_at=None):
            pass
        case _:
            pytest.fail("no match")


def test_dicts_have_the_shape_of_the_api(made: Microdeposit) -> None:
    full, masked = made.to_dict(), made.to_dict(redacted=True)
    assert list(full) == list(masked) == sorted(full)
    assert full["account_number"] == "333312345" and full["status"] == 0 and full["status_name"] == "INITIATED"
    assert full["created_at"] == "2026-01-05T09:00:00.000Z" and full["verified_at"] is None
    assert masked["account_number"] == "*****2345" and masked["email"] == "e***"
    assert Microdeposit.from_json(made.to_json()) == made
    import json

    assert Microdeposit.from_json(json.dumps({"micro_deposit": full})) == made


def test_times_that_are_none_are_kept_as_text() -> None:
    record = Microdeposit.from_json('{"guid":"MIC-1","created_at":"2021-09-01T18:29:06+00:0","updated_at":253402300800}')
    assert record.created_at is None and record.to_dict()["created_at"] == "2021-09-01T18:29:06+00:0"
    assert record.updated_at is None, "the year 10000 is beyond datetime"


def test_a_list_is_a_sequence(client: Client, made: Microdeposit, sandbox: Sandbox) -> None:
    from collections.abc import Sequence

    listed = client.list()
    assert isinstance(listed, Sequence) and isinstance(listed, Microdeposits)
    assert len(listed) == 1 and listed[0] == listed[-1] == made and made in listed and "x" not in listed
    assert [record.guid for record in listed] == [made.guid] == [record.guid for record in reversed(listed)]
    assert listed[0:1] == [made] and listed[::-1] == [made] and listed[5:] == []
    assert listed.index(made) == 0 and listed.count(made) == 1 and listed == client.list()
    for place in (1, -2, 2**70):
        with pytest.raises(IndexError):
            listed[place]
    with pytest.raises(TypeError):
        listed["0"]  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="to_dicts"):
        pickle.dumps(listed)
    assert listed.to_dicts(redacted=True) == [made.to_dict(redacted=True)]


def test_notebooks_show_a_masked_table(made: Microdeposit, client: Client) -> None:
    for html in (made._repr_html_(), client.list()._repr_html_()):
        assert html.startswith("<table>") and made.guid in html and "*****2345" in html and "333312345" not in html
    odd = Microdeposit.from_json('{"guid":"<script>","institution_name":"<b>&\\"\'"}')
    assert "<script>" not in odd._repr_html_() and "&lt;b&gt;&amp;&quot;&#39;" in odd._repr_html_()


@pytest.mark.parametrize("frame", ["pandas", "polars"])
def test_a_frame_in_one_line(frame: str, client: Client, made: Microdeposit) -> None:
    table = library(frame).DataFrame(client.list().to_dicts(redacted=True))
    assert list(table["guid"]) == [made.guid]


def test_secrets_are_compared_hashed_and_never_shown() -> None:
    for make, text in ((AccountNumber, "333312345"), (RoutingNumber, "091000019"), (Secret, "s3cr3t-token")):
        value = make(text)
        assert value == make(text) and hash(value) == hash(make(text)) and value.expose() == text
        assert text not in f"{value} {value!r} {value!s:>40}" and copy.deepcopy(value) is value
        with pytest.raises(TypeError, match="pickled"):
            pickle.dumps(value)
    with pytest.raises(errors.InvalidInput) as refused:
        RoutingNumber(MX_TEST_REFUSED[0], refused=MX_TEST_REFUSED)
    assert refused.value.field == "routing_number"


def test_times_are_seconds_or_timedelta(client: Client, made: Microdeposit) -> None:
    for limit in (5, 5.0, timedelta(seconds=5)):
        assert client.read(made.guid, timeout=limit) == made
    for wrong in ("5", True, object()):
        with pytest.raises(TypeError, match="seconds or a timedelta"):
            client.read(made.guid, timeout=wrong)  # type: ignore[arg-type]
    with pytest.raises(errors.InvalidInput):
        client.read(made.guid, timeout=10**400)
