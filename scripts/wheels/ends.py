"""Ends the interpreter while threads are busy in the library. A wheel that was linked wrongly does not survive it."""

import threading
import time

from mx_nexus.sandbox import Sandbox

sandbox = Sandbox(seed=1)
client = sandbox.client()


def reads() -> None:
    while True:
        client.list()


for _ in range(8):
    threading.Thread(target=reads, daemon=True).start()
time.sleep(0.2)
