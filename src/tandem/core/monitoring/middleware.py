"""Around every request: its number, the probes, one log line, and the metrics."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse

from tandem.core.monitoring import health, request_id

log = logging.getLogger("tandem.request")


def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return JsonResponse({"alive": True})


def readyz(request: HttpRequest) -> HttpResponse:
    """200 when pages and work get done, else 503 and why not."""
    found = health.ready()
    fine = all(words == health.OK for words in found.values())
    return JsonResponse({"ready": fine, "checks": found}, status=200 if fine else 503)


def metrics(request: HttpRequest) -> HttpResponse:
    from tandem.core.monitoring.metrics import answer

    return answer(request)


#: Asked by machines that know neither our host name nor a session: answered before both matter.
PROBES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
    "/metrics": metrics,
}


class _Counting:
    """Adds up what a request asks of the database."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.statements = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - began
            self.statements += 1


class MonitoringMiddleware:
    """Stands before all others, so that what they refuse is seen as well."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        number = request_id.chosen(request.headers.get(request_id.HEADER))
        request_id.use(number)
        request.request_id = number  # type: ignore[attr-defined]
        probe = PROBES.get(request.path_info)
        if probe is not None:
            response = probe(request)
            response["Cache-Control"] = "no-store"
        else:
            response = self._watched(request)
        response[request_id.HEADER] = number
        request_id.use("")
        return response

    def _watched(self, request: HttpRequest) -> HttpResponse:
        counting = _Counting()
        began = time.perf_counter()
        with connection.execute_wrapper(counting):
            response = self.get_response(request)
        seconds = time.perf_counter() - began
        from tandem.core.monitoring import metrics

        if metrics.is_open():
            metrics.observe(
                request, response.status_code, seconds, counting.seconds, counting.statements
            )
        if log.isEnabledFor(logging.INFO):
            self._tell(request, response, seconds, counting)
        return response

    def _tell(
        self, request: HttpRequest, response: HttpResponse, seconds: float, counting: _Counting
    ) -> None:
        from tandem.core.monitoring.metrics import route_of

        member = getattr(request, "member", None) or getattr(request, "auth", None)
        told = {
            "method": request.method,
            # The pattern, not the address: addresses hold secrets and people's words.
            "route": route_of(request),
            "status": response.status_code,
            "ms": round(seconds * 1000, 1),
            "database_ms": round(counting.seconds * 1000, 1),
            "statements": counting.statements,
            "user": getattr(member, "user_id", None),
            "workspace": getattr(member, "workspace_id", None),
        }
        words = " ".join(f"{name}={value}" for name, value in told.items() if value is not None)
        log.info(words, extra=told)
