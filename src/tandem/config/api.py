"""The REST API: each app's router under ``/api/v1/``."""

import re
from functools import lru_cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import URLPattern, URLResolver
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from tandem.accounts.api import router as accounts
from tandem.accounts.api_jobs import router as jobs
from tandem.accounts.api_people import router as people
from tandem.accounts.api_tokens import router as tokens
from tandem.accounts.auth import MemberSessionAuth, TokenAuth
from tandem.backlog.api import router as backlog
from tandem.config.api_areas import operations_of
from tandem.config.api_document import complete
from tandem.core import channel
from tandem.core.api import handle_errors
from tandem.core.rest import keys, limits, queries, texts, versions
from tandem.delivery.api import router as delivery
from tandem.home.api import router as home
from tandem.home.api_search import router as search
from tandem.integrations.api import router as integrations
from tandem.notices.api import router as notices
from tandem.planning.api_agenda import router as agendas
from tandem.planning.api_debt import router as debts
from tandem.planning.api_forecast import router as forecasts
from tandem.planning.api_frontier import router as frontiers
from tandem.planning.api_plan import router as plans
from tandem.planning.api_scenarios import router as scenarios
from tandem.prioritisation.api import router as prioritisation


class TandemAPI(NinjaAPI):
    """Everything done through it is recorded as coming through the API."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        return self._document(path_prefix or self.get_root_path(path_params or {}))

    @lru_cache(maxsize=4)  # noqa: B019 - there is one API, which lives as long as its process
    def _document(self, path_prefix: str) -> OpenAPISchema:
        """Made once: it is the same for everybody, and making it takes seconds."""
        document = super().get_openapi_schema(path_prefix=path_prefix)
        complete(document)
        return document


api = TandemAPI(
    title="Tandem",
    version="1",
    urls_namespace="api",
    auth=[TokenAuth(), MemberSessionAuth()],
    throttle=[limits.MemberLimit()],
    docs_url=None,
    description="Everything the pages do. Lists page by cursor; errors are RFC 9457 problems.",
)
handle_errors(api)
api.add_decorator(keys.once)
api.add_decorator(texts.kept)
api.add_decorator(queries.known)
ROUTERS = (
    accounts,
    people,
    tokens,
    jobs,
    notices,
    backlog,
    delivery,
    scenarios,
    plans,
    debts,
    agendas,
    frontiers,
    forecasts,
    prioritisation,
    integrations,
    home,
    search,
)
for each in ROUTERS:
    api.add_router("", each)
#: Path -> method -> the area a token needs; an operation of no area is closed to tokens.
AREA_OF: dict[str, dict[str, str]] = {}
#: Path -> method -> what may be asked after the ``?``.
QUERY_OF: dict[str, dict[str, frozenset[str]]] = {}
#: What a page's address carries beside what the document names, where the API takes that address:
#: what the filter's builder adds, and how the page shows the items.
OF_THE_PAGE = {
    "/products/{key}/items": frozenset({"add", "columns", "is", "value"}),
    "/products/{key}/ranking": frozenset({"add", "start", "is", "value"}),
}
for path, method, operation, area in operations_of([("", each) for each in ROUTERS]):
    AREA_OF.setdefault(path, {})[method] = area
    asked = queries.names_of(operation) | OF_THE_PAGE.get(path, frozenset())
    QUERY_OF.setdefault(path, {})[method] = asked


def opened(pattern: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """The API checks callers itself: without a token it answers 401, not a sign-in page."""
    assert isinstance(pattern, URLPattern)
    view = pattern.callback
    path = "/" + re.sub(r"<(\w+:)?(\w+)>", r"{\2}", str(pattern.pattern))
    areas, asked = AREA_OF.get(path, {}), QUERY_OF.get(path, {})

    def through_api(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.api_area = areas.get(request.method or "", "")  # type: ignore[attr-defined]
        request.api_query = asked.get(request.method or "", frozenset())  # type: ignore[attr-defined]
        answer: HttpResponseBase | None = None
        try:
            with channel.through("api"):
                answer = versions.matched(request, lambda each: view(each, *args, **kwargs))
        finally:
            keys.keep(request, answer)
        versions.tell(request, answer)
        limits.tell(request, answer)
        return answer

    through_api.csrf_exempt = getattr(view, "csrf_exempt", False)  # type: ignore[attr-defined]
    pattern.callback = login_not_required(through_api)
    return pattern


def urls() -> tuple[list[URLPattern | URLResolver], str, str]:
    patterns, app_name, namespace = api.urls
    return [opened(pattern) for pattern in patterns], app_name, namespace
