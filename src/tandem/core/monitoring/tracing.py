"""Traces for OpenTelemetry: only where ``OTEL_EXPORTER_OTLP_ENDPOINT`` says where they go.

Needs the extra ``telemetry``. Spans hold the route and the statement's text without its values.
"""

import logging
import os
from typing import Any

from django.db import connections
from django.db.backends.signals import connection_created

from tandem.core.monitoring.logs import redacted

log = logging.getLogger(__name__)
ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


def _hide_secrets(span: Any, request: Any) -> None:
    """Addresses of links that let in are secrets; they stand in several attributes."""
    for name, value in dict(getattr(span, "attributes", None) or {}).items():
        if isinstance(value, str) and redacted(value) != value:
            span.set_attribute(name, redacted(value))


def begin() -> bool:
    """Send traces from now on; ``False`` when nobody asked for them or the extra is missing."""
    if not (os.environ.get(ENDPOINT) or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
        return False
    # Probes would be most of what is sent. Read when the instrumentation is imported.
    os.environ.setdefault("OTEL_PYTHON_DJANGO_EXCLUDED_URLS", "healthz,readyz,metrics")
    try:
        from opentelemetry import trace
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.instrumentation.django import DjangoInstrumentor
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError:
        log.warning(
            "%s is set, but the extra is missing: pip install tandem-product[telemetry]", ENDPOINT
        )
        return False
    name = os.environ.get("OTEL_SERVICE_NAME", "tandem")
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(request_hook=_hide_secrets)
    tracer = trace.get_tracer("tandem.database")

    def span(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        vendor = context["connection"].vendor
        with tracer.start_as_current_span(
            str(sql).split(" ", 1)[0] or "SQL",
            kind=trace.SpanKind.CLIENT,
            attributes={"db.system.name": vendor, "db.query.text": str(sql)[:2000]},
        ):
            return execute(sql, params, many, context)

    def connected(connection: Any, **_: Any) -> None:
        if span not in connection.execute_wrappers:
            connection.execute_wrappers.append(span)

    connection_created.connect(connected, weak=False, dispatch_uid="tandem.tracing")
    for connection in connections.all(initialized_only=True):
        connected(connection)
    return True
