"""Jira's REST API as JSON: search answers, lists and lines of issues, with their changelogs when they were asked for."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.pieces import ALONE, AROUND, Piece, pieces
from tandem.core.importing.record import (
    Change,
    Comment,
    Entry,
    Extra,
    Link,
    Record,
    Refusal,
    RowWarning,
)
from tandem.core.importing.source import Source
from tandem.core.importing.words import plain
from tandem_engine.words import counted, figure, phrase, said

from . import vocabulary
from .adf_text import adf_to_markdown
from .jira_fields import (
    ISSUE_KEY,
    CustomFields,
    inner,
    is_clutter,
    is_number,
    list_of,
    person,
    simple_text,
    unambiguous,
)
from .wiki import to_markdown

#: What a changelog tells that says nothing about the work.
_NOISE = {
    "workflow",
    "rank",
    "remoteissuelink",
    "worklogid",
    "timespent",
    "timeestimate",
    "epic child",
    "issueparentassociation",
}
_FIELD_NAMES = {
    "summary": "title",
    "issuetype": "type",
    "duedate": "due day",
    "timeoriginalestimate": "original estimate",
}


@dataclass(slots=True)
class JiraAnswers(Survey):
    """The names of custom fields, and what each status means where one issue says so."""

    names: dict[str, str] = field(default_factory=dict)
    categories: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    encoding_warning: RowWarning | None = None


class JiraJsonAdapter(Adapter):
    """Issues with people, links, comments and the whole history that came with them."""

    name: ClassVar[str] = "jira-json"
    title: ClassVar[str] = "Jira REST JSON"
    description: ClassVar[str] = N_(
        "Answers of Jira's API, best with expand=changelog,names: history comes along."
    )
    extensions = (".json", ".jsonl", ".ndjson")

    def accepts(self, head: bytes, filename: str) -> float:
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] not in (b"[", b"{"):
            return 0.0
        sure = b'"key"' in text and b'"fields"' in text and b'"self"' in text
        return 0.93 if sure or (b'"issues"' in text and b'"fields"' in text) else 0.0

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> JiraAnswers:
        mapping.validate(kinds=vocabulary.KINDS)
        found = JiraAnswers(mapping=mapping)
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            found.encoding_warning = RowWarning(warning.line, warning.warning)
        answered = False
        customs = CustomFields()
        for value, place in _issues(source, mapping):
            answered = True
            if isinstance(value, dict):
                if isinstance(names := value.get("names"), dict):
                    found.names |= {text_of(key): text_of(n).strip() for key, n in names.items()}
                if place != AROUND:
                    customs.see(value)
                    status = inner(value, "fields", "status")
                    key = text_of(inner(status, "statusCategory").get("key"))
                    if means := vocabulary.category_name(key):
                        found.categories.setdefault(first_text([status.get("name")]), means)
        if not answered:
            raise ImportRefused(
                said("This holds no Jira issues: no objects with “key” and “fields”.")
            )
        found.names = unambiguous(found.names)
        columns = customs.columns(found.names)
        mapping.validate(columns=[column.name for column in columns])
        suggested = {column.name: column.fields for column in columns}
        found.mapping = mapping.over(Mapping(columns=suggested, time_zone="UTC"))
        found.columns = tuple(columns) if full else ()
        return found

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, JiraAnswers)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        cut: Counter[str] = Counter()
        position = 0
        for issue, place in _issues(source, survey.mapping):
            if place == AROUND:
                continue
            position += 1
            if not isinstance(issue, dict) or not isinstance(issue.get("fields"), dict):
                yield Refusal(
                    position, said("the entry is not an issue (an object with key and fields)")
                )
            elif not (key := first_text([issue.get("key"), issue.get("id")])):
                yield Refusal(position, said("the issue has no key"))
            else:
                dates.line = position
                yield _Reading(issue, key, position, survey, dates).record()
                yield from dates.problems.take()
                _count_cut(issue, cut)
        yield from dates.problems.rest()
        for what, count in cut.items():
            one, many = _CUT[what]
            yield RowWarning(
                None,
                counted(one, many, count=count, number=figure(count, ",")),
            )


def _issues(source: Source, mapping: Mapping) -> Iterator[Piece]:
    """Entries of lists and answers, single issues, and what stands around the answers' issues."""
    for piece in pieces(source, encoding=mapping.encoding, lists=("issues",)):
        if piece.place != ALONE or (isinstance(piece.value, dict) and "fields" in piece.value):
            yield piece


#: What the answer left out, for one issue and for many.
_CUT = {
    "history": (
        phrase("Not all history came along: 1 issue. The API gives them on further pages."),
        phrase(
            "Not all history came along: %(number)s issues. The API gives them on further pages."
        ),
    ),
    "comments": (
        phrase("Not all comments came along: 1 issue. The API gives them on further pages."),
        phrase(
            "Not all comments came along: %(number)s issues. The API gives them on further pages."
        ),
    ),
}


def _count_cut(issue: dict[str, Any], cut: Counter[str]) -> None:
    log, talk = inner(issue, "changelog"), inner(issue, "fields", "comment")
    for what, part, rows in (("history", log, "histories"), ("comments", talk, "comments")):
        total = part.get("total")
        if isinstance(total, int) and isinstance(part.get(rows), list) and total > len(part[rows]):
            cut[what] += 1


@dataclass(slots=True)
class _Reading:
    """One issue being read."""

    issue: dict[str, Any]
    key: str
    position: int
    survey: JiraAnswers
    dates: Moments

    def record(self) -> Record:
        fields, mapping = self.issue["fields"], self.survey.mapping
        status = first_text([inner(fields, "status").get("name")])
        rule = mapping.statuses.get(status)
        kind_name = first_text([inner(fields, "issuetype").get("name")])
        category = vocabulary.combined_category(
            mapped=rule.category if rule else "",
            status=status,
            category=text_of(inner(fields, "status", "statusCategory").get("key")),
            resolution=first_text([inner(fields, "resolution").get("name")]),
            finished=bool(fields.get("resolutiondate")),
        )
        changes = self.changes()
        customs, extra = self.customs()
        parent = first_text(
            [
                inner(fields, "parent").get("key"),
                inner(fields, "epic").get("key"),
                customs.get("parent"),
            ]
        )
        return Record(
            line=self.position,
            ref=self.key,
            title=" ".join(text_of(fields.get("summary")).split()),
            aliases=tuple(a for a in [text_of(self.issue.get("id"))] if a and a != self.key),
            description=self.text(fields.get("description")),
            kind=mapping.kinds.get(kind_name) or self.kind(kind_name),
            kind_name=kind_name,
            status=(rule.name if rule else "") or status,
            status_name=status,
            category=category,
            labels=tuple(
                dict.fromkeys(
                    label
                    for raw in list_of(fields.get("labels"))
                    if (label := text_of(raw).strip())
                )
            ),
            assignee=person(fields.get("assignee")),
            reporter=person(fields.get("reporter")) or person(fields.get("creator")),
            priority=first_text([inner(fields, "priority").get("name")]),
            created=self.dates.of(fields, "created"),
            updated=self.dates.of(fields, "updated"),
            started=next((c.at for c in changes if c.category == "started"), None),
            finished=self.finished(category, changes),
            due=due.date() if (due := self.dates.of(fields, "duedate")) else None,
            estimate=self.estimate(customs.get("estimate", "")),
            parent_ref="" if parent == self.key else parent,
            links=tuple(self.links()),
            comments=tuple(self.comments()),
            rank=customs.get("rank", ""),
            url=self.url(),
            changes=changes,
            extra=self.extra() | extra,
        )

    def kind(self, name: str) -> str:
        level = inner(self.issue, "fields", "issuetype").get("hierarchyLevel")
        usual = "epic" if isinstance(level, int) and level > 0 else vocabulary.USUAL_KIND
        return vocabulary.known_kind(name) or usual

    def text(self, value: Any) -> str:
        if isinstance(value, dict):
            return adf_to_markdown(value)
        return to_markdown(text_of(value), self.survey.people)

    def changes(self) -> tuple[Change, ...]:
        found = []
        for history in objects(inner(self.issue, "changelog").get("histories")):
            at = self.dates.of(history, "created")
            if at is None:
                continue
            for item in objects(history.get("items")):
                name = text_of(item.get("field")).strip()
                if not name or name.casefold() in _NOISE:
                    continue
                before, after = (
                    first_text([item.get(word), item.get(code)])
                    for word, code in (("fromString", "from"), ("toString", "to"))
                )
                means = self.means(after) if name == "status" else ""
                shown = _FIELD_NAMES.get(name, name if name.islower() else name.lower())
                found.append(Change(at, person(history.get("author")), shown, before, after, means))
        return tuple(sorted(found, key=lambda change: change.at))

    def means(self, status: str) -> str:
        """What a status of the past meant: what a person says, its name, and what an issue in it says today."""
        rule = self.survey.mapping.statuses.get(status)
        known = self.survey.categories.get(status, "")
        return vocabulary.combined_category(
            mapped=rule.category if rule else "", status=status, category=known
        )

    def finished(self, category: str, changes: tuple[Change, ...]) -> datetime | None:
        if category not in ("done", "dropped"):
            return None
        fields = self.issue["fields"]
        if found := self.dates.of(fields, "resolutiondate"):
            return found
        into = [c for c in changes if c.field == "status"]
        for change in reversed(into):
            if change.category not in ("done", "dropped"):
                break
            found = change.at
        return found or self.dates.of(fields, "statuscategorychangedate")

    def customs(self) -> tuple[dict[str, str], dict[str, Extra]]:
        """The custom fields by what they became, and those kept as they are."""
        found: dict[str, str] = {}
        extra: dict[str, Extra] = {}
        for key, value in self.issue["fields"].items():
            if not key.startswith("customfield_") or not (text := simple_text(value)):
                continue
            name = self.survey.names.get(key) or key
            for target in self.survey.mapping.columns.get(name, ("extra",)):
                if target == "extra":
                    if name != key or not is_clutter(text):
                        extra[name] = text
                elif target != "ignore":
                    found.setdefault(target, text)
        return found, extra

    def estimate(self, text: str) -> float | None:
        if not text:
            return None
        if not is_number(text) or float(text) < 0:
            self.dates.problems.add(
                self.position, "estimate", text, said("not a number from 0; it was left empty")
            )
            return None
        return float(text)

    def links(self) -> Iterator[Link]:
        for link in objects(self.issue["fields"].get("issuelinks")):
            kind = plain(text_of(inner(link, "type").get("name")))
            for side, blocks, copies in (
                ("outwardIssue", "blocks", "duplicates"),
                ("inwardIssue", "blocked_by", "duplicated_by"),
            ):
                if ref := first_text([inner(link, side).get("key"), inner(link, side).get("id")]):
                    word = first_text([inner(link, "type").get(side.removesuffix("Issue"))])
                    yield Link(
                        blocks if "block" in kind else copies if "duplic" in kind else "relates",
                        ref,
                        word,
                    )

    def comments(self) -> Iterator[Comment]:
        for comment in objects(inner(self.issue, "fields", "comment").get("comments")):
            if text := self.text(comment.get("body")):
                yield Comment(
                    person(comment.get("author")), self.dates.of(comment, "created"), text
                )

    def url(self) -> str:
        base = text_of(self.issue.get("self")).partition("/rest/")
        return f"{base[0]}/browse/{self.key}" if base[1] and ISSUE_KEY.match(self.key) else ""

    def extra(self) -> dict[str, Extra]:
        fields = self.issue["fields"]
        found: dict[str, Extra] = {}
        for name, key in (
            ("Components", "components"),
            ("Fix versions", "fixVersions"),
            ("Sprint", "closedSprints"),
        ):
            values = [
                *objects(fields.get(key)),
                *(
                    [fields["sprint"]]
                    if name == "Sprint" and isinstance(fields.get("sprint"), dict)
                    else []
                ),
            ]
            if texts := tuple(
                text for value in values if (text := first_text([value.get("name")]))
            ):
                found[name] = texts if len(texts) > 1 else texts[0]
        if resolution := first_text([inner(fields, "resolution").get("name")]):
            found["Resolution"] = resolution
        seconds = fields.get("timeoriginalestimate")
        if isinstance(seconds, int) and 0 < seconds < 10**9:
            found["Original estimate"] = f"{seconds / 3600:g} h"
        attached = tuple(
            f"[{first_text([each.get('filename'), url]).replace('[', '(').replace(']', ')')}]({url})"
            for each in objects(fields.get("attachment"))
            if (url := text_of(each.get("content")).strip())
        )
        if attached:
            found["Attachments"] = attached
        return found
