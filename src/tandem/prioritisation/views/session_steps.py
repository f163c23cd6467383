"""What people do in a session: give values, turn cards, settle, end it."""

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse

from tandem.accounts.models import Member
from tandem.accounts.requests import ProductRequest, form_of
from tandem.backlog.models import Item
from tandem.backlog.operations import question_ask
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.models import RatingSession, ScoringCriterion, SessionItem, SessionKind
from tandem.prioritisation.queries_sessions import session_shown
from tandem.prioritisation.session_cells import cell_of, effort_asked
from tandem.prioritisation.session_scales import EFFORT
from tandem.prioritisation.views.rating import share_typed
from tandem.prioritisation.views.sessions import back_to, moment_typed, session_of, session_values
from tandem.prioritisation.views.shared import context_of, page

FINAL_FIELDS = ("value", "low", "high", "confidence", "reason")
form = form_of("prioritisation:session", "pk")


def entry_of(request: ProductRequest, pk: int, key: str) -> SessionItem:
    session = session_of(request, pk)
    prefix, _, number = key.upper().rpartition("-")
    if prefix != request.product.key or not number.isascii() or not number.isdigit():
        raise Http404
    rows = session.entries.select_related("item__product")
    found = rows.filter(item__number=int(number[:9])).first()
    if found is None:
        raise Http404
    found.session = session
    return found


def _told(
    request: ProductRequest, session: RatingSession, key: str, act: Callable[[], Any], where: str
) -> HttpResponse:
    """Do it and go back to the page; a refusal stands on the page, with what was typed."""
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        session.refresh_from_db()
        values = session_values(
            request,
            session,
            key,
            trouble=refusal,
            where=where,
            typed=request.POST.dict(),
        )
        return page(request, "sessions/show", values, status=422)
    return back_to(request, session, key)


def _said(request: ProductRequest) -> dict[str, Any]:
    sent = request.POST
    return {
        "value": sent.get("exact", "").strip() or sent.get("value", "").strip(),
        "low": sent.get("low", "").strip(),
        "high": sent.get("high", "").strip(),
        "confidence": share_typed(sent.get("confidence", "")),
        "note": sent.get("note", ""),
    }


@form
def ballot(request: ProductRequest, pk: int, key: str, slug: str) -> HttpResponse:
    """Give a value; to htmx the criterion's form anew."""
    entry = entry_of(request, pk, key)
    session = entry.session
    criterion: ScoringCriterion | None = None
    if session.kind == SessionKind.RATING:
        criterion = ScoringCriterion.objects.filter(model_id=session.model_id, slug=slug).first()
        if criterion is None:
            raise Http404
    elif slug != EFFORT:
        raise Http404

    def act() -> None:
        do.ballot_give(by=request.member, entry=entry, criterion=criterion, **_said(request))

    if not request.htmx or session.three_point:
        return _told(request, session, key, act, "ballot")
    trouble: Refused | None = None
    try:
        act()
    except Refused as refusal:
        if refusal.status in (403, 404):
            raise
        trouble = refusal
        if refusal.field not in ("value", "low", "high", "confidence", "note"):
            trouble.field = "item"
    shown = session_shown(request.member, session)
    here = next(each for each in shown.entries if each.entry.pk == entry.pk)
    asked = criterion or effort_asked(session)
    values = context_of(
        request,
        model_in_force(request.product),
        session=session,
        item=entry.item,
        cell=cell_of(asked, here.mine.get(slug), request.member),
        trouble=trouble,
        typed=request.POST.dict() if trouble else {},
        saved=trouble is None,
    )
    answer = page(request, "sessions/ballot_alone", values, status=422 if trouble else 200)
    if trouble is None:
        answer["HX-Trigger"] = json.dumps({"rating-saved": {"target": "body", "key": key}})
    return answer


@form
def skip(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    entry = entry_of(request, pk, key)
    reason = request.POST.get("reason", "")
    return _told(
        request,
        entry.session,
        "" if reason.strip() else key,
        lambda: do.ballot_skip(by=request.member, entry=entry, reason=reason),
        "skip",
    )


@form
def question(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    entry = entry_of(request, pk, key)
    text = request.POST.get("text", "")
    return _told(
        request,
        entry.session,
        key,
        lambda: question_ask(by=request.member, item=entry.item, text=text),
        "question",
    )


@form
def reveal(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    entry = entry_of(request, pk, key)
    return _told(
        request, entry.session, key, lambda: do.entry_reveal(by=request.member, entry=entry), "item"
    )


@form
def again(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    entry = entry_of(request, pk, key)

    def act() -> None:
        until = moment_typed(request, request.POST.get("deadline", ""))
        do.entry_again(by=request.member, entry=entry, deadline=until)

    return _told(request, entry.session, key, act, "again")


@form
def table(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    """Put the item on the table of a live session."""
    entry = entry_of(request, pk, key)
    return _told(
        request,
        entry.session,
        "",
        lambda: do.session_step(by=request.member, session=entry.session, entry=entry),
        "item",
    )


@form
def settle(request: ProductRequest, pk: int, key: str) -> HttpResponse:
    """The final values, sent as ``<criterion>-value``, ``<criterion>-reason``, …"""
    entry = entry_of(request, pk, key)
    finals: dict[str, dict[str, Any]] = {}
    for name, value in request.POST.items():
        slug, _, part = name.rpartition("-")
        if slug and part in FINAL_FIELDS:
            said = share_typed(str(value)) if part == "confidence" else value
            finals.setdefault(slug, {})[part] = said
    return _told(
        request,
        entry.session,
        key,
        lambda: do.entry_settle(by=request.member, entry=entry, finals=finals),
        "settle",
    )


@form
def reveal_all(request: ProductRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    return _told(
        request,
        session,
        "",
        lambda: do.session_reveal(by=request.member, session=session),
        "session",
    )


@form
def close(request: ProductRequest, pk: int) -> HttpResponse:
    session = session_of(request, pk)
    return _told(
        request,
        session,
        "",
        lambda: do.session_close(by=request.member, session=session),
        "session",
    )


@form
def change(request: ProductRequest, pk: int) -> HttpResponse:
    """Another name, another deadline, more raters: what the form holds of these."""
    session = session_of(request, pk)

    def act() -> None:
        sent = request.POST
        if "name" in sent or "deadline" in sent:
            do.session_update(
                by=request.member,
                session=session,
                name=sent.get("name"),
                deadline=moment_typed(request, sent.get("deadline", "")),
            )
        ids = [int(each) for each in sent.getlist("member") if each.isascii() and each.isdigit()]
        if ids:
            rows = Member.objects.visible_to(request.member).active().filter(pk__in=ids)
            if len(rows) < len(set(ids)):
                raise Http404
            do.session_invite(by=request.member, session=session, members=list(rows))

    return _told(request, session, "", act, "change")


@form
def compare(request: ProductRequest, pk: int) -> HttpResponse:
    """Which of two goes first: ``one``, ``other`` and ``preferred`` are keys."""
    session = session_of(request, pk)
    sent = request.POST
    keys = [sent.get("one", ""), sent.get("other", "")]
    rows = {
        each.key: each
        for each in Item.objects.with_keys(request.product, keys).select_related("product")
    }
    if any(key not in rows for key in keys):
        raise Http404
    preferred = sent.get("preferred", "")
    return _told(
        request,
        session,
        "",
        lambda: do.items_compare(
            by=request.member,
            session=session,
            one=rows[keys[0]],
            other=rows[keys[1]],
            preferred=rows.get(preferred),
        ),
        "session",
    )
