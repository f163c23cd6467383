"""Challenging somebody's rating: a reason beside it, never another value in its place."""

from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.core import events
from tandem.core.errors import PermissionRefused, Refused
from tandem.prioritisation.models import Challenge, ChallengeState, Rating
from tandem.prioritisation.permissions import may_rate
from tandem.ui.filters import inside

LONGEST: Final = 1000


def _text(text: str, field: str, missing: str) -> str:
    text = " ".join(str(text or "").replace("\x00", "").split())
    if not text:
        raise Refused(missing, field=field)
    if len(text) > LONGEST:
        raise Refused(
            _("At most %(most)s characters; this has %(count)s.")
            % {"most": LONGEST, "count": len(text)},
            field=field,
        )
    return text


@transaction.atomic
def challenge_raise(*, by: Member, rating: Rating, reason: str) -> Challenge:
    """Say why a rating looks wrong. It stays as it is until its rater changes it."""
    require(by, "rating.challenge", rating)
    reason = _text(reason, "reason", _("Write why you see it differently."))
    rating = (
        Rating.objects.select_for_update().select_related("item", "criterion").get(pk=rating.pk)
    )
    if rating.superseded_at is not None:
        raise Refused(_("This rating was replaced meanwhile. Look at the new one."), field="rating")
    if rating.member_id == by.pk and rating.agreed_in_id is None:
        raise Refused(_("This rating is your own: rate again instead."), field="rating")
    if Challenge.objects.filter(rating=rating, raised_by=by, state=ChallengeState.OPEN).exists():
        raise Refused(_("You challenge this rating already."), field="rating")
    challenge = Challenge.objects.create(
        rating=rating, raised_by=by, raised_at=timezone.now(), reason=reason
    )
    events.record(
        by=by,
        verb="rating.challenged",
        obj=rating.item,
        changes={"about": rating.criterion.name, "reason": [None, reason]},
    )
    return challenge


@transaction.atomic
def challenge_answer(*, by: Member, challenge: Challenge, answer: str) -> Challenge:
    """By the rater, or by anybody who rates this criterion."""
    require(by, "score.view", challenge)
    challenge = _open(challenge)
    rating = challenge.rating
    if by.pk != rating.member_id and not may_rate(by, rating.criterion):
        raise PermissionRefused(
            _("%(member)s, or somebody who rates %(criterion)s, answers this.")
            % {"member": rating.member.name, "criterion": rating.criterion.name}
        )
    answer = _text(answer, "answer", _("Write an answer."))
    return _ended(challenge, by, ChallengeState.ANSWERED, answer)


@transaction.atomic
def challenge_withdraw(*, by: Member, challenge: Challenge) -> Challenge:
    """By whoever raised it."""
    require(by, "score.view", challenge)
    challenge = _open(challenge)
    if challenge.raised_by_id != by.pk:
        raise PermissionRefused(
            _("%(raised_by)s raised this challenge: they withdraw it.")
            % {"raised_by": challenge.raised_by.name}
        )
    return _ended(challenge, by, ChallengeState.WITHDRAWN, "")


def _open(challenge: Challenge) -> Challenge:
    found = (
        Challenge.objects.select_for_update(of=("self",))
        .select_related(
            "rating__item", "rating__criterion", "rating__member__user", "raised_by__user"
        )
        .get(pk=challenge.pk)
    )
    if found.state != ChallengeState.OPEN:
        raise Refused(
            _("This challenge is %(state)s already.") % {"state": inside(found.get_state_display())}
        )
    return found


def _ended(challenge: Challenge, by: Member, state: str, answer: str) -> Challenge:
    challenge.state, challenge.answer = state, answer
    challenge.answered_by = by if state == ChallengeState.ANSWERED else None
    challenge.ended_at = timezone.now()
    challenge.save(update_fields=["state", "answer", "answered_by", "ended_at"])
    events.record(
        by=by,
        verb=f"rating.challenge_{state}",
        obj=challenge.rating.item,
        changes={"about": challenge.rating.criterion.name, "answer": [None, answer or None]},
    )
    return challenge
