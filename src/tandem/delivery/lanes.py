"""Lanes of the board by sprint, and what takes a move from one to another back."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item
from tandem.backlog.operations.undo import takes_back
from tandem.backlog.queries.lane_kinds import LaneKind, Place, register
from tandem.core.errors import Conflict
from tandem.core.models import Event
from tandem.delivery.models import Sprint, SprintItem, SprintState
from tandem.delivery.operations import sprint_add, sprint_remove

#: Those whose items can still be chosen; what was in a finished sprint stays.
OPEN = (SprintState.PLANNED, SprintState.RUNNING)
MOST_WITHOUT_CARDS = 12


def open_sprints(product: Product) -> QuerySet[Sprint]:
    rows = Sprint.objects.filter(team__product=product, state__in=OPEN)
    return rows.select_related("team").order_by("start_date", "pk")


def _places(product: Product, pks: Collection[int]) -> Mapping[int, Place]:
    return {
        each.pk: Place((0, each.start_date, each.pk), str(each.pk), str(each))
        for each in open_sprints(product).filter(pk__in=pks)
    }


def _swap(by: Member, item: Item, before: int | None, after: int | None) -> dict[str, Any]:
    if before != after:
        found = open_sprints(item.product).in_bulk([pk for pk in (before, after) if pk])
        if before in found:
            sprint_remove(by=by, sprint=found[before], item=item)
        if after in found:
            sprint_add(by=by, sprint=found[after], item=item)
    return {}


register(
    LaneKind(
        "sprint",
        N_("Sprint"),
        N_("In no running or planned sprint"),
        held=lambda: SprintItem.objects.filter(sprint__state__in=OPEN).order_by(
            "sprint__start_date", "sprint_id"
        ),
        column="sprint_id",
        places=_places,
        swap=_swap,
        always=lambda product: list(
            open_sprints(product).values_list("pk", flat=True)[:MOST_WITHOUT_CARDS]
        ),
    )
)


def _undo(by: Member, item: Item, event: Event) -> Item:
    before, after = event.changes["sprint"]
    named = {str(each): each for each in open_sprints(item.product)}
    sprint = named.get(before or after)
    if sprint is None:
        raise Conflict(_("This sprint is finished or gone; the item stays."), current=item)
    change = sprint_add if before else sprint_remove
    change(by=by, sprint=sprint, item=item)
    return item


takes_back("sprint.item_added", _undo)
takes_back("sprint.item_removed", _undo)
