"""Text with a lone surrogate, in every argument: InvalidInput that names the field and never shows the text."""

from __future__ import annotations

import asyncio
import gc
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mx_nexus import (
    AccountNumber,
    AsyncClient,
    Client,
    Create,
    GetApiToken,
    Journal,
    List,
    Microdeposit,
    Preinitiate,
    Read,
    RoutingNumber,
    Secret,
    Verify,
    WebhookEvent,
    WidgetUrl,
    errors,
    flows,
)
from mx_nexus.sandbox import Sandbox
from support import JOSH, ROOT

CANARY = "sesame-4242424242"
ODD = f"{CANARY}\ud800"
URL = "https://example.com"
TOKEN = {"base_url": URL, "session_token": "t"}
SSO = {"base_url": URL, "client_id": "c", "user_id": "u", "api_key": "k"}
PERSON = {name: JOSH[name] for name in ("first_name", "last_name", "email")}


def client() -> Client:
    return Client(**TOKEN)


def journal(folder: Path) -> Journal:
    return Journal(folder / "journal", b"sixteen bytes or")


def each(make: Callable[..., object], given: dict[str, Any], fields: str) -> list[tuple[Callable[[Path], object], str]]:
    """The call with one argument after the other replaced."""
    return [(lambda _, field=field: make(**{**given, field: ODD}), field) for field in fields.split()]


CREATED = "first_name last_name email routing_number account_number account_type account_name"
NAMES = "first_name last_name email"
CALLS: list[tuple[Callable[[Path], object], str]] = [
    *each(Client, TOKEN, "base_url session_token sso_url environment proxy root_certificates product"),
    *each(Client, SSO, "client_id user_id api_key"),
    (lambda _: Client(**TOKEN, client_certificate=(b"x", ODD)), "client_certificate"),
    *each(AsyncClient, SSO, "base_url client_id user_id api_key"),
    *each(flows.Settings, {}, "base_url environment"),
    *each(flows.Settings, {"client_id": "c", "user_id": "u"}, "client_id user_id"),
    *each(client().create, JOSH, CREATED),
    *each(Create, JOSH, CREATED),
    *each(flows.CreateFlow, JOSH, CREATED),
    *each(client().preinitiate, PERSON, NAMES),
    *each(Preinitiate, PERSON, NAMES),
    *each(flows.PreinitiateFlow, PERSON, NAMES),
    (lambda at: client().create_once(ODD, journal=journal(at), **JOSH), "key"),
    (lambda at: client().preinitiate_once(ODD, journal=journal(at), **PERSON), "key"),
    (lambda at: client().verify("MIC-1", "0.01", "0.02", key=ODD, journal=journal(at)), "key"),
    (lambda at: flows.VerifyFlow("MIC-1", "0.01", "0.02", key=ODD, journal=journal(at)), "key"),
    (lambda at: flows.CreateFlow(**JOSH, key=ODD, journal=journal(at)), "key"),
    (lambda _: client().read(ODD), "micro_deposit_guid"),
    (lambda _: client().wait(ODD), "micro_deposit_guid"),
    (lambda _: client().wait("MIC-1", until=ODD), "until"),
    (lambda _: client().widget_url(ODD), "micro_deposit_guid"),
    (lambda _: Read(ODD), "micro_deposit_guid"),
    (lambda _: flows.ReadFlow(ODD), "micro_deposit_guid"),
    (lambda _: flows.WaitFlow(ODD), "micro_deposit_guid"),
    (lambda _: flows.WaitFlow("MIC-1", until=ODD), "until"),
    (lambda _: WidgetUrl("c", "u", ODD), "micro_deposit_guid"),
    (lambda _: Verify(ODD, "0.01", "0.02"), "micro_deposit_guid"),
    (lambda _: Verify("MIC-1", ODD, "0.02"), "deposit_amount"),
    (lambda _: client().verify("MIC-1", "0.01", ODD), "deposit_amount"),
    (lambda _: client().verify(ODD, "0.01", "0.02"), "micro_deposit_guid"),
    (lambda _: flows.VerifyFlow(ODD, "0.01", "0.02"), "micro_deposit_guid"),
    *each(GetApiToken, {"client_id": "c", "user_id": "u"}, "client_id user_id"),
    *each(WidgetUrl, {"client_id": "c", "user_id": "u"}, "client_id user_id"),
    *each(flows.SessionFlow, {"client_id": "c", "user_id": "u"}, "client_id user_id"),
    (lambda _: AccountNumber(ODD), "account_number"),
    (lambda _: RoutingNumber(ODD), "routing_number"),
    (lambda _: RoutingNumber("091000019", refused=[ODD]), "refused"),
    (lambda _: Secret(ODD), "secret"),
    (lambda _: Microdeposit.from_json(ODD), "text"),
    (lambda _: WebhookEvent.parse(ODD), "body"),
    (lambda _: List().parse(200, ODD), "body"),
    (lambda _: Read("MIC-1").parse(429, b"", retry_after=ODD), "retry_after"),
    (lambda _: flows.ReadFlow("MIC-1").response(200, ODD), "body"),
    (lambda _: flows.ReadFlow("MIC-1").response(429, b"", retry_after=ODD), "retry_after"),
    (lambda _: flows.ReadFlow("MIC-1").not_sent(ODD), "problem"),  # type: ignore[arg-type]
    (lambda _: flows.ReadFlow("MIC-1").maybe_sent("io", cause=ODD), "cause"),
    (lambda at: Journal(at / ODD, b"sixteen bytes or"), "path"),
    (lambda at: Journal(at / "journal", ODD), "key"),
    (lambda _: Sandbox(profile=ODD), "profile"),
    (lambda _: Sandbox(users=[ODD]), "users"),
]


@pytest.mark.parametrize(("call", "field"), CALLS, ids=lambda one: one if isinstance(one, str) else "")
def test_it_is_refused_by_its_name_and_not_repeated(call: Callable[[Path], object], field: str, tmp_path: Path) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        call(tmp_path)
    error = refused.value
    assert error.field == field and "surrogate" in str(error)
    assert error.__cause__ is None and error.__context__ is None
    assert CANARY not in f"{error} {error!r} {vars(error)} {error.args}"
    told = "".join(traceback.format_exception_only(type(error), error))
    assert CANARY not in told


def test_no_other_exception_keeps_it() -> None:
    for make in (AccountNumber, Secret, client().read):
        with pytest.raises(errors.InvalidInput):
            make(ODD)
    assert not [one for one in gc.get_objects() if isinstance(one, UnicodeError) and CANARY in str(one.args)]


def test_asyncio_too() -> None:
    async def main() -> BaseException | None:
        async with AsyncClient(**TOKEN) as other:
            (told,) = await asyncio.gather(other.create(**{**JOSH, "account_number": ODD}), return_exceptions=True)
            return told if isinstance(told, BaseException) else None

    told = asyncio.run(main())
    assert isinstance(told, errors.InvalidInput) and told.field == "account_number"
    assert told.__cause__ is None and told.__context__ is None


def test_the_sandbox_knows_no_such_microdeposit(sandbox: Sandbox) -> None:
    for call in (sandbox.deposits, sandbox.attempts, lambda guid: sandbox.happen(guid, "landed")):
        with pytest.raises(errors.InvalidInput) as refused:
            call(ODD)
        assert CANARY not in str(refused.value) and refused.value.__context__ is None


def test_strings_are_taken_in_one_place() -> None:
    """Whoever adds an argument as Rust's own string gets Python's exception, with the text in it."""
    folder = ROOT / "bindings" / "python" / "src"
    for source in folder.glob("*.rs"):
        text = re.sub(r"//.*", "", source.read_text())
        for block in re.findall(r"(?s)#\[(?:pymethods|pyfunction)\](.*?)\n}", text):
            for arguments in re.findall(r"(?s)\bfn \w+(?:<[^>]*>)?\((.*?)\) *(?:->|{)", block):
                assert not re.search(r":\s*(?:Option<|Vec<)*(?:&(?:'\w+ )?str|String)\b", arguments), (source.name, arguments)
        if source.name != "arguments.rs":
            assert not re.search(r"to_str\(\)|to_cow\(\)|to_string_lossy", text), source.name
