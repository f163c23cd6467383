"""What the views of the list and the board share."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import ngettext

from tandem.accounts.models import Member
from tandem.accounts.permissions import can
from tandem.accounts.requests import ProductRequest
from tandem.backlog.filters import OPEN_WORK, ItemFilter
from tandem.backlog.language.completing import ordered
from tandem.backlog.language.fields import Asking
from tandem.backlog.models import Category, Item, Kind, SavedView, Status
from tandem.backlog.new_fields import NewField, asked_for
from tandem.backlog.queries import listing, seeking
from tandem.backlog.queries.grouping import groupable_of
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.core.prepared import prepared
from tandem.ui.filters import number


@dataclass(frozen=True)
class May:
    """What this member may do with the items of a list."""

    create: bool
    edit: bool
    move: bool

    @classmethod
    def of(cls, member: Member) -> "May":
        return cls(can(member, "item.create"), can(member, "item.edit"), can(member, "item.move"))


@dataclass(frozen=True)
class Asked:
    """The filter of an address; where the address cannot be read, the plain one and why."""

    wanted: ItemFilter
    refusal: Refused | None = None


def here_of(request: ProductRequest) -> dict[str, str]:
    """What every address of the product takes."""
    return {"workspace": request.member.workspace.slug, "product": request.product.key}


def asking_of(request: ProductRequest, statuses: list[Status] | None = None) -> Asking:
    """What fields of the filter look up, once for the request."""
    kept: Asking | None = getattr(request, "backlog_asking", None)
    if kept is None:
        kept = Asking(request.product, request.member, statuses)
        request.backlog_asking = kept  # type: ignore[attr-defined]
    return kept


def asked_by(
    request: ProductRequest,
    statuses: list[Status],
    default: tuple[Category, ...] = OPEN_WORK,
) -> Asked:
    """Read the filter. An old address may name a label that is gone: that is said, not an error
    page, so that the rest of the page can lead on."""
    try:
        wanted = ItemFilter.from_query(
            request.GET,
            request.product,
            request.member,
            default=default,
            asking=asking_of(request, statuses),
        )
    except Refused as refusal:
        return Asked(ItemFilter(product=request.product, default=default), refusal)
    return Asked(wanted)


@prepared
def _pinned(member_id: int, product_id: int) -> QuerySet[SavedView]:
    """Those of ``SavedView.objects.seen_by`` that stand above the list."""
    seen = SavedView.objects.filter(Q(owner_id=member_id) | Q(is_shared=True))
    return seen.filter(product_id=product_id, is_pinned=True)


def context_of(request: ProductRequest, asked: Asked, statuses: list[Status]) -> dict[str, Any]:
    """What the filter's form, the chips and the dialog for a new item need."""
    wanted = asked.wanted
    return {
        **box_of(request, wanted, asked.refusal, statuses),
        "saved": getattr(request, "saved_view", None),
        "pinned": _pinned(request.member.pk, request.product.pk),
        "may_share": can(request.member, "view.share"),
        "layout": "list",
        "groupable": groupable_of(asking_of(request, statuses).own),
        "here": here_of(request),
        "may": May.of(request.member),
        "wanted": wanted,
        "refusal": asked.refusal,
        "query": wanted.as_query(),
        "kinds": Kind.choices,
        "asked_new": _asked_new(request, statuses),
        "unit": request.product.estimate_unit,
        "next": request.get_full_path(),
    }


def _asked_new(request: ProductRequest, statuses: list[Status]) -> list[NewField]:
    if not can(request.member, "item.create"):
        return []
    own = asking_of(request, statuses).own
    return asked_for(request.product, own, statuses, lambda: listing.people_of(request.member))


def box_of(
    request: ProductRequest,
    wanted: ItemFilter,
    refusal: Refused | None = None,
    statuses: list[Status] | None = None,
) -> dict[str, Any]:
    """What the filter's box, its builder and what is wrong with a filter need."""
    asked_text = request.GET.get("q", "").replace("\x00", "").strip()
    place = refusal.details.get("position") if refusal else None
    mended = None
    if refusal and place and refusal.details.get("suggestion"):
        mended = "".join(
            [
                asked_text[: place["start"]],
                refusal.details["suggestion"],
                asked_text[place["end"] :],
            ]
        )
    return {
        "typed": asked_text if refusal else wanted.q,
        "asked_text": asked_text,
        "mended_query": urlencode({"q": mended}) if mended else "",
        "fields": ordered(asking_of(request, statuses)),
    }


def address_with(name: str, request: ProductRequest, wanted: ItemFilter) -> str:
    address = reverse(name, kwargs=here_of(request))
    query = wanted.as_query()
    return f"{address}?{query}" if query else address


def is_part(request: HttpRequest, name: str) -> bool:
    """Whether htmx asks for the part of the page with this id."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and str(getattr(htmx, "target", None) or "").endswith(name)


def changed(response: HttpResponse, item: Item) -> HttpResponse:
    """Tell the peek panel and whatever else shows the item; the list itself shows it already."""
    detail = {"target": "body", "key": item.key, "from": "list"}
    response["HX-Trigger"] = json.dumps({"item-changed": detail})
    return response


def events_since(request: ProductRequest, item: Item, newest: int) -> list[Event]:
    """What this member has just done to the item, oldest first."""
    rows = Event.objects.of("item", item.pk).filter(pk__gt=newest, member_id=request.member.pk)
    return list(reversed(rows))


def newest_event(item: Item) -> int:
    return Event.objects.of("item", item.pk).values_list("pk", flat=True).first() or 0


def counted(count: int) -> str:
    """``12``; beyond what is counted ``1,000+``."""
    return f"{number(seeking.COUNT_MOST)}+" if count > seeking.COUNT_MOST else str(count)


def many(count: int) -> str:
    """``12 items``; beyond what is counted ``1,000+ items``."""
    return ngettext("%(number)s item", "%(number)s items", count) % {"number": counted(count)}
