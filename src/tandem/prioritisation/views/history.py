"""The ranking of any past day, and what moved since, because of what."""

import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.models import Product
from tandem.accounts.requests import ProductRequest
from tandem.backlog.models import Item
from tandem.core.errors import Refused
from tandem.prioritisation.calculations_history import (
    CAUSE_WORDS,
    Movement,
    Then,
    compared,
    end_of,
    ranking_of,
    then,
)
from tandem.prioritisation.figures import honest
from tandem.prioritisation.views.shared import context_of, model_asked, page
from tandem.ui.filters import spoken
from tandem.ui.phrases import plain

#: How far back the page looks when no day is asked for.
DAYS = 30
LISTED = 60


def day_asked(product: Product, text: str, field: str, default: datetime.date) -> datetime.date:
    """The day in an address; refuses what is no day, or one that has not come yet."""
    if not text.strip():
        return default
    try:
        found = parse_date(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise Refused(
            _("“%(text)s” is no date. Write one like 2027-03-31.") % {"text": text[:40]},
            field=field,
        )
    today = timezone.now().astimezone(product.workspace.zone).date()
    if found > today:
        raise Refused(_("That day has not come yet."), field=field)
    return found


def then_asked(product: Product, text: str, model: str | None) -> Then:
    """What the ranking of the end of a typed day follows from."""
    today = timezone.now().astimezone(product.workspace.zone).date()
    return then(product, end_of(product, day_asked(product, text, "as_of", today)), model)


def days_asked(product: Product, at: str, to: str) -> tuple[datetime.date, datetime.date]:
    """Both days, the earlier one first."""
    today = timezone.now().astimezone(product.workspace.zone).date()
    first = day_asked(product, at, "at", today - datetime.timedelta(days=DAYS))
    second = day_asked(product, to, "to", today)
    return min(first, second), max(first, second)


@require_GET
def history(request: ProductRequest) -> HttpResponse:
    """``?at=`` and ``?to=`` are days (``YYYY-MM-DD``); the end of each counts."""
    model = model_asked(request)
    product = request.product
    today = timezone.now().astimezone(product.workspace.zone).date()
    trouble = None
    try:
        at, to = days_asked(product, request.GET.get("at", ""), request.GET.get("to", ""))
    except Refused as refusal:
        trouble = refusal
        at, to = today - datetime.timedelta(days=DAYS), today
    word = request.GET.get("model") or None
    both = compared(product, at, to, word)
    found = both.found
    _then, ranking = ranking_of(product, at, word)
    keys = [each.key for each in found.moved[:LISTED]]
    keys += [score.key for score in ranking.scores[:LISTED]]
    titles = _titles(product, keys)
    values: dict[str, Any] = context_of(
        request,
        model,
        at=at,
        to=to,
        today=today,
        trouble=trouble,
        both=both,
        moved=[(each, titles.get(each.key, "")) for each in found.moved[:LISTED]],
        all_moved=len(found.moved),
        finding=finding_of(found),
        model_changes=found.model_changes,
        causes=CAUSE_WORDS,
        scores=[
            (score, honest(score.score, score.low, score.high), titles.get(score.key, ""))
            for score in ranking.scores[:LISTED]
        ],
        ranking=ranking,
    )
    return page(request, "history", values, status=422 if trouble else 200)


def finding_of(found: Movement) -> str:
    """What happened, in a sentence."""
    both = [each for each in found.moved if each.places]
    entered = sum(1 for each in found.moved if each.rank_before is None)
    left = sum(1 for each in found.moved if each.rank_after is None)
    if not found.moved:
        return _("Nothing moved.")
    totals: dict[str, float] = {}
    for each in found.items:
        for cause, share in each.shares:
            totals[cause] = totals.get(cause, 0.0) + abs(share)
    most = max(totals, key=lambda cause: totals[cause], default="")
    counts = {"count": len(both), "entered": entered, "left": left}
    sentence = _("%(count)s items changed places, %(entered)s came in and %(left)s left.") % counts
    if most and totals[most] > 0:
        share = totals[most] / sum(totals.values())
        because = {
            "share": plain(share, ".0%"),
            "cause": spoken(CAUSE_WORDS[most]),  # type: ignore[index]
        }
        due = _("%(share)s of the scores' changes is due to %(cause)s.") % because
        return f"{sentence} {due}"
    return sentence


def _titles(product: Product, keys: list[str]) -> dict[str, str]:
    numbers = {int(key.rpartition("-")[2]) for key in keys}
    rows = Item.objects.filter(product=product, number__in=numbers)
    return {
        f"{product.key}-{number}": title for number, title in rows.values_list("number", "title")
    }
