"""From events to notices. Inside the operation's transaction only one job is written; the job may
run twice and tells once."""

import contextlib
import datetime
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections, transaction

from tandem.accounts.models import Member
from tandem.core import live
from tandem.core.models import Event
from tandem.notices import rules, timing
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting, Way
from tandem.notices.models.notice import STRENGTH

_AT_ONCE = 500
#: Told in one transaction; whoever else writes on SQLite waits for it.
_TOGETHER = 100
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
    except OperationalError as error:
        log.warning("the database is busy (%s); the job will tell of events", error)
    except Exception:
        log.exception("could not tell of events at once; the job will")
    finally:
        for each in connections.all(initialized_only=True):
            each.close()


def spread(numbers: Sequence[int]) -> int:
    """Tell everybody concerned of these events; returns how many were told of something."""
    told: set[int] = set()
    for part in _parts(Event.objects.filter(pk__in=numbers).order_by("pk")):
        with transaction.atomic():
            rules.prepare(part)
            told |= _tell(part)
    for member_id in told:
        live.pulse("notice", member_id=member_id)
    return len(told)


def _parts(events: Iterable[Event]) -> Iterator[list[Event]]:
    """In their order, no two of one thing together: what follows from the first of two (somebody
    watches from then on) decides whom the second tells."""
    part: dict[tuple[str, int], Event] = {}
    for event in events:
        thing = (event.object_kind, event.object_id)
        if thing in part or len(part) == _TOGETHER:
            yield list(part.values())
            part = {}
        part[thing] = event
    if part:
        yield list(part.values())


@dataclass(frozen=True)
class _Telling:
    """That a member is told of an event."""

    event: Event
    subject: rules.Subject
    member: Member
    reason: str
    in_inbox: bool
    mail_at: datetime.datetime | None

    @property
    def thing(self) -> tuple[int, str, int]:
        return self.member.pk, self.event.object_kind, self.event.object_id

    def notice(self) -> Notice:
        return Notice(
            member=self.member,
            subject_kind=self.event.object_kind,
            subject_id=self.event.object_id,
            label=self.subject.label[:320],
            path=self.subject.path,
            product_id=self.subject.product_id,
            reason=self.reason,
            at=self.event.at,
        )

    def entry(self, notice: Notice) -> NoticeEntry:
        return NoticeEntry(
            notice=notice,
            event_id=self.event.pk,
            reason=self.reason,
            at=self.event.at,
            in_inbox=self.in_inbox,
            mail_at=self.mail_at,
        )

    def lift(self, notice: Notice) -> None:
        if not (notice.unread and STRENGTH[notice.reason] < STRENGTH[self.reason]):
            notice.reason = self.reason
        notice.unread += 1
        notice.label, notice.path = self.subject.label[:320], self.subject.path
        notice.at = self.event.at


def _tell(events: Sequence[Event]) -> set[int]:
    """Who was told of something new by these events, no two of which are of one thing."""
    wanted = {each.thing: each for each in _tellings(events)}
    if not wanted:
        return set()
    notices = _notices(wanted)
    mine = [notice.pk for notice in notices.values()]
    told = NoticeEntry.objects.filter(notice__in=mine, event_id__in=[each.pk for each in events])
    known = set(told.values_list("notice_id", "event_id"))
    fresh = [
        (each, notices[thing])
        for thing, each in wanted.items()
        if thing in notices and (notices[thing].pk, each.event.pk) not in known
    ]
    NoticeEntry.objects.bulk_create([each.entry(notice) for each, notice in fresh])
    lifted = [(each, notice) for each, notice in fresh if each.in_inbox]
    for each, notice in lifted:
        each.lift(notice)
    Notice.objects.bulk_update(
        [notice for _, notice in lifted], ["unread", "reason", "label", "path", "at"]
    )
    return {each.member.pk for each, _ in fresh}


def _tellings(events: Sequence[Event]) -> Iterator[_Telling]:
    reasons = rules.told_by(events)
    concerned = {member_id for some in reasons.values() for member_id in some}
    if not concerned:
        return
    subjects = _subjects([event for event in events if reasons[event.pk]])
    people = Member.objects.active().filter(pk__in=concerned).select_related("user", "workspace")
    settings = {member.pk: (member, setting) for member, setting in settings_of(people)}
    for event in events:
        subject = subjects.get((event.object_kind, event.object_id))
        for member_id, reason in reasons[event.pk].items():
            member, setting = settings.get(member_id, (None, None))
            if subject is None or member is None or setting is None:
                continue
            if member.workspace_id != event.workspace_id:
                continue
            in_inbox, by_mail = setting.wants(reason, Way.INBOX), setting.wants(reason, Way.MAIL)
            if in_inbox or by_mail:
                mail_at = timing.mail_due(setting, event.at) if by_mail else None
                yield _Telling(event, subject, member, str(reason), in_inbox, mail_at)


def _subjects(events: Sequence[Event]) -> dict[tuple[str, int], rules.Subject]:
    numbers: dict[str, list[int]] = defaultdict(list)
    for event in events:
        numbers[event.object_kind].append(event.object_id)
    found = {}
    for name, some in numbers.items():
        kind = rules.kind_of(name)
        for pk, subject in kind.subjects(some).items() if kind is not None else ():
            found[name, pk] = subject
    return found


def _notices(wanted: Mapping[tuple[int, str, int], _Telling]) -> dict[Any, Notice]:
    """The notices of these things, made where there are none, kept from others until all is told:
    two that tell of the same events, each counts them once."""

    def there() -> dict[Any, Notice]:
        rows = Notice.objects.filter(
            member__in={member for member, _, _ in wanted},
            subject_kind__in={kind for _, kind, _ in wanted},
            subject_id__in={number for _, _, number in wanted},
        )
        found = {}
        # Always in the same order, so that nobody waits for somebody who waits for them.
        for row in rows.select_for_update().order_by("pk"):
            found[row.member_id, row.subject_kind, row.subject_id] = row
        return found

    known = there()
    missing = [each.notice() for thing, each in wanted.items() if thing not in known]
    if missing:
        Notice.objects.bulk_create(missing, ignore_conflicts=True)
        known = there()
    return known


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
