"""Lanes by what an item may have several of, such as labels; higher apps add theirs.

An item stands in the lane of the first it has. Putting it into another lane gives it that one in
place of the first; where it would still stand elsewhere, the move says so and does nothing.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Item, Label
from tandem.core.errors import Refused


@dataclass(frozen=True, order=True)
class Place:
    """A lane: ``order`` sorts, ``key`` names it in addresses (empty: those without)."""

    order: tuple[Any, ...]
    key: str
    name: str


@dataclass(frozen=True)
class LaneKind:
    """One kind of lanes that ``register`` adds to boards and to what lists can be grouped by."""

    name: str
    title: str
    #: What the lane of items without any is called.
    without: str
    #: Rows of ``item_id`` and ``column``, the first of an item first.
    held: Callable[[], QuerySet[Any]]
    column: str
    #: The lanes of these rows that the product has.
    places: Callable[[Product, Collection[int]], Mapping[int, Place]]
    #: Swap the first (or ``None``) for another (or ``None``): what ``item_update`` is to change.
    swap: Callable[[Member, Item, int | None, int | None], dict[str, Any]]
    #: Rows whose lanes stand there without cards, too.
    always: Callable[[Product], Collection[int]] = lambda _product: ()

    def first(self) -> Subquery:
        """Of an item of the outer query: the row whose lane it stands in."""
        return Subquery(self.held().filter(item_id=OuterRef("pk")).values(self.column)[:1])

    def put(self, by: Member, item: Item, wanted: int | None) -> dict[str, Any]:
        Item.objects.select_for_update().get(pk=item.pk)
        has = list(self.held().filter(item_id=item.pk).values_list(self.column, flat=True))
        goes_on = [*has[1:], *([wanted] if wanted else [])]
        places = self.places(item.product, goes_on)
        if wanted and wanted not in places:
            raise Refused(_("This lane is gone. Load the board again."), field="lane")
        stays = min(places, key=lambda pk: places[pk], default=None)
        if stays != wanted:
            assert stays is not None
            raise Refused(
                _(
                    "%(key)s has “%(name)s”, too, and would stand in that lane: it is the first of what it has. Change it on the item's page."
                )
                % {"key": item.key, "name": places[stays].name},
                field="lane",
            )
        return self.swap(by, item, has[0] if has else None, wanted)


KINDS: dict[str, LaneKind] = {}


def register(kind: LaneKind) -> None:
    KINDS[kind.name] = kind


def in_order(rows: Sequence[Model]) -> dict[int, Place]:
    """Places in the order of the rows."""
    return {row.pk: Place((0, at), str(row.pk), str(row)) for at, row in enumerate(rows)}


def _swap_labels(by: Member, item: Item, before: int | None, after: int | None) -> dict[str, Any]:
    kept = item.labels.exclude(pk__in=[before] if before else [])
    new = Label.objects.filter(pk__in=[after] if after else [])
    names = [*kept.values_list("name", flat=True), *new.values_list("name", flat=True)]
    return {"labels": list(dict.fromkeys(names))}


register(
    LaneKind(
        "label",
        N_("Label"),
        N_("No label"),
        held=lambda: Item.labels.through.objects.order_by("label__name", "label_id"),
        column="label_id",
        places=lambda product, pks: in_order(
            list(Label.objects.filter(product=product, pk__in=pks).order_by("name", "pk"))
        ),
        swap=_swap_labels,
    )
)
