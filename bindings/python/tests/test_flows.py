"""Flows: driven against a sandbox by the standard library, on a test clock, and with lost responses."""

from __future__ import annotations

import asyncio
import http.client
import inspect
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from mx_nexus import Client, Microdeposit, Secret, Status, TransportCause, Verdict, errors, flows
from mx_nexus.flows import (
    CreateFlow,
    Done,
    ListFlow,
    PreinitiateFlow,
    ReadFlow,
    Renew,
    Send,
    SendOnce,
    SessionFlow,
    Settings,
    Sleep,
    VerifyFlow,
    WaitFlow,
    now,
    until,
)
from mx_nexus.sandbox import Sandbox
from support import JOSH, ROOT

PERSON = {name: JOSH[name] for name in ("first_name", "last_name", "email")}


class Carrier:
    """A driver on a clock of its own, by the standard library; `lose` says what to tell instead of sending."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox, self.session, self.time = sandbox, sandbox.session_token, 100.0
        self.wall = 1_800_000_000
        self.sent: list[str] = []
        self.lose: Callable[[Any, Send], bool] = lambda flow, send: False

    def next(self, flow: Any) -> Any:
        return flow.next(self.time, self.wall + int(self.time), 0.5)

    def run(self, flow: Any) -> Any:
        while not isinstance(step := self.next(flow), Done):
            assert "333312345" not in repr(step) and self.session not in repr(step)
            match step:
                case Sleep():
                    assert step.until > self.time
                    self.time = step.until
                    flow.elapsed()
                case Renew():
                    flow.not_renewable()
                case Send():
                    self.carry(flow, step)
                case SendOnce():
                    self.carry(flow, step.spend())
        return step.output()

    def carry(self, flow: Any, send: Send) -> None:
        request = send.request
        self.sent.append(f"{request.operation} {send.purpose} {send.number}")
        if self.lose(flow, send):
            return
        secret = send.token.expose() if send.token else self.session
        secret = self.sandbox.api_key if request.host == "sso" else secret
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.url).netloc, timeout=send.timeout)
        connection.request(request.method, request.path, request.body, {**request.headers, request.auth_header: secret})
        response = connection.getresponse()
        flow.response(response.status, response.read(), retry_after=response.getheader("Retry-After"))
        connection.close()


@pytest.fixture
def carrier(sandbox: Sandbox) -> Carrier:
    return Carrier(sandbox)


def test_every_flow_ends_as_the_method_of_the_client_does(carrier: Carrier, sandbox: Sandbox) -> None:
    settings = Settings(sandbox.url)
    token = carrier.run(SessionFlow(sandbox.client_id, sandbox.user_id, settings=settings))
    assert isinstance(token, Secret)
    carrier.session = token.expose()
    made = carrier.run(CreateFlow(**JOSH, settings=settings))
    assert made.status is Status.INITIATED and made.assumed is None
    assert carrier.run(PreinitiateFlow(**PERSON, settings=settings)).status is Status.PREINITIATED
    sandbox.advance(120)
    assert carrier.run(WaitFlow(made.guid, settings=settings)).status is Status.DEPOSITED
    outcome = carrier.run(VerifyFlow(made.guid, "0.09", "0.09", wait=True, settings=settings))
    assert outcome.verdict is Verdict.VERIFIED
    assert carrier.run(ReadFlow(made.guid, settings=settings)) == outcome.record
    assert len(carrier.run(ListFlow(settings=settings))) == 2
    with pytest.raises(errors.NotVerifiable) as refused:
        carrier.run(VerifyFlow(made.guid, "0.09", "0.09"))
    assert refused.value.last_seen == outcome.record
    assert carrier.sent.count("verify change 2") == 1 and sandbox.attempts(made.guid) == 1


def test_a_request_of_send_once_is_given_once(carrier: Carrier, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    flow = VerifyFlow(made.guid, "0.09", "0.09")
    assert flow.state == "before" and "0.09" not in repr(flow)
    carrier.carry(flow, carrier.next(flow))
    step = carrier.next(flow)
    assert isinstance(step, SendOnce) and repr(step) == "<SendOnce verify>"
    send = step.spend()
    assert send.request.operation == "verify" and send.purpose == "change" and 0 < send.timeout <= 30
    assert not send.is_too_late(0), "without a key there is no such moment"
    with pytest.raises(RuntimeError, match="twice"):
        step.spend()
    # Asked for a step without an event, the flow takes the response for lost and reconciles.
    reading = carrier.next(flow)
    assert isinstance(reading, Send) and reading.purpose == "reconcile" and flow.state == "reconciling"
    with pytest.raises(errors.OutcomeUnknown) as unknown:
        carrier.run(flow)
    assert unknown.value.outcome_unknown and unknown.value.last_seen is not None


def test_what_was_lost_is_looked_after_or_not_as_it_is_told(carrier: Carrier, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)

    def unsent(flow: Any, send: Send) -> bool:
        if send.purpose == "change":
            flow.not_sent("connect", cause=TransportCause.REFUSED)
        return send.purpose == "change"

    carrier.lose = unsent
    with pytest.raises(errors.ConnectFailed) as certain:
        carrier.run(VerifyFlow(made.guid, "0.09", "0.09"))
    assert not certain.value.outcome_unknown and certain.value.cause is TransportCause.REFUSED

    def unsure(flow: Any, send: Send) -> bool:
        if send.purpose == "change":
            flow.maybe_sent("io", cause="reset")
        return send.purpose == "change"

    carrier.lose = unsure
    before = carrier.time
    with pytest.raises(errors.OutcomeUnknown) as unknown:
        carrier.run(VerifyFlow(made.guid, "0.09", "0.09", settings=Settings(reconcile_timeout=3)))
    assert unknown.value.outcome_unknown and unknown.value.cause is TransportCause.RESET
    assert 1 < carrier.time - before <= 3, "looked for so long, on a clock that is only a number"
    assert sandbox.attempts(made.guid) == 0


def test_cancelled_before_it_was_sent_or_while_it_was(carrier: Carrier, made: Microdeposit, sandbox: Sandbox) -> None:
    flow = VerifyFlow(made.guid, "0.09", "0.09")
    carrier.next(flow)
    flow.cancelled()
    with pytest.raises(errors.Cancelled) as before:
        carrier.run(flow)
    assert not before.value.outcome_unknown
    sandbox.advance(120)
    flow = VerifyFlow(made.guid, "0.09", "0.09")
    carrier.carry(flow, carrier.next(flow))
    carrier.next(flow).spend()
    flow.cancelled()
    with pytest.raises(errors.OutcomeUnknown) as out:
        carrier.run(flow)
    assert out.value.outcome_unknown and out.value.kind == "cancelled"


def test_a_wait_of_days_takes_no_time(carrier: Carrier, sandbox: Sandbox, made: Microdeposit) -> None:
    flow = WaitFlow(made.guid, timeout=3 * 86_400, settings=Settings(environment="production"))
    seen = []
    while not isinstance(step := carrier.next(flow), Done):
        if progress := flow.progress():
            seen.append(progress)
            assert flow.progress() is None, "once"
        if isinstance(step, Sleep):
            assert step.pause == "poll"
            carrier.time = step.until
            flow.elapsed()
        else:
            carrier.carry(flow, step)
    with pytest.raises(errors.WaitTimedOut) as late:
        step.output()
    assert late.value.last_seen == made and late.value.attempts == flow.requests_sent > 50
    assert len(seen) > 50 and seen[-1].record == made and 0 < carrier.time - 100 - 3 * 86_400 + 3 < 4
    with pytest.raises(errors.InvalidInput) as refused:
        WaitFlow(made.guid, poll_every=0.001)
    assert refused.value.field == "poll_every"


def test_a_session_that_cannot_be_had(carrier: Carrier, sandbox: Sandbox, made: Microdeposit) -> None:
    carrier.sandbox, key = sandbox, sandbox.api_key
    opening = SessionFlow("nobody", sandbox.user_id)
    with pytest.raises(errors.NexusError) as failed:
        carrier.run(opening)
    flow = ReadFlow(made.guid)
    carrier.next(flow)
    flow.no_session(failed.value)
    with pytest.raises(type(failed.value)) as told:
        carrier.run(flow)
    assert not told.value.outcome_unknown and key not in str(vars(told.value))
    own: Any = LookupError("mine")
    for other in (own, errors.Unauthorized("made by hand")):
        with pytest.raises(TypeError):
            ReadFlow(made.guid).no_session(other)


def test_a_session_is_renewed_once(carrier: Carrier, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.expire_sessions()
    flow = PreinitiateFlow(**PERSON)
    carrier.carry(flow, carrier.next(flow))
    step = carrier.next(flow)
    assert isinstance(step, Renew) and step.deadline > carrier.time
    carrier.session = carrier.run(SessionFlow(sandbox.client_id, sandbox.user_id)).expose()
    flow.renewed()
    assert carrier.run(flow).status is Status.PREINITIATED
    sandbox.expire_sessions()
    with pytest.raises(errors.Unauthorized):
        carrier.run(ReadFlow(made.guid))


def test_flows_of_the_same_settings_share_their_retries(carrier: Carrier) -> None:
    settings = Settings(read_attempts=3)

    def busy(flow: Any, send: Send) -> bool:
        flow.response(503, b"")
        return True

    carrier.lose = busy
    for _ in range(10):
        with pytest.raises(errors.ServerFailed):
            carrier.run(ReadFlow("MIC-1", settings=settings))
    assert len(carrier.sent) == 20, "ten, and ten retries in all"


def test_done_stays_done_and_what_it_was_is_said_again(carrier: Carrier) -> None:
    carrier.lose = lambda flow, send: flow.response(404, b"") is None
    flow = ReadFlow("MIC-1")
    for _ in range(2):
        with pytest.raises(errors.NotFound):
            carrier.run(flow)
        flow.elapsed()
    assert flow.state == "done" and len(carrier.sent) == 1 and repr(carrier.next(flow)) == "<Done not_found>"


@pytest.mark.parametrize(
    ("make", "field"),
    [
        (lambda: VerifyFlow("MIC-1", "0.999", "0.09"), "deposit_amount"),
        (lambda: ReadFlow(""), "micro_deposit_guid"),
        (lambda: Settings("http://example.com"), "base_url"),
        (lambda: Settings(client_id="c"), "credentials"),
        (lambda: Settings(timeout=0), "timeout"),
        (lambda: VerifyFlow("MIC-1", "0.09", "0.09", key="a"), "journal"),
        (lambda: ReadFlow("MIC-1").next(-1.0, 0, 0.5), "elapsed"),
        (lambda: ReadFlow("MIC-1").next(0.0, 0, 1.0), "chance"),
        (lambda: ReadFlow("MIC-1").not_sent("tired"), "problem"),  # type: ignore[arg-type]
        (lambda: ReadFlow("MIC-1").maybe_sent("io", cause="tired"), "cause"),
    ],
)
def test_what_breaks_a_rule_is_named(make: Callable[[], object], field: str) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        make()
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "origin"),
    [
        ("https://Example.com:443/a/b", "https://example.com"),
        ("https://example.com.:8443", "https://example.com:8443"),
        ("http://127.0.0.1:80/", "http://127.0.0.1"),
        ("http://[0:0::1]:8080", "http://[::1]:8080"),
    ],
)
def test_an_address_has_one_name(given: str, origin: str) -> None:
    assert repr(Settings(given)) == f"<Settings {origin}>"


def test_every_flow_can_what_the_protocol_says() -> None:
    for name, method in vars(flows.Flow).items():
        if name.startswith("_") or not inspect.isfunction(method):
            continue
        own = list(inspect.signature(method).parameters)
        for flow in (VerifyFlow, CreateFlow, PreinitiateFlow, WaitFlow, SessionFlow, ListFlow, ReadFlow):
            assert list(inspect.signature(getattr(flow, name)).parameters) == own, name


def test_the_helpers() -> None:
    elapsed, unix, chance = now()
    assert elapsed >= 0 and unix > 1_700_000_000 and isinstance(unix, int) and 0 <= chance < 1
    assert until(elapsed) == 0 and 9 < until(elapsed + 10) <= 10


def test_the_driver_in_the_readme(sandbox: Sandbox, client: Client, made: Microdeposit) -> None:
    import httpx

    sandbox.advance(120)
    sandbox.fault("reset_after", operation="verify", nth=1)
    readme = (ROOT / "bindings" / "python" / "README.md").read_text()
    (code,) = (block for block in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "SendOnce" in block)
    scope: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), scope)

    async def main() -> Any:
        async with httpx.AsyncClient(trust_env=False, timeout=None) as kept:
            flow = VerifyFlow(made.guid, "0.09", "0.09", wait=True, settings=Settings(sandbox.url))
            return await scope["run"](flow, kept, sandbox.url, sandbox.session_token)

    assert asyncio.run(main()).verdict is Verdict.VERIFIED and sandbox.attempts(made.guid) == 1
