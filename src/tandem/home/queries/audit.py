"""The audit log: every event of a workspace, filtered, newest first, in pages or as a stream."""

import csv
import datetime
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from tandem.accounts.models import Member
from tandem.accounts.permissions import require
from tandem.backlog.history import changes_of, label_of, own_names, sentence_of
from tandem.core.channel import CHANNELS
from tandem.core.errors import Refused
from tandem.core.events import told
from tandem.core.models import Event
from tandem.integrations.archive.export import defused
from tandem.integrations.sheets.sheet import Sheet, batched
from tandem.ui.phrases import offered

LONGEST_SEARCH = 200
HEAD = ("id", "at", "who", "channel", "verb", "kind", "about", "sentence", "changes")

#: How the page names the channels and the kinds of things; both are data, and stay so elsewhere.
WORDS = {
    "page": N_("page"), "api": N_("api"), "cli": N_("cli"), "import": N_("import"),
    "job": N_("job"), "sample": N_("sample"), "connection": N_("connection"),
    "apitoken": N_("token"), "approval": N_("approval"), "archiverun": N_("archive"), "attachment": N_("attachment"),
    "challenge": N_("challenge"), "comment": N_("comment"), "criterion": N_("criterion"),
    "customfield": N_("field"), "feed": N_("feed"), "forecast": N_("forecast"), "frontier": N_("efficient frontier"),
    "importrun": N_("import"), "invitation": N_("invitation"), "item": N_("item"), "itemtemplate": N_("item template"),
    "member": N_("member"), "parkingrule": N_("parking rule"), "plan": N_("plan"), "product": N_("product"),
    "question": N_("question"), "rating": N_("rating"), "ratingsession": N_("rating session"),
    "rule": N_("rule"), "savedview": N_("view"), "scenario": N_("scenario"),
    "scoringmodel": N_("scoring model"), "sprint": N_("sprint"), "status": N_("status"), "team": N_("team"),
    "transitionrule": N_("rule for moving items"), "webhook": N_("webhook"), "workspace": N_("workspace"),
}  # fmt: skip


def worded(name: str) -> str:
    return _(WORDS[name]) if name in WORDS else name


def _day(name: str, text: str) -> datetime.date | None:
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise Refused(
            _("%(field)s: write a day like 2026-11-24.") % {"field": name}, field=name
        ) from None


@dataclass(frozen=True)
class AuditFilter:
    """Which events: read from an address, written back into one."""

    q: str = ""
    who: int | None = None
    kind: str = ""
    channel: str = ""
    since: datetime.date | None = None
    until: datetime.date | None = None

    @classmethod
    def from_query(cls, query: Mapping[str, str], member: Member) -> "AuditFilter":
        """``?q=&who=&kind=&channel=&since=&until=``; refuses what it does not know."""
        q = " ".join(query.get("q", "").replace("\x00", "").split())
        if len(q) > LONGEST_SEARCH:
            raise Refused(
                _("q: at most %(most)s characters.") % {"most": LONGEST_SEARCH}, field="q"
            )
        channel = query.get("channel", "")
        if channel and channel not in CHANNELS:
            raise Refused(
                _("channel: one of %(names)s.")
                % {"names": offered({each: worded(each) for each in CHANNELS})},
                field="channel",
            )
        kind = query.get("kind", "")
        if not (kind.isascii() and kind.isidentifier()) and kind:
            raise Refused(_("kind: a word like item or member."), field="kind")
        return cls(
            q=q,
            who=_who(query.get("who", ""), member),
            kind=kind,
            channel=channel,
            since=_day("since", query.get("since", "")),
            until=_day("until", query.get("until", "")),
        )

    def apply(self, member: Member) -> QuerySet[Event]:
        """The workspace's events that fit; not ordered. ``until`` is the last day included."""
        rows = Event.objects.in_workspace(member.workspace_id)
        if self.who is not None:
            rows = rows.filter(member_id=self.who)
        if self.kind:
            rows = rows.filter(object_kind=self.kind)
        if self.channel:
            rows = rows.filter(channel=self.channel)
        zone = member.workspace.zone
        if self.since:
            rows = rows.filter(at__gte=datetime.datetime.combine(self.since, datetime.time(), zone))
        if self.until and self.until < datetime.date.max:
            after = self.until + datetime.timedelta(days=1)
            rows = rows.filter(at__lt=datetime.datetime.combine(after, datetime.time(), zone))
        for word in self.q.split():
            rows = rows.filter(Q(object_label__holds=word) | Q(verb__icontains=word))
        return rows

    def as_query(self) -> str:
        pairs = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return urlencode({name: str(value) for name, value in pairs.items() if value})


def _who(text: str, member: Member) -> int | None:
    if not text:
        return None
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0
    if not Member.objects.visible_to(member).filter(pk=number).exists():
        raise Refused(_("who: that is nobody in this workspace."), field="who")
    return number


@dataclass(frozen=True)
class Line:
    """An event as the log tells it. ``changes``: ``title: Old → New``, one a field; ``title: New`` where none was."""

    event: Event
    label: str
    sentence: str
    changes: tuple[str, ...]

    @classmethod
    def of(cls, event: Event, own: Mapping[str, str] = MappingProxyType({})) -> "Line":
        # What was not there before needs no word for that.
        shown = tuple(
            f"{c.name}: {c.after}" if c.is_new else f"{c.name}: {c.before} → {c.after}"
            for c in changes_of(event, own=own)
        )
        return cls(event, label_of(event), sentence_of(event, own), shown)

    @classmethod
    def of_all(cls, events: Sequence[Event]) -> list["Line"]:
        """A page of them, with the names that own fields and criteria have."""
        own = own_names(events)
        return [cls.of(event, own.get(event.pk, {})) for event in events]

    def values(self) -> dict[str, Any]:
        event = self.event
        return {
            "id": event.pk,
            "at": event.at.isoformat(),
            "who": event.member_name,
            "channel": event.channel,
            "verb": event.verb,
            "kind": event.object_kind,
            "about": self.label,
            "sentence": self.sentence,
            "changes": told(event),
        }


def _lines(rows: QuerySet[Event]) -> Iterator[Line]:
    for events in batched(rows.order_by("-id").iterator(chunk_size=1000)):
        yield from Line.of_all(events)


def as_csv(rows: QuerySet[Event]) -> Iterator[str]:
    """Line by line, so that a million rows are never in memory at once."""
    yield ",".join(HEAD) + "\r\n"
    for line in _lines(rows):
        buffer = io.StringIO()
        values = line.values() | {"changes": "; ".join(line.changes)}
        csv.writer(buffer).writerow([defused(values[name]) for name in HEAD])
        yield buffer.getvalue()


def sheet(member: Member, query: QueryDict) -> Sheet:
    """The filtered log, for the lists that come out as CSV and XLSX."""
    require(member, "audit.view")
    found = AuditFilter.from_query({n: str(query[n]) for n in query}, member).apply(member)

    def cells() -> Iterator[list[Any]]:
        for line in _lines(found):
            values = line.values() | {"at": line.event.at, "changes": "; ".join(line.changes)}
            yield [values[name] for name in HEAD]

    return Sheet(list(HEAD), cells())


def as_json_lines(rows: QuerySet[Event]) -> Iterator[str]:
    for line in _lines(rows):
        yield json.dumps(line.values(), ensure_ascii=False) + "\n"
