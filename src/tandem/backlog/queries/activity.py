"""What happened in a product, filtered by kind of change and by person."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tandem.accounts.models import Product
from tandem.backlog.forms import whole_number
from tandem.backlog.history_words import GROUPS
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.paging import Page, keyset
from tandem.ui.phrases import offered


def activity_asked(query: Mapping[str, Any]) -> dict[str, Any]:
    """``?what=&by=`` as ``activity`` takes it; page, table file and API read it alike."""
    what = str(query.get("what") or "")
    if what and what not in GROUPS:
        known = offered({name: _(label) for name, (label, _verbs) in GROUPS.items()})
        raise Refused(
            _("what: “%(what)s” is none of %(known)s.") % {"what": what[:40], "known": known},
            field="what",
        )
    verbs = GROUPS[what][1] if what else ()
    return {"verbs": verbs, "member_id": whole_number(query.get("by"))}


def activity_rows(
    product: Product, *, verbs: Iterable[str] = (), member_id: int | None = None
) -> QuerySet[Event]:
    """The product's events that fit; not ordered."""
    events = Event.objects.filter(product_id=product.pk, workspace_id=product.workspace_id)
    if member_id is not None:
        events = events.filter(member_id=member_id)
    verbs = list(verbs)
    return events.filter(verb__in=verbs) if verbs else events


def activity(
    product: Product,
    *,
    verbs: Iterable[str] = (),
    member_id: int | None = None,
    after: str | None = None,
    limit: int = 60,
) -> Page[Event]:
    """The product's events, newest first."""
    events = activity_rows(product, verbs=verbs, member_id=member_id)
    return keyset(events, ["-pk"], after=after, limit=limit)
