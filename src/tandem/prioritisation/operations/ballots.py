"""What raters say in a session. The events tell that somebody gave a value, never which."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.models import Item
from tandem.backlog.operations.items import estimate_checked
from tandem.core import events
from tandem.core.errors import Refused
from tandem.prioritisation.checks import REASON_TOO_LONG, Said, note_of, said_on, share_of
from tandem.prioritisation.models import (
    Ballot,
    PairAnswer,
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
)
from tandem.prioritisation.permissions import require_rating
from tandem.prioritisation.rows import (
    entry_open,
    refuse_over,
    require_asked,
    require_seat,
    session_locked,
)
from tandem.prioritisation.session_scales import card_value


def _effort_said(
    session: RatingSession, *, value: Any, low: Any, high: Any, confidence: Any, note: str
) -> Said:
    """An effort as low, likely and high, or one of the session's cards."""
    if session.three_point:
        numbers = estimate_checked(low, value, high)
        lowest, likely, highest = numbers
        if likely is None or lowest is None or highest is None:
            raise Refused(_("Give the effort as low, likely and high."), field="value")
        return Said(likely, lowest, highest, share_of(confidence), note_of(note))
    return Said(card_value(session.cards, value), None, None, share_of(confidence), note_of(note))


@transaction.atomic
def ballot_give(
    *,
    by: Member,
    entry: SessionItem,
    criterion: ScoringCriterion | None = None,
    value: Any,
    low: Any = None,
    high: Any = None,
    confidence: Any = None,
    note: str = "",
) -> Ballot:
    """The member's value for an item of a session; it can be changed until it is revealed."""
    session = entry.session
    if criterion is not None and session.kind == SessionKind.RATING:
        require(by, "score.view", criterion)
        require_rating(by, criterion)
    else:
        require(by, "session.estimate", entry)
    session, entry = entry_open(entry, by)
    require_asked(session, criterion)
    given = {"value": value, "low": low, "high": high, "confidence": confidence, "note": note}
    said = said_on(criterion, **given) if criterion else _effort_said(session, **given)
    mine = Ballot.objects.filter(entry=entry, round=entry.round, member=by)
    mine.filter(skipped=True).delete()
    ballot, made = Ballot.objects.update_or_create(
        entry=entry,
        round=entry.round,
        member=by,
        criterion=criterion,
        defaults={
            "value": said.value,
            "low": said.low,
            "high": said.high,
            "confidence": said.confidence,
            "note": said.note,
            "skipped": False,
            "given_at": timezone.now(),
        },
    )
    _tell(by, session, entry, "session.ballot_given" if made else "session.ballot_changed")
    return ballot


@transaction.atomic
def ballot_skip(*, by: Member, entry: SessionItem, reason: str) -> Ballot:
    """Pass over the item and say why; giving a value takes it back."""
    require(by, "session.compare", entry)
    session, entry = entry_open(entry, by)
    reason = note_of(reason, "reason", REASON_TOO_LONG)
    if not reason:
        raise Refused(_("Say why you pass over it."), field="reason")
    Ballot.objects.filter(entry=entry, round=entry.round, member=by).delete()
    ballot = Ballot.objects.create(
        entry=entry,
        round=entry.round,
        member=by,
        note=reason,
        skipped=True,
        given_at=timezone.now(),
    )
    _tell(by, session, entry, "session.ballot_skipped")
    return ballot


def _tell(by: Member, session: RatingSession, entry: SessionItem, verb: str) -> None:
    events.record(by=by, verb=verb, obj=session, changes={"item": entry.item.key})


@transaction.atomic
def items_compare(
    *,
    by: Member,
    session: RatingSession,
    one: Item,
    other: Item,
    preferred: Item | None = None,
) -> PairAnswer:
    """Which of two items comes first for this member; ``preferred`` none: both alike."""
    require(by, "session.compare", session)
    session = session_locked(session, by)
    require_seat(by, session)
    if session.kind != SessionKind.PAIRS:
        raise Refused(_("This session compares no pairs."))
    refuse_over(session)
    there = {entry.item_id: entry for entry in session.entries.select_related("item__product")}
    if one.pk == other.pk or one.pk not in there or other.pk not in there:
        raise Refused(_("Name two items of this session."), field="other")
    for item in (there[one.pk].item, there[other.pk].item):
        if item.deleted_at is not None:
            raise Refused(
                _("%(item)s was deleted meanwhile. Take another pair.") % {"item": item.key},
                field="item",
            )
    if preferred is not None and preferred.pk not in (one.pk, other.pk):
        raise Refused(_("The one that comes first is one of the two."), field="preferred")
    first, second = sorted((one, other), key=lambda item: item.pk)
    answer, _made = PairAnswer.objects.update_or_create(
        session=session,
        member=by,
        one=first,
        other=second,
        defaults={"preferred": preferred, "given_at": timezone.now()},
    )
    events.record(by=by, verb="session.ballot_given", obj=session)
    return answer
