"""Tasks for Celery: create, look until the deposits are there, submit once: `celery -A celery_tasks worker`.

Its settings are in the environment: those of `Client` below, ACCOUNTS (a file of SQLite), and Celery's own.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from os import environ
from typing import Any

from celery import Celery, Task
from celery.signals import worker_process_init
from mx_nexus import Client, Journal, Verdict
from mx_nexus.errors import MicrodepositFailed, OutcomeUnknown, RateLimited, ServerFailed, SubmissionOpen

# A task is acknowledged when it has ended: the task of a worker that dies is delivered again.
app = Celery("accounts")
app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True)

# Seconds from one look to the next; shorter than a broker waits for an acknowledgement.
LATER = 600
# The outcome is known: nothing was carried out. OutcomeUnknown is none of these.
KNOWN = (ConnectionError, RateLimited, ServerFailed)


class Own:
    """What each worker process has of its own: a client does not cross a fork."""

    client: Client
    journal: Journal


@worker_process_init.connect
def begin(**_: object) -> None:
    Own.client = Client(
        environ["NEXUS_BASE_URL"],
        client_id=environ["NEXUS_CLIENT_ID"],
        user_id=environ["NEXUS_USER_ID"],
        api_key=environ["NEXUS_API_KEY"],
    )
    Own.journal = Journal(environ["NEXUS_JOURNAL"], environ["NEXUS_JOURNAL_KEY"])


def database(sql: str, *values: str | None) -> Any:
    """The program's own database. Accounts and amounts are here, and nowhere in a task."""
    with closing(sqlite3.connect(environ["ACCOUNTS"], timeout=30)) as file, file:
        return file.execute(sql, values).fetchone()


@app.task(bind=True, autoretry_for=KNOWN, retry_backoff=60, max_retries=50)
def create(self: Task[Any, Any], key: str) -> None:
    """Creates the microdeposit of an application, whose number is the key."""
    (account,) = database("SELECT account FROM applications WHERE key = ?", key)
    try:
        made = Own.client.create_once(key, journal=Own.journal, **json.loads(account))
    except OutcomeUnknown as error:  # the same task, the same key: it lists, and creates nothing twice
        raise self.retry(exc=error, countdown=LATER) from error
    database("UPDATE applications SET guid = ? WHERE key = ?", made.guid, key)
    look.apply_async((made.guid,), countdown=LATER)


@app.task(bind=True, autoretry_for=KNOWN, retry_backoff=60, max_retries=None)
def look(self: Task[Any, Any], guid: str) -> None:
    """Reads once, and again later as long as there is nothing to do. No worker waits meanwhile."""
    record = Own.client.read(guid)
    database("UPDATE applications SET status = ? WHERE guid = ?", str(record.status), guid)
    if not (record.status.may_verify or record.status.is_terminal):
        self.apply_async((guid,), countdown=LATER)


@app.task(bind=True, autoretry_for=KNOWN, retry_backoff=60, max_retries=50)
def submit(self: Task[Any, Any], guid: str, key: str) -> None:
    """Submits the two amounts of one try, whose name is the key; once, however often this is delivered."""
    first, second = database("SELECT first, second FROM tries WHERE key = ?", key)
    try:
        outcome = Own.client.verify(guid, first, second, key=key, journal=Own.journal)
    except MicrodepositFailed:  # final: only a new microdeposit helps
        raise
    except (OutcomeUnknown, SubmissionOpen) as error:  # the same task, the same key: it reads, and submits nothing twice
        raise self.retry(exc=error, countdown=LATER) from error
    database("UPDATE tries SET verdict = ? WHERE key = ?", str(outcome.verdict), key)
    if outcome.verdict is Verdict.PENDING:
        raise self.retry(countdown=LATER)


@app.task(autoretry_for=(Exception,), retry_backoff=60, max_retries=50)
def wrong(guid: str, first: str, second: str) -> None:
    """What not to write: without a key, each repetition after an unknown outcome may use up another submission."""
    Own.client.verify(guid, first, second)
