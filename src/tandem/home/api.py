"""The audit log over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from tandem.accounts.auth import caller
from tandem.accounts.history_keeping import gone_before
from tandem.accounts.models import Workspace
from tandem.accounts.models.workspace import LEAST_DAYS, MOST_DAYS
from tandem.accounts.operations_history import history_keep
from tandem.accounts.permissions import require
from tandem.core.api import REFUSALS, HistoryOut, PageSize, Problem, page_out
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body
from tandem.home.queries.audit import AuditFilter, Line

router = Router(tags=["admin"])


class AuditOut(Schema):
    """``changes``: ``{field: [before, after]}``; ``sentence`` says it in words."""

    id: int
    at: datetime.datetime
    who: str
    channel: str
    verb: str
    kind: str
    about: str
    sentence: str
    changes: dict[str, Any]


@router.get("/audit", response={200: HistoryOut[AuditOut], 403: Problem, 422: Problem})
def audit(
    request: HttpRequest,
    q: str = "",
    who: str = "",
    kind: str = "",
    channel: str = "",
    since: str = "",
    until: str = "",
    after: str | None = None,
    limit: PageSize = 100,
) -> Any:
    """Every event of the workspace, newest first; takes the page's filters. Administrators only."""
    member = caller(request)
    require(member, "audit.view")
    asked = {"q": q, "who": who, "kind": kind, "channel": channel, "since": since, "until": until}
    rows = AuditFilter.from_query(asked, member).apply(member)
    page = keyset(rows, ["-id"], after=after, limit=limit)
    lines = [line.values() for line in Line.of_all(page.rows)]
    return page_out(page, lines, kept_from=gone_before(member.workspace))


class Keeping(Body):
    """How many days events are kept; ``null``: for ever."""

    days: Annotated[int, Field(ge=LEAST_DAYS, le=MOST_DAYS)] | None


class KeepingOut(Keeping):
    """``kept_from``: what happened before that was deleted (``null``: nothing was)."""

    kept_from: datetime.datetime | None


@router.get("/audit/keeping", response={200: KeepingOut, **REFUSALS})
def keeping(request: HttpRequest) -> Any:
    """How long the workspace keeps its events: audit log, activity and history."""
    member = caller(request)
    require(member, "audit.view")
    return _kept(member.workspace)


@router.put("/audit/keeping", response={200: KeepingOut, **REFUSALS})
def keeping_set(request: HttpRequest, body: Keeping) -> Any:
    """Keep events for so many days; what is older is deleted the next night. Administrators only."""
    return _kept(history_keep(by=caller(request), days=body.days))


def _kept(workspace: Workspace) -> dict[str, Any]:
    return {"days": workspace.keep_history_days, "kept_from": gone_before(workspace)}
