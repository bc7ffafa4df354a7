"""Every exception: the list equals the core's; each can be raised, caught by its built-in base class, and pickled."""

from __future__ import annotations

import builtins
import copy
import inspect
import pickle
import re
import socket

import mx_nexus
import pytest
from support import JOSH, ROOT
from mx_nexus import Assumptions, Client, Microdeposit, Read, TransportCause, Verify, _nexus, errors
from mx_nexus.sandbox import Sandbox

GROUPS = {
    1: errors.InputError,
    2: errors.ApiError,
    3: errors.DecodeError,
    4: errors.StateError,
    5: errors.TransportError,
    6: errors.BoundaryError,
}


def test_the_classes_are_the_kinds_of_the_core() -> None:
    kinds = _nexus.error_kinds()
    assert {(number, name) for number, name, _ in kinds} == {
        (number, cls.kind) for number, cls in errors.KINDS.items()
    }
    for number, _, group in kinds:
        assert issubclass(errors.KINDS[number], GROUPS[group])
        assert errors.KINDS[number].number == number


def test_the_readme_has_a_row_for_every_class_or_for_its_group() -> None:
    page = (ROOT / "bindings" / "python" / "README.md").read_text()
    table = page.split("| Caught as | Is raised when |\n|---|---|\n")[1].split("\n\n")[0]
    covered: set[type] = set()
    for row in table.splitlines():
        cell = row.split(" | ")[0]
        names = re.findall(r"`(\w+)`", cell)
        missing = [name for name in names if not hasattr(errors, name) and not hasattr(builtins, name)]
        assert not missing, missing
        classes = [vars(errors)[name] for name in names if hasattr(errors, name)]
        # A group stands for all of its classes only where the row says that there are more.
        covered |= {one for one in classes if one not in GROUPS.values() or "..." in cell}
    covered -= {errors.OutcomeUnknown}
    missing = [one.__name__ for one in errors.KINDS.values() if not issubclass(one, tuple(covered))]
    assert not missing, f"README.md: no row for {missing}"


def test_every_class_is_documented_and_stands_in_the_list_or_is_a_group() -> None:
    classes = {value for value in vars(errors).values() if inspect.isclass(value) and issubclass(value, Exception)}
    own = {errors.NexusError, errors.OutcomeUnknown, errors.Interrupted}
    assert classes == {*errors.KINDS.values(), *GROUPS.values(), *own}
    assert all(cls.__doc__ for cls in classes)


BUILT_INS = {
    ValueError: [errors.InvalidInput, errors.BadRequest, errors.NotJson, errors.WrongShape, errors.MissingField],
    PermissionError: [errors.Unauthorized, errors.Forbidden],
    LookupError: [errors.NotFound],
    TimeoutError: [errors.TimedOut, errors.WaitTimedOut],
    OSError: [errors.JournalUnusable],
    ConnectionError: [errors.ConnectFailed, errors.TimedOut, errors.ConnectionBroke, errors.TlsFailed],
}


def test_built_ins_catch_what_fits() -> None:
    for built_in, classes in BUILT_INS.items():
        for cls in classes:
            with pytest.raises(built_in):
                raise cls("words")


@pytest.mark.parametrize("cls", errors.KINDS.values(), ids=lambda cls: cls.kind)
def test_every_exception_survives_a_pickle_without_the_record(cls: type[errors.NexusError], made: Microdeposit) -> None:
    error = errors.build(cls.number, "words", status=503, guid="MIC-1", retry_after=1.0, last_seen=made)
    assert type(error) is cls and str(error) == "words" and error.last_seen == made
    pickled = pickle.dumps(error)
    assert b"333312345" not in pickled
    back = pickle.loads(pickled)
    assert (type(back), str(back), back.status, back.guid) == (cls, "words", 503, "MIC-1")
    assert back.retry_after == 1.0 and back.last_seen is None
    assert str(copy.copy(error)) == "words"


API = [
    (400, errors.BadRequest),
    (401, errors.Unauthorized),
    (403, errors.Forbidden),
    (404, errors.NotFound),
    (409, errors.Conflict),
    (422, errors.BadRequest),
    (429, errors.RateLimited),
    (500, errors.ServerFailed),
    (302, errors.Redirected),
    (199, errors.UnexpectedStatus),
]


@pytest.mark.parametrize(("status", "cls"), API)
def test_every_http_status_is_told(status: int, cls: type[errors.NexusError]) -> None:
    with pytest.raises(cls) as caught:
        Read("MIC-1").parse(status, b'{"error":{"code":4001,"message":"guid is missing"}}', retry_after="7")
    error = caught.value
    assert isinstance(error, errors.ApiError)
    assert (error.status, error.code, error.guid, error.operation) == (status, 4001, "MIC-1", "read")
    assert error.advice and not error.outcome_unknown and error.attempts == 1


def test_a_server_that_fails_leaves_the_outcome_of_a_verify_unknown() -> None:
    with pytest.raises(errors.OutcomeUnknown) as caught:
        Verify("MIC-1", "0.03", "0.05").parse(503, b"")
    assert caught.value.outcome_unknown and (caught.value.kind, caught.value.number) == ("server", 207)
    assert "may or may not" in caught.value.advice


@pytest.mark.parametrize(
    ("body", "cls", "field"),
    [
        (b"{", errors.NotJson, "$"),
        (b'{"micro_deposit":7}', errors.WrongShape, None),
        (b"{}", errors.MissingField, None),
        (b'{"micro_deposit":{"guid":"MIC-2"}}', errors.AnotherRecord, None),
    ],
)
def test_every_unreadable_success_is_told(body: bytes, cls: type[errors.NexusError], field: str | None) -> None:
    with pytest.raises(cls) as caught:
        Read("MIC-1").parse(200, body)
    assert caught.value.status == 200 and caught.value.field
    assert field is None or caught.value.field == field


def test_states(client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    with pytest.raises(errors.NotVerifiable) as refused:
        client.verify(made.guid, "0.09", "0.09")
    assert refused.value.last_seen == made and not refused.value.outcome_unknown
    assert sandbox.attempts(made.guid) == 0
    with pytest.raises(errors.WaitTimedOut) as late:
        client.wait(made.guid, timeout=0.05, poll_every=0.01)
    assert late.value.last_seen is not None and late.value.guid == made.guid
    assert late.value.last_failure is None
    sandbox.fault("status", status=503, operation="read")
    with pytest.raises(errors.WaitTimedOut) as blind:
        client.wait(made.guid, timeout=0.5, poll_every=0.01)
    assert blind.value.last_seen is None and blind.value.last_failure == "server"
    sandbox.clear_faults()
    sandbox.happen(made.guid, "failed", code="R03")
    with pytest.raises(errors.NotVerifiable):
        client.verify(made.guid, "0.09", "0.09")
    with pytest.raises(errors.WaitEnded):
        client.wait(made.guid, until="PREINITIATED", timeout=1)


def test_transport() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        with pytest.raises(errors.ConnectFailed) as refused:
            Client(address, session_token="t", read_attempts=1).list()
        assert refused.value.attempts == 1 and refused.value.cause is TransportCause.REFUSED
        assert refused.value.cause == "refused" and "refused" in str(refused.value)
        closed.listen()
        client = Client(address, session_token="t", read_attempts=1)
        with pytest.raises(errors.TimedOut):
            client.list(timeout=0.1)
        with pytest.raises(TimeoutError):
            client.read("MIC-1", timeout=0.1)


@pytest.mark.parametrize(
    ("response", "cls"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{", errors.ConnectionBroke),
        (b"nonsense\r\n\r\n", errors.ProtocolBroken),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n" + b" " * 900, errors.TooLarge),
    ],
)
def test_a_peer_that_misbehaves(response: bytes, cls: type[errors.NexusError]) -> None:
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(response)

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(cls):
            Client(address, session_token="t", read_attempts=1, max_body=100).read("MIC-1")
        thread.join()


def test_tls_that_is_none() -> None:
    import threading

    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            peer, _ = server.accept()
            with peer:
                peer.recv(65536)
                peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        thread = threading.Thread(target=serve)
        thread.start()
        address = f"https://127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(errors.TlsFailed):
            Client(address, session_token="t", read_attempts=1).read("MIC-1")
        thread.join()


def test_unknown_and_foreign(client: Client) -> None:
    with pytest.raises(errors.NotFound) as unknown:
        client.read("MIC-unknown")
    assert unknown.value.status == 404 and unknown.value.guid == "MIC-unknown"
    with pytest.raises(errors.BadRequest) as refused:
        client.create(**{**JOSH, "routing_number": "222222226"})
    assert refused.value.field == "routing_number"


TOKEN = {"base_url": "https://example.com", "session_token": "t"}


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "base_url"),
        ({"base_url": "http://example.com", "session_token": "t"}, "base_url"),
        ({"base_url": "https://example.com"}, "credentials"),
        ({"base_url": "https://example.com", "client_id": "c"}, "credentials"),
        ({"base_url": "https://example.com", "session_token": "t", "timeout": 0}, "timeout"),
        ({"base_url": "https://example.com", "session_token": "t", "reconcile_timeout": 1e6}, "reconcile_timeout"),
        ({"base_url": "https://example.com", "session_token": "t", "max_body": 0}, "max_body"),
        ({"base_url": "https://example.com", "session_token": "t", "timeout": float("nan")}, "timeout"),
        ({"base_url": "https://example.com", "session_token": "t", "connect_timeout": -1}, "connect_timeout"),
        ({"base_url": "https://example.com", "session_token": "t\r\n"}, "session_token"),
        ({"base_url": "https://example.com", "session_token": "t", "proxy": "::"}, "proxy"),
        ({"base_url": "https://example.com", "session_token": "t", "root_certificates": "x"}, "root_certificates"),
        ({"base_url": "https://example.com", "session_token": "t", "product": "a\n"}, "product"),
        ({"base_url": "https://example.com", "session_token": "t", "environment": "moon"}, "environment"),
        ({**TOKEN, "assumptions": Assumptions(judged_within=1e6)}, "judged_within"),
        ({**TOKEN, "assumptions": Assumptions(server_grace=1e6)}, "server_grace"),
    ],
)
def test_options_are_checked_when_the_client_is_made(options: dict[str, object], field: str) -> None:
    with pytest.raises(errors.InvalidInput) as refused:
        Client(**options)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_the_base_class_is_at_the_top() -> None:
    assert mx_nexus.NexusError is errors.NexusError


def test_a_delivery_that_is_none_is_not_blamed_on_the_address() -> None:
    with pytest.raises(errors.NotJson) as junk:
        mx_nexus.WebhookEvent.parse(b"junk")
    assert "address" not in junk.value.advice and "Do not act on it" in junk.value.advice


def test_what_may_be_called_again_says_so(sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.fault("status", status=503, operation="read", times=3)
    with sandbox.client(reconcile_timeout=0.2) as client:
        with pytest.raises(errors.ServerFailed) as failed:
            client.read(made.guid)
        assert failed.value.retryable
        with pytest.raises(errors.NotFound) as unknown:
            client.read("MIC-unknown")
        assert not unknown.value.retryable
        sandbox.advance(120)
        sandbox.fault("later", milliseconds=600_000, status=500, operation="verify", nth=1)
        with pytest.raises(errors.OutcomeUnknown) as lost:
            client.verify(made.guid, "0.09", "0.09")
        assert not lost.value.retryable


def test_modules_are_there_when_they_are_asked_for() -> None:
    import mx_nexus

    assert mx_nexus.flows.VerifyFlow and mx_nexus.sandbox.Sandbox and mx_nexus.aio.AsyncClient
