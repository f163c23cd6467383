"""GitLab's issues as its REST API gives them: lists, joined pages, lines; with notes and state events where added."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.pieces import pieces
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
from tandem_engine.words import said

from . import vocabulary
from .github import kind_of_label

_GIVEN_UP = ("wontfix", "won't fix", "invalid", "duplicate", "not planned")
_TYPES = {"incident": "bug", "requirement": "requirement", "epic": "epic"}
_LINKS = {"blocks": "blocks", "is_blocked_by": "blocked_by", "relates_to": "relates"}


@dataclass(slots=True)
class GitLabIssues(Survey):
    """What there is to say of the file."""

    encoding_warning: RowWarning | None = None


class GitLabAdapter(Adapter):
    """Open and closed issues with weights, labels (scoped ones too), people, milestones, and why they were closed."""

    name: ClassVar[str] = "gitlab"
    title: ClassVar[str] = "GitLab issues"
    description: ClassVar[str] = N_("Issues as JSON from GitLab's REST API.")
    extensions = (".json", ".jsonl", ".ndjson")

    def accepts(self, head: bytes, filename: str) -> float:
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] not in (b"[", b"{"):
            return 0.0
        return 0.92 if b'"iid"' in text and b'"title"' in text and b'"state"' in text else 0.0

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> GitLabIssues:
        mapping.validate(columns=(), kinds=vocabulary.KINDS)
        issues = GitLabIssues(mapping=mapping.over(Mapping(time_zone="UTC")))
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            issues.encoding_warning = RowWarning(warning.line, warning.warning)
        holds_anything = holds_issues = False
        for entry, _ in pieces(source, encoding=mapping.encoding):
            holds_anything = True
            holds_issues = holds_issues or (isinstance(entry, dict) and "iid" in entry)
        if holds_anything and not holds_issues:
            raise ImportRefused(
                said("This holds no GitLab issues: no objects with “iid” and “title”.")
            )
        return issues

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, GitLabIssues)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        found = pieces(source, encoding=survey.mapping.encoding)
        for position, (issue, _) in enumerate(found, 1):
            if not isinstance(issue, dict):
                yield Refusal(
                    position, said("the entry is not an issue (an object with iid and title)")
                )
            elif not (number := text_of(issue.get("iid"))):
                yield Refusal(position, said("the issue has no iid"))
            else:
                dates.line = position
                yield _record(issue, number, position, survey.mapping, dates)
                yield from dates.problems.take()
        yield from dates.problems.rest()


def _record(
    issue: dict[str, Any], number: str, position: int, mapping: Mapping, dates: Moments
) -> Record:
    labels = tuple(dict.fromkeys(name for each in _list(issue, "labels") if (name := _label(each))))
    types = text_of(issue.get("issue_type")).lower()
    kind_name = next(
        (name for name in labels if name in mapping.kinds or kind_of_label(name)), ""
    ) or (types if types in _TYPES else "")
    status = _status(issue)
    rule = mapping.statuses.get(status)
    category = _category(status, labels, rule.category if rule else "")
    people = [name for each in _list(issue, "assignees") if (name := _person(each))]
    people = people or [name for name in [_person(issue.get("assignee"))] if name]
    changes = tuple(_changes(issue, dates))
    closed = dates.of(issue, "closed_at")
    return Record(
        line=position,
        ref=ref_of(issue, number),
        title=" ".join(text_of(issue.get("title")).split()),
        aliases=(
            f"#{number}",
            number,
            *((text_of(issue["id"]),) if text_of(issue.get("id")) else ()),
        ),
        description=text_of(issue.get("description")).replace("\r\n", "\n").strip(),
        kind=mapping.kinds.get(kind_name)
        or kind_of_label(kind_name)
        or _TYPES.get(types, vocabulary.USUAL_KIND),
        kind_name=kind_name,
        status=(rule.name if rule else "") or status,
        status_name=status,
        category=category,
        labels=labels,
        assignee=people[0] if people else "",
        reporter=_person(issue.get("author")),
        created=dates.of(issue, "created_at"),
        updated=dates.of(issue, "updated_at"),
        finished=closed if category in ("done", "dropped") else None,
        due=due.date() if (due := dates.of(issue, "due_date")) else None,
        estimate=_weight(issue.get("weight")),
        links=tuple(_links(issue)),
        comments=tuple(
            Comment(_person(note.get("author")), dates.of(note, "created_at"), text)
            for note in objects(issue.get("notes"))
            if note.get("system") is not True and (text := text_of(note.get("body")).strip())
        ),
        url=first_text([issue.get("web_url")]),
        changes=changes,
        extra=_extra(issue, people),
    )


def ref_of(issue: dict[str, Any], number: str) -> str:
    """``group/project#7``: the same whether the issue came in a file or over a connection."""
    references = issue.get("references")
    full = text_of(references.get("full")).strip() if isinstance(references, dict) else ""
    project = text_of(issue.get("project_id"))
    return full or f"{project}#{number}"


def _status(issue: dict[str, Any]) -> str:
    """``opened``, ``closed``, or why it is closed where GitLab says."""
    state = text_of(issue.get("state")).strip().lower() or "opened"
    links = issue.get("_links")
    twin = isinstance(links, dict) and text_of(links.get("closed_as_duplicate_of"))
    if state == "closed" and (twin or text_of(issue.get("moved_to_id"))):
        return "closed: duplicate" if twin else "closed: moved"
    return state


def _category(status: str, labels: tuple[str, ...], mapped: str) -> str:
    found = mapped or {"opened": "open", "closed": "done"}.get(
        status, "dropped" if ":" in status else "open"
    )
    given_up = any(label.casefold().rsplit("::")[-1] in _GIVEN_UP for label in labels)
    return "dropped" if given_up and found == "done" else found


def _changes(issue: dict[str, Any], dates: Moments) -> Iterator[Change]:
    state = "opened"
    events = objects(issue.get("resource_state_events"))
    for event in sorted(events, key=lambda each: text_of(each.get("created_at"))):
        at, became = dates.of(event, "created_at"), text_of(event.get("state"))
        became = "opened" if became == "reopened" else became
        if at is not None and became:
            category = {"closed": "done", "opened": "open"}.get(became, "")
            yield Change(at, _person(event.get("user")), "status", state, became, category)
            state = became


def _links(issue: dict[str, Any]) -> Iterator[Link]:
    for other in objects(issue.get("issue_links")):
        number = text_of(other.get("iid"))
        kind = _LINKS.get(text_of(other.get("link_type")), "relates")
        if number:
            yield Link(kind, ref_of(other, number))
    links = issue.get("_links")
    url = text_of(links.get("closed_as_duplicate_of")) if isinstance(links, dict) else ""
    project, _, number = url.rpartition("/issues/")
    if number.isdigit() and project.endswith(f"/{text_of(issue.get('project_id'))}"):
        yield Link("duplicates", number)


def _extra(issue: dict[str, Any], people: list[str]) -> dict[str, Extra]:
    extra: dict[str, Extra] = {}
    if len(people) > 1:
        extra["Assignees"] = tuple(people)
    for name, key in (("Milestone", "milestone"), ("Epic", "epic"), ("Iteration", "iteration")):
        value = issue.get(key)
        if isinstance(value, dict) and (text := first_text([value.get("title")])):
            extra[name] = text
    severity = text_of(issue.get("severity"))
    if severity and severity != "UNKNOWN":
        extra["Severity"] = severity
    if issue.get("confidential") is True:
        extra["Confidential"] = "yes"
    stats = issue.get("time_stats")
    seconds = stats.get("time_estimate") if isinstance(stats, dict) else None
    if isinstance(seconds, int) and 0 < seconds < 10**9:
        extra["Time estimate"] = f"{seconds / 3600:g} h"
    return extra


def _weight(value: Any) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 10**9
    return float(value) if usable else None


def _person(value: Any) -> str:
    return first_text([value.get("name"), value.get("username")]) if isinstance(value, dict) else ""


def _label(value: Any) -> str:
    return first_text([value.get("name")]) if isinstance(value, dict) else text_of(value).strip()


def _list(issue: dict[str, Any], key: str) -> list[Any]:
    value = issue.get(key)
    return value if isinstance(value, list) else []
