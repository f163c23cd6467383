"""Past choices: at which moments something was chosen while other things were left out.

Starting work on an item is a choice this app knows of. A higher app that knows of others (plans
committed) registers a source from its ``AppConfig.ready``.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from tandem.accounts.models import Product
from tandem.backlog.models import Item, Kind
from tandem.prioritisation.models import Rating

#: The latest so many starts are looked at.
MOST_STARTS: Final = 200


@dataclass(frozen=True)
class Occasion:
    """At ``at`` the items ``chosen`` were taken and the items ``left_out`` were not."""

    at: datetime.datetime
    chosen: frozenset[int]
    left_out: frozenset[int]
    what: str


Moment = datetime.datetime | None
Source = Callable[[Product], Iterable[Occasion]]


def starts(product: Product) -> Iterable[Occasion]:
    """Every item started, against those that stood open at that moment and were ever rated.

    Items nobody ever rated tell nothing about weights, and a large backlog is full of them.
    """
    rated = set(Rating.objects.filter(item__product=product).values_list("item_id", flat=True))
    rows: list[tuple[int, datetime.datetime, Moment, Moment]] = list(
        Item.objects.of(product)
        .exclude(kind=Kind.EPIC)
        .values_list("pk", "created_at", "started_at", "finished_at")
    )
    began = sorted((started, pk) for pk, _, started, _ in rows if started is not None)
    rows = [row for row in rows if row[0] in rated]
    for at, pk in began[-MOST_STARTS:]:
        waiting = frozenset(
            other
            for other, created, started, finished in rows
            if other != pk
            and created <= at
            and (started is None or started > at)
            and (finished is None or finished > at)
        )
        if waiting:
            yield Occasion(at, frozenset({pk}), waiting, "started")


_sources: list[Source] = [starts]


def register(source: Source) -> None:
    if source not in _sources:
        _sources.append(source)


def occasions_of(product: Product) -> list[Occasion]:
    """Everything the product's people chose, oldest first."""
    found = [each for source in _sources for each in source(product)]
    return sorted(found, key=lambda each: each.at)
