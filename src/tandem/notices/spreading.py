"""From events to notices. Inside the operation's transaction only one job is written; the job may
run twice and tells once."""

import contextlib
import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from django.conf import settings
from django.db import connections, transaction
from django.db.models import F

from tandem.accounts.models import Member
from tandem.core import live
from tandem.core.models import Event
from tandem.notices import rules, timing
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting, Way
from tandem.notices.models.notice import STRENGTH

_AT_ONCE = 500
log = logging.getLogger(__name__)
_aside = ThreadPoolExecutor(max_workers=1, thread_name_prefix="notices")


def announce(events: Sequence[Event]) -> None:
    """Follow ``core.events``: one job for the events that may tell somebody. What was imported or
    made as a sample happened elsewhere, or never: nobody is told."""
    from tandem.notices.tasks import notices_spread

    by_workspace: dict[int, list[int]] = defaultdict(list)
    for event in events:
        if event.channel not in ("import", "sample") and rules.concerns(event):
            by_workspace[event.workspace_id].append(event.pk)
    for workspace_id, numbers in by_workspace.items():
        for start in range(0, len(numbers), _AT_ONCE):
            part = numbers[start : start + _AT_ONCE]
            notices_spread.of(workspace_id).enqueue(part)
            transaction.on_commit(partial(_soon, part))


def _soon(numbers: Sequence[int]) -> None:
    """Tell now, aside: the worker may be solving a plan for a minute. Its job comes later, finds
    everybody told, and sees to it when this process dies before it has."""
    if settings.TASKS["default"]["OPTIONS"].get("inline"):
        return
    with contextlib.suppress(RuntimeError):  # the process is about to end
        _aside.submit(_spread_aside, numbers)


def _spread_aside(numbers: Sequence[int]) -> None:
    try:
        spread(numbers)
    except Exception:
        log.exception("could not tell of events at once; the job will")
    finally:
        for each in connections.all(initialized_only=True):
            each.close()


def spread(numbers: Sequence[int]) -> int:
    """Tell everybody concerned of these events; returns how many were told of something."""
    told: dict[int, set[int]] = defaultdict(set)
    for event in Event.objects.filter(pk__in=numbers).order_by("pk"):
        with transaction.atomic():
            rules.prepare(event)
            for member in _tell(event):
                told[member.pk].add(event.pk)
    for member_id in told:
        live.pulse("notice", member_id=member_id)
    return len(told)


def _tell(event: Event) -> list[Member]:
    reasons = rules.told_by(event)
    kind = rules.kind_of(event)
    if not reasons or kind is None:
        return []
    subject = kind.subjects([event.object_id]).get(event.object_id)
    if subject is None:
        return []
    people = Member.objects.active().filter(workspace_id=event.workspace_id, pk__in=list(reasons))
    found = []
    for member, setting in settings_of(people.select_related("user", "workspace")):
        reason = reasons[member.pk]
        inbox, mail = setting.wants(reason, Way.INBOX), setting.wants(reason, Way.MAIL)
        if not inbox and not mail:
            continue
        notice, _ = Notice.objects.get_or_create(
            member=member,
            subject_kind=event.object_kind,
            subject_id=event.object_id,
            defaults={
                "label": subject.label[:320],
                "path": subject.path,
                "product_id": subject.product_id,
                "reason": reason,
                "at": event.at,
            },
        )
        mail_at = timing.mail_due(setting, event.at) if mail else None
        _, fresh = NoticeEntry.objects.get_or_create(
            notice=notice,
            event_id=event.pk,
            defaults={"reason": reason, "at": event.at, "in_inbox": inbox, "mail_at": mail_at},
        )
        if fresh and inbox:
            _lift(notice, subject, str(reason), event)
        if fresh:
            found.append(member)
    return found


def _lift(notice: Notice, subject: rules.Subject, reason: str, event: Event) -> None:
    strongest = reason
    if notice.unread and STRENGTH[notice.reason] < STRENGTH[reason]:
        strongest = notice.reason
    Notice.objects.filter(pk=notice.pk).update(
        unread=F("unread") + 1,
        reason=strongest,
        label=subject.label[:320],
        path=subject.path,
        at=event.at,
    )


def settings_of(people: Iterable[Member]) -> list[tuple[Member, NoticeSetting]]:
    """Each member with what they set, or the defaults."""
    members = list(people)
    known = NoticeSetting.objects.in_bulk([member.pk for member in members], field_name="member_id")
    found = []
    for member in members:
        setting = known.get(member.pk) or NoticeSetting(member=member)
        setting.member = member
        found.append((member, setting))
    return found
