"""The sandbox's tenants and delivered webhooks, and their fixtures."""

from __future__ import annotations

import pytest
from mx_nexus import Status
from mx_nexus.errors import InvalidInput, NexusError
from mx_nexus.sandbox import Receiver, Sandbox, Tenant
from support import JOSH


def test_events_arrive_as_they_are_due(sandbox: Sandbox) -> None:
    with Receiver() as receiver, sandbox.client() as client:
        webhook = sandbox.subscribe(receiver.url)
        guid = client.create(**JOSH).guid
        sandbox.advance(120)
        assert [(one["action"], one["micro_deposit"]["status_name"]) for one in receiver.events] == [
            ("created", "INITIATED"),
            ("updated", "REQUESTED"),
            ("updated", "DEPOSITED"),
        ]
        # Whole on the wire, as MX's are; masked everywhere else.
        assert receiver.events[0]["micro_deposit"]["account_number"] == JOSH["account_number"]
        assert JOSH["account_number"] not in repr(receiver.arrivals) + repr(sandbox.deliveries)
        assert {one["guid"] for one in sandbox.deliveries} == {guid}
        sandbox.replay(1)
        sandbox.replay(1, status=3)
        assert [one["micro_deposit"]["status"] for one in receiver.events[3:]] == [0, 3]
        sandbox.unsubscribe(webhook)
        with pytest.raises(InvalidInput):
            sandbox.unsubscribe(webhook)
        sandbox.advance(86_400)
        assert len(receiver.events) == 5


def test_a_failing_receiver_is_tried_again_and_faults_lose_events(sandbox: Sandbox) -> None:
    with Receiver(500, 500, 204, basic=("mx", "word")) as receiver, sandbox.client() as client:
        sandbox.subscribe(receiver.url, actions=["created"], basic=("mx", "word"))
        client.create(**JOSH)
        sandbox.advance(86_400)
        assert [arrival.status for arrival in receiver.arrivals] == [500, 500, 204]
        assert len({arrival.body for arrival in receiver.arrivals}) == 1 and all(one.authorized for one in receiver.arrivals)
        assert [attempt["offset_seconds"] for attempt in sandbox.deliveries[0]["attempts"]] == [0, 60, 180]
        sandbox.webhook_fault("drop")
        client.create(**{**JOSH, "account_number": "333398765"})
        sandbox.advance(86_400)
        assert len(receiver.arrivals) == 3
        sandbox.clear_webhook_faults()
    with pytest.raises(InvalidInput, match="url"):
        sandbox.subscribe("http://receiver.example/")
    with pytest.raises(NexusError, match="answers"):
        Receiver(99)


def test_tenants_do_not_meet(sandbox: Sandbox) -> None:
    with sandbox.tenant("one", policy={"retention_days": None}) as one, sandbox.tenant(seed=7) as two:
        with one.client() as client, two.client() as other:
            guid = client.create(**JOSH).guid
            one.advance(120)
            assert client.read(guid).status is Status.DEPOSITED and len(other.list()) == 0
            assert (one.now - two.now).total_seconds() == 120 and two.now == sandbox.now
            one.fault("status", status=503)
            assert len(other.list()) == 0 and len(sandbox.faults) == 0
            with pytest.raises(NexusError):
                other.read(guid)
        assert repr(one) == f"<Tenant one of {sandbox.url}>" and one.api_key not in repr(one)
        with pytest.raises(InvalidInput):
            sandbox.tenant("one")
        with pytest.raises(InvalidInput, match="ttl"):
            sandbox.tenant(ttl=0)
    with pytest.raises(InvalidInput):
        one.advance(1)
    with one.client() as late, pytest.raises(NexusError):
        late.list()


def test_fixtures(nexus_tenant: Tenant, nexus_webhooks: Receiver, nexus_sandbox: Sandbox) -> None:
    with nexus_tenant.client() as client:
        client.create(**JOSH)
    with nexus_sandbox.client() as client:
        client.create(**JOSH)
    nexus_sandbox.advance(0)
    assert [event["action"] for event in nexus_webhooks.events] == ["created"]
