"""Who is told that a rating session waits."""

import datetime
from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from tandem.core.models import Event
from tandem.notices.models import Reason
from tandem.notices.rules import Kind, Rule, Subject, Words, each, register
from tandem.prioritisation.models import RatingSession, SessionRater

#: A seat is made just before the event that tells of it.
_JUST_BEFORE = datetime.timedelta(seconds=10)


def _invited(event: Event) -> Iterable[int]:
    rows = SessionRater.objects.filter(
        session_id=event.object_id, invited_at__gte=event.at - _JUST_BEFORE, joined_at=None
    )
    return rows.values_list("member_id", flat=True)


def _subjects(numbers: Collection[int]) -> dict[int, Subject]:
    rows = RatingSession.objects.filter(pk__in=numbers, product__deleted_at=None)
    found = {}
    for session in rows.select_related("product__workspace"):
        path = reverse(
            "prioritisation:session",
            kwargs={
                "workspace": session.product.workspace.slug,
                "product": session.product.key,
                "pk": session.pk,
            },
        )
        found[session.pk] = Subject(
            _("Session %(name)s") % {"name": session.name}, path, session.product_id
        )
    return found


def _words(event: Event) -> Words:
    return Words(event.member_name or _("Somebody"), _("asks you to rate"))


register(
    "ratingsession",
    Kind(_subjects, _words),
    (
        Rule("session.created", Reason.RATE, each(_invited)),
        Rule("session.invited", Reason.RATE, each(_invited)),
    ),
)
