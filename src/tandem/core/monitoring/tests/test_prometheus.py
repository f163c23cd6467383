"""A real Prometheus scrapes a real server; two processes' counts come out as one."""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from wsgiref.simple_server import WSGIRequestHandler

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

BINARY = shutil.which(os.environ.get("TANDEM_PROMETHEUS", "prometheus"))
CONFIG = """
global: {{scrape_interval: 200ms, scrape_timeout: 200ms}}
scrape_configs:
  - job_name: tandem
    authorization: {{credentials: s3cret-of-prometheus}}
    static_configs: [{{targets: ["{target}"]}}]
"""
COUNT = """
import os, django
django.setup()
from django.test import RequestFactory
from tandem.core.monitoring import metrics
request = RequestFactory().get("/x")
request.resolver_match = None
metrics.observe(request, 299, 0.02, 0.01, 3)
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def test_counts_of_another_process_are_told_too(db, settings):
    settings.METRICS_OPEN = True
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tandem.config.settings"}
    subprocess.run([sys.executable, "-c", COUNT], env=environment, check=True, timeout=60)
    families = text_string_to_metric_families(Client().get("/metrics").content.decode())
    found = {
        sample.labels["status"]: sample.value
        for family in families
        for sample in family.samples
        if sample.name == "tandem_request_seconds_count" and sample.labels["route"] == "none"
    }
    assert found["299"] == 1


@pytest.mark.skipif(BINARY is None, reason="no Prometheus is here: see scripts/prometheus.sh")
def test_a_real_prometheus_takes_what_is_told(live_server, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(WSGIRequestHandler, "log_message", lambda *_: None)
    settings.METRICS_TOKEN = "s3cret-of-prometheus"
    config = tmp_path / "prometheus.yml"
    config.write_text(CONFIG.format(target=live_server.url.removeprefix("http://")))
    port = free_port()
    command = [
        BINARY,
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            target = answered(f"http://127.0.0.1:{port}/api/v1/query?query=tandem_jobs")
        finally:
            server.terminate()
    states = {row["metric"]["state"] for row in target}
    assert {"ready", "running", "done", "dead"} <= states
    assert {row["metric"]["job"] for row in target} == {"tandem"}


def answered(address):
    """The first answer that holds rows, within half a minute."""
    for _ in range(150):
        time.sleep(0.2)
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                rows = json.load(answer)["data"]["result"]
        except OSError:
            continue
        if rows:
            return rows
    raise AssertionError("Prometheus took nothing")
