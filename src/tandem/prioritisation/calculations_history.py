"""The ranking of any past moment, from the inputs in force then, and two moments compared.

Ratings are never overwritten and models keep their versions, so both are read as they were.
Estimates and statuses are today's with every later event taken back. Custom fields and demand, which
a formula may read, have no history: they are read as they are today.
"""

import datetime
import itertools
from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Q
from django.utils.translation import gettext_noop as N_

from tandem.accounts.history_keeping import require_history
from tandem.accounts.models import Product
from tandem.backlog.models import Category, Item, Kind, Status
from tandem.core.models import Event
from tandem.prioritisation.calculations import (
    SEED,
    TOP,
    estimate_of,
    inputs_from,
    names_of_raters,
    table_of,
)
from tandem.prioritisation.calculations_fading import as_it_counts
from tandem.prioritisation.calculations_models import ModelInForce, model_in_force
from tandem.prioritisation.fields import values_for
from tandem.prioritisation.models import ModelVersion, Rating
from tandem.prioritisation.refusing import refused
from tandem.prioritisation.score_store import state_key
from tandem.prioritisation.score_table import ScoreTable
from tandem.prioritisation.versions import default_as_of, model_as_of
from tandem_engine import ENGINE_VERSION
from tandem_engine.prioritisation import (
    CAUSE_WORDS,
    CAUSES,
    DEFAULT_CONFIDENCE,
    Changed,
    Moved,
    Movement,
    Ranking,
    RankingState,
    ScoringError,
    compare,
    rank,
)
from tandem_engine.prioritisation import Rating as EngineRating

__all__ = [
    "CAUSES",
    "CAUSE_WORDS",
    "Changed",
    "Compared",
    "Moved",
    "Movement",
    "Then",
    "compared",
    "movement",
    "ranking_of",
    "ranking_then",
    "table_then",
    "then",
]

#: The fields of an item that a ranking follows from.
FIELDS: Final = ("estimate_low", "estimate_likely", "estimate_high", "status_id", "kind")


PAST_RANKING: Final = N_(
    "A past ranking needs the history of that time, and what happened before %(day)s is not kept any more."
)
#: Raise it when what is kept gets another shape.
FORMAT: Final = 1
SECONDS: Final = 24 * 60 * 60
#: So many versions of a model are looked at for who changed it.
_VERSIONS: Final = 60


@dataclass(frozen=True)
class Then:
    """What a ranking of the product followed from at a moment."""

    product: Product
    at: datetime.datetime
    model: ModelInForce
    state: RankingState
    #: The items' ids by their keys.
    ids: dict[str, int]


def end_of(product: Product, day: datetime.date) -> datetime.datetime:
    """The last moment of the day where the workspace is."""
    zone = product.workspace.zone
    return datetime.datetime.combine(day, datetime.time.max, tzinfo=zone)


def then(product: Product, at: datetime.datetime, model: str | None = None) -> Then:
    """Model and inputs in force at ``at``; ``model`` names one, otherwise what plans used then."""
    require_history(product, at, PAST_RANKING)
    if model in (None, ""):
        chosen = default_as_of(product, at)
    else:
        chosen = model_in_force(product, model)
        if chosen.row is not None:
            chosen = model_as_of(chosen.row, at)
    ratings = _ratings(product, chosen, at)
    numbers = values_for(product) if chosen.engine.fields_read else {}
    items = []
    ids = {}
    for pk, key, estimate in _items(product, at):
        ids[key] = pk
        items.append(inputs_from(key, ratings.get(pk, ()), estimate, numbers.get(pk)))
    return Then(product, at, chosen, RankingState(chosen.engine, tuple(items)), ids)


def ranking_then(found: Then) -> Ranking:
    """The ranking of that moment, simulated like today's."""
    try:
        return rank(found.model.engine, found.state.items, seed=SEED, top=TOP, rank_draws=2_000)
    except ScoringError as error:
        raise refused(error) from error


def table_then(found: Then) -> ScoreTable:
    """That moment's ranking as columns, as today's is read; kept nowhere."""
    return table_of("", found.model, ranking_then(found), found.ids)


def movement(before: Then, after: Then) -> Movement:
    """What moved between two moments, and because of which single change, by whom and when."""
    try:
        found = compare(before.state, after.state)
    except ScoringError as error:
        raise refused(error) from error
    settled = {}
    if before.model.row == after.model.row:
        settled = {each.what: _settled(after, each) for each in found.model_changes}
    estimated = _estimated(before, after)
    zone = after.product.workspace.zone

    def told(key: str, change: Changed) -> Changed:
        by = settled.get(change.what) if change.cause == "model" else None
        if change.what == "Estimate":
            by = estimated.get(after.ids[key])
        if by is not None:
            return replace(change, who=by[0], at=by[1])
        if isinstance(change.at, datetime.datetime):
            return replace(change, at=change.at.astimezone(zone).date())
        return change

    return Movement(
        tuple(
            replace(each, changes=tuple(told(each.key, change) for change in each.changes))
            for each in found.items
        ),
        tuple(told("", each) for each in found.model_changes),
    )


@dataclass(frozen=True)
class Compared:
    """Two days' orders and what moved between them, as pages and the API show it."""

    before: str
    items_before: int
    after: str
    items_after: int
    found: Movement
    engine_version: str = ENGINE_VERSION


def compared(
    product: Product, at: datetime.date, to: datetime.date, model: str | None = None
) -> Compared:
    """What moved between the ends of two days; kept until something it follows from changes."""
    require_history(product, end_of(product, at), PAST_RANKING)
    parts = (FORMAT, ENGINE_VERSION, "movement", at.isoformat(), to.isoformat(), model or "")
    key = f"movement:{state_key(product, *parts)}"
    found: Compared | None = cache.get(key)
    if found is None:
        one, two = (then(product, end_of(product, day), model) for day in (at, to))
        found = Compared(
            one.model.name,
            len(one.state.items),
            two.model.name,
            len(two.state.items),
            movement(one, two),
        )
        cache.set(key, found, SECONDS)
    return found


def ranking_of(
    product: Product, at: datetime.date, model: str | None = None
) -> tuple[str, Ranking]:
    """The model's name and the ranking of the end of a day; kept until something changes."""
    require_history(product, end_of(product, at), PAST_RANKING)
    parts = (FORMAT, ENGINE_VERSION, "as-of", at.isoformat(), model or "")
    key = f"as-of:{state_key(product, *parts)}"
    found: tuple[str, Ranking] | None = cache.get(key)
    if found is None:
        past = then(product, end_of(product, at), model)
        # What each item's inputs were is not shown and takes most of the room.
        found = past.model.name, replace(ranking_then(past), items=())
        cache.set(key, found, SECONDS)
    return found


def _settled(after: Then, change: Changed) -> tuple[str, datetime.date] | None:
    """Who made a change of the model, and when: the newest version that is as it is now."""
    row = after.model.row
    if row is None:
        return None
    versions = ModelVersion.objects.filter(model=row, at__lte=after.at).select_related("by__user")
    newest = list(versions.order_by("-number")[:_VERSIONS])
    for one, before in itertools.pairwise([*newest, None]):
        assert one is not None
        if before is None or _of_change(one, change) != _of_change(before, change):
            return (one.by.name if one.by else "", one.at.date()) if before else None
    return None


def _of_change(version: ModelVersion, change: Changed) -> Any:
    """The part of a model's settings that a change is about."""
    stood = version.snapshot
    if change.what in ("Model", "Formula"):
        names = ("name",) if change.what == "Model" else ("formula_kind", "formula_text")
        return [stood.get(name) for name in names]
    name = change.what.removeprefix("Weight of ").removeprefix("Scale of ")
    of = next((each for each in stood["criteria"] if each["name"] == name), None)
    if of is None or change.what == name:
        return of is None
    if change.what.startswith("Weight"):
        return of["weight"]
    return [of.get(each) for each in ("low", "high", "step", "spacing", "direction")]


def _estimated(before: Then, after: Then) -> dict[int, tuple[str, datetime.date]]:
    """By item, who gave its estimate last between two moments, and when."""
    rows = Event.objects.filter(
        product_id=after.product.pk, object_kind="item", at__gt=before.at, at__lte=after.at
    )
    found: dict[int, tuple[str, datetime.date]] = {}
    columns = ("object_id", "changes", "member_name", "at")
    for item_id, changes, name, at in rows.order_by("id").values_list(*columns).iterator():
        if any(field.startswith("estimate_") for field in changes):
            found[item_id] = name, at.date()
    return found


def _ratings(
    product: Product, model: ModelInForce, at: datetime.datetime
) -> dict[int, list[EngineRating]]:
    criteria = {each.pk: each for each in model.criteria if each.pk is not None}
    if model.row is None or not criteria:
        return {}
    rows = list(
        Rating.objects.filter(item__product=product, criterion__in=list(criteria), rated_at__lte=at)
        .filter(Q(superseded_at=None) | Q(superseded_at__gt=at))
        .values_list(
            "item_id", "criterion_id", "member_id", "value", "low", "high", "confidence", "rated_at"
        )
    )
    names = names_of_raters(row[2] for row in rows) if rows else {}
    day = at.astimezone(datetime.UTC).date()
    found: dict[int, list[EngineRating]] = {}
    for item_id, criterion_id, member_id, value, low, high, confidence, rated_at in rows:
        criterion = criteria[criterion_id]
        ends = [number for number in (value, low, high) if number is not None]
        if not all(criterion.low <= number <= criterion.high for number in ends):
            # Given on another scale than the one of that moment.
            continue
        given = EngineRating(
            criterion.slug,
            value,
            names[member_id],
            rated_at,
            low,
            high,
            DEFAULT_CONFIDENCE if confidence is None else confidence,
        )
        found.setdefault(item_id, []).append(as_it_counts(given, criterion, day))
    return found


def _items(
    product: Product, at: datetime.datetime
) -> list[tuple[int, str, tuple[float, float, float] | None]]:
    """The plannable items of that moment, with their estimates then."""
    undone = _taken_back(product, at)
    categories = dict(Status.objects.filter(product=product).values_list("pk", "category"))
    rows = Item.objects.filter(product=product, created_at__lte=at)
    rows = rows.filter(Q(deleted_at=None) | Q(deleted_at__gt=at))
    rows = rows.filter(Q(parked_at=None) | Q(parked_at__gt=at)).order_by("number")
    found = []
    for row in rows.values("pk", "number", "finished_at", *FIELDS).iterator(chunk_size=5000):
        fields = {**row, **undone.get(row["pk"], {})}
        category = categories.get(fields["status_id"])
        open_then = category in (Category.OPEN, Category.STARTED)
        if not open_then and "status_id" not in undone.get(row["pk"], {}):
            # Finished later, by a row that was imported with its date and without an event.
            open_then = row["finished_at"] is not None and row["finished_at"] > at
        if not open_then or fields["kind"] == Kind.EPIC:
            continue
        estimate = estimate_of(
            fields["estimate_low"], fields["estimate_likely"], fields["estimate_high"]
        )
        found.append((row["pk"], f"{product.key}-{row['number']}", estimate))
    return found


def _taken_back(product: Product, at: datetime.datetime) -> dict[int, dict[str, Any]]:
    """By item, the fields changed after ``at`` with their values of that moment."""
    rows = Event.objects.filter(product_id=product.pk, object_kind="item", at__gt=at)
    found: dict[int, dict[str, Any]] = {}
    # Newest first: the earliest change after the moment is written last, and stays.
    for item_id, changes in rows.order_by("-id").values_list("object_id", "changes").iterator():
        for field in FIELDS:
            change = changes.get(field)
            if isinstance(change, list) and len(change) == 2:
                found.setdefault(item_id, {})[field] = change[0]
    return found
