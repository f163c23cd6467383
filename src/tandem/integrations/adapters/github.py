"""GitHub issues as JSON: the REST API's lists, ``gh issue list --json``, and archives with ``issues`` and ``pulls``.

Issues are rows. Pull requests are not: GitHub's lists mix them in, so they are left out and counted in one warning.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.utils.translation import gettext_noop as N_

from tandem.core.importing.adapter import Adapter, Survey
from tandem.core.importing.dates import DateReader
from tandem.core.importing.documents import Moments, first_text, load_documents, objects, text_of
from tandem.core.importing.errors import ImportRefused
from tandem.core.importing.mapping import Mapping
from tandem.core.importing.record import Comment, Entry, Extra, Record, Refusal, RowWarning
from tandem.core.importing.source import Source
from tandem_engine.words import counted, figure, said

from . import vocabulary

_REPOSITORY = re.compile(
    r"(?:https?://)?(?:api\.)?[\w.-]+/(?:repos/)?([\w.-]+/[\w.-]+)(?:/(?:issues|pull)/\d+)?/?$"
)
_GIVEN_UP = ("wontfix", "won't fix", "invalid", "duplicate", "not planned")


@dataclass(slots=True)
class _Issues(Survey):
    """The file's entries in order, each with the repository it is from when the file says so."""

    found: list[tuple[Any, str]] = field(default_factory=list)
    pulls: int = 0
    encoding_warning: RowWarning | None = None


class GitHubAdapter(Adapter):
    """Open and closed issues with labels, people, comments where the export has them, and the reason for closing."""

    name: ClassVar[str] = "github"
    title: ClassVar[str] = "GitHub issues"
    description: ClassVar[str] = N_(
        "Issues as JSON: from the REST API, from gh issue list, or a repository archive."
    )
    extensions = (".json", ".jsonl", ".ndjson")

    def accepts(self, head: bytes, filename: str) -> float:
        text = head.lstrip(b"\xef\xbb\xbf \t\r\n")
        if text[:1] not in (b"[", b"{"):
            return 0.0
        if b'"repo"' in text and b'"issues"' in text and b'"number"' in text:
            return 0.9
        sure = (
            b'"number"' in text and b'"title"' in text and (b'"state"' in text or b'"body"' in text)
        )
        return 0.8 if sure else (0.2 if text[:1] == b"[" else 0.0)

    def survey(self, source: Source, mapping: Mapping, *, full: bool) -> _Issues:
        mapping.validate(columns=(), kinds=vocabulary.KINDS)
        issues = _Issues(mapping=mapping.over(Mapping(time_zone="UTC")))
        warning = source.encoding(mapping.encoding)
        if warning.warning:
            issues.encoding_warning = RowWarning(warning.line, warning.warning)
        for document in load_documents(source, encoding=mapping.encoding):
            _gather(document, "", issues)
        if not issues.found and not issues.pulls and not _is_empty_list(source, mapping):
            raise ImportRefused(
                said("This holds no GitHub issues: no list of objects with “number” and “title”.")
            )
        return issues

    def entries(self, source: Source, survey: Survey) -> Iterator[Entry]:
        assert isinstance(survey, _Issues)
        if survey.encoding_warning:
            yield survey.encoding_warning
        dates = Moments(DateReader("ymd", survey.mapping.time_zone or "UTC"))
        for position, (issue, repository) in enumerate(survey.found, 1):
            if not isinstance(issue, dict):
                yield Refusal(
                    position, said("the entry is not an issue (an object with number and title)")
                )
            elif not (number := text_of(issue.get("number"))):
                yield Refusal(position, said("the issue has no number"))
            else:
                dates.line = position
                record = _record(issue, number, repository, position, survey.mapping, dates)
                yield from dates.problems.take()
                yield record
        yield from dates.problems.rest()
        if survey.pulls:
            yield RowWarning(
                None,
                counted(
                    "Left out: 1 pull request. Only issues are imported.",
                    "Left out: %(number)s pull requests. Only issues are imported.",
                    count=survey.pulls,
                    number=figure(survey.pulls, ","),
                ),
            )


def _gather(document: Any, repository: str, issues: _Issues) -> None:
    """Collect entries from a list, a list of pages, one issue, or an archive; pull requests are counted only."""
    if isinstance(document, list):
        for entry in document:
            if isinstance(entry, list):
                _gather(entry, repository, issues)
            elif isinstance(entry, dict) and _is_pull(entry):
                issues.pulls += 1
            else:
                issues.found.append((entry, repository))
    elif isinstance(document, dict):
        if isinstance(document.get("issues"), list):
            repository = text_of(document.get("repo")) or repository
            issues.pulls += sum(1 for _ in objects(document.get("pulls")))
            _gather(document["issues"], repository, issues)
        elif isinstance(document.get("items"), list):  # the search API's answer
            _gather(document["items"], repository, issues)
        elif "number" in document and "title" in document:
            _gather([document], repository, issues)


def _is_pull(entry: dict[str, Any]) -> bool:
    if isinstance(entry.get("pull_request"), dict) or "mergedAt" in entry or "merged_at" in entry:
        return True
    return "/pull/" in first_text([entry.get("html_url"), entry.get("url")])


def _is_empty_list(source: Source, mapping: Mapping) -> bool:
    return all(document == [] for document in load_documents(source, encoding=mapping.encoding))


def _record(
    issue: dict[str, Any],
    number: str,
    repository: str,
    position: int,
    mapping: Mapping,
    dates: Moments,
) -> Record:
    repository = repository or _repository(issue)
    labels = tuple(
        dict.fromkeys(name for label in _list(issue, "labels") if (name := _name(label)))
    )
    type_name = _name(issue.get("type"))
    kind_name = type_name or next(
        (name for name in labels if name in mapping.kinds or kind_of_label(name)), ""
    )
    status = _status(issue)
    rule = mapping.statuses.get(status)
    category = _category(status, labels, rule.category if rule else "")
    people = [name for person in _list(issue, "assignees") if (name := _name(person))]
    people = people or [name for name in [_name(issue.get("assignee"))] if name]
    closed = dates.of(issue, "closed_at", "closedAt")
    extra: dict[str, Extra] = {}
    if len(people) > 1:
        extra["Assignees"] = tuple(people)
    if milestone := _name(issue.get("milestone")):
        extra["Milestone"] = milestone
    reactions = issue.get("reactions")
    if isinstance(reactions, dict) and (count := text_of(reactions.get("total_count"))) not in (
        "",
        "0",
    ):
        extra["Reactions"] = count
    return Record(
        line=position,
        ref=f"{repository}#{number}",
        title=" ".join(text_of(issue.get("title")).split()),
        aliases=(f"#{number}", number) if repository else (number,),
        description=text_of(issue.get("body")).replace("\r\n", "\n").strip(),
        kind=mapping.kinds.get(kind_name)
        or (kind_of_label(kind_name) if kind_name else None)
        or vocabulary.USUAL_KIND,
        kind_name=kind_name,
        status=(rule.name if rule else "") or status,
        status_name=status,
        category=category,
        labels=labels,
        assignee=people[0] if people else "",
        reporter=_name(issue.get("user")) or _name(issue.get("author")),
        created=dates.of(issue, "created_at", "createdAt"),
        updated=dates.of(issue, "updated_at", "updatedAt"),
        finished=closed if category in ("done", "dropped") else None,
        parent_ref=_parent(issue),
        comments=tuple(
            Comment(
                _name(comment.get("author")) or _name(comment.get("user")),
                dates.of(comment, "createdAt", "created_at"),
                text,
            )
            for comment in objects(issue.get("comments"))
            if (text := text_of(comment.get("body")).replace("\r\n", "\n").strip())
        ),
        url=_page(issue),
        extra=extra,
    )


def _status(issue: dict[str, Any]) -> str:
    """``open``, ``closed``, or ``closed: not planned`` where GitHub gives a reason that is not completion."""
    state = text_of(issue.get("state")).strip().lower() or "open"
    reason = (
        first_text([issue.get("state_reason"), issue.get("stateReason")]).lower().replace("_", " ")
    )
    return (
        f"{state}: {reason}"
        if state == "closed" and reason not in ("", "completed", "reopened")
        else state
    )


def _category(status: str, labels: tuple[str, ...], mapped: str) -> str:
    """``mapped`` is what a person said the status means; a label that gives the issue up still makes done dropped."""
    found = mapped or {"open": "open", "closed": "done"}.get(status, "dropped")
    given_up = any(label.casefold() in _GIVEN_UP for label in labels)
    return "dropped" if given_up and found == "done" else found


def kind_of_label(name: str) -> str | None:
    """The kind a label means: ``bug``, ``type: bug``, ``kind/bug``, ``type::bug``; None for any other."""
    kind = vocabulary.known_kind(name.rsplit(":", maxsplit=1)[-1].rsplit("/", maxsplit=1)[-1])
    return None if kind == vocabulary.USUAL_KIND else kind


def _parent(issue: dict[str, Any]) -> str:
    url = text_of(issue.get("parent_issue_url")).strip()[:500]
    match = re.search(r"([\w.-]+/[\w.-]+)/issues/(\d+)$", url)
    return f"{match[1]}#{match[2]}" if match else ""


def _repository(issue: dict[str, Any]) -> str:
    for key in ("repository_url", "html_url", "url"):
        if match := _REPOSITORY.match(text_of(issue.get(key)).strip()):
            return match[1]
    return ""


def _page(issue: dict[str, Any]) -> str:
    return first_text([issue.get("html_url"), issue.get("url")])


def _name(value: Any) -> str:
    if isinstance(value, dict):
        return first_text([value.get("login"), value.get("name"), value.get("title")])
    return value.strip() if isinstance(value, str) else ""


def _list(issue: dict[str, Any], key: str) -> list[Any]:
    value = issue.get(key)
    return value if isinstance(value, list) else []
