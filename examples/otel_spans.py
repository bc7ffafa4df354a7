"""Spans of OpenTelemetry: one for each call, and within it one for each request: `python examples/otel_spans.py`.

Prints `examples/otel_spans.transcript`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context

from mx_nexus import AsyncClient, Client, Microdeposit, NexusError, Outcome
from mx_nexus.sandbox import Sandbox
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import Span, SpanKind, StatusCode

tracer = trace.get_tracer("accounts")


class Attempts:
    """The requests of one call: the number of the one under way, and how many it took without those for a session."""

    latest = in_all = 0


_attempts: ContextVar[Attempts | None] = ContextVar("attempts", default=None)


class Requests(logging.Handler):
    """Makes a span of each request, from the log records of mx_nexus. They come in the context of whoever called."""

    def emit(self, record: logging.LogRecord) -> None:
        operation, attempt, status, elapsed = (
            getattr(record, f"nexus_{name}", None) for name in ("operation", "attempt", "status", "elapsed")
        )
        attempts = _attempts.get() or Attempts()
        if attempt is not None:  # it is sent
            attempts.latest = attempt
            if operation not in ("api_token", "open_session"):
                attempts.in_all = attempt
        elif elapsed is not None:  # it is over
            end = int(record.created * 1e9)
            span = tracer.start_span(f"request {operation}", kind=SpanKind.CLIENT, start_time=end - int(elapsed * 1e9))
            span.set_attributes({"nexus.operation": str(operation), "nexus.attempt": attempts.latest})
            if status is None:
                span.set_status(StatusCode.ERROR)
            else:
                span.set_attribute("nexus.status", status)
            span.end(end)
        elif record.levelno >= logging.WARNING:  # it is repeated, or its outcome is looked for
            trace.get_current_span().add_event(record.getMessage())


@contextmanager
def call(operation: str, guid: str | None = None) -> Generator[Span, None, None]:
    """The span of a call. An exception leaves its kind there, and neither its text nor a traceback."""
    attempts = Attempts()
    token = _attempts.set(attempts)
    own = tracer.start_as_current_span(f"nexus {operation}", record_exception=False, set_status_on_exception=False)
    with own as span:
        span.set_attribute("nexus.operation", operation)
        try:
            yield span
        except NexusError as error:
            guid = guid or error.guid
            span.set_attributes({"error.type": error.kind, "nexus.outcome_unknown": error.outcome_unknown})
            if error.status is not None:
                span.set_attribute("nexus.status", error.status)
            span.set_status(StatusCode.ERROR, error.kind)
            raise
        finally:
            _attempts.reset(token)
            span.set_attribute("nexus.attempts", attempts.in_all)
            if guid is not None:
                span.set_attribute("nexus.guid", guid)


def submit(client: Client, guid: str, first: str, second: str) -> Outcome:
    with call("verify", guid) as span:
        outcome = client.verify(guid, first, second)
        span.set_attribute("nexus.verdict", str(outcome.verdict))
        return outcome


def read(client: Client, guid: str) -> Microdeposit:
    with call("read", guid):
        return client.read(guid)


def read_in_threads(client: Client, guids: Sequence[str]) -> list[Microdeposit]:
    """A pool's thread begins with an empty context: each job takes a copy of this one along."""
    with tracer.start_as_current_span("in threads"), ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(copy_context().run, read, client, guid) for guid in guids]
        return [job.result() for job in jobs]


async def read_in_tasks(client: AsyncClient, guids: Sequence[str]) -> list[Microdeposit]:
    """A task has a copy of the context that it was made in, and AsyncClient takes it along."""

    async def one(guid: str) -> Microdeposit:
        with call("read", guid):
            return await client.read(guid)

    with tracer.start_as_current_span("in tasks"):
        return list(await asyncio.gather(*(one(guid) for guid in guids)))


def told(spans: Sequence[ReadableSpan], parent: int | None = None, depth: int = 0) -> Iterator[str]:
    """The spans as a tree, in the order in which they ended."""
    for span in spans:
        if (span.parent.span_id if span.parent else None) == parent:
            attributes = [f"{name}={value!s}" for name, value in (span.attributes or {}).items()]
            yield " ".join(["  " * depth + span.name, *attributes])
            if own := span.get_span_context():
                yield from told(spans, own.span_id, depth + 1)


def main() -> None:
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    logger = logging.getLogger("mx_nexus")
    logger.addHandler(Requests())
    logger.setLevel(logging.DEBUG)  # a request is told at this level
    logger.propagate = False  # and to nobody else

    with Sandbox() as sandbox, sandbox.client() as client:
        with call("create") as span:
            made = client.create(
                first_name="Josh",
                last_name="James",
                email="example@example.com",
                routing_number="091000019",
                account_number="333312345",
                account_type="checking",
            )
            span.set_attribute("nexus.guid", made.guid)
        sandbox.advance(120)
        sandbox.fault("reset_after", operation="verify", nth=1)
        submit(client, made.guid, "0.02", "0.02")
        with suppress(NexusError):
            read(client, "MIC-unknown")
        read_in_threads(client, [made.guid] * 2)

        async def tasks() -> None:
            async with AsyncClient(sandbox.url, session_token=client.session()) as asynchronous:
                await read_in_tasks(asynchronous, [made.guid] * 2)

        asyncio.run(tasks())
    print("\n".join(told(exporter.get_finished_spans())))


if __name__ == "__main__":
    main()
