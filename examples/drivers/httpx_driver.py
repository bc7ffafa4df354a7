"""A driver for httpx: it carries out the steps of a flow and decides nothing. See `mx_nexus.flows` for its duties, and `command.py` for
the command line.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from time import time
from typing import TypeVar

import httpx
from mx_nexus.flows import Done, Flow, Renew, Send, Sleep, now, until

T = TypeVar("T")
LARGEST = 64 * 1024 * 1024
# Made once: it takes a tenth of a second.
TLS = httpx.create_ssl_context(trust_env=False)


def client(kept: int) -> httpx.AsyncClient:
    """No redirects, no retries, no proxy by environment. Time is limited for each request as a whole, below."""
    limits = httpx.Limits(max_keepalive_connections=kept)
    return httpx.AsyncClient(trust_env=False, verify=TLS, timeout=None, limits=limits)


class Driver:
    """Carries flows with one session."""

    def __init__(self, base_url: str, session_token: str) -> None:
        self.base_url, self.session_token, self.kept = base_url.rstrip("/"), session_token, client(20)

    async def close(self) -> None:
        await self.kept.aclose()

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
                fresh = client(0)
                await self.carry(flow, fresh, step.spend())
                with suppress(Exception):
                    await fresh.aclose()

    async def carry(self, flow: Flow[T], client: httpx.AsyncClient, send: Send) -> None:
        request = send.request
        asked = request.body is None  # without a body nothing tells when the request leaves

        async def body() -> AsyncIterator[bytes]:
            nonlocal asked
            if send.is_too_late(int(time())):
                raise TimeoutError
            asked = True
            yield request.body or b""

        async def exchange() -> tuple[httpx.Response, bytes]:
            headers = {**request.headers, request.auth_header: self.session_token, "Accept-Encoding": "identity"}
            if request.body is not None:
                headers["Content-Length"] = str(len(request.body))
            content = None if request.body is None else body()
            url, came = self.base_url + request.path, bytearray()
            async with client.stream(request.method, url, headers=headers, content=content) as response:
                async for chunk in response.aiter_raw():
                    came += chunk
                    if len(came) > LARGEST:
                        raise OverflowError
            return response, bytes(came)

        try:
            response, came = await asyncio.wait_for(exchange(), send.timeout)
        except Exception as error:
            unconnected = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            tell = flow.maybe_sent if asked and not unconnected else flow.not_sent
            late = isinstance(error, (TimeoutError, asyncio.TimeoutError, httpx.TimeoutException))
            large = isinstance(error, OverflowError)
            tell("connect" if unconnected else "timeout" if late else "too_large" if large else "io")
        else:
            flow.response(response.status_code, came, retry_after=response.headers.get("Retry-After"))


if __name__ == "__main__":
    from command import main

    main(Driver)
