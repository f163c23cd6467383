"""What waits for the Product Owner and for the Technical Product Manager."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef, QuerySet

from tandem.accounts.models import Member, Product
from tandem.backlog.models import (
    Category,
    Criterion,
    Dependency,
    DependencyKind,
    Item,
    Kind,
    Question,
)
from tandem.home.queries.listed import Listed, cut, listed, mapped
from tandem.prioritisation.models import Lens, Rating, ScoringModel

#: How far down the backlog "near the top" reaches.
NEAR_THE_TOP = 40
#: An estimate whose high end is this many times its low end says little about the effort.
WIDE = 4.0
#: Kinds whose acceptance somebody will have to judge.
JUDGED = (Kind.STORY, Kind.BUG, Kind.REQUIREMENT)
#: Dependencies read for the blocked items.
DEPENDENCIES_READ = 400
UNFINISHED = (Category.OPEN, Category.STARTED)


def open_items(product: Product) -> QuerySet[Item]:
    """The product's unfinished items in the backlog's order, with what a row shows."""
    return Item.objects.of(product).plannable().select_related("status").order_by("rank")


def with_product(rows: Listed[Item], product: Product) -> Listed[Item]:
    """Keys need the product: give each row the one that is loaded."""
    for row in rows.rows:
        row.product = product
    return rows


def questions_to_answer(
    product: Product, member: Member, limit: int, *, of_me: bool = False
) -> Listed[Question]:
    """Open questions of others on unfinished items, the oldest first: those put to the member
    (``of_me``), or those put to nobody in particular."""
    rows = (
        Question.objects.filter(
            answered_at=None,
            asked_of=member if of_me else None,
            item__product=product,
            item__deleted_at=None,
            item__status__category__in=UNFINISHED,
        )
        .exclude(asked_by=member)
        .select_related("item", "asked_by__user")
        .order_by("asked_at", "pk")
    )
    found = listed(rows, limit)
    for row in found.rows:
        row.item.product = product
    return found


@dataclass(frozen=True)
class Unrated:
    """An item the lens has no rating of; the moment the other lens was last rated, if it was."""

    item: Item
    other_at: datetime.datetime | None


def unrated(
    product: Product, model: ScoringModel | None, lens: Lens, limit: int
) -> Listed[Unrated]:
    """Items nobody rated through ``lens``, in the backlog's order: what stands first matters.

    Without a ``model`` nothing is rated yet.
    """
    ratings = Rating.objects.current().filter(criterion__model=model)
    here = ratings.filter(item=OuterRef("pk"), criterion__lens=lens)
    found = with_product(listed(open_items(product).filter(~Exists(here)), limit), product)
    others = dict(
        ratings.filter(item__in=[row.pk for row in found.rows])
        .exclude(criterion__lens=lens)
        .order_by()
        .values_list("item_id")
        .annotate(last=Max("rated_at"))
    )
    return mapped(found, lambda item: Unrated(item, others.get(item.pk)))


def without_criteria(product: Product, limit: int) -> Listed[Item]:
    """Stories, bugs and requirements near the top of the backlog that nobody could accept."""
    criteria = Criterion.objects.filter(item=OuterRef("pk"))
    top = open_items(product).filter(kind__in=JUDGED).annotate(has_criteria=Exists(criteria))
    rows = [item for item in top[:NEAR_THE_TOP] if not item.has_criteria]
    return with_product(cut(rows, limit), product)


@dataclass(frozen=True)
class Unsure:
    """An item whose estimate is missing (``times`` is None) or wide."""

    item: Item
    #: How many times the low end the high end is.
    times: float | None


def unsure_estimates(product: Product, limit: int) -> Listed[Unsure]:
    """Near the top of the backlog: items without an estimate, then those with a wide one."""
    missing, wide = [], []
    for item in open_items(product)[:NEAR_THE_TOP]:
        item.product = product
        if item.estimate_likely is None:
            missing.append(Unsure(item, None))
        elif item.estimate_low and item.estimate_high:
            times = item.estimate_high / item.estimate_low
            if times >= WIDE:
                wide.append(Unsure(item, times))
    return cut(missing + sorted(wide, key=lambda each: -(each.times or 0)), limit)


@dataclass(frozen=True)
class Holding:
    """An unfinished item and those that wait for it, the furthest up first."""

    item: Item
    waiting: list[Item]

    @property
    def started(self) -> int:
        """How many of those that wait are in work already."""
        return sum(each.status.category == Category.STARTED for each in self.waiting)


def holding_up(product: Product, limit: int) -> Listed[Holding]:
    """What others wait for: items that hold up started work first, then those holding up most."""
    rows = Dependency.objects.filter(
        kind=DependencyKind.BLOCKS,
        from_item__product=product,
        from_item__deleted_at=None,
        to_item__deleted_at=None,
        from_item__status__category__in=UNFINISHED,
        to_item__status__category__in=UNFINISHED,
    ).select_related("from_item__status", "to_item__status")
    waiting: dict[int, list[Item]] = defaultdict(list)
    blockers: dict[int, Item] = {}
    for row in rows.order_by("to_item__rank")[:DEPENDENCIES_READ]:
        row.from_item.product = row.to_item.product = product
        blockers[row.from_item_id] = row.from_item
        waiting[row.from_item_id].append(row.to_item)
    found = [Holding(blocker, waiting[pk]) for pk, blocker in blockers.items()]
    found.sort(key=lambda each: (-each.started, -len(each.waiting), each.item.rank))
    return cut(found, limit)


def open_debt(product: Product, limit: int) -> Listed[Item]:
    """Debt nobody has paid back yet, in the backlog's order."""
    return with_product(listed(open_items(product).filter(kind=Kind.DEBT), limit), product)
