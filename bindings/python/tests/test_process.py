"""The process around the client: exit with busy threads, forks, subinterpreters, waits that another thread ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from mx_nexus import Client, Microdeposit, errors
from mx_nexus.sandbox import Sandbox

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this platform has no os.fork")


def ran(program: str, *arguments: str, timeout: float = 60) -> str:
    done = subprocess.run([sys.executable, "-c", program, *arguments], capture_output=True, text=True, timeout=timeout)
    assert (done.returncode, done.stderr) == (0, ""), (done.returncode, done.stderr[-2000:])
    return done.stdout


BUSY = """
import logging, sys, threading, time
from mx_nexus import Client, NexusError
from mx_nexus.sandbox import Sandbox
level, kind = sys.argv[1:]
class Sink(logging.Handler):
    def emit(self, record):
        # The interpreter's lock is let go, and asked for again.
        time.sleep(0.003)
logging.basicConfig(level=level, handlers=[Sink()])
sandbox = Sandbox()
client = sandbox.client()
made = client.create(first_name="a", last_name="b", email="c@d.ef", routing_number="091000019",
                     account_number="333312345", account_type="checking")
def busy():
    while True:
        try:
            if kind == "reads":
                client.read(made.guid)
            elif kind == "failures":
                client.read("MIC-unknown")
            else:
                client.wait(made.guid, timeout=0.05, poll_every=0.01, on_progress=lambda progress: progress.reads + 1)
        except NexusError:
            pass
for _ in range(8):
    threading.Thread(target=busy, daemon=True).start()
time.sleep(0.4)
"""


@pytest.mark.parametrize("kind", ["reads", "failures", "waits"])
@pytest.mark.parametrize("level", ["DEBUG", "WARNING"])
def test_the_interpreter_ends_while_threads_are_busy(level: str, kind: str) -> None:
    for _ in range(2):
        assert ran(BUSY, level, kind) == ""


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_that_was_forked_ends_without_a_word(tmp_path: object) -> None:
    program = """
import os, sys
from mx_nexus.sandbox import Sandbox
with Sandbox() as sandbox, sandbox.client() as client:
    client.list()
    child = os.fork()
    if child == 0:
        try:
            sandbox.state
        except RuntimeError as error:
            assert "fork" in str(error), error
            sys.exit(0)
        sys.exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    client.list()
    print("goes on")
"""
    assert ran(program) == "goes on\n"


def in_a_child(url: str, token: str) -> None:
    with Client(url, session_token=token) as client:
        client.list()


@needs_fork
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_client_of_its_own_works_in_a_forked_child(sandbox: Sandbox, client: Client) -> None:
    client.list()
    child = multiprocessing.get_context("fork").Process(target=in_a_child, args=(sandbox.url, sandbox.session_token))
    child.start()
    child.join(30)
    assert child.exitcode == 0


SUBINTERPRETER = """
import sys
if sys.argv[1] == "main first":
    import mx_nexus
code = '''
try:
    import mx_nexus
except ImportError as error:
    assert "subinterpreter" in str(error), str(error)
else:
    raise AssertionError("it was imported")
'''
if sys.version_info >= (3, 13):
    import _interpreters as interpreters
    own = interpreters.create("legacy")
    failed = interpreters.exec(own, code)
    assert failed is None, failed
else:
    import _xxsubinterpreters as interpreters
    own = interpreters.create(isolated=False)
    interpreters.run_string(own, code)
interpreters.destroy(own)
from mx_nexus import Status
print(Status.INITIATED)
"""


@pytest.mark.parametrize("order", ["main first", "main last"])
def test_a_subinterpreter_is_refused_by_the_import(order: str) -> None:
    assert ran(SUBINTERPRETER, order) == "INITIATED\n"


@pytest.mark.parametrize("end", ["cancel", "close"])
def test_another_thread_ends_a_wait(end: str, client: Client, sandbox: Sandbox, made: Microdeposit) -> None:
    waiting = sandbox.client()
    threading.Timer(0.3, getattr(waiting, end)).start()
    began = time.monotonic()
    with pytest.raises(errors.Cancelled) as ended:
        waiting.wait(made.guid, poll_every=3600)
    assert time.monotonic() - began < 5 and not ended.value.outcome_unknown and ended.value.guid == made.guid
    if end == "cancel":
        assert waiting.read(made.guid) == made, "the client goes on"
    else:
        with pytest.raises(RuntimeError, match="closed"):
            waiting.read(made.guid)
    waiting.close()
    assert client.read(made.guid) == made


def test_a_wait_in_another_thread_is_ended_too(client: Client, made: Microdeposit) -> None:
    ended: list[BaseException] = []

    def wait() -> None:
        try:
            client.wait(made.guid, poll_every=3600)
        except errors.NexusError as error:
            ended.append(error)

    threads = [threading.Thread(target=wait) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(0.3)
    client.cancel()
    for thread in threads:
        thread.join(5)
    assert [type(one) for one in ended] == [errors.Cancelled] * 4


def test_a_wait_in_a_daemon_thread_does_not_hold_the_program() -> None:
    program = """
import threading, time
from mx_nexus.sandbox import Sandbox
sandbox = Sandbox()
client = sandbox.client()
made = client.preinitiate(first_name="a", last_name="b", email="c@d.ef")
threading.Thread(target=lambda: client.wait(made.guid), daemon=True).start()
time.sleep(0.3)
"""
    assert ran(program, timeout=20) == ""


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name == "nt", reason="this platform cannot send a child SIGINT")
def test_a_sandbox_of_the_command_line() -> None:
    # What runs in the background of a shell inherits a SIGINT that is ignored.
    program = "import runpy, signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    program += "runpy.run_module('mx_nexus.sandbox', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", program, "--profile", "production"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as served:
        assert served.stdout is not None and served.stderr is not None
        told = dict(served.stdout.readline().split() for _ in range(5))
        who = {name: told[name] for name in ("client_id", "user_id", "api_key")}
        with Client(told["url"], **who) as client:
            assert len(client.list()) == 0
        served.send_signal(signal.SIGINT)
        assert served.wait(20) == 0 and served.stderr.read() == ""
