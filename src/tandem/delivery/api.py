"""Teams, what is meant for them, and sprints over the API."""

import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Product
from tandem.backlog.api import item_of
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId, page_out
from tandem.core.errors import Refused
from tandem.core.paging import keyset
from tandem.core.rest.bodies import Body, one_of
from tandem.delivery import operations as do
from tandem.delivery.models import Assignment, Sprint, SprintState, Team

router = Router(tags=["delivery"])


class TeamOut(Schema):
    """``capacity``: the effort it usually finishes in one sprint, in the product's unit."""

    id: int
    name: str
    capacity: float
    sprint_days: int


class TeamIn(Body):
    name: str
    capacity: float
    sprint_days: int = 14


class TeamPatch(Body):
    """Only what is sent changes."""

    name: str | None = None
    capacity: float | None = None
    sprint_days: int | None = None


class AssignmentOut(Schema):
    """``team`` is ``null`` when any team may take the item."""

    item: str
    team: str | None


class AssignmentIn(Body):
    team: str | None


class SprintOut(Schema):
    """From ``start_date`` up to, not including, ``end_date``. ``state``: planned, running, finished."""

    id: int
    team: str
    number: int
    goal: str
    start_date: datetime.date
    end_date: datetime.date
    capacity: float
    state: str

    @staticmethod
    def resolve_team(row: Sprint) -> str:
        return row.team.name


class SprintFullOut(SprintOut):
    items: list[str]

    @staticmethod
    def resolve_items(row: Sprint) -> list[str]:
        rows = row.items.filter(deleted_at=None).select_related("product")
        return [item.key for item in rows.order_by("rank", "id")]


class SprintIn(Body):
    """Without ``end_date`` and ``capacity`` what the team usually has."""

    team: str
    start_date: datetime.date
    end_date: datetime.date | None = None
    capacity: float | None = None
    goal: str = ""


class SprintPatch(Body):
    """Only what is sent changes."""

    start_date: datetime.date | None = None
    end_date: datetime.date | None = None
    capacity: float | None = None
    goal: str | None = None


def team_named(product: Product, name: str, field: str = "team") -> Team:
    """The product's team of that name; refuses naming ``field``."""
    team = Team.objects.of(product).filter(name__iexact=name).first()
    if team is None:
        raise Refused(_("There is no team %(name)s.") % {"name": name}, field=field)
    return team


def _team(request: HttpRequest, key: str, pk: int) -> Team:
    product = product_for(request, key)
    team: Team = get_object_or_404(Team.objects.of(product), pk=pk)
    team.product = product
    return team


def _sprint(request: HttpRequest, key: str, pk: int) -> Sprint:
    rows = Sprint.objects.visible_to(caller(request)).select_related("team__product")
    sprint: Sprint = get_object_or_404(rows, team__product=product_for(request, key), pk=pk)
    return sprint


@router.get("/products/{key}/teams", response={200: list[TeamOut], **REFUSALS})
def teams(request: HttpRequest, key: str) -> Any:
    """The product's teams and their capacity."""
    return Team.objects.of(product_for(request, key))


@router.post("/products/{key}/teams", response={201: TeamOut, **REFUSALS})
def team_create(request: HttpRequest, key: str, body: TeamIn) -> Any:
    """Make a team."""
    product = product_for(request, key)
    return Status(201, do.team_create(by=caller(request), product=product, **body.dict()))


@router.get("/products/{key}/teams/{pk}", response={200: TeamOut, **REFUSALS})
def team(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One team."""
    return _team(request, key, pk)


@router.patch("/products/{key}/teams/{pk}", response={200: TeamOut, **REFUSALS})
def team_update(request: HttpRequest, key: str, pk: RowId, body: TeamPatch) -> Any:
    """Change name, capacity or length of sprints."""
    fields = body.dict(exclude_unset=True, exclude_none=True)
    return do.team_update(by=caller(request), team=_team(request, key, pk), **fields)


def _assignment(item: Item) -> dict[str, str | None]:
    found = Assignment.objects.filter(item=item).select_related("team").first()
    return {"item": item.key, "team": found.team.name if found else None}


@router.get("/items/{key}/team", response={200: AssignmentOut, **REFUSALS})
def assignment(request: HttpRequest, key: str) -> Any:
    """The team the item is meant for."""
    return _assignment(item_of(request, key))


@router.put("/items/{key}/team", response={200: AssignmentOut, **REFUSALS})
def team_assign(request: HttpRequest, key: str, body: AssignmentIn) -> Any:
    """Mean the item for a team; ``null``: any team may take it."""
    item = item_of(request, key)
    team = None if body.team is None else team_named(item.product, body.team)
    do.team_assign(by=caller(request), item=item, team=team)
    return _assignment(item)


@router.get("/products/{key}/sprints", response={200: PageOut[SprintOut], **REFUSALS})
def sprints(
    request: HttpRequest,
    key: str,
    team: str | None = None,
    state: Annotated[str, one_of(SprintState.values)] | None = None,
    after: str | None = None,
    limit: PageSize = 50,
) -> Any:
    """The product's sprints by their first day; ``team`` (a name) and ``state`` narrow them."""
    product = product_for(request, key)
    rows = Sprint.objects.visible_to(caller(request)).filter(team__product=product)
    if team is not None:
        rows = rows.filter(team=team_named(product, team))
    if state is not None:
        if state not in SprintState.values:
            known = ", ".join(SprintState.values)
            raise Refused(
                _("state: “%(state)s” is none of %(known)s.")
                % {"state": state[:60], "known": known},
                field="state",
            )
        rows = rows.filter(state=state)
    rows = rows.select_related("team")
    page = keyset(rows, ("start_date", "id"), after=after, limit=limit)
    return page_out(page, page.rows)


@router.post("/products/{key}/sprints", response={201: SprintFullOut, **REFUSALS})
def sprint_create(request: HttpRequest, key: str, body: SprintIn) -> Any:
    """Make the team's next sprint; one that overlaps another of the team is refused."""
    fields = body.dict()
    team = team_named(product_for(request, key), fields.pop("team"))
    return Status(201, do.sprint_create(by=caller(request), team=team, **fields))


@router.get("/products/{key}/sprints/{pk}", response={200: SprintFullOut, **REFUSALS})
def sprint(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One sprint with its items."""
    return _sprint(request, key, pk)


@router.patch("/products/{key}/sprints/{pk}", response={200: SprintFullOut, **REFUSALS})
def sprint_update(request: HttpRequest, key: str, pk: RowId, body: SprintPatch) -> Any:
    """Change days, capacity or goal; what a finished sprint was stays."""
    sprint = _sprint(request, key, pk)
    fields = {name: getattr(sprint, name) for name in SprintPatch.model_fields}
    fields |= body.dict(exclude_unset=True, exclude_none=True)
    return do.sprint_update(by=caller(request), sprint=sprint, **fields)


class ContentsIn(Body):
    items: list[str]


@router.put("/products/{key}/sprints/{pk}/items", response={200: SprintFullOut, **REFUSALS})
def sprint_fill(request: HttpRequest, key: str, pk: RowId, body: ContentsIn) -> Any:
    """The sprint holds exactly these items from now on."""
    sprint = _sprint(request, key, pk)
    do.sprint_fill(
        by=caller(request), sprint=sprint, items=[item_of(request, item) for item in body.items]
    )
    return sprint


@router.put("/products/{key}/sprints/{pk}/items/{item}", response={200: SprintFullOut, **REFUSALS})
def sprint_add(request: HttpRequest, key: str, pk: RowId, item: str) -> Any:
    """Take the item into the sprint."""
    sprint = _sprint(request, key, pk)
    do.sprint_add(by=caller(request), sprint=sprint, item=item_of(request, item))
    return sprint


@router.delete("/products/{key}/sprints/{pk}/items/{item}", response={204: None, **REFUSALS})
def sprint_remove(request: HttpRequest, key: str, pk: RowId, item: str) -> Any:
    """Take the item out of the sprint."""
    sprint = _sprint(request, key, pk)
    do.sprint_remove(by=caller(request), sprint=sprint, item=item_of(request, item))
    return Status(204, None)


@router.post("/products/{key}/sprints/{pk}/start", response={200: SprintFullOut, **REFUSALS})
def sprint_start(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Start the sprint; one of a team runs at a time."""
    return do.sprint_start(by=caller(request), sprint=_sprint(request, key, pk))


@router.post("/products/{key}/sprints/{pk}/finish", response={200: SprintFullOut, **REFUSALS})
def sprint_finish(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Finish the sprint; what was in it stays as it was."""
    return do.sprint_finish(by=caller(request), sprint=_sprint(request, key, pk))
