"""Numbers for Prometheus: of all processes that serve pages, and of the work that waits.

Counts are kept in files of the data folder that every process of the machine adds to, so whichever
process is asked tells of all. Nothing is counted unless ``/metrics`` is open to somebody.
"""

import hmac
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector

from tandem.core.jobs.counts import counted

#: Seconds; pages are meant to answer within the first few.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_WHERE = ("method", "route")

requests = Histogram(
    "tandem_request_seconds",
    "Time from a request to its answer, by route and status.",
    (*_WHERE, "status"),
    buckets=BUCKETS,
)
database_seconds = Counter(
    "tandem_request_database_seconds", "Time requests spent in the database, by route.", _WHERE
)
database_statements = Counter(
    "tandem_request_database_statements", "Statements requests sent to the database.", _WHERE
)

#: Further families, told by higher apps: ``register(lambda: [GaugeMetricFamily(…)])``.
_families: list["Families"] = []


class Families:
    """What an app tells at each scrape. Its one method takes nothing and gives families."""

    def collect(self) -> Iterable[Metric]:
        raise NotImplementedError


def register(families: Families) -> None:
    _families.append(families)


class _Jobs(Families):
    def collect(self) -> Iterator[Metric]:
        counts = counted()
        jobs = GaugeMetricFamily("tandem_jobs", "Background jobs, by state.", labels=["state"])
        for state, number in counts.by_state.items():
            jobs.add_metric([state], number)
        yield jobs
        yield GaugeMetricFamily(
            "tandem_jobs_oldest_waiting_seconds",
            "For how long the longest-waiting due job has been due.",
            value=counts.oldest_waiting,
        )


register(_Jobs())


class ByState(Families):
    """A gauge of a model's rows by their ``state``: one query."""

    def __init__(self, name: str, words: str, model: type) -> None:
        self._name, self._words, self._model = name, words, model

    def collect(self) -> Iterator[Metric]:
        found = GaugeMetricFamily(self._name, self._words, labels=["state"])
        rows = self._model._default_manager.order_by().values_list("state").annotate(Count("pk"))  # type: ignore[attr-defined]
        for state, number in rows:
            found.add_metric([str(state)], number)
        yield found


def is_open() -> bool:
    """Whether anybody may read the metrics: only then is anything counted."""
    return bool(settings.METRICS_OPEN or settings.METRICS_TOKEN)


def route_of(request: HttpRequest) -> str:
    """The address's pattern: a bounded number of them, and no row's name or secret in it."""
    match = request.resolver_match
    return re.sub(r"\s+", "", match.route) if match is not None else "none"


def observe(
    request: HttpRequest, status: int, seconds: float, in_database: float, statements: int
) -> None:
    where = (request.method or "", route_of(request))
    requests.labels(*where, str(status)).observe(seconds)
    database_seconds.labels(*where).inc(in_database)
    database_statements.labels(*where).inc(statements)


def answer(request: HttpRequest) -> HttpResponse:
    """``/metrics``: nothing there (404) while closed, 401 without the token."""
    if not is_open():
        return HttpResponse("Not found\n", status=404, content_type="text/plain")
    if settings.METRICS_TOKEN and not settings.METRICS_OPEN:
        given = request.headers.get("Authorization", "")
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        if not hmac.compare_digest(given.encode(), wanted.encode()):
            refused = HttpResponse("Send the token.\n", status=401, content_type="text/plain")
            refused["WWW-Authenticate"] = 'Bearer realm="metrics"'
            return refused
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    for families in _families:
        registry.register(families)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def begin_anew() -> None:
    """Forget the counts of processes that are gone; before the first process serves."""
    for path in Path(settings.METRICS_FOLDER).glob("*.db"):
        path.unlink(missing_ok=True)
