"""The record of finished items, kept between looks at the forecast.

Reading 100,000 finish moments takes seconds and their counts per day fit into some kilobytes, so
the counts are kept in the cache, under the state of the product they were read in (its newest
events, see ``prioritisation.score_store``). The cache is only a cache: whoever finds nothing, or
the counts of another state, reads the rows.
"""

import datetime
from typing import Any, Final

from django.core.cache import cache

from tandem.accounts.models import Product
from tandem.planning.queries_forecast import FinishRecord, finish_record
from tandem.prioritisation.score_store import state_key

#: Raise it when what is kept gets another shape.
FORMAT: Final = 1
SECONDS: Final = 24 * 60 * 60
#: Events that move no finish day and no item between teams.
QUIET: Final = (
    "comment.",
    "criterion.",
    "dependency.",
    "forecast.",
    "model.",
    "plan.",
    "question.",
    "rating.",
    "rule.",
    "scenario.",
)
#: Shorter records are read as quickly as they are looked up.
LEAST: Final = 2_000


def record_of(product: Product, today: datetime.date, *, with_teams: bool) -> FinishRecord:
    """What ``finish_record`` answers, read anew only when the product has changed."""
    key = _key(product, today, with_teams)
    kept = cache.get(key)
    if kept is not None:
        return _opened(kept)
    record = finish_record(product, today, with_teams=with_teams)
    if len(record.days) >= LEAST:
        cache.set(key, _packed(record), SECONDS)
    return record


def _key(product: Product, today: datetime.date, with_teams: bool) -> str:
    # The moment the product was made tells it from one of the same number in another database.
    made = product.created_at.isoformat()
    zone = product.workspace.time_zone
    return f"record:{state_key(product, FORMAT, made, zone, today, with_teams, quiet=QUIET)}"


def _packed(record: FinishRecord) -> dict[str, Any]:
    return {"by_day": record.by_day, "since": record.since, "ahead": record.ahead}


def _opened(kept: dict[str, Any]) -> FinishRecord:
    days: list[datetime.date] = []
    teams: list[int | None] = []
    for (day, team), count in kept["by_day"]:
        days += [day] * count
        teams += [team or None] * count
    return FinishRecord(tuple(days), tuple(teams), kept["since"], kept["ahead"])
