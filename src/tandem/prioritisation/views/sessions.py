"""Rating sessions: the list, a new one, and one session as whoever looks may see it."""

import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tandem.accounts.models import Member, Role
from tandem.accounts.permissions import can, require
from tandem.accounts.requests import ProductRequest
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Criterion, Item, Kind, Question
from tandem.backlog.views.lists import box_of
from tandem.core import live
from tandem.core.errors import Refused
from tandem.core.panels import shown as panels_shown
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import model_in_force, models_of
from tandem.prioritisation.calculations_pairs import pair_standings
from tandem.prioritisation.models import RatingSession, SessionKind
from tandem.prioritisation.queries_session_list import session_page, sessions_of
from tandem.prioritisation.queries_sessions import (
    EntryShown,
    SessionShown,
    criteria_of,
    session_shown,
)
from tandem.prioritisation.session_cells import cells_of_entry
from tandem.prioritisation.session_links import link_token
from tandem.prioritisation.session_scales import SCALES
from tandem.prioritisation.views.shared import address, context_of, here_of, page

#: A session made without another word takes so many of the items that fit, the first ones.
USUAL = 20
WEEK = datetime.timedelta(days=7)


def session_of(request: ProductRequest, pk: int) -> RatingSession:
    require(request.member, "score.view")
    rows = sessions_of(request.product).select_related("product", "model", "facilitator__user")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.product = request.product
    return found


@require_GET
def sessions(request: ProductRequest) -> HttpResponse:
    """The product's sessions, the newest first; to htmx further rows."""
    require(request.member, "score.view")
    lines, following = session_page(request.product, request.GET.get("after"))
    values = context_of(
        request,
        model_in_force(request.product),
        lines=lines,
        following=following,
        may_hold=can(request.member, "session.hold"),
    )
    template = "sessions/rows" if request.htmx and request.GET.get("after") else "sessions/list"
    return page(request, template, values)


def moment_typed(request: ProductRequest, text: str) -> datetime.datetime | None:
    """What a browser's field for day and time says, in the workspace's zone."""
    if not text.strip():
        return None
    try:
        found = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        raise Refused(
            _("%(text)s is no day and time.") % {"text": text[:40]}, field="deadline"
        ) from None
    if timezone.is_naive(found):
        found = timezone.make_aware(found, request.member.workspace.zone)
    return found


def _chosen(request: ProductRequest, query: QueryDict) -> tuple[ItemFilter, list[Item]]:
    wanted = ItemFilter.from_query(query, request.product, request.member)
    rows = wanted.apply(Item.objects.of(request.product)).exclude(kind=Kind.EPIC)
    most = query.get("most", "").strip() or str(USUAL)
    if not most.isascii() or not most.isdigit() or not 1 <= int(most[:6]) <= 200:
        raise Refused(_("Take 1 to 200 items."), field="most")
    return wanted, list(rows.select_related("product").order_by(*wanted.order)[: int(most[:6])])


def session_new(request: ProductRequest) -> HttpResponse:
    """The form, its items chosen by the backlog's own filters; POST makes the session."""
    require(request.member, "session.hold")
    sent = request.POST if request.method == "POST" else request.GET
    trouble: Refused | None = None
    wanted = ItemFilter(product=request.product)
    items: list[Item] = []
    try:
        wanted, items = _chosen(request, sent)
        if request.method == "POST":
            return _made(request, items)
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        trouble = refusal
    return _form(request, sent, wanted, items, trouble)


def _made(request: ProductRequest, items: list[Item]) -> HttpResponse:
    sent = request.POST
    word = sent.get("model", "")
    ids = [int(each) for each in sent.getlist("member") if each.isascii() and each.isdigit()]
    members = Member.objects.visible_to(request.member).active().filter(pk__in=ids)
    made = do.session_create(
        by=request.member,
        product=request.product,
        name=sent.get("name", ""),
        items=items,
        kind=sent.get("what", SessionKind.RATING),
        pace=sent.get("pace", "deadline"),
        deadline=moment_typed(request, sent.get("deadline", "")),
        model=model_in_force(request.product, word).row if word else None,
        criteria=sent.getlist("criterion"),
        scale=sent.get("scale", "fibonacci"),
        cards=sent.get("cards", ""),
        three_point=bool(sent.get("three_point")),
        question=sent.get("question", ""),
        members=list(members.select_related("user")),
    )
    messages.success(
        request,
        _("The session %(made)s was made. Send its link to the raters.") % {"made": made.name},
    )
    return redirect(address(request, "session", pk=made.pk))


def _form(
    request: ProductRequest,
    sent: QueryDict,
    wanted: ItemFilter,
    items: list[Item],
    trouble: Refused | None,
) -> HttpResponse:
    models = [each for each in models_of(request.product) if each.row is not None]
    members = Member.objects.visible_to(request.member).active().exclude(role=Role.VIEWER)
    soon = timezone.localtime(timezone.now() + WEEK).replace(hour=12, minute=0)
    values = context_of(
        request,
        model_in_force(request.product),
        wanted=wanted,
        items=items,
        sent=sent,
        posted=request.method == "POST",
        trouble=trouble,
        offered=models,
        model_choices=[(each.slug, each.name) for each in models],
        scales=[(slug, _(name)) for slug, (name, _cards) in SCALES.items()],
        people=members.exclude(pk=request.member.pk).select_related("user").order_by("pk"),
        invited=sent.getlist("member"),
        soon=f"{soon:%Y-%m-%dT%H:%M}",
        refusal=trouble,
        **box_of(request, wanted, trouble),
    )
    return page(request, "sessions/new", values, status=422 if trouble else 200)


def _on_the_table(shown: SessionShown, key: str) -> EntryShown | None:
    """The item to look at: the one asked for, the one on the table, or the next to rate."""
    asked = next((each for each in shown.entries if each.entry.item.key == key), None)
    if asked is not None:
        return asked
    if key:
        raise Http404
    if shown.session.is_live:
        return shown.at(shown.session.current)
    if shown.left and shown.expected and shown.seat:
        return shown.left[0]
    unsettled = [each for each in shown.revealed if each.entry.locked_at is None]
    return next(iter(unsettled or shown.revealed or shown.entries), None)


def session_values(
    request: ProductRequest, session: RatingSession, key: str = "", **more: Any
) -> dict[str, Any]:
    """What the session's page shows."""
    # Before anything is read: what happens from here on comes as a live update.
    after = live.newest()
    shown = session_shown(request.member, session)
    table = _on_the_table(shown, key)
    item = table.entry.item if table else None
    may_hold = can(request.member, "session.hold")
    values = context_of(
        request,
        model_in_force(request.product),
        session=session,
        shown=shown,
        table=table,
        cells=cells_of_entry(request.member, shown, table) if table else [],
        criteria=list(Criterion.objects.filter(item=item)[:20]) if item else [],
        questions=list(Question.objects.filter(item=item).select_related("asked_by__user")[:20])
        if item
        else [],
        may_hold=may_hold,
        may_ask=can(request.member, "question.ask"),
        pairs=pair_standings(request.member, session) if session.kind == "pairs" else None,
        link=request.build_absolute_uri(
            address(request, "session-join", pk=session.pk, token=link_token(session))
        )
        if may_hold
        else "",
        live_after=after,
        until=f"{timezone.localtime(session.deadline):%Y-%m-%dT%H:%M}" if session.deadline else "",
        invitable=_invitable(request, shown) if may_hold else [],
        panels=panels_shown("rating_session", member=request.member, subject=session)
        if shown.revealed
        else [],
        trouble=None,
        where="",
        typed={},
    )
    return values | more


def _invitable(request: ProductRequest, shown: SessionShown) -> list[Member]:
    seated = [each.seat.member_id for each in shown.progress]
    rows = Member.objects.visible_to(request.member).active().exclude(pk__in=seated)
    return list(rows.select_related("user").order_by("pk")[:100])


@require_GET
def session(request: ProductRequest, pk: int) -> HttpResponse:
    """One session; ``?item=`` chooses which of its items to look at."""
    found = session_of(request, pk)
    return page(
        request, "sessions/show", session_values(request, found, request.GET.get("item", ""))
    )


def session_join(request: ProductRequest, pk: int, token: str) -> HttpResponse:
    """Where the session's link leads: one button, for members of the workspace."""
    found = session_of(request, pk)
    if request.method == "POST":
        do.session_join(by=request.member, session=found, token=token)
        return redirect(address(request, "session", pk=pk))
    seat = found.raters.filter(member=request.member, joined_at__isnull=False).exists()
    if seat:
        return redirect(address(request, "session", pk=pk))
    values = context_of(
        request,
        model_in_force(request.product),
        session=found,
        asked=criteria_of(found),
        count=found.entries.count(),
        token=token,
    )
    return page(request, "sessions/join", values)


def back_to(request: ProductRequest, session: RatingSession, key: str = "") -> HttpResponse:
    place = address(request, "session", pk=session.pk)
    return redirect(f"{place}?item={key}" if key and not session.is_live else place)


__all__ = ["back_to", "here_of", "session", "session_join", "session_new", "session_of", "sessions"]
