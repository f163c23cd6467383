"""What the inbox shows, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from tandem.accounts.models import Member
from tandem.core.models import Event
from tandem.core.paging import keyset
from tandem.notices import rules
from tandem.notices.models import Notice, NoticeEntry, NoticeSetting, Reason

PAGE = 50
#: The newest of what is behind each line.
LINES = 3
#: Counted so far for the number beside the bell.
MOST = 99


@dataclass(frozen=True)
class Happened:
    event: Event
    words: rules.Words
    reason: str


@dataclass(frozen=True)
class Shown:
    notice: Notice
    lines: list[Happened]
    more: int

    @property
    def reason(self) -> str:
        return str(Reason(self.notice.reason).label)


@dataclass(frozen=True)
class Inbox:
    rows: list[Shown]
    next_cursor: str | None


def setting_of(member: Member) -> NoticeSetting:
    found = NoticeSetting.objects.filter(member=member).first() or NoticeSetting(member=member)
    found.member = member
    return found


def unread_count(member: Member) -> int:
    return len(Notice.objects.of(member).unread().values_list("pk")[: MOST + 1])


def inbox(member: Member, *, unread: bool, after: str | None = None, limit: int = PAGE) -> Inbox:
    """One page, newest first: the things, and the last that happened to each."""
    rows = Notice.objects.of(member)
    if unread:
        rows = rows.unread()
    else:
        shown = NoticeEntry.objects.filter(notice=OuterRef("pk"), in_inbox=True)
        rows = rows.filter(Exists(shown))
    page = keyset(rows.select_related("product"), ["-at", "-pk"], after=after, limit=limit)
    return Inbox(_shown(list(page.rows)), page.next_cursor)


def _shown(notices: list[Notice]) -> list[Shown]:
    entries = NoticeEntry.objects.filter(notice__in=notices, in_inbox=True).order_by("-event_id")
    by_notice: dict[int, list[NoticeEntry]] = defaultdict(list)
    counts: dict[int, int] = defaultdict(int)
    for entry in entries[: 50 * PAGE]:
        counts[entry.notice_id] += 1
        if len(by_notice[entry.notice_id]) < LINES:
            by_notice[entry.notice_id].append(entry)
    numbers = [each.event_id for some in by_notice.values() for each in some]
    events = Event.objects.in_bulk(numbers)
    found = []
    for notice in notices:
        lines = [
            Happened(event, rules.words_of(event), str(Reason(entry.reason).label))
            for entry in by_notice[notice.pk]
            if (event := events.get(entry.event_id)) is not None
        ]
        found.append(Shown(notice, lines, max(0, counts[notice.pk] - len(lines))))
    return found
