"""A driver for aiohttp: it carries out the steps of a flow and decides nothing. See `mx_nexus.flows` for its duties, and `command.py` for
for the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import time
from typing import Any, TypeVar

import aiohttp
from aiohttp.connector import Connection
from mx_nexus.flows import Done, Flow, Renew, Send, Sleep, now, until
from yarl import URL

T = TypeVar("T")
LARGEST = 64 * 1024 * 1024


class OneConnection(aiohttp.TCPConnector):
    """One connection and no more: aiohttp sends a PUT again by itself where its connection was dropped, on a new one."""

    used = False

    async def connect(self, *given: Any, **how: Any) -> Connection:
        if self.used:
            raise aiohttp.ClientConnectionError("one request, one connection")
        self.used = True
        return await super().connect(*given, **how)


def session(connector: aiohttp.TCPConnector) -> aiohttp.ClientSession:
    """No proxy by environment, no cookies. Time is limited for each request as a whole, below."""
    unlimited, jar = aiohttp.ClientTimeout(total=None), aiohttp.DummyCookieJar()
    return aiohttp.ClientSession(
        connector=connector, cookie_jar=jar, timeout=unlimited, trust_env=False, auto_decompress=False
    )


class Driver:
    """Carries flows with one session. To be made inside a running event loop."""

    def __init__(self, base_url: str, session_token: str) -> None:
        self.base_url, self.session_token = base_url.rstrip("/"), session_token
        self.kept = session(aiohttp.TCPConnector())

    async def close(self) -> None:
        await self.kept.close()

    async def run(self, flow: Flow[T]) -> T:
        while True:
            step = flow.next(*now())
            if isinstance(step, Done):
                return step.output()
            elif isinstance(step, Sleep):
                await asyncio.sleep(until(step.until))
                flow.elapsed()
            elif isinstance(step, Renew):
                flow.not_renewable()
            elif isinstance(step, Send):
                await self.carry(flow, self.kept, step)
            else:  # SendOnce
                fresh = session(OneConnection(force_close=True))
                await self.carry(flow, fresh, step.spend())
                with suppress(Exception):
                    await fresh.close()

    async def carry(self, flow: Flow[T], client: aiohttp.ClientSession, send: Send) -> None:
        request = send.request
        asked = request.body is None  # without a body nothing tells when the request leaves

        async def body() -> AsyncIterator[bytes]:
            nonlocal asked
            if send.is_too_late(int(time())):
                raise TimeoutError
            asked = True
            yield request.body or b""

        async def exchange() -> tuple[aiohttp.ClientResponse, bytes]:
            headers = {**request.headers, request.auth_header: self.session_token, "Accept-Encoding": "identity"}
            if request.body is not None:
                headers["Content-Length"] = str(len(request.body))
            data = None if request.body is None else body()
            url, came = URL(self.base_url + request.path, encoded=True), bytearray()
            async with client.request(
                request.method, url, headers=headers, data=data, allow_redirects=False
            ) as response:
                async for chunk in response.content.iter_any():
                    came += chunk
                    if len(came) > LARGEST:
                        raise OverflowError
            return response, bytes(came)

        try:
            response, came = await asyncio.wait_for(exchange(), send.timeout)
        except Exception as error:
            unconnected = isinstance(error, aiohttp.ClientConnectorError)
            tell = flow.maybe_sent if asked and not unconnected else flow.not_sent
            late = isinstance(error, (TimeoutError, asyncio.TimeoutError))
            large = isinstance(error, OverflowError)
            tell("connect" if unconnected else "timeout" if late else "too_large" if large else "io")
        else:
            flow.response(response.status, came, retry_after=response.headers.get("Retry-After"))


if __name__ == "__main__":
    from command import main

    main(Driver)
