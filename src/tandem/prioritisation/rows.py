"""Rows as the operations of sessions and ratings need them: locked, and still fit for a write."""

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.backlog.models import Item
from tandem.core.errors import Elsewhere, PermissionRefused, Refused
from tandem.prioritisation.checks import Said
from tandem.prioritisation.models import (
    Rating,
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
    SessionRater,
    SessionState,
)


def session_locked(session: RatingSession, member: Member) -> RatingSession:
    """The session's row, locked: values, reveals and ends come one after the other."""
    if session.product.workspace_id != member.workspace_id:
        raise Elsewhere()
    rows = RatingSession.objects.select_for_update(of=("self",))
    return rows.select_related("product", "model", "facilitator__user").get(pk=session.pk)


def refuse_closed(session: RatingSession) -> None:
    if session.state == SessionState.CLOSED:
        raise Refused(
            _("The session %(session)s is closed. Hold another one.") % {"session": session.name}
        )


def refuse_over(session: RatingSession) -> None:
    """Nothing can be given once the values are revealed or the deadline has passed."""
    if session.state == SessionState.CLOSED:
        raise Refused(
            _(
                "The session %(session)s was closed meanwhile, so this was not taken. Hold another one, or rate on the item's own page."
            )
            % {"session": session.name}
        )
    if session.state != SessionState.OPEN:
        raise Refused(
            _(
                "The session %(session)s was revealed meanwhile, so this was not taken. Ask for the item to be rated again."
            )
            % {"session": session.name}
        )
    if session.deadline is not None and session.deadline <= timezone.now():
        raise Refused(
            _("The deadline of %(session)s has passed, so this was not taken.")
            % {"session": session.name}
        )


def require_seat(member: Member, session: RatingSession) -> None:
    if not SessionRater.objects.filter(session=session, member=member).exists():
        raise PermissionRefused(
            _("You have no seat in the session %(session)s. Ask %(facilitator)s for its link.")
            % {"session": session.name, "facilitator": session.facilitator.name}
        )


def entry_open(entry: SessionItem, member: Member) -> tuple[RatingSession, SessionItem]:
    """The item and its session, locked, if the member can give a value now."""
    session = session_locked(entry.session, member)
    entry = SessionItem.objects.select_related("item__product").get(pk=entry.pk)
    require_seat(member, session)
    refuse_over(session)
    key = entry.item.key
    if entry.item.deleted_at is not None:
        raise Refused(
            _("%(key)s was deleted meanwhile. The session goes on without it.") % {"key": key},
            field="item",
        )
    if entry.revealed_at is not None:
        raise Refused(
            _("The values of %(key)s are revealed already, so this was not taken.") % {"key": key}
        )
    if session.is_live and entry.position != session.current:
        raise Refused(_("%(key)s is not on the table now.") % {"key": key}, field="item")
    # Who gives a value has come.
    seat = SessionRater.objects.filter(session=session, member=member, joined_at=None)
    seat.update(joined_at=timezone.now())
    return session, entry


def require_asked(session: RatingSession, criterion: ScoringCriterion | None) -> None:
    """Refuses a criterion that the session does not ask."""
    if session.kind == SessionKind.RATING:
        if criterion is None or criterion.model_id != session.model_id:
            raise Refused(_("Say which criterion this is about."), field="criterion")
        asked = not session.criteria or criterion.slug in session.criteria
        if not asked or criterion.removed_at is not None:
            raise Refused(
                _("%(session)s does not ask %(criterion)s.")
                % {"session": session.name, "criterion": criterion.name},
                field="criterion",
            )
    elif criterion is not None:
        raise Refused(_("This session asks no criterion."), field="criterion")


def rating_replace(
    *,
    member: Member,
    item: Item,
    criterion: ScoringCriterion,
    said: Said,
    before: Rating | None,
    now: datetime.datetime | None = None,
    agreed_in: SessionItem | None = None,
) -> Rating:
    """The new rating in the place of ``before``: only within an operation, which records it."""
    now = now or timezone.now()
    if before is not None:
        before.superseded_at = now
        before.save(update_fields=["superseded_at"])
    return Rating.objects.create(
        item=item,
        criterion=criterion,
        member=member,
        value=said.value,
        low=said.low,
        high=said.high,
        confidence=said.confidence,
        note=said.note,
        rated_at=now,
        agreed_in=agreed_in,
    )
