"""The sandbox's metrics, read by Prometheus' own parser."""

from __future__ import annotations

import contextlib
import urllib.request
from typing import Any

from support import library

import mx_nexus
from mx_nexus.sandbox import Sandbox


def families(sandbox: Sandbox) -> dict[str, Any]:
    parser = library("prometheus_client.parser")
    with urllib.request.urlopen(f"{sandbox.url}/_sandbox/metrics") as response:
        assert response.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
        text = response.read().decode()
    return {family.name: family for family in parser.text_string_to_metric_families(text)}


def test_prometheus_reads_all_of_it_and_counts_are_those_of_the_log() -> None:
    person = {"first_name": "Josh", "last_name": "Boy", "email": "joshboy@example.com"}
    with Sandbox() as sandbox, sandbox.client() as client:
        made = client.preinitiate(**person)
        client.read(made.guid)
        sandbox.fault("status", operation="list", status=503, times=1)
        with contextlib.suppress(mx_nexus.NexusError):
            client.list()
        read = families(sandbox)
        kinds = {name.removeprefix("nexus_sandbox_"): family.type for name, family in read.items()}
        assert kinds == {
            "requests": "counter",
            "request_duration_seconds": "histogram",
            "faults_hit": "counter",
            "webhook_attempts": "counter",
            "webhooks": "gauge",
            "microdeposits": "gauge",
            "virtual_time_seconds": "gauge",
            "tenants": "gauge",
            "build_info": "gauge",
        }
        requests = read["nexus_sandbox_requests"].samples
        assert all(set(sample.labels) == {"operation", "status"} for sample in requests)
        log = sandbox.requests
        assert sum(sample.value for sample in requests) == len(log)
        for sample in requests:
            status = int(sample.labels["status"])
            of = [one for one in log if one["operation"] == sample.labels["operation"] and one["status"] == status]
            assert sample.value == len(of), sample
        durations = {sample.name: sample.value for sample in read["nexus_sandbox_request_duration_seconds"].samples}
        assert durations["nexus_sandbox_request_duration_seconds_count"] == len(log)
        hits = {sample.labels["effect"]: sample.value for sample in read["nexus_sandbox_faults_hit"].samples}
        assert hits == {"status": 1}
        statuses = {sample.labels["status"]: sample.value for sample in read["nexus_sandbox_microdeposits"].samples}
        assert (statuses["PREINITIATED"], sum(statuses.values())) == (1, 1)
        assert read["nexus_sandbox_build_info"].samples[0].labels == {"version": mx_nexus.__version__}
