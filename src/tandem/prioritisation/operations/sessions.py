"""Holding a rating session: making it, who takes part, when it ends."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any, Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member, Product
from tandem.accounts.permissions import require
from tandem.backlog.models import Item, Kind
from tandem.core import events
from tandem.core.errors import Elsewhere, Refused
from tandem.prioritisation.calculations_models import model_in_force
from tandem.prioritisation.models import (
    Pace,
    RatingSession,
    ScoringModel,
    SessionItem,
    SessionKind,
    SessionRater,
    SessionState,
)
from tandem.prioritisation.rows import refuse_closed, session_locked
from tandem.prioritisation.session_links import token_checked
from tandem.prioritisation.session_scales import cards_of

LONGEST_NAME: Final = 120
LONGEST_QUESTION: Final = 200
MOST_ITEMS: Final = 200
MOST_RATERS: Final = 60


def _name(text: str) -> str:
    name = " ".join(str(text or "").replace("\x00", "").split())
    if not name:
        raise Refused(_("A session needs a name."), field="name")
    if len(name) > LONGEST_NAME:
        raise Refused(
            _("A name has at most %(count)s characters.") % {"count": LONGEST_NAME},
            field="name",
        )
    return name


def _deadline(pace: str, deadline: datetime.datetime | None) -> datetime.datetime | None:
    if deadline is None:
        if pace == Pace.DEADLINE:
            raise Refused(_("Say until when values can be given."), field="deadline")
        return None
    if deadline <= timezone.now():
        raise Refused(_("The deadline lies in the past."), field="deadline")
    return deadline


def _items(product: Product, items: Sequence[Item], kind: str) -> list[Item]:
    """The items, each once; refuses those that no session takes."""
    found = list({item.pk: item for item in items}.values())
    if any(item.product_id != product.pk for item in found):
        raise Elsewhere()
    found = [item for item in found if item.kind != Kind.EPIC and item.deleted_at is None]
    least = 2 if kind == SessionKind.PAIRS else 1
    if len(found) < least:
        raise Refused(
            "Choose at least two items to compare."
            if least == 2
            else "No item fits: an epic is rated through its parts. Choose other items.",
            field="items",
        )
    if len(found) > MOST_ITEMS:
        raise Refused(
            _("%(count)s items fit; a session takes at most %(most)s. Narrow the filter.")
            % {"count": len(found), "most": MOST_ITEMS},
            field="items",
        )
    return found


def _asked(
    product: Product, kind: str, model: ScoringModel | None, criteria: Iterable[str]
) -> tuple[ScoringModel | None, list[str]]:
    """The model and the criteria's slugs that a session of this kind asks."""
    slugs = list(dict.fromkeys(criteria))
    if kind != SessionKind.RATING:
        return None, []
    if model is None:
        model = model_in_force(product).row
        if model is None:
            raise Refused(_("Make a scoring model first: it says what is rated."), field="model")
    if model.product_id != product.pk:
        raise Elsewhere()
    if model.archived_at is not None:
        raise Refused(
            _("%(model)s is in the archive. Bring it back first.") % {"model": model.name},
            field="model",
        )
    known = {each.slug for each in model.criteria.filter(removed_at=None, kind="rating")}
    for slug in slugs:
        if slug not in known:
            raise Refused(
                _("%(model)s has no criterion %(slug)s.") % {"model": model.name, "slug": slug},
                field="criteria",
            )
    return model, slugs


@transaction.atomic
def session_create(
    *,
    by: Member,
    product: Product,
    name: str,
    items: Sequence[Item],
    kind: str = SessionKind.RATING,
    pace: str = Pace.DEADLINE,
    deadline: datetime.datetime | None = None,
    model: ScoringModel | None = None,
    criteria: Iterable[str] = (),
    scale: str = "fibonacci",
    cards: str = "",
    three_point: bool = False,
    question: str = "",
    members: Sequence[Member] = (),
) -> RatingSession:
    """A session over these items, in their order; whoever makes it holds it and takes part.

    ``criteria``: slugs; none: all that the model asks. ``cards``: an estimation's own cards.
    """
    require(by, "session.hold", product)
    if kind not in SessionKind.values:
        raise Refused(
            _("%(kind)s is no kind. Kinds: %(known)s.")
            % {"kind": kind, "known": ", ".join(SessionKind.values)},
            field="kind",
        )
    if pace not in Pace.values:
        raise Refused(
            _("%(pace)s is no pace. Paces: %(known)s.")
            % {"pace": pace, "known": ", ".join(Pace.values)},
            field="pace",
        )
    if kind == SessionKind.PAIRS:
        pace = Pace.DEADLINE
    chosen = _items(product, items, kind)
    asked, slugs = _asked(product, kind, model, criteria)
    question = " ".join(question.replace("\x00", "").split())[:LONGEST_QUESTION]
    now = timezone.now()
    session = RatingSession.objects.create(
        product=product,
        name=_name(name),
        kind=kind,
        pace=pace,
        model=asked,
        criteria=slugs,
        cards=cards_of(scale, cards) if kind == SessionKind.ESTIMATE else [],
        three_point=kind == SessionKind.ESTIMATE and bool(three_point),
        question=question or ("Which one first?" if kind == SessionKind.PAIRS else ""),
        deadline=_deadline(pace, deadline),
        facilitator=by,
    )
    SessionItem.objects.bulk_create(
        SessionItem(session=session, item=item, position=position)
        for position, item in enumerate(chosen)
    )
    _seat(session, [by], now, joined=True)
    _seat(session, members, now)
    events.record(
        by=by,
        verb="session.created",
        obj=session,
        changes={"kind": [None, kind], "items": [None, len(chosen)]},
    )
    return session


def _seat(
    session: RatingSession,
    members: Iterable[Member],
    now: datetime.datetime,
    *,
    joined: bool = False,
) -> list[Member]:
    """Give those a seat that have none; returns them."""
    known = set(SessionRater.objects.filter(session=session).values_list("member_id", flat=True))
    new = []
    for member in members:
        if member.workspace_id != session.product.workspace_id:
            raise Elsewhere()
        if member.pk not in known and member.ended_at is None:
            known.add(member.pk)
            new.append(member)
    if len(known) > MOST_RATERS:
        raise Refused(
            _("A session has at most %(most)s raters.") % {"most": MOST_RATERS},
            field="members",
        )
    SessionRater.objects.bulk_create(
        SessionRater(
            session=session, member=member, invited_at=now, joined_at=now if joined else None
        )
        for member in new
    )
    return new


@transaction.atomic
def session_update(
    *,
    by: Member,
    session: RatingSession,
    name: str | None = None,
    deadline: datetime.datetime | None = None,
) -> RatingSession:
    """Another name, or another deadline while it is open."""
    require(by, "session.hold", session)
    session = session_locked(session, by)
    refuse_closed(session)
    changes: dict[str, Any] = {}
    if name is not None and _name(name) != session.name:
        changes["name"] = [session.name, _name(name)]
        session.name = _name(name)
    if deadline is not None and deadline != session.deadline:
        if session.state != SessionState.OPEN:
            raise Refused(_("The values are revealed: the deadline is over."), field="deadline")
        changes["deadline"] = [session.deadline, _deadline(session.pace, deadline)]
        session.deadline = deadline
    if changes:
        session.save(update_fields=["name", "deadline"])
        events.record(by=by, verb="session.updated", obj=session, changes=changes)
    return session


@transaction.atomic
def session_invite(
    *, by: Member, session: RatingSession, members: Sequence[Member]
) -> RatingSession:
    """Ask more members to take part."""
    require(by, "session.hold", session)
    session = session_locked(session, by)
    refuse_closed(session)
    new = _seat(session, members, timezone.now())
    if new:
        events.record(
            by=by,
            verb="session.invited",
            obj=session,
            changes={"raters": [None, [each.name for each in new]]},
        )
    return session


@transaction.atomic
def session_join(*, by: Member, session: RatingSession, token: str = "") -> SessionRater:
    """Take part: invited members just come, others by the session's link."""
    require(by, "score.view", session)
    session = session_locked(session, by)
    now = timezone.now()
    seat = SessionRater.objects.filter(session=session, member=by).first()
    if seat is not None and seat.joined_at is not None:
        return seat
    refuse_closed(session)
    if seat is None:
        token_checked(session, token)
        _seat(session, [by], now, joined=True)
        seat = SessionRater.objects.get(session=session, member=by)
    else:
        seat.joined_at = now
        seat.save(update_fields=["joined_at"])
    events.record(by=by, verb="session.joined", obj=session)
    return seat
