"""Rating sessions over the API. What is hidden on the pages is hidden here."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Status

from tandem.accounts.auth import caller, product_for
from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.api.reading import ids_of
from tandem.backlog.filters import ItemFilter
from tandem.backlog.models import Item
from tandem.core.api import REFUSALS, PageOut, PageSize, RowId
from tandem.core.errors import Refused
from tandem.prioritisation import operations as do
from tandem.prioritisation.api.session_schemas import (
    AgainIn,
    BallotIn,
    PairsOut,
    RatersIn,
    SeatIn,
    SessionIn,
    SessionLineOut,
    SessionOut,
    SessionPairIn,
    SessionPatch,
    SettleIn,
    SkipIn,
    TableIn,
)
from tandem.prioritisation.calculations import model_in_force
from tandem.prioritisation.calculations_pairs import pair_standings
from tandem.prioritisation.models import (
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
)
from tandem.prioritisation.queries_session_list import session_page
from tandem.prioritisation.session_payload import line_payload, session_payload
from tandem.prioritisation.session_scales import EFFORT

router = Router(tags=["prioritisation"])


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
        raise Refused(
            _("There is no member %(missing)s here.") % {"missing": min(missing)},
            field="member_ids",
        )
    return found


def _out(request: HttpRequest, session: RatingSession) -> dict[str, Any]:
    return session_payload(caller(request), session)


def _items(request: HttpRequest, product: Product, body: SessionIn) -> list[Item]:
    if body.items is not None:
        ids = ids_of(product, body.items, "items")
        rows = Item.objects.of(product).select_related("product").in_bulk(ids)
        return [rows[pk] for pk in ids]
    wanted = ItemFilter.from_query(QueryDict(body.filter), product, caller(request))
    return list(
        wanted.apply(Item.objects.of(product))
        .select_related("product")
        .order_by(*wanted.order)[:1000]
    )


@router.get("/products/{key}/rating-sessions", response={200: PageOut[SessionLineOut], **REFUSALS})
def sessions(request: HttpRequest, key: str, after: str | None = None, limit: PageSize = 50) -> Any:
    """The product's rating sessions, the newest first."""
    require(caller(request), "score.view")
    lines, following = session_page(product_for(request, key), after, limit)
    return {
        "items": [line_payload(each) for each in lines],
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
    return Status(201, _out(request, made))


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
