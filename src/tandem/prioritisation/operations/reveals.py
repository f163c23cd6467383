"""Turning the cards: revealing, talking and rating again, settling, closing."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.operations import item_update
from tandem.core import events
from tandem.core.errors import Refused
from tandem.core.models import Event
from tandem.prioritisation.checks import REASON_TOO_LONG, Said, note_of, number_of, said_on
from tandem.prioritisation.models import (
    Ballot,
    FinalValue,
    Rating,
    RatingSession,
    ScoringCriterion,
    SessionItem,
    SessionKind,
    SessionState,
)
from tandem.prioritisation.rows import (
    rating_replace,
    refuse_closed,
    require_asked,
    session_locked,
)
from tandem.prioritisation.session_scales import EFFORT
from tandem.ui.phrases import plain


def _turn(by: Member, entries: Iterable[SessionItem], now: datetime.datetime) -> list[Event]:
    """Reveal these items: what was said in their round becomes the raters' ratings."""
    written = []
    for entry in entries:
        entry.revealed_at = now
        entry.save(update_fields=["revealed_at"])
        said = Ballot.objects.filter(entry=entry, round=entry.round, skipped=False)
        given: dict[str, list[float]] = {}
        for ballot in said.exclude(criterion=None).select_related("criterion", "member__user"):
            _publish(entry, ballot, now)
            assert ballot.criterion is not None
            given.setdefault(ballot.criterion.name, []).append(ballot.value or 0.0)
        if given:
            written.append(
                events.build(
                    by=by,
                    verb="item.revealed",
                    obj=entry.item,
                    changes={name: [None, sorted(values)] for name, values in given.items()},
                    at=now,
                )
            )
    return written


def _publish(entry: SessionItem, ballot: Ballot, now: datetime.datetime) -> None:
    """A revealed value is its rater's rating from now on, and what was settled before is open."""
    assert ballot.criterion is not None
    assert ballot.value is not None
    scale = ballot.criterion
    said = [each for each in (ballot.low, ballot.value, ballot.high) if each is not None]
    if not all(scale.low <= each <= scale.high for each in said):
        # The model's scale was changed meanwhile: shown in the session, but no rating of it.
        return
    current = Rating.objects.current().filter(item=entry.item, criterion=ballot.criterion)
    current.filter(agreed_in__isnull=False).update(superseded_at=now)
    rating_replace(
        member=ballot.member,
        item=entry.item,
        criterion=ballot.criterion,
        said=Said(ballot.value, ballot.low, ballot.high, ballot.confidence, ballot.note),
        before=current.filter(member=ballot.member).first(),
        now=now,
    )


def _entries(session: RatingSession) -> "Any":
    return session.entries.select_related("item__product")


@transaction.atomic
def entry_reveal(*, by: Member, entry: SessionItem) -> SessionItem:
    """Turn the cards of one item, all together; from now on nothing can be given for it."""
    require(by, "session.hold", entry)
    session = session_locked(entry.session, by)
    refuse_closed(session)
    entry = _entries(session).get(pk=entry.pk)
    if entry.revealed_at is not None:
        return entry
    written = _turn(by, [entry], timezone.now())
    _log(by, session, "session.item_revealed", {"item": entry.item.key}, also=written)
    return entry


@transaction.atomic
def session_reveal(*, by: Member, session: RatingSession) -> RatingSession:
    """Turn the cards of every item; the session takes no values any more."""
    require(by, "session.hold", session)
    session = session_locked(session, by)
    refuse_closed(session)
    if session.state == SessionState.REVEALED:
        return session
    return _reveal(by, session)


def _reveal(by: Member, session: RatingSession) -> RatingSession:
    now = timezone.now()
    written = _turn(by, _entries(session).filter(revealed_at=None), now)
    session.state = SessionState.REVEALED
    session.revealed_at = now
    session.save(update_fields=["state", "revealed_at"])
    _log(by, session, "session.revealed", also=written)
    return session


@transaction.atomic
def session_expire(*, by: Member, session: RatingSession) -> bool:
    """Reveal a session whose deadline has passed; called by the minute's job in the name of
    whoever holds it. Returns whether it did: another worker, or a person, may have been first."""
    session = session_locked(session, by)
    over = session.deadline is not None and session.deadline <= timezone.now()
    if session.state != SessionState.OPEN or not over:
        return False
    _reveal(by, session)
    return True


@transaction.atomic
def session_step(*, by: Member, session: RatingSession, entry: SessionItem) -> RatingSession:
    """Put another item on the table of a live session."""
    require(by, "session.hold", session)
    session = session_locked(session, by)
    refuse_closed(session)
    if entry.session_id != session.pk:
        raise Refused(_("This item is not in the session."), field="entry")
    if not session.is_live:
        raise Refused(_("In this session everybody goes through the items in their own time."))
    if session.current != entry.position:
        session.current = entry.position
        session.save(update_fields=["current"])
        _log(by, session, "session.stepped", {"item": entry.item.key})
    return session


@transaction.atomic
def entry_again(*, by: Member, entry: SessionItem, deadline: Any = None) -> SessionItem:
    """Rate the item again after talking about it: blind, and beside the round that is over.

    What was settled stands until it is settled anew. ``deadline``: the new one, where the old one
    has passed.
    """
    require(by, "session.hold", entry)
    session = session_locked(entry.session, by)
    refuse_closed(session)
    entry = _entries(session).get(pk=entry.pk)
    if entry.revealed_at is None:
        raise Refused(_("%(item)s is being rated already.") % {"item": entry.item.key})
    now = timezone.now()
    if deadline is not None and deadline > now:
        session.deadline = deadline
    elif session.deadline is not None and session.deadline <= now:
        if not session.is_live:
            raise Refused(
                _("The deadline has passed. Say until when to rate again."), field="deadline"
            )
        session.deadline = None
    entry.round += 1
    entry.revealed_at = entry.locked_at = None
    entry.save(update_fields=["round", "revealed_at", "locked_at"])
    session.state, session.revealed_at = SessionState.OPEN, None
    if session.is_live:
        session.current = entry.position
    session.save(update_fields=["state", "revealed_at", "current", "deadline"])
    _log(by, session, "session.item_again", {"item": entry.item.key, "round": entry.round})
    return entry


@transaction.atomic
def entry_settle(
    *, by: Member, entry: SessionItem, finals: Mapping[str, Mapping[str, Any]]
) -> SessionItem:
    """The final values of a revealed item; it is locked then.

    ``finals``: by the criteria's slugs, or ``effort``: ``value``, and where wanted ``low``,
    ``high``, ``confidence`` and ``reason``, which is needed when the value is nobody's. A final
    rating stands for the raters' own; a final effort becomes the item's estimate.
    """
    require(by, "session.hold", entry)
    session = session_locked(entry.session, by)
    refuse_closed(session)
    entry = _entries(session).get(pk=entry.pk)
    key = entry.item.key
    if entry.revealed_at is None:
        raise Refused(_("Reveal %(key)s before it is settled.") % {"key": key})
    if entry.locked_at is not None:
        raise Refused(
            _("%(key)s was settled already. Rate it again to change that.") % {"key": key}
        )
    if entry.item.deleted_at is not None:
        raise Refused(
            _("%(key)s was deleted. Bring it back to settle it.") % {"key": key}, field="item"
        )
    wanted = {
        slug: given for slug, given in finals.items() if str(given.get("value") or "").strip()
    }
    if not wanted:
        raise Refused(_("Give a final value."), field="value")
    now = timezone.now()
    changes: dict[str, Any] = {}
    for slug, given in wanted.items():
        final = _final(by, session, entry, slug, given, now)
        if final.criterion is None:
            _estimate(by, session, entry, final)
        else:
            _agree(by, entry, final, now)
        changes[final.criterion.name if final.criterion else "Effort"] = [None, final.value]
    entry.locked_at = now
    entry.save(update_fields=["locked_at"])
    told = events.build(
        by=by, verb="item.settled", obj=entry.item, changes=changes | {"session": session.name}
    )
    _log(by, session, "session.item_settled", {"item": key} | changes, also=[told])
    return entry


def _final(
    by: Member,
    session: RatingSession,
    entry: SessionItem,
    slug: str,
    given: Mapping[str, Any],
    now: datetime.datetime,
) -> FinalValue:
    criterion = _criterion(session, slug)
    said = _said(session, criterion, given, slug)
    reason = note_of(given.get("reason") or "", f"{slug}-reason", REASON_TOO_LONG)
    voices = Ballot.objects.filter(
        entry=entry, round=entry.round, criterion=criterion, skipped=False
    ).values_list("value", flat=True)
    if said.value not in set(voices) and not reason:
        raise Refused(
            _("Nobody gave %(said)s. Say why it is the right one.") % {"said": plain(said.value)},
            field=f"{slug}-reason",
        )
    FinalValue.objects.filter(entry=entry, criterion=criterion).delete()
    return FinalValue.objects.create(
        entry=entry,
        criterion=criterion,
        value=said.value,
        low=said.low,
        high=said.high,
        confidence=said.confidence,
        reason=reason,
        decided_by=by,
        decided_at=now,
    )


def _criterion(session: RatingSession, slug: str) -> ScoringCriterion | None:
    if session.kind != SessionKind.RATING:
        if slug != EFFORT or session.kind != SessionKind.ESTIMATE:
            raise Refused(_("This session settles no %(slug)s.") % {"slug": slug}, field=slug)
        return None
    found = ScoringCriterion.objects.filter(
        model_id=session.model_id, slug=slug, kind="rating"
    ).first()
    if found is None:
        raise Refused(
            _("%(model)s has no criterion %(slug)s.") % {"model": session.model, "slug": slug},
            field=slug,
        )
    require_asked(session, found)
    return found


def _said(
    session: RatingSession,
    criterion: ScoringCriterion | None,
    given: Mapping[str, Any],
    slug: str,
) -> Said:
    value, low, high = (given.get(name) for name in ("value", "low", "high"))
    try:
        if criterion is not None:
            return said_on(
                criterion, value=value, low=low, high=high, confidence=given.get("confidence")
            )
        likely = number_of(value, "value")
        if likely is None or likely < 0:
            raise Refused(_("A final effort is a number from 0 up."), field="value")
        return Said(likely, number_of(low, "low"), number_of(high, "high"), None, "")
    except Refused as refusal:
        # The form holds every criterion's fields: the words stand beside the one meant.
        refusal.field = f"{slug}-{refusal.field}"
        raise


def _agree(by: Member, entry: SessionItem, final: FinalValue, now: datetime.datetime) -> None:
    current = Rating.objects.current().filter(item=entry.item, criterion=final.criterion)
    current.update(superseded_at=now)
    assert final.criterion is not None
    rating_replace(
        member=by,
        item=entry.item,
        criterion=final.criterion,
        said=Said(final.value, final.low, final.high, final.confidence, final.reason),
        before=None,
        now=now,
        agreed_in=entry,
    )


def _estimate(by: Member, session: RatingSession, entry: SessionItem, final: FinalValue) -> None:
    """The estimate, through the backlog's own operation. Without a stated range the lowest and
    the highest card are its ends: what the team disagreed about stays visible."""
    if final.low is None and final.high is None and not final.reason:
        ballots = Ballot.objects.filter(entry=entry, round=entry.round, skipped=False)
        said = [
            number
            for row in ballots.values_list("low", "value", "high")
            for number in row
            if number is not None
        ]
        if said and min(said) < max(said):
            final.low, final.high = min(said), max(said)
            final.save(update_fields=["low", "high"])
    item_update(
        by=by,
        item=entry.item,
        estimate_low=final.low,
        estimate_likely=final.value,
        estimate_high=final.high,
    )


@transaction.atomic
def session_close(*, by: Member, session: RatingSession) -> RatingSession:
    """The session is over: what was not revealed is revealed, and nothing changes any more."""
    require(by, "session.hold", session)
    session = session_locked(session, by)
    if session.state == SessionState.CLOSED:
        return session
    now = timezone.now()
    written = _turn(by, _entries(session).filter(revealed_at=None), now)
    session.state = SessionState.CLOSED
    session.revealed_at = session.revealed_at or now
    session.closed_at = now
    session.save(update_fields=["state", "revealed_at", "closed_at"])
    _log(by, session, "session.closed", also=written)
    return session


def _log(
    by: Member,
    session: RatingSession,
    verb: str,
    changes: dict[str, Any] | None = None,
    *,
    also: Iterable[Event] = (),
) -> None:
    """One event of the session, after those of the items it changed."""
    told = events.build(by=by, verb=verb, obj=session, changes=changes)
    events.record_many([*also, told])
