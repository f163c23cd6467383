"""What is in work, what one person has in hand, and what was finished lately."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import QuerySet

from tandem.accounts.models import Member, Product
from tandem.backlog.models import Category, Item, Kind, Question
from tandem.delivery.models import Sprint, SprintItem, SprintState
from tandem.home.queries.listed import Listed, listed
from tandem.home.queries.waiting import open_items, with_product

FINISHED_DAYS = 14
#: Items a running sprint shows; a sprint with more is cut and says so.
SPRINT_ITEMS = 40

_ORDER = {Category.STARTED: 0, Category.OPEN: 1, Category.DONE: 2, Category.DROPPED: 3}


@dataclass(frozen=True)
class Running:
    """A running sprint: its items, and how far it is."""

    sprint: Sprint
    items: list[Item]
    days_left: int

    @property
    def done(self) -> int:
        return sum(item.status.category == Category.DONE for item in self.items)

    @property
    def kept(self) -> int:
        """Items that count: dropped ones left the sprint."""
        return sum(item.status.category != Category.DROPPED for item in self.items)

    @property
    def effort(self) -> float:
        return sum(item.estimate_likely or 0.0 for item in self.items)

    @property
    def effort_done(self) -> float:
        done = (item for item in self.items if item.status.category == Category.DONE)
        return sum(item.estimate_likely or 0.0 for item in done)

    def of(self, member: Member) -> int:
        return sum(item.assignee_id == member.pk for item in self.items)


def running_sprints(product: Product, today: datetime.date) -> list[Running]:
    """The teams' running sprints with their items. Two queries."""
    sprints = list(
        Sprint.objects.filter(team__product=product, state=SprintState.RUNNING)
        .select_related("team")
        .order_by("team__name")
    )
    items: dict[int, list[Item]] = defaultdict(list)
    entries = (
        SprintItem.objects.filter(sprint__in=sprints, item__deleted_at=None)
        .select_related("item__status", "item__assignee__user", "item__parent")
        .order_by("item__rank")
    )
    for entry in entries:
        entry.item.product = product
        items[entry.sprint_id].append(entry.item)
    for rows in items.values():
        rows.sort(key=lambda item: (_ORDER[Category(item.status.category)], -item.status.position))
    return [
        Running(sprint, items[sprint.pk], max(0, (sprint.end_date - today).days))
        for sprint in sprints
    ]


def in_hand(product: Product, member: Member, limit: int) -> Listed[Item]:
    """What is assigned to the member and unfinished: started work first."""
    rows = open_items(product).filter(assignee=member).select_related("parent")
    return with_product(listed(rows.order_by("-status__position", "rank"), limit), product)


def questions_asked(product: Product, member: Member, limit: int) -> Listed[Question]:
    """The member's own questions: answered lately or still open, the newest first."""
    rows = (
        Question.objects.filter(asked_by=member, item__product=product, item__deleted_at=None)
        .select_related("item__status", "answered_by__user")
        .order_by("-asked_at", "-pk")
    )
    found = listed(rows, limit)
    for row in found.rows:
        row.item.product = product
    return found


def being_built(product: Product, limit: int) -> Listed[Item]:
    """What is in work now, with the epic it is part of; the furthest along first."""
    rows = (
        Item.objects.of(product)
        .in_category(Category.STARTED)
        .exclude(kind=Kind.EPIC)
        .select_related("status", "parent")
        .order_by("-status__position", "rank")
    )
    return with_product(listed(rows, limit), product)


def next_in_order(product: Product, limit: int) -> list[Item]:
    """Without a plan: what stands first in the backlog and is not in work."""
    rows = open_items(product).filter(status__category=Category.OPEN).select_related("parent")
    found = list(rows.order_by("-status__position", "rank")[:limit])
    for row in found:
        row.product = product
    return found


def finished_lately(product: Product, now: datetime.datetime, limit: int) -> Listed[Item]:
    """What was finished in the last two weeks, the newest first."""
    rows: QuerySet[Item] = (
        Item.objects.of(product)
        .filter(finished_at__gte=now - datetime.timedelta(days=FINISHED_DAYS))
        .exclude(kind=Kind.EPIC)
        .select_related("status", "parent")
        .order_by("-finished_at", "-pk")
    )
    return with_product(listed(rows, limit), product)


def askable(product: Product, limit: int) -> list[Item]:
    """Items offered when somebody asks a question: what is in work, then the next in order."""
    rows = open_items(product).order_by("-status__position", "rank")[:limit]
    found = list(rows)
    for row in found:
        row.product = product
    return found
