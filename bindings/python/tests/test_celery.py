"""The tasks for Celery, examples/celery_tasks.py: with a worker of two processes, deliveries made twice, and one killed."""

from __future__ import annotations

import importlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from mx_nexus import Client, Microdeposit, errors
from mx_nexus.sandbox import Sandbox
from support import JOSH, ROOT, library

EXAMPLES = ROOT / "examples"

# The program around the tasks: queues in a folder, short times, and the process that sends the amounts is killed while the
# response is on its way.
PROGRAM = """
import logging, os, threading
import celery_tasks
from celery_tasks import app

celery_tasks.LATER = 0.3
folder = os.path.dirname(os.path.abspath(__file__))
queues = {"data_folder_in": f"{folder}/queues", "data_folder_out": f"{folder}/queues", "control_folder": f"{folder}/control"}
app.conf.update(broker_url="filesystem://", broker_transport_options={**queues, "polling_interval": 0.1})

class Killer(logging.Handler):
    def emit(self, record):
        if record.nexus_operation == "verify" and record.nexus_attempt:
            with open(f"{folder}/killed", "a") as file:
                file.write(f"{os.getpid()}\\n")
            threading.Timer(0.5, os._exit, (9,)).start()

logger = logging.getLogger("mx_nexus")
logger.addHandler(Killer())
logger.setLevel(logging.DEBUG)
"""

SEND = """
import sys
from program import app

name, twice, *arguments = sys.argv[1:]
for _ in range(int(twice)):
    app.tasks[f"celery_tasks.{name}"].apply_async(arguments, task_id=f"{name} of {arguments}")
"""


def count(sandbox: Sandbox, operation: str) -> int:
    return sum(request.get("operation") == operation for request in sandbox.requests)


class Place:
    """A folder with a database, and the environment of the tasks."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self.folder = folder
        self.environment = {
            "ACCOUNTS": str(folder / "accounts"),
            "NEXUS_API_KEY": sandbox.api_key,
            "NEXUS_BASE_URL": sandbox.url,
            "NEXUS_CLIENT_ID": sandbox.client_id,
            "NEXUS_JOURNAL": str(folder / "journal"),
            "NEXUS_JOURNAL_KEY": "a secret of the program's own",
            "NEXUS_USER_ID": sandbox.user_id,
        }
        self.ask("CREATE TABLE applications (key PRIMARY KEY, account, guid, status)")
        self.ask("CREATE TABLE tries (key PRIMARY KEY, first, second, verdict)")
        self.ask("INSERT INTO applications (key, account) VALUES (?, ?)", "application-7", json.dumps(JOSH))

    def ask(self, sql: str, *values: str) -> Any:
        with closing(sqlite3.connect(self.environment["ACCOUNTS"], timeout=30)) as file, file:
            return file.execute(sql, values).fetchone()

    def until(self, sql: str, wanted: object = None) -> Any:
        """Waits until a question has an answer."""
        end = time.monotonic() + 60
        while time.monotonic() < end:
            row = self.ask(sql)
            if row and row[0] is not None and wanted in (None, row[0]):
                return row[0]
            time.sleep(0.05)
        raise AssertionError(f"{sql}: {row}; the worker said: {(self.folder / 'said').read_text()}")

    def until_said(self, words: str) -> None:
        """Waits until the worker has said something."""
        end = time.monotonic() + 60
        while words not in (said := (self.folder / "said").read_text()):
            assert time.monotonic() < end, said
            time.sleep(0.05)

    @contextmanager
    def worker(self) -> Iterator[None]:
        (self.folder / "program.py").write_text(PROGRAM)
        (self.folder / "queues").mkdir()
        command = [sys.executable, "-m", "celery", "-A", "program", "worker", "--pool", "prefork", "--concurrency", "2"]
        quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"]
        paths = os.pathsep.join([str(self.folder), str(EXAMPLES)])
        self.environment = {**os.environ, **self.environment, "PYTHONPATH": paths}
        with (self.folder / "said").open("w") as said:
            how: dict[str, Any] = {"stdout": said, "stderr": said, "start_new_session": True}
            process = subprocess.Popen([*command, *quiet], cwd=self.folder, env=self.environment, **how)
            try:
                yield
            finally:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def send(self, task: str, *arguments: str, times: int = 2) -> None:
        command = [sys.executable, "-c", SEND, task, str(times), *arguments]
        subprocess.run(command, cwd=self.folder, env=self.environment, check=True, timeout=60)


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox) -> Place:
    return Place(tmp_path, sandbox)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no os.fork")
def test_what_is_delivered_twice_or_to_a_process_that_dies_is_sent_once(place: Place, sandbox: Sandbox, client: Client) -> None:
    library("celery")
    with place.worker():
        sandbox.fault("reset_after", operation="create", nth=1)
        place.send("create", "application-7")
        guid = place.until("SELECT guid FROM applications")
        place.until("SELECT status FROM applications", "INITIATED")
        sandbox.advance(120)
        place.until("SELECT status FROM applications", "DEPOSITED")

        place.ask("INSERT INTO tries (key, first, second) VALUES ('application-7, first try', '0.09', '0.09')")
        sandbox.fault("later", milliseconds=60_000, operation="verify", times=1)
        place.send("submit", guid, "application-7, first try")
        place.until_said("exited with 'exitcode 9'")
        place.until_said("Unsettled")
        assert place.ask("SELECT verdict FROM tries") == (None,)
        sandbox.advance(60)
        place.until("SELECT verdict FROM tries", "verified")
        queued = "".join(path.read_text() for path in (place.folder / "queues").iterdir())
        # Celery says how many seconds a task took: no amount, whatever its digits.
        said = re.sub(r"succeeded in [\d.e-]+s", "succeeded", (place.folder / "said").read_text())
    assert len((place.folder / "killed").read_text().split()) == 1, "one process sent the amounts, and was killed"
    assert count(sandbox, "create") == count(sandbox, "verify") == sandbox.attempts(guid) == 1
    assert [record.guid for record in client.list()] == [guid]
    for secret in (JOSH["account_number"], JOSH["email"], "0.09", sandbox.api_key):
        assert secret not in queued + said


@pytest.fixture
def tasks(place: Place, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The tasks in this process, carried out at once, repetitions too."""
    library("celery")
    for name, value in place.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.syspath_prepend(str(EXAMPLES))
    tasks = importlib.import_module("celery_tasks")
    tasks.begin()
    tasks.Own.client.close()
    with sandbox.client(reconcile_timeout=0.2) as client:
        monkeypatch.setattr(tasks.Own, "client", client)
        yield tasks


def test_what_not_to_write_spends_another_submission(tasks: ModuleType, sandbox: Sandbox, made: Microdeposit) -> None:
    sandbox.advance(120)
    sandbox.fault("later", milliseconds=60_000, operation="verify", times=1)
    assert tasks.wrong.apply((made.guid, "0.02", "0.02")).state == "SUCCESS"
    sandbox.advance(60)
    assert count(sandbox, "verify") == sandbox.attempts(made.guid) == 2


def test_what_is_known_is_tried_again_under_the_same_key(
    tasks: ModuleType, place: Place, sandbox: Sandbox, made: Microdeposit
) -> None:
    place.ask("INSERT INTO tries (key, first, second) VALUES ('first', '0.02', '0.02')")
    submission = (made.guid, "first")
    early = tasks.submit.apply(submission)
    assert isinstance(early.result, errors.NotVerifiable) and count(sandbox, "verify") == 0
    sandbox.advance(120)
    sandbox.fault("status", status=503, operation="read", times=3)
    assert tasks.submit.apply(submission).state == tasks.submit.apply(submission).state == "SUCCESS"
    assert count(sandbox, "verify") == 1 and place.ask("SELECT verdict FROM tries") == ("denied",)


def test_a_judgement_that_comes_later_is_looked_for(tasks: ModuleType, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.submit, "max_retries", 1)
    place.ask("INSERT INTO tries (key, first, second) VALUES ('first', '0.09', '0.09')")
    with Sandbox(policy={"verification": {"after_seconds": 7200}}) as sandbox, sandbox.client() as client:
        monkeypatch.setattr(tasks.Own, "client", client)
        made = client.create(**JOSH)
        sandbox.advance(120)
        assert tasks.submit.apply((made.guid, "first")).state == "FAILURE"
        assert place.ask("SELECT verdict FROM tries") == ("pending",)
        sandbox.advance(7200)
        assert tasks.submit.apply((made.guid, "first")).state == "SUCCESS"
        assert place.ask("SELECT verdict FROM tries") == ("verified",) and count(sandbox, "verify") == 1


@pytest.mark.parametrize("number", [101, 401, 405, 406, 407, 501, 503])
@pytest.mark.parametrize("unknown", [False, True])
def test_what_is_tried_again(
    number: int, unknown: bool, tasks: ModuleType, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.ask("INSERT INTO tries (key, first, second) VALUES ('first', '0.09', '0.09')")
    monkeypatch.setattr(tasks.submit, "max_retries", 1)
    calls: list[str] = []

    def verify(*_: str, key: str, journal: object) -> None:
        calls.append(key)
        raise errors.build(number, "words", outcome_unknown=unknown)

    monkeypatch.setattr(tasks.Own, "client", SimpleNamespace(verify=verify))
    failed = tasks.submit.apply(("MIC-1", "first"))
    assert failed.state == "FAILURE" and isinstance(failed.result, errors.NexusError)
    again = number != 405 if unknown else number in (406, 407, 501, 503)
    assert calls == ["first"] * (2 if again else 1)


def test_nothing_of_a_record_or_a_client_can_be_an_argument(tasks: ModuleType, made: Microdeposit) -> None:
    for argument in (made, tasks.Own.client, tasks.Own.journal):
        for serializer in ("json", "pickle"):
            with pytest.raises(Exception, match="serializable|pickled"):
                tasks.look.apply_async((argument,), serializer=serializer)
