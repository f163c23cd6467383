"""Rating sessions over the API. What is hidden on the pages is hidden here."""

import datetime
from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import can, require
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId
from tandem.core.errors import Refused
from tandem.core.rest.bodies import Body
from tandem.prioritisation import operations as do
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.calculations_pairs import pair_standings
from tandem.prioritisation.models import (
    Ballot,
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
)
from tandem.prioritisation.queries_sessions import (
    EntryShown,
    Outcome,
    SessionShown,
    session_page,
    session_shown,
)
from tandem.prioritisation.session_links import link_token
from tandem.prioritisation.session_scales import EFFORT

router = Router(tags=["prioritisation"])


class SessionIn(Body):
    """``items`` are keys; or ``filter`` is the query of a backlog list's address.

    ``kind``: rating, estimate or pairs; ``pace``: deadline or live. ``cards`` are an estimation's
    own (``S=2, M=5``), else ``scale`` names one.
    """

    name: str
    items: list[str] | None = None
    filter: str = ""
    kind: str = "rating"
    pace: str = "deadline"
    deadline: datetime.datetime | None = None
    #: A model's number or name; none: the one plans use.
    model: int | str | None = None
    criteria: list[str] = []
    scale: str = "fibonacci"
    cards: str = ""
    three_point: bool = False
    question: str = ""
    member_ids: list[RowId] = []


class SessionPatch(Body):
    name: str | None = None
    deadline: datetime.datetime | None = None


class RatersIn(Body):
    member_ids: list[RowId]


class SeatIn(Body):
    """``token``: the last part of the session's link; not needed by who was invited."""

    token: str = ""


class BallotIn(Body):
    """For an estimation ``value`` is a card; with three points the likely effort."""

    value: float | str
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    note: str = ""


class SkipIn(Body):
    reason: str


class FinalIn(Body):
    value: float
    low: float | None = None
    high: float | None = None
    confidence: float | None = None
    reason: str = ""


class SettleIn(Body):
    """By the criteria's slugs; for an estimation by ``effort``."""

    finals: dict[str, FinalIn]


class AgainIn(Body):
    deadline: datetime.datetime | None = None


class TableIn(Body):
    item: str


class SessionPairIn(Body):
    """``preferred`` is the key of the one that comes first; none: both alike."""

    one: str
    other: str
    preferred: str | None = None


class SessionLineOut(Schema):
    id: int
    name: str
    kind: str
    pace: str
    state: str
    deadline: datetime.datetime | None
    facilitator: str
    items: int
    settled: int
    raters: int


class ValueOut(Schema):
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    note: str


class VoiceOut(ValueOut):
    rater: str


class FinalOut(Schema):
    value: float
    low: float | None
    high: float | None
    confidence: float | None
    reason: str
    decided_by: str
    decided_at: datetime.datetime


class OutcomeOut(Schema):
    criterion: str
    lens: str
    sentence: str
    suggestion: float | None
    values: list[VoiceOut]
    final: FinalOut | None


class PassedOut(Schema):
    rater: str
    reason: str


class EntryOut(Schema):
    """``outcomes`` is empty until the item is revealed; ``mine`` are the caller's own values."""

    item: str
    title: str
    round: int
    deleted: bool
    revealed_at: datetime.datetime | None
    locked_at: datetime.datetime | None
    mine: dict[str, ValueOut]
    skipped: str | None
    outcomes: list[OutcomeOut]
    passed: list[PassedOut]


class SessionProgressOut(Schema):
    member_id: int
    rater: str
    joined_at: datetime.datetime | None
    done: int
    total: int


class SessionOut(Schema):
    """``link_token`` is there for those who hold sessions."""

    id: int
    name: str
    kind: str
    pace: str
    state: str
    model: str | None
    criteria: list[str]
    cards: list[list[Any]]
    three_point: bool
    question: str
    deadline: datetime.datetime | None
    facilitator: str
    on_the_table: str | None
    link_token: str | None
    progress: list[SessionProgressOut]
    items: list[EntryOut]


class StandingOut(Schema):
    item: str
    strength: float
    low: float
    high: float
    place: int


class PairsOut(Schema):
    """``next`` is the pair to ask the caller now (none: they are through). ``standings`` are from
    the caller's own answers while the session is open, and from everybody's when it is revealed."""

    question: str
    next: list[str] | None
    answered: int
    standings: list[StandingOut]
    note: str


def _session(request: HttpRequest, key: str, pk: int) -> RatingSession:
    require(caller(request), "score.view")
    rows = RatingSession.objects.filter(product=product_for(request, key))
    found: RatingSession = get_object_or_404(
        rows.select_related("product", "model", "facilitator__user"), pk=pk
    )
    return found


def _entry(request: HttpRequest, key: str, pk: int, item: str) -> SessionItem:
    session = _session(request, key, pk)
    rows = session.entries.select_related("item__product").filter(
        item__in=Item.objects.with_keys(session.product, [item])
    )
    deleted = item.rpartition("-")[2]
    if not rows and item.upper().startswith(f"{session.product.key}-") and deleted.isdigit():
        # An item deleted meanwhile still stands in the session: the operation says what that means.
        rows = session.entries.select_related("item__product").filter(item__number=int(deleted[:9]))
    found: SessionItem = get_object_or_404(rows)
    found.session = session
    return found


def _members(request: HttpRequest, ids: list[int]) -> list[Member]:
    rows = Member.objects.visible_to(caller(request)).active().filter(pk__in=ids)
    found = list(rows.select_related("user"))
    missing = set(ids) - {each.pk for each in found}
    if missing:
        raise Refused(f"There is no member {min(missing)} here.", field="member_ids")
    return found


def _items(request: HttpRequest, product: Product, body: SessionIn) -> list[Item]:
    if body.items is not None:
        rows = {
            each.key: each
            for each in Item.objects.with_keys(product, body.items).select_related("product")
        }
        for word in body.items:
            if word.upper() not in rows:
                raise Refused(f"There is no item {word[:40]} in {product.key}.", field="items")
        return [rows[word.upper()] for word in body.items]
    wanted = ItemFilter.from_query(QueryDict(body.filter), product, caller(request))
    return list(
        wanted.apply(Item.objects.of(product))
        .select_related("product")
        .order_by(*wanted.order)[:1000]
    )


def _value(ballot: Ballot) -> dict[str, Any]:
    return {
        "value": ballot.value,
        "low": ballot.low,
        "high": ballot.high,
        "confidence": ballot.confidence,
        "note": ballot.note,
    }


def _outcome(found: Outcome) -> dict[str, Any]:
    final = found.final
    return {
        "criterion": found.slug,
        "lens": found.lens,
        "sentence": found.sentence,
        "suggestion": found.suggestion,
        "values": found.voices,
        "final": None
        if final is None
        else {
            "value": final.value,
            "low": final.low,
            "high": final.high,
            "confidence": final.confidence,
            "reason": final.reason,
            "decided_by": final.decided_by.name,
            "decided_at": final.decided_at,
        },
    }


def _entry_out(shown: EntryShown) -> dict[str, Any]:
    item = shown.entry.item
    return {
        "item": item.key,
        "title": item.title,
        "round": shown.entry.round,
        "deleted": shown.deleted,
        "revealed_at": shown.entry.revealed_at,
        "locked_at": shown.entry.locked_at,
        "mine": {slug: _value(ballot) for slug, ballot in shown.mine.items()},
        "skipped": shown.skipped.note if shown.skipped else None,
        "outcomes": [_outcome(each) for each in shown.outcomes],
        "passed": [{"rater": each.member.name, "reason": each.note} for each in shown.passed],
    }


def _out(request: HttpRequest, session: RatingSession) -> dict[str, Any]:
    by = caller(request)
    shown: SessionShown = session_shown(by, session)
    table = shown.at(session.current) if session.is_live else None
    return {
        "id": session.pk,
        "name": session.name,
        "kind": session.kind,
        "pace": session.pace,
        "state": session.state,
        "model": session.model.name if session.model else None,
        "criteria": [each.slug for each in shown.criteria],
        "cards": session.cards,
        "three_point": session.three_point,
        "question": session.question,
        "deadline": session.deadline,
        "facilitator": session.facilitator.name,
        "on_the_table": table.entry.item.key if table else None,
        "link_token": link_token(session) if can(by, "session.hold") else None,
        "progress": [
            {
                "member_id": each.seat.member_id,
                "rater": each.seat.member.name,
                "joined_at": each.seat.joined_at,
                "done": each.done,
                "total": each.total,
            }
            for each in shown.progress
        ],
        "items": [_entry_out(each) for each in shown.entries],
    }


@router.get("/products/{key}/rating-sessions", response={200: PageOut[SessionLineOut], **REFUSALS})
def sessions(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 50) -> Any:
    """The product's rating sessions, the newest first."""
    require(caller(request), "score.view")
    lines, following = session_page(product_for(request, key), after, limit)
    return {
        "items": [
            {
                "id": each.session.pk,
                "name": each.session.name,
                "kind": each.session.kind,
                "pace": each.session.pace,
                "state": each.session.state,
                "deadline": each.session.deadline,
                "facilitator": each.session.facilitator.name,
                "items": each.items,
                "settled": each.settled,
                "raters": each.raters,
            }
            for each in lines
        ],
        "next": following,
    }


@router.post("/products/{key}/rating-sessions", response={201: SessionOut, **REFUSALS})
def session_create(request: HttpRequest, key: str, body: SessionIn) -> Any:
    """Make a rating session over chosen items."""
    product = product_for(request, key)
    require(caller(request), "session.hold")
    given = body.dict(exclude={"items", "filter", "model", "member_ids"})
    made = do.session_create(
        by=caller(request),
        product=product,
        items=_items(request, product, body),
        model=model_in_force(product, body.model).row if body.model else None,
        members=_members(request, body.member_ids),
        **given,
    )
    return 201, _out(request, made)


@router.get("/products/{key}/rating-sessions/{pk}", response={200: SessionOut, **REFUSALS})
def session(request: HttpRequest, key: str, pk: RowId) -> Any:
    """One session: its items, who is how far, the caller's own values, and what is revealed."""
    return _out(request, _session(request, key, pk))


@router.patch("/products/{key}/rating-sessions/{pk}", response={200: SessionOut, **REFUSALS})
def session_update(request: HttpRequest, key: str, pk: RowId, body: SessionPatch) -> Any:
    """Another name or another deadline."""
    found = _session(request, key, pk)
    changed = do.session_update(by=caller(request), session=found, **body.dict(exclude_none=True))
    return _out(request, changed)


@router.post("/products/{key}/rating-sessions/{pk}/raters", response={200: SessionOut, **REFUSALS})
def session_invite(request: HttpRequest, key: str, pk: RowId, body: RatersIn) -> Any:
    """Invite members."""
    found = _session(request, key, pk)
    members = _members(request, body.member_ids)
    return _out(request, do.session_invite(by=caller(request), session=found, members=members))


@router.put("/products/{key}/rating-sessions/{pk}/seat", response={200: SessionOut, **REFUSALS})
def session_join(request: HttpRequest, key: str, pk: RowId, body: SeatIn) -> Any:
    """Take part: invited, or with the link's token."""
    found = _session(request, key, pk)
    do.session_join(by=caller(request), session=found, token=body.token)
    return _out(request, found)


@router.put(
    "/products/{key}/rating-sessions/{pk}/items/{item}/ballots/{criterion}",
    response={200: SessionOut, **REFUSALS},
)
def ballot_give(
    request: HttpRequest, key: str, pk: RowId, item: str, criterion: str, body: BallotIn
) -> Any:
    """Give a value for a criterion, or for ``effort``; nobody else sees it before the reveal."""
    entry = _entry(request, key, pk, item)
    asked = None
    if criterion != EFFORT or entry.session.kind == SessionKind.RATING:
        rows = ScoringCriterion.objects.filter(model_id=entry.session.model_id)
        asked = get_object_or_404(rows, slug=criterion)
    do.ballot_give(by=caller(request), entry=entry, criterion=asked, **body.dict())
    return _out(request, _session(request, key, pk))


@router.put(
    "/products/{key}/rating-sessions/{pk}/items/{item}/skip",
    response={200: SessionOut, **REFUSALS},
)
def ballot_skip(request: HttpRequest, key: str, pk: RowId, item: str, body: SkipIn) -> Any:
    """Pass over an item, with the reason."""
    entry = _entry(request, key, pk, item)
    do.ballot_skip(by=caller(request), entry=entry, reason=body.reason)
    return _out(request, entry.session)


@router.post(
    "/products/{key}/rating-sessions/{pk}/items/{item}/reveal",
    response={200: SessionOut, **REFUSALS},
)
def entry_reveal(request: HttpRequest, key: str, pk: RowId, item: str) -> Any:
    """Turn the cards of one item."""
    do.entry_reveal(by=caller(request), entry=_entry(request, key, pk, item))
    return _out(request, _session(request, key, pk))


@router.post(
    "/products/{key}/rating-sessions/{pk}/items/{item}/again",
    response={200: SessionOut, **REFUSALS},
)
def entry_again(request: HttpRequest, key: str, pk: RowId, item: str, body: AgainIn) -> Any:
    """Have an item rated again."""
    entry = _entry(request, key, pk, item)
    do.entry_again(by=caller(request), entry=entry, deadline=body.deadline)
    return _out(request, _session(request, key, pk))


@router.post(
    "/products/{key}/rating-sessions/{pk}/items/{item}/settle",
    response={200: SessionOut, **REFUSALS},
)
def entry_settle(request: HttpRequest, key: str, pk: RowId, item: str, body: SettleIn) -> Any:
    """The final values of a revealed item."""
    entry = _entry(request, key, pk, item)
    do.entry_settle(by=caller(request), entry=entry, finals=body.dict()["finals"])
    return _out(request, _session(request, key, pk))


@router.put("/products/{key}/rating-sessions/{pk}/table", response={200: SessionOut, **REFUSALS})
def session_step(request: HttpRequest, key: str, pk: RowId, body: TableIn) -> Any:
    """Put an item on the table of a live session."""
    entry = _entry(request, key, pk, body.item)
    found = do.session_step(by=caller(request), session=entry.session, entry=entry)
    return _out(request, found)


@router.post("/products/{key}/rating-sessions/{pk}/reveal", response={200: SessionOut, **REFUSALS})
def session_reveal(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Reveal everything; no more values are taken."""
    found = do.session_reveal(by=caller(request), session=_session(request, key, pk))
    return _out(request, found)


@router.post("/products/{key}/rating-sessions/{pk}/close", response={200: SessionOut, **REFUSALS})
def session_close(request: HttpRequest, key: str, pk: RowId) -> Any:
    """Close the session for good."""
    found = do.session_close(by=caller(request), session=_session(request, key, pk))
    return _out(request, found)


def _pairs(request: HttpRequest, session: RatingSession) -> dict[str, Any]:
    found = pair_standings(caller(request), session)
    return {
        "question": session.question,
        "next": [each.key for each in found.next] if found.next else None,
        "answered": found.answered,
        "standings": [
            {
                "item": each.item.key,
                "strength": each.strength,
                "low": each.low,
                "high": each.high,
                "place": each.place,
            }
            for each in found.standings
        ],
        "note": found.note,
    }


@router.get("/products/{key}/rating-sessions/{pk}/pairs", response={200: PairsOut, **REFUSALS})
def pairs(request: HttpRequest, key: str, pk: RowId) -> Any:
    """The pair to ask now, and how the items stand by the answers one may see."""
    return _pairs(request, _session(request, key, pk))


@router.put("/products/{key}/rating-sessions/{pk}/pairs", response={200: PairsOut, **REFUSALS})
def items_compare(request: HttpRequest, key: str, pk: RowId, body: SessionPairIn) -> Any:
    """Which of two items comes first."""
    one = _entry(request, key, pk, body.one)
    other = _entry(request, key, pk, body.other)
    preferred = _entry(request, key, pk, body.preferred) if body.preferred else None
    do.items_compare(
        by=caller(request),
        session=one.session,
        one=one.item,
        other=other.item,
        preferred=preferred.item if preferred else None,
    )
    return _pairs(request, one.session)
