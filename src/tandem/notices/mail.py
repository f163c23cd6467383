"""Notices by mail: one letter a member with all that is due, as text and as HTML, which one press
unsubscribes from."""

import datetime
import logging
from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from tandem.accounts.models import Member
from tandem.core.models import Event
from tandem.notices import rules, timing
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting, Reason
from tandem.notices.spreading import settings_of

log = logging.getLogger(__name__)
#: Lines in one letter; the inbox has the rest.
MOST_LINES = 100
_SALT = "tandem.notices.unsubscribe"
#: After a mail server that was away, the letter is tried again so much later.
_AGAIN = datetime.timedelta(minutes=10)


def is_possible() -> bool:
    """Whether this installation can send mail that leads back to it."""
    return bool(settings.EMAIL_HOST and settings.ADDRESS)


def is_due() -> bool:
    return NoticeEntry.objects.filter(mail_at__lte=timezone.now()).exists()


def token_of(member: Member) -> str:
    return signing.dumps(member.pk, salt=_SALT)


def member_of_token(token: str) -> Member | None:
    """Whose letter it was; the link has no end, as letters have none."""
    try:
        pk = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    return Member.objects.select_related("user", "workspace").filter(pk=pk).first()


@dataclass(frozen=True)
class Line:
    words: rules.Words
    reason: str


@dataclass(frozen=True)
class Group:
    """One thing with what happened to it, oldest first."""

    label: str
    address: str
    lines: list[Line]


def send_due() -> int:
    """Send every member's letter that is due; returns how many went out."""
    if not is_possible():
        return 0
    due = NoticeEntry.objects.filter(mail_at__lte=timezone.now())
    people = list(due.order_by().values_list("notice__member_id", flat=True).distinct())
    sent = 0
    for member, setting in settings_of(
        Member.objects.filter(pk__in=people).select_related("user", "workspace")
    ):
        sent += _letter(member, setting)
    return sent


def _letter(member: Member, setting: NoticeSetting) -> bool:
    now = timezone.now()
    with transaction.atomic():
        rows = NoticeEntry.objects.select_for_update(of=("self",))
        rows = rows.filter(notice__member=member, mail_at__lte=now).select_related("notice")
        entries = list(rows.order_by("event_id"))
        later = timing.after_quiet(setting, now)
        if later > now:
            _due(entries, later)
            return False
        # Taken before it is sent: who sends at the same time finds nothing.
        _due(entries, None)
    wanted = [each for each in entries if not each.is_read]
    if not wanted or setting.mail_off or not member.may_act:
        return False
    try:
        _compose(member, wanted).send()
    except Exception as error:
        # A server that is away gets the letter later, as long as what it says is not read.
        log.warning("a mail of notices could not be sent: %s", error)
        _due(entries, now + _AGAIN)
        return False
    return True


def _due(entries: list[NoticeEntry], at: object) -> None:
    NoticeEntry.objects.filter(pk__in=[each.pk for each in entries]).update(mail_at=at)


def _groups(entries: list[NoticeEntry]) -> list[Group]:
    events = Event.objects.in_bulk([each.event_id for each in entries])
    things: dict[int, tuple[Notice, list[Line]]] = {}
    by_thing: dict[int, list[Line]] = defaultdict(list)
    for each in entries:
        event = events.get(each.event_id)
        if event is not None:
            by_thing[each.notice_id].append(
                Line(rules.words_of(event), str(Reason(each.reason).label))
            )
            things[each.notice_id] = (each.notice, by_thing[each.notice_id])
    return [
        Group(notice.label, settings.ADDRESS + notice.path, lines)
        for notice, lines in things.values()
    ]


def _compose(member: Member, entries: list[NoticeEntry]) -> EmailMultiAlternatives:
    with translation.override(member.user.language or settings.LANGUAGE_CODE):
        return _composed(member, entries)


def _composed(member: Member, entries: list[NoticeEntry]) -> EmailMultiAlternatives:
    groups = _groups(entries[:MOST_LINES])
    base = settings.ADDRESS
    slug = member.workspace.slug
    unsubscribe = base + reverse("notices-mail:unsubscribe", args=[token_of(member)])
    values = {
        "member": member,
        "workspace": member.workspace,
        "groups": groups,
        "left": max(0, len(entries) - MOST_LINES),
        "inbox": base + reverse("notices:inbox", kwargs={"workspace": slug}),
        "settings_address": base + reverse("notices:settings", kwargs={"workspace": slug}),
        "unsubscribe": unsubscribe,
    }
    if len(groups) == 1:
        subject = groups[0].label
    else:
        subject = _("%(number)s things in %(name)s") % {
            "number": len(groups),
            "name": member.workspace.name,
        }
    letter = EmailMultiAlternatives(
        subject=" ".join(subject.split())[:180],
        body=render_to_string("notices/mail_text.jinja", values),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[member.user.email],
        headers={
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    letter.attach_alternative(render_to_string("notices/mail.jinja", values), "text/html")
    return letter
