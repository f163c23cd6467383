"""A product's rating sessions, page by page, in a fixed number of queries."""

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.core.errors import Refused
from tandem.core.paging import decode, encode
from tandem.prioritisation.models import RatingSession, SessionItem, SessionRater

PAGE: Final = 50


def sessions_of(product: Product) -> "QuerySet[RatingSession]":
    return RatingSession.objects.filter(product=product).select_related(
        "facilitator__user", "model"
    )


@dataclass(frozen=True)
class SessionLine:
    session: RatingSession
    items: int
    settled: int
    raters: int


def session_page(
    product: Product, after: str | None = None, limit: int = PAGE
) -> tuple[list[SessionLine], str | None]:
    """The product's sessions, the newest first, and where the next page starts."""
    rows = sessions_of(product).order_by("-pk")
    if after:
        (last,) = decode(after, 1)
        if isinstance(last, bool) or not isinstance(last, int):
            raise Refused(_("This page's address is damaged. Start from the first page."))
        rows = rows.filter(pk__lt=last)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    ids = [each.pk for each in shown]
    entries = SessionItem.objects.filter(session__in=ids).values("session_id")
    counts: dict[int, Any] = {
        row["session_id"]: row
        for row in entries.annotate(items=Count("pk"), settled=Count("locked_at"))
    }
    raters = dict(
        SessionRater.objects.filter(session__in=ids)
        .values("session_id")
        .annotate(raters=Count("pk"))
        .values_list("session_id", "raters")
    )
    lines = [
        SessionLine(
            each,
            counts[each.pk]["items"] if each.pk in counts else 0,
            counts[each.pk]["settled"] if each.pk in counts else 0,
            raters.get(each.pk, 0),
        )
        for each in shown
    ]
    return lines, encode([shown[-1].pk]) if len(found) > limit else None
