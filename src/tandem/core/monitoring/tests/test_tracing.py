"""Spans of a real process, taken by a small real collector that speaks OTLP over HTTP."""

import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytest.importorskip("opentelemetry.sdk", reason="the extra telemetry is not installed")

# A process of its own: tracing is begun once and stays.
TRACED = """
import os, sys
import django
django.setup()
from tandem.core.monitoring import tracing
assert tracing.begin()
from django.test import Client
Client().get("/healthz")
assert Client().get("/join/SeCrEtPart-0123456789/").status_code == 422
from opentelemetry import trace
trace.get_tracer_provider().shutdown()
"""


@pytest.fixture
def collector():
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    taken = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((self.path, ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", taken
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def test_a_request_and_its_statements_are_one_trace(collector, installation):
    address, taken = collector
    environment = installation.environment | {
        "DJANGO_SETTINGS_MODULE": "tandem.config.settings",
        "TANDEM_HOSTS": "testserver",
        "OTEL_EXPORTER_OTLP_ENDPOINT": address,
        "OTEL_EXPORTER_OTLP_COMPRESSION": "none",
    }
    subprocess.run([sys.executable, "-c", TRACED], env=environment, check=True, timeout=120)
    assert {path for path, _ in taken} == {"/v1/traces"}
    resources = [each for _, request in taken for each in request.resource_spans]
    names = {a.key: a.value.string_value for each in resources for a in each.resource.attributes}
    assert names["service.name"] == "tandem"
    spans = [span for each in resources for scope in each.scope_spans for span in scope.spans]
    (asked,) = [span for span in spans if span.kind == span.SPAN_KIND_SERVER]
    assert "join/<str:secret>/" in asked.name
    selects = [span for span in spans if span.name == "SELECT" and span.trace_id == asked.trace_id]
    assert selects
    assert {span.parent_span_id for span in selects} == {asked.span_id}
    texts = [a.value.string_value for span in spans for a in span.attributes]
    assert any("accounts_invitation" in text for text in texts)
    assert not any("SeCrEtPart" in text for text in texts)


def test_without_an_endpoint_nothing_is_begun(monkeypatch):
    from tandem.core.monitoring import tracing

    monkeypatch.delenv("OTEL_EXPORTER_OTLP_ENDPOINT", raising=False)
    monkeypatch.delenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", raising=False)
    assert tracing.begin() is False
