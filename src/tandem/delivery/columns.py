"""An item's sprint and team as columns of lists and cells of table files."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.columns import Column, register
from tandem.core.prepared import prepared
from tandem.delivery.models import Assignment, SprintItem, SprintState
from tandem.ui.filters import spoken
from tandem_engine.words import said


@prepared
def _entries(ids: list[int]) -> QuerySet[Any, tuple[int, str, int, str]]:
    rows = SprintItem.objects.filter(item_id__in=ids).order_by("sprint__start_date", "sprint_id")
    return rows.values_list("item_id", "sprint__team__name", "sprint__number", "sprint__state")


@prepared
def _meant(ids: list[int]) -> QuerySet[Any, tuple[int, str]]:
    return Assignment.objects.filter(item_id__in=ids).values_list("item_id", "team__name")


def _sprints(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, str]:
    """The sprints an item is in that are not over; where there is none, the last it was in."""
    to_come: dict[int, list[str]] = {}
    last: dict[int, str] = {}
    for pk, team, number, state in _entries(list(ids)) if ids else ():
        name = spoken(said("%(team)s sprint %(number)s", team=team, number=number))
        last[pk] = name
        if state != SprintState.FINISHED:
            to_come.setdefault(pk, []).append(name)
    return {pk: ", ".join(to_come.get(pk, [name])) for pk, name in last.items()}


def _teams(member: Member, product: Product, ids: Sequence[int]) -> Mapping[int, str]:
    return dict(_meant(list(ids))) if ids else {}


def _as_cells(
    values: Callable[[Member, Product, Sequence[int]], Mapping[int, str]],
) -> Callable[[Member, Product, Sequence[int]], Mapping[int, Sequence[Any]]]:
    return lambda member, product, ids: {
        pk: (text,) for pk, text in values(member, product, ids).items()
    }


register(
    Column(
        "sprint",
        N_("Sprint"),
        44,
        hint=N_("The sprint it is in; once that is over, the last it was in"),
        values=_sprints,
        sheet_titles=("Sprint",),
        cells=_as_cells(_sprints),
    )
)
register(
    Column(
        "team",
        N_("Team"),
        45,
        hint=N_("The team it is meant for"),
        sort="team",
        values=_teams,
        sheet_titles=("Team",),
        cells=_as_cells(_teams),
    )
)
